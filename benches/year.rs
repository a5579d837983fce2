//! A year of daily updates, by a clock that is only thought of (faketime):
//!
//! ```text
//! cargo bench --bench year                      100,000 files of which 500 change on each of 365 days
//!     --files N  --days N  --data FOLDER        others; where the files lie (target/)
//!     --keep                                    leaves files and catalog there
//! ```
//!
//! Prints what an update takes at the beginning and at the end, what a day adds to the catalog, and
//! how long an old state takes to be listed. How right that is shows `commands::year`.

#[allow(dead_code)]
#[path = "generate/mod.rs"]
mod generate;

use generate::home::Spec;
use generate::random::Random;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Days that are taken together for a figure.
const SOME: usize = 15;

struct Year {
    data: PathBuf,
    files: u64,
    days: u64,
    keep: bool,
}

impl Year {
    fn read() -> Self {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let value = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
        let number = |name: &str, usual| value(name).map_or(usual, |text| text.parse().expect("a number"));
        let data = value("--data").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
        let keep = words.iter().any(|word| word == "--keep");
        Self { data: data.join("year"), files: number("--files", 100_000), days: number("--days", 365), keep }
    }

    fn dsb(&self, day: u64, words: &[&str]) -> f64 {
        let date = format!("2027-01-01 12:00:00 UTC + {day} days");
        let mut command = Command::new("faketime");
        command.arg(date).arg(env!("CARGO_BIN_EXE_dsb")).arg("-qd").arg(self.data.join("catalog")).args(words);
        let began = Instant::now();
        let status = command.stdout(Stdio::null()).status().expect("faketime is installed");
        assert!(status.success(), "dsb {words:?}");
        began.elapsed().as_secs_f64()
    }

    fn catalog_bytes(&self) -> u64 {
        fs::metadata(self.data.join("catalog").join(dsb::catalog::FILE_NAME)).expect("a catalog").len()
    }
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files_below(&entry.path(), found),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            _ => {}
        }
    }
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn main() {
    let year = Year::read();
    if Command::new("faketime").arg("--version").stdout(Stdio::null()).status().is_err() {
        return println!("skipped: there is no faketime");
    }
    let _ = fs::remove_dir_all(&year.data);
    let source = year.data.join("home");
    generate::tree::write(&Spec::new(1, year.files, Some(300)), &source).expect("room for the files");
    fs::create_dir_all(year.data.join("catalog")).expect("room");
    year.dsb(0, &["source", "map", "/home", source.to_str().expect("a plain path")]);
    year.dsb(0, &["retention", "set", "--keep-within", "2y"]);
    let first = year.dsb(0, &["update"]);
    let (mut files, mut random) = (Vec::new(), Random::new(1));
    files_below(&source, &mut files);
    files.sort();
    let changes = files.len() / 200;
    let (mut times, mut sizes) = (Vec::new(), vec![year.catalog_bytes()]);
    for day in 1..=year.days {
        for n in 0..changes {
            let at = random.next() as usize % files.len();
            fs::write(&files[at], format!("day {day}, change {n}")).expect("room");
        }
        times.push(year.dsb(day, &["update"]));
        sizes.push(year.catalog_bytes());
    }
    let (begin, end) = (median(&times[..SOME.min(times.len())]), median(&times[times.len().saturating_sub(SOME)..]));
    let grown = (sizes[sizes.len() - 1] - sizes[0]) as f64 / year.days as f64;
    println!("{} files, {changes} changes a day, {} days", files.len(), year.days);
    println!(
        "first update {first:.2} s; a day's update {begin:.3} s at first, {end:.3} s in the end ({:.2})",
        end / begin
    );
    println!("the catalog grew by {:.0} B a day, {:.0} B a change", grown, grown / changes as f64);
    for at in ["1", &(year.days / 2).to_string(), "latest"] {
        println!("ls --at {at}: {:.2} s", year.dsb(year.days, &["ls", "--at", at]));
    }
    if !year.keep {
        let _ = fs::remove_dir_all(&year.data);
    }
}
