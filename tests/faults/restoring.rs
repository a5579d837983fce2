//! Restoring: to what cannot take it, from a disk alone, after a run that failed.

use super::on_ext4;
use crate::kit::{Mounted, Ran, Sandbox, assert_same};
use std::fs;
use std::os::unix::fs::MetadataExt;

#[test]
fn e11_a_destination_that_may_not_be_written() {
    let sandbox = Sandbox::with_disks("a 40M");
    let Some(drive) = sandbox.mount("ext4", 16, "m") else { return };
    sandbox.source().files("f", 5, 1_000);
    sandbox.back_up("a");
    fs::create_dir(drive.path().join("out")).unwrap();
    Mounted::unmount(&drive);
    assert!(drive.mount_with("loop,ro"));
    sandbox.code(3, "restore a m/out").says("Read-only file system");
    sandbox.code(1, "restore a m/new").says("Read-only file system");
    Mounted::unmount(&drive);
    assert!(drive.mount());
    sandbox.ok("restore a m/out");
    assert_same(&sandbox.path("src"), &drive.path().join("out/s"));
}

#[test]
fn e12_names_of_one_file_that_were_written_one_by_one() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("one", "content").hard_link("two", "one").hard_link("three", "one").mtime(
        "one",
        1_600_000_000,
        7,
    );
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    let tree = sandbox.tree("out/s");
    // As a run leaves it that fails at the first name and goes on with the next.
    tree.remove("two").file("two", "content").mtime("two", 1_600_000_000, 7);
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
    // What is another file stays one.
    tree.remove("two").file("two", "CONTENT").mtime("two", 1_600_000_000, 7);
    sandbox.ok("restore a out");
    assert_eq!(fs::read(tree.path("two")).unwrap(), b"CONTENT");
    assert_eq!(fs::metadata(tree.path("one")).unwrap().nlink(), 2);
}

#[test]
fn e13_one_disk_read_only_and_no_home() {
    let Some((sandbox, drive)) = on_ext4(64) else { return };
    sandbox.source().files("f", 20, 5_000).symlink("l", "f").dir("empty");
    sandbox.back_up("a");
    Mounted::unmount(&drive);
    assert!(drive.mount_with("loop,ro"));
    fs::remove_dir_all(sandbox.path("home")).unwrap();
    sandbox.ok("restore --from m/dsb out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
    assert!(!sandbox.path("home").exists());
    let mut homeless = sandbox.command();
    homeless.args(["restore", "--from", "m/dsb", "again"]).env_remove("HOME");
    Ran::of(homeless).expect(0, "restore without a home");
    let mut homeless = sandbox.command();
    homeless.args(["info"]).env_remove("HOME");
    Ran::of(homeless).expect(2, "info").says("-d FOLDER");
}
