//! The directories of the destination, reached without following a symlink.

use crate::model::Name;
use crate::os::{self, OFlags};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

/// Opens directories below a root; the last one opened is remembered, as a tree is written
/// directory by directory.
#[derive(Debug)]
pub(super) struct Parents {
    root: Arc<OwnedFd>,
    last: Mutex<Last>,
}

/// A directory and where it is.
#[derive(Clone, Debug)]
struct Last {
    names: Vec<Name>,
    dir: Arc<OwnedFd>,
}

impl Parents {
    pub fn new(root: OwnedFd) -> Self {
        let root = Arc::new(root);
        let last = Last { names: Vec::new(), dir: Arc::clone(&root) };
        Self { root, last: Mutex::new(last) }
    }

    pub fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    /// Opens the directory at these names below the root.
    pub fn open(&self, names: &[Name]) -> io::Result<Arc<OwnedFd>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.names == names {
            return Ok(Arc::clone(&last.dir));
        }
        // From the last one on if this is below it: a deep tree is walked once, not once a level.
        let (from, rest) = match names.strip_prefix(last.names.as_slice()) {
            Some(rest) => (&last.dir, rest),
            None => (&self.root, names),
        };
        let path = rest.iter().map(Name::as_bytes).collect::<Vec<_>>().join(&b'/');
        let opened = os::open_beneath(from.as_fd(), &path, OFlags::PATH | OFlags::DIRECTORY, 0);
        let dir = Arc::new(opened.map_err(explain)?);
        *last = Last { names: names.to_vec(), dir: Arc::clone(&dir) };
        Ok(dir)
    }
}

fn explain(error: io::Error) -> io::Error {
    if os::met_symlink(&error) { io::Error::other("a symlink stands in the way and is not followed") } else { error }
}
