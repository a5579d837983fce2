//! The jobs, each a function from the ground to rows.

mod catalog;
mod disk;
mod memory;
mod others;
mod plan;
mod update;

use super::ground::Ground;
use super::table::{Goal, Row, Value};
use std::path::{Path, PathBuf};

type Job = fn(&Ground) -> Vec<Row>;

pub const ALL: [(&str, Job); 12] = [
    ("update", update::first),
    ("unchanged", update::unchanged),
    ("backup", disk::backup),
    ("large", disk::large),
    ("restore", disk::restore),
    ("verify", disk::verify),
    ("memory", memory::memory),
    ("catalog", catalog::bytes),
    ("plan", plan::plan),
    ("start", catalog::start),
    ("looks", catalog::looks),
    ("others", others::others),
];

/// Rows of dsb, which came first, beside each of the others.
fn beside(job: &str, times: &[(String, f64)], goals: &[Goal]) -> Vec<Row> {
    let Some(((_, dsb), others)) = times.split_first() else { return Vec::new() };
    let goals = goals.iter().copied().chain(std::iter::repeat(Goal::None));
    let row = |(other, goal): (&(String, f64), Goal)| Row {
        job: job.to_owned(),
        dsb: Value::Seconds(*dsb),
        beside: Some(other.clone()),
        goal,
    };
    others.iter().zip(goals).map(row).collect()
}

/// All files below a folder, in the order of their names.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder that can be read");
        for entry in entries.map(|entry| entry.expect("an entry that can be read")) {
            let kind = entry.file_type().expect("an entry with a type");
            if kind.is_dir() {
                open.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort_unstable();
    files
}
