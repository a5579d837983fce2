//! Power cuts while a backup and an update run, on every file system that the machine has.

use super::crash::in_growing_folders;
use super::kind::{BTRFS, EXFAT, EXT4, Kind, NTFS, XFS};
use super::medium::Event;
use super::replay::{Amount, replay, replay_all};
use super::rig::{Recording, Rig};
use crate::kit::{Random, bytes};

/// `DSB_LONG=1` looks at ten thousand states of each workload, `DSB_STATES` at so many.
fn amount() -> Amount {
    let is_long = std::env::var("DSB_LONG").is_ok_and(|long| long == "1");
    let (states, reruns) = if is_long { (10_000, 400) } else { (110, 6) };
    let asked = std::env::var("DSB_STATES").map(|states| states.parse().expect("DSB_STATES is a number"));
    asked.map_or(Amount { states, reruns }, |states| Amount { states, reruns: states / 25 })
}

/// `DSB_SEED` picks other states than the usual ones.
fn seed() -> u64 {
    std::env::var("DSB_SEED").map_or(1, |seed| seed.parse().expect("DSB_SEED is a number"))
}

/// Two disks filled, then files gone and new ones: orphans go, second copies make way, new content
/// comes, and the catalog copy is written anew.
pub fn full_disks(rig: &Rig) {
    let sandbox = &rig.sandbox;
    sandbox.ok("retention set --keep-last 1");
    sandbox.ok("disk add a m/dsb --size 24M");
    sandbox.add_disk("b", "24M");
    sandbox.source().files("f", 260, 12_000).files("begone", 40, 12_000).file("large", bytes(1, 1_200_000));
    sandbox.back_up("a b");
    sandbox.source().remove("begone").files("new", 250, 12_000);
    sandbox.ok("update");
}

/// A disk that was backed up to, then a tree that changed in every way.
fn changed_tree(rig: &Rig) {
    let sandbox = &rig.sandbox;
    sandbox.ok("disk add a m/dsb --size 30M");
    sandbox.add_disk("b", "30M");
    sandbox.source().files("f", 200, 3_000).files("g", 60, 20_000).symlink("l", "x").fifo("p").file("empty", "");
    sandbox.back_up("a b");
    sandbox.source().rename("f", "renamed").remove("g/0001").file("g/0002", "changed").symlink("m", "y");
    sandbox.source().files("new", 80, 5_000).mode("g/0003", 0o600).file("large", bytes(2, 1_500_000));
}

fn assert_survives(recording: &Recording) {
    let seed = seed();
    let wrong = replay(recording, amount(), seed);
    assert!(wrong.is_empty(), "{} violations, DSB_SEED={seed}:\n{}", wrong.len(), wrong.join("\n"));
}

fn a_backup(kind: Kind) {
    let Some(rig) = Rig::with_disk(kind) else { return };
    full_disks(&rig);
    let recording = rig.record(&["backup a"]);
    assert_survives(&recording);
}

/// Home is on a file system of that kind too, except where nobody has one.
fn an_update(kind: Kind) {
    let home = if kind.is_fuse() { EXT4 } else { kind };
    let Some(rig) = Rig::new(home, kind) else { return };
    changed_tree(&rig);
    let recording = rig.record(&["update", "backup a"]);
    assert_survives(&recording);
}

#[test]
fn a_backup_on_ext4() {
    a_backup(EXT4);
}

#[test]
fn a_backup_on_xfs() {
    a_backup(XFS);
}

#[test]
fn a_backup_on_btrfs() {
    a_backup(BTRFS);
}

#[test]
fn a_backup_on_exfat() {
    a_backup(EXFAT);
}

#[test]
fn a_backup_on_ntfs() {
    a_backup(NTFS);
}

#[test]
fn an_update_on_ext4() {
    an_update(EXT4);
}

#[test]
fn an_update_on_xfs() {
    an_update(XFS);
}

#[test]
fn an_update_on_btrfs() {
    an_update(BTRFS);
}

#[test]
fn an_update_on_exfat() {
    an_update(EXFAT);
}

#[test]
fn an_update_on_ntfs() {
    an_update(NTFS);
}

/// Where ntfs-3g gives a folder one more block it writes several, and a power cut between them takes names
/// that were durable before. No claim on them counts then, and the next run finds each out.
#[test]
fn what_growing_folders_lose_on_ntfs_is_found_out() {
    let Some(rig) = Rig::with_disk(NTFS) else { return };
    full_disks(&rig);
    let recording = rig.record(&["backup a"]);
    let Amount { states, reruns } = amount();
    let crashes = in_growing_folders(&recording, states, &mut Random::new(seed()));
    let replayed = replay_all(&recording, &crashes, reruns.min(2));
    let wrong = replayed.wrong;
    assert!(wrong.is_empty(), "{} violations, DSB_SEED={}:\n{}", wrong.len(), seed(), wrong.join("\n"));
    assert!(replayed.hiding > 0, "in none of {} states anything was lost", crashes.len());
}

/// The checker itself: disks that never flush what they say they have must be found out.
#[test]
fn disks_that_never_flush_are_found_out() {
    let Some(rig) = Rig::with_disk(EXT4) else { return };
    full_disks(&rig);
    let mut recording = rig.record(&["backup a"]);
    recording.log.retain(|event| !matches!(event, Event::Flush { .. }));
    let wrong = replay(&recording, Amount { states: 60, reruns: 0 }, 1);
    for what in
        ["is claimed on a and not there", "acknowledged and forgotten", "catalog copy", "the marker is of session"]
    {
        assert!(wrong.iter().any(|line| line.contains(what)), "nothing says {what}:\n{}", wrong.join("\n"));
    }
}
