//! What the catalog takes, and how long looking into it does.

use crate::command::Dsb;
use crate::generate::catalog::{Shelf, make};
use crate::generate::content::Content;
use crate::generate::home::Spec;
use crate::ground::Ground;
use crate::rounds::{Runner, take_turns};
use crate::table::{Goal, Row, Value};
use std::path::Path;

fn made(ground: &Ground, files: u64, disks: u8, copies: u8) -> Dsb {
    let dsb = Dsb { catalog: ground.path("catalog") };
    let home = Path::new("/home/me");
    make(&Spec::new(1, files, None), Shelf { disks, copies }, &dsb.catalog, home, Content::name)
        .expect("a new catalog");
    dsb
}

/// Bytes of the catalog for each file, all metadata and one copy of it.
pub fn bytes(ground: &Ground) -> Vec<Row> {
    let files = ground.options.size(1_000_000, 50_000);
    let dsb = made(ground, files, 1, 1);
    let file = dsb.catalog.join(dsb::catalog::FILE_NAME);
    let bytes = std::fs::metadata(file).map_or(0, |found| found.len()) as f64 / files as f64;
    ground.clear(&dsb.catalog);
    let (job, goal) = ("catalog, of each file".to_owned(), Goal::Most(Value::Bytes(200.0)));
    vec![Row { job, dsb: Value::Bytes(bytes), beside: None, goal }]
}

/// How long the shortest command takes.
pub fn start(ground: &Ground) -> Vec<Row> {
    let dsb = made(ground, 200, 2, 2);
    let seconds = timed(ground, &dsb, &[("info", &["info"])], 21);
    seconds.into_iter().map(|(_, seconds)| row("start: info", seconds, 0.01)).collect()
}

/// What it is called, and the words of the command.
type Look = (&'static str, &'static [&'static str]);

const LOOKS: [Look; 7] = [
    ("info", &["info"]),
    ("ls", &["ls", "/home/Music/*"]),
    ("where", &["where", "/home/Documents"]),
    ("find", &["find", "IMG_0007.jpg"]),
    ("ls of a sixth", &["ls", "*.jpg"]),
    ("ls of everything", &["ls"]),
    ("completion", &["--", "dsb", "ls", "/home/Doc"]),
];

/// What a person asks of a large catalog.
pub fn looks(ground: &Ground) -> Vec<Row> {
    let mut rows = looks_at(ground, ground.options.size(1_000_000, 50_000), 0.5);
    if ground.options.full {
        rows.extend(looks_at(ground, 10_000_000, 3.0));
    }
    rows
}

fn looks_at(ground: &Ground, files: u64, most: f64) -> Vec<Row> {
    let dsb = made(ground, files, 12, 2);
    let times = timed(ground, &dsb, &LOOKS, ground.options.rounds);
    ground.clear(&dsb.catalog);
    let thousands = files / 1000;
    times.into_iter().map(|(name, seconds)| row(&format!("{name}, {thousands} k files"), seconds, most)).collect()
}

fn timed(ground: &Ground, dsb: &Dsb, looks: &'static [Look], rounds: usize) -> Vec<(String, f64)> {
    let runner = |(name, words): &'static Look| Runner::new(name, || {}, || look(dsb, words));
    ground.clear(&ground.path("none"));
    take_turns(rounds, looks.iter().map(runner).collect())
}

fn look(dsb: &Dsb, words: &[&str]) {
    if words.first() == Some(&"--") {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dsb"));
        command.env("COMPLETE", "fish").env("DISTBACKUP_PATH", &dsb.catalog).args(words);
        crate::command::ok(&mut command);
    } else {
        dsb.run(words);
    }
}

fn row(job: &str, seconds: f64, most: f64) -> Row {
    Row { job: job.to_owned(), dsb: Value::Seconds(seconds), beside: None, goal: Goal::Most(Value::Seconds(most)) }
}
