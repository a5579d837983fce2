//! How file systems differ in what they promise. Measured with power cuts at every write.

const BTRFS: u64 = 0x9123_683E;
const EXFAT: u64 = 0x2011_BAB0;
const EXT4: u64 = 0xEF53;
const F2FS: u64 = 0xF2F5_2010;
const FUSE: u64 = 0x6573_5546;
const NTFS3: u64 = 0x7366_746E;
const TMPFS: u64 = 0x0102_1994;
const VFAT: u64 = 0x4D44;
const XFS: u64 = 0x5846_5342;

/// What matters of a file system, by `statfs.f_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Habits {
    /// `syncfs` makes all of it durable and says if it could not. On FUSE it does nothing; where
    /// nobody tried, it is not relied on: each file and directory is flushed there.
    pub flushes_whole: bool,
    /// Whatever happens, renaming over a file leaves the old one or the new one, and a folder that
    /// takes one more name keeps those it had. Without a journal neither is sure: there nothing is
    /// renamed over anything, and what a session that was cut off may have cost is looked for.
    pub journaled: bool,
    /// Names given one after the other become durable in that order, as a journal keeps them, and
    /// one flush of the whole makes them so.
    pub keeps_order: bool,
    /// Holes take no room.
    pub keeps_holes: bool,
    /// Once a file's pages are dropped, reading it asks the medium.
    pub drops_pages: bool,
}

impl Habits {
    pub const fn of(magic: u64) -> Self {
        Self {
            flushes_whole: matches!(magic, EXT4 | XFS | BTRFS | EXFAT),
            journaled: !matches!(magic, EXFAT | FUSE | NTFS3 | VFAT),
            keeps_order: matches!(magic, EXT4 | XFS | BTRFS),
            keeps_holes: matches!(magic, EXT4 | XFS | BTRFS | F2FS | TMPFS),
            drops_pages: matches!(magic, EXT4 | XFS | BTRFS | EXFAT),
        }
    }
}

/// What people call the file system.
pub(super) const fn type_name(magic: u64) -> &'static str {
    match magic {
        EXT4 => "ext4",
        XFS => "xfs",
        BTRFS => "btrfs",
        F2FS => "f2fs",
        TMPFS => "tmpfs",
        EXFAT => "exfat",
        VFAT => "vfat",
        NTFS3 => "ntfs3",
        FUSE => "fuse",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_relied_on_that_was_not_tried() {
        let table = [
            (EXT4, [true, true, true, true]),
            (EXFAT, [true, false, false, false]),
            (FUSE, [false; 4]),
            (1, [false, true, false, false]),
            (TMPFS, [false, true, false, true]),
        ];
        for (magic, expected) in table {
            let habits = Habits::of(magic);
            let found = [habits.flushes_whole, habits.journaled, habits.keeps_order, habits.keeps_holes];
            assert_eq!(found, expected, "{magic:x}");
        }
    }
}
