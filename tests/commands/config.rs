//! All that is set as one document: what goes out comes in again, and what is wrong changes nothing.

use crate::kit::{Ran, Sandbox};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::process::Stdio;

/// A catalog in which everything that can be set is set.
fn full() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 40M");
    sandbox.source().file("d/f", "f");
    sandbox.tree("other");
    sandbox.ok("source map /o other");
    sandbox.ok("source set / --copies 3");
    sandbox.ok("source set /s -i !keep.tmp -i *.tmp --exclude *.o --include keep.o --maxcopies 5 --priority 7");
    sandbox.ok("source set /s/d --lock --follow --no-inherit --hide");
    sandbox.ok("disk set b --group attic");
    sandbox.ok("retention set --keep-last 4 --keep-within 60d --history guaranteed");
    sandbox
}

fn exported(sandbox: &Sandbox) -> Value {
    sandbox.ok("config export -").json()
}

/// Imports a document that is written into a file.
fn import(sandbox: &Sandbox, code: i32, text: &str) -> Ran {
    fs::write(sandbox.path("edited.json"), text).unwrap();
    sandbox.code(code, "config import edited.json")
}

#[test]
fn everything_goes_out_and_comes_in_again() {
    let sandbox = full();
    let before = exported(&sandbox);
    assert_eq!(before["path_map"]["/s/"], sandbox.path("src").to_str().unwrap());
    let d = json!({ "lock": true, "hide": true, "follow_symlinks": true, "noinherit": true });
    assert_eq!(before["path_config"]["/s/d/"], d);
    let s = &before["path_config"]["/s/"];
    assert_eq!(s["rules"], json!(["!keep.tmp", "*.tmp"]));
    assert_eq!(s["filters"], json!([{"exclude": "*.o"}, {"include": "keep.o"}]));
    assert_eq!((&s["priority"], &s["maxcopies"]), (&json!(7), &json!(5)));
    assert_eq!(before["retention"]["keep_within"], "60d");
    let disks: Vec<_> = before["disks"].as_object().unwrap().values().collect();
    assert!(
        disks.iter().any(|disk| disk["name"] == "b" && disk["size_bytes"] == "40,000,000" && disk["group"] == "attic")
    );
    sandbox.ok("config export out.json");
    import(&sandbox, 0, &fs::read_to_string(sandbox.path("out.json")).unwrap()).says("Nothing is other");
    for line in [
        "source unmap /o",
        "source reset / /s /s/d",
        "disk set b --no-group",
        "disk mv a x",
        "retention set --keep-last 1",
    ] {
        sandbox.ok(line);
    }
    assert_ne!(exported(&sandbox), before);
    sandbox.ok("config import out.json").says("Changed: 1 map, 3 paths, 2 disks, which older states");
    assert_eq!(exported(&sandbox), before);
}

#[test]
fn a_part_that_is_missing_stays() {
    let sandbox = full();
    let before = exported(&sandbox);
    import(&sandbox, 0, "{}").says("Nothing is other");
    let maps = sandbox.path("other").display().to_string();
    import(&sandbox, 0, &json!({ "path_map": { "/new": maps } }).to_string()).says("Changed: 3 maps.");
    let after = exported(&sandbox);
    assert_eq!(after["path_map"], json!({ "/new/": maps }));
    for part in ["path_config", "disks", "retention"] {
        assert_eq!(after[part], before[part]);
    }
    import(&sandbox, 0, r#"{"path_prefix": "/s/d", "path_config": {"/s/d": {"priority": 2}}}"#).says("1 path");
    assert_eq!(exported(&sandbox)["path_config"]["/s/"], before["path_config"]["/s/"]);
    assert_eq!(sandbox.ok("config export - -p /s/d").json()["path_config"], json!({ "/s/d/": { "priority": 2 } }));
}

#[test]
fn what_is_wrong_is_named_by_its_line_and_changes_nothing() {
    let sandbox = full();
    let uuid = sandbox.ok("disk list --json").json()["disks"][0]["uuid"].as_str().unwrap().to_owned();
    let before = exported(&sandbox);
    let table = [
        ("{\n\"path_map\": {\n\"/a\": \"/x\",\n}\n}", 4, ""),
        ("{\n\"path_map\": {\n\"/a\": \"x\"\n}\n}", 3, "from / on"),
        ("{\n\"path_map\": {\n\"/a\": \"/x\",\n\"/a/\": \"/y\"\n}\n}", 4, "twice"),
        ("{\n\"path_map\": {\n\n\"/a/../b\": \"/x\"\n}\n}", 4, ""),
        ("{\n\"colour\": 1\n}", 2, "colour"),
        ("{\n\"path_config\": {\n\"/a\": {\n\"lock\": 1\n}\n}\n}", 4, "boolean"),
        ("{\n\"path_config\": {\n\"/a\": {\n\"rules\": [\n\"*.o\",\n\"/a(\"\n]\n}\n}\n}", 6, "is no rule"),
        ("{\n\"path_config\": {\n\"/a\": {\n\"filters\": [\n{\"exclude\": \"a[z-a]\"}\n]\n}\n}\n}", 5, "is no pattern"),
        ("{\n\"path_config\": {\n\"/a\": {\n\"copies\": 65\n}\n}\n}", 3, "copies is 1 to 64"),
        ("{\n\"path_config\": {\n\"/a\": {\n\"priority\": 300\n}\n}\n}", 4, "300"),
        ("{\n\"path_prefix\": \"/s\",\n\"path_config\": {\n\"/o\": {}\n}\n}", 4, "not below"),
        (
            "{\n\"retention\": {\n\"keep_last\": 0,\n\"keep_within_days\": null,\n\"history\": \"best-effort\"\n}\n}",
            3,
            "keep_last",
        ),
        (
            "{\n\"retention\": {\n\"keep_last\": 1,\n\"keep_within_days\": null,\n\"history\": \"never\"\n}\n}",
            5,
            "never",
        ),
        ("{\n\"disks\": {\n\"00000000-0000-0000-0000-000000000001\": {}\n}\n}", 3, "no disk"),
        (&format!("{{\n\"disks\": {{\n\"{uuid}\": {{\n\"size_bytes\": \"much\"\n}}\n}}\n}}"), 4, "size"),
        (&format!("{{\n\"disks\": {{\n\"{uuid}\": {{\n\"name\": \"b\"\n}}\n}}\n}}"), 4, "two disks"),
        ("", 1, ""),
        ("[]", 1, ""),
    ];
    for (text, line, word) in table {
        let ran = import(&sandbox, 2, text);
        assert!(ran.err.contains(&format!("line {line}: ")) && ran.err.contains(word), "{text}\n{}", ran.err);
        assert!(ran.err.contains("nothing was changed"), "{}", ran.err);
        assert_eq!(exported(&sandbox), before, "{text}");
    }
    fs::write(sandbox.path("edited.json"), b"{\n\xff").unwrap();
    sandbox.code(2, "config import edited.json").says("line 2");
    sandbox.code(1, "config import nosuch.json").says("nosuch.json");
}

#[test]
fn names_of_any_bytes_go_out_and_come_in() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let odd = std::ffi::OsStr::from_bytes(b"odd\n\\\xff");
    sandbox.tree("x").dir(odd);
    let mut command = sandbox.command();
    command.args(["source", "map"]).arg(odd).arg(sandbox.path("x").join(odd));
    Ran::of(command).expect(0, "source map");
    let mut command = sandbox.command();
    command.args(["source", "set", "/", "-i"]).arg(std::ffi::OsStr::from_bytes(b"\xfe*"));
    Ran::of(command).expect(0, "source set");
    let before = exported(&sandbox);
    sandbox.ok("config export out.json");
    sandbox.tamper("DELETE FROM source_map; DELETE FROM path_rule; DELETE FROM path_setting");
    sandbox.ok("config import out.json").says("Changed: 1 map, 1 path.");
    assert_eq!(exported(&sandbox), before);
    assert_eq!(sandbox.sql::<Vec<u8>>("SELECT vpath FROM source_map"), b"/odd\n\\\xff");
    assert_eq!(sandbox.sql::<Vec<u8>>("SELECT pattern FROM path_rule"), b"\xfe*");
}

#[test]
fn disks_may_change_names() {
    let sandbox = full();
    let uuids: Vec<_> = sandbox.ok("disk list --json").json()["disks"].as_array().unwrap().clone();
    let [a, b] = [0, 1].map(|n| uuids[n]["uuid"].as_str().unwrap().to_owned());
    let names = json!({ "disks": { a.clone(): { "name": "b" }, b: { "name": "a" } } });
    import(&sandbox, 0, &names.to_string()).says("2 disks");
    assert_eq!(sandbox.ok("disk list --json").json()["disks"][1]["uuid"], a);
}

#[test]
fn distbackups_own_keys_are_taken() {
    let sandbox = full();
    let text = r#"{"path_config": {"/s/": {"include": ["a"], "exclude": [], "priority": 0, "rules": ["!!*.raw"]}}}"#;
    import(&sandbox, 0, text).says("include does nothing");
    let s = exported(&sandbox)["path_config"]["/s/"].clone();
    assert_eq!(s, json!({ "hide": true, "rules": ["!!*.raw"] }));
}

/// Edits with a script as editor.
fn edit(sandbox: &Sandbox, code: i32, script: &str, line: &str) -> Ran {
    let mut command = sandbox.command();
    command.env("EDITOR", script).env("TMPDIR", sandbox.path("")).args(["config", "edit"]);
    command.args(line.split_whitespace());
    Ran::of(command).expect(code, line)
}

#[test]
fn an_editor_may_have_options() {
    let sandbox = full();
    edit(&sandbox, 0, "sed -i s/attic/cellar/", "").says("Changed: 1 disk.");
    assert!(exported(&sandbox)["disks"].to_string().contains("cellar"));
    edit(&sandbox, 0, "sed -i s/cellar/attic/", "map").says("Nothing is other");
    edit(&sandbox, 0, "sed -i s/cellar/attic/", "disks").says("1 disk");
    edit(&sandbox, 0, "sed -i s/7/8/", "path /s").says("1 path");
    assert_eq!(exported(&sandbox)["path_config"]["/s/"]["priority"], 8);
    edit(&sandbox, 0, "false", "-e true").says("Nothing is other");
    edit(&sandbox, 0, "false", "path -e true").says("Nothing is other");
}

#[test]
fn what_was_written_is_kept_though_it_is_wrong() {
    let sandbox = full();
    let before = exported(&sandbox);
    let ran = edit(&sandbox, 2, "echo broken >>", "");
    let place = ran.err.split(" is in ").nth(1).unwrap().trim();
    assert!(fs::read_to_string(place).unwrap().ends_with("broken\n"));
    assert_eq!(exported(&sandbox), before);
    let ran = edit(&sandbox, 1, "false", "").says("ended with an error");
    assert!(ran.err.contains("dsb-edit"), "{}", ran.err);
}

#[test]
fn what_changed_meanwhile_is_not_overwritten() {
    let sandbox = full();
    let dsb = env!("CARGO_BIN_EXE_dsb");
    let script = format!("f() {{ {dsb} source set /o --priority 3 -q; sed -i s/attic/cellar/ \"$1\"; }}; f");
    edit(&sandbox, 5, &script, "").says("changed meanwhile");
    assert!(exported(&sandbox)["disks"].to_string().contains("attic"));
}

#[test]
fn a_document_may_come_through_a_pipe() {
    let sandbox = Sandbox::with_disks("");
    let mut command = sandbox.command();
    command.args(["config", "import", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(br#"{"path_config": {"/s": {"copies": 4}}}"#).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(exported(&sandbox)["path_config"]["/s/"]["copies"], 4);
}

#[test]
fn json_sets_what_other_options_do() {
    let sandbox = full();
    let set = |text: &str, more: &[&str]| {
        let mut command = sandbox.command();
        command.args(["source", "set", "/s", "-j", text, "--json"]).args(more);
        Ran::of(command)
    };
    let ran = set(r#"{"priority": null, "rules": ["x"], "lock": true}"#, &["--unlock"]).expect(0, "-j");
    let s = &ran.json()["paths"][0];
    assert_eq!((&s["priority"], &s["maxcopies"], &s["locked"]), (&json!(1), &json!(5), &Value::Null));
    assert_eq!(s["set"]["rules"], json!(["x"]));
    let ran = set(r#"{"rules": ["y", "x"]}"#, &["--append"]).expect(0, "-j -a");
    assert_eq!(ran.json()["paths"][0]["set"]["rules"], json!(["x", "y"]));
    let mistakes = [r#"{"colour": 1}"#, r#"{"rules": ["/("]}"#, r#"{"copies": 99}"#, "[", r#"{"maxcopies": 0}"#];
    mistakes.iter().for_each(|text| drop(set(text, &[]).expect(2, text)));
    sandbox.code(2, "source set /s --append").says("--ignore");
}
