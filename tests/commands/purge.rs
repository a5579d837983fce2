//! `purge`: a path that nobody may find any more.

use crate::kit::{Sandbox, below, objects};
use serde_json::json;

/// A secret that was in two states, under two names and once beside another file with its bytes.
fn with_a_secret() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 40M b 40M");
    sandbox.ok("retention set --keep-last 9");
    sandbox.source().file("old/secret", "the secret").file("old/plain", "plain").file("stay", "stay").settle();
    sandbox.back_up("a b");
    sandbox.source().rename("old", "new").settle();
    sandbox.ok("update");
    sandbox.source().remove("new/secret").settle();
    sandbox.ok("update");
    sandbox
}

#[test]
fn a_purged_path_leaves_every_state_and_each_disk_as_it_comes() {
    let sandbox = with_a_secret();
    let report = sandbox.ok("purge /s/new/secret /s/old/secret --json").json();
    assert_eq!(report["content"], json!({ "objects": 1, "bytes": 10 }));
    assert_eq!(report["pending"].as_array().unwrap().len(), 2, "{report}");
    sandbox.code(3, "find secret");
    sandbox.ok("ls --at 1").says("/s/old/plain");
    sandbox.ok("info").says("Purged, and still on a").says("still on b");
    sandbox.ok("backup a");
    let pending = sandbox.ok("info --json").json()["purge_pending"].clone();
    assert_eq!(pending, json!([{ "disk": "b", "amount": { "objects": 1, "bytes": 10 } }]));
    assert_eq!((objects(&sandbox.disk("a")).len(), objects(&sandbox.disk("b")).len()), (2, 3));
    sandbox.ok("backup b");
    assert_eq!(sandbox.ok("info --json").json()["purge_pending"], json!([]));
    sandbox.ok("catalog check");
    for disk in ["a", "b"] {
        let held = below(&sandbox.disk(disk)).into_iter().filter(|path| path.is_file());
        for file in held.filter(|path| path.extension().is_none_or(|ext| ext != "sqlite")) {
            assert!(!std::fs::read(&file).unwrap().windows(10).any(|part| part == b"the secret"), "{}", file.display());
        }
    }
}

#[test]
fn a_folder_is_purged_where_it_stood_and_stays_where_it_stands() {
    let sandbox = with_a_secret();
    sandbox.ok("purge /s/old");
    sandbox.code(3, "ls --at 1 /s/old");
    assert_eq!(sandbox.ok("ls --at 2 /s/new --json").json()["entries"].as_array().unwrap().len(), 3);
    sandbox.ok("ls /s/new").says("/s/new/plain");
    sandbox.ok("restore --at 2 a out");
    assert_eq!(std::fs::read(sandbox.path("out/s/new/secret")).unwrap(), b"the secret");
    sandbox.ok("catalog check");
}

#[test]
fn what_is_in_use_or_nowhere_is_refused_and_nothing_is_changed() {
    let sandbox = with_a_secret();
    sandbox.code(5, "purge /s/new/secret /s/stay").says("newest state");
    sandbox.code(2, "purge /s/new/secret /s/never").says("in no state");
    sandbox.code(2, "purge /").says("everything");
    sandbox.ok("find secret");
    let lock = sandbox.hold_lock();
    sandbox.code(11, "purge /s/new/secret");
    drop(lock);
}

#[test]
fn content_that_another_path_has_stays() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("one", "same").file("two", "same").settle();
    sandbox.back_up("a");
    sandbox.source().remove("one");
    sandbox.ok("update");
    assert_eq!(sandbox.ok("purge /s/one --json").json()["content"]["objects"], 0);
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 1);
}

#[test]
fn very_much_is_purged_without_being_asked_again() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("many", 1_200, 100).file("one", "one");
    sandbox.back_up("a");
    sandbox.source().remove("many");
    sandbox.ok("update --accept-loss /s");
    sandbox.ok("purge /s/many");
    let report = sandbox.ok("backup a --json").json();
    assert_eq!((report["orphans"]["objects"].as_u64(), report["withheld"]["objects"].as_u64()), (Some(1_200), Some(0)));
}

#[test]
fn what_was_suspect_there_is_purged_with_it() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.ok("retention set --keep-last 9");
    sandbox.source().file("stay", "stay").file("f", "old!").mtime("f", 1_000_000_000, 0).settle();
    sandbox.back_up("a");
    sandbox.source().file("f", "new!").mtime("f", 1_000_000_000, 0).settle();
    sandbox.code(3, "update --rehash").says("suspect");
    sandbox.ok("backup a");
    sandbox.source().remove("f");
    sandbox.ok("update");
    assert_eq!(sandbox.ok("purge /s/f --json").json()["content"], json!({ "objects": 2, "bytes": 8 }));
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 1, "what stays");
    sandbox.ok("catalog check");
}
