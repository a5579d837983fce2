//! What no policy holds any more, but has the last copy of a file that changed since.

use crate::kit::{Sandbox, hash, object_file, objects};
use std::fs;

fn states(sandbox: &Sandbox) -> Vec<i64> {
    let listed = sandbox.ok("snapshot list --json").json();
    listed["snapshots"].as_array().unwrap().iter().map(|state| state["snapshot"].as_i64().unwrap()).collect()
}

/// A diary with one copy, and a policy that keeps the newest state alone.
fn diary() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("diary", "day 1").file("x", "x").settle();
    sandbox.back_up("a");
    sandbox.ok("retention set --keep-last 1");
    sandbox
}

/// A day on which the diary is written on between the update and the backup.
fn busy_day(sandbox: &Sandbox, day: u32) {
    sandbox.source().file("diary", format!("day {day}, morning")).settle();
    sandbox.ok("update");
    sandbox.source().file("diary", format!("day {day}, evening of a long day"));
    sandbox.code(3, "backup a");
}

#[test]
fn what_could_not_be_copied_anew_keeps_its_last_copy() {
    let sandbox = diary();
    let first = hash(&sandbox.path("src/diary"));
    for day in 2..6 {
        busy_day(&sandbox, day);
        assert!(fs::exists(object_file(&sandbox.disk("a"), &first)).unwrap(), "day {day}");
        assert!(states(&sandbox).contains(&1), "day {day}");
    }
    // Of what lies between nothing was ever copied.
    assert_eq!(states(&sandbox).len(), 2);
    assert!(sandbox.ok("retention show").out.contains("last copy of what changed since"));
    assert!(!sandbox.ok("snapshot list").out.contains("until the next update"));
    sandbox.ok("restore a out --at 1");
    assert_eq!(fs::read_to_string(sandbox.path("out/s/diary")).unwrap(), "day 1");
}

#[test]
fn once_there_is_a_newer_copy_it_goes() {
    let sandbox = diary();
    let first = hash(&sandbox.path("src/diary"));
    busy_day(&sandbox, 2);
    sandbox.source().settle();
    sandbox.back_up("a");
    assert!(fs::exists(object_file(&sandbox.disk("a"), &first)).unwrap(), "nothing says yet that it may go");
    sandbox.back_up("a");
    assert_eq!(states(&sandbox).len(), 1);
    assert!(!fs::exists(object_file(&sandbox.disk("a"), &first)).unwrap());
    assert_eq!(objects(&sandbox.disk("a")).len(), 2);
}

#[test]
fn what_is_deleted_or_has_another_copy_holds_nothing() {
    let sandbox = diary();
    sandbox.source().remove("diary").file("x", "xx").settle();
    sandbox.ok("update");
    assert_eq!(states(&sandbox).len(), 2, "x has no copy yet");
    sandbox.ok("backup a");
    sandbox.ok("update");
    assert_eq!(states(&sandbox).len(), 1);
    // What the shelf never had holds nothing either.
    sandbox.source().file("y", "1").settle();
    sandbox.ok("update");
    sandbox.source().file("y", "22").settle();
    sandbox.ok("update");
    assert_eq!(states(&sandbox).len(), 1);
}

/// It yields its room like all that no policy holds.
#[test]
fn it_yields_to_the_newest_state() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("big", 1, 15_000_000).settle();
    sandbox.back_up("a");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().remove("big").files("big", 1, 15_000_001).settle();
    sandbox.back_up("a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 1);
    assert_eq!(sandbox.ok("restore a out").code, 0);
}
