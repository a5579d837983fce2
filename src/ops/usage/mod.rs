//! Sums by folder and number of copies: what `tree`, `du` and `ncdu` show.
//!
//! Content that stands at several names is shared out among them, the bytes left over going to the
//! first: so all sums add up to what is really there. Memory holds the folders, never the files.

mod export;
mod selection;
mod walk;

pub use export::{Item, visit_items};
pub use selection::Selection;
pub use walk::{Line, walk};

use crate::catalog::{Catalog, FileRow, Usage};
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, DirectoryId, Name, Size, VPath};
use std::collections::HashMap;

/// Files and the bytes that are theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// All of them; files of length 0 too, which need no copy.
    pub all: Amount,
    /// Those with content by the number of its copies: none, one, two ...
    pub levels: Vec<Amount>,
}

/// One folder of the newest state, or its root.
pub struct Folder {
    id: DirectoryId,
    name: Option<Name>,
    above: usize,
    /// The folders in it, those with most bytes first.
    below: Vec<usize>,
    sums: Sums,
}

/// All folders of the newest state; the first is the root, and each stands behind the one it is in.
pub struct Folders(Vec<Folder>);

impl Sums {
    fn add(&mut self, copies: u32, amount: Amount) {
        let level = copies as usize;
        self.all += amount;
        self.levels.resize(self.levels.len().max(level + 1), Amount::default());
        if let Some(sum) = self.levels.get_mut(level) {
            *sum += amount;
        }
    }

    fn add_all(&mut self, other: &Self) {
        self.all += other.all;
        self.levels.resize(self.levels.len().max(other.levels.len()), Amount::default());
        self.levels.iter_mut().zip(&other.levels).for_each(|(sum, more)| *sum += *more);
    }

    /// Of one file, if it is selected.
    pub fn of(file: &FileRow, selection: &Selection) -> Option<Self> {
        let mut sums = Self::default();
        if file.object.is_some() {
            sums.add(selection.copies(file.disks)?, Amount::one(file.share));
        } else {
            sums.all = Amount::one(Size::ZERO);
            return (file.kind == crate::model::Kind::File && selection.is_all()).then_some(sums);
        }
        Some(sums)
    }
}

impl Folders {
    /// Counts the newest state.
    pub fn count(catalog: &Catalog, selection: &Selection) -> Result<Self> {
        let mut folders = Self::load(catalog)?;
        let places: HashMap<DirectoryId, usize> =
            folders.0.iter().zip(0..).map(|(folder, at)| (folder.id, at)).collect();
        let sums = catalog.usage(
            || vec![Sums::default(); folders.0.len()],
            |sums, usage| {
                if let Some(copies) = selection.copies(usage.disks) {
                    share_out(sums, &usage, copies, &places);
                }
            },
            |mut sums, more| {
                sums.iter_mut().zip(&more).for_each(|(sum, more)| sum.add_all(more));
                sums
            },
        )?;
        folders.0.iter_mut().zip(sums).for_each(|(folder, sums)| folder.sums = sums);
        if selection.is_all() {
            catalog.empty_files(|directory, count| {
                if let Some(folder) = places.get(&directory).and_then(|at| folders.0.get_mut(*at)) {
                    folder.sums.all.objects += count;
                }
            })?;
        }
        folders.sum_up();
        folders.sort();
        Ok(folders)
    }

    /// The folders from the root down, without any sums.
    fn load(catalog: &Catalog) -> Result<Self> {
        let mut below: HashMap<DirectoryId, Vec<(DirectoryId, Name)>> = HashMap::new();
        for directory in catalog.directories()? {
            below.entry(directory.parent).or_default().push((directory.id, directory.name));
        }
        let new = |id, name, above| Folder { id, name, above, below: Vec::new(), sums: Sums::default() };
        let mut folders = vec![new(DirectoryId::ROOT, None, 0)];
        let mut at = 0;
        while let Some(folder) = folders.get(at) {
            let children = below.remove(&folder.id).unwrap_or_default();
            let first = folders.len();
            folders.extend(children.into_iter().map(|(id, name)| new(id, Some(name), at)));
            let range = (first..folders.len()).collect();
            if let Some(folder) = folders.get_mut(at) {
                folder.below = range;
            }
            at += 1;
        }
        Ok(Self(folders))
    }

    /// Adds to each folder what is in the folders below it.
    fn sum_up(&mut self) {
        for at in (1..self.0.len()).rev() {
            let (before, rest) = self.0.split_at_mut(at);
            if let Some(folder) = rest.first()
                && let Some(above) = before.get_mut(folder.above)
            {
                above.sums.add_all(&folder.sums);
            }
        }
    }

    fn sort(&mut self) {
        for at in 0..self.0.len() {
            let mut below = self.0.get_mut(at).map(|folder| std::mem::take(&mut folder.below)).unwrap_or_default();
            below.sort_by(|a, b| self.rank(*a).cmp(&self.rank(*b)));
            if let Some(folder) = self.0.get_mut(at) {
                folder.below = below;
            }
        }
    }

    /// What comes first has the most bytes, then the most files, then the first name.
    fn rank(&self, at: usize) -> impl Ord + '_ {
        self.0.get(at).map(|folder| {
            let all = folder.sums.all;
            (std::cmp::Reverse((all.bytes, all.objects)), &folder.name)
        })
    }

    /// The sums of everything.
    pub fn total(&self) -> Sums {
        self.0.first().map(|root| root.sums.clone()).unwrap_or_default()
    }

    /// Where a folder stands.
    fn find(&self, path: &VPath) -> Option<usize> {
        path.names().iter().try_fold(0, |at, name| {
            let below = &self.0.get(at)?.below;
            below.iter().copied().find(|at| self.0.get(*at).is_some_and(|folder| folder.name.as_ref() == Some(name)))
        })
    }
}

fn share_out(sums: &mut [Sums], usage: &Usage<'_>, copies: u32, places: &HashMap<DirectoryId, usize>) {
    let names: u64 = usage.places.iter().map(|(_, count)| count).sum();
    let each = Size(usage.size.bytes() / names.max(1));
    let mut over = usage.size - each.times(names);
    for (directory, count) in usage.places {
        let amount = Amount { objects: *count, bytes: each.times(*count) + std::mem::take(&mut over) };
        if let Some(sums) = places.get(directory).and_then(|at| sums.get_mut(*at)) {
            sums.add(copies, amount);
        }
    }
}

/// The entry of the newest state at a path that is no folder.
fn file_at(catalog: &Catalog, folders: &Folders, path: &VPath) -> Result<FileRow> {
    let found = path.split_last().and_then(|(above, name)| Some((folders.0.get(folders.find(&above)?)?, name)));
    if let Some((folder, name)) = found
        && let Some(row) = catalog.files_in(folder.id)?.into_iter().find(|row| row.name == *name)
    {
        return Ok(row);
    }
    Err(Error::new(Kind::Usage, format_args!("there is no {path} in the newest state"))
        .next("`dsb ls PATTERN` shows what there is, `dsb find PATTERN` what there ever was"))
}
