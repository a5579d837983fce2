//! Known files under other names: recognised without reading, wherever they went.

use crate::kit::{Sandbox, assert_same, skipped};
use serde_json::{Value, json};

/// What an update read and what it recognised.
fn read_and_recognised(sandbox: &Sandbox) -> (Value, Value) {
    let report = sandbox.ok("update --json").json();
    (report["hashed"]["objects"].clone(), report["renamed"].clone())
}

#[test]
fn renames_are_recognised_without_reading() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("a", 9, 1_000).file("x", "y").settle();
    sandbox.back_up("a");
    sandbox.source().rename("a", "deep/b").rename("x", "z");
    assert_eq!(read_and_recognised(&sandbox), (json!(0), json!(10)));
    sandbox.ok("backup a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_directory_replaced_by_a_renamed_file() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("d", 3, 100).file("x", "content").settle();
    sandbox.back_up("a");
    sandbox.source().remove("d").rename("x", "d");
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

/// Whatever their times and sizes say: nothing wrote into files that only have other names now.
#[test]
fn files_that_swap_their_names_are_no_suspects() {
    let sandbox = Sandbox::with_disks("");
    let source = sandbox.source();
    source.file("a", "111").file("b", "222").file("c", "333").file("d", "444");
    for name in ["a", "b", "c", "d"] {
        source.mtime(name, 1_600_000_000, 0);
    }
    source.settle();
    sandbox.ok("update");
    source.rename("a", "x").rename("b", "a").rename("x", "b").rename("c", "d");
    let report = sandbox.ok("update --json").json();
    if report["renamed"] == 0 {
        return skipped("the file system tells no birth times");
    }
    assert_eq!((&report["suspects"], &report["hashed"]["objects"]), (&0.into(), &0.into()), "{report}");
}

#[test]
fn a_file_that_took_the_place_of_another_is_recognised_and_so_is_that_one() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("a", "of a").file("b", "what b has").file("c", "and c").settle();
    sandbox.back_up("a");
    sandbox.source().rename("b", "d/c").rename("a", "b");
    assert_eq!(read_and_recognised(&sandbox), (json!(0), json!(2)));
    sandbox.ok("backup a");
    sandbox.ok("restore a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_file_from_a_folder_that_went_with_all_below_it_is_recognised() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("deep/down/in/f", "content").file("deep/g", "other").file("h", "h").settle();
    sandbox.ok("update");
    sandbox.source().rename("deep/down/in/f", "f").rename("deep/g", "g").remove("deep");
    assert_eq!(read_and_recognised(&sandbox), (json!(0), json!(2)));
}

#[test]
fn files_that_another_source_leads_to_as_well_are_not_read_again() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 20, 1_000).settle();
    sandbox.ok("update");
    sandbox.ok("source map /again src");
    assert_eq!(read_and_recognised(&sandbox), (json!(0), json!(20)));
    // A source that moves to another place in the tree.
    sandbox.ok("source unmap /again");
    sandbox.ok("source map /moved src");
    assert_eq!(read_and_recognised(&sandbox), (json!(0), json!(20)));
}

#[test]
fn more_than_are_handled_in_one_go() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 10_001, 10).settle();
    sandbox.ok("update");
    sandbox.source().rename("a", "b");
    assert_eq!(read_and_recognised(&sandbox), (json!(0), json!(10_001)));
}

/// One name of a file goes, and its bytes change under an unchanged size and time.
#[test]
fn what_stays_in_its_place_is_read_whatever_became_of_its_other_names() {
    for rename in [None, Some(("c", "d"))] {
        let sandbox = Sandbox::with_disks("");
        let source = sandbox.source();
        source.file("a", "111").hard_link("b", "a").hard_link("c", "a").mtime("a", 1_600_000_000, 0).settle();
        sandbox.ok("update");
        source.file("a", "222").mtime("a", 1_600_000_000, 0).remove("b");
        if let Some((from, to)) = rename {
            source.rename(from, to);
        }
        source.settle();
        let report = sandbox.code(3, "update --json").json();
        assert_eq!(report["renamed"], 0, "{report}");
        assert!(report["suspects"].as_u64().unwrap() >= 1, "{report}");
        sandbox.ok("suspect accept /s/a");
        let listed = sandbox.ok("ls --json").json();
        let objects: std::collections::BTreeSet<String> = listed["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|entry| entry["object"].as_str())
            .map(str::to_owned)
            .collect();
        assert_eq!(objects.len(), 1, "{listed}");
    }
}
