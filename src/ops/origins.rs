//! Where an object's bytes can come from: a file of the source, another disk, the stage.

use super::sources::SourceFile;
use crate::digest::Turn;
use crate::disk::{Attached, Stage};
use crate::error::reason;
use crate::model::{DiskIndex, DiskSet, ObjectId, Size, escape};
use std::fs::File;
use std::os::unix::ffi::OsStrExt;

/// One place that should have an object's bytes. Whoever reads them hashes them.
#[derive(Clone, Debug)]
pub enum Origin<'o> {
    /// A file of the virtual tree.
    Source(SourceFile),
    /// A copy on another disk.
    Disk(&'o Attached, ObjectId),
    /// What was staged for it.
    Stage(&'o Stage, ObjectId),
}

/// Places beside the source.
#[derive(Clone, Debug, Default)]
pub struct Elsewhere<'o> {
    /// Other disks that are attached.
    pub disks: Vec<(DiskIndex, &'o Attached)>,
    /// The stage.
    pub stage: Option<&'o Stage>,
}

impl Origin<'_> {
    /// Opens it, if it looks as if it held so many bytes.
    pub fn open(&self, size: Size) -> Result<File, String> {
        let opened = match self {
            Self::Source(file) => return file.open(size),
            Self::Disk(disk, id) => disk.open_object(*id),
            Self::Stage(stage, id) => stage.open_object(*id),
        };
        opened.map_err(|error| format!("{}: {}", self.folder(), reason(&error)))
    }

    /// Whose turn it is to read it.
    pub fn turn(&self) -> &Turn {
        match self {
            Self::Source(file) => file.turn(),
            Self::Disk(disk, _) => disk.turn(),
            Self::Stage(stage, _) => stage.turn(),
        }
    }

    /// Where a file of the source lies, to be compared with the places of others.
    pub fn place(&self) -> Option<(usize, u64)> {
        match self {
            Self::Source(file) => Some(file.place()),
            Self::Disk(..) | Self::Stage(..) => None,
        }
    }

    /// What is said of it when it gave other bytes.
    pub fn differs(&self) -> String {
        match self {
            Self::Source(_) => "changed since the update".to_owned(),
            Self::Disk(disk, _) => {
                format!("{}: damaged there too; `dsb verify {}`", self.folder(), escape(disk.marker().name.as_bytes()))
            }
            Self::Stage(..) => format!("{}: damaged there", self.folder()),
        }
    }

    fn folder(&self) -> String {
        let path = match self {
            Self::Source(_) => return String::new(),
            Self::Disk(disk, _) => disk.path(),
            Self::Stage(stage, _) => stage.path(),
        };
        escape(path.as_os_str().as_bytes()).into_owned()
    }
}

impl<'o> Elsewhere<'o> {
    /// All places that should have an object which these disks hold.
    pub fn origins(&self, id: ObjectId, size: Size, held: DiskSet) -> Vec<Origin<'o>> {
        let disks = self.disks.iter().filter(|(index, _)| held.contains(*index));
        let stage = self.stage.filter(|stage| stage.has(id, size));
        disks.map(|(_, disk)| Origin::Disk(disk, id)).chain(stage.map(|stage| Origin::Stage(stage, id))).collect()
    }
}
