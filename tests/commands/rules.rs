//! What a person leaves out or locks: updates obey, and nobody takes it for a loss.

use crate::kit::{Ran, Sandbox};
use serde_json::{Value, json};
use std::fs;

/// The paths below `/s` in the newest state.
fn listed(sandbox: &Sandbox) -> Vec<String> {
    let entries = sandbox.ok("ls --json").json()["entries"].clone();
    let paths = entries.as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap().to_owned());
    paths.filter_map(|path| path.strip_prefix("/s/").map(str::to_owned)).collect()
}

/// An update without any problem.
fn update(sandbox: &Sandbox) -> Value {
    let report = sandbox.ok("update --json").json();
    assert_eq!((&report["problems"], &report["complete"]), (&json!(0), &json!(true)), "{report}");
    report
}

fn with(files: &[&str]) -> Sandbox {
    let sandbox = Sandbox::with_disks("");
    files.iter().for_each(|file| {
        sandbox.source().file(file, file);
    });
    sandbox
}

#[test]
fn what_is_ignored_leaves_and_comes_back() {
    let sandbox = with(&["a.tmp", "b", "d/c.tmp", "d/keep.tmp", "x.tmp/f"]);
    update(&sandbox);
    sandbox.ok("source set /s -i !keep.tmp -i *.tmp");
    let report = update(&sandbox);
    assert_eq!((&report["left_out"], &report["vanished"]), (&json!({"ignored": 3}), &json!(4)));
    assert_eq!(listed(&sandbox), ["b", "d", "d/keep.tmp"]);
    assert_eq!(update(&sandbox)["snapshot"], Value::Null);
    sandbox.ok("source reset /s");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["a.tmp", "b", "d", "d/c.tmp", "d/keep.tmp", "x.tmp", "x.tmp/f"]);
}

#[test]
fn rules_replace_or_append_and_the_nearest_folder_counts() {
    let sandbox = with(&["f.o", "f.c", "d/f.o", "d/f.c", "e/f.o", "e/f.c"]);
    sandbox.ok("source set /s -i *.o");
    sandbox.ok("source set /s -a -i *.c");
    sandbox.ok("source set /s/d -i !f.o");
    sandbox.ok("source set /s/e --no-inherit -i *.c");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["d", "d/f.o", "e", "e/f.o"]);
    sandbox.ok("source set /s -i *.o");
    sandbox.ok("source set /s/e --inherit");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["d", "d/f.c", "d/f.o", "e", "f.c"]);
    let mut none = sandbox.command();
    none.args(["source", "set", "/s", "-i", ""]);
    Ran::of(none).expect(0, "source set -i ''");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM path_rule"), 2);
}

#[test]
fn names_that_are_not_text_are_matched() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::with_disks("");
    let name = |bytes: &'static [u8]| std::ffi::OsStr::from_bytes(bytes);
    sandbox.source().file(name(b"\xff.raw"), "1").file(name(b"\xfe"), "2").file("kept", "3");
    let mut set = sandbox.command();
    set.args(["source", "set", "/s", "-i", "[!a].raw", "-i"]).arg(name(b"\xfe"));
    Ran::of(set).expect(0, "source set");
    assert_eq!(update(&sandbox)["left_out"], json!({"ignored": 2}));
    assert_eq!(listed(&sandbox), ["kept"]);
}

#[test]
fn what_is_no_rule_is_refused_when_it_is_set() {
    let sandbox = Sandbox::with_disks("");
    for rule in ["/(?=a)", "/(", "!!"] {
        sandbox.code(2, &format!("source set /s -i {rule}")).says(rule);
    }
    sandbox.code(2, "source set /s --exclude #x").says("#x");
    sandbox.code(2, "source set /s --lock --unlock");
    sandbox.code(2, "source set /s --append");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM path_setting"), 0);
}

#[test]
fn filters_are_lines_of_gitignore_below_their_path() {
    let sandbox = with(&["build/x", "d/build/x", "a/b", "d/a/b", "n.o", "keep.o", "d/n.o"]);
    sandbox.ok("source set /s --exclude /build/ --exclude *.o --include keep.o --exclude a/b");
    assert_eq!(update(&sandbox)["left_out"], json!({"excluded": 4}));
    assert_eq!(listed(&sandbox), ["a", "d", "d/a", "d/a/b", "d/build", "d/build/x", "keep.o"]);
    sandbox.ok("source set /s/d --include n.o");
    sandbox.ok("source set /s --exclude *.o");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["a", "d", "d/a", "d/a/b", "d/build", "d/build/x", "d/n.o"]);
    sandbox.ok("source set /s --no-filters");
    update(&sandbox);
    assert!(listed(&sandbox).contains(&"build/x".to_owned()));
}

#[test]
fn what_is_left_out_is_not_read() {
    let sandbox = with(&["f", "secret/x", "hidden/x", "out/x"]);
    sandbox.give_to_nobody();
    ["secret", "hidden", "out"].iter().for_each(|name| {
        sandbox.source().mode(name, 0);
    });
    sandbox.as_nobody("source set /s -i secret --exclude /out").expect(0, "set");
    sandbox.as_nobody("source set /s/hidden --hide").expect(0, "hide");
    let ran = sandbox.as_nobody("update --json").expect(0, "update");
    assert_eq!(ran.json()["left_out"], json!({"ignored": 1, "excluded": 1, "hidden": 1}));
    ["secret", "hidden", "out"].iter().for_each(|name| {
        sandbox.source().mode(name, 0o755);
    });
}

#[test]
fn many_that_are_left_out_are_no_loss() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("f", 1_500, 10).files("g", 1_200, 10).files("h", 1_200, 10).file("k", "k");
    sandbox.back_up("a");
    sandbox.ok("source set /s -i f --exclude /g");
    sandbox.ok("source set /s/h --hide");
    let report = update(&sandbox);
    assert_eq!((&report["locked"], &report["vanished"]), (&json!([]), &json!(3_903)));
    assert_eq!(listed(&sandbox), ["k"]);
}

#[test]
fn a_loss_beside_what_is_left_out_is_still_a_loss() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("f", 1_500, 10).files("g", 1_500, 10).file("k", "k");
    sandbox.ok("update");
    sandbox.ok("source set /s -i f");
    sandbox.source().remove("g");
    let report = sandbox.code(3, "update --json").json();
    assert_eq!((&report["locked"], &report["vanished"]), (&json!(["/s"]), &json!(1_501)));
    sandbox.ok("ls /s/g").says("/s/g/0000");
}

#[test]
fn what_is_locked_stays_as_it_was_last_seen() {
    let sandbox = with(&["d/a", "d/e/b", "f", "g"]);
    update(&sandbox);
    sandbox.ok("source lock /s/d /s/f");
    sandbox.source().remove("d").remove("f").remove("g").file("d/new", "n");
    let report = update(&sandbox);
    assert_eq!((&report["left_out"], &report["vanished"]), (&json!({"locked": 2}), &json!(1)));
    assert_eq!(listed(&sandbox), ["d", "d/a", "d/e", "d/e/b", "f"]);
    assert_eq!(sandbox.ok("source lock --json").json(), json!({"locked": ["/s/d", "/s/f"]}));
    sandbox.ok("source unlock /s/d");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["d", "d/new", "f"]);
    sandbox.ok("source set /s/f --unlock");
    assert_eq!(sandbox.ok("source lock").out, "");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["d", "d/new"]);
}

#[test]
fn a_lock_outlasts_the_folders_above_it() {
    let sandbox = with(&["way/on/locked/f", "way/other", "k"]);
    update(&sandbox);
    sandbox.ok("source lock /s/way/on/locked");
    sandbox.source().remove("way");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["k", "way", "way/on", "way/on/locked", "way/on/locked/f"]);
    sandbox.ok("source set /s -i way");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["k", "way", "way/on", "way/on/locked", "way/on/locked/f"]);
    sandbox.ok("source unlock /s/way/on/locked");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["k"]);
}

#[test]
fn what_is_unmapped_goes_though_it_is_locked() {
    let sandbox = with(&["d/a"]);
    update(&sandbox);
    sandbox.ok("source lock / /s/d");
    sandbox.ok("source unmap /s");
    update(&sandbox);
    assert!(listed(&sandbox).is_empty());
}

#[test]
fn a_lock_is_looked_past_once() {
    let sandbox = with(&["d/a"]);
    update(&sandbox);
    sandbox.ok("source lock /s/d");
    sandbox.source().file("d/b", "b");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["d", "d/a"]);
    sandbox.ok("update --ignore-lock");
    assert_eq!(listed(&sandbox), ["d", "d/a", "d/b"]);
}

#[test]
fn a_locked_map_may_be_missing() {
    let sandbox = with(&["a"]);
    sandbox.tree("raw").file("r", "r");
    sandbox.ok("source map /s/in raw");
    update(&sandbox);
    sandbox.ok("source lock /s");
    fs::rename(sandbox.path("src"), sandbox.path("away")).unwrap();
    sandbox.tree("raw").file("new", "n");
    let report = update(&sandbox);
    assert_eq!((&report["left_out"], &report["locked"]), (&json!({"locked": 1}), &json!([])));
    assert_eq!(listed(&sandbox), ["a", "in", "in/new", "in/r"]);
    // Above all maps: for all of them.
    sandbox.ok("source lock /");
    fs::remove_dir_all(sandbox.path("raw")).unwrap();
    sandbox.tree("never").file("f", "f");
    sandbox.ok("source map /never never");
    sandbox.code(3, "update").says("/s/in stays as it was last seen");
    sandbox.ok("source lock /s/in");
    assert_eq!(update(&sandbox)["left_out"], json!({"locked": 3}));
    assert_eq!(listed(&sandbox), ["a", "in", "in/new", "in/r"]);
}

#[test]
fn a_map_below_what_is_left_out_is_scanned() {
    for setting in ["/s -i way", "/s --exclude way", "/s/way --hide"] {
        let sandbox = with(&["way/f", "k"]);
        sandbox.tree("raw").file("r", "raw");
        sandbox.ok("source map /s/way/raw raw");
        update(&sandbox);
        sandbox.ok(&format!("source set {setting}"));
        sandbox.tree("raw").file("new", "n").file("way", "w");
        update(&sandbox);
        assert_eq!(listed(&sandbox), ["k", "way", "way/raw", "way/raw/new", "way/raw/r", "way/raw/way"], "{setting}");
        assert_eq!(update(&sandbox)["snapshot"], Value::Null);
        sandbox.ok("source reset /s /s/way");
        update(&sandbox);
        assert_eq!(listed(&sandbox).len(), 7);
    }
}

#[test]
fn a_map_is_hidden_with_what_is_above_it() {
    let sandbox = with(&["a"]);
    update(&sandbox);
    sandbox.ok("source set / --hide");
    update(&sandbox);
    assert!(listed(&sandbox).is_empty());
    sandbox.ok("source set / --unhide");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["a"]);
}

#[test]
fn rules_beside_what_is_left_out_anyway() {
    let sandbox = with(&["skip/f", "cache/f", "k.tmp"]);
    sandbox.source().file("cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55");
    sandbox.ok("source set /s -i *.tmp -i .distbackup.skip");
    sandbox.source().file("skip/.distbackup.skip", "");
    let report = update(&sandbox);
    assert_eq!(report["left_out"], json!({"ignored": 1, ".distbackup.skip": 1, "cache (CACHEDIR.TAG)": 1}));
    assert!(listed(&sandbox).is_empty());
}

#[test]
fn an_empty_mount_point_is_not_believed_whatever_is_ignored() {
    let sandbox = with(&["a.tmp", "b"]);
    update(&sandbox);
    sandbox.ok("source set /s -i *");
    sandbox.source().remove("a.tmp").remove("b");
    sandbox.code(3, "update").says("is empty, and was not before");
    assert_eq!(listed(&sandbox), ["a.tmp", "b"]);
}

#[test]
fn what_holds_for_a_path_is_shown() {
    let sandbox = Sandbox::with_disks("");
    sandbox.ok("source set /s -i *.tmp --exclude /x --lock");
    sandbox.ok("source set /s/d -i !k --include y --copies 3");
    let shown = sandbox.ok("source set /s/d --json").json()["paths"][0].clone();
    assert_eq!(shown["rules"], json!([{"at": "/s/d", "rule": "!k"}, {"at": "/s", "rule": "*.tmp"}]));
    assert_eq!(shown["filters"], json!([{"at": "/s/d", "include": "y"}, {"at": "/s", "exclude": "/x"}]));
    assert_eq!((&shown["locked"], &shown["hidden"], &shown["follow"]), (&json!("/s"), &Value::Null, &json!(false)));
    assert_eq!(shown["set"]["rules"], json!(["!k"]));
    let ran = sandbox.ok("source set /s/d").says("locked (from /s)");
    ran.says("/s/d: ignore !k").says("/s/d: ignore *.tmp (from /s)");
    let listed = sandbox.ok("source list --json").json();
    assert_eq!(listed["paths"].as_array().unwrap().len(), 2);
    sandbox.ok("source list").says("/s: exclude /x");
    sandbox.ok("source set /s/d --copies 0");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM path_setting"), 2);
    sandbox.ok("source reset /s/d /s");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM path_setting"), 0);
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM path_rule"), 0);
}

#[test]
fn a_rule_that_this_dsb_cannot_read_is_named() {
    let sandbox = with(&["a"]);
    sandbox.ok("source set /s -i x");
    sandbox.tamper("UPDATE path_rule SET pattern = CAST('/(' AS BLOB)");
    sandbox.code(4, "update").says("what is set for /s: /( is no rule");
}

#[test]
fn symlinks_of_a_folder_are_followed_into_the_backup() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.tree("else").file("deep/f", "deep").file("alone", "alone").symlink("deep/inner", "../alone");
    let source = sandbox.source();
    source.symlink("l/dir", "../../else/deep").symlink("l/file", "../../else/alone").symlink("l/nowhere", "gone");
    source.symlink("l/round", "..").symlink("l/self", "self").file("l/plain", "plain").symlink("kept", "l");
    sandbox.ok("source set /s/l --follow");
    update(&sandbox);
    sandbox.ok("backup a");
    let expected =
        ["kept", "l", "l/dir", "l/dir/f", "l/dir/inner", "l/file", "l/nowhere", "l/plain", "l/round", "l/self"];
    assert_eq!(listed(&sandbox), expected);
    assert_eq!(update(&sandbox)["snapshot"], Value::Null);
    sandbox.ok("restore a out");
    assert_eq!(fs::read(sandbox.path("out/s/l/dir/f")).unwrap(), b"deep");
    assert_eq!(fs::read(sandbox.path("out/s/l/file")).unwrap(), b"alone");
    let is_link = |name: &str| fs::symlink_metadata(sandbox.path("out/s").join(name)).unwrap().is_symlink();
    let links = ["kept", "l/dir/inner", "l/nowhere", "l/round", "l/self", "l/dir", "l/file"].map(is_link);
    assert_eq!(links, [true, true, true, true, true, false, false]);
    sandbox.ok("source set /s/l/dir --follow");
    sandbox.tree("else").symlink("deep/back", "../../src").file("deep/new", "new").settle();
    update(&sandbox);
    sandbox.ok("backup a");
    sandbox.ok("ls /s/l/dir/back/l/dir").says("/s/l/dir/back/l/dir");
    sandbox.ok("source set /s/l /s/l/dir --nofollow");
    update(&sandbox);
    assert_eq!(listed(&sandbox).len(), 8);
}

#[test]
fn an_interrupted_update_leaves_out_nothing_yet() {
    let sandbox = with(&["a.tmp", "b.tmp", "locked/f", "k"]);
    update(&sandbox);
    sandbox.ok("source set /s -i *.tmp");
    sandbox.ok("source lock /s/locked");
    sandbox.source().sparse("long", 4 << 30, 0, b"long").remove("locked");
    let mut child = sandbox.spawn("update --jobs 1");
    crate::kit::wait_until(|| sandbox.sql::<i64>("SELECT unhashed_files FROM catalog") > 0);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(listed(&sandbox), ["a.tmp", "b.tmp", "k", "locked", "locked/f"]);
    sandbox.source().file("long", "short");
    update(&sandbox);
    assert_eq!(listed(&sandbox), ["k", "locked", "locked/f", "long"]);
}
