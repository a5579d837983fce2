//! Killed at any instant and run again: the same tree, no claim that is not true, no copy fewer,
//! nothing left to plan, no temporary file.

use crate::kit::{
    Sandbox, assert_made_of_objects, assert_objects_are_whole, assert_same, below, bytes, latest, object_file, objects,
    temporary_files, trees, words,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Starts a run, kills it after this time, and says whether it was still running.
fn killed_after(sandbox: &Sandbox, line: &str, delay: Duration) -> bool {
    let mut child = sandbox.spawn(line);
    sleep(delay);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

/// How long a run takes that nobody disturbs.
fn duration(sandbox: &Sandbox, line: &str) -> Duration {
    let begun = Instant::now();
    sandbox.ok(line);
    begun.elapsed()
}

/// Moments within a span, the same ones in every run of the tests.
fn moments(seed: u64, span: Duration, count: usize) -> Vec<Duration> {
    let parts = bytes(seed, count * 2);
    parts.chunks(2).map(|two| span * u32::from(u16::from_le_bytes([two[0], two[1]])) / 65_536).collect()
}

/// How many copies the catalog claims of each object.
fn claims(sandbox: &Sandbox) -> BTreeMap<String, i64> {
    let catalog = rusqlite::Connection::open(sandbox.catalog()).unwrap();
    let sql =
        "SELECT lower(hex(o.hash)), count(c.disk) FROM object o LEFT JOIN copy c ON c.object = o.id GROUP BY o.id";
    let mut statement = catalog.prepare(sql).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Every claim is true, and every object in its place is whole: at any instant.
fn claims_are_true(sandbox: &Sandbox, disks: &str) {
    let catalog = rusqlite::Connection::open(sandbox.catalog()).unwrap();
    let sql =
        "SELECT lower(hex(o.hash)), d.name FROM copy c JOIN object o ON o.id = c.object JOIN disk d ON d.id = c.disk";
    let mut statement = catalog.prepare(sql).unwrap();
    let claims = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
    for (id, disk) in claims.map(Result::unwrap) {
        assert!(object_file(&sandbox.disk(&disk), &id).exists(), "{id} is claimed on {disk} and not there");
    }
    words(disks).iter().for_each(|disk| assert_objects_are_whole(&sandbox.disk(disk)));
}

/// After the last run nothing is left of any disturbance.
fn is_as_if_nothing_happened(sandbox: &Sandbox, disks: &str) {
    claims_are_true(sandbox, disks);
    for disk in words(disks) {
        sandbox.ok(&format!("backup {disk}"));
        let plan = sandbox.ok(&format!("backup {disk} --simulate --json")).json();
        assert_eq!(plan["steps"], json!([]), "disk {disk}");
        assert_eq!(temporary_files(&sandbox.disk(&disk)), Vec::<std::path::PathBuf>::new());
        sandbox.ok(&format!("verify {disk}"));
    }
    sandbox.ok("restore out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

fn source(sandbox: &Sandbox) {
    sandbox.source().files("small", 500, 3_000).files("large", 6, 1_500_000).symlink("l", "x").fifo("p").file("e", "");
}

#[test]
fn an_update() {
    let undisturbed = Sandbox::with_disks("a 60M");
    source(&undisturbed);
    let span = duration(&undisturbed, "update");
    for (round, delay) in moments(1, span, 8).into_iter().enumerate() {
        let sandbox = Sandbox::with_disks("a 60M");
        source(&sandbox);
        killed_after(&sandbox, "update", delay);
        killed_after(&sandbox, "update", delay / 2);
        sandbox.ok("update");
        assert_eq!(claims(&sandbox), claims(&undisturbed), "round {round}");
        sandbox.ok("backup a");
        is_as_if_nothing_happened(&sandbox, "a");
    }
}

#[test]
fn an_update_that_finds_changes() {
    let sandbox = Sandbox::with_disks("a 60M");
    source(&sandbox);
    sandbox.back_up("a");
    for (round, delay) in moments(2, Duration::from_millis(300), 6).into_iter().enumerate() {
        sandbox.source().files(&format!("new {round}").replace(' ', "-"), 40, 2_000).file("e", round.to_string());
        sandbox
            .source()
            .remove(format!("small/{round:04}"))
            .rename(format!("small/{:04}", 100 + round), format!("r{round}"));
        killed_after(&sandbox, "update", delay);
        sandbox.ok("update");
    }
    sandbox.ok("backup a");
    is_as_if_nothing_happened(&sandbox, "a");
}

#[test]
fn a_backup_to_empty_disks() {
    let undisturbed = Sandbox::with_disks("a 60M b 60M");
    source(&undisturbed);
    undisturbed.ok("update");
    let span = duration(&undisturbed, "backup a");
    undisturbed.ok("backup b");
    let sandbox = Sandbox::with_disks("a 60M b 60M");
    source(&sandbox);
    sandbox.ok("update");
    for (delay, disk) in moments(3, span, 8).into_iter().zip(["a", "b"].into_iter().cycle()) {
        killed_after(&sandbox, &format!("backup {disk}"), delay);
        claims_are_true(&sandbox, "a b");
    }
    sandbox.ok("backup a");
    sandbox.ok("backup b");
    has_no_fewer_copies(&sandbox, &undisturbed);
    is_as_if_nothing_happened(&sandbox, "a b");
}

fn has_no_fewer_copies(sandbox: &Sandbox, undisturbed: &Sandbox) {
    let (found, expected) = (claims(sandbox), claims(undisturbed));
    for (id, copies) in expected {
        assert!(found.get(&id).copied().unwrap_or_default() >= copies, "{id} has fewer copies than {copies}");
    }
}

/// Full disks with the same files, and new ones for which second copies must go.
fn trading() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 100, 100_000);
    sandbox.back_up("a b");
    sandbox.source().files("new", 60, 100_000);
    sandbox.ok("update");
    sandbox
}

#[test]
fn a_backup_that_trades() {
    let undisturbed = trading();
    let span = duration(&undisturbed, "backup a");
    undisturbed.ok("backup b");
    for delay in moments(4, span, 8) {
        let sandbox = trading();
        let before = claims(&sandbox);
        killed_after(&sandbox, "backup a", delay);
        claims_are_true(&sandbox, "a b");
        no_last_copy_went(&sandbox, &before);
        sandbox.ok("backup a");
        no_last_copy_went(&sandbox, &before);
        sandbox.ok("backup b");
        has_no_fewer(&sandbox, &undisturbed);
        is_as_if_nothing_happened(&sandbox, "a b");
    }
}

#[test]
fn a_backup_that_trades_below_trees() {
    let scene = || {
        let sandbox = Sandbox::with_disks("a 30M b 30M");
        ["a", "b"].iter().for_each(|disk| drop(sandbox.ok(&format!("disk set {disk} --tree"))));
        sandbox.source().files("f", 90, 100_000);
        sandbox.back_up("a b");
        sandbox.source().files("new", 50, 100_000);
        sandbox.ok("update");
        sandbox
    };
    let span = duration(&scene(), "backup a");
    for delay in moments(9, span, 6) {
        let sandbox = scene();
        let before = claims(&sandbox);
        killed_after(&sandbox, "backup a", delay);
        claims_are_true(&sandbox, "a b");
        no_last_copy_went(&sandbox, &before);
        sandbox.ok("backup a");
        sandbox.ok("backup b");
        for disk in ["a", "b"].map(|disk| sandbox.disk(disk)) {
            assert_made_of_objects(&disk);
            assert_eq!(trees(&disk).len(), 2);
            let shown = below(&latest(&disk)).into_iter().filter(|path| path.is_file()).count();
            assert_eq!(shown, objects(&disk).len());
        }
        is_as_if_nothing_happened(&sandbox, "a b");
    }
}

/// What had a copy has one still.
fn no_last_copy_went(sandbox: &Sandbox, before: &BTreeMap<String, i64>) {
    let after = claims(sandbox);
    for (id, _) in before.iter().filter(|(_, copies)| **copies > 0) {
        assert!(after[id] > 0, "the last copy of {id} went");
    }
}

/// By how many copies objects have; which of them it is may differ.
fn has_no_fewer(sandbox: &Sandbox, undisturbed: &Sandbox) {
    let sorted = |sandbox: &Sandbox| {
        let mut counts: Vec<_> = claims(sandbox).into_values().collect();
        counts.sort_unstable();
        counts
    };
    let (found, expected) = (sorted(sandbox), sorted(undisturbed));
    assert!(found.iter().zip(&expected).all(|(found, expected)| found >= expected), "{found:?} {expected:?}");
}

#[test]
fn a_backup_that_removes_orphans() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().files("stay", 100, 3_000);
    for (round, delay) in moments(5, Duration::from_millis(250), 6).into_iter().enumerate() {
        sandbox.source().files(&format!("go{round}"), 300, 3_000);
        sandbox.back_up("a");
        sandbox.source().remove(format!("go{round}"));
        sandbox.ok("update");
        killed_after(&sandbox, "backup a", delay);
        claims_are_true(&sandbox, "a");
        sandbox.ok("backup a");
        assert_eq!(objects(&sandbox.disk("a")).len(), 100, "round {round}");
    }
    is_as_if_nothing_happened(&sandbox, "a");
}

#[test]
fn sums_stay_true_when_looking_afresh_at_a_disk_is_cut_off() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("stay", 3, 3_000).files("go", 3, 2_000);
    sandbox.back_up("a");
    // What only history needs counts apart from what is live.
    sandbox.source().remove("go");
    sandbox.ok("update");
    sandbox.tamper("UPDATE disk SET closed = 0");
    let (folder, aside) = (sandbox.disk("a").join("distbackup-objects"), sandbox.path("aside"));
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "no folder").unwrap();
    sandbox.code(1, "backup a");
    sandbox.ok("catalog check");
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    sandbox.ok("backup a");
    sandbox.ok("catalog check a");
}

#[test]
fn a_restore() {
    let sandbox = Sandbox::with_disks("a 60M");
    source(&sandbox);
    sandbox.back_up("a");
    let span = duration(&sandbox, "restore a whole");
    for (round, delay) in moments(6, span, 5).into_iter().enumerate() {
        killed_after(&sandbox, &format!("restore a to{round}"), delay);
        sandbox.ok(&format!("restore a to{round}"));
        let to = sandbox.path(format!("to{round}")).join("s");
        assert_same(&sandbox.path("src"), &to);
    }
}

#[test]
fn a_verify_that_finds_damage() {
    let sandbox = Sandbox::with_disks("a 60M");
    source(&sandbox);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    for delay in moments(7, Duration::from_millis(400), 5) {
        objects(&disk).iter().step_by(50).for_each(|id| fs::write(object_file(&disk, id), "damaged").unwrap());
        killed_after(&sandbox, "verify a", delay);
        let code = sandbox.run("verify a").code;
        assert!(code == 4 || code == 0, "{code}");
        sandbox.ok("backup a");
    }
    sandbox.ok("backup a");
    is_as_if_nothing_happened(&sandbox, "a");
}

/// Asks a run to stop after this time; what it ended with.
fn asked_to_stop(sandbox: &Sandbox, line: &str, delay: Duration) -> Option<i32> {
    let mut child = sandbox.spawn(line);
    sleep(delay);
    let _ = rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT);
    child.wait().unwrap().code()
}

#[test]
fn a_backup_that_is_asked_to_stop() {
    let sandbox = Sandbox::with_disks("a 60M");
    source(&sandbox);
    sandbox.ok("update");
    for delay in moments(8, Duration::from_millis(500), 6) {
        // Before it has begun to listen, the signal itself ends it.
        let code = asked_to_stop(&sandbox, "backup a --limit 3M", delay);
        assert!([Some(0), Some(130), None].contains(&code), "{code:?}");
        claims_are_true(&sandbox, "a");
        if code == Some(130) {
            assert_eq!(temporary_files(&sandbox.disk("a")), Vec::<std::path::PathBuf>::new());
        }
    }
    is_as_if_nothing_happened(&sandbox, "a");
}
