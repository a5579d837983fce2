//! `tree`, `du` and `ncdu`: sums by folder and number of copies.

use crate::kit::{Ran, Sandbox, bytes, skipped, words};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::Command;

/// `/s/d/small` on `a` and `b`, `/s/d/big` and `/s/e/twin` with one content on `a`, `/s/e/new`
/// nowhere, and what needs no copy.
fn some() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("d/small", bytes(1, 1_000)).file("empty", "").symlink("link", "d").dir("none");
    sandbox.back_up("a b");
    sandbox.source().file("d/big", bytes(2, 100_001)).file("e/twin", bytes(2, 100_001));
    sandbox.back_up("a");
    sandbox.source().file("e/new", bytes(3, 50_000));
    sandbox.ok("update");
    sandbox
}

/// Path, files, bytes, and the bytes of each number of copies, of every line.
fn sums(sandbox: &Sandbox, line: &str) -> Vec<(String, u64, u64, Vec<u64>)> {
    let number = |value: &Value| value.as_u64().unwrap();
    let of = |folder: &Value| {
        let levels = folder["levels"].as_array().unwrap().iter().map(|level| number(&level["bytes"])).collect();
        (folder["path"].as_str().unwrap().to_owned(), number(&folder["files"]), number(&folder["bytes"]), levels)
    };
    sandbox.ok(&format!("{line} --json")).json()["folders"].as_array().unwrap().iter().map(of).collect()
}

fn line(path: &str, files: u64, bytes: u64, levels: &[u64]) -> (String, u64, u64, Vec<u64>) {
    (path.to_owned(), files, bytes, levels.to_vec())
}

#[test]
fn sums_share_out_what_stands_at_several_names() {
    let sandbox = some();
    let all = line("/", 5, 151_001, &[50_000, 100_001, 1_000]);
    assert_eq!(
        sums(&sandbox, "tree"),
        [
            all.clone(),
            ("/s".to_owned(), all.1, all.2, all.3.clone()),
            line("/s/e", 2, 100_000, &[50_000, 50_000]),
            line("/s/d", 2, 51_001, &[0, 50_001, 1_000]),
            line("/s/none", 0, 0, &[]),
        ]
    );
    let info = sandbox.ok("info --json").json();
    let levels: Vec<u64> =
        info["levels"].as_array().unwrap().iter().map(|level| level["bytes"].as_u64().unwrap()).collect();
    assert_eq!(levels, all.3, "the sums of the tree are those of info");
}

#[test]
fn files_stand_among_the_folders_largest_first() {
    let sandbox = some();
    let paths: Vec<_> = sums(&sandbox, "tree --files --depth 0").into_iter().map(|line| (line.0, line.2)).collect();
    let expected = [
        ("/", 151_001),
        ("/s", 151_001),
        ("/s/e", 100_000),
        ("/s/e/new", 50_000),
        ("/s/e/twin", 50_000),
        ("/s/d", 51_001),
        ("/s/d/big", 50_001),
        ("/s/d/small", 1_000),
        ("/s/empty", 0),
        ("/s/none", 0),
    ];
    assert_eq!(paths, expected.map(|(path, bytes)| (path.to_owned(), bytes)));
    assert_eq!(sums(&sandbox, "tree /s/d/big"), [line("/s/d/big", 1, 50_001, &[0, 50_001])]);
    assert_eq!(sums(&sandbox, "tree --depth 1").len(), 2);
    assert_eq!(sums(&sandbox, "tree /s --depth 1").len(), 4);
}

#[test]
fn only_what_is_selected_counts() {
    let sandbox = some();
    let table = [
        ("-m 1", 3, 101_001),
        ("-x 1", 3, 150_001),
        ("-m 1 -x 1", 2, 100_001),
        ("-c 0", 1, 50_000),
        ("--copies 2", 1, 1_000),
        ("-i a", 3, 101_001),
        ("-i a -i b", 1, 1_000),
        ("-i a -e b", 2, 100_001),
        ("--exclude a", 1, 50_000),
        ("-d a -c 0", 3, 150_001),
        ("--simulate-drop a -i a", 3, 101_001),
        ("-d a -i a -x 0", 2, 100_001),
        ("-d a -d b -m 1", 0, 0),
    ];
    for (options, files, bytes) in table {
        for verb in ["tree", "du"] {
            let lines = sums(&sandbox, &format!("{verb} {options}"));
            let found = lines.iter().find(|line| line.0 == "/").map_or((0, 0), |line| (line.1, line.2));
            assert_eq!(found, (files, bytes), "{verb} {options}");
        }
    }
    assert_eq!(sums(&sandbox, "tree -c 0").len(), 3, "folders without any are left out");
    assert_eq!(sums(&sandbox, "tree -d a")[0].3, [150_001, 1_000], "as if the disk were dropped");
    sandbox.code(10, "tree -i nowhere").says("nowhere");
    sandbox.code(2, "tree -c 1 -m 1");
}

#[test]
fn du_has_a_line_for_each_path() {
    let sandbox = some();
    let paths = |line: &str| sums(&sandbox, line).into_iter().map(|line| line.0).collect::<Vec<_>>();
    assert_eq!(paths("du"), ["/", "/s"]);
    assert_eq!(paths("du /s/d /s/e/new"), ["/s/d", "/s/e/new"]);
    assert_eq!(paths("du /s --depth 1"), ["/s", "/s/e", "/s/d", "/s/none"]);
    let shown = sandbox.ok("du").out;
    assert!(shown.lines().last().unwrap().ends_with("  /") && shown.lines().count() == 3, "{shown}");
    sandbox.code(2, "du /nothing").says("/nothing");
    sandbox.code(2, "tree /s/d/big/x");
}

#[test]
fn a_person_reads_it_in_80_columns() {
    let sandbox = some();
    for verb in ["tree", "tree --files --depth 0", "tree --long", "du", "du --depth 3", "tree -d a"] {
        let shown = sandbox.ok(verb).out;
        assert!(shown.lines().all(|line| line.len() <= 80), "{verb}:\n{shown}");
        assert!(shown.starts_with("files"), "{shown}");
    }
    sandbox.ok("tree --long").says("1/1.00 kB");
}

#[test]
fn where_nothing_is_a_sentence_says_so() {
    let sandbox = Sandbox::with_disks("a 30M");
    for verb in ["tree", "du", "ncdu"] {
        sandbox.ok(verb).says("dsb update");
        assert!(sandbox.ok(&format!("{verb} --json")).json().is_object());
    }
    sandbox.ok("update");
    sandbox.ok("tree").says("dsb update");
    sandbox.source().file("f", "x");
    sandbox.ok("update");
    sandbox.ok("tree -m 1").says("No file");
    sandbox.ok("du -m 1").says("No file");
    sandbox.code(10, "-d nowhere tree").says("no catalog");
}

#[test]
fn odd_names_stay_on_their_line() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file(OsStr::from_bytes(b"d\n\xff/n\x1b[2J"), "x");
    sandbox.ok("update");
    sandbox.ok("tree --files --depth 0").says("d\\n\\xff/").says("n\\x1b[2J");
    sandbox.ok("du --depth 3").says("/s/d\\n\\xff");
}

#[test]
fn sums_of_a_random_tree_are_those_of_its_files() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    for n in 0..60_u64 {
        let folder = format!("{}/{}", n % 3, n % 7);
        sandbox.source().file(format!("{folder}/{n}"), bytes(n % 20, 1_000 + (n % 20) as usize * 7));
    }
    sandbox.back_up("a");
    sandbox.ok("backup b --limit 20k");
    let lines = sums(&sandbox, "tree --files --depth 0");
    let mut distinct: Vec<u64> = (0..20).map(|n| 1_000 + n * 7).collect();
    assert_eq!(lines[0].2, distinct.drain(..).sum::<u64>(), "each content counts once");
    for folder in &lines {
        let inside = |line: &&(String, u64, u64, Vec<u64>)| {
            let is_file =
                line.0.rsplit('/').next().is_some_and(|name| line.0.matches('/').count() == 4 && !name.is_empty());
            is_file && line.0.starts_with(&format!("{}/", folder.0.trim_end_matches('/')))
        };
        let files: Vec<_> = lines.iter().filter(inside).collect();
        if !files.is_empty() {
            assert_eq!(folder.2, files.iter().map(|line| line.2).sum::<u64>(), "{}", folder.0);
            assert_eq!(folder.1, files.len() as u64, "{}", folder.0);
        }
    }
}

/// The export as ncdu writes it again; nothing where there is no ncdu.
fn through_ncdu(sandbox: &Sandbox, file: &str) -> Option<Vec<u8>> {
    let mut ncdu = Command::new("ncdu");
    let Ok(output) = ncdu.args(["-e", "-f"]).arg(sandbox.path(file)).args(["-o", "-"]).output() else {
        skipped("there is no ncdu to read the export");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(output.stdout)
}

#[test]
fn ncdu_reads_the_export() {
    let sandbox = some();
    sandbox.source().file(OsStr::from_bytes(b"odd\xff\"\\\n"), "odd");
    sandbox.ok("source set /s/e --priority 5 --maxcopies 3");
    sandbox.back_up("b");
    sandbox.ok("ncdu -o all.json");
    let written = fs::read(sandbox.path("all.json")).unwrap();
    assert!(written.windows(8).any(|bytes| bytes == b"odd\xff\\\"\\\\"), "raw bytes, the others escaped");
    let text = String::from_utf8_lossy(&written).into_owned();
    for part in ["small (a,b)", "twin (a,b) (P5) (M3)", "\"hlnkc\":true,\"nlink\":2", "\"notreg\":true", "[1,2,"] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json[3][0]["name"], "/");
    let Some(again) = through_ncdu(&sandbox, "all.json") else { return };
    let again = String::from_utf8_lossy(&again).into_owned();
    for part in ["\"name\":\"small (a,b)\",\"asize\":1000", "\"name\":\"none\"", "\"mtime\":", "\"hlnkc\":true"] {
        assert!(again.contains(part), "no {part} in {again}");
    }
}

#[test]
fn an_export_of_a_part_has_that_part() {
    let sandbox = some();
    let names = |options: &str| {
        let ran = sandbox.ok(&format!("ncdu -o - {options}"));
        let all: Vec<String> =
            ran.out.split("\"name\":\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        let _: Value = serde_json::from_str(&ran.out).expect("it is JSON");
        all
    };
    assert_eq!(names("-c 0"), ["/", "s", "e", "new"]);
    assert_eq!(names("-d a -i b"), ["/", "s", "d", "small (b)"]);
    assert_eq!(names("/s/d"), ["/s/d", "big (a)", "small (a,b)"]);
    assert_eq!(names("/s/d/big"), ["/", "big (a)"]);
    assert_eq!(names("-c 9"), ["/"]);
    sandbox.code(2, "ncdu -o - /nothing");
    sandbox.code(1, "ncdu -o nowhere/x");
}

#[test]
fn without_ncdu_the_way_out_is_named() {
    let sandbox = some();
    let mut command = sandbox.command();
    command.env("PATH", sandbox.path("nowhere")).args(words("ncdu"));
    Ran::of(command).expect(10, "ncdu").says("-o FILE");
}
