//! What no disk at hand has, and which disks should have it.

use crate::model::{Amount, DiskIndex, DiskSet, Size, VPath};
use crate::plan::fewest_disks;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What is still missing after a restore.
#[derive(Clone, Debug, Default)]
pub struct Remaining {
    /// How much it is.
    pub amount: Amount,
    /// The same by the exact set of disks that the catalog places it on; empty: on none.
    pub by_disks: BTreeMap<DiskSet, Amount>,
    /// The first paths of what is on no disk.
    pub lost: Vec<VPath>,
}

/// Paths named at most.
const NAMED: usize = 20;

impl Remaining {
    /// Notes a file that is missing.
    pub fn add(&mut self, path: &VPath, size: Size, disks: DiskSet) {
        self.amount += Amount::one(size);
        *self.by_disks.entry(disks).or_default() += Amount::one(size);
        if disks == DiskSet::EMPTY && self.lost.len() < NAMED {
            self.lost.push(path.clone());
        }
    }

    /// What these disks should have had, they do not.
    pub fn leave_out(&mut self, tried: DiskSet) {
        let mut left: BTreeMap<DiskSet, Amount> = BTreeMap::new();
        for (disks, amount) in std::mem::take(&mut self.by_disks) {
            *left.entry(DiskSet(disks.0 & !tried.0)).or_default() += amount;
        }
        self.by_disks = left;
    }

    /// The fewest disks that together have all that is on any disk: each with what it brings that
    /// those before it do not, that with the most first.
    pub fn disks_to_attach(&self) -> Vec<(DiskIndex, Amount)> {
        let mut missing = self.by_disks.clone();
        missing.remove(&DiskSet::EMPTY);
        let sets: Vec<DiskSet> = missing.keys().copied().collect();
        let mut preferred: Vec<DiskIndex> = DiskSet(sets.iter().fold(0, |all, set| all | set.0)).iter().collect();
        preferred.sort_by_key(|disk| (Reverse(on(&missing, *disk).bytes), *disk));
        let mut needed = fewest_disks(&sets, &preferred).disks;
        let mut order = Vec::new();
        while let Some(disk) = needed.iter().max_by_key(|disk| (on(&missing, *disk).bytes, Reverse(*disk))) {
            order.push((disk, on(&missing, disk)));
            missing.retain(|disks, _| !disks.contains(disk));
            needed = needed.without(disk);
        }
        order
    }
}

/// What of it a disk has.
fn on(missing: &BTreeMap<DiskSet, Amount>, disk: DiskIndex) -> Amount {
    missing.iter().filter(|(disks, _)| disks.contains(disk)).map(|(_, amount)| *amount).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_with_most_comes_first_and_each_byte_once() {
        let [a, b, c] = [0, 1, 2].map(|index| DiskIndex::new(index).unwrap());
        let mut remaining = Remaining::default();
        remaining.add(&VPath::root(), Size(5), [a].into_iter().collect());
        remaining.add(&VPath::root(), Size(9), [a, b].into_iter().collect());
        remaining.add(&VPath::root(), Size(3), [b, c].into_iter().collect());
        remaining.add(&"/lost".parse().unwrap(), Size(1), DiskSet::EMPTY);
        let order = remaining.disks_to_attach();
        assert_eq!(
            order.iter().map(|(disk, gain)| (*disk, gain.bytes)).collect::<Vec<_>>(),
            [(a, Size(14)), (b, Size(3))]
        );
        assert_eq!(remaining.lost, ["/lost".parse().unwrap()]);
        assert_eq!(remaining.amount.objects, 4);
    }

    #[test]
    fn the_fewest_are_asked_for_even_if_another_has_more() {
        let [a, b, c] = [0, 1, 2].map(|index| DiskIndex::new(index).unwrap());
        let mut remaining = Remaining::default();
        // c has the most, but a and b are needed whatever is done, and are enough.
        for (size, disks) in [(6, [a, c]), (6, [b, c]), (1, [a, a]), (1, [b, b])] {
            remaining.add(&VPath::root(), Size(size), disks.into_iter().collect());
        }
        let order = remaining.disks_to_attach();
        assert_eq!(
            order.iter().map(|(disk, gain)| (*disk, gain.bytes)).collect::<Vec<_>>(),
            [(a, Size(7)), (b, Size(7))]
        );
    }
}
