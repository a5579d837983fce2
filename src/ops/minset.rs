//! The fewest disks that have all that is wanted.

use super::find_attached;
use super::look::every;
use crate::catalog::{Catalog, View};
use crate::destination::Existing;
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, Content, Disk, DiskIndex, DiskSet, Pattern, Size, VPath};
use crate::plan::fewest_disks;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One disk of the set.
pub struct Needed {
    /// The disk.
    pub disk: Disk,
    /// Whether it is attached now.
    pub attached: bool,
    /// What it brings that those before it do not.
    pub files: Amount,
}

/// Disks that are enough, and what they cannot bring.
pub struct MinimumSet {
    /// In the order in which they are best attached.
    pub disks: Vec<Needed>,
    /// Whether it is proven that fewer are not enough.
    pub proven: bool,
    /// Files with content that match.
    pub files: Amount,
    /// Of these, those that a folder that was named has already.
    pub elsewhere: u64,
    /// Of these, those whose every copy is in doubt.
    pub doubtful: Amount,
    /// Of these, those that no disk has, and the paths of the first.
    pub lost: (Amount, Vec<VPath>),
}

/// Paths named at most.
const NAMED: usize = 20;

/// Finds the set for what matches one of the patterns, all if there are none, and is in none of these
/// folders. Of sets that are as small the one with attached disks, then the most recently seen.
pub fn minimum_set(catalog: &Catalog, view: View, filters: &[Pattern], existing: &[PathBuf]) -> Result<MinimumSet> {
    let existing = existing.iter().map(|path| Existing::open(path)).collect::<Result<Vec<_>>>()?;
    let mut found = Sought::default();
    let mut matched = 0_u64;
    every(catalog, view, |path, row| {
        if !filters.is_empty() && !filters.iter().any(|filter| filter.matches(path)) {
            return Ok(());
        }
        matched += 1;
        let metadata = &row.entry.metadata;
        if row.entry.content != Content::None {
            let is_there = existing.iter().any(|folder| folder.has(path, metadata, row.object, false) == Some(true));
            found.add(path, metadata.size, (row.disks, row.doubtful), is_there);
        }
        Ok(())
    })?;
    if matched == 0 && !filters.is_empty() {
        let what = "nothing in the catalog matches what was asked for";
        return Err(Error::new(Kind::Usage, what).next("`dsb ls PATTERN` shows what there is"));
    }
    found.solve(catalog)
}

/// What is looked for, by the disks that have it.
#[derive(Default)]
struct Sought {
    by_disks: BTreeMap<DiskSet, Amount>,
    files: Amount,
    elsewhere: u64,
    doubtful: Amount,
    lost: (Amount, Vec<VPath>),
}

impl Sought {
    /// Copies in doubt are gone for only where there is no other.
    fn add(&mut self, path: &VPath, size: Size, (certain, doubtful): (DiskSet, DiskSet), is_there: bool) {
        let file = Amount::one(size);
        self.files += file;
        if is_there {
            self.elsewhere += 1;
        } else if certain == DiskSet::EMPTY && doubtful == DiskSet::EMPTY {
            self.lost.0 += file;
            if self.lost.1.len() < NAMED {
                self.lost.1.push(path.clone());
            }
        } else {
            let disks = if certain == DiskSet::EMPTY { doubtful } else { certain };
            self.doubtful += if certain == DiskSet::EMPTY { file } else { Amount::default() };
            *self.by_disks.entry(disks).or_default() += file;
        }
    }

    fn solve(self, catalog: &Catalog) -> Result<MinimumSet> {
        let mut known: Vec<(Disk, bool)> = Vec::new();
        for disk in catalog.disks()? {
            let attached = find_attached(catalog, &disk).is_ok();
            known.push((disk, attached));
        }
        known.sort_by_key(|(disk, attached)| (!attached, Reverse(disk.last_seen), disk.index));
        let preferred: Vec<DiskIndex> = known.iter().map(|(disk, _)| disk.index).collect();
        let sets: Vec<DiskSet> = self.by_disks.keys().copied().collect();
        let cover = fewest_disks(&sets, &preferred);
        let mut missing = self.by_disks;
        let mut disks = Vec::new();
        for (disk, attached) in known.into_iter().filter(|(disk, _)| cover.disks.contains(disk.index)) {
            let on = |disks: &DiskSet| disks.contains(disk.index);
            let files = missing.iter().filter(|(disks, _)| on(disks)).map(|(_, amount)| *amount).sum();
            missing.retain(|disks, _| !on(disks));
            disks.push(Needed { disk, attached, files });
        }
        let Self { files, elsewhere, doubtful, lost, .. } = self;
        Ok(MinimumSet { disks, proven: cover.proven, files, elsewhere, doubtful, lost })
    }
}
