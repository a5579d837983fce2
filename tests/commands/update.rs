//! `update`: what is read, what is recognised, what is left out, what is reported.

use crate::kit::{Sandbox, assert_same, is_root, objects};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

fn hashed(report: &Value) -> u64 {
    report["hashed"]["objects"].as_u64().unwrap()
}

#[test]
fn the_second_one_reads_and_records_nothing() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 20, 1_000).symlink("l", "a").fifo("p").dir("empty").settle();
    assert_eq!(hashed(&sandbox.ok("update --json").json()), 20);
    let again = sandbox.ok("update --json").json();
    assert_eq!((hashed(&again), &again["snapshot"]), (0, &Value::Null));
    assert_eq!([&again["added"], &again["changed"], &again["vanished"]], [0, 0, 0]);
}

#[test]
fn a_file_as_young_as_the_scan_is_read_again() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f", "one");
    sandbox.ok("update");
    sandbox.source().settle();
    assert_eq!(hashed(&sandbox.ok("update --json").json()), 1);
    assert_eq!(hashed(&sandbox.ok("update --json").json()), 0);
}

#[test]
fn all_names_of_one_file_are_read_once() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("one", "content").hard_link("d/two", "one").hard_link("three", "one").settle();
    assert_eq!(sandbox.ok("update --json").json()["hashed"]["bytes"], 7);
    sandbox.source().hard_link("four", "one");
    assert!(sandbox.ok("update --json").json()["hashed"]["bytes"].as_u64().unwrap() <= 7);
    sandbox.ok("backup a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn metadata_that_changes_alone_arrives() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "x").dir("d").symlink("l", "f").settle();
    sandbox.back_up("a");
    sandbox.source().mode("f", 0o600).mode("d", 0o700).xattr("f", "user.a", b"1").remove("l").symlink("l", "d");
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn whoever_runs_chmod_over_everything_need_not_read_it_all() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 5, 100).settle();
    sandbox.ok("update");
    (0..5).for_each(|n| {
        sandbox.source().mode(format!("a/{n:04}"), 0o600);
    });
    sandbox.source().settle();
    let report = sandbox.ok("update --ignore-ctime --json").json();
    assert_eq!((hashed(&report), &report["changed"]), (0, &serde_json::json!(5)));
    // The new mode is recorded, and with it the new change time: the person vouched for the rest.
    assert_eq!(
        sandbox.sql::<i64>(
            "SELECT mode FROM owner w JOIN entry e ON e.owner = w.id WHERE name = x'30303030' AND last IS NULL"
        ),
        0o600
    );
    assert_eq!(hashed(&sandbox.ok("update --json").json()), 0);
}

#[test]
fn a_rehash_reads_again_what_looks_the_same() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 5, 100).settle();
    sandbox.ok("update");
    assert_eq!(hashed(&sandbox.ok("update --rehash --json").json()), 5);
    assert_eq!(hashed(&sandbox.ok("update --json").json()), 0);
    sandbox.ok("update --rehash --oldest 5%");
}

#[test]
fn a_file_that_became_a_directory_and_the_other_way_round() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "x").file("d/below", "y");
    sandbox.back_up("a");
    sandbox.source().remove("f").file("f/now", "z").remove("d").file("d", "w");
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn what_is_left_out_is_counted() {
    let sandbox = Sandbox::with_disks("a 40M");
    let signature = "Signature: 8a477f597d28d172789f06886806bc55\n# a cache";
    sandbox.source().file("cache/CACHEDIR.TAG", signature).file("cache/x", "1").file("skip/.distbackup.skip", "");
    sandbox.source().file("skip/x", "1").file("lost+found/x", "1").file("disk/distbackup-disk.json", "{}");
    sandbox.source().file("no cache/CACHEDIR.TAG", "something else").file("f", "1");
    let report = sandbox.ok("update --json").json();
    let counts: Vec<_> = report["left_out"].as_object().unwrap().values().collect();
    assert_eq!(counts, [1, 1, 1, 1], "{report}");
    sandbox.ok("backup a");
    sandbox.ok("restore a out");
    let mut left = fs::read_dir(sandbox.path("out/s")).unwrap().map(|e| e.unwrap().file_name()).collect::<Vec<_>>();
    left.sort();
    assert_eq!(left, ["f", "no cache"]);
}

#[test]
fn a_home_holds_its_own_catalog_and_disk() {
    let sandbox = Sandbox::new();
    sandbox.tree("home").file("letter", "x");
    sandbox.ok("source map /home home");
    sandbox.ok("disk add a home/backup --size 40M");
    let report = sandbox.ok("update --json").json();
    assert_eq!((hashed(&report), &report["complete"]), (1, &json!(true)));
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.path("home/backup")).len(), 1);
    assert_eq!(sandbox.ok("update --json").json()["added"], 0);
}

#[test]
fn what_cannot_be_read_keeps_what_was_known_of_it() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("secret", "s").file("shut/in", "i").file("open", "o");
    if is_root() {
        sandbox.give_to_nobody();
    }
    let run = |code, line: &str| sandbox.as_nobody(line).expect(code, line);
    sandbox.source().settle();
    run(0, "update");
    run(0, "backup a");
    let shut = |mode| {
        sandbox.source().mode("secret", mode).mode("shut", mode);
    };
    shut(0);
    sandbox.source().file("new", "n");
    let report = run(3, "update --json").says("secret").says("shut").json();
    assert_eq!((&report["problems"], &report["vanished"], hashed(&report)), (&json!(2), &json!(0), 1));
    run(3, "backup a").says("update");
    shut(0o700);
    run(0, "restore a out");
    assert_eq!(fs::read(sandbox.path("out/s/shut/in")).unwrap(), b"i");
}

#[test]
fn a_file_that_never_holds_still_is_reported() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 3, 100).file("growing", vec![1; 24 << 20]);
    let path = sandbox.source().path("growing");
    let done = AtomicBool::new(false);
    let report = thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = fs::File::options().append(true).open(&path).unwrap();
            while !done.load(Ordering::Relaxed) {
                file.write_all(b"more").unwrap();
                thread::sleep(Duration::from_micros(100));
            }
        });
        let ran = sandbox.run("update --json");
        done.store(true, Ordering::Relaxed);
        ran.expect(3, "update").says("growing").json()
    });
    assert_eq!((hashed(&report), &report["problems"]), (3, &json!(1)));
}

#[test]
fn a_catalog_without_room_fails_and_is_whole() {
    let sandbox = Sandbox::with_disks("");
    let Some(small) = sandbox.mount("ext4", 4, "small") else { return };
    sandbox.source().files("f", 500, 10);
    sandbox.ok("-d small/catalog source map /s src");
    let free = rustix::fs::statvfs(small.path()).unwrap();
    let filler = free.f_bavail * free.f_frsize - (40 << 10);
    fs::write(small.path().join("filler"), vec![1; usize::try_from(filler).unwrap()]).unwrap();
    assert_eq!(sandbox.run("-d small/catalog update").code, 1);
    fs::remove_file(small.path().join("filler")).unwrap();
    sandbox.ok("-d small/catalog update");
    assert_eq!(hashed(&sandbox.ok("-d small/catalog update --rehash --json").json()), 500);
}

#[test]
fn names_that_changed_places_are_not_confused() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("one", "1111").file("two", "2222");
    for name in ["one", "two"] {
        sandbox.source().mtime(name, 1_600_000_000, 0);
    }
    sandbox.source().settle();
    sandbox.back_up("a");
    sandbox.source().rename("one", "x").rename("two", "one").rename("x", "two");
    sandbox.run("update");
    sandbox.ok("backup a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn an_interrupted_one_goes_on_where_it_was() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 400, 200_000).settle();
    let mut child = sandbox.spawn("update --jobs 1");
    let read = || sandbox.catalog().exists() && recorded(&sandbox) > 0;
    crate::kit::wait_until(|| read() || child.try_wait().unwrap().is_some());
    let id = rustix::process::Pid::from_child(&child);
    let _ = rustix::process::kill_process(id, rustix::process::Signal::INT);
    let code = child.wait().unwrap().code();
    let known = recorded(&sandbox);
    let report = sandbox.ok("update --json").json();
    assert_eq!(hashed(&report) + known, 400, "what was committed is not read again");
    assert!(code == Some(130) || known == 400, "{code:?}");
}

/// Files that the catalog has already.
fn recorded(sandbox: &Sandbox) -> u64 {
    let catalog = rusqlite::Connection::open(sandbox.catalog()).unwrap();
    let count =
        catalog.query_row("SELECT count(*) FROM entry WHERE object IS NOT NULL", [], |row| row.get::<_, i64>(0));
    count.unwrap_or_default() as u64
}

#[test]
fn one_that_is_cut_off_takes_nothing_out() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("first", "f").file("old", "content").settle();
    sandbox.back_up("a");
    sandbox.ok("retention set --keep-last 1");
    // As a move from another file system leaves it: the old name gone, the new one to be read.
    sandbox.source().sparse("first", 4 << 30, 0, b"long").remove("old").file("new", "content");
    let mut child = sandbox.spawn("update --jobs 1");
    crate::kit::wait_until(|| sandbox.sql::<i64>("SELECT unhashed_files FROM catalog") > 0);
    child.kill().unwrap();
    child.wait().unwrap();
    sandbox.code(3, "backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 2);
    sandbox.source().file("first", "f");
    sandbox.ok("update");
    assert!(!sandbox.ok("ls").out.contains("/s/old"));
}

#[test]
fn only_a_map_is_accepted() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f/x", "x");
    sandbox.code(2, "update --accept-loss /s/f").says("dsb source list");
}
