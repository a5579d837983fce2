//! How much of a disk its trees will take: held back before they are made.

use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Disk, Footprint, Kind, Size};

/// What trees will show, as far as that matters for their room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Need {
    /// Snapshots that are held.
    pub snapshots: u64,
    /// Directories of the newest.
    pub folders: u64,
    /// All its other entries.
    pub names: u64,
    /// Those of them that have no object.
    pub others: u64,
}

/// A name in a folder: a usual one, in a folder that is half full.
const NAME: Size = Size(48);
/// An inode on the most generous file system.
const INODE: Size = Size(512);
/// Trees take no more of a budget than one part in so many.
const PART: u64 = 20;

impl Need {
    /// What trees of this catalog need. Nothing is asked if no disk has any.
    pub fn load(catalog: &Catalog, disks: &[Disk]) -> Result<Self> {
        if !disks.iter().any(|disk| disk.tree) {
            return Ok(Self::default());
        }
        let forgotten = catalog.standing()?.forgotten.len();
        let snapshots = catalog.snapshots()?.len().saturating_sub(forgotten) as u64;
        let entries = catalog.entries()?;
        let sum = |is_meant: &dyn Fn(Kind) -> bool| {
            entries.iter().filter(|(kind, _)| is_meant(*kind)).map(|(_, count)| count).sum::<u64>()
        };
        Ok(Self {
            snapshots,
            folders: sum(&|kind| kind == Kind::Directory),
            names: sum(&|kind| kind != Kind::Directory),
            others: sum(&|kind| !matches!(kind, Kind::Directory | Kind::File)),
        })
    }

    /// What the tree of one snapshot takes, about.
    pub fn of_one(self, footprint: Footprint) -> Size {
        (Size(footprint.block) + INODE).times(self.folders + 1) + NAME.times(self.names) + INODE.times(self.others)
    }

    /// What the tree of the newest state takes; nothing where it takes more than trees may.
    pub fn of_newest(self, disk: &Disk) -> Size {
        let one = self.of_one(disk.footprint);
        if disk.tree && self.snapshots > 0 && one <= most(disk.budget) { one } else { Size::ZERO }
    }

    /// What is held back on a disk for its trees: the same before and after they are made, so that a
    /// plan that was carried out is not another one then.
    pub fn held_back(self, disk: &Disk) -> Size {
        let taken = disk.tree_taken.unwrap_or_default();
        if disk.tree {
            self.of_one(disk.footprint).times(self.snapshots).min(most(disk.budget)).max(taken)
        } else {
            taken
        }
    }
}

/// Trees take no more of a budget than this.
pub fn most(budget: Size) -> Size {
    Size(budget.bytes() / PART)
}
