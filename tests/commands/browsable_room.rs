//! What makes way for trees, and what does not make way because nothing would be won.

use crate::kit::{
    Sandbox, assert_made_of_objects, assert_shows, below, bytes, has, latest, object_file, objects, skipped, trees,
};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

fn folders(sandbox: &Sandbox, count: u64, size: usize) {
    for folder in 0..count {
        sandbox.source().file(format!("{folder:03}/f"), bytes(folder, size));
    }
}

/// A disk that was full gets the tree of the newest state, and is then at rest.
#[track_caller]
fn gets_its_tree(sandbox: &Sandbox, disk: &Path, count: usize) {
    let before = objects(disk).len();
    sandbox.ok("disk set a --tree");
    let report = sandbox.ok("backup a --json").json();
    assert!(report["evicted"]["objects"].as_u64().unwrap() > 0, "{report}");
    assert_eq!((trees(disk).len(), &report["trees"]["no_room"]), (1, &json!(0)), "{report}");
    assert_made_of_objects(disk);
    let shown = below(&latest(disk)).into_iter().filter(|path| path.is_file()).count();
    assert_eq!(shown, objects(disk).len());
    assert!(before > objects(disk).len());
    let held: std::collections::BTreeSet<_> = objects(disk).into_iter().chain(objects(&sandbox.disk("b"))).collect();
    assert_eq!(held.len(), count);
    assert_eq!(sandbox.ok("backup a --simulate --json").json()["steps"], json!([]));
    sandbox.ok("backup a");
}

#[test]
fn the_newest_tree_gets_its_room_within_a_full_budget() {
    let sandbox = Sandbox::with_disks("a 60M b 60M");
    folders(&sandbox, 200, 250_000);
    sandbox.back_up("a b");
    sandbox.ok("backup a");
    gets_its_tree(&sandbox, &sandbox.disk("a"), 200);
}

#[test]
fn the_newest_tree_gets_its_room_on_a_full_file_system() {
    let sandbox = Sandbox::with_disks("");
    let Some(_a) = sandbox.mount("ext4", 64, "disks/a") else { return };
    let Some(_b) = sandbox.mount("ext4", 64, "disks/b") else { return };
    sandbox.ok("disk add a disks/a");
    sandbox.ok("disk add b disks/b");
    folders(&sandbox, 130, 400_000);
    sandbox.back_up("a b");
    sandbox.ok("backup a");
    gets_its_tree(&sandbox, &sandbox.disk("a"), 130);
}

#[test]
fn no_last_copy_makes_way_for_a_tree() {
    let sandbox = Sandbox::with_disks("a 30M");
    folders(&sandbox, 150, 250_000);
    sandbox.ok("update");
    sandbox.run("backup a");
    let before = objects(&sandbox.disk("a"));
    sandbox.ok("disk set a --tree");
    let ran = sandbox.code(3, "backup a").says("not even the newest: all else there is the last copy");
    assert!(!ran.out.contains("more than the budget"), "{}", ran.out);
    assert_eq!(objects(&sandbox.disk("a")), before);
}

#[test]
fn what_a_person_linked_stays_and_stays_claimed() {
    if !has("cp") {
        return skipped("this needs cp");
    }
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.ok("disk set a --tree");
    sandbox.source().files("old", 40, 250_000);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let mine = disk.join("mine");
    let copied = Command::new("cp").arg("-al").arg(latest(&disk)).arg(&mine).status();
    assert!(copied.unwrap().success());
    let old = objects(&disk);
    sandbox.source().remove("old").files("new", 40, 240_000);
    sandbox.ok("update");
    sandbox.code(3, "backup a").says("40 objects").says("have other names on the disk");
    let there = objects(&disk);
    assert!(old.is_subset(&there));
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM copy"), there.len() as i64);
    assert_eq!(trees(&disk).len(), 2);
    assert_eq!(latest(&disk), disk.join("snapshots").join(&trees(&disk)[0]));
    assert_made_of_objects(&disk);
    fs::remove_dir_all(&mine).unwrap();
    sandbox.ok("backup a");
    assert_eq!(objects(&disk).iter().filter(|id| !old.contains(*id)).count(), 40);
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
}

#[test]
fn where_a_person_linked_some_others_make_way() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("old", 20, 250_000).settle();
    sandbox.back_up("a");
    let (disk, mine) = (sandbox.disk("a"), sandbox.path("disks/mine"));
    let old = objects(&disk);
    fs::create_dir(&mine).unwrap();
    old.iter().for_each(|id| fs::hard_link(object_file(&disk, id), mine.join(id)).unwrap());
    sandbox.source().remove("old").files("mid", 50, 250_000).settle();
    sandbox.ok("backup -u a");
    sandbox.source().remove("mid").files("new", 55, 250_000).settle();
    sandbox.run("backup -u a");
    let there = objects(&disk);
    assert!(old.is_subset(&there), "nothing would be won");
    assert_eq!(sandbox.ok("info --json").json()["levels"][0]["objects"], 0, "all that is new is there");
    // And then it is at rest.
    sandbox.ok("backup a");
    assert_eq!(objects(&disk), there);
}

#[test]
fn what_nobody_needs_goes_whoever_named_it() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("go", "going").file("stay", "staying");
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    fs::hard_link(object_file(&disk, &crate::kit::hash(&sandbox.path("src/go"))), disk.join("mine")).unwrap();
    sandbox.source().remove("go");
    sandbox.back_up("a");
    assert_eq!(objects(&disk).len(), 1);
    assert_eq!(fs::read_to_string(disk.join("mine")).unwrap(), "going");
}

#[test]
fn a_folder_for_all_keeps_its_sticky_bit() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.ok("disk set a --tree");
    sandbox.source().file("tmp/f", "x").mode("tmp", 0o1777);
    sandbox.back_up("a");
    let mode = fs::metadata(latest(&sandbox.disk("a")).join("s/tmp")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o1777);
}
