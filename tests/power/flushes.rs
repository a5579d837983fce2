//! How many times a disk is asked to flush: on a spinning disk each of them takes as long as several
//! objects.

use super::kind::{BTRFS, EXFAT, Kind, LARGE_EXT4, XFS};
use super::rig::{DISK, Rig};

/// For the objects of one batch: their data, and their names.
const OBJECTS: u64 = 10;

/// Flushes of one backup of so many small files more.
fn flushes(rig: &Rig, name: &str, files: u64) -> u64 {
    rig.sandbox.source().files(name, files, 2_000);
    of_a_backup(rig)
}

/// Flushes of one backup of whatever has changed.
fn of_a_backup(rig: &Rig) -> u64 {
    rig.sandbox.ok("update");
    rig.settle();
    rig.fault.on(DISK, |disk| disk.flushes = 0);
    rig.sandbox.ok("backup a");
    rig.fault.on(DISK, |disk| disk.flushes)
}

/// A session that copies nothing flushes all the same, at eight places: the marker is written and then
/// named, the catalog copy too, before the first object and after the last. At each of them the file
/// system flushes twice for its journal. What a thousand objects cost is what they take beyond that.
fn counted(kind: Kind, session: u64) {
    let Some(rig) = Rig::with_disk(kind) else { return };
    rig.sandbox.ok("disk add a m/dsb --size 40M");
    flushes(&rig, "first", 10);
    rig.sandbox.source().dir("nothing to copy");
    let alone = flushes(&rig, "none", 0);
    let all = flushes(&rig, "small", 1_000);
    println!("{}: {alone} flushes for a session, {all} with 1,000 objects", kind.name);
    assert!(alone > 0 && alone <= session, "{}: a session takes {alone} flushes, not {session}", kind.name);
    assert!(all <= session + OBJECTS, "{}: 1,000 objects take {all} flushes in all", kind.name);
}

#[test]
fn a_thousand_objects_take_a_handful_of_flushes_on_ext4() {
    counted(LARGE_EXT4, 20);
}

#[test]
fn a_thousand_objects_take_a_handful_of_flushes_on_xfs() {
    counted(XFS, 16);
}

#[test]
fn a_thousand_objects_take_a_handful_of_flushes_on_btrfs() {
    counted(BTRFS, 16);
}

/// Without a journal a write that comes late may damage a folder: none does once the session has ended.
/// (When a file was last read is noted later, so here it is not noted; ntfs-3g does it all the same.)
#[test]
fn a_session_ends_with_all_written_on_exfat() {
    let Some(rig) = Rig::with_disk(EXFAT) else { return };
    rig.sandbox.ok("disk add a m/dsb --size 40M");
    for files in [10, 20, 30] {
        flushes(&rig, &format!("of-{files}"), files);
        assert_eq!(rig.in_flight(), 0);
    }
}
