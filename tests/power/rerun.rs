//! What must hold once the interrupted command has run again, and what the disk alone gives back.

use super::disk_facts::DiskFacts;
use super::facts::Facts;
use super::invariants::Span;
use crate::kit::{Ran, Sandbox, below, differences, hash, words};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;

/// A disk that no catalog knows, mounted read-only: everything that its own copy of the catalog
/// names and it holds comes back.
pub fn restores_alone(sandbox: &Sandbox, span: &Span<'_>) -> Vec<String> {
    let disk = DiskFacts::of(&sandbox.path("m/dsb"));
    let Some(copy) = disk.copy else {
        let is_owed = span.before.published > 0;
        return if is_owed { vec!["no catalog copy to restore by".to_owned()] } else { Vec::new() };
    };
    let mut command = sandbox.command();
    command.env("HOME", sandbox.path("nobody")).args(words("restore --from m/dsb alone"));
    let ran = Ran::of(command);
    let found: BTreeSet<_> =
        below(&sandbox.path("alone")).iter().filter(|path| path.is_file()).map(|path| hash(path)).collect();
    let owed: BTreeSet<_> = copy.live.intersection(&disk.whole).cloned().collect();
    let _ = fs::remove_dir_all(sandbox.path("alone"));
    let missing = owed.difference(&found).count();
    // 3: what other disks have is missing.
    if missing > 0 || ![0, 3].contains(&ran.code) {
        let name = copy.path.display();
        return vec![format!(
            "by {name} alone {missing} of {} did not come back: {} {}",
            owed.len(),
            ran.code,
            ran.err
        )];
    }
    Vec::new()
}

/// The same commands again, without any fault.
pub fn run_again(sandbox: &Sandbox, lines: &[String]) -> Vec<String> {
    lines.iter().filter_map(|line| failure(sandbox, line)).collect()
}

/// All is as if nothing had happened.
pub fn is_as_undisturbed(sandbox: &Sandbox, last: &Facts) -> Vec<String> {
    let mut wrong = Vec::new();
    let plan = sandbox.run("backup a --simulate --json");
    if plan.code != 0 || plan.json()["steps"] != json!([]) {
        wrong.push(format!("there is still something planned: {} {}", plan.code, plan.out));
    }
    for line in ["verify a", "restore out"] {
        wrong.extend(failure(sandbox, line));
    }
    wrong.extend(differences(&sandbox.path("src"), &sandbox.path("out/s")));
    let _ = fs::remove_dir_all(sandbox.path("out"));
    let disk = DiskFacts::of(&sandbox.path("m/dsb"));
    wrong.extend_from_slice(&disk.unreadable);
    wrong.extend(disk.broken.iter().map(|object| format!("{object} is on the disk and broken")));
    // What nobody can remove is the file system's.
    let left = disk.temporary.iter().filter(|file| fs::remove_file(file).is_ok());
    wrong.extend(left.map(|file| format!("{} was left", file.display())));
    match Facts::of(&sandbox.catalog()) {
        Ok(now) => wrong.extend(fewer(&now, last)),
        Err(why) => wrong.push(why),
    }
    wrong
}

fn failure(sandbox: &Sandbox, line: &str) -> Option<String> {
    let ran = sandbox.run(line);
    (ran.code != 0).then(|| format!("dsb {line} ended with {}: {}{}", ran.code, ran.out, ran.err))
}

/// Other content than an undisturbed run leaves, or fewer copies of it; which object has how many
/// may differ.
fn fewer(now: &Facts, last: &Facts) -> Vec<String> {
    let copies = |facts: &Facts| {
        let mut copies: Vec<_> = facts.live.iter().map(|object| facts.copies(object)).collect();
        copies.sort_unstable();
        copies
    };
    let (found, expected) = (copies(now), copies(last));
    let mut wrong = Vec::new();
    if now.live != last.live {
        wrong.push("the newest state has other content than an undisturbed run leaves".to_owned());
    }
    if found.iter().zip(&expected).any(|(found, expected)| found < expected) {
        wrong.push(format!("copies {found:?}, and an undisturbed run leaves {expected:?}"));
    }
    wrong
}
