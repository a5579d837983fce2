//! Files that share their bytes with the disk instead of copying them.
//!
//! Best is a file of its own on the same blocks, where the file system can do that: nothing that
//! happens to it touches the object. Else a further name of the object itself, but only if who runs
//! this may not write to it, and never where sources are: whoever edits such a file edits the backup.
//! Everything else is copied. The bytes are read and proven in each case.

use super::fetch::{Fault, Fetched, Fetcher, Given};
use crate::catalog::{Catalog, TreeRow};
use crate::destination::{Partial, Unheld};
use crate::digest;
use crate::disk::{self, Attached};
use crate::error::{Error, Kind, Result};
use crate::model::{Metadata, ObjectId, Size, Stat, VPath, escape};
use crate::os;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// How bytes may be shared with the disks at hand.
#[derive(Debug)]
pub struct Sharing {
    /// Whether objects may get further names.
    by_name: bool,
    /// The file system was found to share no blocks: it is not asked again for each file.
    no_blocks: AtomicBool,
}

/// How a file came by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// They were copied.
    Copied,
    /// It is a file of its own on the object's blocks.
    Cloned,
    /// It is the object itself, under another name.
    Linked,
}

impl Sharing {
    /// Refuses a destination that is not on the file system of every disk. Nothing of a disk that is
    /// not trusted gets a further name: what looks like an object may be anything.
    pub fn with(catalog: &Catalog, disks: &[Attached], destination: &Path, trusted: bool) -> Result<Self> {
        let place = disk::place(destination)?;
        for disk in disks {
            if !disk.shares_file_system(&place).unwrap_or(false) {
                let shown = escape(destination.as_os_str().as_bytes());
                let what =
                    format!("{shown} is not on the file system of disk {}", escape(disk.marker().name.as_bytes()));
                return Err(Error::new(Kind::Refused, what)
                    .next("nothing can be shared between two; leave --link away, and the files are copied"));
            }
        }
        let is_source = |map: &Path| {
            let map = std::fs::canonicalize(map).unwrap_or_else(|_| map.to_owned());
            place.existing.starts_with(&map) || place.exists && map.starts_with(&place.existing)
        };
        let by_name = trusted && !catalog.source_maps()?.iter().any(|map| is_source(&map.path));
        Ok(Self { by_name, no_blocks: AtomicBool::new(false) })
    }
}

impl Fetcher<'_> {
    /// Whether what is there is the object itself, from an earlier run.
    pub(super) fn is_object(&self, found: &Stat, id: Option<ObjectId>) -> bool {
        let same = |disk: &Attached, id| {
            let stat = disk.open_object(id).and_then(|object| os::stat(object.as_fd()));
            stat.is_ok_and(|object| (object.device, object.inode) == (found.device, found.inode))
        };
        self.sharing.is_some() && id.is_some_and(|id| self.disks.iter().any(|disk| same(disk, id)))
    }

    /// Gives a file the object's own bytes; nothing if they have to be copied.
    pub(super) fn share(
        &self,
        disk: &Attached,
        (path, row, id): (&VPath, &TreeRow, ObjectId),
        object: &mut File,
        fetched: &mut Fetched,
    ) -> io::Result<Option<Given>> {
        let Some(sharing) = self.sharing else { return Ok(None) };
        let metadata = &row.entry.metadata;
        if let Some(partial) = self.on_its_blocks(sharing, path, object)? {
            let given = self.prove(disk, object, (id, metadata.size), fetched);
            if matches!(given, Given::Right) {
                fetched.came = Came::Cloned;
                fetched.unheld += partial.finish(metadata, self.applying, self.options.overwrite)?;
            }
            return Ok(Some(given));
        }
        if !sharing.by_name || !disk.is_sealed(object)? {
            return Ok(None);
        }
        let given = self.prove(disk, object, (id, metadata.size), fetched);
        if matches!(given, Given::Right) {
            match self.destination.link_file(path, object, self.options.overwrite) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) => {
                    io::Seek::rewind(object)?;
                    return Ok(None);
                }
                Ok(()) => {}
            }
            fetched.came = Came::Linked;
            fetched.unheld += unlike(&os::stat(object.as_fd())?, metadata);
            self.progress.detail(&format!("{path}: a name of the object itself, read-only, with its time"));
        }
        Ok(Some(given))
    }

    /// A file of its own on the object's blocks, still without its name.
    fn on_its_blocks(&self, sharing: &Sharing, path: &VPath, object: &File) -> io::Result<Option<Partial<'_>>> {
        if sharing.no_blocks.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let partial = self.destination.begin_file(path)?;
        Ok(match partial.share(object) {
            Ok(()) => Some(partial),
            Err(error) => {
                let never = matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::CrossesDevices);
                sharing.no_blocks.fetch_or(never, Ordering::Relaxed);
                None
            }
        })
    }

    /// Reads the object: are these its bytes?
    fn prove(&self, disk: &Attached, object: &mut File, (id, size): (ObjectId, Size), fetched: &mut Fetched) -> Given {
        let hashed = digest::hash_stream(object, size, &mut vec![0; digest::BUFFER], |block| {
            self.progress.advance(0, Size(block.len() as u64));
            if self.progress.stopped() { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
        });
        match hashed {
            Ok(found) if found == (id, size) => Given::Right,
            Ok(_) => Given::Wrong,
            Err(_) if self.progress.stopped() => Given::Absent,
            Err(error) => {
                fetched.faults.push(Fault::unread(disk, &error));
                Given::Absent
            }
        }
    }
}

/// What a further name of an object does not have of the file that it stands for.
fn unlike(found: &Stat, metadata: &Metadata) -> Unheld {
    let owner = &metadata.owner;
    Unheld {
        owner: u64::from((found.uid, found.gid) != (owner.uid, owner.gid)),
        mode: u64::from(found.mode != owner.mode),
        privileges: 0,
        xattrs: u64::from(!metadata.xattrs.is_empty()),
        times: u64::from(found.mtime != metadata.mtime),
    }
}
