//! `catalog check` and `catalog recover`: a home catalog that is wrong, damaged, old or gone.

use crate::kit::{Sandbox, assert_same, object_file, objects};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// Ten files on two disks that have one copy of each.
fn lived_in() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 10, 100_000);
    sandbox.back_up("a b");
    sandbox
}

fn home(sandbox: &Sandbox) -> PathBuf {
    sandbox.path("home/.config/distbackup")
}

/// The home catalog is gone, with all that lay beside it.
fn lose_home(sandbox: &Sandbox) {
    fs::rename(home(sandbox), sandbox.path("lost-home")).unwrap();
}

/// After the next update and backups nothing shows that anything was wrong.
fn goes_on(sandbox: &Sandbox) {
    sandbox.ok("update");
    for disk in ["a", "b"] {
        sandbox.ok(&format!("backup {disk}"));
        sandbox.ok(&format!("verify {disk}"));
        assert_eq!(sandbox.ok(&format!("backup {disk} --simulate --json")).json()["steps"], json!([]));
    }
    sandbox.ok("catalog check a b").says("The catalog is sound.");
    sandbox.ok("restore out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_sound_one_is_sound() {
    let report = lived_in().ok("catalog check a b --json").json();
    assert_eq!((&report["sound"], &report["claims"][1]["there"]["objects"]), (&json!(true), &json!(10)));
}

#[test]
fn wrong_sums_are_found_and_put_right() {
    let sandbox = lived_in();
    sandbox.tamper("UPDATE holding SET objects = objects + 1 WHERE objects > 0");
    sandbox.code(4, "catalog check -n").says("not what counting gives.");
    assert_eq!(sandbox.code(4, "catalog check --json").json()["sums_mended"], true);
    sandbox.ok("catalog check");
}

#[test]
fn rows_that_lead_nowhere_are_found() {
    let sandbox = lived_in();
    sandbox.tamper("PRAGMA foreign_keys = OFF; INSERT INTO copy VALUES (999, 0, 0, 0, 0)");
    assert_eq!(sandbox.code(4, "catalog check --json").json()["dangling"], json!({"copy": 1}));
}

#[test]
fn claims_that_are_not_true_are_found_and_left_to_verify() {
    let sandbox = lived_in();
    let disk = sandbox.disk("a");
    let ids: Vec<_> = objects(&disk).into_iter().collect();
    fs::remove_file(object_file(&disk, &ids[0])).unwrap();
    fs::write(object_file(&disk, &ids[1]), "short").unwrap();
    let ran = sandbox.code(4, "catalog check a b --json");
    assert_eq!(ran.json()["claims"][0]["missing"]["objects"], 2);
    assert!(ran.err.contains("/s/f/") && ran.err.contains("not there with its size"), "{}", ran.err);
    sandbox.code(4, "verify a");
    sandbox.ok("catalog check a b");
}

#[test]
fn a_damaged_file_is_said_to_be_damaged() {
    let sandbox = lived_in();
    damage(&sandbox.catalog());
    sandbox.code(4, "catalog check").says("catalog recover --from");
}

/// Writes over a page in the middle, where SQLite itself sees it.
fn damage(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 8192 * 4096;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_home_that_is_gone() {
    let sandbox = lived_in();
    lose_home(&sandbox);
    sandbox.code(10, "info");
    let report = sandbox.ok("catalog recover --from disks/a disks/b --json").json();
    assert_eq!((&report["from"], &report["to_attach"]), (&json!("b"), &json!([])));
    assert_eq!(report["disks"][0]["found"], 10);
    goes_on(&sandbox);
}

#[test]
fn a_home_that_is_damaged_is_kept_aside() {
    let sandbox = lived_in();
    damage(&sandbox.catalog());
    let damaged = fs::read(sandbox.catalog()).unwrap();
    sandbox.ok("catalog recover --from disks/b").says("What lay there before is kept:");
    assert_eq!(fs::read(home(&sandbox).join("set-aside-1.sqlite")).unwrap(), damaged);
    goes_on(&sandbox);
}

#[test]
fn a_usable_home_gives_way_only_if_that_is_said() {
    let sandbox = lived_in();
    let before = fs::read(sandbox.catalog()).unwrap();
    sandbox.code(5, "catalog recover --from disks/a").says("--replace");
    assert_eq!(fs::read(sandbox.catalog()).unwrap(), before);
    sandbox.ok("catalog recover --from disks/a disks/b --replace");
    assert_eq!(fs::read(home(&sandbox).join("set-aside-1.sqlite")).unwrap(), before);
    goes_on(&sandbox);
}

#[test]
fn the_newest_copy_is_taken_whatever_comes_first() {
    let sandbox = lived_in();
    sandbox.source().files("more", 5, 10_000);
    sandbox.back_up("a");
    for from in ["disks/a disks/b", "disks/b disks/a"] {
        let _ = fs::remove_dir_all(sandbox.path("lost-home"));
        lose_home(&sandbox);
        let report = sandbox.ok(&format!("catalog recover --from {from} --json")).json();
        assert_eq!(report["from"], "a", "{from}");
        assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM object"), 15);
    }
    goes_on(&sandbox);
}

#[test]
fn an_older_copy_counts_what_is_there_and_believes_it_once_it_was_read() {
    let sandbox = lived_in();
    sandbox.source().files("more", 5, 10_000);
    sandbox.back_up("b a");
    lose_home(&sandbox);
    // Only the copy on b is left, which does not know what a got since.
    fs::remove_file(sandbox.disk("a").join("distbackup.sqlite")).unwrap();
    for file in fs::read_dir(sandbox.disk("a")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|end| end == "sqlite") {
            fs::remove_file(file).unwrap();
        }
    }
    let report = sandbox.code(3, "catalog recover --from disks/b disks/a --json");
    assert!(report.err.contains("no catalog copy"), "{}", report.err);
    assert_eq!(report.json()["to_attach"], json!(["a"]));
    assert_eq!(sandbox.sql::<u32>("SELECT unconfirmed FROM disk WHERE name = 'a'"), 1);
    sandbox.ok("update");
    sandbox.code(5, "backup a").says("dsb disk refresh a");
    sandbox.ok("disk refresh a");
    sandbox.ok("verify a --bad");
    goes_on(&sandbox);
}

#[test]
fn no_copy_goes_for_those_on_a_disk_that_was_not_there() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 100, 100_000);
    sandbox.back_up("b a");
    lose_home(&sandbox);
    sandbox.ok("catalog recover --from disks/a").says("Not seen yet: b");
    sandbox.source().files("new", 60, 100_000);
    sandbox.ok("update");
    let before = objects(&sandbox.disk("a"));
    sandbox.run("backup a");
    assert!(before.is_subset(&objects(&sandbox.disk("a"))), "b licenses nothing before it was seen");
    sandbox.ok("verify b");
    sandbox.ok("backup a");
    assert!(!before.is_subset(&objects(&sandbox.disk("a"))), "now it does");
}

#[test]
fn disks_of_two_catalogs_are_told_apart() {
    let (sandbox, other) = (lived_in(), lived_in());
    lose_home(&sandbox);
    let foreign = other.disk("b");
    sandbox.code(5, &format!("catalog recover --from disks/a {}", foreign.display())).says("two catalogs");
    assert!(!sandbox.catalog().exists());
}

#[test]
fn without_any_usable_copy_nothing_is_made() {
    let sandbox = lived_in();
    lose_home(&sandbox);
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.code(10, "catalog recover --from empty").says("another disk");
    sandbox.code(2, "catalog recover");
    assert!(!sandbox.catalog().exists());
}

#[test]
fn a_rehearsal_makes_nothing() {
    let sandbox = lived_in();
    lose_home(&sandbox);
    let report = sandbox.ok("catalog recover --from disks/a -n --json").json();
    assert_eq!((&report["from"], &report["to_attach"]), (&json!("a"), &json!(["b"])));
    assert!(!home(&sandbox).exists());
}
