//! The whole job, as a person does it the first time.

use crate::kit::{Sandbox, Tree, assert_rsync_agrees, assert_same, dump, objects, temporary_files};
use serde_json::json;

/// Pictures, and raw pictures that are mapped into them.
fn pictures() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .tree("Pictures")
        .files("2024", 12, 20_000)
        .files("2025", 3, 300_000)
        .dir("none yet")
        .symlink("link", "2024");
    sandbox.tree("raw").files("film", 4, 700_000).file("notes.txt", "Tri-X");
    sandbox.ok("source map /photos Pictures");
    sandbox.ok("source map /photos/raw raw");
    sandbox
}

fn is_restored(sandbox: &Sandbox, to: &str) {
    let photos = sandbox.path(to).join("photos");
    assert_same(&sandbox.path("raw"), &photos.join("raw"));
    std::fs::remove_dir_all(photos.join("raw")).unwrap();
    let before: Tree = sandbox.tree("Pictures");
    before.mtime("", 1_700_000_000, 0);
    Tree::new(photos.clone()).mtime("", 1_700_000_000, 0);
    assert_same(before.root(), &photos);
    assert_rsync_agrees(before.root(), &photos);
}

#[test]
fn from_an_empty_catalog_to_a_restored_tree() {
    let sandbox = pictures();
    sandbox.ok("update");
    sandbox.add_disk("shelf-01", "60M").says("shelf-01");
    sandbox.ok("backup shelf-01").says("safe to unplug");
    let before = dump(&sandbox.disk("shelf-01"));
    sandbox.ok("-d nowhere restore --from disks/shelf-01 out");
    is_restored(&sandbox, "out");
    assert_eq!(dump(&sandbox.disk("shelf-01")), before, "a restore from a bare machine changed the disk");
    assert!(!sandbox.path("nowhere").exists(), "a restore with --from made a catalog");
    sandbox.ok("restore shelf-01 out2");
    is_restored(&sandbox, "out2");
    sandbox.ok("verify shelf-01");
    assert!(temporary_files(&sandbox.disk("shelf-01")).is_empty());
}

#[test]
fn the_tables_say_what_is_there() {
    let sandbox = pictures();
    sandbox.add_disk("shelf-01", "60M");
    let update = sandbox.ok("update --json").json();
    assert_eq!((&update["hashed"]["objects"], &update["complete"]), (&json!(20), &json!(true)));
    let backup = sandbox.ok("backup shelf-01 --json").json();
    assert_eq!((&backup["first"], &backup["problems"]), (&update["hashed"], &json!(0)));
    assert_eq!(objects(&sandbox.disk("shelf-01")).len(), 20);
    let info = sandbox.ok("info --json").json();
    assert_eq!(info["levels"], json!([{"objects": 0, "bytes": 0}, update["hashed"]]));
    let ls = sandbox.ok("ls /photos/raw --json").json();
    let paths: Vec<_> = ls["entries"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect();
    assert!(paths.contains(&"/photos/raw/notes.txt"), "{paths:?}");
    let disks = sandbox.ok("disk list --json").json();
    assert_eq!((&disks["disks"][0]["name"], &disks["disks"][0]["budget"]), (&json!("shelf-01"), &json!(60_000_000)));
}

#[test]
fn every_file_is_found_again() {
    let sandbox = pictures();
    sandbox.add_disk("a", "60M");
    sandbox.back_up("a");
    let found = sandbox.ok("where /photos/2024/0003 --json").json();
    assert_eq!((&found["path"], &found["disks"][0]["disk"]), (&json!("/photos/2024/0003"), &json!("a")));
    assert!(objects(&sandbox.disk("a")).contains(found["object"].as_str().unwrap()));
    sandbox.ok("where /photos/2024/0003").says("a");
    assert_ne!(sandbox.run("where /photos/nothing").code, 0);
}

#[test]
fn each_disk_carries_what_a_person_without_dsb_needs() {
    let sandbox = pictures();
    sandbox.add_disk("a", "60M");
    sandbox.back_up("a");
    let readme = std::fs::read_to_string(sandbox.disk("a").join("README.txt")).unwrap();
    assert!(readme.contains("sqlite3") && readme.contains("distbackup-objects"), "{readme}");
    let copy = rusqlite::Connection::open(sandbox.disk("a").join("distbackup.sqlite")).unwrap();
    let count: i64 = copy.query_row("SELECT count(*) FROM copy", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 20, "the catalog copy knows what is on the disk");
}
