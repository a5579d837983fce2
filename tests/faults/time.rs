//! Clocks, other runs, other versions.

use super::{amid, claims_are_true, on_ext4};
use crate::injection::injector::{self, KILL};
use crate::kit::{Sandbox, assert_same, has, shell, wait_until, words};
use rusqlite::Connection;
use std::fs;

#[test]
fn c03_the_lock_of_a_dead_run() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("f", 10, 1_000);
    sandbox.ok("update");
    if !injector::is_there() {
        return;
    }
    injector::run(&sandbox, "backup a", KILL, 60).expect(-9, "backup a");
    let lock = fs::read_to_string(sandbox.catalog().with_file_name("distbackup.lock")).unwrap();
    assert!(lock.starts_with("dsb backup"), "{lock}");
    sandbox.ok("backup a");
}

#[test]
fn c04_a_home_that_knows_no_locks() {
    let sandbox = Sandbox::with_disks("");
    if !has("strace") {
        return;
    }
    let line = "exec strace -f -qq -o /dev/null -e trace=flock -e inject=flock:error=ENOLCK \"$dsb\" update";
    shell(&sandbox, line).expect(1, "update").says("cannot lock").says("No locks available");
}

#[test]
fn c05_times_before_and_long_after_all_clocks() {
    let sandbox = Sandbox::with_disks("a 40M");
    let seconds = [-2_208_988_800, -5, 0, 4_295_030_400, 9_000_000_000];
    for (n, second) in seconds.into_iter().enumerate() {
        sandbox.source().file(n.to_string(), n.to_string()).mtime(n.to_string(), second, 123_456_789);
    }
    sandbox.source().settle();
    sandbox.back_up("a");
    assert_eq!(sandbox.ok("update --json").json()["hashed"]["objects"], 0, "a date in the future costs no reading");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn c05_a_clock_that_jumps() {
    let sandbox = Sandbox::with_disks("a 40M b 40M");
    if !has("faketime") {
        return;
    }
    for (round, date) in ["2031-01-01", "1971-01-01", "2106-03-01", "2001-01-01"].into_iter().enumerate() {
        sandbox.source().files(&format!("round{round}"), 5, 1_000);
        for line in ["update", "backup a", "verify a", "backup b"] {
            shell(&sandbox, &format!("exec faketime '{date} 12:00:00' \"$dsb\" {line}")).expect(0, date);
        }
    }
    sandbox.back_up("a b");
    for disk in ["a", "b"] {
        claims_are_true(&sandbox, &sandbox.disk(disk));
        sandbox.ok(&format!("verify {disk}"));
    }
    sandbox.ok("restore --from disks/b out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn c05_a_disk_seen_in_the_future_licenses_no_eviction() {
    let sandbox = Sandbox::with_disks("a 22M b 22M");
    sandbox.source().files("old", 3, 800_000);
    sandbox.back_up("a b");
    sandbox.source().files("new", 1, 800_000);
    sandbox.ok("update");
    let steps = || sandbox.ok("backup a --simulate --json").json()["steps"].as_array().unwrap().len();
    assert_eq!(steps(), 2, "one makes way for the new one");
    let week = 7_i64 * 86_400 * 1_000_000_000;
    sandbox.tamper(&format!("UPDATE disk SET last_seen = last_seen + {week} WHERE name = 'b'"));
    assert_eq!(steps(), 0, "nobody knows when that was");
    sandbox.ok("verify b");
    assert_eq!(steps(), 2, "b was seen");
}

/// A sandbox with the catalog that the first dsb left.
fn oldest() -> (Sandbox, String) {
    let sql = fs::read_to_string("tests/fixtures/catalogs/1.sql").unwrap();
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.catalog().parent().unwrap()).unwrap();
    (sandbox, sql)
}

#[test]
fn c07_an_upgrade_cut_off_at_any_call() {
    let (sandbox, sql) = oldest();
    if !injector::is_there() {
        return;
    }
    let folder = sandbox.catalog().parent().unwrap().to_owned();
    let begin = || {
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        Connection::open(sandbox.catalog()).unwrap().execute_batch(&sql).unwrap();
    };
    begin();
    let calls = injector::calls(&sandbox, "info", KILL);
    let newest = sandbox.sql::<i64>("PRAGMA user_version");
    assert!(calls > 10 && newest > 1);
    for at in 1..=calls {
        begin();
        injector::run(&sandbox, "info", KILL, at).expect(-9, "info");
        assert_eq!(sandbox.sql::<String>("PRAGMA integrity_check"), "ok", "at {at}");
        let version = sandbox.sql::<i64>("PRAGMA user_version");
        assert!((1..=newest).contains(&version), "at {at}: {version}");
        assert_eq!(sandbox.ok("info --json").json()["entries"]["file"], 2, "at {at}");
        assert_eq!(sandbox.sql::<i64>("PRAGMA user_version"), newest, "at {at}");
    }
}

#[test]
fn c08_looking_while_a_backup_runs() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("f", 20, 20_000);
    sandbox.ok("update");
    for (at, call) in [(4, "fsync"), (2, "renameat"), (1, "unlinkat")] {
        sandbox.source().file(format!("more{at}"), call);
        sandbox.ok("update");
        let looked = |_| {
            for line in ["info", "ls", "next", "disk list", "where /s/f/0001", "tree", "forecast"] {
                sandbox.ok(line);
            }
        };
        let Some(ran) = amid(&sandbox, "backup a", (call, ""), at, looked) else { return };
        ran.expect(0, "backup a");
    }
}

#[test]
fn c08_a_look_waits_for_nobody() {
    let Some((sandbox, _drive)) = on_ext4(64) else { return };
    sandbox.source().files("f", 200, 20_000);
    sandbox.ok("update");
    let mut child = sandbox.spawn("backup a");
    let mut looks = 0;
    wait_until(|| {
        words("info ls next").iter().for_each(|line| drop(sandbox.ok(line)));
        looks += 1;
        child.try_wait().unwrap().is_some()
    });
    assert!(looks > 0 && child.wait().unwrap().success());
}
