//! One fault at a time: what is said, what the exit code is, and that nothing claims what is not there.

use super::disk_facts::DiskFacts;
use super::facts::Facts;
use super::faults::{Failing, Faults};
use super::kind::{BTRFS, EXFAT, EXT4, Kind, NTFS, XFS};
use super::rig::{DISK, Rig};
use crate::kit::Ran;
use std::collections::BTreeSet;

/// A backup disk with a few small objects, and a source with more for it.
fn waiting(kind: Kind) -> Option<Rig> {
    let rig = Rig::with_disk(kind)?;
    rig.sandbox.ok("disk add a m/dsb --size 40M");
    rig.sandbox.source().files("first", 40, 9_000);
    rig.sandbox.back_up("a");
    rig.sandbox.source().files("small", 200, 9_000).files("large", 5, 2_000_000);
    rig.sandbox.ok("update");
    rig.settle();
    Some(rig)
}

fn backup_with(rig: &Rig, faults: Faults) -> Ran {
    rig.fault.on(DISK, |disk| disk.faults = faults);
    let ran = rig.sandbox.run("backup a");
    rig.fault.on(DISK, |disk| disk.faults = Faults::default());
    ran
}

/// After it was plugged in again, with nothing in any cache: every claim is true.
fn claims_are_true(rig: &Rig) -> BTreeSet<String> {
    let claims = Facts::of(&rig.sandbox.catalog()).unwrap().claims;
    let disk = DiskFacts::of(&rig.sandbox.path("m/dsb"));
    let here = claims.into_iter().filter(|(disk, _)| disk == "a");
    let claimed: BTreeSet<_> = here.map(|(_, object)| object).collect();
    let lost: Vec<_> = claimed.difference(&disk.whole).collect();
    assert!(lost.is_empty() && disk.broken.is_empty(), "claimed and lost: {lost:?}, broken: {:?}", disk.broken);
    claimed
}

/// The next run needs nobody's help, and leaves nothing to do.
fn goes_on(rig: &Rig) {
    rig.sandbox.ok("backup a");
    rig.sandbox.ok("verify a");
    assert_eq!(claims_are_true(rig).len(), 245);
    assert_eq!(rig.sandbox.ok("backup a --simulate --json").json()["steps"], serde_json::json!([]));
    assert!(DiskFacts::of(&rig.sandbox.path("m/dsb")).temporary.is_empty());
}

fn dies(kind: Kind) {
    // While the session begins, while objects are written, while they are flushed.
    for writes in [2, 12, 30, 45] {
        let Some(rig) = waiting(kind) else { return };
        let ran = backup_with(&rig, Faults { dies: Failing::From(writes), ..Faults::default() });
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        let rig = rig.replug(false);
        assert!(claims_are_true(&rig).len() >= 40);
        goes_on(&rig);
    }
}

#[test]
fn a_disk_that_dies_ends_the_run_and_the_next_one_goes_on_on_ext4() {
    dies(EXT4);
}

#[test]
fn a_disk_that_dies_ends_the_run_and_the_next_one_goes_on_on_xfs() {
    dies(XFS);
}

#[test]
fn a_disk_that_dies_ends_the_run_and_the_next_one_goes_on_on_btrfs() {
    dies(BTRFS);
}

/// Enough for several batches, since each has to make room: the first is safe when the disk dies.
#[test]
fn a_disk_that_dies_is_told_with_what_is_safe() {
    let undisturbed = full(EXT4).map(|rig| {
        rig.sandbox.ok("backup a");
        rig.fault.on(DISK, |disk| disk.flushes)
    });
    let (Some(flushes), Some(rig)) = (undisturbed, full(EXT4)) else { return };
    let before = Facts::of(&rig.sandbox.catalog()).unwrap().claims;
    // Behind the middle the second of two batches is under way.
    let ran = backup_with(&rig, Faults { dies_flushing: Failing::From(flushes * 62 / 100), ..Faults::default() });
    let ran = ran.expect(1, "backup a").says("connect and mount it, and run the same command again");
    let rig = rig.replug(false);
    let safe = Facts::of(&rig.sandbox.catalog()).unwrap().claims.difference(&before).count();
    assert!(safe > 0, "{}", ran.err);
    ran.says(&format!("disk a stopped answering after {safe} objects")).says(&format!("these {safe} are safe"));
    claims_are_true(&rig);
    rig.sandbox.ok("backup a");
    rig.sandbox.ok("verify a");
}

fn full(kind: Kind) -> Option<Rig> {
    let rig = Rig::with_disk(kind)?;
    super::loss::full_disks(&rig);
    rig.settle();
    rig.fault.on(DISK, |disk| disk.flushes = 0);
    Some(rig)
}

/// One write or flush that fails, early and late: what it was for is copied again, from the source
/// and not from a cache that believes itself clean, or the run ends and claims nothing of it.
fn fails(kind: Kind, faults: impl Fn(u64) -> Faults, positions: &[u64]) {
    let mut struck = 0;
    for position in positions {
        let Some(rig) = waiting(kind) else { return };
        let ran = backup_with(&rig, faults(*position));
        let errors = rig.fault.on(DISK, |disk| disk.errors);
        struck += errors.min(1);
        assert!([0, 1, 3].contains(&ran.code), "{position}: {} {}", ran.code, ran.err);
        let rig = rig.replug(false);
        let claimed = claims_are_true(&rig).len();
        assert!(claimed >= 40 && (ran.code != 0 || claimed == 245), "{position}: {claimed} with {}", ran.code);
        goes_on(&rig);
    }
    assert!(struck > 0, "no fault struck");
}

const WRITES: [u64; 6] = [1, 6, 9, 11, 14, 25];
const FLUSHES: [u64; 4] = [0, 5, 9, 12];

#[test]
fn one_bad_write_makes_no_false_claim_on_ext4() {
    fails(EXT4, |n| Faults { write: Failing::Once(n), ..Faults::default() }, &WRITES);
}

#[test]
fn one_bad_write_makes_no_false_claim_on_xfs() {
    fails(XFS, |n| Faults { write: Failing::Once(n), ..Faults::default() }, &WRITES);
}

#[test]
fn one_bad_write_makes_no_false_claim_on_btrfs() {
    fails(BTRFS, |n| Faults { write: Failing::Once(n), ..Faults::default() }, &WRITES);
}

#[test]
fn one_failed_flush_makes_no_false_claim() {
    [EXT4, XFS, BTRFS, EXFAT, NTFS].into_iter().for_each(|kind| {
        fails(kind, |n| Faults { flush: Failing::Once(n), ..Faults::default() }, &FLUSHES);
    });
}

#[test]
fn a_disk_that_flushes_no_more_makes_no_false_claim() {
    [EXT4, XFS, BTRFS, EXFAT, NTFS].into_iter().for_each(|kind| {
        fails(kind, |n| Faults { flush: Failing::From(n), ..Faults::default() }, &FLUSHES);
    });
}

/// As a file system does after an error.
#[test]
fn a_disk_that_turns_read_only_is_said_to_be_so() {
    let Some(rig) = waiting(EXT4) else { return };
    rig.fault.on(DISK, |disk| disk.faults.write = Failing::From(20));
    rig.sandbox.code(1, "backup a");
    let again = rig.sandbox.run("backup a");
    assert!([1, 10].contains(&again.code), "{} {}", again.code, again.err);
    again.says("ead-only");
    rig.fault.on(DISK, |disk| disk.faults = Faults::default());
    let rig = rig.replug(false);
    claims_are_true(&rig);
    goes_on(&rig);
}
