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
    /// Whether it is one among all copies, not among those that fail apart: these come first.
    doubled: bool,
    /// Whether as many as are wanted come before it.
    beyond: bool,
    /// How many of its kind come before it.
    pub before: u32,
    /// 255 less the priority.
    lateness: u8,
}

impl Place {
    fn new(item: &Item, doubled: bool, before: u32) -> Self {
        let beyond = before >= u32::from(item.wanted);
        Self { doubled, beyond, before, lateness: u8::MAX - item.priority }
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
        let doubled = elsewhere.0 & group.0 != 0;
        let before = if doubled { elsewhere.count() } else { elsewhere.apart(groups) };
        Self { kept: item.class != Class::Live, place: Place::new(item, doubled, before) }
    }

    /// Of a second copy that lets another disk give up the first: before all other second copies.
    pub fn staged(item: &Item) -> Self {
        Self { kept: false, place: Place::new(&Item { wanted: u8::MAX, ..*item }, false, 1) }
    }

    /// Whether a copy on that disk is one too many: of those that protect, or by more than the one that
    /// is on its way.
    pub fn is_excess(self, item: &Item, elsewhere: u32) -> bool {
        let most = u32::from(item.maxcopies);
        elsewhere >= 1 && !self.kept && (self.place.before >= most || elsewhere > most)
    }
}

/// The places that an item has if these disks hold it; copies beyond maxcopies have none.
pub(super) fn places(item: &Item, disks: DiskSet, groups: &[DiskSet]) -> impl Iterator<Item = Place> {
    let numbers = move |count: u32| 0..count.min(item.maxcopies.into());
    let apart = numbers(disks.apart(groups)).map(|before| Place::new(item, false, before));
    apart.chain(numbers(disks.count()).map(|before| Place::new(item, true, before)))
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
        let count = |item: &Item, doubled, beyond| {
            let places = places(item, item.disks, &groups);
            places.filter(|place| (place.doubled, place.beyond) == (doubled, beyond)).count()
        };
        let of =
            |item: &Item| [(false, false), (false, true), (true, false), (true, true)].map(|(d, b)| count(item, d, b));
        assert_eq!(of(&item(0b0111, 2, 0)), [2, 0, 2, 1]);
        assert_eq!(of(&item(0b1111, 4, 0)), [3, 0, 4, 0]);
        assert_eq!(of(&Item { maxcopies: 1, ..item(0b1111, 0, 0) }), [0, 1, 0, 1]);
    }
}
