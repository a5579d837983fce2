//! The house, held to its plan: src/ is read as text, and every line that breaks a rule is named.
//!
//! `ROOMS` and `CRATES` are the tables; crate doc of the library says what they are good for.

#[path = "architecture/named.rs"]
mod named;
#[path = "architecture/rules.rs"]
mod rules;
#[path = "architecture/text.rs"]
mod text;

use std::path::{Path, PathBuf};

/// Which rooms each room may use. Support rooms may be used by all but `model` and `plan`.
const ROOMS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    ("lib", &[]),
    ("cli", &["ops", "source", "catalog", "plan", "disk", "destination", "model"]),
    ("ops", &["source", "catalog", "plan", "disk", "destination", "model"]),
    ("source", &["model"]),
    ("catalog", &["model"]),
    ("plan", &["model"]),
    ("disk", &["model"]),
    ("destination", &["model"]),
    ("model", &[]),
    ("error", &["model"]),
    ("progress", &["model"]),
    ("digest", &["model"]),
    ("os", &["model"]),
];

/// Rooms that the others may use without being named in `ROOMS`.
const SUPPORT: &[&str] = &["error", "progress", "digest", "os"];

/// Rooms that may not even use the support rooms.
const PURE: &[&str] = &["model", "plan"];

/// The rooms that may name a crate; one that is not listed may be named anywhere.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite", &["catalog"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("indicatif", &["cli"]),
    ("signal_hook", &["cli"]),
    ("jiff", &["model", "os", "cli"]),
    ("unicode_width", &["cli"]),
    ("sha2", &["digest"]),
    ("rustix", &["os"]),
    ("nix", &["os"]),
    ("xattr", &["os"]),
    ("sysinfo", &["disk"]),
    ("globset", &["model"]),
    ("regex", &["model"]),
    ("ignore", &["model"]),
    ("bytesize", &["model"]),
    ("serde", &["disk", "ops"]),
    ("serde_json", &["cli", "disk", "ops"]),
    ("crossbeam_channel", &["source", "ops"]),
    ("toml", &["ops"]),
    ("ini", &["ops"]),
];

/// Lines of one function, from `fn` to its closing brace.
const FUNCTION: usize = 60;
/// Lines of code in one file: neither blank nor comment nor test.
const FILE: usize = 300;

#[test]
fn every_room_keeps_to_itself() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 100, "only {} files below {}", files.len(), root.display());
    let mut found = Vec::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        found.extend(rules::violations(&path, &std::fs::read_to_string(&file).unwrap()));
    }
    assert!(found.is_empty(), "{} violations:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_room_of_the_library_is_in_the_table() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let declared = text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    for room in declared {
        assert!(ROOMS.iter().any(|(known, _)| *known == room), "{room} is a room without a rule");
    }
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}
