//! A home as a list of what stands where: directories before what is in them.

use super::area::{AREAS, Shrink};
use super::content::{Content, Contents};
use super::names;
use super::random::Random;
use std::collections::VecDeque;
use std::rc::Rc;

/// What a home is to be like.
#[derive(Clone, Debug)]
pub struct Spec {
    pub seed: u64,
    /// Names of files, hard links counted; symlinks and directories come on top.
    pub files: u64,
    pub shrink: Shrink,
}

impl Spec {
    /// `bytes_a_file`: the mean length; none: as it is in homes, about a megabyte.
    pub fn new(seed: u64, files: u64, bytes_a_file: Option<u64>) -> Self {
        Self { seed, files, shrink: bytes_a_file.map_or(Shrink::NONE, Shrink::to) }
    }
}

/// A directory; the home itself is the first, with the number 1.
#[derive(Clone, Debug)]
pub struct Folder {
    pub id: u64,
    /// Below the home, without a slash at either end.
    pub path: Rc<str>,
    pub mtime: i64,
    depth: u32,
    area: Option<usize>,
    files: u64,
    seed: u64,
}

/// What is found in a directory.
#[derive(Clone, Debug)]
pub struct Entry {
    pub folder: Rc<Folder>,
    pub name: String,
    /// Nanoseconds since 1970.
    pub mtime: i64,
    pub inode: u64,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    Directory(Folder),
    File(File),
    /// Where it points.
    Symlink(String),
}

#[derive(Clone, Debug)]
pub struct File {
    /// None: it is empty.
    pub content: Option<Content>,
    /// Whether no file before it has that content.
    pub fresh: bool,
    pub mode: u32,
    /// How many names it has, all in this directory.
    pub links: u64,
    /// The first of them, if this is another one.
    pub first_name: Option<String>,
}

/// Of a thousand files.
const EMPTY: f64 = 0.015;
const LINKED: f64 = 0.004;
const SYMLINKS: f64 = 0.01;
const EXECUTABLE: f64 = 0.02;
const DUPLICATES: f64 = 0.1;

/// A directory that has directories has no more files than that.
const FULLEST: f64 = 40_000.0;

/// Walks a home.
pub struct Home {
    contents: Contents,
    ahead: Vec<Folder>,
    ready: VecDeque<Entry>,
    inodes: u64,
    directories: u64,
    under_way: Option<Filling>,
}

/// A directory of which some files are still to come.
struct Filling {
    folder: Rc<Folder>,
    random: Random,
    next: u64,
    end: u64,
}

impl Home {
    pub fn new(spec: &Spec) -> Self {
        let (seed, files) = (spec.seed, spec.files);
        let root =
            Folder { id: 1, path: "".into(), mtime: time(&mut Random::new(seed)), depth: 0, area: None, files, seed };
        let (contents, ready, under_way) = (Contents::new(), VecDeque::new(), None);
        Self { contents, ahead: vec![root], ready, inodes: 2, directories: 1, under_way }
    }

    /// The home's own directory.
    pub fn root(&self) -> Option<&Folder> {
        self.ahead.first()
    }

    fn inode(&mut self) -> u64 {
        self.inodes += 1;
        self.inodes
    }

    /// Lays out a directory: those in it now, its files as they are asked for.
    fn open(&mut self, folder: Folder) {
        let mut random = Random::new(folder.seed);
        let (own, below) = shared_out(&folder, &mut random);
        let folder = Rc::new(folder);
        let mut inner = Vec::new();
        for (number, (area, files)) in below.into_iter().enumerate() {
            let name = match folder.area {
                None => AREAS[area].name.to_owned(),
                Some(_) => names::directory(area, number, &mut random),
            };
            let directory = self.directory(&folder, &name, area, files, &mut random);
            let (mtime, inode) = (directory.mtime, self.inode());
            inner.push(directory.clone());
            self.ready.push_back(Entry {
                folder: Rc::clone(&folder),
                name,
                mtime,
                inode,
                what: What::Directory(directory),
            });
        }
        self.ahead.extend(inner.into_iter().rev());
        self.under_way = Some(Filling { folder, random, next: 0, end: own });
    }

    fn directory(&mut self, above: &Folder, name: &str, area: usize, files: u64, random: &mut Random) -> Folder {
        self.directories += 1;
        let path = if above.path.is_empty() { name.to_owned() } else { format!("{}/{name}", above.path) };
        let (depth, seed) = (above.depth + 1, random.next());
        Folder { id: self.directories, path: path.into(), mtime: time(random), depth, area: Some(area), files, seed }
    }

    /// The next file of a directory, with what comes along with it.
    fn fill(&mut self, filling: &mut Filling) {
        let Filling { folder, random, next, end } = filling;
        let area = folder.area.unwrap_or(1);
        let name = names::file(area, *next, random);
        let (content, fresh) = self.content(area, random);
        let linked = *end - *next >= 2 && content.is_some() && random.chance(LINKED);
        let mode = if random.chance(EXECUTABLE) { AREAS[area].mode | 0o100 } else { AREAS[area].mode };
        let file = File { content, fresh, mode, links: 1 + u64::from(linked), first_name: None };
        let entry = |name, mtime, inode, what| Entry { folder: Rc::clone(folder), name, mtime, inode, what };
        let (mtime, inode) = (time(random), self.inode());
        self.ready.push_back(entry(name.clone(), mtime, inode, What::File(file.clone())));
        *next += 1;
        if linked {
            let again = File { fresh: false, first_name: Some(name.clone()), ..file };
            self.ready.push_back(entry(format!("{name}.linked"), mtime, inode, What::File(again)));
            *next += 1;
        }
        if random.chance(SYMLINKS) {
            let inode = self.inode();
            self.ready.push_back(entry(format!("{name}.symlink"), mtime, inode, What::Symlink(name)));
        }
    }

    fn content(&mut self, area: usize, random: &mut Random) -> (Option<Content>, bool) {
        if random.chance(EMPTY) {
            return (None, false);
        }
        let known = if random.chance(DUPLICATES) { self.contents.known(random) } else { None };
        known.map_or_else(|| (Some(self.contents.fresh(area, random)), true), |known| (Some(known), false))
    }
}

impl Iterator for Home {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Some(entry);
            }
            match self.under_way.take() {
                Some(mut filling) if filling.next < filling.end => {
                    self.fill(&mut filling);
                    self.under_way = Some(filling);
                }
                _ => {
                    let folder = self.ahead.pop()?;
                    self.open(folder);
                }
            }
        }
    }
}

/// How many files stand in a directory itself, and which directories with how many files.
fn shared_out(folder: &Folder, random: &mut Random) -> (u64, Vec<(usize, u64)>) {
    let Some(index) = folder.area else {
        let below: Vec<_> = AREAS.iter().map(|area| folder.files * area.share / 1000).enumerate().collect();
        return (folder.files - below.iter().map(|(_, files)| files).sum::<u64>(), below);
    };
    let area = &AREAS[index];
    let levels = area.deepest.saturating_sub(folder.depth);
    if levels == 0 {
        return (folder.files, Vec::new());
    }
    let (least, tail) = area.files;
    let own = (random.pareto(least, tail).min(FULLEST) as u64).min(folder.files);
    let rest = folder.files - own;
    if rest == 0 {
        return (own, Vec::new());
    }
    // As many as it takes for the rest to find room in the levels that are left.
    let fewest = (rest as f64 / (4.0 * least)).powf(1.0 / f64::from(levels)).ceil();
    let count = (random.lognormal(area.fan, 0.6).round().max(fewest) as usize).clamp(1, rest as usize);
    (own, split(rest, count, random).into_iter().map(|files| (index, files)).collect())
}

/// Splits a number into so many parts, most of them small.
fn split(whole: u64, count: usize, random: &mut Random) -> Vec<u64> {
    let weights: Vec<f64> = (0..count).map(|_| random.lognormal(1.0, 1.0)).collect();
    let sum: f64 = weights.iter().sum();
    let mut parts: Vec<u64> = weights.iter().map(|weight| (whole as f64 * weight / sum) as u64).collect();
    let left = whole - parts.iter().sum::<u64>().min(whole);
    parts[0] += left;
    // A few directories stay empty.
    parts.retain(|files| *files > 0 || random.chance(0.1));
    parts
}

/// Some time in twenty years, to the nanosecond.
fn time(random: &mut Random) -> i64 {
    1_100_000_000_000_000_000 + random.below(620_000_000_000_000_000) as i64
}
