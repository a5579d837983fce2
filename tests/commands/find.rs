//! `find`, `info FILE` and `debug`: what is and was known of a path.

use crate::kit::{Ran, Sandbox, below, hash};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// `/s/old/a.txt` renamed with its folder to `/s/new`, `/s/gone.txt` deleted, `/s/two` changed.
fn with_history() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox
        .source()
        .file("old/a.txt", "a")
        .file("gone.txt", "gone")
        .file("two", "first")
        .file("same", "a")
        .file("empty", "");
    sandbox.source().symlink("link", "two").settle();
    sandbox.back_up("a");
    sandbox.source().rename("old", "new").remove("gone.txt").file("two", "second!");
    sandbox.back_up("b");
    sandbox
}

fn found(sandbox: &Sandbox, pattern: &str) -> Vec<Value> {
    sandbox.ok(&format!("find {pattern} --json")).json()["found"].as_array().unwrap().clone()
}

fn paths(sandbox: &Sandbox, pattern: &str) -> Vec<(String, bool)> {
    let of = |value: &Value| (value["path"].as_str().unwrap().to_owned(), value["present"].as_bool().unwrap());
    found(sandbox, pattern).iter().map(of).collect()
}

fn expected(paths: &[(&str, bool)]) -> Vec<(String, bool)> {
    paths.iter().map(|(path, present)| ((*path).to_owned(), *present)).collect()
}

#[test]
fn names_are_found_wherever_and_whenever_they_were() {
    let sandbox = with_history();
    assert_eq!(paths(&sandbox, "a.txt"), expected(&[("/s/new/a.txt", true), ("/s/old/a.txt", false)]));
    assert_eq!(paths(&sandbox, "*.txt").len(), 3);
    assert_eq!(paths(&sandbox, "/s/old"), expected(&[("/s/old", false), ("/s/old/a.txt", false)]));
    assert_eq!(paths(&sandbox, "two"), expected(&[("/s/two", false), ("/s/two", true)]));
    let gone = &found(&sandbox, "gone.txt")[0];
    assert_eq!(
        (&gone["disks"], &gone["first"]["snapshot"], &gone["last"]["snapshot"]),
        (&json!(["a"]), &json!(1), &json!(1))
    );
    let same = &found(&sandbox, "same")[0];
    assert_eq!((&same["disks"], &same["last"]["snapshot"]), (&json!(["a", "b"]), &json!(2)));
    sandbox.ok("find gone.txt").says("/s/gone.txt  [a]  last there ").says("(snapshot 1)");
    assert!(!sandbox.ok("find same").out.contains("last there"));
}

#[test]
fn what_matches_nothing_is_3_and_half_a_pattern_2() {
    let sandbox = with_history();
    sandbox.code(3, "find nothing").says("Nothing of that name");
    assert_eq!(sandbox.code(3, "find nothing --json").json(), json!({ "found": [] }));
    sandbox.code(2, "find [a");
    sandbox.code(10, "-d nowhere find x");
}

/// Names of signs that mean something in a pattern are names all the same, as long as a state has them.
#[test]
fn a_path_that_was_there_is_meant_as_it_stands() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("br[a]", "1").file("bra", "2").file(r"ba\ck", "3").file("d*/in", "4").file("dd/in", "5");
    sandbox.source().file("[half/in", "6");
    sandbox.ok("update");
    let table = ["/s/br[a]", r"/s/ba\ck", "/s/d*", "/s/d*/in", "/s/[half", "s/[half/"];
    let look = |command: &str, pattern: &str, list: &str| -> Vec<Value> {
        let listed = sandbox.ok(&format!("{command} {pattern} --json")).json()[list].as_array().unwrap().clone();
        listed.iter().map(|value| value["path"].clone()).collect()
    };
    let listed = table.map(|pattern| look("ls", pattern, "entries"));
    assert_eq!(listed.each_ref().map(Vec::len), [1, 1, 2, 1, 2, 2], "{listed:?}");
    assert_eq!(table.map(|pattern| look("find", pattern, "found")), listed);
    // What is a pattern and no path stays one, and so does a name anywhere.
    assert_eq!(look("find", "/s/b*", "found").len(), 3);
    assert_eq!(look("find", "br[a]", "found"), ["/s/bra"]);
    for name in ["br[a]", r"ba\ck", "d*", "[half"] {
        sandbox.source().remove(name);
    }
    sandbox.ok("update");
    assert_eq!(table.map(|pattern| look("find", pattern, "found")), listed, "gone, but kept");
}

/// Names are bytes, and so is what is asked for.
#[test]
fn names_that_are_no_text_are_looked_for_too() {
    let sandbox = Sandbox::with_disks("a 30M");
    let name = |bytes: &'static [u8]| OsStr::from_bytes(bytes);
    sandbox.source().file(name(b"d\xff/b\xe4r"), "1").file(name(b"b\xe4r"), "2").file(name(b"b\xf6r"), "3");
    sandbox.back_up("a");
    let look = |words: &[&OsStr], code: i32| {
        let mut command = sandbox.command();
        command.args(words);
        Ran::of(command).expect(code, &format!("{words:?}"))
    };
    let table: [(&str, &[u8], usize); 5] = [
        ("ls", b"/s/d\xff", 2),
        ("ls", b"/s/b\xe4r", 1),
        ("find", b"b\xe4*", 2),
        ("find", b"/s/b\xe4r", 1),
        ("find", b"/s/b[\xe4\xf6]r", 2),
    ];
    for (command, pattern, lines) in table {
        let ran = look(&[name(command.as_bytes()), name(pattern)], 0);
        assert_eq!(ran.out.lines().count(), lines, "{command} {}: {}", pattern.escape_ascii(), ran.out);
    }
    look(&[name(b"ls"), name(b"/s/\xfe")], 3).says(r"nothing matches /s/\xfe");
    look(&[name(b"find"), name(b"\xfe[")], 2).says(r"\xfe[: unclosed character class");
    look(&[name(b"restore"), name(b"a"), name(b"out"), name(b"-f"), name(b"/s/d\xff/b\xe4r")], 0);
    let restored = below(&sandbox.path("out")).into_iter().filter(|path| path.is_file());
    assert_eq!(restored.collect::<Vec<_>>(), [sandbox.path(name(b"out/s/d\xff/b\xe4r"))]);
}

#[test]
fn what_is_forgotten_is_not_found() {
    let sandbox = with_history();
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("more", "x");
    sandbox.back_up("a b");
    sandbox.code(3, "find gone.txt");
    assert_eq!(paths(&sandbox, "a.txt"), expected(&[("/s/new/a.txt", true)]));
}

#[test]
fn all_is_told_of_a_file() {
    let sandbox = with_history();
    let info = sandbox.ok("info /s/two --json").json();
    assert_eq!((&info["kind"], &info["bytes"], &info["names"]), (&json!("file"), &json!(7), &json!(1)));
    assert_eq!(info["object"], json!(hash(&sandbox.path("src/two"))));
    assert_eq!(info["versions"].as_array().unwrap().len(), 2, "{info}");
    assert_eq!((&info["versions"][0]["bytes"], &info["versions"][0]["present"]), (&json!(5), &json!(false)));
    assert_eq!(info["disks"][0]["disk"], "b");
    assert!(info["on_disk"].as_u64().unwrap() >= 4096 && info["inode"].as_u64().unwrap() > 0);
    sandbox.ok("info /s/two").says("last seen").says("newest state").says("-rw-r--r--");
    let twin = sandbox.ok("info /s/same --json").json();
    assert_eq!((&twin["identical"], &twin["names"]), (&json!(["/s/new/a.txt"]), &json!(2)));
    sandbox.ok("info /s/same").says("identical  /s/new/a.txt");
    assert_eq!(sandbox.ok("debug info /s/two --json").json(), info);
}

#[test]
fn what_has_no_content_is_told_of_too() {
    let sandbox = with_history();
    sandbox.source().hard_link("linked", "two").fifo("pipe");
    sandbox.back_up("a");
    for (path, kind) in [
        ("/s/empty", "file"),
        ("/s/new", "directory"),
        ("/s/link", "symlink"),
        ("/s/pipe", "fifo"),
        ("/s", "directory"),
    ] {
        let info = sandbox.ok(&format!("info {path} --json")).json();
        assert_eq!((&info["kind"], &info["object"]), (&json!(kind), &Value::Null), "{path}");
        let told = if kind == "directory" { "how well that is protected" } else { "needs a copy" };
        sandbox.ok(&format!("debug info {path}")).says(told);
    }
    assert_eq!(sandbox.ok("info /s/link --json").json()["target"], "two");
    assert_eq!(sandbox.ok("info /s/linked --json").json()["hard_linked"], true);
    sandbox.source().file("new2", "not yet on a disk");
    sandbox.ok("update");
    sandbox.ok("info /s/new2").says("no copy yet");
}

#[test]
fn what_is_not_there_is_a_mistake() {
    let sandbox = with_history();
    for line in
        ["info /s/nothing", "info /nothing/x", "debug info /s/gone.txt", "info /", "info /s/two --check", "debug info"]
    {
        sandbox.code(2, line);
    }
}

#[test]
fn a_real_file_is_hashed() {
    let sandbox = with_history();
    let expected = hash(&sandbox.path("src/two"));
    sandbox.ok("debug hash src/two").says(&format!("{expected}  src/two"));
    assert_eq!(sandbox.ok("debug hash src/two --json").json()["object"], json!(expected));
    sandbox.ok("debug hash src/empty").says("e3b0c44298fc1c14");
    for line in ["debug hash src/nothing", "debug hash src"] {
        sandbox.code(1, line).says("cannot read");
    }
    sandbox.ok("-d nowhere debug hash src/two");
}

#[test]
fn saturated_content_can_be_left_out() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("capped/f", vec![7; 1_000]).file("free", vec![8; 500]);
    sandbox.ok("source set /s/capped --maxcopies 1");
    sandbox.back_up("a b");
    let held = |line: &str| {
        let info = sandbox.ok(&format!("{line} --json")).json();
        let disks = info["disks"].as_array().unwrap().clone();
        (
            disks.iter().map(|disk| disk["held"]["bytes"].as_u64().unwrap()).collect::<Vec<_>>(),
            info["saturated"].clone(),
        )
    };
    let saturated = json!({ "objects": 1, "bytes": 1_000 });
    assert_eq!(held("info"), (vec![1_500, 500], saturated.clone()));
    assert_eq!(held("info --no-saturated"), (vec![500, 500], saturated));
    sandbox.ok("info").says("as many copies as they may have: 1 object");
    let levels = |line: &str| sandbox.ok(&format!("{line} --json")).json()["disks"][0]["levels"].clone();
    let level = |objects: u64, bytes: u64| json!({ "objects": objects, "bytes": bytes });
    assert_eq!(levels("info"), json!([level(1, 1_000), level(1, 500)]));
    assert_eq!(levels("info --no-saturated"), json!([level(0, 0), level(1, 500)]));
    sandbox.ok("info -v").says("room left").says("2 copies");
}

#[test]
fn a_long_list_tells_more() {
    let sandbox = with_history();
    sandbox.source().mode("two", 0o751);
    sandbox.ok("update");
    sandbox.ok("ls --long /s/two").says("-rwxr-x--x").says("[b]  /s/two\n");
    sandbox.ok("ls --long /s/link").says("/s/link -> two");
    assert_eq!(sandbox.ok("ls /s/two --json").json()["entries"][0]["mode"], "0751");
    let on_a = sandbox.ok("ls -d a").out;
    assert!(on_a.contains("/s/same") && !on_a.contains("/s/two"), "{on_a}");
}

#[test]
fn groups_of_commands_explain_themselves() {
    let sandbox = Sandbox::new();
    sandbox.tree("src");
    sandbox.code(10, "source");
    sandbox.ok("source map /s src");
    sandbox.ok("source").says("/s");
    assert_eq!(sandbox.ok("source --json").json()["sources"][0]["vpath"], "/s");
    sandbox.ok("source unmap /s");
    sandbox.ok("source").says("No folder is mapped");
    sandbox.ok("disk list").says("No disk yet");
    assert_eq!(sandbox.ok("disk list --json").json(), json!({ "disks": [] }));
    for (group, word) in [("disk", "refresh"), ("debug", "hash"), ("retention", "show"), ("suspect", "accept")] {
        let ran = sandbox.run(group);
        assert!(ran.code == 2 && ran.err.contains("Usage") && ran.err.contains(word), "{group}: {}", ran.err);
    }
}
