//! What looks like a drive that is not there is never taken for "all deleted".

use crate::kit::{Mounted, Ran, Sandbox, objects, wait_until};
use serde_json::json;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// An update that must lock `/s`, and a backup after it that must take nothing from the disk.
fn is_locked(sandbox: &Sandbox) -> Ran {
    let held = objects(&sandbox.disk("a"));
    let ran = sandbox.code(3, "update --json");
    assert_eq!((&ran.json()["locked"], &ran.json()["vanished"]), (&json!(["/s"]), &json!(0)), "{}", ran.err);
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")), held);
    ran
}

fn backed_up(count: u64) -> Sandbox {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("f", count, 100);
    sandbox.back_up("a");
    sandbox
}

#[test]
fn a_root_that_is_missing() {
    let sandbox = backed_up(5);
    fs::rename(sandbox.path("src"), sandbox.path("away")).unwrap();
    is_locked(&sandbox);
    fs::rename(sandbox.path("away"), sandbox.path("src")).unwrap();
    sandbox.ok("update");
}

#[test]
fn a_root_that_is_empty() {
    let sandbox = backed_up(5);
    sandbox.source().remove("f");
    is_locked(&sandbox).says("--accept-loss /s");
    let report = sandbox.ok("update --accept-loss /s --json").json();
    assert_eq!(report["locked"], json!([]));
    sandbox.ok("update");
    let ls = sandbox.ok("ls --json").json();
    assert!(ls["entries"].as_array().unwrap().iter().all(|entry| entry["path"] == "/s"), "{ls}");
}

#[test]
fn a_root_of_another_file_system() {
    let sandbox = backed_up(5);
    fs::rename(sandbox.path("src"), sandbox.path("away")).unwrap();
    let Some(drive) = sandbox.mount("ext4", 16, "src") else { return };
    fs::write(drive.path().join("new"), "n").unwrap();
    is_locked(&sandbox).says("--accept-source /s");
    let report = sandbox.ok("update --accept-source /s --json").json();
    assert_eq!(report["locked"], json!([]));
    sandbox.ok("backup a");
    sandbox.ok("restore a out");
    assert!(sandbox.path("out/s/new").exists() && !sandbox.path("out/s/f").exists());
}

#[test]
fn a_drive_inside_a_source_that_is_not_mounted() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().file("f", "x");
    let Some(drive) = sandbox.mount("ext4", 16, "src/drive") else { return };
    fs::write(drive.path().join("on it"), "n").unwrap();
    sandbox.back_up("a");
    Mounted::unmount(&drive);
    let report = sandbox.code(3, "update --json").json();
    assert_eq!((&report["problems"], &report["vanished"]), (&json!(1), &json!(0)), "{report}");
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 2);
}

#[test]
fn more_than_a_thousand_and_a_fifth_at_once() {
    let sandbox = backed_up(1_500);
    let names = |range: std::ops::Range<u64>| range.map(|n| format!("f/{n:04}"));
    names(0..1_001).for_each(|name| {
        sandbox.source().remove(name);
    });
    is_locked(&sandbox).says("--accept-loss /s");
    assert_eq!(sandbox.ok("update --accept-loss /s --json").json()["vanished"], 1_001);
}

#[test]
fn more_than_a_thousand_shrunk_to_nothing() {
    let sandbox = backed_up(1_500);
    (0..1_001).for_each(|n| {
        sandbox.source().file(format!("f/{n:04}"), "");
    });
    is_locked(&sandbox);
    sandbox.ok("update --accept-loss /s");
}

#[test]
fn a_thousand_renamed_are_no_loss() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("f", 1_500, 100).settle();
    sandbox.ok("update");
    sandbox.source().rename("f", "g");
    let report = sandbox.ok("update --json").json();
    assert_eq!((&report["locked"], &report["renamed"]), (&json!([]), &json!(1_500)));
}

#[test]
fn fewer_than_a_thousand_are_an_ordinary_day() {
    let sandbox = backed_up(900);
    sandbox.source().file("stays", "x").remove("f");
    let report = sandbox.ok("update --json").json();
    assert_eq!(report["locked"], json!([]));
    assert!(report["vanished"].as_u64().unwrap() >= 900, "{report}");
}

#[test]
fn a_large_folder_that_became_a_symlink() {
    let sandbox = backed_up(1_500);
    fs::rename(sandbox.path("src/f"), sandbox.path("away")).unwrap();
    sandbox.source().symlink("f", "../away").settle();
    is_locked(&sandbox).says("--accept-loss /s");
    assert_eq!(sandbox.ok("ls /s/f --json").json()["entries"].as_array().unwrap().len(), 1_501);
    sandbox.ok("update --accept-loss /s");
    let listed = sandbox.ok("ls /s/f --json").json();
    assert_eq!(listed["entries"][0]["kind"], "symlink");
    assert_eq!(listed["entries"].as_array().unwrap().len(), 1);
}

#[test]
fn a_large_folder_that_became_a_file() {
    let sandbox = backed_up(1_500);
    fs::rename(sandbox.path("src/f"), sandbox.path("away")).unwrap();
    sandbox.source().file("f", "now a file").settle();
    is_locked(&sandbox);
    assert_eq!(sandbox.ok("ls /s/f --json").json()["entries"].as_array().unwrap().len(), 1_501);
    sandbox.ok("update --accept-loss /s");
    assert_eq!(sandbox.ok("ls /s/f --json").json()["entries"][0]["kind"], "file");
}

#[test]
fn renames_elsewhere_do_not_hide_a_loss() {
    let sandbox = backed_up(1_500);
    sandbox.source().file("stays", "x");
    sandbox.tree("other").files("o", 1_500, 10).settle();
    sandbox.ok("source map /o other");
    sandbox.back_up("a");
    sandbox.tree("other").rename("o", "renamed");
    sandbox.source().remove("f");
    let ran = sandbox.code(3, "update --json").says("--accept-loss /s");
    assert_eq!((&ran.json()["locked"], &ran.json()["renamed"]), (&json!(["/s"]), &json!(1_500)));
    sandbox.ok("ls /s/f").says("/s/f/0000");
}

#[test]
fn files_that_became_links_are_a_loss() {
    let sandbox = backed_up(1_500);
    (0..1_500).for_each(|n| {
        sandbox.source().remove(format!("f/{n:04}")).symlink(format!("f/{n:04}"), "elsewhere");
    });
    is_locked(&sandbox).says("--accept-loss /s");
    let report = sandbox.ok("update --accept-loss /s --json").json();
    assert_eq!((&report["vanished"], &report["added"]), (&json!(1_500), &json!(1_500)));
}

#[test]
fn a_folder_on_the_way_to_an_inner_map_that_is_gone() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("way/f", 1_500, 100).file("other", "x");
    sandbox.tree("raw").file("r", "raw");
    sandbox.ok("source map /s/way/raw raw");
    sandbox.back_up("a");
    sandbox.source().remove("way");
    is_locked(&sandbox).says("--accept-loss /s");
    sandbox.ok("update --accept-loss /s");
    sandbox.ok("ls /s/way/raw").says("/s/way/raw/r");
}

#[test]
fn a_root_that_is_gone_for_good() {
    let sandbox = backed_up(5);
    sandbox.tree("more").files("m", 2, 100).settle();
    sandbox.ok("source map /more more");
    sandbox.back_up("a");
    fs::rename(sandbox.path("src"), sandbox.path("away")).unwrap();
    is_locked(&sandbox).says("source unmap /s");
    let report = sandbox.ok("update --accept-loss /s --json").json();
    assert_eq!(report["locked"], json!([]));
    let listed = sandbox.ok("ls --json").json();
    let paths: Vec<_> = listed["entries"].as_array().unwrap().iter().map(|entry| entry["path"].clone()).collect();
    assert_eq!(paths, ["/more", "/more/m", "/more/m/0000", "/more/m/0001"]);
}

/// The moved ones were recorded under their new names before the update was killed.
#[test]
fn a_move_that_was_cut_off_is_no_loss_either() {
    let sandbox = backed_up(1_500);
    sandbox.source().rename("f", "g").sparse("long", 4 << 30, 0, b"long");
    let mut child = sandbox.spawn("update --jobs 1");
    wait_until(|| sandbox.sql::<i64>("SELECT count(*) FROM entry WHERE last IS NULL") > 3_000);
    child.kill().unwrap();
    child.wait().unwrap();
    sandbox.source().remove("long").settle();
    let report = sandbox.ok("update --json").json();
    assert_eq!(report["locked"], json!([]));
    assert!(!sandbox.ok("ls").out.contains("/s/f"));
    // What is really gone is missed all the same.
    sandbox.source().remove("g").file("stays", "x");
    sandbox.code(3, "update").says("--accept-loss /s");
}

#[test]
fn a_sixth_of_all_in_one_folder_is_an_ordinary_day() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("f", 2_100, 1).files("stays", 10_000, 1).settle();
    sandbox.ok("update");
    sandbox.source().remove("f");
    sandbox.ok("update");
    (0..3_000).for_each(|n| {
        sandbox.source().remove(format!("stays/{n:04}"));
    });
    sandbox.code(3, "update").says("--accept-loss /s");
}

/// Lock files of browsers, sockets: they come and go while an update runs.
#[test]
fn what_comes_and_goes_is_no_failure() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("f", 300, 100);
    let (place, ends) = (sandbox.path("src/f"), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !ends.load(Ordering::Relaxed) {
                for n in 0..50 {
                    let _ = std::os::unix::fs::symlink("nowhere", place.join(format!("lock{n}")));
                }
                for n in 0..50 {
                    let _ = fs::remove_file(place.join(format!("lock{n}")));
                }
            }
        });
        let codes: Vec<i32> = (0..12).map(|_| sandbox.run("update").code).collect();
        ends.store(true, Ordering::Relaxed);
        assert_eq!(codes, [0; 12]);
    });
}

#[test]
fn a_state_says_that_something_was_locked() {
    let sandbox = backed_up(1_500);
    sandbox.source().file("new", "x").remove("f").settle();
    sandbox.code(3, "update").says("--accept-loss /s");
    let listed = sandbox.ok("snapshot list --json").json();
    let newest = listed["snapshots"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(newest["problems"], 1, "{newest}");
}

/// What has a second name in another source is gone where that goes too.
#[test]
fn two_sources_of_hard_links_that_both_go_are_a_loss() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 1_500, 1).dir("b").file("a/stays", "x").file("b/stays", "x");
    let (a, b) = (sandbox.path("src/a"), sandbox.path("src/b"));
    (0..1_500).for_each(|n| fs::hard_link(a.join(format!("{n:04}")), b.join(format!("{n:04}"))).unwrap());
    sandbox.ok("source unmap /s");
    sandbox.ok("source map /a src/a");
    sandbox.ok("source map /b src/b");
    sandbox.source().settle();
    sandbox.ok("update");
    (0..1_500).for_each(|n| fs::remove_file(b.join(format!("{n:04}"))).unwrap());
    assert_eq!(sandbox.ok("update --json").json()["vanished"], 1_500, "all of it is still in the other");
    (0..1_500).for_each(|n| fs::hard_link(a.join(format!("{n:04}")), b.join(format!("{n:04}"))).unwrap());
    sandbox.source().settle();
    sandbox.ok("update");
    for folder in [&a, &b] {
        (0..1_500).for_each(|n| fs::remove_file(folder.join(format!("{n:04}"))).unwrap());
    }
    let report = sandbox.code(3, "update --json").json();
    assert_eq!((&report["locked"], &report["vanished"]), (&json!(["/a", "/b"]), &json!(0)));
}
