//! Which numbers of copies the shelf can reach for everything.

use super::{
    bound::bound,
    tier::{Rank, Tier},
    view::View,
};
use crate::model::{Class, DiskSet};
use std::collections::BTreeMap;

/// What the shelf can reach, by what a copy is for. A visit of the attached disk changes nothing of
/// it, so it is reckoned once for a plan.
pub(super) struct Levels {
    wanted: Reach,
    beyond: Reach,
    doubled: Reach,
    doubled_beyond: Reach,
}

/// Bytes that want one more copy, and how many of them can have it.
#[derive(Default)]
struct Reach {
    /// By copies already there, then priority: bytes of at least that priority that want one more.
    demand: Vec<[u128; PRIORITIES]>,
    /// By copies already there: bytes that can have one more at best.
    bound: Vec<u128>,
}

const PRIORITIES: usize = 256;

impl Levels {
    /// Reckons with all live items and all known disks.
    pub fn of(view: &View<'_>) -> Self {
        let (wanted, beyond) = Reach::both(view, &units(view, view.groups));
        let nothing = || (Reach::default(), Reach::default());
        let (doubled, doubled_beyond) =
            if view.groups.is_empty() { nothing() } else { Reach::both(view, &units(view, &[])) };
        Self { wanted, beyond, doubled, doubled_beyond }
    }

    /// Whether everything of at least this priority can be raised by one copy, but for crumbs.
    pub fn completable(&self, tier: Tier) -> bool {
        match tier.rank() {
            Rank::Wanted => &self.wanted,
            Rank::Beyond => &self.beyond,
            Rank::Doubled => &self.doubled,
            Rank::DoubledBeyond => &self.doubled_beyond,
        }
        .completable(tier)
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
    /// Of the copies that are wanted, and of all.
    fn both(view: &View<'_>, units: &[Unit]) -> (Self, Self) {
        let none = || vec![[0; PRIORITIES]; units.len()];
        let (mut wanted, mut all) = (none(), none());
        for index in view.indices() {
            let item = view.item(index);
            if item.class != Class::Live {
                continue;
            }
            // What cannot be had wants no more than it has without the attached disk.
            let most = if item.obtainable { view.cap(item) } else { view.elsewhere(index).count() };
            let fitting = units.len() - units.partition_point(|unit| unit.largest < item.footprint);
            let most = fitting.min(most as usize);
            for (demand, copies) in [(&mut wanted, most.min(item.wanted.into())), (&mut all, most)] {
                if let Some(level) = copies.checked_sub(1).and_then(|level| demand.get_mut(level)) {
                    level[usize::from(item.priority)] += u128::from(item.footprint);
                }
            }
        }
        (Self::of(units, wanted), Self::of(units, all))
    }

    /// From sums by copies asked for and priority.
    fn of(units: &[Unit], mut demand: Vec<[u128; PRIORITIES]>) -> Self {
        let mut above = [0; PRIORITIES];
        for level in demand.iter_mut().rev() {
            accumulate(level, &mut above);
        }
        let rooms: Vec<u64> = units.iter().map(|unit| unit.room).collect();
        let all: Vec<u128> = demand.iter().map(|[all, ..]| *all).collect();
        Self { bound: bound(&rooms, &all), demand }
    }

    fn completable(&self, tier: Tier) -> bool {
        let level = tier.copies();
        let wanted = self.demand.get(level).and_then(|by_priority| by_priority.get(tier.priority()));
        let reached = self.bound.get(level).copied().unwrap_or(0);
        wanted.is_none_or(|wanted| reached.saturating_mul(10_000) >= wanted.saturating_mul(9_999))
    }
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
