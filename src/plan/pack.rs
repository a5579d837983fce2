//! Fills room from one tier: as full as possible, whole directories, few of them split.

use super::{
    survey::{Directory, Survey},
    view::View,
};
use std::cmp::Reverse;

/// Left-over room below this is not worth splitting a directory.
const CRUMBS: u64 = 8192;

/// What a pass knows, as far as packing needs it.
#[derive(Clone, Copy)]
pub(super) struct Packer<'a> {
    /// The items.
    pub view: &'a View<'a>,
    /// Their directories.
    pub survey: &'a Survey,
}

/// Files of one directory, or one giant alone.
struct Unit<'a> {
    order: Order,
    bytes: u64,
    items: &'a [u32],
}

/// Big rocks first where all will fit in the end; else by affinity, size class and path.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Giant(Reverse<u64>, u32, u32),
    Ordinary { affinity: u8, class: u8, directory: u32, first: u32 },
}

impl Packer<'_> {
    /// Chooses among items, which come by index. `completable`: the tier will be completed anyway,
    /// so small files need no preference.
    pub fn pack(self, items: &[u32], room: u64, completable: bool) -> Vec<u32> {
        if bytes(self.view, items) <= u128::from(room) {
            return items.to_vec();
        }
        let mut sorted = items.to_vec();
        sorted.sort_unstable_by_key(|i| (self.view.item(*i).directory, self.is_giant(*i), *i));
        let mut units: Vec<Unit<'_>> = sorted
            .chunk_by(|a, b| self.view.item(*a).directory == self.view.item(*b).directory && !self.is_giant(*b))
            .filter_map(|items| self.unit(items, completable))
            .collect();
        units.sort_unstable_by(|a, b| a.order.cmp(&b.order));
        let mut bag = Bag { view: self.view, left: room, items: Vec::new() };
        let deferred = bag.take_units(units);
        bag.split(deferred);
        bag.items
    }

    /// Too big to be one of a directory's files: an eighth of the disk.
    fn is_giant(self, index: u32) -> bool {
        self.view.footprint(index) >= (self.view.size / 8).max(1)
    }

    fn unit(self, items: &[u32], completable: bool) -> Option<Unit<'_>> {
        let first = *items.first()?;
        let bytes = u64::try_from(bytes(self.view, items)).unwrap_or(u64::MAX);
        let directory = self.survey.directory(self.view, first);
        let giant = self.is_giant(first);
        let rank = self.view.item(first).directory;
        let order = if completable && giant {
            Order::Giant(Reverse(bytes), rank, first)
        } else {
            let class = if giant { Directory::size_class(bytes) } else { directory.class() };
            let class = if completable { 0 } else { class };
            Order::Ordinary { affinity: affinity(directory, bytes), class, directory: rank, first }
        };
        Some(Unit { order, bytes, items })
    }
}

/// How well a unit goes with what the disk has: 0 best.
fn affinity(directory: &Directory, bytes: u64) -> u8 {
    let completes = directory.here.saturating_add(bytes) == directory.bytes;
    match (completes, directory.is_whole_elsewhere(), directory.here > 0) {
        (true, false, _) => 0,
        (true, true, _) => 1,
        (false, _, true) => 2,
        (false, _, false) => 3,
    }
}

/// Their bytes, summed.
pub(super) fn bytes(view: &View<'_>, items: &[u32]) -> u128 {
    items.iter().map(|index| u128::from(view.footprint(*index))).sum()
}

/// What is chosen, and the room that is left.
struct Bag<'a> {
    view: &'a View<'a>,
    left: u64,
    items: Vec<u32>,
}

impl Bag<'_> {
    /// First fit over units; hands back what would have to be split. A unit above a quarter of the
    /// disk is split at once, or it would never find its room.
    fn take_units<'u>(&mut self, units: Vec<Unit<'u>>) -> Vec<Unit<'u>> {
        let mut deferred = Vec::new();
        for unit in units {
            if unit.bytes <= self.left {
                self.take(unit.items);
            } else if unit.bytes > self.view.size / 4 {
                let fitting = self.fitting(unit.items);
                self.take(&fitting);
            } else {
                deferred.push(unit);
            }
        }
        deferred
    }

    /// Splits units: those that use at least half of what is left, then any while much is left.
    /// Repeated, as the half shrinks with each: what remains would not be chosen next time either.
    fn split(&mut self, mut units: Vec<Unit<'_>>) {
        let much = self.view.size / 2000;
        while self.left >= CRUMBS {
            let before = self.left;
            units.retain(|unit| !self.open(unit, self.left.div_ceil(2)));
            units.retain(|unit| self.left <= much || !self.open(unit, 1));
            if self.left == before {
                break;
            }
        }
    }

    /// Takes the largest files of a unit that fit, if they come to so many bytes.
    fn open(&mut self, unit: &Unit<'_>, least: u64) -> bool {
        if self.left < CRUMBS || unit.bytes < least {
            return false;
        }
        let mut items = unit.items.to_vec();
        items.sort_unstable_by_key(|index| (Reverse(self.view.footprint(*index)), *index));
        let fitting = self.fitting(&items);
        let bytes: u64 = fitting.iter().map(|index| self.view.footprint(*index)).sum();
        if bytes >= least {
            self.take(&fitting);
        }
        bytes >= least
    }

    /// First fit over files.
    fn fitting(&self, items: &[u32]) -> Vec<u32> {
        let mut left = self.left;
        let mut fits = |index: &u32| {
            let rest = left.checked_sub(self.view.footprint(*index));
            left = rest.unwrap_or(left);
            rest.is_some()
        };
        items.iter().copied().filter(|index| fits(index)).collect()
    }

    fn take(&mut self, items: &[u32]) {
        self.left -= items.iter().map(|index| self.view.footprint(*index)).sum::<u64>();
        self.items.extend_from_slice(items);
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::samples::{shelf, with};
    use super::*;

    /// Footprints in blocks of 8 KiB, as small left-overs split no directory.
    fn packed(objects: &[(u64, u32, bool)], room: u64, completable: bool) -> Vec<u32> {
        let items = shelf(objects.iter().map(|(blocks, directory, here)| (blocks * CRUMBS, *directory, *here)));
        let off: Vec<u32> = (0..objects.len() as u32).filter(|i| !objects[*i as usize].2).collect();
        let mut chosen = Vec::new();
        with(&items, 80 * CRUMBS, |view| {
            let survey = Survey::take(view);
            chosen = Packer { view, survey: &survey }.pack(&off, room * CRUMBS, completable);
        });
        chosen
    }

    #[test]
    fn takes_all_that_fits_together() {
        assert_eq!(packed(&[(2, 0, false), (1, 0, false)], 3, false), [0, 1]);
    }

    #[test]
    fn prefers_what_completes_a_directory() {
        let objects = [(10, 0, false), (10, 0, false), (2, 1, true), (10, 1, false)];
        assert_eq!(packed(&objects, 10, false), [3]);
    }

    #[test]
    fn prefers_small_files_where_not_all_can_be_raised() {
        let objects = [(8, 0, false), (1, 1, false), (1, 1, false)];
        assert_eq!(packed(&objects, 8, false), [1, 2]);
        assert_eq!(packed(&objects, 8, true), [0]);
    }

    #[test]
    fn big_rocks_come_first_where_all_will_fit_in_the_end() {
        let objects = [(6, 0, false), (12, 1, false)];
        assert_eq!(packed(&objects, 12, true), [1]);
        assert_eq!(packed(&objects, 12, false), [0]);
    }

    #[test]
    fn splits_a_directory_only_for_half_of_what_is_left() {
        assert_eq!(packed(&[(3, 0, false), (3, 0, false)], 5, true), [0]);
        assert_eq!(packed(&[(9, 0, false), (9, 0, false)], 8, true), [0_u32; 0]);
    }
}
