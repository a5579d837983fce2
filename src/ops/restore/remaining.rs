//! What no disk at hand has, and which disks should have it.

use crate::model::{Amount, DiskIndex, DiskSet, Size, VPath};
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

    /// Disks that together have all that is on any disk, those with the most first.
    pub fn disks_to_attach(&self) -> Vec<(DiskIndex, Amount)> {
        let mut missing = self.by_disks.clone();
        missing.remove(&DiskSet::EMPTY);
        let mut order = Vec::new();
        while !missing.is_empty() {
            let gain = |disk: DiskIndex| -> Amount {
                missing.iter().filter(|(disks, _)| disks.contains(disk)).map(|(_, amount)| *amount).sum()
            };
            let all = DiskSet(missing.keys().fold(0, |all, disks| all | disks.0));
            let best = all
                .iter()
                .map(|disk| (disk, gain(disk)))
                .max_by_key(|(disk, gain)| (gain.bytes, std::cmp::Reverse(*disk)));
            let Some((disk, gain)) = best else { break };
            missing.retain(|disks, _| !disks.contains(disk));
            order.push((disk, gain));
        }
        order
    }
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
}
