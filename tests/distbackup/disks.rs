//! The disks: found by their marker, looked at once, their old catalog kept.

use super::{DISKS, Old, lines};
use crate::kit::{Sandbox, hash, object_file, objects};
use std::fs;

#[test]
fn a_disk_keeps_its_old_catalog_and_its_name() {
    let old = Old::new();
    old.adopt();
    let disk = old.disk("one");
    let (before, marker) = (fs::read(disk.join("distbackup.sqlite")).unwrap(), marker(&disk));
    let free = || old.ok("backup one --simulate --json").json()["room"].as_u64().unwrap();
    old.ok("backup one");
    let room = free();
    for _ in 0..2 {
        old.tree("tree/docs").file("new", old.path("x").display().to_string()).settle();
        old.back_up("one");
        assert_eq!(fs::read(disk.join("distbackup-1.0.20.sqlite")).unwrap(), before);
        assert_eq!(free(), room, "it is counted, and moves no plan");
    }
    for key in ["uuid", "name"] {
        assert_eq!(marker[key], self::marker(&disk)[key], "as distbackup reads it");
    }
}

fn marker(disk: &std::path::Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(disk.join("distbackup-disk.json")).unwrap()).unwrap()
}

#[test]
fn what_is_missing_or_cut_short_is_named_and_copied_again() {
    let old = Old::new();
    old.adopt();
    let names: Vec<String> =
        lines(&old.kept(), "SELECT hash FROM object WHERE refs > 0 AND nexus = '111' AND size > 10 ORDER BY hash");
    let disk = old.disk("two");
    fs::remove_file(object_file(&disk, &names[0])).unwrap();
    fs::write(object_file(&disk, &names[1]), "short").unwrap();
    // Until its first session the catalog says what distbackup said.
    let backup = old.ok("backup two --json");
    for name in &names[..2] {
        assert!(backup.err.contains(name), "{name} in {}", backup.err);
        assert_eq!(hash(&object_file(&disk, name)), *name);
    }
    let counts = ["first", "more"].map(|what| backup.json()[what]["objects"].as_u64().unwrap());
    assert_eq!(counts, [0, 2]);
}

#[test]
fn a_disk_that_moved_is_found() {
    let old = Old::new();
    old.spoil("UPDATE disk SET relative_path = 'nowhere/any more' WHERE name = 'one'");
    old.adopt();
    old.code(10, "backup one").says("not attached");
    fs::create_dir(old.path("elsewhere")).unwrap();
    fs::rename(old.disk("one"), old.path("elsewhere/one")).unwrap();
    old.ok("disk set one --path elsewhere/one");
    old.ok("backup one");
}

#[test]
fn a_disk_without_any_catalog_is_taken_in() {
    let old = Old::new();
    let sandbox = Sandbox::new();
    super::copy(&old.path("tree"), &sandbox.path("tree"));
    super::copy(&old.path("disks"), &sandbox.path("disks"));
    fs::remove_file(sandbox.disk("one").join("distbackup.sqlite")).unwrap();
    sandbox.code(10, "disk refresh disks/one").says("no catalog");
    sandbox.ok("source map /docs tree/docs");
    sandbox.ok("update");
    let known = objects(&sandbox.disk("one")).into_iter().next().unwrap();
    let ran = sandbox.ok("disk refresh disks/one --json").json();
    assert_eq!((&ran["disk"], &ran["added"]), (&"one".into(), &true.into()));
    let found = ran["found"].as_u64().unwrap();
    assert!(found > 10 && ran["strangers"].as_u64().unwrap() > 2, "{ran}");
    // By name and size alone it protects nothing yet.
    assert_eq!(
        sandbox.ok("info --json").json()["levels"][0]["objects"],
        sandbox.sql::<i64>("SELECT count(*) FROM object")
    );
    let ran = sandbox.ok("disk refresh disks/one --verify --json").json();
    assert_eq!((&ran["added"], &ran["good"]["objects"], &ran["damaged"]), (&false.into(), &found.into(), &0.into()));
    sandbox.ok("backup one");
    assert!(objects(&sandbox.disk("one")).contains(&known), "what no catalog knows is left alone");
}

#[test]
fn what_is_rotten_on_such_a_disk_is_said() {
    let old = Old::new();
    old.adopt();
    let name = &lines(&old.kept(), "SELECT hash FROM object WHERE size = 6 AND refs > 0")[0];
    fs::write(object_file(&old.disk("three"), name), "qqqqqq").unwrap();
    let ran = old.code(4, "disk refresh three --verify --json");
    assert_eq!(ran.json()["damaged"], 1, "{}", ran.out);
    assert!(ran.err.contains(name));
}

#[test]
fn a_name_that_is_taken_is_said_with_the_way_out() {
    let old = Old::new();
    let sandbox = Sandbox::with_disks("one 40M");
    super::copy(&old.disk("one"), &sandbox.path("theirs"));
    sandbox.ok("update");
    sandbox.code(5, "disk refresh theirs").says("dsb disk rename one OTHER-NAME");
    sandbox.ok("disk rename one mine");
    sandbox.ok("disk refresh theirs");
    // A disk of another catalog is not taken from it.
    let other = Sandbox::with_disks("x 40M");
    other.back_up("x");
    super::copy(&other.disk("x"), &sandbox.path("foreign"));
    sandbox.code(5, "disk refresh foreign").says("belongs to another catalog");
}

#[test]
fn disks_of_the_first_distbackups_are_refused_with_the_way_out() {
    let old = Old::new();
    old.adopt();
    let disk = old.disk("one");
    fs::rename(disk.join("distbackup-objects"), disk.join(".distbackup.data")).unwrap();
    old.code(5, "backup one").says("let distbackup 1.0.20 open it once");
    old.code(5, "disk refresh one").says(".distbackup.data");
    fs::create_dir(old.path("early")).unwrap();
    fs::write(old.path("early/.distbackup.uuid"), "00000000-0000-0000-0000-000000000007").unwrap();
    old.code(10, "disk refresh early").says("let distbackup 1.0.20 open it once");
}

#[test]
fn a_disk_that_was_not_seen_yet_licenses_no_eviction() {
    let old = Old::new();
    old.adopt();
    old.ok("update");
    old.ok("disk set one --size 18M");
    // All it holds is on two other disks, if distbackup is right, which nobody has looked at yet.
    let held = objects(&old.disk("one"));
    old.run("backup one");
    let orphans: Vec<String> = lines(&old.kept(), "SELECT hash FROM object WHERE refs = 0");
    let gone: Vec<_> = held.iter().filter(|id| !objects(&old.disk("one")).contains(*id)).cloned().collect();
    assert_eq!(gone, orphans);
    assert_eq!(DISKS.len(), 3);
}

#[test]
fn nothing_goes_from_a_disk_that_distbackup_has_filled() {
    let old = Old::new();
    old.spoil("UPDATE disk SET size = 200000");
    let place = old.catalog().display().to_string();
    let report = old.ok(&format!("catalog adopt {place} --json")).json();
    assert!(report["disks"][0]["budget"].as_u64().unwrap() > 17_000_000, "{report}");
    old.ok("update");
    for name in DISKS {
        let backup = old.ok(&format!("backup {name} --json")).json();
        assert_eq!((&backup["evicted"]["objects"], &backup["over_budget"]), (&0.into(), &0.into()), "{backup}");
    }
}
