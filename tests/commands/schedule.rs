//! `verify` a part at a time: the new, the bad, the oldest, as much as there is time for.

use crate::kit::{Ran, Sandbox, object_file, objects};
use serde_json::{Value, json};
use std::fs;

/// Ten files of 10,000 bytes on a disk.
fn ten() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 10, 10_000);
    sandbox.back_up("a");
    sandbox
}

fn read(ran: &Ran) -> Value {
    ran.json()["good"]["objects"].clone()
}

/// Sets the day of proof of some copies back by so many days.
fn grow_old(sandbox: &Sandbox, which: &str, days: u32) {
    sandbox.tamper(&format!(
        "UPDATE copy SET proven = proven - {days}, session = 0 WHERE {which};
                             UPDATE catalog SET holdings_true = 0"
    ));
}

#[test]
fn what_was_written_and_never_read_is_new_once() {
    let sandbox = ten();
    assert_eq!(read(&sandbox.ok("verify a --new --json")), 10);
    assert_eq!(read(&sandbox.ok("verify a --new --json")), 0);
    sandbox.source().files("more", 3, 5_000);
    sandbox.back_up("a");
    assert_eq!(read(&sandbox.ok("verify a --new --json")), 3);
    sandbox.ok("verify a --new").says("nothing to read");
}

#[test]
fn what_could_not_be_read_is_bad_until_it_can() {
    let sandbox = ten();
    sandbox.tamper("UPDATE copy SET doubt = 1 WHERE object IN (SELECT id FROM object LIMIT 2)");
    assert_eq!(sandbox.ok("info --json").json()["levels"][0]["objects"], 2);
    assert_eq!(read(&sandbox.ok("verify a --bad --json")), 2);
    assert_eq!(read(&sandbox.ok("verify a --bad --json")), 0);
    assert_eq!(sandbox.ok("info --json").json()["levels"][0]["objects"], 0);
}

#[test]
fn the_oldest_tenth_after_tenth_is_the_whole() {
    let sandbox = ten();
    grow_old(&sandbox, "1", 100);
    for left in (0..10).rev() {
        assert_eq!(read(&sandbox.ok("verify a --oldest 10% --json")), 1);
        let old: u32 = sandbox.sql("SELECT count(*) FROM copy WHERE proven < (SELECT max(proven) FROM copy)");
        assert_eq!(old, left);
    }
}

#[test]
fn the_oldest_come_first_and_the_last_is_read_whole() {
    let sandbox = ten();
    grow_old(&sandbox, "object IN (SELECT id FROM object LIMIT 3)", 50);
    let report = sandbox.ok("verify a --oldest 25k --json").json();
    assert_eq!(report["chosen"], json!({"objects": 3, "bytes": 30_000}));
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM copy WHERE session = 0"), 3);
    assert_eq!(sandbox.sql::<u32>("SELECT count(DISTINCT proven) FROM copy"), 1);
}

#[test]
fn a_run_without_time_begins_nothing_and_says_what_is_left() {
    let sandbox = ten();
    let report = sandbox.ok("verify a --for 0s --json").json();
    assert_eq!((&report["good"]["objects"], &report["timed_out"]), (&json!(0), &json!(true)));
    sandbox.ok("verify a --for 0s").says("The time is up; 10 objects for the next run.");
    let report = sandbox.ok("verify a --for 1h --json").json();
    assert_eq!((&report["good"]["objects"], &report["timed_out"]), (&json!(10), &json!(false)));
}

#[test]
fn what_nobody_read_for_a_year_is_told_and_names_a_disk() {
    let sandbox = ten();
    let info = sandbox.ok("info --json").json();
    assert_eq!(info["disks"][0]["unproven"]["objects"], 0);
    assert!(sandbox.ok("info").out.contains("100 %"));
    grow_old(&sandbox, "object IN (SELECT id FROM object LIMIT 4)", 366);
    let info = sandbox.ok("info --json").json();
    assert_eq!(info["disks"][0]["unproven"], json!({"objects": 4, "bytes": 40_000}));
    let words = sandbox.ok("info").out;
    assert!(words.contains("60 %") && words.contains("Not read and proven for a year, or never: 40.0 kB"), "{words}");
    let next = sandbox.ok("next --json").json();
    assert_eq!((&next["next"], &next["prove"]), (&Value::Null, &json!("a")));
    sandbox.ok("next").says("Attach a to prove 40.0 kB");
    sandbox.ok("verify a --oldest 40%");
    assert_eq!(sandbox.ok("next --json").json()["prove"], Value::Null);
}

#[test]
fn damage_in_a_part_is_found_and_the_rest_stays_unread() {
    let sandbox = ten();
    let disk = sandbox.disk("a");
    let oldest: String = sandbox.sql("SELECT lower(hex(hash)) FROM object WHERE id = 7");
    grow_old(&sandbox, "object = 7", 10);
    fs::write(object_file(&disk, &oldest), "wrong").unwrap();
    let report = sandbox.code(4, "verify a --oldest 1 --json").json();
    assert_eq!((&report["damage"][0]["object"], &report["good"]["objects"]), (&json!(oldest), &json!(0)));
    assert_eq!(objects(&disk).len(), 9);
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM damage"), 1);
    let words = sandbox.ok("info").out;
    assert!(words.contains("Damaged or missing on a: 1 object, 10.0 kB"), "{words}");
    sandbox.ok("backup a");
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM damage"), 0, "a good copy ends it");
}

#[test]
fn only_one_part_at_a_time() {
    let sandbox = ten();
    sandbox.code(2, "verify a --new --bad");
    sandbox.code(2, "verify a --oldest 101%");
    sandbox.code(2, "verify a --for soon");
}
