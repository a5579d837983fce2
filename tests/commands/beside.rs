//! What is set while something else works with the catalog, and what was cut off before it was done.

use crate::kit::Sandbox;
use rusqlite::Connection;
use std::thread::{scope, sleep};
use std::time::Duration;

/// Long enough for a program to begin and to wait.
const A_WHILE: Duration = Duration::from_millis(400);

/// Two states, of which the first alone has a file.
fn two_states() -> Sandbox {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("old", "old").file("stays", "stays").settle();
    sandbox.ok("update");
    sandbox.source().remove("old");
    sandbox.ok("update");
    sandbox
}

#[test]
fn a_state_that_is_forgotten_meanwhile_is_neither_kept_nor_tagged() {
    for line in ["snapshot keep 1", "snapshot unkeep 1", "snapshot tag 1 --add good"] {
        let sandbox = two_states();
        let forgetting = Connection::open(sandbox.catalog()).unwrap();
        forgetting.execute_batch("BEGIN IMMEDIATE; DELETE FROM snapshot WHERE id = 1").unwrap();
        let ran = scope(|scope| {
            let asked = scope.spawn(|| sandbox.run(line));
            sleep(A_WHILE);
            forgetting.execute_batch("COMMIT").unwrap();
            asked.join().unwrap()
        });
        ran.expect(5, line).says("forgotten just now");
    }
}

#[test]
fn what_a_forgetting_left_that_was_cut_off_goes_at_the_next_update() {
    let sandbox = two_states();
    let rows = || sandbox.sql::<u32>("SELECT count(*) FROM entry WHERE name = CAST('old' AS BLOB)");
    // As if it had been killed when the snapshot was gone, and nothing else yet.
    sandbox.tamper("DELETE FROM snapshot WHERE id = 1; UPDATE catalog SET forgetting = 1, holdings_true = 2");
    // Whoever counts the sums meanwhile makes nothing of it forgotten.
    sandbox.ok("retention set --keep-last 5");
    assert_eq!(rows(), 1);
    sandbox.ok("update").says("Nothing changed");
    assert_eq!((rows(), sandbox.sql::<u32>("SELECT forgetting FROM catalog")), (0, 0));
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM object"), 1);
    sandbox.ok("catalog check");
}

#[test]
fn a_run_waits_for_sums_that_are_counted_behind_a_setting() {
    let sandbox = two_states();
    let lock = sandbox.hold_lock();
    let folder = sandbox.catalog().parent().unwrap().to_owned();
    std::fs::write(folder.join("distbackup.lock"), "a setting of dsb (process 1)").unwrap();
    let waiting = sandbox.spawn("update");
    sleep(A_WHILE);
    drop(lock);
    assert_eq!(waiting.wait_with_output().unwrap().status.code(), Some(0));
    let lock = sandbox.hold_lock();
    std::fs::write(folder.join("distbackup.lock"), "dsb backup (process 1)").unwrap();
    sandbox.code(11, "update").says("dsb backup (process 1)");
    sandbox.ok("snapshot keep 1");
    drop(lock);
}
