//! From what was seen to what is recorded.

use super::enter::virtual_directory;
use super::{Oldest, Run};
use crate::catalog::{FileRecord, Known, Previous, Recorded, Suspect};
use crate::error::Result;
use crate::model::{Content, DirectoryId, FileSystemId, Kind, Name, Owner, Problem, Second, Size, Stat};
use crate::os;
use std::collections::HashMap;

/// Names of users and groups, each asked for once.
#[derive(Default)]
pub struct Names {
    users: HashMap<u32, Vec<u8>>,
    groups: HashMap<u32, Vec<u8>>,
}

impl Names {
    fn owner(&mut self, stat: &Stat) -> Owner {
        Owner {
            mode: stat.mode,
            uid: stat.uid,
            gid: stat.gid,
            user: self.users.entry(stat.uid).or_insert_with(|| os::user_name(stat.uid)).clone(),
            group: self.groups.entry(stat.gid).or_insert_with(|| os::group_name(stat.gid)).clone(),
        }
    }
}

impl Run<'_> {
    /// The record of something without content, attributes and target yet.
    pub(super) fn record(
        &mut self,
        parent: DirectoryId,
        name: Name,
        stat: Stat,
        file_system: FileSystemId,
    ) -> FileRecord {
        FileRecord {
            parent,
            name,
            directory: None,
            stat,
            file_system: Some(file_system),
            owner: self.names.owner(&stat),
            xattrs: Vec::new(),
            target: Vec::new(),
            content: Content::None,
            settled: self.settled(stat.ctime) && self.settled(stat.mtime),
            hashed: Second(0),
        }
    }

    /// Records an entry and counts what that changed.
    pub(super) fn put(&mut self, record: &FileRecord) -> Result<()> {
        if let Some(previous) = self.enter(record)? {
            self.suspect(record, previous)?;
        }
        self.tick()
    }

    /// Records a known file under a new name: whatever stood there before, nothing wrote into it.
    pub(super) fn put_renamed(&mut self, record: &FileRecord) -> Result<()> {
        self.enter(record)?;
        self.tick()
    }

    fn enter(&mut self, record: &FileRecord) -> Result<Option<Previous>> {
        match self.writer.put(record)? {
            Recorded::Same => {}
            Recorded::Completed => self.report.completed += 1,
            Recorded::Added => self.report.added += 1,
            Recorded::Changed(previous) => {
                self.report.changed += 1;
                return Ok(Some(previous));
            }
        }
        Ok(None)
    }

    /// Content that changed under an unchanged size and mtime: no write explains it.
    fn suspect(&mut self, record: &FileRecord, previous: Previous) -> Result<()> {
        let new = match record.content {
            Content::Object(key) => Some(key),
            Content::None => None,
        };
        let silent = previous.settled && previous.size == record.stat.size && previous.is_of(record.stat.mtime);
        let Some(old) = previous.object.filter(|old| silent && previous.is_file && Some(*old) != new) else {
            return Ok(());
        };
        let (parent, name) = (record.parent, record.name.clone());
        self.catalog.add_suspect(&Suspect { parent, name, old, new, found: self.now })?;
        self.report.suspects += 1;
        let path = self.catalog.directory_path(record.parent)?.unwrap_or_default().join(&record.name);
        let what = format!(
            "its content changed, but not its size and time; both contents are kept (dsb suspect accept|reject {path})"
        );
        self.progress.problem(&Problem::new(path.to_bytes(), what));
        Ok(())
    }

    /// A directory that only a source map makes; it keeps the date of its first sight.
    pub(super) fn put_virtual(&mut self, parent: DirectoryId, name: Name) -> Result<DirectoryId> {
        let id = self.writer.new_directory()?;
        let stat = virtual_directory(self.now);
        let owner = self.names.owner(&stat);
        let record = FileRecord {
            parent,
            name,
            directory: Some(id),
            stat,
            file_system: None,
            owner,
            xattrs: Vec::new(),
            target: Vec::new(),
            content: Content::None,
            settled: true,
            hashed: Second(0),
        };
        self.put(&record)?;
        Ok(id)
    }

    /// Whether an unchanged file is to be read again, to look for rot: all that was read before
    /// the chosen run, and of that one's as much as is left of the part asked for.
    pub(super) fn wants_rehash(&mut self, known: &Known) -> bool {
        let Some(oldest) = self.rehash.filter(|_| known.stat.kind == Kind::File) else { return false };
        let chosen = known.hashed < oldest.run || (known.hashed == oldest.run && oldest.left > Size::ZERO);
        if chosen && known.hashed == oldest.run {
            self.rehash = Some(Oldest { left: oldest.left - known.stat.size, ..oldest });
        }
        chosen
    }
}
