//! What people who are new to it type, and what they are told.

use crate::kit::{Sandbox, is_root, objects, shell, skipped};
use std::fs;

#[test]
fn a_disk_is_known_by_its_mount_point() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f", "content").settle();
    fs::create_dir(sandbox.path("drive")).unwrap();
    sandbox.ok("disk add a drive/dsb --size 40M");
    sandbox.ok("update");
    sandbox.ok("backup drive");
    sandbox.ok("restore --from drive out");
    assert_eq!(fs::read_to_string(sandbox.path("out/s/f")).unwrap(), "content");
    fs::remove_file(sandbox.catalog()).unwrap();
    sandbox.code(10, "info").says("dsb protect").says("catalog recover --from");
    sandbox.ok("catalog recover --from drive");
    fs::rename(sandbox.path("drive/dsb"), sandbox.path("elsewhere")).unwrap();
    let last_seen = sandbox.path("drive/dsb").display().to_string();
    sandbox.code(10, &format!("backup {last_seen}")).says("disk a is not attached");
    sandbox.ok("disk refresh a --path elsewhere");
}

#[test]
fn a_destination_that_was_forgotten_is_no_disks_name() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "content").settle();
    sandbox.back_up("a");
    sandbox.code(2, "restore a").says("restore from a to where?").says("./a");
    assert!(!sandbox.path("a").exists());
    sandbox.ok("restore ./a");
    sandbox.ok("restore a");
}

#[test]
fn names_are_meant_as_they_stand_and_what_matches_nothing_says_so() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("[x]*.txt", "odd").file("x1.txt", "plain").file("d/e", "e").settle();
    sandbox.back_up("a");
    assert_eq!(sandbox.ok("ls /s/[x]*.txt").out.lines().count(), 1);
    sandbox.ok("ls /s/[x]*.txt").says("[x]*.txt");
    // Where no such name is, it is a pattern.
    sandbox.source().remove("[x]*.txt");
    sandbox.ok("update");
    sandbox.ok("ls /s/[x]*.txt").says("x1.txt");
    sandbox.ok("restore a out --filter /s/[x]*.txt --at 1");
    assert_eq!(fs::read_dir(sandbox.path("out/s")).unwrap().count(), 1);
    sandbox.code(3, "ls /nope").says("stands below /s");
    let real = sandbox.path("src/d/e").display().to_string();
    sandbox.code(3, &format!("ls {real}")).says("in the backup set it is").says("/s/d/e");
}

#[test]
fn what_is_on_no_disk_is_said_by_name_and_protect_tells_by_its_code() {
    let sandbox = Sandbox::new();
    sandbox.tree("src").file("small", "s").file("film", vec![1; 3_000_000]).file("other", vec![2; 3_000_000]);
    fs::create_dir(sandbox.path("drive")).unwrap();
    sandbox.code(3, "protect src --on drive --size 24M --same-device").says("NOT on any disk").says("/src/");
    sandbox.code(2, "protect src --on drive --name b").says("is disk drive already");
    sandbox.ok("disk set drive --size 60M");
    sandbox.ok("protect src --on drive");
    assert_eq!(objects(&sandbox.path("drive")).len(), 3);
}

#[test]
fn a_disk_that_is_refused_leaves_no_map_behind() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.ok("source map /o src");
    let other = Sandbox::new();
    other.tree("pictures").file("p", "p");
    let disk = sandbox.disk("a").display().to_string();
    other.code(5, &format!("protect pictures --on {disk}")).says("another catalog");
    assert_eq!(other.sql::<u32>("SELECT count(*) FROM source_map"), 0);
}

#[test]
fn a_copy_that_may_not_be_read_is_said_to_be_there() {
    let sandbox = Sandbox::with_disks("a 40M");
    if !is_root() {
        return skipped("not root");
    }
    sandbox.source().file("f", "content").settle();
    sandbox.back_up("a");
    sandbox.give_to_nobody();
    shell(&sandbox, "chown root disks/a/distbackup*.sqlite").expect(0, "chown");
    let ran = sandbox.as_nobody("restore --from disks/a out");
    ran.expect(1, "restore").says("may not be read by this user").says("as root");
}

#[test]
fn a_trees_missing_name_is_back_after_a_verification_and_a_backup() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.ok("disk set a --tree");
    sandbox.source().file("f", "content").settle();
    sandbox.back_up("a");
    let latest = sandbox.disk("a").join("snapshots/latest/s");
    fs::remove_file(latest.join("f")).unwrap();
    sandbox.ok("verify a");
    sandbox.ok("backup a");
    assert_eq!(fs::read_to_string(latest.join("f")).unwrap(), "content");
}
