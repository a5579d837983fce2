//! What a disk does to what it once took: lies, bad sectors, bits that turn, and answers that take long.

use super::disk_facts::DiskFacts;
use super::facts::Facts;
use super::kind::{BTRFS, EXT4, Kind, XFS};
use super::rig::{DISK, Rig};
use crate::kit::{bytes, object_file, wait_until};
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

/// A backup disk that holds this file and thirty others.
fn holding(kind: Kind, content: &[u8]) -> Option<(Rig, String)> {
    let rig = Rig::with_disk(kind)?;
    rig.sandbox.ok("disk add a m/dsb --size 40M");
    rig.sandbox.source().files("others", 30, 60_000).file("chosen", content);
    rig.sandbox.back_up("a");
    rig.settle();
    Some((rig, super::disk_facts::name_of(content)))
}

fn claims(rig: &Rig) -> BTreeSet<String> {
    Facts::of(&rig.sandbox.catalog()).unwrap().claims.into_iter().map(|(_, object)| object).collect()
}

/// The disk says that it has flushed, the power goes, and the session's objects were never written:
/// they count no more, each is named, and the next run brings them back.
fn lies(kind: Kind) {
    let Some((rig, _)) = holding(kind, b"held before") else { return };
    let before = claims(&rig);
    rig.sandbox.source().files("new", 50, 20_000);
    rig.sandbox.ok("update");
    // The session has begun honestly when the first of its objects reaches the disk.
    let first = fs::read(rig.sandbox.path("src/new/0000")).unwrap()[..512].to_vec();
    rig.fault.on(DISK, |disk| disk.lie_after(first));
    rig.sandbox.ok("backup a");
    assert_eq!(claims(&rig).len(), before.len() + 50);
    let rig = rig.replug(true);
    let disk = DiskFacts::of(&rig.sandbox.path("m/dsb"));
    assert!(before.is_subset(&disk.whole));
    let lost = claims(&rig).difference(&disk.whole).count();
    assert!(lost > 0, "the power cut took nothing");
    let again = rig.sandbox.ok("backup a").says("lost when the last session was cut off; wanted again");
    assert_eq!(again.err.matches("wanted again").count(), lost, "{}", again.err);
    assert_eq!(claims(&rig), DiskFacts::of(&rig.sandbox.path("m/dsb")).whole);
    rig.sandbox.ok("verify a");
}

#[test]
fn what_a_lying_disk_lost_is_looked_for_and_brought_back_on_ext4() {
    lies(EXT4);
}

#[test]
fn what_a_lying_disk_lost_is_looked_for_and_brought_back_on_xfs() {
    lies(XFS);
}

#[test]
fn what_a_lying_disk_lost_is_looked_for_and_brought_back_on_btrfs() {
    lies(BTRFS);
}

/// A sector that cannot be read: all else is verified, the object is in doubt and stays.
fn bad_sector(kind: Kind) {
    let content = bytes(77, 50_000);
    let Some((rig, id)) = holding(kind, &content) else { return };
    rig.fault.on(DISK, |disk| {
        let at = disk.image.find(&content).expect("the object is on the disk");
        disk.faults.unreadable = Some(at + 8192..at + 8193);
    });
    let rig = rig.replug_with_faults();
    let report = rig.sandbox.code(4, "verify a --json").json();
    assert_eq!(report["good"]["objects"], 30, "{report}");
    assert_eq!(report["damage"].as_array().map(Vec::len), Some(1), "{report}");
    assert!(report["damage"].to_string().contains(&id), "{report}");
    assert!(object_file(&rig.sandbox.path("m/dsb"), &id).exists());
    rig.fault.on(DISK, |disk| disk.faults.unreadable = None);
    rig.sandbox.ok("verify a");
}

#[test]
fn a_bad_sector_leaves_all_else_verified_on_ext4() {
    bad_sector(EXT4);
}

#[test]
fn a_bad_sector_leaves_all_else_verified_on_xfs() {
    bad_sector(XFS);
}

#[test]
fn a_bad_sector_leaves_all_else_verified_on_btrfs() {
    bad_sector(BTRFS);
}

/// A bit turns on the medium while the page cache still has the right one.
fn bit_rot(kind: Kind) {
    let content = bytes(78, 50_000);
    let Some((rig, id)) = holding(kind, &content) else { return };
    let file = object_file(&rig.sandbox.path("m/dsb"), &id);
    rig.fault.on(DISK, |disk| {
        let at = disk.image.find(&content).expect("the object is on the disk") + 20_000;
        let turned = disk.image.read(at, 1)[0] ^ 4;
        disk.image.write(at, &[turned]);
    });
    assert_eq!(fs::read(&file).unwrap(), content, "the cache hides it");
    let report = rig.sandbox.code(4, "verify a --json").json();
    assert!(report["damage"].to_string().contains(&id), "{report}");
    rig.sandbox.ok("backup a");
    rig.sandbox.ok("verify a");
}

#[test]
fn damage_behind_the_cache_is_found_on_ext4() {
    bit_rot(EXT4);
}

#[test]
fn damage_behind_the_cache_is_found_on_xfs() {
    bit_rot(XFS);
}

#[test]
fn damage_behind_the_cache_is_found_on_btrfs() {
    bit_rot(BTRFS);
}

/// Each write takes long, and many are to come: Ctrl-C is answered at once all the same.
#[test]
fn a_slow_disk_lets_itself_be_interrupted() {
    let Some((rig, _)) = holding(EXT4, b"held before") else { return };
    rig.sandbox.source().files("new", 12, 2_000_000);
    rig.sandbox.ok("update");
    rig.fault.on(DISK, |disk| disk.faults.delay = Duration::from_millis(30));
    let begun = rig.fault.on(DISK, |disk| disk.writes);
    let mut run = rig.sandbox.spawn("backup a");
    wait_until(|| rig.fault.on(DISK, |disk| disk.writes) > begun + 10);
    let asked = Instant::now();
    let _ = rustix::process::kill_process(rustix::process::Pid::from_child(&run), rustix::process::Signal::INT);
    let code = run.wait().unwrap().code();
    let took = asked.elapsed();
    rig.fault.on(DISK, |disk| disk.faults.delay = Duration::ZERO);
    println!("answered after {} ms with {code:?}", took.as_millis());
    assert_eq!(code, Some(130));
    assert!(took < Duration::from_secs(3), "{took:?}");
    rig.sandbox.ok("backup a");
    rig.sandbox.ok("verify a");
}
