//! Giving metadata to what was written, and seeing what stuck.

use super::owners::Owners;
use super::{Unheld, expect};
use crate::model::{Kind, Metadata, Stat, Xattr};
use crate::os;
use std::ffi::OsStr;
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;

/// Set-user-id and set-group-id.
const SET_ID: u32 = 0o6000;

/// Which metadata is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Applying {
    /// Owners by their numbers, even where the system knows the names.
    pub numeric_ids: bool,
    /// Set-user-id and set-group-id files, privileged attributes and device nodes as well.
    pub trusted: bool,
}

impl Applying {
    /// Gives all it can to something open, if only for its path, then looks what is missing:
    /// many file systems take what they do not keep. Fails if the medium does.
    pub(super) fn apply(self, file: BorrowedFd<'_>, metadata: &Metadata, owners: &Owners) -> io::Result<Unheld> {
        let before = os::stat(file)?;
        expect(metadata.kind, before.kind)?;
        let owner = owners.numbers(&metadata.owner, self.numeric_ids);
        give_owner(file, &before, owner)?;
        // Attributes before the mode: it may take away the right to write them. Owner before
        // both: a change of owner takes set-user-id and capabilities away.
        let mut unheld = self.give_xattrs(file, &metadata.xattrs)?;
        let is_theirs = os::stat(file).is_ok_and(|now| (now.uid, now.gid) == owner);
        let mode = self.mode(metadata, is_theirs, &mut unheld);
        if metadata.kind != Kind::Symlink {
            unless_failed(os::change_mode(file, mode))?;
        }
        unless_failed(os::change_times(file, metadata.mtime))?;
        let after = os::stat(file)?;
        unheld.owner = u64::from((after.uid, after.gid) != owner);
        unheld.mode = u64::from(metadata.kind != Kind::Symlink && after.mode != mode);
        unheld.times = u64::from(after.mtime != metadata.mtime);
        Ok(unheld)
    }

    /// The mode to give. A file that would run as its owner must be asked for, and must have
    /// that owner; on a directory the bits only say who owns what is made in it.
    fn mode(self, metadata: &Metadata, is_theirs: bool, unheld: &mut Unheld) -> u32 {
        let mode = metadata.owner.mode & 0o7777;
        if metadata.kind == Kind::Directory || mode & SET_ID == 0 || (self.trusted && is_theirs) {
            return mode;
        }
        unheld.privileges = 1;
        mode & !SET_ID
    }

    fn give_xattrs(self, file: BorrowedFd<'_>, xattrs: &[Xattr]) -> io::Result<Unheld> {
        let mut unheld = Unheld::default();
        for xattr in xattrs {
            if self.trusted || !is_privileged(&xattr.name) {
                match os::set_xattr(file, OsStr::from_bytes(&xattr.name), &xattr.value) {
                    // "No space" is also said of an attribute that is larger than those may be there.
                    Err(error) if os::is_failure(&error) && error.kind() != io::ErrorKind::StorageFull => {
                        return Err(error);
                    }
                    given => unheld.xattrs |= u64::from(given.is_err()),
                }
            } else if xattr.name != b"security.selinux" {
                // The label of SELinux is for the system's own policy to give.
                unheld.privileges = 1;
            }
        }
        Ok(unheld)
    }
}

/// What was refused or did not stick is seen afterwards; that the medium failed is an error.
fn unless_failed(given: io::Result<()>) -> io::Result<()> {
    given.or_else(|error| if os::is_failure(&error) { Err(error) } else { Ok(()) })
}

fn is_privileged(name: &[u8]) -> bool {
    name.starts_with(b"security.") || name.starts_with(b"trusted.")
}

/// Sets owner and group, or the one of them that may be set.
fn give_owner(file: BorrowedFd<'_>, before: &Stat, (user, group): (u32, u32)) -> io::Result<()> {
    let user = Some(user).filter(|user| *user != before.uid);
    let group = Some(group).filter(|group| *group != before.gid);
    if (user, group) == (None, None) {
        return Ok(());
    }
    match os::change_owner(file, user, group) {
        // One who may not give a file away may still choose among his groups.
        Err(error) if user.is_some() && group.is_some() && !os::is_failure(&error) => {
            unless_failed(os::change_owner(file, None, group))
        }
        given => unless_failed(given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::destination::Destination;
    use crate::model::{Owner, Size, Timestamp, VPath};
    use std::os::fd::AsFd;
    use tempfile::TempDir;

    const PLAIN: Applying = Applying { numeric_ids: true, trusted: false };
    const TRUSTED: Applying = Applying { numeric_ids: true, trusted: true };

    fn metadata(kind: Kind, mode: u32) -> Metadata {
        let mine = os::stat(tempfile::tempfile().unwrap().as_fd()).unwrap();
        Metadata {
            kind,
            size: Size::ZERO,
            mtime: Timestamp::new(-5, 123_456_789),
            owner: Owner { mode, uid: mine.uid, gid: mine.gid, ..Owner::default() },
            xattrs: Vec::new(),
            target: Vec::new(),
            node: 0,
            sparse: false,
        }
    }

    fn xattr(name: &str, value: &str) -> Xattr {
        Xattr { name: name.as_bytes().to_vec(), value: value.as_bytes().to_vec() }
    }

    /// A destination that holds a directory, a file, a symlink and a pipe, by their words.
    fn destination() -> (TempDir, Destination) {
        let directory = tempfile::tempdir().unwrap();
        let to = Destination::open(directory.path()).unwrap();
        to.make_dir(&path(Kind::Directory)).unwrap();
        to.symlink(&path(Kind::Symlink), b"file").unwrap();
        to.make_node(&path(Kind::Fifo), Kind::Fifo, 0, &PLAIN).unwrap();
        std::fs::write(directory.path().join("file"), "").unwrap();
        (directory, to)
    }

    fn path(kind: Kind) -> VPath {
        kind.word().parse().unwrap()
    }

    #[test]
    fn everything_sticks_to_every_kind() {
        let (_keep, to) = destination();
        for kind in [Kind::Directory, Kind::File, Kind::Symlink, Kind::Fifo] {
            let wanted = metadata(kind, 0o421);
            assert_eq!(to.apply(&path(kind), &wanted, &PLAIN).unwrap(), Unheld::default(), "{kind:?}");
            let found = to.look(&path(kind)).unwrap().unwrap();
            assert_eq!(found.mtime, wanted.mtime);
            assert!(kind == Kind::Symlink || found.mode == 0o421);
        }
        let root = metadata(Kind::Directory, 0o2750);
        assert!(to.apply(&VPath::root(), &root, &PLAIN).unwrap().is_empty());
        assert_eq!(to.look(&VPath::root()).unwrap().unwrap().mode, 0o2750);
    }

    #[test]
    fn setuid_is_withheld_unless_trusted() {
        let (_keep, to) = destination();
        let wanted = metadata(Kind::File, 0o6755);
        let table = [(PLAIN, 0o755, 1), (TRUSTED, 0o6755, 0)];
        for (how, mode, withheld) in table {
            let unheld = to.apply(&path(Kind::File), &wanted, &how).unwrap();
            assert_eq!(
                (unheld, to.look(&path(Kind::File)).unwrap().unwrap().mode),
                (Unheld { privileges: withheld, ..Unheld::default() }, mode)
            );
        }
        let capability = Metadata { xattrs: vec![xattr("security.capability", "x")], ..metadata(Kind::File, 0o644) };
        assert_eq!(to.apply(&path(Kind::File), &capability, &PLAIN).unwrap().privileges, 1);
    }

    #[test]
    fn attributes_are_given_before_the_mode() {
        let (keep, to) = destination();
        let xattrs = vec![xattr("user.comment", "kept")];
        let wanted = Metadata { xattrs, ..metadata(Kind::File, 0o444) };
        let unheld = to.apply(&path(Kind::File), &wanted, &PLAIN).unwrap();
        let found = xattr::get(keep.path().join("file"), "user.comment").unwrap();
        assert_eq!(unheld.xattrs == 0, found == Some(b"kept".to_vec()));
        let odd = Metadata { xattrs: vec![xattr("no.namespace", "")], ..metadata(Kind::File, 0o644) };
        assert_eq!(to.apply(&path(Kind::File), &odd, &PLAIN).unwrap(), Unheld { xattrs: 1, ..Unheld::default() });
    }

    #[test]
    fn nothing_is_given_to_what_is_something_else() {
        let (_keep, to) = destination();
        let error = to.apply(&path(Kind::Symlink), &metadata(Kind::Directory, 0o777), &PLAIN).unwrap_err();
        assert!(error.to_string().contains("symlink stands where a directory"));
    }

    #[test]
    fn root_gives_files_away() {
        let (_keep, to) = destination();
        let mut wanted = metadata(Kind::File, 0o4755);
        wanted.owner.uid = 12_345;
        let unheld = to.apply(&path(Kind::File), &wanted, &TRUSTED).unwrap();
        let (found, root) = (to.look(&path(Kind::File)).unwrap().unwrap(), os::effective_user() == 0);
        if root {
            assert_eq!((unheld, found.uid, found.mode), (Unheld::default(), 12_345, 0o4755));
        } else {
            assert_eq!((unheld.owner, unheld.privileges, found.mode), (1, 1, 0o755));
        }
    }
}
