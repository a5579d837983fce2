//! Names found by the files that they stand for, whatever they are called.

use super::remove::join;
use super::{Trees, partial};
use crate::model::Kind;
use crate::os;
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;

impl Trees<'_> {
    /// Takes every name of these inodes out of every tree of dsb's, finished or not. Returns how many
    /// names went. Folders are listed and nothing in them is looked at.
    pub fn take_inodes(&self, inodes: &HashSet<u64>) -> io::Result<u64> {
        let mut taken = 0;
        self.in_each_folder(&mut |dir, listed| {
            let meant = listed.iter().filter(|l| l.kind == Kind::File && inodes.contains(&l.inode));
            let names: Vec<_> = meant.map(|l| OsStr::from_bytes(&l.name)).collect();
            taken += names.len() as u64;
            self.take_names(dir, &names)
        })?;
        Ok(taken)
    }

    /// How many names each of these inodes has in all trees of dsb's.
    pub fn count_names(&self, inodes: &HashSet<u64>) -> io::Result<HashMap<u64, u64>> {
        let mut names = HashMap::new();
        self.in_each_folder(&mut |_, listed| {
            for listed in listed.iter().filter(|l| l.kind == Kind::File && inodes.contains(&l.inode)) {
                *names.entry(listed.inode).or_default() += 1;
            }
            Ok(())
        })?;
        Ok(names)
    }

    fn in_each_folder(&self, work: &mut dyn FnMut(BorrowedFd<'_>, &[os::Listed]) -> io::Result<()>) -> io::Result<()> {
        let mut buffer = Vec::new();
        let found = self.list()?;
        let partials = found.unfinished.iter().map(|name| partial(name).into_bytes());
        let mut open: Vec<_> = found.trees.into_iter().map(|tree| tree.name.into_bytes()).chain(partials).collect();
        while let Some(path) = open.pop() {
            let dir = os::open_dir_beneath(self.root.as_fd(), &path)?;
            let listed = os::listed(dir.as_fd(), &mut buffer)?;
            open.extend(listed.iter().filter(|l| l.kind == Kind::Directory).map(|l| join(&path, &l.name)));
            work(dir.as_fd(), &listed)?;
        }
        Ok(())
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
