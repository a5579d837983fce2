//! `backup`: its flags, its plan, and what it makes of a source that moves.

use crate::kit::{Sandbox, assert_objects_are_whole, assert_same, dump, objects};
use openssl::sha::sha256;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

fn count(report: &Value, what: &str) -> u64 {
    report[what]["objects"].as_u64().unwrap()
}

fn twenty(disks: &str) -> Sandbox {
    let sandbox = Sandbox::with_disks(disks);
    sandbox.source().files("f", 20, 100_000);
    sandbox.ok("update");
    sandbox
}

#[test]
fn a_simulation_is_the_plan_and_writes_nothing() {
    let sandbox = twenty("a 40M");
    let before = (dump(&sandbox.disk("a")), sha256(&fs::read(sandbox.catalog()).unwrap()));
    let plan = sandbox.ok("backup a --simulate --json").json();
    assert_eq!((dump(&sandbox.disk("a")), sha256(&fs::read(sandbox.catalog()).unwrap())), before);
    sandbox.ok("backup a --simulate").says("copy");
    let planned: BTreeSet<_> =
        plan["steps"].as_array().unwrap().iter().map(|step| step["object"].as_str().unwrap().to_owned()).collect();
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")), planned);
}

#[test]
fn a_simulated_removal_is_what_the_run_removes() {
    let sandbox = twenty("a 40M");
    sandbox.ok("backup a");
    sandbox.ok("retention set --keep-last 1");
    (0..5).for_each(|n| {
        sandbox.source().remove(format!("f/{n:04}"));
    });
    sandbox.ok("update");
    let plan = sandbox.ok("backup a --simulate --json").json();
    let steps = plan["steps"].as_array().unwrap();
    assert!(steps.len() == 5 && steps.iter().all(|step| step["do"] == "remove"), "{plan}");
    assert_eq!(count(&sandbox.ok("backup a --json").json(), "orphans"), 5);
    assert_eq!(objects(&sandbox.disk("a")).len(), 15);
}

#[test]
fn the_same_state_gives_the_same_plan() {
    let sandbox = twenty("a 40M");
    let plan = sandbox.ok("backup a --simulate --json").json();
    assert_eq!(sandbox.ok("backup a --simulate --json").json(), plan);
}

#[test]
fn a_limit_ends_the_copying() {
    let sandbox = twenty("a 40M");
    let report = sandbox.ok("backup a --limit 1M --json").json();
    let first = count(&report, "first");
    assert!((8..=10).contains(&first), "ten files would be all of it, less what they take beside their bytes: {first}");
    assert_eq!(objects(&sandbox.disk("a")).len() as u64, first);
    assert_eq!(count(&sandbox.ok("backup a --json").json(), "first"), 20 - first);
}

#[test]
fn no_more_copies_than_asked_for() {
    let sandbox = twenty("a 40M b 40M");
    sandbox.ok("backup a");
    let report = sandbox.ok("backup b --maxcopies 1 --json").json();
    assert_eq!((count(&report, "first"), count(&report, "more")), (0, 0));
    assert_eq!(count(&sandbox.ok("backup b --maxcopies 2 --json").json(), "more"), 20);
}

#[test]
fn it_may_update_first() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "x");
    sandbox.ok("backup a --update");
    sandbox.source().file("g", "y");
    sandbox.ok("backup a -u");
    assert_eq!(objects(&sandbox.disk("a")).len(), 2);
}

#[test]
fn content_that_several_files_share_is_copied_once() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("one", "same").file("d/two", "same").file("three", "same");
    sandbox.back_up("a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 1);
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn files_that_vanished_or_changed_since_are_reported_and_the_rest_is_copied() {
    let sandbox = twenty("a 40M");
    sandbox.source().remove("f/0000").file("f/0001", vec![1; 100_000]).file("f/0002", "shorter");
    let ran = sandbox.code(3, "backup a --json").says("/s/f/0000").says("/s/f/0001").says("/s/f/0002");
    assert_eq!((count(&ran.json(), "first"), &ran.json()["problems"]), (17, &json!(3)));
    assert_eq!(objects(&sandbox.disk("a")).len(), 17);
    assert_objects_are_whole(&sandbox.disk("a"));
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn nothing_is_evicted_for_a_file_that_cannot_be_read() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 20, 500_000);
    sandbox.back_up("a b");
    sandbox.source().files("new", 8, 500_000);
    sandbox.ok("update");
    let held = objects(&sandbox.disk("a"));
    sandbox.source().remove("new");
    sandbox.code(3, "backup a");
    assert_eq!(objects(&sandbox.disk("a")), held);
}

#[test]
fn so_many_orphans_at_once_are_withheld() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("f", 1_200, 50);
    sandbox.back_up("a");
    sandbox.ok("retention set --keep-last 1");
    (0..1_100).for_each(|n| {
        sandbox.source().remove(format!("f/{n:04}"));
    });
    sandbox.source().file("new", "n");
    sandbox.ok("update --accept-loss /s");
    let report = sandbox.code(3, "backup a --json").json();
    assert_eq!((count(&report, "withheld"), count(&report, "first")), (1_100, 1), "the copying goes on");
    sandbox.code(3, "backup a").says("--delete-many");
    assert_eq!(objects(&sandbox.disk("a")).len(), 1_201);
    assert_eq!(count(&sandbox.ok("backup a --delete-many --json").json(), "orphans"), 1_100);
    assert_eq!(objects(&sandbox.disk("a")).len(), 101);
}

#[test]
fn what_is_not_read_yet_is_counted_and_stops_nothing() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("f", 3, 100);
    sandbox.ok("update");
    sandbox.tamper("UPDATE catalog SET unhashed_files = 7, unhashed_bytes = 700");
    let report = sandbox.code(3, "backup a --json").json();
    assert_eq!((&report["unhashed"], count(&report, "first")), (&json!({"objects": 7, "bytes": 700}), 3));
}

#[test]
fn a_disk_that_others_have_filled_is_met_before_it_is_full() {
    let sandbox = Sandbox::new();
    let Some(disk) = sandbox.mount("ext4", 64, "m") else { return };
    sandbox.source().files("f", 40, 500_000);
    sandbox.ok("source map /s src");
    sandbox.ok("disk add a m/data --size 60M");
    fs::write(disk.path().join("other"), vec![1; 20 << 20]).unwrap();
    sandbox.ok("update");
    let report = sandbox.run("backup a --json").json();
    assert_eq!((&report["full"], &report["problems"]), (&json!(false), &json!(0)), "{report}");
    let held = objects(&disk.path().join("data")).len();
    assert!(held > 0 && held < 40, "{held}");
    sandbox.ok("verify a");
}

#[test]
fn what_could_not_be_copied_makes_no_shelf_full() {
    let sandbox = twenty("a 40M");
    sandbox.source().file("f/0000", "changed since").remove("f/0001");
    let ran = sandbox.code(3, "backup a").says("NOT on any disk: 2 objects").says("dsb backup -u a");
    assert!(!ran.out.contains("The shelf is full"), "{}", ran.out);
    sandbox.ok("backup -u a");
    sandbox.source().files("more", 2, 100_000);
    sandbox.ok("update");
    let ran = sandbox.ok("backup a --limit 150K").says("NOT on any disk: 1 object").says("a has room for it");
    assert!(!ran.out.contains("The shelf is full"), "{}", ran.out);
}
