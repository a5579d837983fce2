//! Content that changed under an unchanged size and time.

use crate::kit::{Sandbox, objects};
use serde_json::Value;
use std::fs;

/// `/s/f` was `before` on disk `a`; it is `rotten` now, with the same size and time.
fn rotten() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "before").mtime("f", 1_600_000_000, 5).settle();
    sandbox.back_up("a");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("f", "rotten").mtime("f", 1_600_000_000, 5).settle();
    let report = sandbox.run("update --json").says("/s/f").json();
    assert_eq!(report["suspects"], 1);
    sandbox
}

fn restored(sandbox: &Sandbox, to: &str) -> String {
    sandbox.ok(&format!("restore a {to}"));
    fs::read_to_string(sandbox.path(to).join("s/f")).unwrap()
}

fn waiting(sandbox: &Sandbox) -> Value {
    sandbox.ok("info --json").json()["suspects"].clone()
}

#[test]
fn both_contents_are_kept_until_a_person_decides() {
    let sandbox = rotten();
    sandbox.ok("suspect list").says("/s/f");
    sandbox.ok("backup a");
    assert_eq!((objects(&sandbox.disk("a")).len(), waiting(&sandbox)), (2, 1.into()));
    assert_eq!(restored(&sandbox, "out"), "rotten");
}

#[test]
fn accepted_the_new_one_stays() {
    let sandbox = rotten();
    sandbox.ok("suspect accept /s/f");
    assert_eq!(waiting(&sandbox), 0);
    // The old one goes once the new one has a copy.
    sandbox.back_up("a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 2);
    sandbox.back_up("a");
    assert_eq!((objects(&sandbox.disk("a")).len(), restored(&sandbox, "out")), (1, "rotten".to_owned()));
}

#[test]
fn rejected_the_old_one_is_restored() {
    let sandbox = rotten();
    sandbox.ok("suspect reject /s/f");
    assert_eq!(waiting(&sandbox), 0);
    sandbox.back_up("a");
    assert_eq!((objects(&sandbox.disk("a")).len(), restored(&sandbox, "out")), (1, "before".to_owned()));
}

#[test]
fn a_young_one_that_was_rejected_stays_rejected() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "before").mtime("f", 1_600_000_000, 5).settle();
    sandbox.back_up("a");
    // As young as the look at it, which then looks again.
    sandbox.source().file("f", "rotten").mtime("f", 1_600_000_000, 5);
    sandbox.run("update").says("/s/f");
    sandbox.ok("suspect reject /s/f");
    sandbox.source().settle();
    assert_eq!(sandbox.ok("update --json").json()["changed"], 0);
    sandbox.ok("backup a");
    assert_eq!(restored(&sandbox, "out"), "before");
}

#[test]
fn a_rehash_finds_rot_that_no_time_shows() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "before").mtime("f", 1_600_000_000, 5).settle();
    sandbox.back_up("a");
    // As if the medium had rotted: the catalog remembers other bytes under the same times.
    sandbox.source().file("f", "rotten").mtime("f", 1_600_000_000, 5).settle();
    let seen = sandbox.run("update --rehash --ignore-ctime --json").json();
    assert_eq!(seen["suspects"], 1);
}

#[test]
fn rejecting_never_touches_what_came_after() {
    let sandbox = rotten();
    sandbox.source().file("f", "later!").settle();
    sandbox.ok("update");
    sandbox.ok("update");
    sandbox.code(5, "suspect reject /s/f").says("suspect accept /s/f");
    assert_eq!(waiting(&sandbox), 1);
    sandbox.back_up("a");
    assert_eq!((objects(&sandbox.disk("a")).len(), restored(&sandbox, "out")), (2, "later!".to_owned()));
    sandbox.ok("suspect accept /s/f");
}

#[test]
fn one_in_a_folder_that_is_gone_can_be_decided() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("d/f", "before").file("x", "x").mtime("d/f", 1_600_000_000, 5).settle();
    sandbox.back_up("a");
    sandbox.source().file("d/f", "rotten").mtime("d/f", 1_600_000_000, 5).settle();
    sandbox.code(3, "update");
    sandbox.source().remove("d");
    sandbox.ok("update");
    sandbox.ok("suspect list").says("/s/d/f");
    sandbox.code(5, "suspect reject /s/d/f");
    sandbox.ok("suspect accept /s/d/f");
    assert_eq!(waiting(&sandbox), 0);
}

#[test]
fn one_of_two_names_can_be_rejected() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "before").hard_link("g", "f").mtime("f", 1_600_000_000, 5).settle();
    sandbox.back_up("a");
    sandbox.source().file("f", "rotten").mtime("f", 1_600_000_000, 5).settle();
    sandbox.code(3, "update");
    sandbox.ok("backup a");
    sandbox.ok("suspect reject /s/f");
    sandbox.ok("suspect accept /s/g");
    sandbox.ok("restore a out");
    let read = |name: &str| fs::read_to_string(sandbox.path("out/s").join(name)).unwrap();
    assert_eq!([read("f"), read("g")], ["before", "rotten"]);
}

/// What waits for a decision does so even where no state has its directory any more.
#[test]
fn a_suspect_whose_directory_is_forgotten_is_still_told_and_decided() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("d/f", "before").mtime("d/f", 1_600_000_000, 5).file("g", "stays").settle();
    sandbox.back_up("a");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("d/f", "rotten").mtime("d/f", 1_600_000_000, 5).settle();
    sandbox.code(3, "update");
    sandbox.source().remove("d/f").remove("d");
    sandbox.ok("update");
    assert_eq!((waiting(&sandbox), sandbox.sql::<u32>("SELECT count(*) FROM snapshot")), (1.into(), 1));
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 2, "the old content is live until a person decides");
    sandbox.ok("suspect list").says("/f");
    sandbox.ok("suspect accept /f");
    sandbox.ok("backup a");
    assert_eq!((waiting(&sandbox), objects(&sandbox.disk("a")).len()), (0.into(), 1));
}
