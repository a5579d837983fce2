//! A catalog copy from a stranger's disk, read to its end.
//!
//! A SQLite file is taken as it is. Text is SQL that is run on a good catalog first: small, and it
//! reaches what random bytes never do. Anything else is a list of patches to the file of the good
//! catalog, four bytes each: where, in three, and what is to be there.

use super::folder;
use dsb::catalog::{Catalog, View};
use dsb::model::{DirectoryId, Search, SnapshotId, Timestamp};
use dsb::ops::{self, RestoreOptions, Shown, Wanted};
use dsb::progress::Silent;
use rusqlite::Connection;
use rusqlite::limits::Limit;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// What stands in the good catalog.
const GOOD: &str = include_str!("good.sql");

/// Any catalog copy.
pub fn catalog(input: &[u8]) {
    let folder = folder();
    let path = folder.path().join("distbackup.sqlite");
    fs::write(&path, file_of(input)).expect("no room");
    let Ok(copy) = Catalog::open_copy(&path) else { return };
    let length = fs::metadata(&path).expect("it was just written").len();
    look(&copy, length);
    restore(&copy, folder.path());
    let mut left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().map(|at| at.file_name()).collect();
    left.sort();
    assert!(left.iter().all(|name| name == "distbackup.sqlite" || name == "out"), "{left:?}");
    assert!(!Path::new("/dsb-fuzz-escaped").exists() && !Path::new("/dev/shm/dsb-fuzz-escaped").exists());
}

/// Everything that `info`, `ls`, `find`, `tree`, `catalog check` and `minset` read.
fn look(copy: &Catalog, length: u64) {
    // An entry takes more than ten bytes in the file, and none is shown twice.
    let wanted = Wanted { details: true, object: true };
    for view in [View::Newest, View::At(SnapshotId(1))] {
        let mut entries = 0;
        let write = |text: &mut String, _: &Shown<'_>| {
            text.push('.');
            Ok(())
        };
        let _ = ops::list(copy, None, view, wanted, write, |text| {
            entries += text.len() as u64;
            Ok(())
        });
        assert!(entries <= length / 10, "{entries} entries of {length} bytes");
    }
    let _ = ops::info(copy, true);
    let search = Search::new("*").expect("a pattern");
    let _ = ops::find(copy, &search, None, true, |_, _, _| Ok(()), |_| Ok(()));
    let _ = ops::check(copy, &[], &Silent);
    let _ = ops::minimum_set(copy, View::Newest, &[], &[]);
    let snapshots = copy.snapshots().unwrap_or_default();
    for snapshot in snapshots.iter().take(9) {
        let _ = ops::state(copy, snapshot.clone());
        let _ = ops::differences(copy, (SnapshotId(1), snapshot.id), |_| Ok(()));
    }
    let _ = ops::pending(copy);
    let _ = copy.list_readable(DirectoryId::ROOT, View::At(SnapshotId(1)));
    let _ = (copy.handlings(), copy.path_settings(), copy.side_settings(), copy.growth(), copy.retention());
    for disk in copy.disks().unwrap_or_default() {
        let _ = copy.copies_on(disk.index, &[], 1000);
    }
}

fn restore(copy: &Catalog, folder: &Path) {
    let out = folder.join("out");
    fs::create_dir(&out).expect("no room");
    let options = RestoreOptions {
        filters: Vec::new(),
        view: View::Newest,
        overwrite: false,
        checksum: true,
        numeric_ids: true,
        trusted: false,
        existing: Vec::new(),
        link: false,
    };
    let _ = ops::rehearse_restore(copy, &[], &out, &options, &Silent);
    let _ = ops::restore(copy, &[], &out, &options, &Silent);
}

/// The bytes of the catalog that an input stands for.
fn file_of(input: &[u8]) -> Vec<u8> {
    if input.starts_with(b"SQLite format 3\0") {
        return input.to_vec();
    }
    match std::str::from_utf8(input) {
        Ok(sql) if !sql.contains('\0') => changed(sql),
        _ => patched(input),
    }
}

fn patched(patches: &[u8]) -> Vec<u8> {
    let mut file = good().to_vec();
    for patch in patches.chunks_exact(4) {
        let at = u32::from_le_bytes([patch[0], patch[1], patch[2], 0]) as usize % file.len();
        file[at] = patch[3];
    }
    file
}

fn changed(sql: &str) -> Vec<u8> {
    let folder = folder();
    let path = folder.path().join("changed.sqlite");
    fs::write(&path, good()).expect("no room");
    let catalog = Connection::open(&path).expect("the good catalog");
    // What is found by chance may write no other file and fill no disk.
    catalog.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0).expect("a limit");
    catalog.execute_batch("PRAGMA max_page_count = 20000; PRAGMA synchronous = OFF").expect("a limit");
    run_briefly(&catalog, sql);
    drop(catalog);
    fs::read(&path).expect("it is still there")
}

/// Runs SQL, but not for ever: what makes a catalog is no part of what is tried. A statement that fails
/// leaves those before it done.
fn run_briefly(catalog: &Connection, sql: &str) {
    let stop = catalog.get_interrupt_handle();
    let (done, waiting) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        if waiting.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
            stop.interrupt();
        }
    });
    let _ = catalog.execute_batch(sql);
    drop(done);
    watchdog.join().expect("the watchdog");
}

fn good() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let folder = folder();
        drop(Catalog::open_or_create(folder.path(), Timestamp(0)).expect("no catalog"));
        let path = folder.path().join("distbackup.sqlite");
        let catalog = Connection::open(&path).expect("no catalog");
        catalog.execute_batch(GOOD).expect("the good catalog");
        let small = "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA foreign_keys = OFF";
        catalog.execute_batch(small).expect("the good catalog");
        drop(catalog);
        fs::read(&path).expect("it is there")
    })
}
