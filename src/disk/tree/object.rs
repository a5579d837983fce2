//! An object that is to get names in trees.

use crate::disk::Attached;
use crate::model::{Kind, ObjectId, Size, Stat, Timestamp};
use crate::os;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// An object of the disk, open for nothing but its name.
#[derive(Debug)]
pub struct Linkable {
    file: OwnedFd,
    stat: Stat,
}

/// All rights to write.
const WRITE: u32 = 0o222;

impl Attached {
    /// An object that is to be linked, if a file of this length is in its place.
    pub fn object_to_link(&self, id: ObjectId, size: Size) -> io::Result<Linkable> {
        let file = self.find_object(id)?;
        let stat = os::stat(file.as_fd())?;
        if stat.kind == Kind::File && stat.size == size {
            Ok(Linkable { file, stat })
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    /// Those of these objects that have further names.
    pub fn with_further_names(&self, ids: &[ObjectId]) -> Vec<Linked> {
        let look = |id: &ObjectId| {
            let found = self.find_object(*id).ok()?;
            let stat = os::stat(found.as_fd()).ok()?;
            let further = stat.links.saturating_sub(1);
            (stat.kind == Kind::File && further > 0).then_some(Linked { id: *id, inode: stat.inode, further })
        };
        ids.iter().filter_map(look).collect()
    }
}

/// An object whose file has other names than its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The object.
    pub id: ObjectId,
    /// Its file.
    pub inode: u64,
    /// How many other names that has.
    pub further: u64,
}

impl Linkable {
    pub(super) fn file(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// Whether this is what has that inode.
    pub(super) fn is(&self, other: &Stat) -> bool {
        (self.stat.device, self.stat.inode) == (other.device, other.inode)
    }

    /// Has the object look like an entry, but for the rights to write, which nobody has: all its names
    /// are one file, and an edit of one would be an edit of all. Of several entries the newest counts.
    pub fn show(&self, mode: u32, mtime: Timestamp) -> io::Result<()> {
        let (stat, file) = (&self.stat, self.file.as_fd());
        let is_shown = stat.links > 1;
        // What may be written to and has further names is somebody else's file as well.
        if is_shown && (stat.mode & WRITE != 0 || mtime < stat.mtime) {
            return Ok(());
        }
        if stat.mtime != mtime {
            unless_failed(os::change_times(file, mtime))?;
        }
        let mode = shown_mode(mode);
        if stat.mode == mode { Ok(()) } else { unless_failed(os::change_mode(file, mode)) }
    }
}

/// The mode of a file in a tree: whoever made it must be able to read it, nobody may write.
pub(super) const fn shown_mode(mode: u32) -> u32 {
    mode & 0o555 | 0o400
}

/// What a file system refuses to keep is no failure.
pub(super) fn unless_failed(done: io::Result<()>) -> io::Result<()> {
    done.or_else(|error| if os::is_failure(&error) { Err(error) } else { Ok(()) })
}
