//! Which numbers of copies the shelf can reach for everything.

use super::{
    Item,
    bound::bound,
    tier::{Rank, Tier},
    view::View,
};
use crate::model::{Class, DiskSet};
use std::collections::BTreeMap;

/// What the shelf can reach, by what a copy is for.
pub(super) struct Levels(BTreeMap<Rank, Reach>);

/// Bytes that want one more copy, and how many of them can have it.
struct Reach {
    /// By copies already there, then priority: bytes of at least that priority that want one more.
    demand: Vec<Vec<u128>>,
    /// By copies already there: bytes that can have one more at best.
    bound: Vec<u128>,
}

const PRIORITIES: usize = 256;

impl Levels {
    /// Reckons with all live items and all known disks.
    pub fn of(view: &View<'_>) -> Self {
        let apart = units(view, view.groups);
        let mut levels = BTreeMap::new();
        for rank in [Rank::Wanted, Rank::Beyond] {
            levels.insert(rank, Reach::of(view, &apart, rank));
        }
        if !view.groups.is_empty() {
            let single = units(view, &[]);
            for rank in [Rank::Doubled, Rank::DoubledBeyond] {
                levels.insert(rank, Reach::of(view, &single, rank));
            }
        }
        Self(levels)
    }

    /// Whether everything of at least this priority can be raised by one copy, but for crumbs.
    pub fn completable(&self, tier: Tier) -> bool {
        self.0.get(&tier.rank()).is_none_or(|reach| reach.completable(tier))
    }
}

/// What fails as one: a group, or a disk by itself.
struct Unit {
    /// Bytes for objects.
    room: u64,
    /// The largest object that it can hold.
    largest: u64,
}

/// Sorted by the largest object.
fn units(view: &View<'_>, groups: &[DiskSet]) -> Vec<Unit> {
    let mut units: BTreeMap<u64, Unit> = BTreeMap::new();
    for (disk, room) in view.rooms {
        let all = DiskSet::EMPTY.with(*disk).with_mates(groups);
        let unit = units.entry(all.0).or_insert(Unit { room: 0, largest: 0 });
        unit.room = unit.room.saturating_add(*room);
        unit.largest = unit.largest.max(*room);
    }
    let mut units: Vec<Unit> = units.into_values().collect();
    units.sort_unstable_by_key(|unit| unit.largest);
    units
}

impl Reach {
    fn of(view: &View<'_>, units: &[Unit], rank: Rank) -> Self {
        let demand = demand(view, units, rank);
        let rooms: Vec<u64> = units.iter().map(|unit| unit.room).collect();
        let all: Vec<u128> = demand.iter().filter_map(|level| level.first().copied()).collect();
        Self { bound: bound(&rooms, &all), demand }
    }

    fn completable(&self, tier: Tier) -> bool {
        let level = tier.copies();
        let wanted = self.demand.get(level).and_then(|by_priority| by_priority.get(tier.priority()));
        let reached = self.bound.get(level).copied().unwrap_or(0);
        wanted.is_none_or(|wanted| reached.saturating_mul(10_000) >= wanted.saturating_mul(9_999))
    }
}

/// Copies that an item asks for, by what they are for.
fn asked(view: &View<'_>, item: &Item, rank: Rank) -> u32 {
    match rank {
        Rank::Wanted | Rank::Doubled => view.cap(item).min(item.wanted.into()),
        Rank::Beyond | Rank::DoubledBeyond => view.cap(item),
    }
}

/// Sums by copies wanted and priority, then upwards from the highest of both.
fn demand(view: &View<'_>, units: &[Unit], rank: Rank) -> Vec<Vec<u128>> {
    let mut wanted = vec![vec![0; PRIORITIES]; units.len()];
    for index in view.indices() {
        let item = view.item(index);
        let fitting = units.len() - units.partition_point(|unit| unit.largest < item.footprint);
        let copies = if item.obtainable { asked(view, item, rank) } else { view.holders(index).count() };
        let last = (copies as usize).min(fitting).checked_sub(1).and_then(|level| wanted.get_mut(level));
        if let (Class::Live, Some(level)) = (item.class, last) {
            level[usize::from(item.priority)] += u128::from(item.footprint);
        }
    }
    let mut above = vec![0; PRIORITIES];
    for level in wanted.iter_mut().rev() {
        accumulate(level, &mut above);
    }
    wanted
}

/// Adds up a level from the highest priority down, on top of the levels above it.
fn accumulate(level: &mut [u128], above: &mut [u128]) {
    let mut sum = 0;
    for (bytes, above) in level.iter_mut().zip(above).rev() {
        sum += *bytes;
        *above += sum;
        *bytes = *above;
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::samples::{shelf, with};
    use super::*;

    #[test]
    fn a_level_is_completable_for_priorities_that_fit() {
        let mut items = shelf([(6, 0, false), (6, 0, false), (6, 0, false)]);
        items[0].priority = 200;
        with(&items, 12, |view| {
            let levels = Levels::of(view);
            // Two disks of 12 hold all of the first level (18), and 6 of the second.
            for (level, priority, completable) in [(0, 100, true), (1, 200, true), (1, 100, false)] {
                assert_eq!(
                    levels.completable(Tier::live(Rank::Wanted, level, priority)),
                    completable,
                    "{level} {priority}"
                );
            }
        });
    }

    #[test]
    fn what_cannot_be_had_wants_no_more_than_it_has() {
        let mut items = shelf([(6, 0, false), (6, 0, false)]);
        with(&items, 9, |view| assert!(!Levels::of(view).completable(Tier::live(Rank::Wanted, 1, 100))));
        items[0].obtainable = false;
        with(&items, 9, |view| assert!(Levels::of(view).completable(Tier::live(Rank::Wanted, 1, 100))));
    }
}
