//! `automate`, and what is in contrib/: what runs dsb by itself.

use crate::kit::{Sandbox, has, objects, shell};
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

/// The script that a rule of udev starts: mounts the disk, backs up to it, says when it is safe to unplug.
#[test]
fn a_disk_that_is_plugged_in_is_backed_up_to_and_let_go() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount("ext4", 48, "m") else { return };
    if !has("losetup") || !has("findmnt") {
        return;
    }
    sandbox.ok("disk add shelf-01 m/dsb --size 30M");
    sandbox.source().file("f", "content");
    fs::write(sandbox.path("plugged"), sandbox.ok("automate script").out).unwrap();
    let uuid = sandbox.ok("disk list --json").json()["disks"][0]["fs_uuid"].as_str().unwrap().to_owned();
    // Where it is mounted it stays mounted.
    shell(&sandbox, "exec env DSB_WAIT=1 sh plugged shelf-01")
        .expect(0, "plugged")
        .says("safe to unplug once it is unmounted");
    assert_eq!(objects(&drive.path().join("dsb")).len(), 1);
    shell(&sandbox, "exec sh plugged shelf-09").expect(10, "plugged").says("no disk of the shelf");
    assert!(!uuid.is_empty());
}
