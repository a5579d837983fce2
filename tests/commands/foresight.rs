//! `next` and `forecast`: what is said of visits that nobody made yet, against what they then bring.

use super::protection::apart;
use crate::kit::Sandbox;
use serde_json::{Value, json};

fn objects(value: &Value) -> u64 {
    value["objects"].as_u64().unwrap_or_else(|| panic!("no amount: {value}"))
}

#[test]
fn what_is_advised_is_what_a_visit_brings() {
    let Some((sandbox, _drives)) = apart(&[60, 70, 90]) else { return };
    sandbox.source().files("f", 40, 1_000_000);
    sandbox.ok("update");
    let mut visits = 0;
    loop {
        let next = sandbox.ok("next --json").json();
        let Some(disk) = next["next"].as_str() else { break };
        let ranked = &next["disks"][0];
        assert_eq!(ranked["disk"], disk);
        let report = sandbox.run(&format!("backup {disk} --json")).json();
        assert_eq!(objects(&report["first"]), objects(&ranked["first"]), "{next}");
        assert_eq!(objects(&report["more"]), objects(&ranked["wanted"]) + objects(&ranked["beyond"]), "{next}");
        visits += 1;
        assert!(visits <= 8, "no end: {next}");
    }
    let end = sandbox.ok("next --json").json();
    assert_eq!((&end["attachments"], &end["order"], &end["now"]), (&json!(0), &json!([]), &end["then"]));
    sandbox.ok("next").says("No disk of the shelf would gain anything");
}

#[test]
fn the_order_and_its_end_are_what_is_foreseen() {
    let Some((sandbox, _drives)) = apart(&[60, 70, 90]) else { return };
    sandbox.source().files("f", 40, 1_000_000);
    sandbox.ok("update");
    let foreseen = sandbox.ok("next --json").json();
    let order = foreseen["order"].as_array().unwrap();
    assert_eq!(foreseen["attachments"], order.len());
    assert!(order.len() >= 3, "{foreseen}");
    order.iter().for_each(|visit| drop(sandbox.run(&format!("backup {}", visit["disk"].as_str().unwrap()))));
    let reached = sandbox.ok("next --json").json();
    assert_eq!(reached["now"], foreseen["then"]);
    assert_eq!(sandbox.ok("info --json").json()["below_wanted"], reached["now"]["below_wanted"]);
}

#[test]
fn a_full_shelf_that_nobody_read_for_long_asks_for_proof() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 1000);
    sandbox.back_up("a");
    sandbox.tamper("UPDATE copy SET proven = proven - 400; UPDATE catalog SET holdings_true = 0");
    let next = sandbox.ok("next").says("dsb verify a");
    assert!(next.out.contains("unproven"), "{}", next.out);
    assert_eq!(objects(&sandbox.ok("next --json").json()["disks"][0]["unproven"]), 3);
    sandbox.ok("verify a");
    assert_eq!(objects(&sandbox.ok("next --json").json()["disks"][0]["unproven"]), 0);
}

#[test]
fn without_disks_or_files_there_is_nothing_to_foresee() {
    let sandbox = Sandbox::with_disks("");
    sandbox.ok("next").says("dsb disk add");
    sandbox.ok("forecast");
    assert_eq!(sandbox.ok("forecast --json").json()["folders"], json!([]));
    sandbox.code(10, "forecast --lose nothing");
    sandbox.code(2, "forecast --add much");
}

#[test]
fn what_no_disk_can_mend_is_said() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 1000);
    sandbox.ok("update");
    sandbox.ok("next").says("These disks leave 3 objects, 3.00 kB below the copies wanted");
    sandbox.ok("backup a");
    sandbox.ok("next").says("These disks leave 3 objects, 3.00 kB below the copies wanted");
    let info = sandbox.ok("info").says("No disk would gain anything");
    assert!(info.out.lines().skip(1).all(|line| line.chars().count() <= 80), "{}", info.out);
    sandbox.ok("source set / --copies 1");
    assert!(!sandbox.ok("next").out.contains("below the copies wanted:"));
}

#[test]
fn folders_are_counted_by_the_copies_of_their_files() {
    let Some((sandbox, _drives)) = apart(&[60, 60]) else { return };
    sandbox.ok("source unmap /s");
    sandbox.source().files("x", 4, 1000).files("y", 6, 1000).file("top", "1").file("empty", "");
    sandbox.ok("source map / src");
    sandbox.back_up("a");
    sandbox.source().files("y/new", 2, 1000);
    sandbox.ok("update");
    let folders = sandbox.ok("forecast --json").json()["folders"].clone();
    let counts = |path: &str| {
        let folder = folders.as_array().unwrap().iter().find(|folder| folder["path"] == path).unwrap();
        let below: Vec<u64> = folder["below"].as_array().unwrap().iter().map(objects).collect();
        (objects(&folder["files"]), below, objects(&folder["below_wanted"]))
    };
    assert_eq!(counts("/"), (1, vec![0, 1, 1], 1));
    assert_eq!(counts("/x"), (4, vec![0, 4, 4], 4));
    assert_eq!(counts("/y"), (8, vec![2, 8, 8], 8));
    sandbox.ok("forecast").says("together");
}

#[test]
fn what_a_lost_disk_costs_is_named_and_the_rest_makes_it_good() {
    let Some((sandbox, _drives)) = apart(&[60, 60]) else { return };
    sandbox.source().files("both", 3, 1000);
    sandbox.back_up("a b");
    sandbox.source().files("one", 2, 1000);
    sandbox.back_up("a");
    let change = sandbox.ok("forecast --lose a --json").json()["change"].clone();
    assert_eq!(change["gone"]["paths"], json!(["/s/one/0000", "/s/one/0001"]), "{change}");
    assert_eq!((objects(&change["for_good"]), objects(&change["at_once"]["levels"][0])), (0, 2));
    assert_eq!(objects(&change["outcome"]["then"]["levels"][0]), 0);
    let both = sandbox.ok("forecast --lose a b --json").json()["change"].clone();
    assert_eq!((objects(&both["gone"]), objects(&both["for_good"])), (5, 5));
    // A disk is lost once, whatever it is called.
    let again = sandbox.ok("forecast --lose a m-a/dsb --lose a --json").json()["change"].clone();
    assert_eq!(again, change);
    let bare = sandbox.ok("forecast --lose a b");
    assert!(bare.out.contains("Of these, 5 objects,"), "{}", bare.out);
    sandbox.ok("forecast --lose a").says("/s/one/0001").says("have room for all of it");
    sandbox.ok("forecast --lose b").says("Nothing has its only copy there");
    sandbox.ok("verify a");
}

#[test]
fn a_new_disk_is_foreseen_as_it_then_comes() {
    let Some((sandbox, _drives)) = apart(&[70]) else { return };
    sandbox.source().files("f", 20, 1_000_000);
    sandbox.back_up("a");
    let change = sandbox.ok("forecast --add 90MiB --json").json()["change"].clone();
    assert_eq!(objects(&change["at_once"]["below_wanted"]), 20);
    let then = objects(&change["outcome"]["then"]["below_wanted"]);
    let Some(_drive) = sandbox.mount("ext4", 90, "m-new") else { return };
    sandbox.ok("disk add new m-new/dsb");
    sandbox.ok("backup new");
    assert_eq!((then, objects(&sandbox.ok("info --json").json()["below_wanted"])), (0, 0));
    sandbox.ok("forecast --add 1T --add 2T").says("a new disk of 1.00 TB, a new disk of 2.00 TB");
}

#[test]
fn the_day_when_the_shelf_is_full_follows_the_growth_that_was_seen() {
    let Some((sandbox, _drives)) = apart(&[60, 60]) else { return };
    sandbox.source().files("f", 10, 1_000_000);
    sandbox.ok("update");
    let forecast = sandbox.ok("forecast --json").json();
    assert_eq!((&forecast["growth"], &forecast["outcome"]["full"][0]["full"]), (&Value::Null, &Value::Null));
    // A hundred days ago half of it was there: the other half takes a hundred days more to come again.
    sandbox.tamper("INSERT INTO growth SELECT day - 100, 5, 5000000 FROM growth");
    let forecast = sandbox.ok("forecast --json").json();
    assert_eq!(forecast["growth"], json!({"days": 100, "bytes": 5_000_000}));
    let full = &forecast["outcome"]["full"];
    let room = full[1]["room"].as_u64().unwrap();
    let today: i64 = sandbox.sql("SELECT max(day) FROM growth");
    let days = i64::try_from((room - 10_000_000) * 100 / 5_000_000).unwrap();
    let expected: String = sandbox.sql(&format!("SELECT date({}, 'unixepoch')", (today + days) * 86_400));
    assert_eq!(full[1]["full"].as_str(), Some(expected.as_str()), "{forecast}");
    assert!(full[0]["room"].as_u64() > full[1]["room"].as_u64());
    sandbox.ok("forecast").says("In the last 100 days it grew by 5.00 MB: 18.3 MB a year.");
}

#[test]
fn growth_is_noted_once_a_day_and_only_if_there_is_any() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("f", 3, 1000);
    sandbox.ok("update");
    sandbox.source().files("g", 1, 500);
    sandbox.ok("update");
    assert_eq!(sandbox.sql::<String>("SELECT group_concat(objects || ' ' || bytes) FROM growth"), "4 3500");
    sandbox.tamper("UPDATE growth SET day = day - 1");
    sandbox.ok("update");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM growth"), 1);
    sandbox.source().files("h", 1, 500);
    sandbox.ok("update");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM growth"), 2);
}
