//! `automate`, and what is in contrib/: what runs dsb by itself.

use crate::kit::{Sandbox, has, is_root, objects, shell, skipped};
use std::fs;
use std::process::Command;

const ALL: [&str; 6] = ["service", "timer", "udev", "plugged", "script", "cron"];

#[test]
fn everything_is_filled_in_for_this_machine() {
    let sandbox = Sandbox::with_disks("");
    let Some(_drive) = sandbox.mount("ext4", 32, "m") else { return };
    sandbox.ok("disk add shelf-01 m/dsb");
    for what in ALL {
        let text = sandbox.ok(&format!("automate {what} --preset my.ini")).out;
        for sign in ["@DSB@", "@CATALOG@", "@PRESETS@", "@USER@", "@FS_UUID@", "@DISK@"] {
            assert!(!text.contains(sign), "{what}: {sign} in {text}");
        }
    }
    let uuid = sandbox.ok("disk list --json").json()["disks"][0]["fs_uuid"].as_str().unwrap().to_owned();
    sandbox.ok("automate udev").says(&uuid).says("dsb-plugged@shelf\\x2d01.service");
    sandbox.ok("automate cron --preset my.ini").says(&sandbox.path("my.ini").display().to_string());
    let all = sandbox.ok("automate").out;
    assert!(["[Service]", "[Timer]", "ACTION==", "#!/bin/sh", "0 3 * * *"].iter().all(|part| all.contains(part)));
    assert!(fs::read_dir("contrib").unwrap().count() >= 8);
}

#[test]
fn units_are_sound() {
    let sandbox = Sandbox::with_disks("");
    if !has("systemd-analyze") {
        return;
    }
    for what in ["service", "timer"] {
        fs::write(sandbox.path(format!("dsb.{what}")), sandbox.ok(&format!("automate {what}")).out).unwrap();
    }
    let units = ["dsb.service", "dsb.timer"].map(|unit| sandbox.path(unit));
    let ran = Command::new("systemd-analyze").arg("verify").args(&units).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr);
    let ours: Vec<_> = said.lines().filter(|line| line.contains("dsb.service") || line.contains("dsb.timer")).collect();
    assert!(ours.is_empty(), "{ours:?}");
}

#[test]
fn a_shelf_without_disks_has_no_rule_and_odd_paths_no_unit() {
    let sandbox = Sandbox::with_disks("");
    sandbox.code(10, "automate udev").says("disk add");
    sandbox.code(2, "automate service --preset ä.ini").says("letters, digits");
}

/// The script that a rule of udev starts: mounts the disk if nobody did, backs up to it, says when it is
/// safe to unplug.
#[test]
fn a_disk_that_is_plugged_in_is_backed_up_to_and_let_go() {
    let sandbox = Sandbox::with_disks("");
    if !is_root() || !["losetup", "findmnt", "mkfs.ext4"].iter().all(|program| has(program)) {
        return;
    }
    let plug = "set -e; truncate -s 48M image; mkfs.ext4 -q image; mkdir m; losetup -f --show image > device";
    if shell(&sandbox, plug).code != 0 {
        return skipped("there is no loop device");
    }
    shell(&sandbox, "mount $(cat device) m").expect(0, "mount");
    // A name of its own: it is mounted where everybody can see it.
    let disk = format!("test-{}", std::process::id());
    sandbox.ok(&format!("disk add {disk} m/dsb --size 30M"));
    sandbox.source().file("f", "content");
    fs::write(sandbox.path("plugged"), sandbox.ok("automate script").out).unwrap();
    // Where it is mounted it stays mounted.
    let there = shell(&sandbox, &format!("exec env DSB_WAIT=1 sh plugged {disk}"));
    let objects = objects(&sandbox.path("m/dsb")).len();
    let unmounted = shell(&sandbox, "umount m");
    sandbox.source().file("g", "more");
    let away = shell(&sandbox, &format!("exec env DSB_WAIT=0 sh plugged {disk}"));
    let let_go = shell(&sandbox, "! findmnt $(cat device)");
    shell(&sandbox, "losetup -d $(cat device)");
    there.expect(0, "mounted").says("safe to unplug once it is unmounted");
    unmounted.expect(0, "umount");
    away.expect(0, "not mounted").says("done; safe to unplug");
    let_go.expect(0, "findmnt");
    assert_eq!((objects, sandbox.ok("info --json").json()["levels"][1]["objects"].as_u64()), (1, Some(2)));
    shell(&sandbox, "exec sh plugged shelf-09").expect(10, "plugged").says("no disk of the shelf");
}
