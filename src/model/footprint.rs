//! What an object costs on a disk.

use super::{Fanout, Size};

/// How a disk's file system allocates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Footprint {
    /// Bytes of one allocation unit; at least 1.
    pub block: u64,
    /// Whether holes take no room there.
    pub keeps_holes: bool,
}

/// An inode and a directory entry of a 64-digit name, on the most generous file system.
const NAME_AND_INODE: Size = Size(512 + 128);

impl Footprint {
    /// What nearly every file system of today does.
    pub const USUAL: Self = Self { block: 4096, keeps_holes: true };

    /// Bytes that an object of this size takes, of which `data` are not holes.
    pub fn of(self, size: Size, data: Size) -> Size {
        let written = if self.keeps_holes { data.min(size) } else { size };
        // Extent lists and checksums grow with the data: btrfs keeps 4 bytes for each 4 KiB, twice.
        let bookkeeping = Size(written.bytes() / 512);
        written.round_up(self.block.max(1)) + bookkeeping + NAME_AND_INODE
    }

    /// Bytes for the folders of so many objects.
    pub fn folders(self, fanout: Fanout, objects: u64) -> Size {
        Size(self.block).times(fanout.folders(objects))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_blocks_and_holes() {
        let exfat = Footprint { block: 131_072, keeps_holes: false };
        let table = [
            (Footprint::USUAL, 1, 1, 4096 + 640),
            (Footprint::USUAL, 4096, 4096, 4096 + 8 + 640),
            (Footprint::USUAL, 5 << 30, 4096, 4096 + 8 + 640),
            (exfat, 1, 1, 131_072 + 640),
            (exfat, 262_144, 0, 262_144 + 512 + 640),
        ];
        for (rule, size, data, cost) in table {
            assert_eq!(rule.of(Size(size), Size(data)), Size(cost), "{rule:?} {size}");
        }
    }
}
