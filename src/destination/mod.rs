//! Where a restore writes: nothing lands outside its root, nothing half-written has a name.
//!
//! The root is held open, and every directory below it is reached without following a symlink,
//! be it one that was there before or one that was just restored. A file is written under a
//! temporary name in its own directory, gets its metadata, and only then its name
//! ([`Partial`]). Directories get their metadata when all that they hold is there
//! ([`Destination::apply`]).

mod applying;
mod existing;
mod owners;
mod parents;
mod partial;
mod unheld;

pub use crate::digest::CopyError;
pub use applying::Applying;
pub use existing::Existing;
pub use partial::Partial;
pub use unheld::Unheld;

use crate::error::{Error, Result};
use crate::model::{Kind, Metadata, Stat, VPath};
use crate::os::{self, OFlags};
use owners::Owners;
use parents::Parents;
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

/// The directory that a restore fills. Several threads may write into it at once.
#[derive(Debug)]
pub struct Destination {
    parents: Parents,
    owners: Owners,
}

impl Destination {
    /// Opens the directory at `path`, made if only its parent exists.
    pub fn open(path: &Path) -> Result<Self> {
        match std::fs::create_dir(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Error::io("make", path, &error));
            }
            _ => {}
        }
        let root = os::open_dir(path).map_err(|error| Error::io("open", path, &error))?;
        Ok(Self { parents: Parents::new(root), owners: Owners::default() })
    }

    /// What is there, if anything; a symlink in the place itself is looked at, not followed.
    pub fn look(&self, path: &VPath) -> io::Result<Option<Stat>> {
        let stat = match path.names().split_last() {
            None => os::stat(self.parents.root()),
            Some((name, parents)) => {
                self.parents.open(parents).and_then(|parent| os::stat_at(parent.as_fd(), name.as_os_str()))
            }
        };
        match stat {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            stat => stat.map(Some),
        }
    }

    /// Whether names that differ only in case are one name here, as far as can be told.
    pub fn ignores_case(&self) -> bool {
        partial::ignores_case(self.parents.root()).unwrap_or(false)
    }

    /// Makes a directory that only its owner may use, and says whether it was missing. One that
    /// is there is taken; its owner is let in, if that is who runs this.
    pub fn make_dir(&self, path: &VPath) -> io::Result<bool> {
        if path.names().is_empty() {
            return Ok(false);
        }
        let (parent, name) = self.place(path)?;
        match os::make_dir(parent.as_fd(), name, 0o700) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| true),
        }
        let there = open_itself(parent.as_fd(), name)?;
        let stat = os::stat(there.as_fd())?;
        expect(Kind::Directory, stat.kind)?;
        if stat.mode & 0o700 != 0o700 && stat.uid == os::effective_user() {
            os::change_mode(there.as_fd(), stat.mode | 0o700)?;
        }
        Ok(false)
    }

    /// Opens a regular file that is there, for reading.
    pub fn open_file(&self, path: &VPath) -> io::Result<std::fs::File> {
        let (parent, name) = self.place(path)?;
        os::open_file_beneath(parent.as_fd(), name.as_bytes())
    }

    /// Where a symlink points that is there.
    pub fn read_link(&self, path: &VPath) -> io::Result<Vec<u8>> {
        let (parent, name) = self.place(path)?;
        os::read_link(parent.as_fd(), name)
    }

    /// Removes what a restore that was cut off left in a directory, by the names that only
    /// restores give. For before anything is written there: a file of the tree may have such a name.
    pub fn clean(&self, path: &VPath) -> io::Result<()> {
        let dir = os::open_dir_beneath(self.parents.open(path.names())?.as_fd(), b".")?;
        for name in os::names(dir.as_fd())?.iter().filter(|name| partial::is_temporary(name)) {
            os::unlink(dir.as_fd(), OsStr::from_bytes(name))?;
        }
        Ok(())
    }

    /// Begins a file. Its directory has to be there; the name may be taken until it is finished.
    pub fn begin_file(&self, path: &VPath) -> io::Result<Partial<'_>> {
        let (parent, name) = self.place(path)?;
        Partial::begin(&self.owners, parent, name)
    }

    /// Gives an existing file a further name.
    pub fn link(&self, existing: &VPath, new: &VPath) -> io::Result<()> {
        let (from, name) = self.place(existing)?;
        let (to, new_name) = self.place(new)?;
        os::link((from.as_fd(), name), (to.as_fd(), new_name))
    }

    /// Gives an open file of the same file system a name here. It is not written to: mode, owner and
    /// time stay what they are.
    pub fn link_file(&self, path: &VPath, file: &std::fs::File, replace: bool) -> io::Result<()> {
        let (parent, name) = self.place(path)?;
        partial::link(&parent, name, file, replace)
    }

    /// Makes a symlink; `target` is written as it is and never followed.
    pub fn symlink(&self, path: &VPath, target: &[u8]) -> io::Result<()> {
        let (parent, name) = self.place(path)?;
        os::make_symlink(parent.as_fd(), name, OsStr::from_bytes(target))
    }

    /// Makes a pipe, a socket or a device node. `PermissionDenied` for a device node that is
    /// not trusted.
    pub fn make_node(&self, path: &VPath, kind: Kind, node: u64, how: &Applying) -> io::Result<()> {
        if matches!(kind, Kind::CharDevice | Kind::BlockDevice) && !how.trusted {
            let what = format!("a {} is made only where that is asked for", kind.word());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, what));
        }
        let (parent, name) = self.place(path)?;
        os::make_node(parent.as_fd(), name, kind, node)
    }

    /// Removes one entry that is not a directory.
    pub fn remove(&self, path: &VPath) -> io::Result<()> {
        let (parent, name) = self.place(path)?;
        os::unlink(parent.as_fd(), name)
    }

    /// Gives metadata to an entry that is there: for directories when all they hold is there,
    /// and for whatever else is no file. Returns what the destination could not hold.
    pub fn apply(&self, path: &VPath, metadata: &Metadata, how: &Applying) -> io::Result<Unheld> {
        if path.names().is_empty() {
            return how.apply(self.parents.root(), metadata, &self.owners);
        }
        let (parent, name) = self.place(path)?;
        how.apply(open_itself(parent.as_fd(), name)?.as_fd(), metadata, &self.owners)
    }

    /// Makes all that was written durable.
    pub fn sync(&self) -> io::Result<()> {
        os::syncfs(self.parents.root())
    }

    /// The directory that holds a path, and its name there.
    fn place<'a>(&self, path: &'a VPath) -> io::Result<(Arc<OwnedFd>, &'a OsStr)> {
        let (name, parents) = path.names().split_last().ok_or(io::ErrorKind::InvalidInput)?;
        Ok((self.parents.open(parents)?, name.as_os_str()))
    }
}

/// Opens what bears a name, for asking and for metadata only; a symlink is not followed.
fn open_itself(dir: BorrowedFd<'_>, name: &OsStr) -> io::Result<OwnedFd> {
    os::open_beneath(dir, name.as_bytes(), OFlags::PATH | OFlags::NOFOLLOW, 0)
}

/// An error that says what stands in the place of what should be there.
fn expect(wanted: Kind, found: Kind) -> io::Result<()> {
    if wanted == found {
        return Ok(());
    }
    let what = format!("a {} stands where a {} belongs", found.word(), wanted.word());
    Err(io::Error::new(io::ErrorKind::AlreadyExists, what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Size;
    use crate::progress::Silent;
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use tempfile::TempDir;

    pub(super) fn destination() -> (TempDir, Destination) {
        let directory = tempfile::tempdir().unwrap();
        let destination = Destination::open(&directory.path().join("restored")).unwrap();
        (directory, destination)
    }

    pub(super) fn path(text: &str) -> VPath {
        text.parse().unwrap()
    }

    const HOW: Applying = Applying { numeric_ids: true, trusted: false };

    #[test]
    fn makes_what_it_is_told() {
        let (keep, to) = destination();
        let real = keep.path().join("restored");
        assert!(to.make_dir(&path("/a")).unwrap() && !to.make_dir(&path("/a")).unwrap());
        to.symlink(&path("/a/link"), b"/nowhere").unwrap();
        to.make_node(&path("/a/pipe"), Kind::Fifo, 0, &HOW).unwrap();
        to.make_node(&path("/a/socket"), Kind::Socket, 0, &HOW).unwrap();
        for (name, kind) in [("link", Kind::Symlink), ("pipe", Kind::Fifo), ("socket", Kind::Socket)] {
            let stat = to.look(&path(&format!("/a/{name}"))).unwrap().unwrap();
            assert_eq!(stat.kind, kind);
        }
        assert_eq!(fs::read_link(real.join("a/link")).unwrap(), Path::new("/nowhere"));
        to.link(&path("/a/pipe"), &path("/pipe")).unwrap();
        assert_eq!(fs::metadata(real.join("pipe")).unwrap().nlink(), 2);
        to.remove(&path("/a/link")).unwrap();
        assert!(to.remove(&path("/a")).is_err(), "a directory is not removed");
        assert_eq!(to.look(&path("/a/link")).unwrap(), None);
        assert_eq!(to.look(&path("/missing/link")).unwrap(), None);
        assert_eq!(to.look(&VPath::root()).unwrap().unwrap().kind, Kind::Directory);
        to.sync().unwrap();
    }

    #[test]
    fn no_symlink_leads_out() {
        let (keep, to) = destination();
        let outside = keep.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("file"), "safe").unwrap();
        for target in [outside.as_path(), Path::new("../outside"), Path::new("."), Path::new("/")] {
            let link = keep.path().join("restored/link");
            symlink(target, &link).unwrap();
            let below = path("/link/file");
            let errors = [
                to.look(&below).unwrap_err(),
                to.make_dir(&below).unwrap_err(),
                to.make_dir(&path("/link")).unwrap_err(),
                to.begin_file(&below).unwrap_err(),
                to.symlink(&below, b"x").unwrap_err(),
                to.make_node(&below, Kind::Fifo, 0, &HOW).unwrap_err(),
                to.remove(&below).unwrap_err(),
                to.link(&path("/link"), &below).unwrap_err(),
                to.link(&below, &path("/new")).unwrap_err(),
            ];
            assert!(errors.iter().all(|error| error.to_string().contains("symlink")), "{errors:?}");
            fs::remove_file(link).unwrap();
        }
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    }

    #[test]
    fn a_directory_that_was_replaced_is_not_followed() {
        let (keep, to) = destination();
        to.make_dir(&path("/a")).unwrap();
        to.make_dir(&path("/a/b")).unwrap();
        fs::rename(keep.path().join("restored/a"), keep.path().join("restored/c")).unwrap();
        symlink("/", keep.path().join("restored/a")).unwrap();
        assert!(to.make_dir(&path("/a/tmp/x")).is_err());
        assert!(to.make_dir(&path("/x")).unwrap());
        assert!(to.make_dir(&path("/a/x")).is_err());
    }

    #[test]
    fn a_tree_deeper_than_any_path() {
        let (_keep, to) = destination();
        let name = "d".repeat(100);
        let mut deep = VPath::root();
        for _ in 0..120 {
            deep = deep.join(&crate::model::Name::new(name.as_bytes()).unwrap());
            assert!(to.make_dir(&deep).unwrap());
        }
        to.make_dir(&path("/elsewhere")).unwrap();
        let file = deep.join(&crate::model::Name::new(b"file").unwrap());
        drop(to.begin_file(&file).unwrap());
        let mut partial = to.begin_file(&file).unwrap();
        let mut source = fs::File::open("/dev/null").unwrap();
        partial.fill(&mut source, false, Size::ZERO, &Silent).unwrap();
        assert_eq!(to.look(&deep).unwrap().unwrap().kind, Kind::Directory);
    }

    #[test]
    fn lets_itself_in() {
        let (keep, to) = destination();
        let locked = keep.path().join("restored/locked");
        fs::create_dir(&locked).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o050)).unwrap();
        assert!(!to.make_dir(&path("/locked")).unwrap());
        assert_eq!(fs::metadata(&locked).unwrap().mode() & 0o7777, 0o750);
        fs::write(keep.path().join("restored/file"), "").unwrap();
        assert!(to.make_dir(&path("/file")).unwrap_err().to_string().contains("file stands where a directory"));
    }

    #[test]
    fn device_nodes_are_made_only_on_request() {
        let (_keep, to) = destination();
        let denied = to.make_node(&path("/null"), Kind::CharDevice, os::makedev(1, 3), &HOW).unwrap_err();
        assert_eq!(denied.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(to.look(&path("/null")).unwrap(), None);
    }
}
