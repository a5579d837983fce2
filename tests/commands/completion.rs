//! What a shell is offered: the program is asked as the scripts ask it, and by bash itself.

use crate::kit::{Ran, Sandbox, skipped};
use std::fs;
use std::process::Command;

/// What is offered for the last of these words.
fn offered(sandbox: &Sandbox, words: &[&str]) -> Vec<String> {
    let mut command = sandbox.command();
    command.env("COMPLETE", "fish").arg("--").arg("dsb").args(words);
    let ran = Ran::of(command).expect(0, "completion");
    ran.out
        .lines()
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .filter(|word| !word.starts_with('-'))
        .collect()
}

fn filled() -> Sandbox {
    let sandbox = Sandbox::with_disks("shelf-01 30M shelf-02 30M attic 30M");
    sandbox.source().file("photos/2024/a b.jpg", "1").file("photos/2025/c.jpg", "2").file("plan.txt", "3");
    sandbox.ok("update");
    sandbox
}

#[test]
fn disks_are_offered_where_disks_are_wanted() {
    let sandbox = filled();
    for words in [&["backup", "sh"][..], &["verify", "sh"], &["disk", "set", "sh"], &["ls", "--disk", "sh"]] {
        assert_eq!(offered(&sandbox, words), ["shelf-01", "shelf-02"], "{words:?}");
    }
    assert_eq!(offered(&sandbox, &["disk", "drop", ""]), ["attic", "shelf-01", "shelf-02"]);
    let restore = offered(&sandbox, &["restore", ""]);
    assert!(restore.contains(&"attic".to_owned()) && restore.contains(&"home/".to_owned()), "{restore:?}");
}

#[test]
fn paths_are_offered_a_name_at_a_time() {
    let sandbox = filled();
    let table: [(&str, &[&str]); 6] = [
        ("", &["/s/"]),
        ("/s/p", &["/s/photos/", "/s/plan.txt"]),
        ("/s/photos/", &["/s/photos/2024/", "/s/photos/2025/"]),
        ("/s/photos/2024/", &["/s/photos/2024/a b.jpg"]),
        ("/s/x", &[]),
        ("/nosuch/", &[]),
    ];
    for (typed, expected) in table {
        for words in [&["ls", typed][..], &["where", typed], &["source", "set", typed], &["restore", "-f", typed]] {
            assert_eq!(offered(&sandbox, words), expected, "{words:?}");
        }
    }
}

#[test]
fn the_catalog_of_the_command_line_is_asked_and_left_alone() {
    let sandbox = filled();
    fs::rename(sandbox.catalog().parent().unwrap(), sandbox.path("elsewhere")).unwrap();
    assert!(offered(&sandbox, &["backup", ""]).is_empty());
    for words in [
        &["-d", "elsewhere", "backup", "a"][..],
        &["-delsewhere", "-v", "backup", "a"],
        &["--db=elsewhere", "backup", "a"],
    ] {
        assert_eq!(offered(&sandbox, words), ["attic"], "{words:?}");
    }
    assert!(!sandbox.catalog().exists());
}

#[test]
fn bash_completes_with_the_script() {
    let sandbox = filled();
    let script = r#"
        source "$1"; dsb() { "$DSB" "$@"; }
        complete_line() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_TYPE=9; COMPREPLY=()
            _clap_complete_dsb dsb "${COMP_WORDS[COMP_CWORD]}" ""
            printf '%s|' "${COMPREPLY[@]}"
        }
        PATH="$(dirname "$DSB"):$PATH"
        complete_line dsb ls /s/ph
        complete_line dsb ls '/s/photos/2024/a\ '
    "#;
    let mut bash = Command::new("bash");
    bash.args(["-c", script, "bash", concat!(env!("CARGO_MANIFEST_DIR"), "/completions/dsb.bash")]);
    let home = sandbox.path("home");
    bash.env("DSB", env!("CARGO_BIN_EXE_dsb"))
        .env("HOME", home)
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("DISTBACKUP_PATH");
    let Ok(output) = bash.output() else { return skipped("there is no bash") };
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(out, "/s/photos/|/s/photos/2024/a\\ b.jpg|", "{err}");
}
