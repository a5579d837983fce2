//! What the fuzzers are let loose on, without a fuzzer: every file of their corpus, and some thousands
//! of mutations of it. `DSB_SEED` repeats a run, `DSB_LONG=1` tries a hundred times as many.

#[path = "corpus/mutation.rs"]
mod mutation;
#[allow(dead_code, reason = "its other users need the rest")]
#[path = "kit/random.rs"]
mod random;
#[path = "../fuzz/targets.rs"]
mod targets;

use mutation::mutate;
use random::Random;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// No input of a few kilobytes may take longer, however loaded the machine is.
const PATIENCE: Duration = Duration::from_secs(10);

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

/// Runs one input; a failing one is left in a file.
fn run(target: &str, what: &str, input: &[u8]) {
    let (_, function) = targets::ALL.into_iter().find(|(name, _)| *name == target).expect("a target");
    let begun = Instant::now();
    let ended = catch_unwind(|| function(input));
    if ended.is_ok() && begun.elapsed() < PATIENCE {
        return;
    }
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("failed-{target}"));
    std::fs::write(&kept, input).unwrap();
    panic!("{target}, {what}: failed after {:?}; the input is in {}", begun.elapsed(), kept.display());
}

/// All of a target's corpus, and mutations of it.
fn try_target(target: &str, mutations: usize) {
    let files = corpus(target);
    assert!(!files.is_empty(), "no corpus for {target}");
    files.iter().for_each(|(path, input)| run(target, &path.display().to_string(), input));
    let seed = std::env::var("DSB_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or(1);
    println!("{target}: DSB_SEED={seed}");
    let mut random = Random::new(seed);
    let times = if std::env::var_os("DSB_LONG").is_some() { 100 } else { 1 };
    for number in 0..mutations * times {
        let input = mutate(&mut random, &files);
        run(target, &format!("mutation {number} of DSB_SEED={seed}"), &input);
    }
}

#[test]
fn markers() {
    try_target("marker", 3_000);
}

#[test]
fn catalog_copies() {
    try_target("catalog", 500);
}

#[test]
fn rules() {
    try_target("rules", 3_000);
}

#[test]
fn filters() {
    try_target("filters", 1_000);
}

#[test]
fn patterns() {
    try_target("patterns", 3_000);
}

#[test]
fn sizes() {
    try_target("sizes", 20_000);
}

#[test]
fn paths() {
    try_target("paths", 20_000);
}

#[test]
fn config_documents() {
    try_target("config", 1_000);
}

#[test]
fn scenarios() {
    try_target("scenario", 10_000);
}

#[test]
fn every_corpus_has_a_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut found: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let mut known = targets::ALL.map(|(name, _)| name);
    found.sort();
    known.sort_unstable();
    assert_eq!(found, known);
}
