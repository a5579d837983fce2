//! What a restore may share with the disk instead of copying it.

use super::{Attached, Place};
use crate::os;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

/// All rights to write.
const WRITE: u32 = 0o222;

impl Attached {
    /// Whether a place is on the disk's own file system, be it in another subvolume of it.
    pub fn shares_file_system(&self, place: &Place) -> io::Result<bool> {
        if os::stat(self.root())?.device == place.device {
            return Ok(true);
        }
        let other = os::open_dir(&place.existing)?;
        let uuids = (os::fs_uuid(self.root()), os::fs_uuid(other.as_fd()));
        Ok(matches!(uuids, (Ok(one), Ok(other)) if one == other && one.iter().any(|byte| *byte != 0)))
    }

    /// Makes sure that who runs this may not write to an object through another name of it: takes the
    /// rights to write from it, the one thing that is ever changed of it. Says whether that is so:
    /// root may write to anything.
    pub fn is_sealed(&self, object: &File) -> io::Result<bool> {
        if os::effective_user() == 0 {
            return Ok(false);
        }
        let stat = os::stat(object.as_fd())?;
        // One with other names that may be written to is somebody else's file as well.
        let is_writable = stat.mode & WRITE != 0;
        if is_writable && (stat.links > 1 || os::change_mode(object.as_fd(), stat.mode & !WRITE).is_err()) {
            return Ok(false);
        }
        Ok(os::stat(object.as_fd())?.mode & WRITE == 0 && !os::may_write(object.as_fd()))
    }
}
