//! A mapped directory, held open.

use super::identity::{self, Identity};
use crate::model::{Stat, Xattr};
use crate::os;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A mapped directory; all paths are raw bytes below it, without a leading `/`.
#[derive(Debug)]
pub struct Root {
    directory: OwnedFd,
    path: PathBuf,
}

impl Root {
    /// Opens a mapped directory; a symlink to one is followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { directory: os::open_dir(path)?, path: path.to_owned() })
    }

    /// How its own directory looks.
    pub fn stat(&self) -> io::Result<Stat> {
        os::stat(self.directory.as_fd())
    }

    /// The file system that its own directory is on.
    pub fn identity(&self) -> io::Result<Identity> {
        identity::of(self.directory.as_fd())
    }

    /// The real path of something below it, for messages.
    pub fn real_path(&self, path: &[u8]) -> PathBuf {
        self.path.join(OsStr::from_bytes(path))
    }

    /// Opens a regular file for reading.
    pub fn open_file(&self, path: &[u8]) -> io::Result<File> {
        os::open_file_beneath(self.fd(), path)
    }

    /// How something looks now.
    pub fn look(&self, path: &[u8]) -> io::Result<Stat> {
        let (parent, name) = self.parent(path)?;
        os::stat_at(parent.as_fd(), name)
    }

    /// The extended attributes of something that cannot be opened for reading its content.
    pub fn xattrs(&self, path: &[u8]) -> io::Result<Vec<Xattr>> {
        let (parent, name) = self.parent(path)?;
        os::xattrs_at(parent.as_fd(), name)
    }

    /// Where a symlink points.
    pub fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        let (parent, name) = self.parent(path)?;
        os::read_link(parent.as_fd(), name)
    }

    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.directory.as_fd()
    }

    fn parent<'p>(&self, path: &'p [u8]) -> io::Result<(OwnedFd, &'p OsStr)> {
        let cut = path.iter().rposition(|b| *b == b'/');
        let (parent, name) = cut.map_or((&b""[..], path), |at| {
            let (parent, rest) = path.split_at(at);
            (parent, rest.strip_prefix(b"/").unwrap_or(rest))
        });
        Ok((os::open_dir_beneath(self.fd(), parent)?, OsStr::from_bytes(name)))
    }
}
