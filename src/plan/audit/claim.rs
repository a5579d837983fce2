//! How good a right an object has to room, written down once more.

use super::super::Item;
use crate::model::{Class, DiskIndex, DiskSet};

/// Who may displace whom: the smaller claim may take the room of the larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Claim {
    /// Kept history stands above all that is live.
    kept: bool,
    place: Place,
}

/// A copy by its number: what the objective is reckoned in, first to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// 0: for a group of disks without one, wanted; 1: the same beyond wanted; 2: beside another copy
    /// of its group, wanted; 3: the same beyond wanted.
    rank: u8,
    /// How many come before it: groups in the ranks 0 and 1, copies in the others.
    pub before: u32,
    /// 255 less the priority.
    lateness: u8,
}

impl Place {
    fn new(item: &Item, beside: bool, before: u32) -> Self {
        let beyond = before >= u32::from(item.wanted);
        Self { rank: u8::from(beside) * 2 + u8::from(beyond), before, lateness: u8::MAX - item.priority }
    }

    /// The priority of what has it.
    pub fn priority(self) -> u8 {
        u8::MAX - self.lateness
    }
}

impl Claim {
    /// The claim of an item to room on a disk, whether it is there or not.
    pub fn of(item: &Item, disk: DiskIndex, groups: &[DiskSet]) -> Self {
        let elsewhere = item.disks.without(disk);
        let group = groups.iter().find(|group| group.contains(disk)).copied().unwrap_or_default();
        let beside = elsewhere.0 & group.0 != 0;
        let before = if beside { elsewhere.count() } else { spread(elsewhere, groups) };
        Self { kept: item.class != Class::Live, place: Place::new(item, beside, before) }
    }
}

/// In how many groups a set of disks has one; a disk without a group is its own.
fn spread(disks: DiskSet, groups: &[DiskSet]) -> u32 {
    let doubled = groups.iter().map(|group| DiskSet(disks.0 & group.0).count().saturating_sub(1));
    disks.count() - doubled.sum::<u32>()
}

/// The places that an item has if these disks hold it; copies beyond maxcopies have none.
pub(super) fn places(item: &Item, disks: DiskSet, groups: &[DiskSet]) -> impl Iterator<Item = Place> {
    let spread = spread(disks, groups);
    let count = disks.count().min(u32::from(item.maxcopies));
    (0..count).map(move |before| Place::new(item, before >= spread, before))
}

#[cfg(test)]
mod tests {
    use super::super::super::view::samples::shelf;
    use super::*;
    use crate::model::SnapshotId;

    fn item(disks: u64, wanted: u8, priority: u8) -> Item {
        Item { disks: DiskSet(disks), wanted, priority, ..shelf([(1, 0, false)])[0] }
    }

    #[test]
    fn a_group_without_a_copy_comes_first_and_history_last() {
        let groups = [DiskSet(0b0011), DiskSet(0b1100)];
        let attached = DiskIndex::new(0).unwrap();
        let ascending = [
            item(0b00_0000, 2, 100),
            item(0b00_1100, 2, 101),
            item(0b00_0100, 2, 100),
            item(0b01_0100, 2, 100),
            item(0b11_0100, 2, 100),
            item(0b00_0010, 2, 100),
            item(0b00_0110, 2, 100),
            item(0b01_0110, 2, 100),
            Item { class: Class::Kept(SnapshotId(1)), ..item(0, 2, 100) },
        ];
        let claims = ascending.map(|item| Claim::of(&item, attached, &groups));
        assert!(claims.is_sorted_by(|a, b| a < b), "{claims:?}");
        assert_eq!(
            Claim::of(&item(0b1101, 2, 9), attached, &groups),
            Claim::of(&item(0b0100, 2, 9), attached, &groups)
        );
    }

    #[test]
    fn one_number_wanted_of_all_changes_nothing() {
        let attached = DiskIndex::new(0).unwrap();
        let order = |wanted: u8| {
            let mut items: Vec<Item> = (0..64).map(|disks| item(disks * 2, wanted, (disks % 3) as u8)).collect();
            items.sort_by_key(|item| (Claim::of(item, attached, &[]), item.disks));
            items.iter().map(|item| item.disks).collect::<Vec<_>>()
        };
        assert!([0, 1, 3].iter().all(|wanted| order(*wanted) == order(u8::MAX)));
    }

    #[test]
    fn places_are_as_many_as_the_copies_that_count() {
        let groups = [DiskSet(0b11)];
        let of = |item: &Item| places(item, item.disks, &groups).map(|p| (p.rank, p.before)).collect::<Vec<_>>();
        assert_eq!(of(&item(0b0111, 2, 0)), [(0, 0), (0, 1), (3, 2)]);
        assert_eq!(of(&item(0b1111, 4, 0)), [(0, 0), (0, 1), (0, 2), (2, 3)]);
        assert_eq!(of(&Item { maxcopies: 1, ..item(0b1111, 0, 0) }), [(1, 0)]);
    }
}
