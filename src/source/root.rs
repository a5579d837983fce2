//! A mapped directory, held open.

use super::identity::{self, Identity};
use crate::digest::Turn;
use crate::model::{Stat, Xattr};
use crate::os;
use std::ffi::{OsStr, OsString};
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
    following: Vec<Vec<u8>>,
    turn: Turn,
}

impl Root {
    /// Opens a mapped directory; a symlink to one is followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        let directory = os::open_dir(path)?;
        let turn = Turn::on(directory.as_fd());
        Ok(Self { directory, path: path.to_owned(), following: Vec::new(), turn })
    }

    /// With the folders below it, by path, in which symlinks stand for what they point to.
    #[must_use]
    pub fn following(mut self, mut folders: Vec<Vec<u8>>) -> Self {
        // The outer ones come first on any way.
        folders.sort_unstable_by_key(Vec::len);
        self.following = folders;
        self
    }

    /// Whether symlinks that stand in a folder are followed.
    pub fn follows(&self, folder: &[u8]) -> bool {
        self.following.iter().any(|known| known == folder)
    }

    /// How its own directory looks.
    pub fn stat(&self) -> io::Result<Stat> {
        os::stat(self.directory.as_fd())
    }

    /// Whose turn it is to read what is below it.
    pub fn turn(&self) -> &Turn {
        &self.turn
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
        if self.following.is_empty() {
            return os::open_file_beneath(self.fd(), path);
        }
        let (folder, name) = self.place(path)?;
        os::open_file_beneath(folder.as_fd(), name.as_bytes())
    }

    /// Opens a directory for listing it.
    pub fn open_dir(&self, path: &[u8]) -> io::Result<OwnedFd> {
        let (here, rest) = self.way(path)?;
        os::open_dir_beneath(here.as_ref().map_or(self.fd(), AsFd::as_fd), rest)
    }

    /// How something looks now.
    pub fn look(&self, path: &[u8]) -> io::Result<Stat> {
        let (folder, name) = self.place(path)?;
        os::stat_at(folder.as_fd(), &name)
    }

    /// The extended attributes of something that cannot be opened for reading its content.
    pub fn xattrs(&self, path: &[u8]) -> io::Result<Vec<Xattr>> {
        let (folder, name) = self.place(path)?;
        os::xattrs_at(folder.as_fd(), &name)
    }

    /// Where a symlink points.
    pub fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        let (folder, name) = split(path);
        os::read_link(self.open_dir(folder)?.as_fd(), name)
    }

    fn fd(&self) -> BorrowedFd<'_> {
        self.directory.as_fd()
    }

    /// The folder that something really stands in, and its name there.
    fn place(&self, path: &[u8]) -> io::Result<(OwnedFd, OsString)> {
        let (above, name) = split(path);
        let folder = self.open_dir(above)?;
        let target = if self.follows(above) { target(folder.as_fd(), name) } else { None };
        match target.as_ref().and_then(|target| target.parent().zip(target.file_name())) {
            Some((above, name)) => Ok((os::open_dir(above)?, name.to_owned())),
            None => Ok((folder, name.to_owned())),
        }
    }

    /// Where the last followed symlink on the way leads, and the rest of the path from there.
    fn way<'p>(&self, path: &'p [u8]) -> io::Result<(Option<OwnedFd>, &'p [u8])> {
        let (mut here, mut rest): (Option<OwnedFd>, _) = (None, path);
        for folder in &self.following {
            let Some((step, after)) = step_below(path, folder, rest.len()) else { continue };
            let (above, name) = split(step);
            let base = here.as_ref().map_or(self.fd(), AsFd::as_fd);
            if let Some(target) = target(os::open_dir_beneath(base, above)?.as_fd(), name) {
                (here, rest) = (Some(os::open_dir(&target)?), after);
            }
        }
        Ok((here, rest))
    }
}

fn split(path: &[u8]) -> (&[u8], &OsStr) {
    let cut = path.iter().rposition(|byte| *byte == b'/');
    let (above, name) = cut.and_then(|at| Some((path.get(..at)?, path.get(at + 1..)?))).unwrap_or((b"", path));
    (above, OsStr::from_bytes(name))
}

/// The first name of a path below a folder, with the way to it from where the last `left` bytes of
/// the path begin, and what follows it.
fn step_below<'p>(path: &'p [u8], folder: &[u8], left: usize) -> Option<(&'p [u8], &'p [u8])> {
    let below = path.strip_prefix(folder)?;
    let below = if folder.is_empty() { below } else { below.strip_prefix(b"/")? };
    let length = below.iter().position(|byte| *byte == b'/').unwrap_or(below.len());
    let end = path.len() - below.len() + length;
    let step = path.get(path.len() - left..end).filter(|step| !step.is_empty())?;
    Some((step, path.get(end..)?.strip_prefix(b"/").unwrap_or_default()))
}

/// What a symlink stands for; nothing if it leads nowhere, or to a folder that it stands in: that
/// would have no end.
fn target(folder: BorrowedFd<'_>, name: &OsStr) -> Option<PathBuf> {
    os::read_link(folder, name).ok()?;
    let target = os::path_at(folder, name).canonicalize().ok()?;
    let own = os::path_at(folder, OsStr::new(".")).canonicalize().ok()?;
    (!own.starts_with(&target)).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::step_below;

    #[test]
    fn steps_are_taken_from_where_the_last_one_led() {
        let step = |path: &'static str, folder: &str, left| {
            let found = step_below(path.as_bytes(), folder.as_bytes(), left)?;
            Some([found.0, found.1].map(|part| std::str::from_utf8(part).unwrap()))
        };
        let table = [
            (("a/b/c", "", 5), Some(["a", "b/c"])),
            (("a/b/c", "a", 5), Some(["a/b", "c"])),
            (("a/b/c", "a", 3), Some(["b", "c"])),
            (("a/b/c", "a/b", 5), Some(["a/b/c", ""])),
            (("a/b/c", "a/b/c", 5), None),
            (("a/b/c", "a/bb", 5), None),
            (("ab/c", "a", 4), None),
            (("", "", 0), None),
        ];
        for ((path, folder, left), expected) in table {
            assert_eq!(step(path, folder, left), expected, "{path} {folder} {left}");
        }
    }
}
