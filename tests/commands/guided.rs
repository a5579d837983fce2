//! `restore --guided`: one disk after the other, the fewest, as they are attached.

use crate::kit::{Sandbox, assert_same, object_file, objects, wait_until};
use serde_json::{Value, json};
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Three disks in their drawers, each with about a third of the files that no other has.
fn in_drawers() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M c 30M");
    sandbox.source().files("f", 250, 100_000);
    sandbox.back_up("a b c");
    for disk in ["a", "b", "c"] {
        fs::rename(sandbox.disk(disk), drawer(&sandbox, disk)).unwrap();
    }
    sandbox
}

fn drawer(sandbox: &Sandbox, disk: &str) -> PathBuf {
    sandbox.path(format!("drawer-{disk}"))
}

fn plug_in(sandbox: &Sandbox, disk: &str) {
    fs::rename(drawer(sandbox, disk), sandbox.disk(disk)).unwrap();
}

fn unplug(sandbox: &Sandbox, disk: &str) {
    fs::rename(sandbox.disk(disk), drawer(sandbox, disk)).unwrap();
}

/// Begins a guided restore; what it says goes to a file.
fn begin(sandbox: &Sandbox) -> (Child, PathBuf) {
    let said = sandbox.path("said");
    let mut command: Command = sandbox.command();
    command.args(["restore", "--guided", "out", "--json"]);
    command.stdout(Stdio::piped()).stderr(fs::File::create(&said).unwrap());
    (command.spawn().unwrap(), said)
}

/// The disk that is asked for, once so many were.
fn asked(said: &PathBuf, times: usize) -> String {
    let text = || fs::read_to_string(said).unwrap().replace('\n', " ");
    wait_until(|| text().matches("Attach ").count() == times);
    text().rsplit("Attach ").next().unwrap().split(' ').next().unwrap().to_owned()
}

fn end(mut child: Child) -> (Option<i32>, Value) {
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    (child.wait().unwrap().code(), serde_json::from_str(&out).unwrap_or(Value::Null))
}

#[test]
fn disk_after_disk_until_all_is_there() {
    let sandbox = in_drawers();
    let needed = sandbox.ok("restore --minset --json").json()["disks"].as_array().unwrap().len();
    let (child, said) = begin(&sandbox);
    for times in 1..=needed {
        let disk = asked(&said, times);
        plug_in(&sandbox, &disk);
        if times < needed {
            asked(&said, times + 1);
            unplug(&sandbox, &disk);
        }
    }
    let (code, report) = end(child);
    assert_eq!((code, &report["written"]["objects"]), (Some(0), &json!(250)), "each file is fetched once");
    assert_eq!(fs::read_to_string(said).unwrap().matches("Attach ").count(), needed, "no disk more than is needed");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn one_that_was_cut_off_goes_on() {
    let sandbox = in_drawers();
    let (mut child, said) = begin(&sandbox);
    let first = asked(&said, 1);
    plug_in(&sandbox, &first);
    let second = asked(&said, 2);
    child.kill().unwrap();
    child.wait().unwrap();
    unplug(&sandbox, &first);
    let (child, said) = begin(&sandbox);
    assert_eq!(asked(&said, 1), second, "what is there already is not asked for again");
    plug_in(&sandbox, &second);
    if fs::read_to_string(&said).unwrap().contains("  then ") {
        let third = asked(&said, 2);
        plug_in(&sandbox, &third);
    }
    assert_eq!(end(child).0, Some(0));
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn damage_on_one_disk_asks_for_another_that_has_it() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 5, 10_000);
    sandbox.back_up("a b");
    let disk = sandbox.disk("a");
    let id = objects(&disk).into_iter().next().unwrap();
    fs::write(object_file(&disk, &id), vec![7; 10_000]).unwrap();
    fs::rename(sandbox.disk("b"), drawer(&sandbox, "b")).unwrap();
    let (child, said) = begin(&sandbox);
    assert_eq!(asked(&said, 1), "b");
    plug_in(&sandbox, "b");
    let (code, report) = end(child);
    // All is there; that a disk is damaged is told all the same.
    assert_eq!((code, &report["bad"], &report["written"]["objects"]), (Some(3), &json!(1), &json!(5)));
    assert_eq!(report["remaining"]["objects"], 0);
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn what_no_disk_has_is_not_waited_for() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 5, 10_000);
    sandbox.back_up("a");
    sandbox.source().file("new", "on no disk yet");
    sandbox.ok("update");
    let ran = sandbox.code(3, "restore --guided out");
    assert!(ran.out.contains("on no disk: 1 file") && ran.out.contains("/s/new"), "{}", ran.out);
}

#[test]
fn without_it_the_disks_are_named_in_order() {
    let sandbox = in_drawers();
    plug_in(&sandbox, "a");
    let ran = sandbox.code(3, "restore out");
    assert!(ran.out.contains("and run: dsb restore --guided DESTINATION"), "{}", ran.out);
    sandbox.code(2, "restore --guided --from disks/a out");
}
