//! `latest`: a relative symlink to a tree, replaced by renaming.

use super::{Trees, tree_name};
use crate::disk::temporary;
use crate::os;
use std::ffi::OsStr;
use std::io;
use std::os::fd::AsFd;

/// Its name.
const LATEST: &str = "latest";

/// What bears the name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Latest {
    /// Nothing.
    None,
    /// A link to this tree of dsb's, or to one that is gone.
    To(String),
    /// Something that dsb did not make.
    Foreign,
}

impl Trees<'_> {
    pub(super) fn latest(&self) -> io::Result<Latest> {
        let target = match os::read_link(self.root.as_fd(), OsStr::new(LATEST)) {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Latest::None),
            Err(error) if os::is_failure(&error) => return Err(error),
            Err(_) => return Ok(Latest::Foreign),
        };
        let Some(name) = tree_name(&target) else { return Ok(Latest::Foreign) };
        let is_own = self.disk.own_trees()?.contains(name) || self.kind(name)?.is_none();
        Ok(if is_own { Latest::To(name.to_owned()) } else { Latest::Foreign })
    }

    /// Has `latest` point to a tree, or to none. What dsb did not make stays as it is.
    pub fn point_latest(&self, to: Option<&str>) -> io::Result<()> {
        let root = self.root.as_fd();
        match (self.latest()?, to) {
            (Latest::Foreign, _) | (Latest::None, None) => return Ok(()),
            (Latest::To(present), Some(name)) if present == name => return Ok(()),
            (_, Some(name)) => {
                let (dir, new) = (self.disk.temporary_dir()?, temporary::name()?);
                os::make_symlink(dir.as_fd(), &new, OsStr::new(name))?;
                os::rename((dir.as_fd(), &new), (root, OsStr::new(LATEST)))?;
            }
            (Latest::To(_), None) => os::unlink(root, OsStr::new(LATEST))?,
        }
        os::fsync(root)
    }
}
