//! `disk`: the shelf as a person arranges it.

use crate::kit::{Mounted, Sandbox, is_root, objects, skipped};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

fn listed(sandbox: &Sandbox) -> Vec<Value> {
    sandbox.ok("disk list --json").json()["disks"].as_array().unwrap().clone()
}

fn names(sandbox: &Sandbox) -> Vec<Value> {
    listed(sandbox).into_iter().map(|disk| disk["name"].clone()).collect()
}

#[test]
fn added_and_shown() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.add_disk("b", "1GiB").says("source");
    assert_eq!(names(&sandbox), [json!("a"), json!("b")]);
    assert_eq!(listed(&sandbox)[1]["budget"], 1_u64 << 30);
    sandbox.ok("disk list").says("a").says("b");
}

#[test]
fn adding_prints_the_budget_it_came_to() {
    let sandbox = Sandbox::new();
    let Some(disk) = sandbox.mount("ext4", 128, "m") else { return };
    sandbox.ok("disk add a m/dsb").says("MB");
    let budget = listed(&sandbox)[0]["budget"].as_u64().unwrap();
    let system = rustix::fs::statvfs(disk.path()).unwrap();
    assert!(budget <= system.f_blocks * system.f_frsize / 100 * 95 && budget > 60_000_000, "{budget}");
}

#[test]
fn refused_by_name() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.code(5, "disk add a disks/other").says("a");
    sandbox.code(5, "disk add b disks/a").says("backup disk already");
    sandbox.code(5, "-d other disk add b disks/a");
    sandbox.code(10, "disk add b missing/b").says("mounted?");
    sandbox.code(2, "disk add b/c disks/c");
    assert_eq!(names(&sandbox), [json!("a")]);
}

#[test]
fn two_on_one_device_are_warned_of_and_taken() {
    let sandbox = Sandbox::new();
    let Some(_disk) = sandbox.mount("ext4", 64, "m") else { return };
    sandbox.ok("disk add a m/a --size 25M");
    sandbox.ok("disk add b m/b --size 25M").says("same device as disk a");
}

#[test]
fn a_bare_mount_point_is_refused() {
    let sandbox = Sandbox::with_disks("");
    let place = format!("/mnt/dsb-test-{}", std::process::id());
    let ran = sandbox.code(5, &format!("disk add a {place}"));
    ran.says("--same-device");
    assert!(!Path::new(&place).exists());
}

#[test]
fn a_mount_point_without_its_disk_is_never_written_to() {
    let (sandbox, place) = (Sandbox::with_disks(""), format!("/mnt/dsb-test-bare-{}", std::process::id()));
    if !is_root() {
        return skipped("only root may mount below /mnt");
    }
    let Some(disk) = sandbox.mount("ext4", 64, &place) else { return };
    sandbox.source().file("f", "x");
    sandbox.ok(&format!("disk add a {place} --size 50M"));
    sandbox.back_up("a");
    let marker = fs::read(disk.path().join("distbackup-disk.json")).unwrap();
    Mounted::unmount(&disk);
    sandbox.code(10, "backup a");
    fs::write(format!("{place}/distbackup-disk.json"), marker).unwrap();
    sandbox.code(5, "backup a").says("mount");
    let left: Vec<_> = fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    fs::remove_dir_all(&place).unwrap();
    assert_eq!(left, ["distbackup-disk.json"]);
}

#[test]
fn renamed_it_keeps_what_it_holds() {
    for command in ["rename", "mv"] {
        let sandbox = Sandbox::with_disks("a 30M b 30M");
        sandbox.source().file("f", "x");
        sandbox.back_up("a");
        sandbox.ok(&format!("disk {command} a z"));
        sandbox.code(5, &format!("disk {command} z b"));
        sandbox.code(10, "backup a");
        let report = sandbox.ok("backup z --json").json();
        assert_eq!(report["first"]["objects"], 0);
        sandbox.ok("verify z");
    }
}

#[test]
fn a_disk_is_named_by_uuid_and_path_too() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "x");
    let uuid = listed(&sandbox)[0]["uuid"].as_str().unwrap().to_owned();
    sandbox.back_up(&format!("disks/a {uuid}"));
    sandbox.code(10, "backup nobody").says("a");
}

#[test]
fn moved_it_is_found_where_it_is_said_to_be() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("f", "x");
    sandbox.back_up("a");
    fs::rename(sandbox.disk("a"), sandbox.path("moved")).unwrap();
    sandbox.code(10, "backup a");
    sandbox.code(5, "disk set a -p disks/b").says("b");
    sandbox.ok("disk set a -p moved");
    sandbox.ok("backup a");
}

#[test]
fn mounted_elsewhere_it_is_found_by_itself() {
    let sandbox = Sandbox::with_disks("");
    let Some(disk) = sandbox.mount("ext4", 64, "here") else { return };
    sandbox.source().file("f", "x");
    sandbox.ok("disk add a here/dsb --size 50M");
    sandbox.back_up("a");
    Mounted::unmount(&disk);
    sandbox.code(10, "verify a");
    fs::create_dir(sandbox.path("there")).unwrap();
    let Some(_again) = disk.mount_at(&sandbox.path("there")) else { return };
    sandbox.ok("verify a");
    sandbox.ok("backup a");
}

#[test]
fn dropping_the_only_copy_must_be_meant() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("precious", "x");
    sandbox.back_up("a");
    sandbox.code(5, "disk drop a").says("/s/precious").says("--lost");
    sandbox.ok("disk drop a --lost");
    let info = sandbox.ok("info --json").json();
    assert_eq!(info["levels"][0]["objects"], 1, "{info}");
    assert_eq!(sandbox.ok("backup b --json").json()["first"]["objects"], 1);
}

#[test]
fn dropping_a_second_copy_needs_no_word() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("f", "x");
    sandbox.back_up("a b");
    sandbox.ok("disk drop a");
    assert_eq!(sandbox.ok("info --json").json()["levels"][1]["objects"], 1);
}

#[test]
fn a_second_copy_that_is_in_doubt_is_none() {
    let cut_off = "UPDATE disk SET closed = 0 WHERE name = 'a'; UPDATE catalog SET holdings_true = 0";
    let unreadable = "UPDATE copy SET doubt = 1 WHERE disk = (SELECT id FROM disk WHERE name = 'a')";
    for doubt in [unreadable, cut_off] {
        let sandbox = Sandbox::with_disks("a 30M b 30M");
        sandbox.source().file("f", "x");
        sandbox.back_up("a b");
        sandbox.tamper(doubt);
        sandbox.code(5, "disk drop b").says("only copy of 1 object: /s/f");
        // All looks say the same of it.
        for look in ["ls --json", "find *f --json", "versions /s/f --json"] {
            let json = sandbox.ok(look).json();
            let rows = json.as_object().unwrap().values().find_map(|value| value.as_array()).unwrap();
            let file = rows.iter().find(|row| row["path"] == "/s/f").unwrap();
            assert_eq!(file["disks"], serde_json::json!(["b"]), "{look}");
        }
        sandbox.ok("where /s/f").says("in doubt");
        let info = sandbox.ok("info --json").json();
        assert_eq!((&info["levels"][1]["objects"], &info["disks"][1]["only_here"]["objects"]), (&1.into(), &1.into()));
        sandbox.ok("backup a");
        sandbox.ok("disk drop b");
    }
}

#[test]
fn a_budget_beyond_the_disk_is_told_as_that() {
    let sandbox = Sandbox::with_disks("");
    let Some(_drive) = sandbox.mount("ext4", 64, "m") else { return };
    sandbox.source().file("f", "x");
    sandbox.ok("disk add m m/d --size 500G").says("the whole disk has");
    sandbox.ok("update");
    let told = sandbox.ok("backup m").says("the whole disk has").err;
    assert!(told.contains("The budget of m is 500 GB") && !told.contains("Other files"), "{told}");
}

#[test]
fn what_was_cut_off_is_said_to_be_looked_at() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "x");
    sandbox.back_up("a");
    sandbox.tamper("UPDATE disk SET closed = 0; UPDATE catalog SET holdings_true = 0");
    let is_told = |command: &str| {
        sandbox.ok(command).out.split_whitespace().collect::<Vec<_>>().join(" ").contains("did not come to its end")
    };
    assert!(is_told("info"));
    sandbox.ok("backup a");
    // The disk's own copy was made before its session ended, and claims nothing that is not there.
    assert!(!is_told("info") && !is_told("-d disks/a info"));
    assert_eq!(sandbox.ok("-d disks/a ls --json").json()["entries"][1]["disks"], serde_json::json!(["a"]));
}

#[test]
fn only_an_empty_disk_is_deleted() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("f", "x");
    sandbox.back_up("a");
    sandbox.code(5, "disk del a").says("drop");
    sandbox.ok("disk del b");
    assert_eq!(names(&sandbox), [json!("a")]);
}

#[test]
fn refreshed_the_catalog_claims_what_is_there() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 5, 100);
    sandbox.back_up("a");
    let lost = objects(&sandbox.disk("a")).into_iter().next().unwrap();
    fs::remove_file(sandbox.disk("a").join(format!("distbackup-objects/{}/{lost}", &lost[..3]))).unwrap();
    sandbox.ok("disk refresh a");
    assert_eq!(sandbox.ok("info --json").json()["levels"][0]["objects"], 1);
    assert_eq!(sandbox.ok("backup a --json").json()["first"]["objects"], 1);
    sandbox.ok("verify a");
}

#[test]
fn what_a_refresh_found_protects_nothing_until_it_was_read() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 100);
    sandbox.back_up("a");
    sandbox.ok("disk drop a --lost");
    sandbox.ok("disk refresh a");
    assert_eq!(sandbox.ok("info --json").json()["levels"][0]["objects"], 3);
    sandbox.ok("verify a");
    assert_eq!(sandbox.ok("info --json").json()["levels"][1]["objects"], 3);
}

#[test]
fn what_is_set_while_a_backup_runs_stays_set() {
    let sandbox = Sandbox::with_disks("a 200M");
    sandbox.source().files("f", 3_000, 10_000);
    sandbox.ok("update");
    let mut child = sandbox.spawn("backup a --jobs 1");
    crate::kit::wait_until(|| sandbox.sql::<i64>("SELECT closed FROM disk") == 0);
    sandbox.ok("disk set a --size 300MB");
    sandbox.ok("disk rename a b");
    assert!(child.wait().unwrap().success());
    let disk = &listed(&sandbox)[0];
    assert_eq!((&disk["name"], &disk["budget"]), (&json!("b"), &json!(300_000_000)));
    sandbox.ok("backup b");
}

#[test]
fn its_place_below_the_mount_point_may_be_said() {
    let sandbox = Sandbox::with_disks("");
    let Some(mounted) = sandbox.mount("ext4", 64, "m") else { return };
    sandbox.source().file("f", "x");
    sandbox.ok("disk add a m/data -s 30M");
    std::fs::create_dir(mounted.path().join("deep")).unwrap();
    std::fs::create_dir(mounted.path().join("deep/er")).unwrap();
    std::fs::rename(mounted.path().join("data"), mounted.path().join("deep/er/data")).unwrap();
    sandbox.ok("update");
    sandbox.code(10, "backup a");
    sandbox.ok("disk set a -r deep/er/data").says("deep/er/data");
    sandbox.ok("backup a");
    // Wherever it is mounted.
    let elsewhere = sandbox.path("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    mounted.unmount();
    let Some(_again) = mounted.mount_at(&elsewhere) else { return };
    sandbox.ok("verify a");
    for wrong in ["/absolute", "../up", "a/../../b"] {
        sandbox.code(2, &format!("disk set a -r {wrong}"));
    }
    sandbox.code(2, "disk set a -r x -p y");
}

#[test]
fn a_place_below_the_mount_point_may_not_be_another_disks() {
    let sandbox = Sandbox::with_disks("");
    let Some(mounted) = sandbox.mount("ext4", 64, "m") else { return };
    sandbox.ok("disk add a m/one -s 20M");
    sandbox.ok("disk add b m/two -s 20M");
    sandbox.code(5, "disk set a -r two").says("disk b");
    let _ = mounted;
    sandbox.ok("disk set a -r one");
}
