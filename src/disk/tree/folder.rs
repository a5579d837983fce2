//! One folder of a tree: names given and taken in it.

use super::object::{shown_mode, unless_failed};
use super::{INODE, Linkable, open_itself, remove, taken};
use crate::model::{Kind, Metadata, Name, Size, Timestamp};
use crate::os;
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

/// A folder of a tree, held open. What is changed in it changes its time: see [`Folder::finish`].
#[derive(Debug)]
pub struct Folder {
    dir: OwnedFd,
    time: Timestamp,
    before: Size,
    is_flushed: bool,
    /// What its entries take beside their names.
    inodes: Size,
}

/// A symlink's target as long as this is kept in the inode, by most file systems.
const SHORT: usize = 59;

impl Folder {
    pub(super) fn over(dir: OwnedFd, is_flushed: bool) -> io::Result<Self> {
        let (time, before) = (os::stat(dir.as_fd())?.mtime, taken(dir.as_fd())?);
        Ok(Self { dir, time, before, is_flushed, inodes: Size::ZERO })
    }

    /// Gives an object a name here. Another file that bears it, an earlier copy of the object perhaps,
    /// makes way.
    pub fn link(&self, object: &Linkable, name: &Name) -> io::Result<()> {
        let place = (self.dir.as_fd(), name.as_os_str());
        match os::link_open(object.file(), place) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            linked => return linked,
        }
        if object.is(&os::stat_at(place.0, place.1)?) {
            return Ok(());
        }
        os::unlink(place.0, place.1)?;
        os::link_open(object.file(), place)
    }

    /// Makes a file of length 0, which has no object.
    pub fn empty(&mut self, name: &Name, entry: &Metadata) -> io::Result<()> {
        let file = os::create_beneath(self.dir.as_fd(), name.as_bytes(), 0o600)?;
        self.inodes += INODE;
        unless_failed(os::change_times(file.as_fd(), entry.mtime))?;
        unless_failed(os::change_mode(file.as_fd(), shown_mode(entry.owner.mode)))
    }

    /// Makes a symlink, which points where it did.
    pub fn symlink(&mut self, name: &Name, entry: &Metadata) -> io::Result<()> {
        os::make_symlink(self.dir.as_fd(), name.as_os_str(), OsStr::from_bytes(&entry.target))?;
        let block = if entry.target.len() > SHORT { Size(4096) } else { Size::ZERO };
        self.inodes += INODE + block;
        let link = open_itself(self.dir.as_fd(), name.as_os_str())?;
        unless_failed(os::change_times(link.as_fd(), entry.mtime))
    }

    /// Makes a pipe, socket or device node. A device is for its owner alone.
    pub fn node(&mut self, name: &Name, entry: &Metadata) -> io::Result<()> {
        os::make_node(self.dir.as_fd(), name.as_os_str(), entry.kind, entry.node)?;
        self.inodes += INODE;
        let node = open_itself(self.dir.as_fd(), name.as_os_str())?;
        if matches!(entry.kind, Kind::Fifo | Kind::Socket) {
            unless_failed(os::change_mode(node.as_fd(), entry.owner.mode & 0o777))?;
        }
        unless_failed(os::change_times(node.as_fd(), entry.mtime))
    }

    /// Makes a folder in it; one that is there is taken.
    pub fn folder(&self, name: &Name) -> io::Result<()> {
        match os::make_dir(self.dir.as_fd(), name.as_os_str(), 0o700) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        }
    }

    /// What is in it.
    pub fn names(&self) -> io::Result<Vec<os::Listed>> {
        let again = os::open_dir_beneath(self.dir.as_fd(), b"")?;
        os::listed(again.as_fd(), &mut Vec::new())
    }

    /// The inode that a name stands for, if it is there.
    pub fn inode(&self, name: &Name) -> io::Result<Option<u64>> {
        match os::stat_at(self.dir.as_fd(), name.as_os_str()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            stat => Ok(Some(stat?.inode)),
        }
    }

    /// Removes a name that is not a folder's; missing is fine.
    pub fn take(&self, name: &Name) -> io::Result<()> {
        match os::unlink(self.dir.as_fd(), name.as_os_str()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Removes whatever bears a name, with all that is in it.
    pub fn clear(&self, listed: &os::Listed) -> io::Result<()> {
        let name = OsStr::from_bytes(&listed.name);
        if listed.kind != Kind::Directory {
            return os::unlink(self.dir.as_fd(), name);
        }
        remove::clear(os::open_dir_beneath(self.dir.as_fd(), &listed.name)?.as_fd())?;
        os::remove_dir(self.dir.as_fd(), name)
    }

    /// Ends what is done in it: the folder looks like its entry, or has the time again that it had.
    /// Its owner always gets in. Returns what it took and what it takes now.
    pub fn finish(self, entry: Option<&Metadata>) -> io::Result<(Size, Size)> {
        let dir = self.dir.as_fd();
        if let Some(entry) = entry {
            // Without the sticky bit whoever may write there may remove what others have there.
            unless_failed(os::change_mode(dir, entry.owner.mode & 0o1777 | 0o700))?;
        }
        unless_failed(os::change_times(dir, entry.map_or(self.time, |entry| entry.mtime)))?;
        if self.is_flushed {
            os::fsync(dir)?;
        }
        Ok((self.before, taken(dir)? + self.inodes))
    }
}
