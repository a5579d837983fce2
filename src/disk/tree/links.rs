//! Names found by the files that they stand for, whatever they are called.

use super::remove::join;
use super::{Trees, partial};
use crate::model::Kind;
use crate::os;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;

impl Trees<'_> {
    /// Takes every name of these inodes out of every tree of dsb's, finished or not. Returns how many
    /// names went. Folders are listed and nothing in them is looked at.
    pub fn take_inodes(&self, inodes: &HashSet<u64>) -> io::Result<u64> {
        let mut taken = 0;
        let mut buffer = Vec::new();
        let found = self.list()?;
        let partials = found.unfinished.iter().map(|name| partial(name).into_bytes());
        let mut open: Vec<_> = found.trees.into_iter().map(|tree| tree.name.into_bytes()).chain(partials).collect();
        while let Some(path) = open.pop() {
            let dir = os::open_dir_beneath(self.root.as_fd(), &path)?;
            let listed = os::listed(dir.as_fd(), &mut buffer)?;
            open.extend(listed.iter().filter(|l| l.kind == Kind::Directory).map(|l| join(&path, &l.name)));
            let is_meant = |l: &&os::Listed| l.kind == Kind::File && inodes.contains(&l.inode);
            let names: Vec<_> = listed.iter().filter(is_meant).map(|l| OsStr::from_bytes(&l.name)).collect();
            taken += names.len() as u64;
            self.take_names(dir.as_fd(), &names)?;
        }
        Ok(taken)
    }

    fn take_names(&self, dir: BorrowedFd<'_>, names: &[&OsStr]) -> io::Result<()> {
        if names.is_empty() {
            return Ok(());
        }
        let time = os::stat(dir)?.mtime;
        names.iter().try_for_each(|name| os::unlink(dir, name))?;
        os::change_times(dir, time)?;
        if self.disk.habits.flushes_whole { Ok(()) } else { os::fsync(dir) }
    }
}
