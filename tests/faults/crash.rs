//! The run: out of descriptors, memory, room at home; asked to stop, held, limited; its log gone.

use super::{amid, claims_are_true, fill, objects_at, recovers};
use crate::injection::injector::{self, Fault};
use crate::kit::{Ran, Sandbox, objects, shell, temporary_files};
use rustix::process::{Signal, kill_process};
use std::fs;

fn updated() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("f", 30, 20_000);
    sandbox.ok("update");
    sandbox
}

/// Ended in order, or by a signal; never by a panic.
fn ended_in_order(ran: &Ran, codes: &[i32], what: &str) {
    assert!(codes.contains(&ran.code) && !ran.err.contains("panicked"), "{what}: {}\n{}", ran.code, ran.err);
}

#[test]
fn b10_too_many_open_files() {
    let sandbox = updated();
    let mut told = 0;
    for limit in 4..26 {
        for line in ["update", "backup a", "verify a", "restore a out"] {
            let ran = shell(&sandbox, &format!("ulimit -n {limit}; \"$dsb\" {line}"));
            // 127: too few for the loader; 4: what cannot be read is damage to a verify.
            ended_in_order(&ran, &[0, 1, 3, 4, 127], &format!("{limit} {line}"));
            told += usize::from(ran.err.contains("Too many open files"));
        }
        claims_are_true(&sandbox, &sandbox.disk("a"));
    }
    assert!(told > 10, "only {told} were told");
    recovers(&sandbox, &sandbox.disk("a"));
    assert_eq!(objects_at(&sandbox.disk("a")), 30);
}

#[test]
fn b08_asked_to_stop_in_any_way() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let sandbox = updated();
        let ask = |id| kill_process(id, signal).unwrap();
        let Some(ran) = amid(&sandbox, "backup a", ("openat2", "disks"), 20, ask) else { return };
        ran.expect(130, "backup a").says("run the same command again");
        assert_eq!(temporary_files(&sandbox.disk("a")), Vec::<std::path::PathBuf>::new());
        claims_are_true(&sandbox, &sandbox.disk("a"));
        recovers(&sandbox, &sandbox.disk("a"));
        assert_eq!(objects_at(&sandbox.disk("a")), 30);
    }
}

#[test]
fn b08_held_for_a_while() {
    let sandbox = updated();
    let Some(ran) = amid(&sandbox, "backup a", ("openat2", "disks"), 20, |_| ()) else { return };
    ran.expect(0, "backup a");
    assert_eq!(objects_at(&sandbox.disk("a")), 30);
}

#[test]
fn b08_no_file_may_grow_so_large() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("f", 10, 20_000).file("large", crate::kit::bytes(1, 3_000_000)).file("last", "l");
    sandbox.ok("update");
    let limited = |line: &str| shell(&sandbox, &format!("ulimit -f 1024; \"$dsb\" {line}"));
    limited("backup a").expect(3, "backup a").says("/s/large: not copied: the disk takes no file of 3.00 MB");
    assert_eq!(objects(&sandbox.disk("a")).len(), 11, "the others are copied");
    claims_are_true(&sandbox, &sandbox.disk("a"));
    recovers(&sandbox, &sandbox.disk("a"));
    limited("restore a out").expect(3, "restore").says("/s/large: File too large");
    sandbox.ok("restore a out");
    crate::kit::assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn b09_too_little_memory() {
    let sandbox = updated();
    let mut failed = 0;
    for limit in (10_000..40_000).step_by(3_000) {
        for line in ["update --rehash", "backup a", "verify a"] {
            let ran = shell(&sandbox, &format!("ulimit -v {limit}; exec \"$dsb\" {line}"));
            // 134: the allocator's own end, which says what it could not get. 139: no stack.
            ended_in_order(&ran, &[0, 1, 3, 127, -6, -9, -11], &format!("{limit} {line}"));
            failed += usize::from(ran.code != 0);
        }
        claims_are_true(&sandbox, &sandbox.disk("a"));
    }
    assert!(failed > 0, "there was always enough");
    sandbox.ok("update");
    recovers(&sandbox, &sandbox.disk("a"));
}

#[test]
fn b12_a_home_without_room() {
    let sandbox = Sandbox::new();
    let Some(small) = sandbox.mount("ext4", 24, "home/.config/distbackup") else { return };
    sandbox.tree("src").files("f", 100, 5_000);
    fs::create_dir(sandbox.path("disks")).unwrap();
    sandbox.ok("source map /s src");
    sandbox.ok("disk add a disks/a --size 60M");
    sandbox.ok("update");
    let disk = sandbox.disk("a");
    // The last name has been given, and nothing is claimed yet.
    let named = |_| drop(fill(small.path()));
    let Some(ran) = amid(&sandbox, "backup a", ("renameat", "disks/a/distbackup-objects"), 100, named) else { return };
    ran.expect(1, "backup a").says("the catalog: ");
    assert_eq!(objects_at(&disk), 100);
    fs::remove_file(small.path().join("other")).unwrap();
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM copy"), 0);
    let report = sandbox.ok("backup a --json").json();
    assert_eq!(
        (&report["first"]["objects"], objects_at(&disk)),
        (&0.into(), 100),
        "they are taken in, not copied again"
    );
    recovers(&sandbox, &disk);
}

#[test]
fn b13_a_log_that_cannot_be_written() {
    let sandbox = updated();
    let log = sandbox.catalog().with_file_name("log");
    fs::remove_dir_all(&log).unwrap();
    fs::write(&log, "no folder").unwrap();
    sandbox.ok("backup a").says("warning: ").says("going on without a log");
    assert_eq!(objects_at(&sandbox.disk("a")), 30);
    assert_eq!(fs::read(log).unwrap(), b"no folder");
}

#[test]
fn b02_metadata_that_a_medium_refuses() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().file("f", "x").mode("f", 0o640).xattr("f", "user.note", b"n").mtime("f", 1_600_000_000, 0);
    sandbox.back_up("a");
    if !injector::is_there() {
        return;
    }
    for call in ["chmod", "utimensat", "setxattr"] {
        let ran = injector::run(&sandbox, &format!("restore a {call}"), Fault::fails(call), 1);
        ran.expect(3, call).says("/s/f: Input/output error");
        assert!(!sandbox.path(call).join("s/f").exists(), "{call}");
        sandbox.ok(&format!("restore a {call}"));
        crate::kit::assert_same(&sandbox.path("src"), &sandbox.path(call).join("s"));
    }
}
