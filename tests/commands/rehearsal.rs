//! `-n`: nothing at all is done to any disk or catalog, by any command. And what is told of runs
//! that do something: the log, the query plans.

use crate::kit::{Sandbox, dump};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A home with a disk, a backup on it, and something new in the source.
fn lived_in() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 1_000).settle();
    sandbox.back_up("a");
    sandbox.add_disk("empty", "30M");
    sandbox.source().file("new", "new").remove("f/0001");
    sandbox.tree("other").file("x", "x");
    fs::write(sandbox.path("settings.json"), r#"{"path_config": {"/s": {"copies": 4}}}"#).unwrap();
    sandbox
}

#[test]
fn no_command_does_anything() {
    let sandbox = lived_in();
    let before = dump(&sandbox.path(""));
    let lines = [
        "update",
        "update --rehash",
        "backup a",
        "backup a -u",
        "backup empty --delete-many",
        "verify a",
        "verify a --delete",
        "verify a --oldest 10%",
        "repair a",
        "repair a --stage st",
        "catalog check a",
        "catalog recover --from disks/a --replace",
        "restore --guided out",
        "restore a out",
        "restore a out --overwrite --checksum",
        "catalog export --format distbackup-1.0.20 old.sqlite",
        "config import settings.json",
        "source map /o other",
        "source unmap /s",
        "source set /s --copies 3 -i *.o --hide",
        "source lock /s",
        "source unlock /s",
        "source reset /s",
        "disk add b disks/b",
        "disk set a --size 20M --group attic",
        "disk mv a b",
        "disk drop a --lost",
        "disk del empty",
        "disk refresh a",
        "disk refresh a --new-marker",
        "retention set --keep-last 3",
        "protect other --on disks/c",
        "info",
        "ls",
        "next",
    ];
    for line in lines {
        for line in [format!("-n {line}"), format!("{line} --dry-run")] {
            sandbox.code(0, &line);
            assert_eq!(dump(&sandbox.path("")), before, "dsb {line} changed something");
        }
    }
}

#[test]
fn it_tells_what_would_be_done() {
    let sandbox = lived_in();
    let said = sandbox.ok("-n update");
    let said = said.says("1 gone").says("To be read: 1 file, 3 B").says("would be a new snapshot");
    said.says("nothing was changed (-n)");
    let report = sandbox.ok("-n update --json").json();
    assert_eq!((report["hashed"]["objects"].as_u64(), report["unhashed"]["objects"].as_u64()), (Some(0), Some(1)));
    sandbox.ok("-n disk add b disks/b").says("Added b: budget");
    sandbox.ok("-n disk mv a b").says("a is now b");
    let restored = sandbox.ok("-n restore a out --json").json();
    assert_eq!(
        (restored["written"]["objects"].as_u64(), restored["remaining"]["objects"].as_u64()),
        (Some(3), Some(0))
    );
    sandbox.ok("restore a there");
    sandbox.ok("-n restore a there").says("3 were there already");
    sandbox.code(3, "-n restore empty there2").says("attach a");
    sandbox.ok("-n backup empty").says("second copy").says("nothing was changed");
    sandbox.ok("-n protect other --on disks/c").says("Added").says("To be read: 2 files");
}

#[test]
fn it_works_without_a_catalog_and_beside_a_run() {
    let sandbox = Sandbox::new();
    sandbox.tree("src").file("f", "f");
    sandbox.ok("-n source map /s src");
    sandbox.code(10, "-n update").says("no catalog");
    assert_eq!(fs::read_dir(sandbox.path("home")).unwrap().count(), 0);
    let sandbox = lived_in();
    let _lock = sandbox.hold_lock();
    sandbox.ok("-n update");
    sandbox.ok("-n backup a");
}

#[test]
fn what_is_damaged_is_told_and_stays() {
    let sandbox = lived_in();
    let object = crate::kit::objects(&sandbox.disk("a")).pop_first().unwrap();
    fs::write(crate::kit::object_file(&sandbox.disk("a"), &object), "rotten").unwrap();
    let before = dump(&sandbox.path(""));
    sandbox.code(4, "-n verify a").says("1 bad");
    assert_eq!(dump(&sandbox.path("")), before);
}

/// The text of the only log.
fn log(sandbox: &Sandbox) -> String {
    let folder = sandbox.catalog().with_file_name("log");
    let mut files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let (file, none) = (files.next().unwrap(), files.next());
    assert_eq!(none, None);
    let modes = [&folder, &file].map(|path| fs::metadata(path).unwrap().permissions().mode() & 0o777);
    assert_eq!(modes, [0o700, 0o600]);
    fs::read_to_string(file).unwrap()
}

#[test]
fn what_changes_something_is_logged() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "f").file("gone", "g").mode("gone", 0o600);
    sandbox.ok("update --json");
    sandbox.ok("info");
    sandbox.code(10, "backup nosuch");
    let log = log(&sandbox);
    for line in ["dsb source map /s src", "dsb update --json", "Looked at", "ended: done", "dsb backup nosuch"] {
        assert!(log.contains(line), "no {line:?} in\n{log}");
    }
    assert!(log.contains("ended: there is no disk nosuch") && !log.contains("info"), "{log}");
    assert!(log.lines().all(|line| line.starts_with("20") && line.contains(" [")), "{log}");
}

#[test]
fn the_log_is_where_a_person_wants_it() {
    let sandbox = Sandbox::new();
    sandbox.tree("src").file("f", "f");
    sandbox.ok("-l logs/of-@@.log source map /s src");
    let name = fs::read_dir(sandbox.path("logs")).unwrap().next().unwrap().unwrap().file_name();
    let name = name.to_str().unwrap().to_owned();
    assert!(name.starts_with("of-20") && name.len() == "of-2026-01-31.log".len(), "{name}");
    for line in ["-L update", "--nolog update", "--log= update"] {
        sandbox.ok(line);
    }
    assert!(!sandbox.catalog().with_file_name("log").exists());
    assert_eq!(fs::read_to_string(sandbox.path("logs").join(name)).unwrap().matches("] dsb ").count(), 1);
    sandbox.code(1, "-l src/f/log update").says("src/f");
    sandbox.code(2, "update -l x");
}

#[test]
fn how_queries_are_answered_is_told() {
    let sandbox = lived_in();
    let ran = sandbox.ok("-e ls --json");
    ran.json();
    assert!(ran.err.contains("SELECT") && ran.err.contains("SEARCH"), "{}", ran.err);
    let ran = sandbox.ok("--explain update");
    assert!(ran.err.contains("USING") && ran.out.contains("Looked at"), "{}", ran.err);
    assert!(sandbox.ok("update").err.is_empty());
}

#[test]
fn options_that_did_nothing_in_distbackup_say_so() {
    let sandbox = lived_in();
    sandbox.ok("update --nohelper").says("--nohelper does nothing");
    let ran = sandbox.ok("backup a --slack 1G --sync --nohelper");
    for option in ["--slack", "--sync", "--nohelper"] {
        assert!(ran.err.contains(&format!("{option} does nothing")), "{}", ran.err);
    }
}

#[test]
fn a_disk_is_a_catalog_to_read() {
    let sandbox = lived_in();
    let before = dump(&sandbox.disk("a"));
    sandbox.ok("-d disks/a ls /s/f").says("0001");
    sandbox.ok("-d disks/a/distbackup.sqlite info");
    sandbox.ok("-d disks/a restore a out");
    assert_eq!(fs::read_dir(sandbox.path("out/s/f")).unwrap().count(), 3);
    for line in ["update", "backup a", "source map /o other", "retention set --keep-last 2", "disk drop a --lost"] {
        sandbox.code(5, &format!("-d disks/a {line}")).says("only read");
    }
    assert_eq!(dump(&sandbox.disk("a")), before);
    sandbox.code(2, "-d src/new ls").says("give the folder");
}
