//! `restore --minset` and `restore --existing`: which disks are needed, what is there already.

use crate::kit::{Sandbox, assert_same, below};
use serde_json::{Value, json};
use std::fs;

/// Six files on four disks so that the disk with most is not needed: `wide` has four of them, `left`
/// and `right` three each. `none` is on no disk.
fn shelf() -> Sandbox {
    let sandbox = Sandbox::with_disks("wide 30M left 30M right 30M spare 30M");
    for name in ["1", "2", "3", "4", "5", "6", "none"] {
        sandbox.source().file(name, format!("content of {name}"));
    }
    sandbox.ok("update");
    for (disk, names) in [("wide", "2 3 4 5"), ("left", "1 2 3"), ("right", "4 5 6"), ("spare", "")] {
        let list: Vec<_> = names.split_whitespace().map(|name| format!("'{name}'")).collect();
        sandbox.tamper(&format!(
            "INSERT INTO copy SELECT o.id, d.id, 0, 20000, 0 FROM object o JOIN entry e ON e.object = o.id, disk d
             WHERE d.name = '{disk}' AND CAST(e.name AS TEXT) IN ({})",
            list.join(",")
        ));
    }
    sandbox
}

fn disks(set: &Value) -> Vec<&str> {
    set["disks"].as_array().unwrap().iter().map(|disk| disk["disk"].as_str().unwrap()).collect()
}

#[test]
fn the_set_is_the_smallest_and_what_is_lost_is_named() {
    let sandbox = shelf();
    let set = sandbox.code(3, "restore --minset --json").json();
    assert_eq!((disks(&set), &set["proven"]), (vec!["right", "left"], &json!(true)), "the one seen last comes first");
    assert_eq!(set["lost"], json!({ "objects": 1, "bytes": 15, "paths": ["/s/none"] }));
    assert_eq!(set["files"]["objects"], 7);
    sandbox.code(3, "restore --minset").says("2 disks are needed").says("On no disk: 1 file").says("/s/none");
    assert!(!sandbox.path("out").exists());
    sandbox.code(3, "restore --minset out");
    sandbox.code(3, "restore --minset left out");
    assert!(!sandbox.path("out").exists(), "nothing is written");
}

#[test]
fn only_what_matches_is_asked_for() {
    let sandbox = shelf();
    let set = sandbox.ok("restore --minset -f /s/2 -f /s/5 --json").json();
    assert_eq!((disks(&set), &set["disks"][0]["files"]["objects"]), (vec!["wide"], &json!(2)));
    sandbox.ok("restore --minset -f /s/2").says("1 disk is enough");
    sandbox.code(2, "restore --minset -f /nothing").says("dsb ls");
    let none = sandbox.code(3, "restore --minset -f /s/none --json").json();
    assert_eq!((disks(&none), &none["lost"]["objects"]), (vec![], &json!(1)));
}

#[test]
fn among_equals_an_attached_disk_then_the_one_seen_last() {
    let sandbox = shelf();
    sandbox.tamper("UPDATE disk SET last_seen = 1000 WHERE name = 'left'");
    sandbox.tamper("UPDATE disk SET last_seen = 2000 WHERE name = 'wide'");
    let best = || disks(&sandbox.ok("restore --minset -f /s/2 --json").json()).join(" ");
    assert_eq!(best(), "wide");
    fs::rename(sandbox.disk("wide"), sandbox.path("away")).unwrap();
    assert_eq!(best(), "left", "what is attached needs no searching for");
    fs::rename(sandbox.disk("left"), sandbox.path("away too")).unwrap();
    assert_eq!(best(), "wide");
}

#[test]
fn copies_in_doubt_are_the_last_resort() {
    let sandbox = shelf();
    sandbox.tamper("UPDATE copy SET doubt = 1 WHERE disk = (SELECT id FROM disk WHERE name = 'left')");
    let set = sandbox.ok("restore --minset -f /s/2 --json").json();
    assert_eq!((disks(&set), &set["doubtful"]["objects"]), (vec!["wide"], &json!(0)));
    let set = sandbox.ok("restore --minset -f /s/1 --json").json();
    assert_eq!((disks(&set), &set["doubtful"]["objects"]), (vec!["left"], &json!(1)));
    sandbox.ok("restore --minset -f /s/1").says("in doubt");
}

#[test]
fn what_is_there_needs_no_disk() {
    let sandbox = shelf();
    sandbox.tree("one/s").file("6", "content of 6");
    sandbox.tree("two/s").file("5", "content of 5").file("4", "other");
    let set = sandbox.code(3, "restore --minset -e one -e two --json").json();
    assert_eq!((disks(&set), &set["elsewhere"]), (vec!["right", "left"], &json!(2)));
    let set = sandbox.code(3, "restore --minset one --json").json();
    assert_eq!(set["elsewhere"], 1, "the destination has it");
    let set = sandbox.ok("restore --minset -f /s/6 -e one --json").json();
    assert_eq!(disks(&set), Vec::<&str>::new());
    sandbox.ok("restore --minset -f /s/6 -e one").says("No disk is needed");
    sandbox.code(1, "restore --minset -e nowhere").says("nowhere");
    sandbox.code(2, "restore");
}

/// Three files on disk `a`; the folder `have` has one of them, and another where one would be.
fn partly_there() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("d/one", "1").file("d/two", "22").file("e/three", "333").symlink("link", "d").dir("empty");
    sandbox.back_up("a");
    sandbox.tree("have/s").file("d/one", "1").symlink("link", "d").dir("empty");
    sandbox
}

#[test]
fn what_a_folder_has_is_left_out() {
    let sandbox = partly_there();
    let report = sandbox.ok("restore a out -e have --json").json();
    assert_eq!((&report["written"]["objects"], &report["elsewhere"]), (&json!(2), &json!(2)), "{report}");
    let mut names: Vec<_> = below(&sandbox.path("out")).into_iter().filter(|path| !path.is_dir()).collect();
    names.sort();
    assert_eq!(names, [sandbox.path("out/s/d/two"), sandbox.path("out/s/e/three")]);
    assert!(!sandbox.path("out/s/empty").exists(), "a folder that is there is not made again");
    sandbox.tree("more/s").file("e/three", "333");
    sandbox.ok("restore a out2 -e have -e more");
    assert!(!sandbox.path("out2/s/e").join("three").exists() && sandbox.path("out2/s/d/two").exists());
}

#[test]
fn another_file_of_that_name_is_told() {
    let sandbox = partly_there();
    sandbox.tree("have/s").file("d/two", "quite another").file("e/three", "xyz");
    let ran = sandbox.code(3, "restore a out -e have --json").says("/s/d/two").says("another one is in have");
    assert_eq!((&ran.json()["differing"], &ran.json()["elsewhere"]), (&json!(1), &json!(3)));
    sandbox.code(3, "restore a out -e have --checksum").says("/s/e/three");
    sandbox.code(1, "restore a out -e nowhere").says("nowhere");
}

#[test]
fn a_symlink_in_a_named_folder_is_not_followed() {
    let sandbox = partly_there();
    sandbox.tree("real").file("two", "22");
    sandbox.tree("linked/s").symlink("d", "../../real");
    sandbox.ok("restore a out -e linked");
    assert_same(&sandbox.path("src/d"), &sandbox.path("out/s/d"));
}
