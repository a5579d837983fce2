//! Reading from the medium itself: what the system remembers of a disk proves nothing of it.
//!
//! Where the kernel drives the file system, dropping a file's pages is enough: measured on ext4, xfs,
//! btrfs and exFAT by flipping bits below a mounted file system. Behind FUSE the driver reads through
//! the device's own cache, which only root may drop. Anywhere else nobody knows.

use super::Attached;
use super::medium::device_of;
use crate::os::{self, Advice};
use std::fs::File;

/// How far reads of a disk come from its medium.
#[derive(Debug)]
pub enum Cold {
    /// They do, once a file's pages are dropped.
    Certain,
    /// They do after the device's cache was dropped as well.
    Device(File),
    /// Nobody knows.
    Unknown,
}

impl Cold {
    /// Whether reads come from the medium.
    pub fn is_certain(&self) -> bool {
        !matches!(self, Self::Unknown)
    }

    /// Drops what the system remembers of the device, where that is needed.
    pub fn forget(&self) {
        if let Self::Device(device) = self {
            os::advise(device, Advice::DontNeed);
        }
    }
}

impl Attached {
    /// How far reads of this disk come from its medium.
    pub fn cold(&self) -> Cold {
        if self.habits.drops_pages {
            return Cold::Certain;
        }
        let device = device_of(self).and_then(|path| File::open(path).ok());
        device.map_or(Cold::Unknown, Cold::Device)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::attached::tests::disk;
    use crate::disk::habits::Habits;

    #[test]
    fn where_nobody_tried_nothing_is_certain() {
        let (_keep, mut disk) = disk();
        for (magic, certain) in [(0xEF53, true), (0x5846_5342, true), (0x0102_1994, false), (1, false)] {
            disk.habits = Habits::of(magic);
            // The sandbox's own device may be there for root, so only what the kernel drives is asked.
            assert_eq!(matches!(disk.cold(), Cold::Certain), certain, "{magic:x}");
        }
    }
}
