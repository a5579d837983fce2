//! Regular files, several at a time: left as they are, or written and proven.

use super::RestoreOptions;
use super::share::{Came, Sharing};
use crate::catalog::TreeRow;
use crate::destination::{Applying, CopyError, Destination, Unheld};
use crate::digest::{self, Digest};
use crate::disk::Attached;
use crate::error::reason;
use crate::model::{Kind, Metadata, ObjectId, Stat, VPath};
use crate::ops::parallel;
use crate::os;
use crate::progress::Progress;
use std::fs::File;
use std::io;
use uuid::Uuid;

/// What became of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was written, with the right bytes.
    Written,
    /// It was there already.
    Present,
    /// Another one is there, and was left.
    Differing,
    /// No disk at hand has it.
    Missing,
    /// The system refused, or the person asked to stop.
    Failed,
}

/// One file's outcome, and what is to be told of it.
#[derive(Debug)]
pub struct Fetched {
    /// What became of it.
    pub outcome: Outcome,
    /// What disks have in its place.
    pub faults: Vec<Fault>,
    /// What went wrong.
    pub problems: Vec<String>,
    /// What the destination could not hold.
    pub unheld: Unheld,
    /// How it came by its bytes, if it was written.
    pub came: Came,
}

/// An object on a disk that is no use, and is to be looked at there.
#[derive(Debug)]
pub struct Fault {
    /// The disk.
    pub disk: Uuid,
    /// What is told of it.
    pub what: String,
    /// Its bytes are wrong; else they could not be read.
    pub is_damage: bool,
}

/// What one disk gave.
pub(super) enum Given {
    Right,
    Wrong,
    Absent,
}

/// A file to restore.
pub struct Wanted {
    /// Where it goes.
    pub path: VPath,
    /// What it is.
    pub row: TreeRow,
}

/// What all who fetch files share.
pub struct Fetcher<'a> {
    /// The disks at hand.
    pub disks: &'a [Attached],
    /// Where files go.
    pub destination: &'a Destination,
    /// How.
    pub options: &'a RestoreOptions,
    /// Which metadata.
    pub applying: &'a Applying,
    /// How bytes may be shared with the disks; none: they are copied.
    pub sharing: Option<&'a Sharing>,
    /// The destination keeps little but names and bytes, as exFAT does.
    pub is_plain: bool,
    /// One of the disks spins: objects are taken in the order in which they lie there.
    pub spins: bool,
    /// Objects that were read.
    pub read: os::ReadOnce,
    /// Who is told, and who may ask to stop.
    pub progress: &'a dyn Progress,
}

/// FAT keeps every second second: nanoseconds.
const COARSE: u64 = 2_000_000_000;

impl Fetcher<'_> {
    /// Fetches files on several threads; the answers come in order.
    pub fn fetch_all(&self, wanted: &[Wanted]) -> Vec<Fetched> {
        let mut fetched: Vec<Fetched> = wanted.iter().map(|_| Fetched::of(Outcome::Failed)).collect();
        let mut slots: Vec<_> = wanted.iter().zip(fetched.iter_mut()).collect();
        if self.spins {
            // Looked at folder by folder, then read as they lie.
            slots.sort_by_key(|(wanted, _)| wanted.row.object);
            slots.sort_by_cached_key(|(wanted, _)| self.place_of(wanted));
        }
        parallel::for_each(
            parallel::threads(0).min(wanted.len()),
            slots.into_iter(),
            || !self.progress.stopped(),
            || (),
            |(), (wanted, slot)| *slot = self.fetch(&wanted.path, &wanted.row),
        );
        fetched
    }

    /// Which disk has an object, and where.
    fn place_of(&self, wanted: &Wanted) -> Option<(usize, u64)> {
        let id = wanted.row.object?;
        self.disks.iter().enumerate().find_map(|(position, disk)| Some((position, disk.place_of(id).ok()?)))
    }

    /// Fetches one file.
    pub fn fetch(&self, path: &VPath, row: &TreeRow) -> Fetched {
        let mut fetched = Fetched::of(Outcome::Failed);
        match self.try_fetch(path, row, &mut fetched) {
            Ok(outcome) => fetched.outcome = outcome,
            Err(error) => fetched.problems.push(reason(&error)),
        }
        fetched
    }

    fn try_fetch(&self, path: &VPath, row: &TreeRow, fetched: &mut Fetched) -> io::Result<Outcome> {
        if let Some(found) = self.destination.look(path)? {
            if self.is_right(path, row, &found)? || self.is_object(&found, row.object) {
                return Ok(Outcome::Present);
            }
            if !self.options.overwrite || found.kind == Kind::Directory {
                let is_the_same = self.is_alike(&found, &row.entry.metadata) && self.has_bytes(path, row)?;
                return Ok(if is_the_same { Outcome::Present } else { Outcome::Differing });
            }
        }
        let Some(id) = row.object else { return self.empty(path, row, fetched) };
        for disk in self.disks {
            match self.try_disk(disk, path, row, id, fetched)? {
                Given::Right => return Ok(Outcome::Written),
                Given::Wrong => fetched.faults.push(Fault::damage(disk)),
                Given::Absent => {}
            }
        }
        Ok(if self.progress.stopped() { Outcome::Failed } else { Outcome::Missing })
    }

    /// Whether what is there is the file: by size and time, or by its bytes.
    fn is_right(&self, path: &VPath, row: &TreeRow, found: &Stat) -> io::Result<bool> {
        let metadata = &row.entry.metadata;
        if found.kind != Kind::File || found.size != metadata.size {
            return Ok(false);
        }
        if self.options.checksum { self.has_bytes(path, row) } else { Ok(found.mtime == metadata.mtime) }
    }

    /// Whether a file may be the one that was restored to a file system with coarse times, or none.
    fn is_alike(&self, found: &Stat, wanted: &Metadata) -> bool {
        let is_near = found.mtime.0.abs_diff(wanted.mtime.0) <= COARSE;
        found.kind == Kind::File && found.size == wanted.size && (is_near || self.is_plain)
    }

    /// Whether the file that is there has the right bytes.
    pub fn has_bytes(&self, path: &VPath, row: &TreeRow) -> io::Result<bool> {
        let mut file = self.destination.open_file(path)?;
        let mut buffer = vec![0; digest::BUFFER];
        let (id, _) = digest::hash_stream(&mut file, row.entry.metadata.size, &mut buffer, |_| Ok(()))?;
        Ok(id == row.object.unwrap_or_else(|| Digest::default().finish()))
    }

    fn empty(&self, path: &VPath, row: &TreeRow, fetched: &mut Fetched) -> io::Result<Outcome> {
        let partial = self.destination.begin_file(path)?;
        fetched.unheld += partial.finish(&row.entry.metadata, self.applying, self.options.overwrite)?;
        Ok(Outcome::Written)
    }

    fn try_disk(
        &self,
        disk: &Attached,
        path: &VPath,
        row: &TreeRow,
        id: ObjectId,
        fetched: &mut Fetched,
    ) -> io::Result<Given> {
        match disk.open_object(id) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Given::Absent),
            Err(error) => {
                fetched.faults.push(Fault::unread(disk, &error));
                Ok(Given::Absent)
            }
            Ok(mut object) => match self.share(disk, (path, row, id), &mut object, fetched)? {
                Some(given) => Ok(given),
                None => self.write(disk, (path, row, id), object, fetched),
            },
        }
    }

    fn write(
        &self,
        disk: &Attached,
        (path, row, id): (&VPath, &TreeRow, ObjectId),
        object: File,
        fetched: &mut Fetched,
    ) -> io::Result<Given> {
        let metadata = &row.entry.metadata;
        let mut partial = self.destination.begin_file(path)?;
        os::advise(&object, os::Advice::Sequential);
        let mut reader = disk.turn().reader(&object, metadata.size);
        let filled = partial.fill(&mut reader, metadata.sparse, metadata.size, self.progress);
        drop(reader);
        self.read.add(object);
        match filled {
            Ok(got) if got == (id, metadata.size) => {
                fetched.unheld += partial.finish(metadata, self.applying, self.options.overwrite)?;
                Ok(Given::Right)
            }
            Ok(_) => Ok(Given::Wrong),
            Err(CopyError::Target(error)) => Err(error),
            Err(CopyError::Stopped) => Ok(Given::Absent),
            Err(CopyError::Source(error)) => {
                fetched.faults.push(Fault::unread(disk, &error));
                Ok(Given::Absent)
            }
        }
    }
}

impl Fetched {
    fn of(outcome: Outcome) -> Self {
        let (faults, problems, unheld) = Default::default();
        Self { outcome, faults, problems, unheld, came: Came::Copied }
    }
}

impl Fault {
    fn damage(disk: &Attached) -> Self {
        Self::on(disk, "is damaged", true)
    }

    pub(super) fn unread(disk: &Attached, error: &io::Error) -> Self {
        Self::on(disk, &format!("cannot be read: {}", reason(error)), false)
    }

    fn on(disk: &Attached, how: &str, is_damage: bool) -> Self {
        let what = format!("its object on {} {how}", disk.path().display());
        Self { disk: disk.marker().uuid, what, is_damage }
    }
}
