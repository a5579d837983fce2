//! Which numbers of copies the shelf can reach for everything.

use super::{bound::bound, tier::Tier, view::View};
use crate::model::Class;

/// Bytes that want one more copy, and how many of them can have it.
pub(super) struct Levels {
    /// By copies already there, then priority: bytes of at least that priority that want one more.
    demand: Vec<Vec<u128>>,
    /// By copies already there: bytes that can have one more at best.
    bound: Vec<u128>,
}

const PRIORITIES: usize = 256;

impl Levels {
    /// Reckons with all live items and all known disks.
    pub fn of(view: &View<'_>) -> Self {
        let demand = demand(view);
        let rooms: Vec<u64> = view.rooms.iter().map(|(_, room)| *room).collect();
        let all: Vec<u128> = demand.iter().filter_map(|level| level.first().copied()).collect();
        Self { bound: bound(&rooms, &all), demand }
    }

    /// Whether everything of at least this priority can be raised by one copy, but for crumbs.
    pub fn completable(&self, tier: Tier) -> bool {
        let level = tier.elsewhere();
        let wanted = self.demand.get(level).and_then(|by_priority| by_priority.get(tier.priority()));
        let reached = self.bound.get(level).copied().unwrap_or(0);
        wanted.is_none_or(|wanted| reached.saturating_mul(10_000) >= wanted.saturating_mul(9_999))
    }
}

/// Sums by copies wanted and priority, then upwards from the highest of both.
fn demand(view: &View<'_>) -> Vec<Vec<u128>> {
    let mut rooms: Vec<u64> = view.rooms.iter().map(|(_, room)| *room).collect();
    rooms.sort_unstable();
    let mut wanted = vec![vec![0; PRIORITIES]; rooms.len()];
    for index in view.indices() {
        let item = view.item(index);
        let fitting = rooms.len() - rooms.partition_point(|room| *room < item.footprint);
        let copies = if item.obtainable { view.cap(item) } else { view.holders(index).count() };
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
                assert_eq!(levels.completable(Tier::live(level, priority)), completable, "{level} {priority}");
            }
        });
    }

    #[test]
    fn what_cannot_be_had_wants_no_more_than_it_has() {
        let mut items = shelf([(6, 0, false), (6, 0, false)]);
        with(&items, 9, |view| assert!(!Levels::of(view).completable(Tier::live(1, 100))));
        items[0].obtainable = false;
        with(&items, 9, |view| assert!(Levels::of(view).completable(Tier::live(1, 100))));
    }
}
