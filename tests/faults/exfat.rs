//! exFAT through FUSE: no symlinks, no hard links, no permissions, coarse times, names without case,
//! and no flush of a whole file system.

use crate::kit::{Sandbox, assert_objects_are_whole, is_root, objects, skipped};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// An exFAT image that a FUSE driver has mounted; unmounted and its loop device freed when dropped.
pub struct Exfat {
    point: PathBuf,
    device: String,
}

fn done(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

impl Exfat {
    /// Makes one of this size and mounts it at `below`; without root or the driver that is said.
    pub fn at(sandbox: &Sandbox, megabytes: u64, below: &str) -> Option<Self> {
        let (point, image) = (sandbox.path(below), sandbox.path(format!("{below}.exfat")));
        fs::create_dir_all(&point).unwrap();
        File::create(&image).and_then(|file| file.set_len(megabytes << 20)).unwrap();
        let made = is_root() && done(Command::new("mkfs.exfat").arg(&image));
        let device = Command::new("losetup").args(["-f", "--show"]).arg(&image).output().ok().filter(|_| made);
        let Some(device) = device.filter(|output| output.status.success()) else {
            skipped("this needs root, mkfs.exfat and a loop device");
            return None;
        };
        let device = String::from_utf8(device.stdout).unwrap().trim().to_owned();
        let mounted = Self { point, device };
        mounted.mount().then_some(mounted)
    }

    pub fn mount(&self) -> bool {
        let done = done(Command::new("mount.exfat-fuse").arg(&self.device).arg(&self.point));
        if !done {
            skipped("there is no mount.exfat-fuse that works here");
        }
        done
    }

    pub fn path(&self) -> &Path {
        &self.point
    }

    pub fn unmount(&self) {
        assert!((0..100).any(|_| {
            let done = done(Command::new("umount").arg(&self.point));
            std::thread::sleep(std::time::Duration::from_millis(if done { 0 } else { 50 }));
            done
        }));
    }
}

impl Drop for Exfat {
    fn drop(&mut self) {
        done(Command::new("umount").arg("-l").arg(&self.point));
        done(Command::new("losetup").arg("-d").arg(&self.device));
    }
}

#[test]
fn a26_a_disk_that_keeps_little_but_bytes() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = Exfat::at(&sandbox, 200, "m") else { return };
    sandbox.source().files("d", 20, 20_000).symlink("l", "d").hard_link("again", "d/0001").mode("d/0002", 0o600);
    sandbox.ok("disk add a m/dsb");
    sandbox.back_up("a");
    drive.unmount();
    assert!(drive.mount());
    sandbox.ok("verify a");
    sandbox.source().file("new", "n").remove("d/0003");
    sandbox.back_up("a");
    assert_eq!(sandbox.ok("backup a --simulate --json").json()["steps"], serde_json::json!([]));
    assert_objects_are_whole(&drive.path().join("dsb"));
    assert_eq!(objects(&drive.path().join("dsb")).len(), 21);
    sandbox.ok("restore --from m/dsb out");
    crate::kit::assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a26_a_disk_without_links_shows_no_trees() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = Exfat::at(&sandbox, 100, "m") else { return };
    sandbox.source().file("f", "x");
    sandbox.code(5, "disk add a m/dsb --tree").says("no hard links").says("ext4");
    assert!(!drive.path().join("dsb").exists());
    sandbox.ok("disk add a m/dsb");
    sandbox.code(5, "disk set a --tree").says("no hard links");
    // Not asked while it is not attached, and told at its next backup.
    drive.unmount();
    sandbox.ok("disk set a --tree");
    assert!(drive.mount());
    sandbox.ok("update");
    sandbox.code(3, "backup a").says("--no-tree");
    sandbox.ok("disk set a --no-tree");
    sandbox.ok("backup a");
}

#[test]
fn e14_a_destination_that_keeps_little_but_bytes() {
    let sandbox = Sandbox::with_disks("a 40M");
    let Some(drive) = Exfat::at(&sandbox, 64, "m") else { return };
    sandbox.source().files("d", 5, 1_000).file("odd:name", "o").symlink("l", "d").mtime("d/0001", 1_600_000_001, 5);
    sandbox.back_up("a");
    let first = sandbox.run("restore a m/out --json").expect(3, "restore").says("/s/l: ").says("/s/odd:name: ").json();
    assert_eq!((&first["written"]["objects"], &first["problems"]), (&5.into(), &2.into()), "{first}");
    // Its times are coarse: what is there already is known by its bytes.
    let second = sandbox.run("restore a m/out --json").expect(3, "restore").json();
    assert_eq!((&second["present"], &second["differing"]), (&5.into(), &0.into()), "{second}");
    assert_eq!(fs::read_dir(drive.path().join("out/s/d")).unwrap().count(), 5);
}

#[test]
fn e14_names_that_differ_in_case_alone() {
    let sandbox = Sandbox::with_disks("a 40M");
    let Some(drive) = Exfat::at(&sandbox, 64, "m") else { return };
    sandbox.source().file("Name", "upper").file("name", "lower");
    sandbox.back_up("a");
    for line in ["restore a m/out", "restore a m/out --overwrite"] {
        sandbox.code(3, line).says("/s/name: the destination takes it for another name").says("only in case");
        assert_eq!(fs::read(drive.path().join("out/s/name")).unwrap(), b"upper");
    }
}

#[test]
fn c09_a_home_on_exfat() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = Exfat::at(&sandbox, 64, "h") else { return };
    sandbox.source().files("d", 20, 1_000);
    let run = |line: &str| sandbox.ok(&format!("-d h/catalog {line}"));
    run("source map /s src");
    run("disk add a disk --size 30M");
    let told = run("update").err.replace("\n    ", "");
    assert!(told.contains("warning: the catalog in") && told.contains("a power cut may damage it"), "{told}");
    assert!(!run("info").err.contains("warning"), "who only looks is not told each time");
    run("backup a");
    drive.unmount();
    assert!(drive.mount());
    run("verify a");
    run("restore a out");
    crate::kit::assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

/// Whether copies on the disk license no eviction elsewhere.
fn is_unconfirmed(sandbox: &Sandbox) -> bool {
    let catalog = rusqlite::Connection::open(sandbox.catalog()).unwrap();
    catalog.query_row("SELECT unconfirmed FROM disk WHERE name = 'a'", [], |row| row.get(0)).unwrap()
}

#[test]
fn b06_older_copies_that_went_with_a_session_that_was_cut_off() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = Exfat::at(&sandbox, 64, "m") else { return };
    sandbox.source().files("d", 20, 20_000);
    sandbox.ok("disk add a m/dsb --size 40M");
    sandbox.back_up("a");
    assert!(!is_unconfirmed(&sandbox));
    // A session that ends with a failure never closes.
    let (folder, aside) = (drive.path().join("dsb/distbackup-objects"), drive.path().join("aside"));
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "").unwrap();
    sandbox.source().file("new", "n");
    sandbox.ok("update");
    sandbox.code(1, "backup a");
    assert!(is_unconfirmed(&sandbox));
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    for object in objects(&drive.path().join("dsb")).iter().take(2) {
        fs::remove_file(crate::kit::object_file(&drive.path().join("dsb"), object)).unwrap();
    }
    let again =
        sandbox.ok("backup a").says("2 copies on a cannot be found any more").says("dsb disk refresh a --verify");
    assert_eq!(again.err.matches("not there any more since the last session was cut off").count(), 2, "{}", again.err);
    assert!(!is_unconfirmed(&sandbox));
    assert_eq!(objects(&drive.path().join("dsb")).len(), 21);
    sandbox.ok("verify a");
}
