//! The table of faults in docs/reliability.md, row by row: what goes wrong with a disk, a run, time,
//! a source, a destination, and what dsb does then. Rows that other tests show are not repeated.

mod crash;
mod disk;
mod exfat;
mod restoring;
mod source;
mod time;

use crate::injection::injector::{self, Fault};
use crate::kit::{Mounted, Ran, Sandbox, assert_objects_are_whole, hash, object_file, temporary_files};
use rustix::process::Pid;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A disk `a` of its own on an ext4 image, `m/dsb`.
fn on_ext4(megabytes: u64) -> Option<(Sandbox, Mounted)> {
    let sandbox = Sandbox::with_disks("");
    let drive = sandbox.mount("ext4", megabytes, "m")?;
    sandbox.ok("disk add a m/dsb");
    Some((sandbox, drive))
}

/// Runs dsb and lets something happen at this call of this function below this place; none where
/// there is no injector.
fn amid(
    sandbox: &Sandbox,
    line: &str,
    (call, below): (&'static str, &'static str),
    at: u64,
    happens: impl FnOnce(Pid),
) -> Option<Ran> {
    injector::is_there().then(|| injector::interrupted(sandbox, line, Fault::stop(call, below), at, happens))
}

/// Takes all room of a file system with a file of somebody else's.
fn fill(point: &Path) -> PathBuf {
    let path = point.join("other");
    let mut file = File::create(&path).unwrap();
    for size in [1 << 20, 4_096, 1] {
        while file.write_all(&vec![1; size]).and_then(|()| file.sync_data()).is_ok() {}
    }
    path
}

/// Every claim of the catalog is true of the disk in this place.
#[track_caller]
fn claims_are_true(sandbox: &Sandbox, disk: &Path) {
    let catalog = rusqlite::Connection::open(sandbox.catalog()).unwrap();
    let mut statement = catalog.prepare("SELECT lower(hex(hash)) FROM copy JOIN object ON id = object").unwrap();
    for id in statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap) {
        assert_eq!(hash(&object_file(disk, &id)), id);
    }
    assert_objects_are_whole(disk);
}

/// The same command again does what was asked for, and nothing is left of the fault.
#[track_caller]
fn recovers(sandbox: &Sandbox, disk: &Path) {
    sandbox.ok("backup a");
    claims_are_true(sandbox, disk);
    let plan = sandbox.ok("backup a --simulate --json").json();
    assert_eq!(plan["steps"], serde_json::json!([]));
    assert_eq!(temporary_files(disk), Vec::<PathBuf>::new());
    sandbox.ok("verify a");
}

fn objects_at(disk: &Path) -> usize {
    crate::kit::objects(disk).len()
}
