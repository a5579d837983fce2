//! Folders in which a part of the tree is already. They are only looked at.

use super::parents::Parents;
use crate::digest::{self, Digest};
use crate::error::{Error, Result};
use crate::model::{Kind, Metadata, ObjectId, Stat, VPath};
use crate::os;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A folder that has paths of the tree below it.
#[derive(Debug)]
pub struct Existing {
    path: PathBuf,
    parents: Parents,
}

impl Existing {
    /// Opens a folder, which has to be there.
    pub fn open(path: &Path) -> Result<Self> {
        let root = os::open_dir(path).map_err(|error| Error::io("open", path, &error))?;
        Ok(Self { path: path.to_owned(), parents: Parents::new(root) })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How something below it looks, if it is there.
    pub fn look(&self, path: &VPath) -> Option<Stat> {
        let (name, parents) = path.names().split_last()?;
        os::stat_at(self.parents.open(parents).ok()?.as_fd(), name.as_os_str()).ok()
    }

    /// Whether the entry is there, and if so whether it is of the same kind and, of a file, as long;
    /// with `checksum`: whether it has the same bytes. What cannot be reached without following a
    /// symlink is not there.
    pub fn has(&self, path: &VPath, wanted: &Metadata, object: Option<ObjectId>, checksum: bool) -> Option<bool> {
        let (name, parents) = path.names().split_last()?;
        let parent = self.parents.open(parents).ok()?;
        let found = os::stat_at(parent.as_fd(), name.as_os_str()).ok()?;
        if found.kind != wanted.kind || wanted.kind != Kind::File || !checksum {
            return Some(found.kind == wanted.kind && found.size == wanted.size);
        }
        let hash = || -> io::Result<ObjectId> {
            let mut file = os::open_file_beneath(parent.as_fd(), name.as_os_str().as_bytes())?;
            let hashed = digest::hash_stream(&mut file, wanted.size, &mut vec![0; digest::BUFFER], |_| Ok(()))?;
            Ok(hashed.0)
        };
        let expected = object.unwrap_or_else(|| Digest::default().finish());
        Some(hash().is_ok_and(|id| id == expected))
    }
}
