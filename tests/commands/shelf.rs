//! Disks that are smaller than the data: everything once, then twice, within every budget.

use crate::kit::{Sandbox, allocated, assert_objects_are_whole, assert_same, objects};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const BUDGET: u64 = 30_000_000;

/// Three disks with room for about twenty of these fifty files each.
fn three_disks() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M c 30M");
    sandbox.source().files("f", 50, 500_000);
    sandbox.ok("update");
    sandbox
}

/// A backup that must stay within the budget and leave nothing for a second one.
fn visit(sandbox: &Sandbox, disk: &str) -> Value {
    let report = sandbox.ok(&format!("backup {disk} --json")).json();
    let taken = allocated(&sandbox.disk(disk));
    assert!(taken <= BUDGET, "{disk} takes {taken} of {BUDGET}");
    assert_objects_are_whole(&sandbox.disk(disk));
    let plan = sandbox.ok(&format!("backup {disk} --simulate --json")).json();
    assert_eq!(plan["steps"], json!([]), "a plan was left after {report}");
    report
}

/// Files with so many copies.
fn level(report: &Value, copies: usize) -> u64 {
    report["after"]["levels"][copies]["objects"].as_u64().unwrap_or_default()
}

#[test]
fn everything_once_and_then_second_copies() {
    let sandbox = three_disks();
    let a = visit(&sandbox, "a");
    assert!((15..=25).contains(&level(&a, 1)) && level(&a, 0) + level(&a, 1) == 50, "{a}");
    let b = visit(&sandbox, "b");
    assert_eq!(level(&b, 2), 0, "no second copy while anything has none");
    let c = visit(&sandbox, "c");
    assert!(level(&c, 0) == 0 && level(&c, 2) >= 5 && level(&c, 1) + level(&c, 2) == 50, "{c}");
    let on_any: BTreeSet<_> = ["a", "b", "c"].iter().flat_map(|disk| objects(&sandbox.disk(disk))).collect();
    assert_eq!(on_any.len(), 50);
}

#[test]
fn each_backup_says_which_disk_is_next() {
    let sandbox = three_disks();
    let report = visit(&sandbox, "a");
    let next = &report["next"];
    assert!(next["disk"] == "b" || next["disk"] == "c", "{report}");
    assert!(next["first"]["objects"].as_u64().unwrap() > 0);
}

#[test]
fn disk_after_disk_brings_the_whole_tree_back() {
    let sandbox = three_disks();
    ["a", "b", "c"].iter().for_each(|disk| drop(visit(&sandbox, disk)));
    let first = sandbox.code(3, "restore a out --json").json();
    let remaining = &first["remaining"];
    let missing = 50 - first["written"]["objects"].as_u64().unwrap();
    assert_eq!((&remaining["objects"], &remaining["lost"]), (&json!(missing), &json!([])));
    let named = remaining["disks"].as_array().unwrap();
    assert!(!named.is_empty() && named.iter().all(|disk| disk["disk"] != "a"), "{remaining}");
    sandbox.run("restore b out").says("c");
    let last = sandbox.ok("restore c out --json").json();
    assert_eq!(last["remaining"]["objects"], 0);
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn all_attached_disks_restore_together() {
    let sandbox = three_disks();
    ["a", "b", "c"].iter().for_each(|disk| drop(visit(&sandbox, disk)));
    sandbox.ok("restore out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn each_disk_alone_restores_all_that_it_holds() {
    let sandbox = three_disks();
    ["a", "b", "c"].iter().for_each(|disk| drop(visit(&sandbox, disk)));
    for disk in ["a", "b", "c"] {
        let report = sandbox.code(3, &format!("restore --from disks/{disk} from-{disk} --json")).json();
        assert_eq!(report["written"]["objects"], objects(&sandbox.disk(disk)).len());
    }
}

/// Two full disks that hold the same twenty files, and eight new files.
fn full_of_twins() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 20, 500_000);
    sandbox.back_up("a b");
    sandbox.source().files("new", 8, 500_000);
    sandbox.ok("update");
    sandbox
}

#[test]
fn second_copies_make_way_for_first_ones() {
    let sandbox = full_of_twins();
    let report = visit(&sandbox, "a");
    assert_eq!((level(&report, 0), &report["first"]["objects"]), (0, &json!(8)), "{report}");
    assert!(report["evicted"]["objects"].as_u64().unwrap() > 0);
    visit(&sandbox, "b");
    sandbox.ok("restore out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn nothing_makes_way_where_that_is_not_wanted() {
    for flag in ["--no-evict", "--noflush"] {
        let sandbox = full_of_twins();
        let held = objects(&sandbox.disk("a"));
        let report = sandbox.ok(&format!("backup a {flag} --json")).json();
        assert_eq!(report["evicted"]["objects"], 0);
        assert!(objects(&sandbox.disk("a")).is_superset(&held));
    }
}

#[test]
fn visits_in_turn_come_to_rest() {
    let sandbox = three_disks();
    ["a", "b", "c", "a", "b", "c", "a", "b", "c"].iter().for_each(|disk| drop(visit(&sandbox, disk)));
    for disk in ["a", "b", "c"] {
        let report = visit(&sandbox, disk);
        assert_eq!([&report["first"]["objects"], &report["more"]["objects"], &report["evicted"]["objects"]], [0, 0, 0]);
    }
}

#[test]
fn a_smaller_budget_costs_second_copies_only() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 20, 500_000);
    sandbox.back_up("a b");
    sandbox.ok("disk set a -s 25M");
    let report = sandbox.ok("backup a --json").json();
    assert!(report["evicted"]["objects"].as_u64().unwrap() > 0 && level(&report, 0) == 0, "{report}");
    assert!(allocated(&sandbox.disk("a")) <= 25_000_000);
}

#[test]
fn a_budget_too_small_for_last_copies_keeps_them_and_says_so() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 20, 500_000);
    sandbox.back_up("a");
    let held = objects(&sandbox.disk("a"));
    sandbox.ok("disk set a -s 22M");
    let report = sandbox.code(3, "backup a --json").json();
    assert!(report["over_budget"].as_u64().unwrap() > 0);
    assert_eq!(objects(&sandbox.disk("a")), held);
}

#[test]
fn what_fits_nowhere_is_named() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("huge", vec![7; 31_000_000]).file("large", vec![8; 20_000_000]).file("small", "s");
    sandbox.ok("update");
    sandbox.run("backup a").says("/s/huge");
    let report = sandbox.run("backup b --json").json();
    assert_eq!(
        (&report["too_large"]["count"], report["too_large"]["paths"].as_array().map(Vec::len)),
        (&json!(2), Some(2))
    );
    assert_eq!(objects(&sandbox.disk("a")).len(), 1);
}
