//! Taking trees away, whole.

use super::{Trees, partial, taken};
use crate::model::{Kind, Size};
use crate::os;
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;

impl Trees<'_> {
    /// Removes a tree; from the first moment on it bears its name no longer. Returns what it took.
    pub fn remove(&self, name: &str) -> io::Result<Size> {
        self.must_own(name)?;
        let root = self.root.as_fd();
        os::rename((root, OsStr::new(name)), (root, OsStr::new(&partial(name))))?;
        self.remove_unfinished(name)
    }

    /// Removes a tree that never was whole, or that was being removed.
    pub fn remove_unfinished(&self, name: &str) -> io::Result<Size> {
        self.must_own(name)?;
        let (root, name) = (self.root.as_fd(), partial(name));
        let freed = clear(os::open_dir_beneath(root, name.as_bytes())?.as_fd())?;
        os::remove_dir(root, OsStr::new(&name))?;
        Ok(freed)
    }

    /// Removes the folder of all trees if nothing is left in it, and the list of them.
    pub fn close_down(self) -> io::Result<()> {
        match os::remove_dir(self.disk.root(), OsStr::new(super::SNAPSHOTS)) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            removed => removed?,
        }
        self.disk.close_own_trees()?;
        os::fsync(self.disk.root())
    }
}

/// Removes all that is in a directory. Returns what its folders took, its own included.
pub(super) fn clear(root: BorrowedFd<'_>) -> io::Result<Size> {
    let mut freed = Size::ZERO;
    let mut buffer = Vec::new();
    let mut open = vec![(Vec::new(), false)];
    while let Some((path, is_empty)) = open.pop() {
        if is_empty {
            remove_folder(root, &path)?;
            continue;
        }
        let dir = os::open_dir_beneath(root, &path)?;
        freed += taken(dir.as_fd())?;
        if !path.is_empty() {
            open.push((path.clone(), true));
        }
        for listed in os::listed(dir.as_fd(), &mut buffer)? {
            if listed.kind == Kind::Directory {
                open.push((join(&path, &listed.name), false));
            } else {
                os::unlink(dir.as_fd(), OsStr::from_bytes(&listed.name))?;
            }
        }
    }
    Ok(freed)
}

/// The path of a name in a folder.
pub(super) fn join(path: &[u8], name: &[u8]) -> Vec<u8> {
    if path.is_empty() { name.to_vec() } else { [path, b"/", name].concat() }
}

fn remove_folder(root: BorrowedFd<'_>, path: &[u8]) -> io::Result<()> {
    let (above, name) = match path.iter().rposition(|byte| *byte == b'/').and_then(|at| path.split_at_checked(at)) {
        Some((above, name)) => (above, name.strip_prefix(b"/").unwrap_or(name)),
        None => (&b""[..], path),
    };
    os::remove_dir(os::open_dir_beneath(root, above)?.as_fd(), OsStr::from_bytes(name))
}
