//! Which disk is it? What only looks like the right one is told apart and refused.

use crate::kit::{Mounted, Sandbox, dump, is_root, objects};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

fn one_disk() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("f", "x");
    sandbox.back_up("a");
    sandbox
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

/// Puts one directory in the place of another.
fn replace(old: &Path, new: &Path) {
    fs::remove_dir_all(old).unwrap();
    fs::rename(new, old).unwrap();
}

/// A backup that must be refused and change nothing on the disk.
fn is_refused(sandbox: &Sandbox, code: i32, word: &str) {
    let before = dump(&sandbox.disk("a"));
    sandbox.source().file("g", "y");
    sandbox.ok("update");
    sandbox.code(code, "backup a").says(word);
    assert_eq!(dump(&sandbox.disk("a")), before);
}

#[test]
fn another_disk_of_the_shelf_in_its_place() {
    let sandbox = one_disk();
    replace(&sandbox.disk("a"), &sandbox.disk("b"));
    is_refused(&sandbox, 10, "disk b");
}

#[test]
fn a_disk_of_another_catalog() {
    let sandbox = one_disk();
    sandbox.ok("-d other source map /s src");
    sandbox.ok("-d other disk add a disks/x --size 30M");
    replace(&sandbox.disk("a"), &sandbox.disk("x"));
    is_refused(&sandbox, 10, "disk a is not attached");
}

#[test]
fn the_same_disk_taken_over_by_another_catalog() {
    let sandbox = one_disk();
    let marker = sandbox.disk("a").join("distbackup-disk.json");
    let text = fs::read_to_string(&marker).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["catalog"] = "00000000-0000-4000-8000-000000000000".into();
    fs::write(marker, value.to_string()).unwrap();
    is_refused(&sandbox, 5, "another catalog");
}

#[test]
fn a_clone_beside_it() {
    let sandbox = one_disk();
    let Some(drive) = sandbox.mount("ext4", 64, "m") else { return };
    copy(&sandbox.disk("a"), &drive.path().join("a"));
    let clone = dump(drive.path());
    is_refused(&sandbox, 5, "claim to be a");
    assert_eq!(dump(drive.path()), clone);
    Mounted::unmount(&drive);
    sandbox.ok("backup a");
}

#[test]
fn a_disk_that_was_rolled_back() {
    let sandbox = one_disk();
    copy(&sandbox.disk("a"), &sandbox.path("old"));
    sandbox.source().file("h", "z");
    sandbox.back_up("a");
    replace(&sandbox.disk("a"), &sandbox.path("old"));
    is_refused(&sandbox, 5, "dsb disk refresh a");
    sandbox.ok("disk refresh a");
    sandbox.ok("backup a");
    sandbox.ok("verify a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 3);
}

#[test]
fn a_catalog_that_was_rolled_back() {
    let sandbox = one_disk();
    let home = sandbox.path("home/.config/distbackup");
    copy(&home, &sandbox.path("old"));
    sandbox.source().file("h", "z");
    sandbox.back_up("a");
    replace(&home, &sandbox.path("old"));
    is_refused(&sandbox, 5, "newer than this catalog");
    sandbox.ok("disk refresh a");
    // What was found there protects nothing until it was read, and whoever waits for that is told how.
    let told = sandbox.ok("backup a");
    assert!(told.err.contains("protect nothing until") && told.err.contains("dsb verify a --bad"), "{}", told.err);
    sandbox.ok("verify a --bad");
    assert!(!sandbox.ok("backup a").err.contains("protect nothing"));
    sandbox.ok("verify a");
}

#[test]
fn an_old_catalog_lets_no_copy_go_for_those_it_only_remembers() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 100, 100_000);
    sandbox.back_up("a b");
    let home = sandbox.path("home/.config/distbackup");
    copy(&home, &sandbox.path("old"));
    // What the old catalog does not know: b let go of half of its copies, and a was written since.
    sandbox.source().files("new", 60, 100_000);
    sandbox.back_up("b");
    sandbox.source().file("h", "z");
    sandbox.back_up("a");
    let on = |disk: &str| objects(&sandbox.disk(disk));
    let all: BTreeSet<_> = on("a").union(&on("b")).cloned().collect();
    replace(&home, &sandbox.path("old"));
    sandbox.ok("update");
    is_refused(&sandbox, 5, "newer than this catalog");
    sandbox.ok("disk refresh a");
    sandbox.ok("verify a");
    sandbox.source().files("newer", 60, 100_000);
    sandbox.ok("update");
    sandbox.run("backup a");
    let left: BTreeSet<_> = on("a").union(&on("b")).cloned().collect();
    assert_eq!(all.difference(&left).collect::<Vec<_>>(), Vec::<&String>::new(), "a last copy went");
    // Once each was there, its copies count again.
    sandbox.ok("disk refresh b");
    sandbox.ok("verify b");
    sandbox.ok("verify a");
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM disk WHERE unconfirmed"), 0);
}

#[test]
fn a_disk_that_shows_the_catalog_is_old_is_heard_wherever_the_next_copies_go() {
    for asks_first in [true, false] {
        let sandbox = Sandbox::with_disks("a 30M b 30M");
        sandbox.source().files("f", 100, 100_000);
        sandbox.back_up("a b");
        let home = sandbox.path("home/.config/distbackup");
        copy(&home, &sandbox.path("old"));
        // What the old catalog does not know: b let go of copies.
        sandbox.source().files("new", 150, 100_000);
        sandbox.back_up("b");
        let on = |disk: &str| objects(&sandbox.disk(disk));
        let is_only_there: BTreeSet<_> = on("a").difference(&on("b")).cloned().collect();
        assert!(!is_only_there.is_empty());
        replace(&home, &sandbox.path("old"));
        sandbox.source().remove("new").files("newer", 150, 100_000);
        sandbox.ok("update");
        if asks_first {
            sandbox.code(5, "backup b").says("newer than this catalog");
            assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM disk WHERE unconfirmed"), 2);
            fs::rename(sandbox.disk("b"), sandbox.path("away")).unwrap();
        }
        // What would be done is what is done; looking notes nothing.
        let steps = sandbox.ok("backup a --simulate --json").json()["steps"].clone();
        let removed = steps.as_array().unwrap().iter().filter(|step| step["do"] == "remove").count();
        let noted = sandbox.sql::<u32>("SELECT count(*) FROM disk WHERE unconfirmed");
        assert_eq!((removed, noted), (0, if asks_first { 2 } else { 0 }));
        let told = sandbox.run("backup a").err;
        assert_eq!(told.contains("dsb disk refresh b"), !asks_first, "{told}");
        let left = on("a");
        assert_eq!(is_only_there.difference(&left).collect::<Vec<_>>(), Vec::<&String>::new(), "a last copy went");
    }
}

#[test]
fn a_clone_that_went_its_own_way() {
    let sandbox = one_disk();
    let home = sandbox.path("home/.config/distbackup");
    let keep = |name: &str| copy(&sandbox.disk("a"), &sandbox.path(name));
    keep("clone");
    copy(&home, &sandbox.path("old"));
    sandbox.source().file("h", "z");
    sandbox.back_up("a");
    copy(&home, &sandbox.path("now"));
    replace(&home, &sandbox.path("old"));
    replace(&sandbox.disk("a"), &sandbox.path("clone"));
    sandbox.source().file("h", "other");
    sandbox.back_up("a");
    replace(&home, &sandbox.path("now"));
    is_refused(&sandbox, 5, "clone");
}

#[test]
fn a_marker_that_is_none() {
    let sandbox = one_disk();
    let marker = sandbox.disk("a").join("distbackup-disk.json");
    let good = fs::read(&marker).unwrap();
    let newer = String::from_utf8(good.clone()).unwrap().replace("\"format\": 1", "\"format\": 99");
    for bytes in [&b""[..], b"{", b"garbage", &good[..good.len() / 2], &vec![b' '; 1 << 20], b"\xff\xfe", b"[]"] {
        fs::write(&marker, bytes).unwrap();
        sandbox.code(10, "backup a");
        sandbox.code(10, "restore --from disks/a out");
        assert_eq!(fs::read(&marker).unwrap(), bytes);
    }
    fs::write(&marker, newer).unwrap();
    sandbox.code(5, "restore --from disks/a out").says("newer dsb");
    fs::write(&marker, good).unwrap();
    sandbox.ok("backup a");
}

#[test]
fn a_marker_that_is_no_file() {
    let sandbox = one_disk();
    let marker = sandbox.disk("a").join("distbackup-disk.json");
    fs::rename(&marker, sandbox.path("real")).unwrap();
    symlink(sandbox.path("real"), &marker).unwrap();
    sandbox.code(10, "backup a");
    fs::remove_file(&marker).unwrap();
    sandbox.tree("disks/a").fifo("distbackup-disk.json");
    sandbox.code(10, "backup a");
    sandbox.code(10, "restore --from disks/a out");
    fs::remove_file(&marker).unwrap();
    fs::create_dir(&marker).unwrap();
    sandbox.code(10, "backup a");
}

#[test]
fn a_disk_mounted_for_reading_only() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount("ext4", 64, "m") else { return };
    sandbox.source().file("f", "x");
    sandbox.ok("disk add a m/dsb --size 50M");
    sandbox.back_up("a");
    Mounted::unmount(&drive);
    assert!(drive.mount_with("loop,ro"));
    sandbox.source().file("g", "y");
    sandbox.ok("update");
    sandbox.code(10, "backup a").says("read-only");
    sandbox.ok("verify a");
    sandbox.code(3, "restore a out");
    sandbox.ok("restore --from m/dsb out2");
    assert_eq!(fs::read(sandbox.path("out2/s/f")).unwrap(), b"x");
}

#[test]
fn a_disk_is_known_after_two_sessions_that_hardly_began() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("x", "x");
    sandbox.back_up("a");
    // The first was cut off when the marker bore it and the catalog only announced it ...
    sandbox
        .tamper("UPDATE disk SET pending_session = session, pending_nonce = nonce, session = session - 1, nonce = 1");
    // ... and the second cannot write the marker.
    sandbox.source().file("y", "y");
    sandbox.ok("update");
    if is_root() {
        sandbox.give_to_nobody();
    }
    let folder = sandbox.disk("a");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    sandbox.as_nobody("backup a").expect(1, "backup").says("write the marker");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.as_nobody("backup a").expect(0, "backup");
    sandbox.as_nobody("verify a").expect(0, "verify");
}
