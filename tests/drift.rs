//! What is generated from the program and committed beside it: completions, and the help of every
//! command. After a change of the command line: `DSB_BLESS=1 cargo test --test drift`
//!
//! And what a disk says of how to read it without the program: its commands are run.

use std::fmt::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Output};

/// The completion scripts: shell, file.
const COMPLETIONS: [(&str, &str); 5] =
    [("bash", "dsb.bash"), ("zsh", "_dsb"), ("fish", "dsb.fish"), ("elvish", "dsb.elv"), ("powershell", "_dsb.ps1")];

/// Runs the program where it finds no catalog and no terminal.
fn dsb(arguments: &[&str]) -> Output {
    let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nowhere");
    let mut command = Command::new(env!("CARGO_BIN_EXE_dsb"));
    command.args(arguments).env_clear().env("HOME", nowhere).env("COLUMNS", "100").output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = dsb(arguments);
    assert!(output.status.success(), "dsb {}: {output:?}", arguments.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// Compares a committed file with what it should hold, or writes it.
fn compare(file: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("DSB_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    let line = differs.unwrap_or_else(|| found.lines().count().min(expected.lines().count())) + 1;
    assert!(
        found == expected,
        "{file} is not what the program prints, from line {line} on:\n  committed: {:?}\n  program:   {:?}\n\
         if the program is right: DSB_BLESS=1 cargo test --test drift",
        found.lines().nth(line - 1).unwrap_or_default(),
        expected.lines().nth(line - 1).unwrap_or_default(),
    );
}

/// The commands that a help text lists, but for `help` itself.
fn commands(help: &str) -> Vec<String> {
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| line.starts_with("  "));
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().map(str::to_owned));
    names.filter(|name| name != "help").collect()
}

/// The help of a command and of all below it, each under its own line.
fn collect_help(words: &[String], out: &mut String) {
    let arguments: Vec<&str> = words.iter().map(String::as_str).chain(["--help"]).collect();
    let help = printed(&arguments);
    let name = [vec!["dsb".to_owned()], words.to_vec()].concat().join(" ");
    let _ = writeln!(out, "==== {name} ====\n\n{}\n", help.trim_end());
    for command in commands(&help) {
        collect_help(&[words, &[command]].concat(), out);
    }
}

#[test]
fn completions_are_what_the_program_prints() {
    for (shell, file) in COMPLETIONS {
        compare(&format!("completions/{file}"), &printed(&["completions", shell]));
    }
}

#[test]
fn help_is_what_the_program_prints() {
    let mut help = String::new();
    collect_help(&[], &mut help);
    assert!(help.matches("====").count() > 40, "{help}");
    compare("docs/help.txt", &help);
}

#[test]
fn readme_names_every_command() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for command in commands(&printed(&["--help"])) {
        assert!(readme.contains(&format!("dsb {command}")), "README.md never says `dsb {command}`");
    }
}

/// The commands that a disk's README.txt has for who has no dsb.
fn recipe(readme: &str, to: &Path) -> String {
    let lines = readme.lines().skip_while(|line| !line.contains("export TO="));
    let commands = lines.take_while(|line| line.is_empty() || line.starts_with("    "));
    let text: String = commands.flat_map(|line| [line.strip_prefix("    ").unwrap_or(line), "\n"]).collect();
    let end = text.find("/tmp/get.sh\n\n").map_or(text.len(), |at| at + "/tmp/get.sh\n".len());
    let script = to.with_extension("sh").display().to_string();
    text[..end].replace("/where/the/files/are/to/go", &to.display().to_string()).replace("/tmp/get.sh", &script)
}

#[test]
fn a_disk_is_read_without_the_program() {
    if Command::new("sqlite3").arg("--version").output().is_err() {
        println!("skipped: this needs sqlite3");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let (source, disk, to) = (home.path().join("it's"), home.path().join("disk"), home.path().join("to"));
    std::fs::create_dir_all(source.join("a\nb/empty")).unwrap();
    let files = ["x", "$(touch y)`z`", "a\nb/\"quoted\"", "-n", "nothing"];
    files.iter().for_each(|name| std::fs::write(source.join(name), name.replace("nothing", "")).unwrap());
    std::os::unix::fs::symlink("it's gone", source.join("link")).unwrap();
    let mut protect = Command::new(env!("CARGO_BIN_EXE_dsb"));
    protect.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME").env_remove("DISTBACKUP_PATH");
    protect.arg("protect").arg(&source).arg("--on").arg(&disk).arg("-q");
    assert!(protect.status().unwrap().success());
    let readme = std::fs::read_to_string(disk.join("README.txt")).unwrap();
    let done = Command::new("sh").arg("-c").arg(recipe(&readme, &to)).current_dir(&disk).output().unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{done:?}");
    let restored = to.join("it's");
    for name in files {
        let (there, here) = (restored.join(name), source.join(name));
        assert_eq!(std::fs::read(&there).unwrap(), std::fs::read(&here).unwrap(), "{name}");
        let seconds = |path| std::fs::metadata(path).unwrap().mtime();
        assert_eq!(seconds(there), seconds(here), "{name}");
    }
    assert_eq!(std::fs::read_link(restored.join("link")).unwrap(), Path::new("it's gone"));
    assert!(restored.join("a\nb/empty").is_dir() && !disk.join("y").exists());
}
