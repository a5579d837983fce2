//! A year of daily updates, by a clock that is only thought of (faketime):
//!
//! ```text
//! cargo bench --bench year                      100,000 files of which 500 change on each of 365 days
//!     --files N  --days N  --data FOLDER        others; where the files lie (target/)
//!     --keep                                    leaves files and catalog there
//! ```
//!
//! Of ten changes seven write into a file, one makes, one moves, one deletes a file. In the end a
//! second catalog begins with the same files, and for some days both are updated in turns: what a
//! year of history costs is their ratio, whatever else the machine does. How right it all is shows
//! `commands::year`.

#[allow(dead_code)]
#[path = "generate/mod.rs"]
mod generate;

use generate::home::Spec;
use generate::random::Random;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Days on which both catalogs are updated.
const TOGETHER: u64 = 15;
/// The catalog with a year of history, and one without.
const OLD: &str = "catalog";
const FRESH: &str = "fresh";

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

    fn dsb(&self, catalog: &str, day: u64, words: &[&str]) -> f64 {
        let date = format!("2027-01-01 12:00:00 UTC + {day} days");
        let mut command = Command::new("faketime");
        command.arg(date).arg(env!("CARGO_BIN_EXE_dsb")).arg("-qd").arg(self.data.join(catalog)).args(words);
        let began = Instant::now();
        let status = command.stdout(Stdio::null()).status().expect("faketime is installed");
        assert!(status.success(), "dsb {words:?}");
        began.elapsed().as_secs_f64()
    }

    /// The first update of a catalog.
    fn begin(&self, catalog: &str, day: u64) -> f64 {
        fs::create_dir_all(self.data.join(catalog)).expect("room");
        let source = self.data.join("home");
        self.dsb(catalog, day, &["source", "map", "/home", source.to_str().expect("a plain path")]);
        self.dsb(catalog, day, &["retention", "set", "--keep-within", "2y"]);
        self.dsb(catalog, day, &["update"])
    }

    fn catalog_bytes(&self) -> u64 {
        fs::metadata(self.data.join(OLD).join(dsb::catalog::FILE_NAME)).expect("a catalog").len()
    }
}

/// The files, as a day changes them.
struct Files {
    all: Vec<PathBuf>,
    random: Random,
    a_day: usize,
}

impl Files {
    fn below(source: &Path) -> Self {
        let mut all = Vec::new();
        files_below(source, &mut all);
        all.sort();
        let a_day = all.len() / 200;
        Self { all, random: Random::new(1), a_day }
    }

    fn pass_a_day(&mut self, day: u64) {
        for n in 0..self.a_day {
            let at = self.random.next() as usize % self.all.len();
            let content = format!("day {day}, change {n}");
            let new = self.all[at].with_file_name(format!("new-{day}-{n}"));
            match n % 10 {
                0 => {
                    fs::write(&new, content).expect("room");
                    self.all.push(new);
                }
                1 => {
                    fs::rename(&self.all[at], &new).expect("room");
                    self.all[at] = new;
                }
                2 => fs::remove_file(self.all.swap_remove(at)).expect("it is there"),
                _ => fs::write(&self.all[at], content).expect("room"),
            }
        }
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
    println!("first update {:.2} s", year.begin(OLD, 0));
    let (mut files, before) = (Files::below(&source), year.catalog_bytes());
    for day in 1..=year.days {
        files.pass_a_day(day);
        year.dsb(OLD, day, &["update"]);
    }
    let grown = (year.catalog_bytes() - before) as f64 / year.days as f64;
    println!("{} files, {} changes a day, {} days", files.all.len(), files.a_day, year.days);
    println!("the catalog grew by {grown:.0} B a day, {:.0} B a change", grown / files.a_day as f64);
    compare(&year, &mut files);
    for at in ["1", &(year.days / 2).to_string(), "latest"] {
        println!("ls --at {at}: {:.2} s", year.dsb(OLD, year.days, &["ls", "--at", at]));
    }
    if !year.keep {
        let _ = fs::remove_dir_all(&year.data);
    }
}

/// Both catalogs in turns, for some days more.
fn compare(year: &Year, files: &mut Files) {
    year.begin(FRESH, year.days);
    let (mut old, mut fresh) = (Vec::new(), Vec::new());
    for day in year.days + 1..=year.days + TOGETHER {
        files.pass_a_day(day);
        let take = |catalog, times: &mut Vec<f64>| times.push(year.dsb(catalog, day, &["update"]));
        if day % 2 == 0 {
            take(OLD, &mut old);
            take(FRESH, &mut fresh);
        } else {
            take(FRESH, &mut fresh);
            take(OLD, &mut old);
        }
    }
    let (old, fresh) = (median(&old), median(&fresh));
    println!("a day's update: fresh {fresh:.3} s, after a year {old:.3} s ({:.2})", old / fresh);
}
