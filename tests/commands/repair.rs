//! `repair`: good copies again, from the source, from other disks, or through this machine.

use crate::kit::{Sandbox, assert_same, object_file, objects, temporary_files};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// Ten files of 100,000 bytes on two disks; the first three objects on `a` are damaged, which a
/// verification found.
fn broken() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 10, 100_000);
    sandbox.back_up("a b");
    let disk = sandbox.disk("a");
    objects(&disk).iter().take(3).for_each(|id| fs::write(object_file(&disk, id), "damaged").unwrap());
    sandbox.code(4, "verify a");
    assert_eq!(objects(&disk).len(), 7);
    sandbox
}

/// The source loses everything, and no update learns of it.
fn lose_source(sandbox: &Sandbox) {
    fs::rename(sandbox.path("src/f"), sandbox.path("lost")).unwrap();
}

/// A disk is unplugged, or plugged in again.
fn unplug(sandbox: &Sandbox, disk: &str) -> PathBuf {
    let drawer = sandbox.path(format!("drawer-{disk}"));
    fs::rename(sandbox.disk(disk), &drawer).unwrap();
    drawer
}

fn plug_in(sandbox: &Sandbox, disk: &str) {
    fs::rename(sandbox.path(format!("drawer-{disk}")), sandbox.disk(disk)).unwrap();
}

fn is_whole(sandbox: &Sandbox) {
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM damage"), 0);
    let report = sandbox.ok("verify a --json").json();
    assert_eq!(report["good"]["objects"], 10);
    assert_eq!(temporary_files(&sandbox.disk("a")), Vec::<PathBuf>::new());
    let again = sandbox.ok("repair a --json").json();
    assert_eq!((&again["repaired"]["objects"], &again["complete"]), (&json!(0), &json!(true)));
}

#[test]
fn from_the_source() {
    let sandbox = broken();
    let report = sandbox.ok("repair a --json").json();
    assert_eq!(report["repaired"], json!({"objects": 3, "bytes": 300_000}));
    assert_eq!((&report["from_disks"]["objects"], &report["remaining"]["objects"]), (&json!(0), &json!(0)));
    is_whole(&sandbox);
}

#[test]
fn from_another_disk_where_the_source_is_gone() {
    let sandbox = broken();
    lose_source(&sandbox);
    let report = sandbox.ok("repair a --json").json();
    assert_eq!(report["from_disks"], json!({"objects": 3, "bytes": 300_000}));
    is_whole(&sandbox);
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("lost"), &sandbox.path("out/s/f"));
}

#[test]
fn from_another_disk_where_the_source_has_changed_unseen() {
    let sandbox = broken();
    for file in fs::read_dir(sandbox.path("src/f")).unwrap() {
        fs::write(file.unwrap().path(), vec![7; 100_000]).unwrap();
    }
    assert_eq!(sandbox.ok("repair a --json").json()["from_disks"]["objects"], 3);
    is_whole(&sandbox);
}

#[test]
fn what_only_an_older_state_needs_too() {
    let sandbox = broken();
    sandbox.source().remove("f").file("stay", "");
    sandbox.ok("update");
    sandbox.ok("repair a").says("3 from other disks");
    is_whole(&sandbox);
}

#[test]
fn what_nobody_needs_any_more_is_wanted_no_more() {
    let sandbox = broken();
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().remove("f").file("stay", "");
    sandbox.ok("update");
    sandbox.ok("repair a").says("lacks nothing");
    assert_eq!(objects(&sandbox.disk("a")).len(), 7);
}

#[test]
fn what_can_be_read_after_all_is_only_read() {
    let sandbox = broken();
    sandbox.ok("repair a");
    sandbox.tamper("UPDATE copy SET doubt = 1 WHERE disk = 0 AND object < 4");
    let report = sandbox.ok("repair a --json").json();
    assert_eq!((&report["reread"]["objects"], &report["repaired"]["objects"]), (&json!(3), &json!(0)));
}

#[test]
fn through_this_machine_where_one_disk_at_a_time_can_be_attached() {
    let sandbox = broken();
    lose_source(&sandbox);
    unplug(&sandbox, "a");
    sandbox.code(10, "repair a").says("--stage");
    let report = sandbox.code(3, "repair a --stage st --json").json();
    assert_eq!((&report["staged"]["objects"], &report["attached"]), (&json!(3), &json!(false)));
    sandbox.code(3, "repair a --stage st").says("Attach a and run the same command.");
    plug_in(&sandbox, "a");
    unplug(&sandbox, "b");
    let report = sandbox.ok("repair a --stage st --json").json();
    assert_eq!((&report["from_stage"]["objects"], &report["complete"]), (&json!(3), &json!(true)));
    assert_eq!(fs::read_dir(sandbox.path("st")).unwrap().count(), 0, "what arrived leaves the stage");
    is_whole(&sandbox);
}

#[test]
fn a_small_stage_takes_several_rounds() {
    let sandbox = broken();
    lose_source(&sandbox);
    for left in [1, 0] {
        unplug(&sandbox, "a");
        let report = sandbox.code(3, "repair a --stage st --limit 250k --json").json();
        assert_eq!((&report["staged"]["objects"], &report["stage_full"]), (&json!(2 - (1 - left)), &json!(left == 1)));
        plug_in(&sandbox, "a");
        unplug(&sandbox, "b");
        let report = sandbox.run("repair a --stage st --json").json();
        assert_eq!(report["remaining"]["objects"], left);
        plug_in(&sandbox, "b");
    }
    is_whole(&sandbox);
}

#[test]
fn a_damaged_stage_gives_nothing() {
    let sandbox = broken();
    lose_source(&sandbox);
    unplug(&sandbox, "a");
    sandbox.code(3, "repair a --stage st");
    for file in fs::read_dir(sandbox.path("st")).unwrap() {
        fs::write(file.unwrap().path(), vec![7; 100_000]).unwrap();
    }
    plug_in(&sandbox, "a");
    unplug(&sandbox, "b");
    let report = sandbox.code(3, "repair a --stage st --json").json();
    assert_eq!((&report["repaired"]["objects"], &report["problems"]), (&json!(0), &json!(3)));
    assert_eq!(objects(&sandbox.disk("a")).len(), 7);
}

#[test]
fn damaged_there_too() {
    let sandbox = broken();
    lose_source(&sandbox);
    let (a, b) = (objects(&sandbox.disk("a")), sandbox.disk("b"));
    let first = objects(&b).difference(&a).next().unwrap().clone();
    fs::write(object_file(&b, &first), vec![7; 100_000]).unwrap();
    let ran = sandbox.code(3, "repair a --json");
    assert!(ran.err.contains("damaged there too; `dsb verify b`"), "{}", ran.err);
    let report = ran.json();
    assert_eq!((&report["repaired"]["objects"], &report["remaining"]["objects"]), (&json!(2), &json!(1)));
    assert!(!object_file(&sandbox.disk("a"), &first).exists());
}

#[test]
fn the_budget_holds_here_too() {
    let sandbox = broken();
    let used = 7 * 100_000;
    let reserve: u32 = sandbox.sql("SELECT reserve FROM disk WHERE name = 'a'");
    sandbox.ok(&format!("disk set a --size {}", reserve + used + 150_000));
    // What was set aside counts too.
    fs::remove_dir_all(sandbox.disk("a").join("bad-objects")).unwrap();
    let report = sandbox.code(3, "repair a --json").json();
    assert_eq!((&report["repaired"]["objects"], &report["no_room"]["objects"]), (&json!(1), &json!(2)));
    sandbox.code(3, "repair a").says("No room on a");
}

#[test]
fn a_disk_is_no_stage() {
    let sandbox = broken();
    sandbox.code(5, "repair a --stage disks/b/st").says("inside backup disk b");
    sandbox.code(2, "repair a --limit 5M");
}

#[test]
fn nothing_is_changed_where_that_is_asked() {
    let sandbox = broken();
    let report = sandbox.code(3, "repair a --stage st -n --json").json();
    assert_eq!((&report["repaired"]["objects"], &report["remaining"]["objects"]), (&json!(0), &json!(3)));
    assert!(!sandbox.path("st").exists());
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM damage"), 3);
}

#[test]
fn one_that_no_disk_has_is_named() {
    let sandbox = broken();
    lose_source(&sandbox);
    sandbox.ok("disk drop b --lost");
    let ran = sandbox.code(3, "repair a --json");
    let lost: Vec<Value> = ran.json()["remaining"]["lost"].as_array().unwrap().clone();
    assert_eq!(lost.len(), 3);
    assert!(lost[0].as_str().unwrap().starts_with("/s/f/"));
}
