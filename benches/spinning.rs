//! dsb on hard disks that spin, beside the plain tools: needs root, FUSE and loop devices.
//!
//! ```text
//! cargo bench --bench spinning                ext4, 6,000 files, 300 MB
//! cargo bench --bench spinning -- 20000 xfs   so many files, another file system (ext4, xfs, btrfs)
//! cargo bench --bench spinning -- 6000 ext4 ./dsb     another dsb beside this one
//! ```
//!
//! The drives are made of memory, and take the time that a head and a platter take: 160 MB/s, 5 to
//! 20 ms to go anywhere else. So the order of reads, the number of readers and the barriers cost what
//! they cost on such a disk, and every round is like the one before. What is real is the kernel, the
//! file systems and the programs.

#[path = "spinning/drive.rs"]
mod drive;
#[allow(dead_code)]
#[path = "generate/mod.rs"]
mod generate;
#[path = "spinning/server.rs"]
mod server;
#[path = "spinning/shelf.rs"]
mod shelf;

use generate::home::Spec;
use shelf::{Cost, Spinning, cost, run};
use std::path::{Path, PathBuf};

const MEGABYTE: u64 = 1 << 20;

fn make(kind: &str) -> &'static str {
    match kind {
        "xfs" => "mkfs.xfs -q -f",
        "btrfs" => "mkfs.btrfs -q -f",
        _ => "mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0",
    }
}

fn print(what: &str, costs: &[Cost]) {
    let shown = |cost: &Cost| format!("{:7.1} s {:6} seeks", cost.seconds, cost.work.seeks);
    let [first, .., last] = costs else { return };
    println!("{what:<30}{}  {:5.2}", costs.iter().map(shown).collect::<String>(), first.seconds / last.seconds);
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let files = given.first().and_then(|text| text.parse().ok()).unwrap_or(6000);
    let kind = given.get(1).map_or("ext4", String::as_str);
    let programs: Vec<&str> = [env!("CARGO_BIN_EXE_dsb")].into_iter().chain(given.get(2).map(String::as_str)).collect();
    let folder = tempfile::tempdir_in("/dev/shm").expect("memory for drives");
    let size = files * 16_000 * 4 * 3 + 600 * MEGABYTE;
    let [source, target] = ["source", "target"].map(|name| Spinning::new(folder.path(), name, make(kind), size));
    let home = source.path().join("home");
    generate::tree::write(&Spec::new(1, files, Some(50_000)), &home).expect("room for a home");
    std::thread::sleep(std::time::Duration::from_secs(3));
    println!("{files} files on {kind}, drives that spin: {programs:?}, a plain tool, the ratio of first and last");
    Round { folder: folder.path(), source, target, home, programs }.measure();
}

/// What is measured, and with which programs.
struct Round<'a> {
    folder: &'a Path,
    source: Spinning,
    target: Spinning,
    home: PathBuf,
    programs: Vec<&'a str>,
}

impl Round<'_> {
    /// Runs a line of each dsb with a catalog of its own, then the plain one.
    fn row(&self, what: &str, line: &str, paths: impl Fn(usize) -> Vec<PathBuf>, plain: &str, others: &[&Path]) {
        let drives = [&self.source, &self.target];
        let mut costs: Vec<Cost> = Vec::new();
        for number in 0..self.programs.len() {
            costs.push(cost(&drives, || self.dsb(number, line, &paths(number))));
        }
        costs.push(cost(&drives, || run(plain, others)));
        print(what, &costs);
    }

    fn dsb(&self, number: usize, line: &str, paths: &[PathBuf]) {
        let catalog = self.folder.join(format!("catalog-{number}"));
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        run(&format!("{} -q -d {} {line}", self.programs[number], catalog.display()), &paths);
    }

    fn measure(&self) {
        let (home, copy) = (self.home.as_path(), self.target.path().join("copy"));
        let disk = |number: usize| vec![self.target.path().join(format!("dsb-{number}"))];
        let back = |number: usize| vec![self.source.path().join(format!("back-{number}"))];
        let plain_back = self.source.path().join("back");
        (0..self.programs.len())
            .for_each(|number| self.dsb(number, "source map /s \"$1\"", std::slice::from_ref(&self.home)));
        let none = |_| Vec::new();
        let sums = "find \"$1\" -type f -print0 | xargs -0 sha256sum";
        self.row("first update | find, sha256sum", "update", none, sums, &[home]);
        let look = "find \"$1\" -printf '%p %s %T@ %C@ %i\\n'";
        self.row("update, nothing new | find", "update", none, look, &[home]);
        (0..self.programs.len()).for_each(|number| self.dsb(number, "disk add d \"$1\"", &disk(number)));
        let cp = "cp -a \"$1\" \"$2\" && sync -f \"$2\"";
        self.row("backup | cp -a, sync", "backup d", none, cp, &[home, &copy]);
        let objects = self.target.path().join("dsb-0/distbackup-objects");
        let by_inode = "find \"$1\" -type f -printf '%i %p\\n' | sort -n | cut -d' ' -f2- | xargs sha256sum";
        self.row("verify | sha256sum by inode", "verify d", none, by_inode, &[&objects]);
        self.row("restore | cp -a, sync", "restore d \"$1\"", back, cp, &[&copy, &plain_back]);
    }
}
