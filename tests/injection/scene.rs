//! What a sweep starts from, over and over, and what may not change in it.

use super::facts::{Facts, broken};
use crate::kit::{Sandbox, dump};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command that is swept.
pub struct Subject {
    /// Its line.
    pub line: &'static str,
    /// What it starts from: a sandbox with the source `src`, mapped at `/s`, and disks.
    pub scene: fn() -> Sandbox,
    /// What it ends with if nothing is in its way.
    pub code: i32,
    /// What it may end with instead if the run before did the work.
    pub again: i32,
    /// Fails unless all is there that was asked for.
    pub done: fn(&Sandbox),
}

/// A sandbox that can be put back to its state.
pub struct Scene {
    pub sandbox: Sandbox,
    /// What is true at the beginning.
    pub before: Facts,
    /// How many objects are in their places and not whole at the beginning.
    pub broken: usize,
    /// How many copies each object has after a run that nothing disturbs.
    pub expected: Vec<usize>,
    /// The newest state of the tree after such a run.
    pub tree: String,
    source: BTreeMap<PathBuf, String>,
    names: BTreeSet<PathBuf>,
}

/// What a run may change; all else in the sandbox must stay.
const CHANGEABLE: [&str; 3] = ["home", "disks", "out"];

impl Scene {
    /// Prepares the state, and shows that nothing is wrong with it.
    pub fn new(subject: &Subject) -> Self {
        let sandbox = (subject.scene)();
        CHANGEABLE.iter().for_each(|name| fs::create_dir_all(sandbox.path(name)).unwrap());
        fs::create_dir(sandbox.path("saved")).unwrap();
        CHANGEABLE.iter().for_each(|name| copy(&sandbox.path(name), &sandbox.path("saved")));
        let broken = broken(&sandbox).len();
        let (before, source) = (Facts::of(&sandbox), dump(&sandbox.path("src")));
        sandbox.code(subject.code, subject.line);
        (subject.done)(&sandbox);
        let (expected, tree) = (Facts::of(&sandbox).counts(), tree(&sandbox));
        fs::write(sandbox.path("calls"), "").unwrap();
        let names = names(&sandbox);
        Self { sandbox, before, broken, expected, tree, source, names }
    }

    /// Back to the beginning. The source stays: nothing may have changed it.
    pub fn reset(&self) {
        for name in CHANGEABLE {
            fs::remove_dir_all(self.sandbox.path(name)).unwrap();
            copy(&self.sandbox.path("saved").join(name), &self.sandbox.path(""));
        }
    }

    /// Nothing outside the home, the disks and the destination was changed.
    pub fn is_left_alone(&self) {
        assert_eq!(dump(&self.sandbox.path("src")), self.source, "the source was changed");
        assert_eq!(names(&self.sandbox), self.names, "something was made or removed beside them");
    }
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.expect("no cp").success());
}

fn names(sandbox: &Sandbox) -> BTreeSet<PathBuf> {
    fs::read_dir(sandbox.path("")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// The newest state of the tree, in the program's own words; which disks have it may differ.
pub fn tree(sandbox: &Sandbox) -> String {
    let mut listed = sandbox.ok("ls --json").json();
    for entry in listed["entries"].as_array_mut().unwrap() {
        entry["disks"].take();
    }
    listed.to_string()
}
