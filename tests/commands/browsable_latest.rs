//! Where `snapshots/latest` points: to the newest state that was backed up without any problem.

use crate::kit::{Sandbox, latest, trees};
use std::fs;

fn showing() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.ok("disk set a --tree");
    sandbox
}

#[test]
fn a_state_that_could_not_be_read_is_not_the_latest() {
    let sandbox = showing();
    sandbox.source().file("f", "one");
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let good = latest(&disk);
    sandbox.source().file("f", "two");
    sandbox.ok("update");
    // As the update leaves it when it could not read something.
    sandbox.tamper("UPDATE snapshot SET problems = 1 WHERE id = (SELECT max(id) FROM snapshot)");
    let day = good.file_name().unwrap().to_string_lossy().into_owned();
    sandbox.ok("backup a").says(&format!("latest stays at {day}")).says("interrupted or could not read");
    assert_eq!((trees(&disk).len(), latest(&disk)), (2, good.clone()));
    sandbox.ok("backup a").says(&format!("latest stays at {day}"));
    sandbox.source().file("f", "three");
    sandbox.back_up("a");
    assert_eq!(latest(&disk), disk.join("snapshots").join(&trees(&disk)[2]));
}

#[test]
fn a_backup_with_a_problem_does_not_move_it() {
    let sandbox = showing();
    sandbox.source().file("f", "one");
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let good = latest(&disk);
    sandbox.source().file("f", "two").file("g", "new");
    sandbox.ok("update");
    sandbox.source().file("g", "longer than before");
    sandbox.code(3, "backup a").says("latest stays at").says("this backup had problems");
    assert_eq!((trees(&disk).len(), latest(&disk)), (2, good.clone()));
    sandbox.run("backup a");
    assert_eq!(latest(&disk), good);
    sandbox.back_up("a");
    assert_eq!(latest(&disk), disk.join("snapshots").join(trees(&disk).last().unwrap()));
}

#[test]
fn a_first_state_with_problems_has_none() {
    let sandbox = showing();
    sandbox.source().file("f", "one");
    sandbox.ok("update");
    sandbox.tamper("UPDATE snapshot SET complete = 0");
    sandbox.ok("backup a").says("there is no latest yet");
    assert!(fs::symlink_metadata(sandbox.disk("a").join("snapshots/latest")).is_err());
    assert_eq!(trees(&sandbox.disk("a")).len(), 1);
}

#[test]
fn where_its_tree_goes_it_moves_to_the_newest_good_one_or_goes_too() {
    let sandbox = showing();
    for round in 0..3 {
        sandbox.source().file("f", round.to_string());
        sandbox.back_up("a");
    }
    let disk = sandbox.disk("a");
    let names = trees(&disk);
    sandbox.source().file("f", "bad");
    sandbox.ok("update");
    sandbox.tamper("UPDATE snapshot SET problems = 1 WHERE id IN (2, 4)");
    sandbox.ok("backup a");
    assert_eq!(latest(&disk), disk.join("snapshots").join(&names[2]));
    sandbox.ok("snapshot forget 3");
    sandbox.ok("backup a");
    assert_eq!(latest(&disk), disk.join("snapshots").join(&names[0]));
    sandbox.ok("snapshot forget 1");
    sandbox.ok("backup a");
    assert!(fs::symlink_metadata(disk.join("snapshots/latest")).is_err());
    assert_eq!(trees(&disk).len(), 2);
}

/// Two sources, one of which is away while the other changes; only the newest state is to be kept.
fn half_away() -> (Sandbox, std::path::PathBuf) {
    let sandbox = showing();
    sandbox.source().file("f", "one");
    fs::create_dir(sandbox.path("other")).unwrap();
    fs::write(sandbox.path("other/g"), "g").unwrap();
    sandbox.ok("source map /t other");
    sandbox.ok("retention set --keep-last 1");
    sandbox.back_up("a");
    let good = latest(&sandbox.disk("a"));
    fs::rename(sandbox.path("other"), sandbox.path("away")).unwrap();
    sandbox.source().file("f", "two").settle();
    sandbox.code(3, "update");
    (sandbox, good)
}

#[test]
fn a_failed_run_costs_neither_the_last_good_tree_nor_the_latest() {
    for before in ["disk list", "verify a", "disk refresh a"] {
        let (sandbox, good) = half_away();
        sandbox.ok(before);
        sandbox.run("backup a").says("latest stays at");
        let disk = sandbox.disk("a");
        assert_eq!((latest(&disk), trees(&disk).len()), (good.clone(), 2), "{before}");
        sandbox.run("backup -u a");
        assert_eq!(latest(&disk), good, "{before}");
    }
}

#[test]
fn once_all_is_seen_the_same_state_is_whole() {
    let (sandbox, good) = half_away();
    sandbox.ok("backup a");
    fs::rename(sandbox.path("away"), sandbox.path("other")).unwrap();
    let report = sandbox.ok("update --json").json();
    assert!(report["snapshot"].is_null(), "{report}");
    sandbox.ok("backup a");
    let disk = sandbox.disk("a");
    assert!(latest(&disk) != good && latest(&disk).join("s/f").exists());
    assert_eq!(fs::read_to_string(latest(&disk).join("s/f")).unwrap(), "two");
}

#[test]
fn a_disk_that_shows_nothing_any_more_loses_its_trees_in_a_failed_run_too() {
    let (sandbox, _) = half_away();
    sandbox.ok("disk set a --no-tree");
    sandbox.code(3, "backup -u a");
    fs::rename(sandbox.path("away"), sandbox.path("other")).unwrap();
    sandbox.ok("backup -u a");
    assert!(!sandbox.disk("a").join("snapshots").exists());
}
