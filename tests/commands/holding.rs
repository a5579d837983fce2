//! What a run that had problems leaves alone.

use super::run::{with, write};
use crate::kit::{Sandbox, objects, trees};
use std::fs;

/// Two states of which the older one is forgotten, and what only that needed is still on the disk.
fn with_orphans() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.ok("disk set a --tree");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("letter", "dear all").file("photos/one", "1").settle();
    sandbox.back_up("a");
    sandbox.source().remove("photos").settle();
    sandbox.ok("update");
    sandbox
}

#[test]
fn a_backup_takes_nothing_away_when_its_update_had_problems() {
    for verb in ["backup --update a", "protect src --on disks/a"] {
        let sandbox = with_orphans();
        let (before, shown) = (objects(&sandbox.disk("a")), trees(&sandbox.disk("a")));
        assert_eq!((before.len(), shown.len()), (2, 1));
        fs::rename(sandbox.path("src"), sandbox.path("away")).unwrap();
        fs::create_dir(sandbox.path("src")).unwrap();
        let ran = sandbox.code(3, verb);
        assert!(ran.err.contains("Nothing is removed from a and"), "{verb}: {}", ran.err);
        assert_eq!(objects(&sandbox.disk("a")), before, "{verb}");
        assert_eq!(trees(&sandbox.disk("a"))[..1], shown, "{verb}");
        fs::remove_dir(sandbox.path("src")).unwrap();
        fs::rename(sandbox.path("away"), sandbox.path("src")).unwrap();
        sandbox.ok(verb);
        assert_eq!((objects(&sandbox.disk("a")).len(), trees(&sandbox.disk("a")).len()), (1, 1), "{verb}");
    }
}

#[test]
fn what_is_rehearsed_is_no_problem() {
    let sandbox = with_orphans();
    sandbox.source().file("new", "not read by a rehearsal").settle();
    let steps = sandbox.ok("backup -n -u a --json").json();
    assert_eq!(steps["sums"][0]["do"], "remove", "{steps}");
}

/// Two presets; `first` is written before the other one. The one of `other` fails where `bad` is there.
fn two(first: &str) -> Sandbox {
    let one = "[one]\nsource = @/other\ndestination = @/drive-2\nbefore = ! test -e @/bad\n";
    let two = "[two]\nsource = @/src\ndestination = @/drive\ntree = yes\nkeep_last = 1\n";
    let sandbox = with(&if first == "one" { [one, two].concat() } else { [two, one].concat() });
    fs::write(sandbox.path("other/x"), "x").unwrap();
    sandbox.ok("run presets");
    sandbox.source().remove("photos").file("new", "new").settle();
    sandbox
}

#[test]
fn behind_a_preset_that_failed_the_others_back_up_and_take_nothing_away() {
    let sandbox = two("one");
    fs::write(sandbox.path("bad"), "").unwrap();
    let (before, shown) = (objects(&sandbox.path("drive")), trees(&sandbox.path("drive")));
    sandbox.code(3, "run presets");
    let held = objects(&sandbox.path("drive"));
    assert!(held.is_superset(&before) && held.len() == before.len() + 1, "the new file was backed up");
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM snapshot"), 2, "nothing is forgotten");
    assert_eq!(trees(&sandbox.path("drive"))[..1], shown);
    fs::remove_file(sandbox.path("bad")).unwrap();
    sandbox.ok("run presets");
    assert_eq!((objects(&sandbox.path("drive")).len(), trees(&sandbox.path("drive")).len()), (3, 1));
}

#[test]
fn what_ran_before_the_failure_is_done() {
    let sandbox = two("two");
    fs::write(sandbox.path("bad"), "").unwrap();
    sandbox.code(3, "run presets");
    assert_eq!(objects(&sandbox.path("drive")).len(), 3, "the new, the letter and x of the other preset");
}

#[test]
fn disks_in_their_drawer_are_no_problem_of_the_run() {
    let sandbox = two("one");
    fs::rename(sandbox.path("drive-2"), sandbox.path("drawer")).unwrap();
    sandbox.code(3, "run presets").says("none of its disks is attached");
    assert_eq!(objects(&sandbox.path("drive")).len(), 3, "what is superfluous went");
}

#[test]
fn a_preset_that_is_skipped_is_a_problem_of_the_run() {
    let sandbox = two("two");
    write(&sandbox, "more", "[three]\nsource = @/src\n");
    sandbox.code(3, "run presets more");
    assert_eq!(objects(&sandbox.path("drive")).len(), 4, "nothing was taken away");
}
