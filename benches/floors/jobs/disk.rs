//! What is written to a disk and read from it.

use super::update::hash;
use super::{beside, files_below};
use crate::command::{Dsb, shell};
use crate::ground::{Ground, text};
use crate::rounds::{Runner, take_turns};
use crate::table::{Goal, Row};
use dsb::digest::BUFFER;
use dsb::os::{Advice, advise};
use std::cell::RefCell;
use std::fs::File;
use std::path::Path;

const AS_FAST: [Goal; 1] = [Goal::Times(1.0, 0.0)];

/// Many small files to an empty disk, beside a plain copy; durable at the end, both.
pub fn backup(ground: &Ground) -> Vec<Row> {
    let times = copied(ground, ground.tree(), ground.updated(), "cp -a; sync", "cp -a \"$1\" \"$2\" && sync -f \"$2\"");
    beside("backup, small files", &times, &AS_FAST)
}

/// A few large ones.
pub fn large(ground: &Ground) -> Vec<Row> {
    let dsb = ground.update_of(ground.large());
    let times = copied(ground, ground.large(), &dsb, "cp; sync", "cp -r \"$1\" \"$2\" && sync -f \"$2\"");
    beside("backup, large files", &times, &AS_FAST)
}

fn copied(ground: &Ground, source: &Path, known: &Dsb, name: &str, line: &str) -> Vec<(String, f64)> {
    let disk = RefCell::new(None);
    let dsb = Dsb { catalog: ground.path("catalog") };
    let prepare = || {
        disk.take().iter().for_each(|disk: &std::path::PathBuf| ground.clear(disk));
        dsb.copy_of(known);
        drop(disk.replace(Some(ground.disk(&dsb))));
        ground.clear(&ground.path("none"));
    };
    let copy = ground.path("copy");
    let runners = vec![
        Runner::new("dsb", prepare, || dsb.run(&["backup", "d"])),
        Runner::new(name, || ground.clear(&copy), || shell(line, &[source, &copy])),
    ];
    let times = take_turns(ground.options.rounds, runners);
    disk.take().iter().for_each(|disk| ground.clear(disk));
    ground.clear(&copy);
    times
}

/// A disk that holds the tree.
fn full_disk(ground: &Ground) -> (Dsb, std::path::PathBuf) {
    let dsb = Dsb { catalog: ground.path("catalog") };
    dsb.copy_of(ground.updated());
    let disk = ground.disk(&dsb);
    dsb.run(&["backup", "d"]);
    (dsb, disk)
}

/// All of it back, every byte proven, beside a plain copy: from the medium, both, since nothing of a disk
/// that was just attached is in memory. Each goes into a folder of its own, and all are removed in the
/// end: ext4 gives no inode away for a minute that was deleted, and looks past each of them for every
/// file that is made.
pub fn restore(ground: &Ground) -> Vec<Row> {
    let (dsb, disk) = full_disk(ground);
    let used = RefCell::new(Vec::new());
    let fresh = || {
        let folder = ground.path("restored");
        used.borrow_mut().push(folder.clone());
        folder
    };
    let (objects, tree) = (files_below(&disk.join("distbackup-objects")), files_below(ground.tree()));
    let settle = |files: &[std::path::PathBuf]| {
        ground.clear(&ground.path("none"));
        files.iter().for_each(|path| forget(path));
    };
    let line = "cp -a \"$1\" \"$2\" && sync -f \"$2\"";
    let runners = vec![
        Runner::new("dsb", || settle(&objects), || dsb.run(&["restore", "d", &text(&fresh())])),
        Runner::new("cp -a; sync", || settle(&tree), || shell(line, &[ground.tree(), &fresh()])),
    ];
    let times = take_turns(ground.options.rounds, runners);
    used.take().iter().chain([&disk]).for_each(|folder| ground.clear(folder));
    beside("restore, small files", &times, &AS_FAST)
}

/// Every object read from the medium, beside one reader that hashes the same files.
pub fn verify(ground: &Ground) -> Vec<Row> {
    let (dsb, disk) = full_disk(ground);
    let objects = files_below(&disk.join("distbackup-objects"));
    ground.clear(&ground.path("none"));
    // dsb forgets by itself what the system keeps of a disk, before it reads.
    let forget = || objects.iter().for_each(|path| forget(path));
    let read = || {
        let mut buffer = vec![0; BUFFER];
        objects.iter().for_each(|path| hash(path, &mut buffer));
    };
    let runners =
        vec![Runner::new("dsb", forget, || dsb.run(&["verify", "d"])), Runner::new("sha2, 1 reader", forget, read)];
    let times = take_turns(ground.options.rounds, runners);
    ground.clear(&disk);
    beside("verify, cold", &times, &[Goal::Times(1.1, 0.0)])
}

fn forget(path: &Path) {
    advise(&File::open(path).expect("an object that can be read"), Advice::DontNeed);
}
