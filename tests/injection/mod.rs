//! A fault at every call that changes something: killed there, told of an error, written short.
//! Whatever happens, no claim is untrue and no last copy gone, and the same command run again
//! leaves everything as an undisturbed run would have.
//!
//! An ordinary run tries a sample of the calls; `DSB_LONG=1` tries all. `DSB_SEED` repeats a
//! sample, and `DSB_POINT`, given the words of a failure (`EIO at 57`), one of its runs.

mod facts;
pub mod injector;
mod scene;
mod sweep;

use crate::kit::{
    Sandbox, assert_made_of_objects, assert_same, assert_shows, bytes, latest, object_file, objects, trees,
};
use scene::Subject;
use serde_json::json;
use std::fs;
use sweep::sweep;

#[test]
fn a_first_update() {
    sweep(&Subject { line: "update", scene: settled, code: 0, again: 0, done: nothing_to_update });
}

#[test]
fn an_update_that_finds_changes() {
    sweep(&Subject { line: "update", scene: changed, code: 0, again: 0, done: nothing_to_update });
}

#[test]
fn a_first_backup() {
    sweep(&Subject { line: "backup a", scene: updated, code: 0, again: 0, done: nothing_to_back_up });
}

#[test]
fn a_backup_with_orphans_and_trades() {
    sweep(&Subject { line: "backup a", scene: trading, code: 0, again: 0, done: nothing_to_back_up });
}

#[test]
fn a_backup_of_a_disk_with_trees() {
    sweep(&Subject { line: "backup a", scene: showing, code: 0, again: 0, done: shown_and_nothing_else });
}

#[test]
fn a_backup_that_trades_below_trees() {
    sweep(&Subject { line: "backup a", scene: trading_below_trees, code: 0, again: 0, done: made_of_objects });
}

#[test]
fn a_backup_that_moves_objects_into_other_folders() {
    sweep(&Subject { line: "backup a", scene: to_be_moved, code: 0, again: 0, done: moved });
}

#[test]
fn a_verify_that_finds_damage() {
    sweep(&Subject { line: "verify a", scene: damaged, code: 4, again: 0, done: nothing_damaged });
}

#[test]
fn a_repair() {
    sweep(&Subject { line: "repair a", scene: known_damaged, code: 0, again: 0, done: nothing_damaged });
}

#[test]
fn a_recovery() {
    let line = "catalog recover --from disks/a disks/b --replace";
    sweep(&Subject { line, scene: backed_up, code: 0, again: 0, done: nothing_to_recover });
}

#[test]
fn a_restore() {
    sweep(&Subject { line: "restore out", scene: backed_up, code: 0, again: 0, done: all_restored });
}

/// Two disks, and of each kind of entry some. No attributes: a file system says of one that is too
/// large for it that there is no space.
fn mapped() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 25M b 25M");
    let tree = sandbox.source();
    tree.files("d", 8, 9_000).file("empty", "").symlink("link", "d/0000").fifo("pipe").dir("empty dir");
    tree.hard_link("again", "d/0001").sparse("sparse", 3 << 20, 1 << 20, b"data");
    tree.file("large", bytes(9, 1_500_000));
    sandbox
}

fn settled() -> Sandbox {
    let sandbox = mapped();
    sandbox.source().settle();
    sandbox
}

fn updated() -> Sandbox {
    let sandbox = mapped();
    sandbox.ok("update");
    sandbox
}

fn backed_up() -> Sandbox {
    let sandbox = mapped();
    sandbox.back_up("a b");
    sandbox
}

/// Files that came, went, changed, moved, and turned into others.
fn changed() -> Sandbox {
    let sandbox = backed_up();
    let tree = sandbox.source();
    tree.files("new", 5, 3_000)
        .xattr("new/0002", "user.note", b"n")
        .remove("d/0003")
        .file("d/0004", "changed")
        .rename("d/0005", "moved");
    tree.remove("d/0006")
        .file("d/0006/now", "a folder")
        .remove("link")
        .symlink("link", "elsewhere")
        .mode("large", 0o600);
    tree.settle();
    sandbox
}

/// Full disks with the same files; some of them go, and for new ones second copies must go too.
fn trading() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 25M b 25M");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().files("stays", 12, 350_000).files("goes", 4, 60_000);
    sandbox.back_up("a b");
    sandbox.source().files("new", 8, 350_000).remove("goes").settle();
    sandbox.ok("update");
    sandbox
}

/// Two disks with a tree each, and a state that neither shows yet.
fn showing() -> Sandbox {
    let sandbox = mapped();
    ["a", "b"].iter().for_each(|disk| drop(sandbox.ok(&format!("disk set {disk} --tree"))));
    sandbox.back_up("a b");
    sandbox
        .source()
        .files("new", 3, 3_000)
        .remove("d/0003")
        .file("d/0004", "changed")
        .rename("d/0005", "moved")
        .settle();
    sandbox.ok("update");
    sandbox
}

/// A disk whose objects are to lie in other folders, and some that it lacks.
fn to_be_moved() -> Sandbox {
    let sandbox = backed_up();
    sandbox.ok("disk set a --fanout 2");
    sandbox.source().files("new", 3, 3_000).settle();
    sandbox.ok("update");
    sandbox
}

/// Disks that are full, with trees whose objects must go for others, some of them forgotten.
fn trading_below_trees() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 25M b 25M");
    sandbox.ok("retention set --keep-last 1");
    ["a", "b"].iter().for_each(|disk| drop(sandbox.ok(&format!("disk set {disk} --tree"))));
    sandbox.source().files("stays", 12, 250_000).files("goes", 4, 60_000);
    sandbox.back_up("a b");
    sandbox.source().files("new", 8, 250_000).remove("goes").settle();
    sandbox.ok("update");
    sandbox
}

/// One object of disk a has other bytes, one is cut short, one is missing.
fn damaged() -> Sandbox {
    let sandbox = backed_up();
    let disk = sandbox.disk("a");
    let files: Vec<_> = objects(&disk).iter().map(|id| object_file(&disk, id)).collect();
    fs::write(&files[1], "other bytes").unwrap();
    fs::write(&files[4], "").unwrap();
    fs::remove_file(&files[6]).unwrap();
    sandbox
}

fn known_damaged() -> Sandbox {
    let sandbox = damaged();
    sandbox.code(4, "verify a");
    sandbox
}

fn nothing_to_update(sandbox: &Sandbox) {
    let report = sandbox.ok("update -n --json").json();
    assert_eq!((&report["hashed"]["objects"], &report["snapshot"]), (&json!(0), &json!(null)), "{report}");
}

fn nothing_to_back_up(sandbox: &Sandbox) {
    let plan = sandbox.ok("backup a --simulate --json").json();
    assert_eq!(plan["steps"], json!([]));
}

fn shown_and_nothing_else(sandbox: &Sandbox) {
    nothing_to_back_up(sandbox);
    let disk = sandbox.disk("a");
    assert_eq!(trees(&disk).len(), 2);
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
    assert_made_of_objects(&disk);
}

fn made_of_objects(sandbox: &Sandbox) {
    nothing_to_back_up(sandbox);
    assert_made_of_objects(&sandbox.disk("a"));
    assert_eq!(trees(&sandbox.disk("a")).len(), 1);
}

fn moved(sandbox: &Sandbox) {
    nothing_to_back_up(sandbox);
    let disk = sandbox.disk("a");
    let top = disk.join("distbackup-objects");
    assert!(objects(&disk).iter().all(|id| top.join(&id[..2]).join(&id[2..4]).join(id).exists()));
}

fn nothing_damaged(sandbox: &Sandbox) {
    let report = sandbox.ok("verify a --check --json").json();
    assert_eq!(report["damage"], json!([]), "{report}");
}

fn nothing_to_recover(sandbox: &Sandbox) {
    sandbox.ok("catalog check a b");
}

fn all_restored(sandbox: &Sandbox) {
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}
