//! Other backup programs, where they are installed.

use super::command::{is_installed, ok};
use std::path::{Path, PathBuf};
use std::process::Command;

/// distbackup 1.0.20, of which a python is named that has it.
pub struct Distbackup {
    python: String,
    folder: PathBuf,
}

impl Distbackup {
    pub fn is_there() -> bool {
        let there = std::env::var("DSB_DISTBACKUP").is_ok();
        if !there {
            eprintln!("skipped: DSB_DISTBACKUP names no python with distbackup 1.0.20");
        }
        there
    }

    /// A new catalog to which a folder is mapped.
    pub fn mapped(folder: &Path, source: &str) -> Self {
        std::fs::create_dir_all(folder).expect("a new folder");
        let distbackup =
            Self { python: std::env::var("DSB_DISTBACKUP").unwrap_or_default(), folder: folder.to_owned() };
        distbackup.run(&["source", "map", "/s", source]);
        distbackup
    }

    pub fn run(&self, words: &[&str]) {
        let mut command = Command::new(&self.python);
        command.args(["-m", "distbackup", "-L", "-d"]).arg(self.folder.join("catalog.sqlite")).args(words);
        ok(command.env("HOME", &self.folder).current_dir(&self.folder));
    }

    /// An empty disk with room for so many bytes.
    pub fn add_disk(&self, bytes: u64) {
        let disk = self.folder.join("disk");
        std::fs::create_dir(&disk).expect("a new folder");
        self.run(&["disk", "add", "d", &disk.display().to_string(), "-s", &bytes.to_string()]);
    }
}

/// A program that keeps backups in a repository.
#[derive(Clone, Copy, Debug)]
pub struct Repository {
    pub name: &'static str,
    init: &'static [&'static str],
    backup: &'static [&'static str],
}

/// `REPOSITORY` and `SOURCE` stand for themselves. None encrypts if it can help it, all compress as
/// they do when nobody says otherwise.
pub const REPOSITORIES: [Repository; 3] = [
    Repository {
        name: "restic",
        init: &["-r", "REPOSITORY", "init"],
        backup: &["-r", "REPOSITORY", "backup", "SOURCE"],
    },
    Repository {
        name: "borg",
        init: &["init", "-e", "none", "REPOSITORY"],
        backup: &["create", "REPOSITORY::{now:%H%M%S%f}", "SOURCE"],
    },
    Repository {
        name: "rustic",
        init: &["-r", "REPOSITORY", "init"],
        backup: &["-r", "REPOSITORY", "backup", "SOURCE"],
    },
];

impl Repository {
    pub fn is_there(&self) -> bool {
        let there = is_installed(self.name);
        if !there {
            eprintln!("skipped: {} is not installed", self.name);
        }
        there
    }

    fn run(&self, words: &[&str], home: &Path, source: &Path) {
        let repository = home.join("repository").display().to_string();
        let mut command = Command::new(self.name);
        for word in words {
            match *word {
                "SOURCE" => command.arg(source),
                word => command.arg(word.replace("REPOSITORY", &repository)),
            };
        }
        let passwords = ["RESTIC_PASSWORD", "RUSTIC_PASSWORD", "BORG_PASSPHRASE"];
        command.env("HOME", home).env("XDG_CACHE_HOME", home.join("cache")).envs(passwords.map(|name| (name, "x")));
        ok(&mut command);
    }

    /// Makes a new repository below a folder.
    pub fn init(&self, home: &Path) {
        std::fs::create_dir_all(home).expect("a new folder");
        self.run(self.init, home, home);
    }

    /// Backs a folder up.
    pub fn back_up(&self, home: &Path, source: &Path) {
        self.run(self.backup, home, source);
    }
}
