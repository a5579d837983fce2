//! How much of a disk is for objects: pure arithmetic over what the catalog and the disk say.

use super::trees::{self, Need};
use crate::model::{Disk, Fanout, Footprint, Size};

/// What of a budget is held back: two catalog copies at rest and a third while it is written,
/// and the folders for the objects.
///
/// It is raised in large steps, and so that it covers what a whole run may add to the catalog:
/// if it moved with every claim, a plan that was just carried out would not be the last.
pub fn reserve(present: Size, catalog: Size, objects: u64, folders: (Footprint, Fanout)) -> Size {
    let (footprint, fanout) = folders;
    // In steps, as what else there is.
    let fixed = footprint.folders(fanout, objects.next_power_of_two()) + Size(1 << 20);
    let needed = catalog.times(3) + fixed;
    if needed <= present {
        return present;
    }
    let growth = Size(objects).times(CLAIM);
    (catalog + growth + Size(256 << 10)).times(4) + fixed
}

/// What one claim may add to the catalog, with its share of the pages above it.
const CLAIM: u64 = 40;

/// What is known of a disk before a plan, now or as of the last visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Bytes dsb may use.
    pub budget: Size,
    /// Of these for catalog copies and folders.
    pub reserve: Size,
    /// Of the reserve, what is in use already.
    pub reserve_used: Size,
    /// What lies aside: objects that failed verification, a catalog of distbackup.
    pub aside: Size,
    /// What is held back for browsable trees.
    pub trees: Size,
    /// Of that, what the tree of the newest state needs: redundant copies and history make way for it.
    pub newest_tree: Size,
    /// What trees take already.
    pub trees_taken: Size,
    /// What the objects take.
    pub used: Size,
    /// What the file system says is free.
    pub free: Size,
}

/// What is never written to, whatever the file system says is free.
pub const MARGIN: Size = Size(8 << 20);

/// By so much a disk that dsb filled may be fuller than was reckoned; others have filled it beyond that.
const TOLERANCE: Size = Size(4 << 20);

impl Facts {
    /// Those of a disk that is not attached, whose objects take so much there.
    pub fn since_last_visit(disk: &Disk, used: Size, need: Need) -> Self {
        Self {
            budget: disk.budget,
            reserve: disk.reserve,
            reserve_used: disk.reserve_used,
            aside: Size::ZERO,
            trees: need.held_back(disk),
            newest_tree: need.of_newest(disk),
            trees_taken: disk.tree_taken.unwrap_or_default(),
            used,
            free: disk.medium.free,
        }
    }

    /// Room for objects: the budget less what is held back; less, if others have filled the disk. It is
    /// less than what is there only by what the tree of the newest state still lacks, since nothing is
    /// evicted for what others do.
    pub fn room(&self) -> Size {
        self.of_budget().min(self.of_file_system())
    }

    /// What the tree of the newest state asks of what is there.
    pub fn claimed_for_newest(&self) -> Size {
        Self { newest_tree: Size::ZERO, ..*self }.room() - self.room()
    }

    fn of_file_system(&self) -> Size {
        let apart = (self.reserve - self.reserve_used) + MARGIN;
        let (left, short) = (self.free - apart, apart - self.free);
        let lacking = self.newest_tree - self.trees_taken;
        if left >= lacking {
            self.used + (left - (self.trees - self.trees_taken))
        } else if short > TOLERANCE {
            self.used
        } else {
            self.used - (lacking - left + short)
        }
    }

    /// What of the budget is no room, because other files take it.
    pub fn taken(&self) -> Size {
        let facts = Self { newest_tree: Size::ZERO, ..*self };
        facts.of_budget() - facts.room()
    }

    /// What trees may take beside what is there.
    pub fn for_trees(&self) -> Size {
        trees::most(self.budget).min(self.for_all() - self.used)
    }

    fn of_budget(&self) -> Size {
        (self.for_all() - self.trees).max((self.for_all() - self.newest_tree).min(self.used))
    }

    /// For objects and trees.
    fn for_all(&self) -> Size {
        self.budget - self.reserve - self.aside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: (Footprint, Fanout) = (Footprint::USUAL, Fanout::Three);

    #[test]
    fn a_reserve_once_taken_lasts_a_run() {
        let first = reserve(Size::ZERO, Size(1 << 20), 10_000, USUAL);
        let grown = Size((1 << 20) + 10_000 * CLAIM);
        assert_eq!(reserve(first, grown, 10_000, USUAL), first);
        assert!(first >= grown.times(3) + Footprint::USUAL.folders(Fanout::Three, 10_000));
    }

    #[test]
    fn room_is_the_least_that_is_true() {
        let facts = Facts {
            budget: Size(1_000 << 20),
            reserve: Size(20 << 20),
            reserve_used: Size(15 << 20),
            aside: Size(10 << 20),
            trees: Size::ZERO,
            newest_tree: Size::ZERO,
            trees_taken: Size::ZERO,
            used: Size(100 << 20),
            free: Size(5_000 << 20),
        };
        assert_eq!(facts.room(), Size(970 << 20));
        assert_eq!(Facts { trees: Size(30 << 20), ..facts }.room(), Size(940 << 20));
        let nearly_full = Facts { free: Size(50 << 20), ..facts };
        assert_eq!(nearly_full.room(), Size((100 + 50 - 8 - 5) << 20));
        let with_trees = Facts { trees: Size(9 << 20), trees_taken: Size(2 << 20), ..nearly_full };
        assert_eq!(with_trees.room(), Size((100 + 50 - 8 - 5 - 7) << 20));
        let full = Facts { free: Size::ZERO, ..facts };
        assert_eq!(full.room(), facts.used);
    }

    const WITH_TREES: Facts = Facts {
        budget: Size(1_000 << 20),
        reserve: Size(20 << 20),
        reserve_used: Size(20 << 20),
        aside: Size::ZERO,
        trees: Size(50 << 20),
        newest_tree: Size(10 << 20),
        trees_taken: Size::ZERO,
        used: Size(100 << 20),
        free: Size(5_000 << 20),
    };

    #[test]
    fn redundant_content_makes_way_for_the_newest_tree_alone() {
        // used, room for objects, room for trees
        for (used, room, for_trees) in [(100, 930, 50), (940, 940, 40), (970, 970, 10), (980, 970, 0), (990, 970, 0)] {
            let facts = Facts { used: Size(used << 20), ..WITH_TREES };
            assert_eq!((facts.room(), facts.for_trees()), (Size(room << 20), Size(for_trees << 20)), "{used}");
        }
    }

    #[test]
    fn a_full_file_system_makes_way_once_and_not_for_others() {
        // free, what the trees take -> room beside the 500 that are used, claimed for the newest tree
        let table = [
            (60, 0, 502, 0),
            (20, 0, 500, 0),
            (18, 0, 500, 0),
            (10, 0, 492, 8),
            (6, 0, 488, 12),
            (3, 0, 500, 0),
            (6, 10, 500, 0),
        ];
        for (free, taken, room, claimed) in table {
            let (free, trees_taken) = (Size(free << 20), Size(taken << 20));
            let facts = Facts { used: Size(500 << 20), free, trees_taken, ..WITH_TREES };
            assert_eq!((facts.room(), facts.claimed_for_newest()), (Size(room << 20), Size(claimed << 20)), "{free}");
        }
    }
}
