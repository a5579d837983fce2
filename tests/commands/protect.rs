//! `protect`: one folder, one drive, one line.

use crate::kit::{Sandbox, assert_same, objects};
use serde_json::json;
use std::fs;

fn pictures() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.tree("Pictures").files("2024", 3, 1_000);
    fs::create_dir(sandbox.path("drive")).unwrap();
    sandbox
}

#[test]
fn maps_adds_updates_and_backs_up() {
    let sandbox = pictures();
    sandbox.ok("protect Pictures --on drive/dsb --size 40M").says("safe to unplug");
    assert_eq!(objects(&sandbox.path("drive/dsb")).len(), 3);
    assert_eq!(sandbox.ok("source list --json").json()["sources"][0]["vpath"], "/Pictures");
    sandbox.ok("-d nowhere restore --from drive/dsb out");
    assert_same(&sandbox.path("Pictures"), &sandbox.path("out/Pictures"));
}

#[test]
fn again_it_updates_and_backs_up() {
    let sandbox = pictures();
    sandbox.ok("protect Pictures --on drive/dsb --size 40M");
    sandbox.tree("Pictures").file("new", "n");
    sandbox.ok("protect Pictures --on drive/dsb");
    assert_eq!(objects(&sandbox.path("drive/dsb")).len(), 4);
    assert_eq!(sandbox.ok("disk list --json").json()["disks"].as_array().unwrap().len(), 1);
    assert_eq!(sandbox.ok("source list --json").json()["sources"].as_array().unwrap().len(), 1);
}

#[test]
fn a_name_that_another_folder_has_is_refused() {
    let sandbox = pictures();
    sandbox.ok("protect Pictures --on drive/dsb --size 40M");
    sandbox.tree("other/Pictures").file("f", "x");
    sandbox.code(5, "protect other/Pictures --on drive/dsb");
    assert_eq!(objects(&sandbox.path("drive/dsb")).len(), 3);
}

#[test]
fn two_folders_on_one_drive() {
    let sandbox = pictures();
    sandbox.tree("Music").file("song", "la");
    sandbox.ok("protect Pictures --on drive/dsb --size 40M --name shelf-01");
    sandbox.ok("protect Music --on drive/dsb");
    assert_eq!(sandbox.ok("disk list --json").json()["disks"][0]["name"], json!("shelf-01"));
    sandbox.ok("restore shelf-01 out");
    assert_same(&sandbox.path("Music"), &sandbox.path("out/Music"));
    assert_same(&sandbox.path("Pictures"), &sandbox.path("out/Pictures"));
}

#[test]
fn nothing_is_begun_where_the_drive_is_missing() {
    let sandbox = pictures();
    sandbox.code(10, "protect Pictures --on unplugged/dsb");
    assert!(!sandbox.path("unplugged").exists());
}

#[test]
fn a_folder_that_is_not_there_is_refused() {
    let sandbox = pictures();
    assert_ne!(sandbox.run("protect Pitcures --on drive/dsb --size 40M").code, 0);
    assert!(!sandbox.path("drive/dsb").exists());
}
