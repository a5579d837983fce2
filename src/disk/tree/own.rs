//! Which trees are dsb's own: `distbackup-trees/` has an empty file for each, by its name.
//!
//! A person may keep dated folders there as well. A tree is listed, durably, before the first of it is
//! made, and until the last of it is gone; what is not listed is somebody else's and never touched. A
//! file for each, since one list would have to be replaced, which is not safe without a journal.

use super::{Trees, partial, tree_name};
use crate::disk::Attached;
use crate::model::Kind;
use crate::os;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::os::fd::AsFd;

/// The folder with a file for each tree of dsb's.
const OWN: &str = "distbackup-trees";

impl Attached {
    /// The names of the trees that dsb made, or began.
    pub(super) fn own_trees(&self) -> io::Result<BTreeSet<String>> {
        let dir = match os::open_dir_beneath(self.root(), OWN.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            dir => dir?,
        };
        let names = os::names(dir.as_fd())?;
        Ok(names.iter().filter_map(|name| tree_name(name)).map(str::to_owned).collect())
    }

    /// Removes the list once it is empty.
    pub(super) fn close_own_trees(&self) -> io::Result<()> {
        match os::remove_dir(self.root(), OsStr::new(OWN)) {
            Err(error) if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound) => Ok(()),
            removed => removed,
        }
    }
}

impl Trees<'_> {
    /// Lists a tree as dsb's, durably. What stands there already is not: then it is refused.
    pub(super) fn own(&self, name: &str) -> io::Result<()> {
        if self.disk.own_trees()?.contains(name) {
            return Ok(());
        }
        if self.is_taken(name)? || self.is_taken(&partial(name))? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let (dir, _) = self.disk.open_or_make(OWN)?;
        drop(os::create_beneath(dir.as_fd(), name.as_bytes(), 0o644)?);
        os::fsync(dir.as_fd())
    }

    /// Takes from the list what is there no more, durably.
    pub fn forget_gone(&self) -> io::Result<()> {
        let mut gone = Vec::new();
        for name in self.disk.own_trees()? {
            if !self.is_folder(&name)? && !self.is_folder(&partial(&name))? {
                gone.push(name);
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        os::fsync(self.root.as_fd())?;
        let (dir, _) = self.disk.open_or_make(OWN)?;
        gone.iter().try_for_each(|name| os::unlink(dir.as_fd(), OsStr::new(name)))?;
        os::fsync(dir.as_fd())
    }

    /// Fails for a tree that is not dsb's.
    pub(super) fn must_own(&self, name: &str) -> io::Result<()> {
        if self.disk.own_trees()?.contains(name) {
            return Ok(());
        }
        Err(io::Error::other(format!("dsb did not make {name}")))
    }

    /// Bytes that the list takes.
    pub(super) fn own_list_size(&self) -> io::Result<crate::model::Size> {
        match os::open_dir_beneath(self.disk.root(), OWN.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(crate::model::Size::ZERO),
            dir => super::taken(dir?.as_fd()),
        }
    }

    fn is_taken(&self, name: &str) -> io::Result<bool> {
        Ok(self.kind(name)?.is_some())
    }

    fn is_folder(&self, name: &str) -> io::Result<bool> {
        Ok(self.kind(name)? == Some(Kind::Directory))
    }

    /// What bears a name among the trees, if anything does.
    pub(super) fn kind(&self, name: &str) -> io::Result<Option<Kind>> {
        match os::stat_at(self.root.as_fd(), OsStr::new(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            stat => Ok(Some(stat?.kind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::disk::attached::tests::disk;
    use crate::model::Timestamp;
    use std::fs;

    const NAME: &str = "2026-11-26_15-45-03";

    #[test]
    fn what_was_not_made_here_is_neither_seen_nor_removed() {
        let (_keep, disk) = disk();
        let trees = disk.make_trees().unwrap();
        let folder = disk.path().join("snapshots").join(NAME);
        fs::create_dir(&folder).unwrap();
        let found = trees.list().unwrap();
        assert_eq!((found.trees.len(), found.foreign.as_slice()), (0, [NAME.to_owned()].as_slice()));
        assert!(trees.begin(NAME).is_err() && trees.remove(NAME).is_err() && folder.is_dir());
        assert!(!disk.path().join("distbackup-trees").exists());
    }

    #[test]
    fn what_was_made_is_listed_until_it_is_gone() {
        let (_keep, disk) = disk();
        let trees = disk.make_trees().unwrap();
        let tree = trees.begin(NAME).unwrap();
        assert_eq!(trees.list().unwrap().unfinished, [NAME]);
        trees.forget_gone().unwrap();
        trees.finish(&tree, NAME, Timestamp::new(5, 0)).unwrap();
        assert_eq!(trees.list().unwrap().trees.len(), 1);
        trees.remove(NAME).unwrap();
        assert!(disk.own_trees().unwrap().contains(NAME));
        trees.forget_gone().unwrap();
        assert!(disk.own_trees().unwrap().is_empty());
        trees.close_down().unwrap();
        assert!(!disk.path().join("distbackup-trees").exists() && !disk.path().join("snapshots").exists());
    }

    #[test]
    fn only_a_link_to_a_tree_of_ours_is_turned() {
        let (_keep, disk) = disk();
        let trees = disk.make_trees().unwrap();
        trees.finish(&trees.begin(NAME).unwrap(), NAME, Timestamp::new(5, 0)).unwrap();
        let (latest, other) = (disk.path().join("snapshots/latest"), "2020-01-01_00-00-00");
        fs::create_dir(disk.path().join("snapshots").join(other)).unwrap();
        for target in [other, "elsewhere", "../x"] {
            std::os::unix::fs::symlink(target, &latest).unwrap();
            assert!(trees.list().unwrap().foreign_latest);
            trees.point_latest(Some(NAME)).unwrap();
            trees.point_latest(None).unwrap();
            assert_eq!(fs::read_link(&latest).unwrap().to_str(), Some(target));
            fs::remove_file(&latest).unwrap();
        }
        trees.point_latest(Some(NAME)).unwrap();
        assert_eq!(trees.list().unwrap().latest.as_deref(), Some(NAME));
        trees.point_latest(None).unwrap();
        assert!(fs::symlink_metadata(&latest).is_err());
    }
}
