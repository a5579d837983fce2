//! How many disks have to be fetched to bring one folder back.

use crate::model::{Class, DiskSet};
use crate::plan::Item;
use std::cmp::Reverse;

/// Disks needed to bring back what is stored of a folder, relative to the least possible: the fewest
/// disks whose rooms add up to its bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FolderDisks {
    /// Over all folders of which anything is stored.
    pub mean: f64,
    /// The worst of them.
    pub worst: f64,
}

impl FolderDisks {
    /// Over the live objects that have a copy.
    pub(super) fn of(items: &[Item], rooms: &[u64]) -> Option<Self> {
        let stored = items.iter().filter(|item| item.class == Class::Live && item.disks != DiskSet::EMPTY);
        let mut stored: Vec<(u32, DiskSet, u64)> =
            stored.map(|item| (item.directory, item.disks, item.footprint)).collect();
        stored.sort_unstable();
        let mut rooms = rooms.to_vec();
        rooms.sort_unstable_by_key(|room| Reverse(*room));
        let ratios: Vec<f64> =
            stored.chunk_by(|(a, ..), (b, ..)| a == b).map(|folder| spread(folder, &rooms)).collect();
        let worst = ratios.iter().copied().reduce(f64::max)?;
        Some(Self { mean: ratios.iter().sum::<f64>() / ratios.len() as f64, worst })
    }
}

/// The ratio of one folder, its objects sorted by their disks; rooms come largest first.
fn spread(folder: &[(u32, DiskSet, u64)], rooms: &[u64]) -> f64 {
    let mut holders: Vec<DiskSet> = folder.iter().map(|(_, disks, _)| *disks).collect();
    holders.dedup();
    let bytes = folder.iter().map(|(.., bytes)| u128::from(*bytes)).sum();
    (fewest(&holders) as f64 / least(bytes, rooms) as f64).max(1.0)
}

/// The fewest disks that could hold so much.
fn least(bytes: u128, rooms: &[u64]) -> usize {
    let filled = rooms.iter().scan(0_u128, |sum, room| {
        *sum += u128::from(*room);
        Some(*sum)
    });
    let short = filled.take_while(|sum| *sum < bytes).count();
    (short + 1).min(rooms.len()).max(1)
}

/// A search takes time that grows with these two: beyond, what greed finds is good enough.
const MOST_HOLDERS: usize = 64;
const MOST_DISKS: usize = 5;

/// The fewest disks that have one of each.
fn fewest(holders: &[DiskSet]) -> usize {
    let greedy = greedy(holders.to_vec());
    if holders.len() > MOST_HOLDERS || greedy > MOST_DISKS {
        return greedy;
    }
    (1..greedy).find(|disks| covers(holders, *disks)).unwrap_or(greedy)
}

/// Again and again the disk that has most of what is left.
fn greedy(mut left: Vec<DiskSet>) -> usize {
    let mut disks = 0;
    while !left.is_empty() {
        let mut counts = [0_usize; 64];
        left.iter().flat_map(|holders| holders.iter()).for_each(|disk| counts[usize::from(disk.get())] += 1);
        let most = counts.iter().copied().max();
        let Some(best) = counts.iter().position(|count| Some(*count) == most && *count > 0) else { break };
        left.retain(|holders| holders.0 >> best & 1 == 0);
        disks += 1;
    }
    disks
}

/// Whether so many disks have one of each: one of them has what the fewest have.
fn covers(holders: &[DiskSet], disks: usize) -> bool {
    let Some(rarest) = holders.iter().min_by_key(|holders| holders.count()) else { return true };
    let without = |disk| holders.iter().copied().filter(|holders| !holders.contains(disk)).collect::<Vec<_>>();
    disks > 0 && rarest.iter().any(|disk| covers(&without(disk), disks - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_disks_are_found() {
        let table: [(&[u64], usize); 6] = [
            (&[0b1], 1),
            (&[0b11, 0b10, 0b110], 1),
            (&[0b01, 0b10], 2),
            (&[0b0011, 0b0101, 0b1010, 0b1100], 2),
            // Greed takes the disk in the middle, and then needs both others.
            (&[0b0_0101, 0b0_0101, 0b0_1001, 0b0_0110, 0b0_0110, 0b1_0010], 2),
            (&[0b1, 0b10, 0b100, 0b1000, 0b1_0000, 0b10_0000, 0b100_0000], 7),
        ];
        for (holders, disks) in table {
            let holders: Vec<DiskSet> = holders.iter().map(|disks| DiskSet(*disks)).collect();
            assert_eq!(fewest(&holders), disks, "{holders:?}");
        }
    }

    #[test]
    fn the_least_possible_is_by_the_largest_rooms() {
        let rooms = [10, 5, 5];
        let table = [(0, 1), (10, 1), (11, 2), (15, 2), (16, 3), (20, 3), (99, 3)];
        for (bytes, disks) in table {
            assert_eq!(least(bytes, &rooms), disks, "{bytes}");
        }
        assert_eq!(least(5, &[]), 1);
    }

    #[test]
    fn a_folder_counts_by_what_is_stored_of_it() {
        let item = |directory, disks, footprint| Item {
            footprint,
            disks: DiskSet(disks),
            untrusted: DiskSet::EMPTY,
            directory,
            priority: 1,
            wanted: 2,
            maxcopies: u8::MAX,
            class: Class::Live,
            obtainable: true,
        };
        let orphan = Item { class: Class::Orphan, ..item(3, 0b100, 1) };
        // One on one disk; one on two that would fit one; one on two that needs two; nothing stored.
        let items = [
            item(1, 0b01, 5),
            item(0, 0b01, 1),
            item(1, 0b10, 5),
            item(2, 0b01, 9),
            item(2, 0b10, 9),
            item(4, 0, 1),
            orphan,
        ];
        let spread = FolderDisks::of(&items, &[10, 10, 1]).unwrap();
        assert!((spread.mean - 4.0 / 3.0).abs() < 1e-9 && (spread.worst - 2.0).abs() < 1e-9, "{spread:?}");
        assert_eq!(FolderDisks::of(&items[5..], &[10]), None);
    }
}
