//! What holds for all commands: the catalog's place, the lock, output, codes.

use crate::kit::{Ran, Sandbox, wait_until, words};
use std::fs::File;
use std::io::Read;
use std::process::Stdio;

#[test]
fn without_a_catalog_there_is_nothing_to_do() {
    let all = [
        "update",
        "backup a",
        "backup a --simulate",
        "restore a out",
        "restore out",
        "verify a",
        "info",
        "ls",
        "ls /x",
        "tree",
        "du /x",
        "ncdu -o -",
        "find x",
        "info /x",
        "debug info /x",
        "restore --minset",
        "where /x",
        "disk list",
        "disk set a -s 1G",
        "disk rename a b",
        "disk drop a",
        "disk del a",
        "disk refresh a",
        "retention show",
        "retention set --keep-last 2",
        "suspect list",
        "suspect accept /x",
        "source list",
        "source unmap /x",
    ];
    let sandbox = Sandbox::new();
    for line in all {
        sandbox.code(10, line).says("catalog");
    }
    assert!(!sandbox.catalog().exists());
}

#[test]
fn the_catalog_is_where_the_environment_says() {
    let sandbox = Sandbox::new();
    sandbox.tree("src");
    let map = |variables: &[(&str, &str)], before: &str| {
        let mut command = sandbox.command();
        variables.iter().for_each(|(name, folder)| {
            command.env(name, sandbox.path(folder));
        });
        command.args(words(&format!("{before} source map /s src")));
        Ran::of(command).expect(0, "source map");
    };
    let has = |folder: &str| sandbox.path(folder).join("distbackup.sqlite").exists();
    map(&[("DISTBACKUP_PATH", "p"), ("XDG_CONFIG_HOME", "x")], "-d d");
    assert!(has("d") && !has("p"));
    map(&[("DISTBACKUP_PATH", "p"), ("XDG_CONFIG_HOME", "x")], "");
    assert!(has("p") && !has("x/distbackup"));
    map(&[("XDG_CONFIG_HOME", "x")], "");
    assert!(has("x/distbackup") && !sandbox.catalog().exists());
    map(&[], "");
    assert!(sandbox.catalog().exists());
}

#[test]
fn one_run_at_a_time() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "x");
    sandbox.back_up("a");
    let lock = sandbox.hold_lock();
    for line in ["update", "backup a", "backup a -u", "verify a", "protect src --on disks/a"] {
        sandbox.code(11, line);
    }
    drop(lock);
    sandbox.ok("update");
}

#[test]
fn the_second_is_told_which_run_holds_the_lock() {
    let sandbox = Sandbox::with_disks("");
    // Hours of zeros to read: the update lasts until it is killed.
    sandbox.source().sparse("endless", 1 << 43, 0, b"x");
    let mut child = sandbox.spawn("update --jobs 1");
    // Whoever asks before it holds the lock could take that from it.
    let lock = sandbox.catalog().with_file_name("distbackup.lock");
    wait_until(|| std::fs::read_to_string(&lock).is_ok_and(|text| text.contains(&child.id().to_string())));
    let told = sandbox.run("verify a");
    child.kill().unwrap();
    child.wait().unwrap();
    told.expect(11, "verify a").says("dsb update").says(&child.id().to_string());
}

#[test]
fn setting_and_showing_go_on_beside_a_run() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "x");
    sandbox.back_up("a");
    sandbox.tree("other");
    let _lock = sandbox.hold_lock();
    sandbox.add_disk("b", "30M");
    for line in [
        "source map /o other",
        "source list",
        "source unmap /o",
        "disk list",
        "disk set b -s 40M",
        "disk mv b c",
        "info",
        "ls",
        "tree",
        "du",
        "ncdu -o -",
        "find f",
        "info /s/f",
        "restore --minset",
        "where /s/f",
        "retention show",
        "retention set --keep-last 2",
        "suspect list",
        "backup a --simulate",
        "restore a out",
    ] {
        sandbox.ok(line);
    }
}

#[test]
fn every_report_is_one_json_object() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "x");
    sandbox.back_up("a");
    for line in [
        "update",
        "backup a",
        "backup a --simulate",
        "restore a out",
        "verify a",
        "info",
        "ls",
        "ls /s",
        "tree",
        "du /s",
        "find f",
        "info /s/f",
        "debug info /s/f",
        "debug hash src/f",
        "restore --minset",
        "source",
        "where /s/f",
        "disk list",
        "source list",
        "retention show",
        "suspect list",
    ] {
        let ran = sandbox.ok(&format!("{line} --json"));
        assert!(ran.json().is_object(), "{line}: {}", ran.out);
        assert!(sandbox.ok(&format!("--json {line}")).json().is_object());
    }
}

#[test]
fn odd_names_are_escaped_wherever_they_are_shown() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file(std::ffi::OsStr::from_bytes(b"n\nl\x1b[2J\xff"), "x");
    sandbox.back_up("a");
    let shown = "n\\nl\\x1b[2J\\xff";
    sandbox.ok("ls").says(shown);
    let ls = sandbox.ok("ls --json").json();
    assert!(ls["entries"].as_array().unwrap().iter().any(|entry| entry["path"] == format!("/s/{shown}")), "{ls}");
    sandbox.source().remove(std::ffi::OsStr::from_bytes(b"n\nl\x1b[2J\xff")).file("g", "y");
    sandbox.ok("ls").says(shown);
}

#[test]
fn paths_on_the_command_line_may_be_any_bytes() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let odd = |name: &[u8]| sandbox.path(std::ffi::OsStr::from_bytes(name));
    sandbox.tree("x").file(odd(b"s\xffrc/f"), "x").dir(odd(b"d\xfesk"));
    let run = |words: &[&std::ffi::OsStr]| {
        let mut command = sandbox.command();
        command.arg("-d").arg(odd(b"cat\xfdlog")).args(words);
        Ran::of(command).expect(0, "with odd paths");
    };
    run(&["source".as_ref(), "map".as_ref(), "/s".as_ref(), odd(b"s\xffrc").as_os_str()]);
    run(&["disk".as_ref(), "add".as_ref(), "a".as_ref(), odd(b"d\xfesk/a").as_os_str(), "-s30M".as_ref()]);
    run(&["backup".as_ref(), "a".as_ref(), "-u".as_ref()]);
    run(&["restore".as_ref(), "a".as_ref(), odd(b"o\xfcut").as_os_str()]);
    crate::kit::assert_same(&odd(b"s\xffrc"), &odd(b"o\xfcut/s"));
}

#[test]
fn a_list_may_be_narrowed() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("d/one.txt", "1").file("d/two", "2");
    sandbox.back_up("a");
    sandbox.source().file("three", "3");
    sandbox.back_up("b");
    let paths = |line: &str| {
        let ls = sandbox.ok(&format!("{line} --json")).json();
        let paths = ls["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "file");
        paths.map(|entry| entry["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(paths("ls"), ["/s/d/one.txt", "/s/d/two", "/s/three"]);
    assert_eq!(paths("ls /s/d/*.txt"), ["/s/d/one.txt"]);
    assert_eq!(paths("ls /s/d"), ["/s/d/one.txt", "/s/d/two"]);
    assert_eq!(paths("ls --disk a"), ["/s/d/one.txt", "/s/d/two"]);
}

#[test]
fn a_reader_that_goes_away_ends_it_in_silence() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("f", 3_000, 1);
    sandbox.ok("update");
    for line in ["ls", "tree --files --depth 0", "find *", "ncdu -o -"] {
        let mut command = sandbox.command();
        let mut child = command.args(words(line)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let ended = child.wait().unwrap();
        assert!(ended.success() && said.is_empty(), "{line}: {ended} {said}");
    }
}

#[test]
fn output_that_goes_nowhere_is_a_failure() {
    let sandbox = Sandbox::with_disks("a 30M");
    for line in ["disk list", "info", "source list", "disk list --json", "completions bash", "ncdu -o -", "tree"] {
        let mut command = sandbox.command();
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command.args(words(line)).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && !said.contains("panicked"), "{line}: {:?} {said}", output.status);
    }
}

#[test]
fn what_cannot_be_understood_is_usage() {
    let sandbox = Sandbox::new();
    for line in [
        "",
        "frobnicate",
        "backup",
        "disk add a",
        "disk add a x -s lots",
        "update --oldest 5%",
        "restore",
        "verify a --start xyz",
        "restore --from",
        "disk set a -s -5",
        "where",
        "completions tcsh",
    ] {
        let code = sandbox.run(line).code;
        assert_eq!(code, 2, "dsb {line}");
    }
    sandbox.ok("--help").says("protect");
    sandbox.ok("--version").says("dsb");
}

#[test]
fn each_shell_gets_its_completions() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(sandbox.ok(&format!("completions {shell}")).out.contains("dsb"), "{shell}");
    }
}

#[test]
fn quiet_is_quiet() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "x");
    for line in ["update -q", "backup a -q", "verify a -q", "restore a out -q"] {
        let ran = sandbox.ok(line);
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""), "{line}");
    }
    sandbox.source().remove("f");
    sandbox.source().file("g", "y");
    sandbox.ok("update -q");
    sandbox.source().remove("g");
    assert!(sandbox.code(3, "backup a -q").err.contains("/s/g"));
}
