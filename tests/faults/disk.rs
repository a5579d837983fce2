//! The disk: not there, gone in mid-run, full, not to be changed.

use super::{amid, claims_are_true, fill, objects_at, on_ext4, recovers};
use crate::kit::{Mounted, Sandbox, below, hash, is_root, object_file, objects, temporary_files};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Data is written and not flushed yet, and after it names are given and not flushed yet.
const FLUSH: (&str, &str) = ("syncfs", "m");

#[test]
fn a01_an_empty_mount_point_stays_empty() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "x");
    sandbox.ok("update");
    fs::rename(sandbox.disk("a"), sandbox.path("away")).unwrap();
    fs::create_dir(sandbox.disk("a")).unwrap();
    for line in ["backup a", "verify a"] {
        sandbox.code(10, line).says("is not attached").says("attach and mount it");
    }
    assert_eq!(below(&sandbox.disk("a")), Vec::<PathBuf>::new());
}

/// A backup during which the mount point stops leading to the disk; nothing may land beside it.
fn leads_elsewhere(change: impl Fn(&Sandbox, &Mounted), back: impl Fn(&Mounted)) {
    // The catalog copy at the beginning takes two flushes, the batch of objects the next two.
    for at in [1, 2, 3, 4] {
        let Some((sandbox, drive)) = on_ext4(64) else { return };
        sandbox.source().files("f", 20, 100_000);
        sandbox.ok("update");
        let Some(ran) = amid(&sandbox, "backup a", FLUSH, at, |_| change(&sandbox, &drive)) else { return };
        ran.expect(1, "backup a").says("stopped answering").says("was unmounted").says("connect and mount it");
        assert!(below(drive.path()).iter().all(|path| path.ends_with("lost+found")), "written beside the disk");
        assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM copy"), 0);
        back(&drive);
        recovers(&sandbox, &drive.path().join("dsb"));
        assert_eq!(objects_at(&drive.path().join("dsb")), 20);
    }
}

#[test]
fn a03_unmounted_in_mid_run() {
    let lazily =
        |drive: &Mounted| assert!(Command::new("umount").arg("-l").arg(drive.path()).status().unwrap().success());
    leads_elsewhere(|_, drive| lazily(drive), |drive| assert!(drive.mount()));
}

#[test]
fn a03_covered_by_another_disk_in_mid_run() {
    let cover = |sandbox: &Sandbox, drive: &Mounted| {
        let other = sandbox.mount("ext4", 16, "other").unwrap();
        Mounted::unmount(&other);
        assert!(other.mount_over(drive.path()));
    };
    leads_elsewhere(cover, Mounted::unmount);
}

#[test]
fn a08_others_fill_the_disk_in_mid_run() {
    let Some((sandbox, drive)) = on_ext4(64) else { return };
    sandbox.source().files("f", 12, 2_000_000);
    sandbox.ok("update");
    let filled = |_| drop(fill(drive.path()));
    let Some(ran) = amid(&sandbox, "backup a --jobs 1", ("fallocate64", "m"), 3, filled) else { return };
    ran.expect(3, "backup a").says("the disk is full").says("other files take its room");
    let disk = drive.path().join("dsb");
    claims_are_true(&sandbox, &disk);
    assert!(objects_at(&disk) < 12);
    assert_eq!(temporary_files(&disk), Vec::<PathBuf>::new());
    fs::remove_file(drive.path().join("other")).unwrap();
    recovers(&sandbox, &disk);
    assert_eq!(objects_at(&disk), 12);
}

#[test]
fn a09_other_files_take_the_room() {
    let Some((sandbox, drive)) = on_ext4(128) else { return };
    sandbox.source().files("f", 30, 1_000_000);
    sandbox.ok("update");
    fs::write(drive.path().join("other"), vec![1; 70 << 20]).unwrap();
    sandbox.ok("backup a").says("Other files on a take");
    let disk = drive.path().join("dsb");
    assert!((1..30).contains(&objects_at(&disk)));
    fs::remove_file(drive.path().join("other")).unwrap();
    assert!(!sandbox.ok("backup a").err.contains("Other files"));
    assert_eq!(objects_at(&disk), 30);
}

#[test]
fn a10_the_catalog_copy_finds_no_room() {
    let Some((sandbox, drive)) = on_ext4(64) else { return };
    let disk = drive.path().join("dsb");
    sandbox.source().files("first", 5, 100);
    sandbox.back_up("a");
    sandbox.source().files("second", 200, 10_000);
    sandbox.ok("update");
    let filled = |_| drop(fill(drive.path()));
    let Some(ran) = amid(&sandbox, "backup a", FLUSH, 4, filled) else { return };
    let ran = ran.expect(3, "backup a").says("cannot write the catalog copy").says("of an earlier session");
    assert!(!ran.says("Make room").out.contains("Everything is on the medium"));
    assert_eq!(objects_at(&disk), 205);
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM copy"), 205);
    claims_are_true(&sandbox, &disk);
    sandbox.ok("restore --from m/dsb old");
    sandbox.ok("restore a new");
    fs::remove_file(drive.path().join("other")).unwrap();
    recovers(&sandbox, &disk);
}

/// On a disk that others have filled to the last byte nothing can be begun, and nothing is lost.
fn nothing_goes_from_a_full_disk(kind: &str, megabytes: u64) {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount(kind, megabytes, "m") else { return };
    sandbox.ok("retention set --keep-last 1");
    sandbox.ok("disk add a m/dsb --size 50M");
    sandbox.source().files("goes", 20, 200_000).files("stays", 5, 200_000);
    sandbox.back_up("a");
    sandbox.source().remove("goes");
    sandbox.ok("update");
    let other = fill(drive.path());
    sandbox.code(1, "backup a").says("No space left on device").says("make room there");
    let disk = drive.path().join("dsb");
    claims_are_true(&sandbox, &disk);
    fs::remove_file(other).unwrap();
    recovers(&sandbox, &disk);
    assert_eq!(objects_at(&disk), 5);
}

#[test]
fn a11_orphans_on_a_full_ext4() {
    nothing_goes_from_a_full_disk("ext4", 64);
}

#[test]
fn a11_orphans_on_a_full_btrfs() {
    nothing_goes_from_a_full_disk("btrfs", 128);
}

#[test]
fn a24_a_file_in_the_place_of_a_folder_of_objects() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("f", 20, 500);
    sandbox.back_up("a");
    let (disk, file) = (sandbox.disk("a"), hash(&sandbox.path("src/f/0007")));
    let shard = object_file(&disk, &file).parent().unwrap().to_owned();
    fs::remove_dir_all(&shard).unwrap();
    fs::write(&shard, "").unwrap();
    sandbox.code(4, "verify a").says("/s/f/0007").says("Not a directory");
    let folder = format!("distbackup-objects/{}", &file[..3]);
    sandbox.code(3, "backup a").says(&format!("could not be put into {folder}: Not a directory"));
    assert!(objects(&disk).len() >= 19);
    fs::remove_file(&shard).unwrap();
    recovers(&sandbox, &disk);
    assert_eq!(objects(&disk).len(), 20);
}

/// Orphans that the system does not let go are told and still claimed, and go when it does.
fn what_must_stay_is_told(
    sandbox: &Sandbox,
    disk: &Path,
    hold: impl Fn(&Path, bool),
    run: impl Fn(&str) -> crate::kit::Ran,
) {
    sandbox.source().remove("goes");
    run("update").expect(0, "update");
    hold(&disk.join("distbackup-objects"), true);
    let ran = run("backup a --json");
    let after = (objects_at(disk), sandbox.sql::<i64>("SELECT count(*) FROM copy"));
    hold(&disk.join("distbackup-objects"), false);
    let ran = ran.expect(3, "backup a").says("could not be removed: ");
    assert_eq!((ran.json()["problems"].as_u64(), after), (Some(4), (10, 10)));
    claims_are_true(sandbox, disk);
    run("backup a").expect(0, "backup a");
    run("verify a").expect(0, "verify a");
    assert_eq!(objects_at(disk), 6);
}

#[test]
fn a25_objects_that_nobody_may_remove() {
    for flag in ["i", "a"] {
        let Some((sandbox, drive)) = on_ext4(64) else { return };
        sandbox.ok("retention set --keep-last 1");
        sandbox.source().files("goes", 4, 500).files("stays", 6, 500);
        sandbox.back_up("a");
        let hold = |objects: &Path, held| {
            let sign = if held { "+" } else { "-" };
            let changed = Command::new("chattr").arg("-R").arg(format!("{sign}{flag}")).arg(objects).status();
            assert!(changed.unwrap().success());
        };
        what_must_stay_is_told(&sandbox, &drive.path().join("dsb"), hold, |line| sandbox.run(line));
    }
}

#[test]
fn a25_objects_of_somebody_else() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().files("goes", 4, 500).files("stays", 6, 500);
    sandbox.back_up("a");
    if is_root() {
        sandbox.give_to_nobody();
    }
    let hold = |objects: &Path, held| {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::Permissions::from_mode(if held { 0o555 } else { 0o755 });
        fs::read_dir(objects)
            .unwrap()
            .for_each(|shard| fs::set_permissions(shard.unwrap().path(), mode.clone()).unwrap());
    };
    what_must_stay_is_told(&sandbox, &sandbox.disk("a"), hold, |line| sandbox.as_nobody(line));
}
