//! What is fuzzed: one function for each kind of input that is not ours, from raw bytes to all that
//! the program reads of it. None may panic, whatever the bytes, and what holds is asserted.
//!
//! `fuzz_targets/` lets a fuzzer loose on them; `tests/corpus.rs` runs them over `corpus/` and over
//! mutations of it wherever the ordinary tests run. Presets do not exist yet; they get a target when they
//! do.

#[path = "targets/catalog.rs"]
mod copies;
#[path = "targets/documents.rs"]
mod documents;
#[path = "targets/model.rs"]
mod model;

pub use copies::catalog;
pub use documents::{config, marker, scenario};
pub use model::{filters, paths, patterns, rules, sizes};

/// A target: its name, which is that of its corpus, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
#[allow(dead_code, reason = "a fuzz target runs its own only")]
pub const ALL: [Target; 9] = [
    ("marker", marker),
    ("catalog", catalog),
    ("rules", rules),
    ("filters", filters),
    ("patterns", patterns),
    ("sizes", sizes),
    ("paths", paths),
    ("config", config),
    ("scenario", scenario),
];

/// A folder for one run, in memory where there is such a place: files are made a thousand times a second.
fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let mut named = tempfile::Builder::new();
    let named = named.prefix("dsb-fuzz-");
    if memory.is_dir() { named.tempdir_in(memory) } else { named.tempdir() }.expect("no temporary folder")
}

/// The last line, and the lines before it.
fn last_line(input: &[u8]) -> (&[u8], impl Iterator<Item = &[u8]>) {
    let end = input.iter().rposition(|byte| *byte == b'\n');
    let (before, last) = end.map_or((&[][..], input), |end| (&input[..end], &input[end + 1..]));
    (last, before.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()))
}
