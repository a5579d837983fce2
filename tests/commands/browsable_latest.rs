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
