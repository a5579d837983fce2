//! Maps and disks, and which disk a digit of a nexus stands for.

use super::{AdoptedDisk, Run, path_of};
use crate::catalog::OldDisk;
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, Disk, DiskIndex, DiskName, Fanout, Footprint, Medium, SessionStamp, Size, VPath, escape};
use crate::ops::room::reserve;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Maps taken over at most: a person makes a few dozen.
const MAPS: usize = 10_000;
/// Disks looked at in the old catalog at most.
const DISKS: usize = 10_000;

/// The disks as the old catalog counts them.
#[derive(Debug, Default)]
pub struct OldShelf {
    by_position: BTreeMap<usize, DiskIndex>,
    /// By the disk's index: what it holds, and what that takes there.
    held: BTreeMap<DiskIndex, (Amount, Size)>,
}

impl OldShelf {
    /// The disks of a nexus: a digit each, 1 if it holds the content. None if that is no nexus;
    /// with the digits that stand for no disk, counted.
    pub fn disks_of(&self, nexus: &[u8]) -> Option<(Vec<DiskIndex>, u64)> {
        let mut unknown = 0;
        let mut disks = Vec::new();
        for (position, digit) in nexus.iter().enumerate() {
            match (digit, self.by_position.get(&position)) {
                (b'0', _) => {}
                (b'1', Some(index)) => disks.push(*index),
                (b'1', None) => unknown += 1,
                _ => return None,
            }
        }
        Some((disks, unknown))
    }

    /// Notes that these disks hold one object.
    pub fn note(&mut self, disks: &[DiskIndex], size: Size) {
        for disk in disks {
            if let Some((held, used)) = self.held.get_mut(disk) {
                *held += Amount::one(size);
                *used += Footprint::USUAL.of(size, size);
            }
        }
    }
}

impl Run<'_> {
    pub(super) fn take_maps(&mut self) -> Result<Vec<VPath>> {
        let mut rows = Vec::new();
        let mut more = 0;
        self.old.maps(|row| {
            if rows.len() < MAPS {
                rows.push(row);
            } else {
                more += 1;
            }
            Ok(())
        })?;
        let mut taken = BTreeSet::new();
        for (vpath, path) in rows {
            match map_of(&vpath, &path) {
                Ok(vpath) if taken.contains(&vpath) => self.left_out(&path, "another folder stands at its place"),
                Ok(vpath) => {
                    self.catalog.map_source(&vpath, Path::new(OsStr::from_bytes(&path)))?;
                    self.report.maps += 1;
                    taken.insert(vpath);
                }
                Err(why) => self.left_out(&vpath, why),
            }
        }
        if more > 0 {
            self.left_out(b"source maps", format_args!("{more} more than the {MAPS} that dsb takes over"));
        }
        Ok(taken.into_iter().collect())
    }

    pub(super) fn take_disks(&mut self) -> Result<()> {
        let mut rows = Vec::new();
        self.old.disks(|row| {
            if rows.len() < DISKS {
                rows.push(row);
            }
            Ok(())
        })?;
        let mut disks: Vec<Disk> = Vec::new();
        for row in &rows {
            let name = free_name(&row.name, &disks);
            let found = identity_of(row).and_then(|identity| Ok((identity, name.ok_or("has no name")?)));
            match found {
                Ok(((uuid, ..), _)) if disks.iter().any(|disk| disk.uuid == uuid) => {
                    self.left_out(&row.name, "another disk has the same identity");
                }
                Ok(((uuid, position, size), name)) => {
                    let index = next_index(&disks)?;
                    if name.as_str().as_bytes() != row.name {
                        self.progress.note(&format!("Disk {} is called {name} here.", escape(&row.name)));
                    }
                    self.shelf.by_position.entry(position).or_insert(index);
                    self.shelf.held.insert(index, Default::default());
                    disks.push(new_disk(index, uuid, name, &row.folder, size));
                }
                Err(why) => self.left_out(&row.name, format_args!("a disk that {why}")),
            }
        }
        disks.iter().try_for_each(|disk| self.catalog.put_disk(disk))
    }

    /// Writes down what each disk holds, and so what should be free of it.
    pub(super) fn note_disks(&mut self) -> Result<()> {
        for mut disk in self.catalog.disks()? {
            let (held, used) = self.shelf.held.get(&disk.index).copied().unwrap_or_default();
            self.report.copies += held.objects;
            self.raise_budget(&mut disk, used)?;
            self.report.disks.push(AdoptedDisk { name: disk.name.clone(), budget: disk.budget, held });
            disk.medium.free = disk.budget - used;
            self.catalog.put_disk(&disk)?;
        }
        Ok(())
    }

    /// A budget is for catalog copies and folders too, and distbackup counted neither: of a disk
    /// that it has filled nothing may have to go for that.
    fn raise_budget(&self, disk: &mut Disk, used: Size) -> Result<()> {
        let objects = self.report.objects.objects + self.report.orphans.objects;
        // The first update adds to each entry what distbackup did not know.
        let catalog = self.catalog.size()?.times(2);
        let needed = used + reserve(Size::ZERO, catalog, objects, (disk.footprint, disk.fanout)) + self.old_size;
        let needed = needed.round_up(4096);
        if used <= disk.budget && disk.budget < needed {
            let Disk { name, budget, .. } = &*disk;
            self.progress.note(&format!(
                "Disk {name} has a budget of {needed}, not {budget}: dsb counts its catalog copies in it."
            ));
            disk.budget = needed;
        }
        Ok(())
    }
}

fn map_of(vpath: &[u8], path: &[u8]) -> std::result::Result<VPath, &'static str> {
    if !path.starts_with(b"/") || path.contains(&0) {
        return Err("its folder is no absolute path");
    }
    path_of(vpath, true)
}

/// A disk's uuid, position and budget.
fn identity_of(row: &OldDisk) -> std::result::Result<(Uuid, usize, Size), &'static str> {
    let uuid = std::str::from_utf8(&row.uuid).ok().and_then(|text| Uuid::try_parse(text).ok());
    let position = row.position.and_then(|position| usize::try_from(position).ok());
    let size = row.size.and_then(|size| u64::try_from(size).ok());
    Ok((
        uuid.ok_or("has no uuid")?,
        position.ok_or("has no place among the others")?,
        Size(size.ok_or("has no size that can be")?),
    ))
}

/// What may be a disk's name of what distbackup took for one.
fn fitting(old: &str) -> String {
    let allowed = |c: char| if c.is_whitespace() || c.is_control() || c == '/' { '-' } else { c };
    old.trim_start_matches('-').chars().map(allowed).collect()
}

/// The name of a disk, as near to a text as a name can be.
pub(crate) fn name_like(text: &str) -> Option<DiskName> {
    fitting(text).parse().ok()
}

/// The name of a disk, as near to the old one as a name can be.
fn free_name(old: &[u8], disks: &[Disk]) -> Option<DiskName> {
    let text = fitting(&String::from_utf8_lossy(old));
    let cut = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= 60).last().unwrap_or(0);
    let is_free = |name: &DiskName| disks.iter().all(|disk| disk.name != *name);
    let short = text.get(..cut).unwrap_or_default().to_owned();
    let numbered = (2..100).map(|number| format!("{short}-{number}"));
    let mut names =
        std::iter::once(text.clone()).chain([short.clone()]).chain(numbered).filter_map(|name| name.parse().ok());
    names.find(is_free)
}

fn next_index(disks: &[Disk]) -> Result<DiskIndex> {
    DiskIndex::new(disks.len() as i64).ok_or_else(|| {
        let what = format!("the old catalog has more than {} disks, and one of dsb holds no more", DiskIndex::COUNT);
        Error::new(Kind::Refused, what).next("take some off the shelf with `distbackup disk drop` and `disk del` first")
    })
}

/// A disk that dsb has never seen: its first session looks at all that it is said to hold.
fn new_disk(index: DiskIndex, uuid: Uuid, name: DiskName, folder: &[u8], budget: Size) -> Disk {
    Disk {
        index,
        uuid,
        name,
        path: hint(folder),
        budget,
        reserve: Size::ZERO,
        reserve_used: Size::ZERO,
        footprint: Footprint::USUAL,
        medium: Medium::default(),
        last_seen: None,
        last_written: None,
        generation: 0,
        session: SessionStamp::default(),
        pending: None,
        closed: false,
        same_device: false,
        group: None,
        tree: false,
        tree_taken: Some(Size::ZERO),
        fanout: Fanout::Three,
        unconfirmed: false,
    }
}

/// Where a disk's folder may be: the old catalog knows it from the mount point on only.
fn hint(folder: &[u8]) -> PathBuf {
    let path = VPath::from_bytes(if folder == b"." { b"" } else { folder }).unwrap_or_default();
    PathBuf::from(OsStr::from_bytes(&path.to_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nexus_is_a_digit_for_each_disk() {
        let index = |n| DiskIndex::new(n).unwrap();
        let shelf = OldShelf { by_position: [(0, index(0)), (3, index(1))].into(), held: BTreeMap::new() };
        let table: [(&[u8], _); 5] = [
            (b"", Some((vec![], 0))),
            (b"1001", Some((vec![index(0), index(1)], 0))),
            (b"01", Some((vec![], 1))),
            (b"1x", None),
            (b"\xff", None),
        ];
        for (nexus, expected) in table {
            assert_eq!(shelf.disks_of(nexus), expected, "{nexus:?}");
        }
    }

    #[test]
    fn names_and_folders_are_made_to_fit() {
        let table = [("one", "one"), ("my disk", "my-disk"), ("a/b\n", "a-b-"), ("--x", "x")];
        for (old, expected) in table {
            assert_eq!(free_name(old.as_bytes(), &[]).unwrap().as_str(), expected);
        }
        assert!(free_name(b"", &[]).is_none());
        assert!(free_name("ä".repeat(100).as_bytes(), &[]).is_some());
        let table = [(".", "/"), ("", "/"), ("a/b", "/a/b"), ("../x", "/"), ("a\0", "/")];
        for (folder, expected) in table {
            assert_eq!(hint(folder.as_bytes()), Path::new(expected), "{folder}");
        }
    }
}
