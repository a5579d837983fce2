//! Older states: held in free room by default, guaranteed on request, forgotten when asked.

use crate::kit::{Sandbox, objects};
use serde_json::{Value, json};

fn kept(sandbox: &Sandbox) -> Value {
    sandbox.ok("info --json").json()["kept"]["objects"].clone()
}

/// Fifteen files are on the disk, ten of them are gone from the source.
fn ten_gone() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("stay", 5, 500_000).files("go", 10, 500_000);
    sandbox.back_up("a");
    sandbox.source().remove("go");
    sandbox.back_up("a");
    sandbox
}

#[test]
fn what_was_deleted_stays_in_free_room() {
    let sandbox = ten_gone();
    assert_eq!((objects(&sandbox.disk("a")).len(), kept(&sandbox)), (15, json!(10)));
}

#[test]
fn history_makes_way_and_live_content_does_not() {
    let sandbox = ten_gone();
    let live = objects(&sandbox.disk("a"));
    sandbox.source().files("new", 12, 500_000);
    sandbox.ok("update");
    let report = sandbox.ok("backup a --json").json();
    assert_eq!(report["after"]["levels"][0]["objects"], 0, "{report}");
    assert!(report["evicted"]["objects"].as_u64().unwrap() > 0);
    let left = objects(&sandbox.disk("a")).intersection(&live).count();
    assert!((5..15).contains(&left), "{left}");
    sandbox.ok("restore a out");
    crate::kit::assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn the_oldest_goes_first() {
    let sandbox = Sandbox::with_disks("a 30M");
    for state in ["one", "two"] {
        sandbox.source().files("stay", 2, 100).files(state, 8, 500_000);
        sandbox.back_up("a");
        sandbox.source().remove(state);
        sandbox.ok("update");
    }
    let of = |state: &str| {
        let names = (0..8).map(|n| sandbox.path("copy").join(format!("{state}/{n:04}")));
        sandbox.tree("copy").files(state, 8, 500_000);
        names.map(|path| crate::kit::hash(&path)).collect::<std::collections::BTreeSet<_>>()
    };
    sandbox.source().files("three", 6, 500_000);
    sandbox.back_up("a");
    let held = objects(&sandbox.disk("a"));
    let (one, two) = (held.intersection(&of("one")).count(), held.intersection(&of("two")).count());
    assert!(one < 8 && (two == 8 || one == 0), "of the oldest {one} are left, of the newer {two}");
}

#[test]
fn nothing_is_kept_where_only_the_newest_counts() {
    let sandbox = ten_gone();
    sandbox.ok("retention set --keep-last 1");
    sandbox.back_up("a");
    assert_eq!((objects(&sandbox.disk("a")).len(), kept(&sandbox)), (5, json!(0)));
}

#[test]
fn a_guaranteed_state_is_never_below_one_copy() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("stay", 5, 500_000).files("go", 5, 500_000);
    sandbox.back_up("a");
    sandbox.ok("retention set --keep-last 3");
    sandbox.source().remove("go");
    sandbox.back_up("a b");
    let info = sandbox.ok("info --json").json();
    assert_eq!((&info["kept"]["objects"], &info["guaranteed"]["objects"]), (&json!(0), &json!(5)));
    let levels: Vec<_> = info["levels"].as_array().unwrap().iter().map(|level| level["objects"].clone()).collect();
    assert_eq!(levels, [json!(0), json!(0), json!(5)], "{info}");
    // More than there is room for beside it: what is guaranteed stays, and the newest state does without.
    sandbox.source().files("new", 40, 500_000);
    sandbox.ok("update");
    let report = sandbox.run("backup a --json").json();
    assert!(report["after"]["levels"][0]["objects"].as_u64() > Some(0), "{report}");
    assert_eq!(sandbox.ok("info --json").json()["guaranteed"]["objects"], 5);
    sandbox.ok("retention set --keep-last 3 --history best-effort");
    sandbox.back_up("a");
    assert_eq!(sandbox.ok("info --json").json()["guaranteed"]["objects"], 0);
}

#[test]
fn a_backup_tells_what_is_guaranteed_from_what_only_finds_room() {
    for (history, guaranteed, kept) in [("guaranteed", 10, 0), ("best-effort", 0, 10)] {
        let sandbox = ten_gone();
        sandbox.ok(&format!("retention set --keep-last 2 --history {history}"));
        let report = sandbox.ok("backup a --json").json();
        let told = [&report["guaranteed"]["objects"], &report["kept"]["objects"]];
        assert_eq!(told, [guaranteed, kept], "{report}");
    }
}

#[test]
fn further_copies_of_what_is_guaranteed_make_way() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.ok("retention set --keep-last 2");
    sandbox.source().files("go", 10, 500_000);
    sandbox.back_up("a b");
    sandbox.source().remove("go").files("new", 18, 500_000);
    sandbox.back_up("a b");
    let info = sandbox.ok("info --json").json();
    assert_eq!(info["guaranteed"]["objects"], 10, "{info}");
    assert_eq!(info["levels"][0]["objects"], 0, "{info}");
    let copies = objects(&sandbox.disk("a")).len() + objects(&sandbox.disk("b")).len();
    assert!(copies < 2 * 28, "{copies}: some of the second copies made way");
}

#[test]
fn the_policy_is_shown() {
    let sandbox = Sandbox::with_disks("");
    sandbox.ok("retention show").says("30");
    sandbox.ok("retention set --keep-last 3 --keep-within 90d --history best-effort");
    sandbox.ok("retention show").says("90");
    sandbox.code(2, "retention set --keep-last 0");
}

#[test]
fn one_program_that_empties_everything_does_not_empty_the_shelf() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 10, 500_000);
    sandbox.back_up("a");
    let before = objects(&sandbox.disk("a"));
    sandbox.source().remove("f").files("encrypted", 10, 500_000);
    sandbox.back_up("a");
    assert!(objects(&sandbox.disk("a")).is_superset(&before));
}

#[test]
fn an_update_with_a_problem_costs_no_old_content() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("old", "precious").file("other", "x");
    sandbox.give_to_nobody();
    for line in ["update", "backup a", "retention set --keep-last 1"] {
        sandbox.as_nobody(line).expect(0, line);
    }
    // Moved, and not readable where it is now: the disk has the only copy that can be read.
    sandbox.source().remove("old").file("new", "precious").mode("new", 0o000).owner("new", 65_534, 65_534);
    sandbox.as_nobody("update").expect(3, "update");
    sandbox.as_nobody("backup a").expect(3, "backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 2);
}

#[test]
fn sums_stay_true_whatever_becomes_of_history() {
    let sandbox = Sandbox::with_disks("a 30M");
    // None of it ever has a copy.
    for name in ["one", "two", "three"] {
        sandbox.source().file("f", name);
        sandbox.ok("update");
    }
    let guaranteed = json!({ "retention": { "keep_last": 2, "keep_within_days": 30, "history": "guaranteed" } });
    sandbox.tree("").file("policy", guaranteed.to_string());
    for line in ["config import policy", "retention set --keep-last 1", "update"] {
        sandbox.ok(line);
        sandbox.ok("catalog check");
    }
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM snapshot"), 1, "something was forgotten");
}

#[test]
fn a_disk_that_alone_has_guaranteed_content_is_said_to() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.ok("retention set --keep-last 2");
    sandbox.source().file("gone", "gone!").file("stay", "stay");
    sandbox.back_up("a");
    sandbox.source().remove("gone");
    sandbox.back_up("b");
    assert_eq!(sandbox.ok("info --json").json()["disks"][0]["only_here"], json!({ "objects": 1, "bytes": 5 }));
    sandbox.ok("forecast --lose a").says("Only there, of older states that are guaranteed, and gone with it: 1 object");
    sandbox.code(5, "disk drop a");
}
