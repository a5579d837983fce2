//! The whole walk on real file systems. As any other user than root it is skipped, and says so.

use crate::kit::{
    Mounted, Sandbox, allocated, assert_rsync_agrees, assert_same, assert_shows, below, bytes, dump, latest, objects,
    trees,
};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Source, disk and destination on one image of this kind.
fn walk(kind: &str) {
    let sandbox = Sandbox::new();
    let Some(drive) = sandbox.mount(kind, 400, "m") else { return };
    let tree = sandbox.tree("m/src");
    tree.files("small", 300, 900).files("large", 6, 2_000_000).file("empty", "").dir("empty dir").symlink("l", "x");
    tree.hard_link("again", "small/0001").sparse("sparse", 50 << 20, 9 << 20, &bytes(5, 70_000)).fifo("p");
    tree.xattr("empty", "user.note", b"1").mode("empty", 0o640).mtime("large", 1_600_000_000, 7).settle();
    sandbox.ok("source map /s m/src");
    sandbox.ok("disk add a m/dsb --size 80M");
    sandbox.back_up("a");
    assert!(allocated(&sandbox.path("m/dsb")) <= 80_000_000);
    assert_eq!(objects(&sandbox.path("m/dsb")).len(), 307);
    sandbox.ok("verify a");
    let again = sandbox.ok("update --json").json();
    assert_eq!(again["hashed"]["objects"], 0, "{kind}: {again}");
    tree.rename("small", "renamed");
    let renamed = sandbox.ok("update --json").json();
    assert_eq!((&renamed["renamed"], &renamed["locked"]), (&json!(300), &json!([])), "{kind}: {renamed}");
    sandbox.ok("backup a");
    remounted(&sandbox, &drive, kind);
}

/// After it was unplugged: found again, read only it changes by nothing, the tree comes back.
fn remounted(sandbox: &Sandbox, drive: &Mounted, kind: &str) {
    Mounted::unmount(drive);
    sandbox.code(10, "backup a");
    assert!(drive.mount_with("loop,ro"));
    let before = dump(drive.path());
    sandbox.ok("restore --from m/dsb out");
    sandbox.ok("verify a");
    assert_eq!(dump(drive.path()), before, "{kind}");
    Mounted::unmount(drive);
    assert!(drive.mount());
    let again = sandbox.ok("update --json").json();
    assert_eq!((&again["hashed"]["objects"], &again["locked"]), (&json!(0), &json!([])), "{kind}: {again}");
    sandbox.ok("restore a m/out");
    for out in ["out/s", "m/out/s"] {
        assert_same(&sandbox.path("m/src"), &sandbox.path(out));
        assert_rsync_agrees(&sandbox.path("m/src"), &sandbox.path(out));
    }
    let listed = sandbox.ok("disk list --json").json().to_string();
    assert!(listed.contains(kind), "{listed}");
}

#[test]
fn the_walk_on_ext4() {
    walk("ext4");
}

#[test]
fn the_walk_on_xfs() {
    walk("xfs");
}

#[test]
fn the_walk_on_btrfs() {
    walk("btrfs");
}

/// A small disk whose budget is all of it, and more data than fits: it is filled and never full.
fn filled(kind: &str, megabytes: u64) {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount(kind, megabytes, "m") else { return };
    sandbox
        .source()
        .files("small", 1_500, 700)
        .files("large", megabytes / 2, 2_000_000)
        .files("more", megabytes, 60_000);
    sandbox.ok("disk add a m/dsb");
    sandbox.ok("update");
    let report = sandbox.run("backup a --json").expect(0, kind).json();
    assert_eq!((&report["full"], &report["problems"]), (&json!(false), &json!(0)), "{kind}: {report}");
    let budget = report["budget"].as_u64().unwrap();
    assert!(allocated(&drive.path().join("dsb")) <= budget, "{kind}: {budget}");
    let plan = sandbox.ok("backup a --simulate --json").json();
    assert_eq!(plan["steps"], json!([]), "{kind}");
    sandbox.ok("verify a");
    assert!(fs::read_dir(drive.path().join("dsb/distbackup-tmp")).unwrap().next().is_none());
}

#[test]
fn a_small_ext4_is_filled_and_never_full() {
    filled("ext4", 64);
}

#[test]
fn a_small_xfs_is_filled_and_never_full() {
    filled("xfs", 300);
}

#[test]
fn a_small_btrfs_is_filled_and_never_full() {
    filled("btrfs", 128);
}

#[test]
fn three_kinds_of_disk_hold_one_tree() {
    let sandbox = Sandbox::with_disks("");
    let kinds = [("ext4", 64), ("xfs", 300), ("btrfs", 128)];
    let mounted: Vec<_> = kinds.iter().filter_map(|(kind, size)| sandbox.mount(kind, *size, kind)).collect();
    if mounted.len() < kinds.len() {
        return;
    }
    sandbox.source().files("f", 40, 500_000);
    sandbox.ok("update");
    for (kind, _) in kinds {
        sandbox.ok(&format!("disk add on-{kind} {kind}/dsb --size 32M"));
        sandbox.ok(&format!("backup on-{kind}"));
        assert!(allocated(&sandbox.path(kind).join("dsb")) <= 32_000_000, "{kind}");
    }
    sandbox.ok("restore out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

/// Bytes that `du` finds.
fn du(place: &Path) -> u64 {
    let output = Command::new("du").args(["-s", "--block-size=1"]).arg(place).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn ten_weekly_states_take_their_unique_bytes() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount("ext4", 200, "m") else { return };
    sandbox.ok("disk add a m/dsb --tree");
    sandbox.source().files("photos", 60, 500_000).files("letters", 40, 100_000);
    let mut unique = 60 * 500_000 + 40 * 100_000;
    for week in 0..10 {
        sandbox.source().files(&format!("week{week}"), 2, 400_000).file("again", bytes(week, 30_000));
        unique += 2 * 400_000 + 30_000;
        sandbox.back_up("a");
    }
    let disk = drive.path().join("dsb");
    assert_eq!(trees(&disk).len(), 10);
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
    let folders = 1 + below(&disk).into_iter().filter(|path| path.is_dir()).count() as u64;
    let catalogs = fs::read_dir(&disk).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let catalogs: u64 = catalogs.map(|path| du(&path)).sum();
    let found = du(&disk) - catalogs - folders * 4096;
    assert!(found >= unique && found - unique <= unique / 50, "{found} for {unique}");
    let added = sandbox.ok("disk list --json").json();
    assert_eq!(added["disks"][0]["tree"], json!(true));
}

#[test]
fn what_is_beyond_the_limits_of_ext4_is_left_out() {
    let sandbox = Sandbox::with_disks("");
    if std::env::var_os("DSB_LONG").is_none() {
        return crate::kit::skipped("65,000 files take a while: DSB_LONG=1");
    }
    let Some(drive) = sandbox.mount("ext4", 100, "m") else { return };
    sandbox.ok("disk add a m/dsb --tree");
    let tree = sandbox.source();
    (0..65_100).for_each(|n| {
        tree.file(format!("{}/{n}", n / 1000), "same");
    });
    sandbox.ok("update");
    // One of its 65,000 names is that of the object.
    sandbox.ok("backup a").says("101 names").says("Too many links");
    let shown = below(&latest(&drive.path().join("dsb"))).into_iter().filter(|path| path.is_file()).count();
    assert_eq!(shown, 64_999);
    sandbox.ok("backup a");
}
