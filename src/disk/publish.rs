//! A catalog put onto a disk as its newest copy, beside the one that was the newest.

use super::Attached;
use super::catalog_copy::{CopyName, hash_text};
use super::temporary::Temporary;
use crate::digest::{self, CopyError};
use crate::error::Result;
use crate::model::{ObjectId, Size};
use crate::os;
use crate::progress::Silent;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Seek};

/// The copy that is new, and the one before it, if there was a complete one.
type NewAndKept = (CopyName, Option<CopyName>);

impl Attached {
    /// Puts a finished catalog file onto the disk as its newest copy, durably, and keeps the
    /// complete one before it. `generation` numbers the copy where copies are numbered.
    ///
    /// The file is read from its beginning and must not change meanwhile.
    pub fn publish_catalog(&self, file: &mut File, generation: u64) -> Result<()> {
        self.publish(file, generation).map_err(|error| self.failed("write the catalog copy on", &error))
    }

    fn publish(&self, file: &mut File, generation: u64) -> io::Result<()> {
        file.rewind()?;
        let temporary = self.temporary(0o600)?;
        let copied = digest::copy(file, &temporary.file, Size::MAX, false, &Silent);
        let (hash, _) = copied.map_err(|error| match error {
            CopyError::Source(error) | CopyError::Target(error) => error,
            CopyError::Stopped => io::ErrorKind::Interrupted.into(),
        })?;
        self.keep_foreign()?;
        let (name, kept) = if self.habits.keeps_order {
            self.publish_together(temporary, hash)?
        } else {
            self.publish_one_by_one(temporary, hash, generation)?
        };
        self.remove_copies(&|other| other != name && Some(other) != kept)
    }

    /// Everything is written, flushed at once, and named; a power cut leaves the first of the names
    /// or all, never a later one without those before it. Two flushes instead of seven.
    fn publish_together(&self, catalog: Temporary, hash: ObjectId) -> io::Result<NewAndKept> {
        let number = self.free_number(self.marker().generation)?;
        let present = self.best()?;
        let replaced = present.filter(|(name, _)| *name == CopyName::Newest);
        let kept_hash = replaced.map(|(_, hash)| self.written(hash_text(hash, number).as_bytes())).transpose()?;
        let new_hash = self.written(hash_text(hash, CopyName::Newest).as_bytes())?;
        os::syncfs(self.root())?;
        let mut kept = present.map(|(name, _)| name);
        if let Some(hash) = kept_hash {
            hash.place(self.root(), &number.hash_file())?;
            self.give_number(number)?;
            kept = Some(number);
        }
        new_hash.place(self.root(), &CopyName::Newest.hash_file())?;
        catalog.place(self.root(), &CopyName::Newest.file())?;
        os::syncfs(self.root())?;
        Ok((CopyName::Newest, kept))
    }

    fn publish_one_by_one(&self, catalog: Temporary, hash: ObjectId, generation: u64) -> io::Result<NewAndKept> {
        catalog.file.sync_all()?;
        let kept = self.keep_present()?;
        let name = if self.habits.journaled { CopyName::Newest } else { self.free_number(generation)? };
        self.put(&name.hash_file(), hash_text(hash, name).as_bytes())?;
        catalog.place(self.root(), &name.file())?;
        os::fsync(self.root())?;
        Ok((name, kept))
    }

    /// Makes sure that the newest complete copy stays when the next takes its place: it gets a
    /// number. Returns its name; nothing if there is no complete copy.
    fn keep_present(&self) -> io::Result<Option<CopyName>> {
        let hash = match self.best()? {
            Some((CopyName::Newest, hash)) => hash,
            other => return Ok(other.map(|(name, _)| name)),
        };
        let number = self.free_number(self.marker().generation)?;
        self.put(&number.hash_file(), hash_text(hash, number).as_bytes())?;
        self.give_number(number)?;
        os::fsync(self.root())?;
        Ok(Some(number))
    }

    fn give_number(&self, number: CopyName) -> io::Result<()> {
        let (from, to) = (CopyName::Newest.file(), number.file());
        let (from, to) = ((self.root(), OsStr::new(&from)), (self.root(), OsStr::new(&to)));
        // Where nothing is replaced by renaming there must be no newest name beside newer numbers.
        if !self.habits.journaled || os::link(from, to).is_err() {
            os::rename_new(from, to)?;
        }
        Ok(())
    }
}
