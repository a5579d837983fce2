//! How many copies are wanted of what, and which disks protect each other.

use crate::kit::{Mounted, Sandbox, objects};
use serde_json::{Value, json};

/// One source at `/s`, and disks on file systems of their own, by megabytes: a, b, c ...
pub fn apart(megabytes: &[u64]) -> Option<(Sandbox, Vec<Mounted>)> {
    let sandbox = Sandbox::with_disks("");
    let mut drives = Vec::new();
    for (name, megabytes) in ["a", "b", "c", "d"].iter().zip(megabytes) {
        drives.push(sandbox.mount("ext4", *megabytes, &format!("m-{name}"))?);
        sandbox.ok(&format!("disk add {name} m-{name}/dsb"));
    }
    Some((sandbox, drives))
}

/// What info says of objects below the copies wanted.
fn below(sandbox: &Sandbox) -> u64 {
    sandbox.ok("info --json").json()["below_wanted"]["objects"].as_u64().unwrap()
}

#[test]
fn two_copies_are_wanted_unless_said_otherwise() {
    let Some((sandbox, _drives)) = apart(&[60, 60]) else { return };
    sandbox.source().files("f", 5, 10_000);
    sandbox.back_up("a");
    sandbox.code(3, "info --check").says("Wanted: 2 copies. Below that: 5 objects");
    sandbox.ok("source set / --copies 1");
    sandbox.ok("info --check").says("Everything has the 1 copy wanted");
    sandbox.ok("source set / --copies 0");
    sandbox.code(3, "info --check");
    sandbox.ok("backup b");
    sandbox.ok("info --check").says("Everything has the 2 copies wanted");
    sandbox.ok("info");
}

#[test]
fn what_is_not_read_yet_is_not_protected() {
    let Some((sandbox, _drives)) = apart(&[60]) else { return };
    sandbox.source().files("f", 1, 10);
    sandbox.ok("source set / --copies 1");
    sandbox.back_up("a");
    sandbox.ok("info --check");
    sandbox.tamper("UPDATE catalog SET unhashed_files = 1");
    sandbox.code(3, "info --check");
}

#[test]
fn what_was_never_looked_at_is_not_protected() {
    let sandbox = Sandbox::with_disks("");
    let info = sandbox.code(3, "info --check --json").json();
    assert_eq!(info["unscanned"], json!(["/s"]));
    sandbox.code(3, "info --check").says("/s was never looked at: run `dsb update`");
    sandbox.source().dir("empty");
    sandbox.ok("update");
    sandbox.ok("info --check");
}

#[test]
fn a_setting_for_nothing_is_kept_and_said() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("there", "1");
    sandbox.ok("update");
    let set = sandbox.ok("source set /s/there /s/nosuch --copies 3 --json").json();
    assert_eq!((&set["paths"][0]["present"], &set["paths"][1]["present"]), (&json!(true), &json!(false)));
    sandbox.ok("source list").says("/s/nosuch: there is nothing of that name now");
}

#[test]
fn settings_hold_for_all_below_and_the_nearest_counts() {
    let sandbox = Sandbox::with_disks("");
    sandbox.ok("source set /s --copies 3 --priority 7");
    sandbox.ok("source set /s/x --copies 1 --maxcopies 4");
    let shown = |path: &str| sandbox.ok(&format!("source set {path} --json")).json()["paths"][0].clone();
    let of = |value: &Value| [&value["copies"], &value["priority"], &value["maxcopies"]].map(Value::as_u64);
    assert_eq!(of(&shown("/s/x/y")), [Some(1), Some(7), Some(4)]);
    assert_eq!(of(&shown("/s/z")), [Some(3), Some(7), None]);
    assert_eq!(of(&shown("/")), [Some(2), Some(1), None]);
    let set = json!({"copies": 1, "priority": null, "maxcopies": 4, "locked": false, "hidden": false,
                     "follow": false, "inherits": true, "rules": [], "filters": []});
    assert_eq!(shown("/s/x")["set"], set);
    sandbox.ok("source set /s/x --copies 0 --maxcopies 0");
    assert_eq!(of(&shown("/s/x/y")), [Some(3), Some(7), None]);
    let listed = sandbox.ok("source list --json").json();
    assert_eq!(listed["paths"].as_array().unwrap().len(), 1, "{listed}");
    sandbox.ok("source list").says("copies wanted");
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    let sandbox = Sandbox::with_disks("");
    for line in ["--copies 65", "--copies -1", "--copies x", "--priority 256", "--maxcopies 1000"] {
        sandbox.code(2, &format!("source set /s {line}"));
    }
    sandbox.code(2, "source set --copies 2");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM path_setting"), 0);
}

#[test]
fn copies_that_are_wanted_come_first_and_push_out_those_that_are_not() {
    // The second disk has room for half of it.
    let sandbox = Sandbox::with_disks("a 40M b 22M");
    sandbox.source().files("dear", 10, 200_000).files("cheap", 10, 200_000).files("file", 10, 200_000);
    sandbox.ok("source set / --copies 1");
    sandbox.back_up("a b");
    let had = objects(&sandbox.disk("b"));
    assert!(!had.is_empty() && had.len() < 30, "{}", had.len());
    sandbox.ok("source set /s/dear /s/file/0003 --copies 2");
    sandbox.ok("backup b");
    let copies = |pattern: &str| {
        let listed = sandbox.ok(&format!("ls {pattern} --json")).json();
        let files = listed["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "file");
        files.map(|entry| entry["disks"].as_array().unwrap().len()).collect::<Vec<_>>()
    };
    assert_eq!((copies("/s/dear"), copies("/s/file/0003")), (vec![2; 10], vec![2]));
    assert_eq!(below(&sandbox), 11, "on folders of one device the copies count once");
}

#[test]
fn content_at_two_places_gets_the_better_of_both() {
    let sandbox = Sandbox::with_disks("a 40M b 40M");
    sandbox.source().files("dear", 3, 1000);
    std::fs::create_dir(sandbox.path("src/cheap")).unwrap();
    for n in 0..3 {
        std::fs::copy(sandbox.path(format!("src/dear/000{n}")), sandbox.path(format!("src/cheap/{n}"))).unwrap();
    }
    sandbox.source().files("cheap/own", 4, 1000);
    sandbox.ok("source set /s/cheap --copies 1 --maxcopies 1");
    sandbox.back_up("a b");
    let levels = &sandbox.ok("info --json").json()["levels"];
    assert_eq!((&levels[1]["objects"], &levels[2]["objects"]), (&json!(4), &json!(3)), "{levels}");
}

#[test]
fn a_higher_priority_has_the_room() {
    let sandbox = Sandbox::with_disks("a 24M");
    sandbox.source().files("f", 10, 400_000).files("g", 10, 400_000);
    sandbox.ok("source set /s/g --priority 5");
    sandbox.ok("update");
    sandbox.run("backup a");
    let listed = sandbox.ok("ls --disk a --json").json();
    let paths = listed["entries"].as_array().unwrap().iter().filter_map(|entry| entry["path"].as_str());
    let (first, second): (Vec<_>, Vec<_>) = paths.filter(|path| path.len() > 4).partition(|path| path.contains("/g/"));
    assert_eq!(first.len(), 10, "{first:?}");
    assert!((1..10).contains(&second.len()), "{second:?}");
}

#[test]
fn copies_spread_over_groups_before_they_double() {
    let Some((sandbox, _drives)) = apart(&[60, 60, 60]) else { return };
    sandbox.source().files("f", 5, 100_000);
    sandbox.ok("disk set a --group attic");
    sandbox.ok("disk set b --group attic");
    sandbox.back_up("a b");
    assert_eq!(sandbox.ok("info --json").json()["groups"], json!([["a", "b"]]));
    assert_eq!(below(&sandbox), 5);
    sandbox.code(3, "info --check").says("Copies on a, b count once");
    let next = sandbox.ok("next --json").json();
    assert_eq!((&next["next"], &next["disks"][0]["wanted"]["objects"]), (&json!("c"), &json!(5)), "{next}");
    sandbox.ok("disk set b --no-group");
    sandbox.ok("info --check");
    sandbox.ok("disk set b --group attic");
    sandbox.ok("backup c");
    sandbox.ok("info --check");
}

#[test]
fn folders_on_one_device_do_not_protect_each_other() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 5, 1000);
    sandbox.back_up("a b");
    let info = sandbox.code(3, "info --check --json").json();
    assert_eq!((&info["levels"][2]["objects"], &info["below_wanted"]["objects"]), (&json!(5), &json!(5)));
    assert_eq!(info["groups"], json!([["a", "b"]]));
}

#[test]
fn doubles_within_a_group_make_way_for_what_is_not_in_it() {
    // Disks a and b both take the old files, as there is room; then more comes than they have room for.
    let Some((sandbox, _drives)) = apart(&[52, 44, 72]) else { return };
    sandbox.ok("disk set a --group attic");
    sandbox.ok("disk set b --group attic");
    sandbox.source().files("old", 8, 1_000_000);
    sandbox.back_up("a b");
    let on = |disk: &str| objects(&sandbox.path(format!("m-{disk}/dsb")));
    assert_eq!(on("a"), on("b"), "free room takes doubles");
    sandbox.source().files("new", 20, 1_000_000);
    sandbox.back_up("c");
    let plan = sandbox.ok("backup a --simulate --json").json();
    let sums = plan["sums"].as_array().unwrap();
    let trades = sums.iter().find(|sum| sum["reason"] == "trade").unwrap_or_else(|| panic!("no trade in {plan}"));
    assert!(trades["objects"].as_u64() > Some(0));
    sandbox.ok("backup a");
    sandbox.ok("backup b");
    assert_eq!(on("c").len(), 28);
    let doubled = on("a").intersection(&on("b")).count();
    assert!(doubled == 0 && on("a").len() + on("b").len() + usize::try_from(below(&sandbox)).unwrap() == 28);
}

#[test]
fn a_disk_unseen_for_a_year_licenses_no_eviction() {
    let sandbox = Sandbox::with_disks("a 22M b 22M");
    sandbox.source().files("old", 3, 800_000);
    sandbox.back_up("a b");
    sandbox.source().files("new", 1, 800_000);
    sandbox.ok("update");
    let steps = || sandbox.ok("backup a --simulate --json").json()["steps"].as_array().unwrap().len();
    assert_eq!(steps(), 2, "one makes way for the new one");
    let year = 366_i64 * 86_400 * 1_000_000_000;
    sandbox.tamper(&format!("UPDATE disk SET last_seen = last_seen - {year} WHERE name = 'b'"));
    assert_eq!(steps(), 0, "what b has may be there no more");
    sandbox.ok("verify b");
    assert_eq!(steps(), 2, "b was seen");
}

#[test]
fn the_list_of_disks_names_groups_where_there_are_any() {
    let sandbox = Sandbox::with_disks("a 22M b 22M");
    assert!(!sandbox.ok("disk list").out.contains("group"));
    sandbox.ok("disk set b --group attic").says("group attic");
    assert!(sandbox.ok("disk list").says("attic").out.contains("group"));
    assert_eq!(sandbox.ok("disk list --json").json()["disks"][1]["group"], "attic");
    sandbox.code(2, "disk set b --group two words");
    sandbox.code(2, "disk set b --group attic --no-group");
}
