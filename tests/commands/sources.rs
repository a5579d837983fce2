//! `source`: the virtual tree is assembled.

use crate::kit::{Sandbox, assert_same};
use serde_json::json;
use std::fs;

#[test]
fn maps_nest_and_the_inner_one_masks_the_outer() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("inner/masked", "outer").file("kept", "k");
    sandbox.tree("other").file("inner", "x");
    sandbox.ok("source map /s/inner other");
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("other"), &sandbox.path("out/s/inner"));
    assert_eq!(std::fs::read(sandbox.path("out/s/kept")).unwrap(), b"k");
}

#[test]
fn what_was_masked_comes_back_when_the_mask_goes() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("inner/masked", "outer");
    sandbox.tree("other").file("file", "x");
    sandbox.ok("source map /s/inner other");
    sandbox.ok("update");
    sandbox.ok("source unmap /s/inner");
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_map_may_stand_deep_in_nothing() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "1");
    sandbox.tree("other").file("g", "2");
    sandbox.ok("source map /x/y/z other");
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("other"), &sandbox.path("out/x/y/z"));
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn the_root_itself_may_be_mapped() {
    let sandbox = Sandbox::new();
    sandbox.tree("src").file("a/b", "1").file("c", "2");
    sandbox.ok("source map / src");
    sandbox.add_disk("a", "40M");
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src/a"), &sandbox.path("out/a"));
    assert_eq!(std::fs::read(sandbox.path("out/c")).unwrap(), b"2");
}

#[test]
fn the_list_shows_where_each_comes_from() {
    let sandbox = Sandbox::with_disks("");
    let list = sandbox.ok("source list --json").json();
    let path = sandbox.path("src").canonicalize().unwrap();
    assert_eq!(list, json!({"sources": [{"vpath": "/s", "path": path.to_str().unwrap()}], "paths": []}));
    sandbox.ok("source unmap /s");
    assert_eq!(sandbox.ok("source list --json").json(), json!({"sources": [], "paths": []}));
}

#[test]
fn a_path_that_climbs_is_no_virtual_path() {
    let sandbox = Sandbox::with_disks("");
    sandbox.code(2, "source map /a/../b src");
}

#[test]
fn an_empty_folder_around_an_inner_map() {
    let sandbox = Sandbox::with_disks("");
    sandbox.tree("raw").file("r", "raw");
    sandbox.ok("source map /s/raw raw");
    sandbox.ok("update");
    sandbox.ok("update");
}

#[test]
fn an_inner_map_below_a_folder_that_is_left_out() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("way/f", "x");
    sandbox.tree("raw").file("r", "raw");
    sandbox.ok("source map /s/way/raw raw");
    sandbox.ok("update");
    sandbox.source().file("way/.distbackup.skip", "");
    sandbox.tree("raw").file("new", "n");
    sandbox.ok("update");
    let ls = sandbox.ok("ls /s/way").out;
    assert!(ls.contains("/s/way/raw/new") && ls.contains("/s/way/raw/r") && !ls.contains("/s/way/f"), "{ls}");
}

#[test]
fn an_inner_map_below_a_folder_that_cannot_be_read() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("way/f", "x");
    sandbox.tree("raw").file("r", "raw");
    sandbox.give_to_nobody();
    for line in ["source map /s/way/raw raw", "update"] {
        sandbox.as_nobody(line).expect(0, line);
    }
    sandbox.source().mode("way", 0o000);
    fs::write(sandbox.path("raw/new"), "n").unwrap();
    sandbox.as_nobody("update").expect(3, "update");
    sandbox.source().mode("way", 0o755);
    let ls = sandbox.as_nobody("ls /s/way").out;
    assert!(ls.contains("/s/way/raw/new") && ls.contains("/s/way/f"), "{ls}");
}
