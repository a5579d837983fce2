//! A person's files: how many, how large, in which folders, and when they come and go.

use super::random::Random;

/// Rounds after the first, in which the rest of the data arrives.
pub const ROUNDS: u8 = 12;

/// The round of what stays.
pub const NEVER: u8 = u8::MAX;

/// What a tree is made of.
#[derive(Clone, Copy, Debug)]
pub enum Workload {
    /// Documents and photos by number, videos by bytes.
    Mixed,
    /// Mostly films and disk images.
    Hoard,
}

/// One content of one file.
pub struct Object {
    pub footprint: u64,
    /// Rank of its folder in path order.
    pub directory: u32,
    /// Rank of the first two components of its path.
    pub subtree: u32,
    /// The first round in which it is live.
    pub born: u8,
    /// The first round in which it no longer is.
    pub dies: u8,
}

impl Object {
    pub fn is_live(&self, round: u8) -> bool {
        self.born <= round && round < self.dies
    }
}

/// Files of one kind, and the folders that they stand in.
struct Kind {
    /// Top folder, in path order.
    area: u32,
    /// Per mille of all objects, by workload.
    share: [usize; 2],
    /// Folders of folders.
    groups: usize,
    /// Files of a folder: median and spread.
    files: (f64, f64),
    size: fn(&mut Random) -> f64,
}

const KINDS: [Kind; 6] = [
    Kind { area: 0, share: [5, 40], groups: 1, files: (1.5, 0.4), size: |r| r.pareto(2e9, 1.1) },
    Kind { area: 1, share: [480, 230], groups: 40, files: (18.0, 0.9), size: |r| r.lognormal(4e4, 1.7) },
    Kind { area: 2, share: [80, 100], groups: 60, files: (12.0, 0.3), size: |r| r.lognormal(1.2e7, 0.4) },
    Kind { area: 3, share: [395, 200], groups: 20, files: (60.0, 0.7), size: photo },
    Kind { area: 4, share: [30, 320], groups: 15, files: (6.0, 0.6), size: |r| r.lognormal(7e8, 0.9) },
    Kind { area: 5, share: [10, 110], groups: 1, files: (1.3, 0.4), size: |r| r.lognormal(6e9, 0.6) },
];

/// The kind that grows and is edited.
const DOCUMENTS: u32 = 1;

/// One in six is a RAW file.
fn photo(random: &mut Random) -> f64 {
    let median = if random.chance(1.0 / 6.0) { 2.5e7 } else { 4.5e6 };
    random.lognormal(median, 0.3)
}

/// A file before its folder has a rank: the path is (area, group, folder, file).
struct File {
    path: (u32, u32, u32, u32),
    footprint: u64,
    born: u8,
    dies: u8,
}

/// Everything that is ever live, ordered by path.
pub fn grow(random: &mut Random, workload: Workload, objects: usize) -> Vec<Object> {
    // A disk image of 300 GB among 50,000 objects; as large a part of a smaller tree.
    let largest = 3e11 * objects as f64 / 5e4;
    let mut files = Vec::new();
    for kind in &KINDS {
        plant(random, kind, kind.share[workload as usize] * objects / 1000, largest, &mut files);
    }
    live_on(random, &mut files);
    files.sort_unstable_by_key(|file| (file.path, file.born));
    ranked(&files)
}

/// Folders of one kind, until it has its number of files.
fn plant(random: &mut Random, kind: &Kind, mut left: usize, largest: f64, files: &mut Vec<File>) {
    for folder in 0.. {
        if left == 0 {
            break;
        }
        let count = (random.lognormal(kind.files.0, kind.files.1).round() as usize).clamp(1, left);
        left -= count;
        let group = random.below(kind.groups) as u32;
        let first = if random.chance(0.6) { 0 } else { random.between(1, ROUNDS) };
        let late = if kind.area == DOCUMENTS && random.chance(0.4) { 0.12 } else { 0.0 };
        for file in 0..count as u32 {
            let born = if random.chance(late) { random.between(first, ROUNDS) } else { first };
            let footprint = footprint((kind.size)(random).min(largest));
            files.push(File { path: (kind.area, group, folder, file), footprint, born, dies: NEVER });
        }
    }
}

/// What a file of this size takes on a disk.
fn footprint(size: f64) -> u64 {
    4096 + (size as u64).next_multiple_of(4096)
}

/// In each round 0.4 % of the files are deleted, and as many documents are edited.
fn live_on(random: &mut Random, files: &mut Vec<File>) {
    let documents = files.iter().filter(|file| file.path.0 == DOCUMENTS).count();
    let edited = 0.004 * files.len() as f64 / documents.max(1) as f64;
    for round in 1..=ROUNDS {
        for index in 0..files.len() {
            let File { path, footprint: before, born, dies } = files[index];
            let lives = born < round && dies == NEVER;
            if lives && random.chance(0.004) {
                files[index].dies = round;
            } else if lives && path.0 == DOCUMENTS && random.chance(edited) {
                files[index].dies = round;
                let footprint = footprint(before as f64 * random.lognormal(1.0, 0.1));
                files.push(File { path, footprint, born: round, dies: NEVER });
            }
        }
    }
}

fn ranked(files: &[File]) -> Vec<Object> {
    let (mut directory, mut subtree) = (0, 0);
    let mut before = files.first().map(|file| file.path);
    let mut objects = Vec::new();
    for file in files {
        let above = |path: (u32, u32, u32, u32)| (path.0, path.1);
        let folder = |path: (u32, u32, u32, u32)| (above(path), path.2);
        directory += u32::from(before.map(folder) != Some(folder(file.path)));
        subtree += u32::from(before.map(above) != Some(above(file.path)));
        before = Some(file.path);
        objects.push(Object { footprint: file.footprint, directory, subtree, born: file.born, dies: file.dies });
    }
    objects
}
