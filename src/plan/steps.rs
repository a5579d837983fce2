//! From what is chosen to the steps that get there, each of them right on its own.

use super::{Plan, Reason, Step, tier::Tier, view::View};
use crate::model::{Class, DiskSet};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Adds the difference between the shelf as it is and as it would stand to the plan. Says whether
/// the shelf gets there with that: not if copies were passed over.
pub(super) fn write(view: &mut View<'_>, plan: &mut Plan) -> bool {
    let first = plan.steps.len();
    view.recall_marks();
    plan.steps.extend(removals(view));
    let mut desk = Desk::open(view);
    desk.relieve(&mut plan.steps);
    let paid = desk.copy(&mut plan.steps);
    if first == 0 {
        plan.fill = paid;
    }
    plan.over_budget = u64::try_from((-desk.free).max(0)).unwrap_or(u64::MAX);
    view.carry_out(plan.steps.get(first..).unwrap_or_default())
}

/// Why a copy goes that nothing has to come for.
fn removal(view: &View<'_>, index: u32) -> Option<Reason> {
    match view.item(index).class {
        _ if view.is_here(index) || !view.was_here(index) => None,
        Class::Orphan => Some(Reason::Orphan),
        _ => view.is_excess(index).then_some(Reason::Excess),
    }
}

fn removals(view: &View<'_>) -> Vec<Step> {
    let removed = view.indices().filter_map(|item| Some((removal(view, item)?, item)));
    let mut removed: Vec<(Reason, u32)> = removed.collect();
    removed.sort_unstable();
    removed.into_iter().map(|(reason, item)| Step::Remove { item, reason }).collect()
}

/// The live items that nothing will hold, by whether any disk could.
pub(super) fn list_uncopied(view: &View<'_>, plan: &mut Plan) {
    let largest = view.rooms.iter().map(|(_, room)| *room).max().unwrap_or(0);
    for index in view.indices() {
        let item = view.item(index);
        let wanted = item.class == Class::Live && item.maxcopies > 0;
        if wanted && !view.was_here(index) && view.elsewhere(index) == DiskSet::EMPTY {
            let list = if item.footprint > largest { &mut plan.too_large } else { &mut plan.waiting };
            list.push(index);
        }
    }
}

/// The room that is free, and who can still be evicted, as the steps are written.
struct Desk<'a> {
    view: &'a View<'a>,
    free: i128,
    /// Highest tier first.
    victims: Vec<(Tier, u32)>,
    /// Position of the next victim.
    next: usize,
    /// Bytes of the victims from there on.
    waiting: i128,
    /// Who leaves only for a newcomer of its own tier.
    exchanged: BTreeSet<u32>,
}

impl<'a> Desk<'a> {
    /// After the removals.
    fn open(view: &'a View<'a>) -> Self {
        let stood = view.indices().filter(|i| view.was_here(*i) && removal(view, *i).is_none());
        let used: i128 = stood.map(|index| i128::from(view.footprint(index))).sum();
        let leaves = |i: &u32| view.was_here(*i) && !view.is_here(*i) && removal(view, *i).is_none();
        let exchanged: BTreeSet<u32> = view
            .exchanges
            .iter()
            .filter(|(newcomer, _)| view.is_here(**newcomer) && !view.was_here(**newcomer))
            .flat_map(|(_, leaving)| leaving.iter().copied().filter(leaves))
            .collect();
        let queued = view.indices().filter(|i| leaves(i) && !exchanged.contains(i));
        let mut victims: Vec<(Tier, u32)> = queued.map(|index| (view.tier(index), index)).collect();
        victims.sort_unstable_by_key(|(tier, index)| (Reverse(*tier), *index));
        let waiting = victims.iter().map(|(_, index)| i128::from(view.footprint(*index))).sum();
        Self { view, free: i128::from(view.size) - used, victims, next: 0, waiting, exchanged }
    }

    /// Evicts until the disk is within its room.
    fn relieve(&mut self, steps: &mut Vec<Step>) {
        while self.free < 0
            && let Some(item) = self.evict()
        {
            steps.push(Step::Remove { item, reason: Reason::OverBudget });
        }
    }

    /// All copies within the limit, lowest tier first: those that victims make room for, then those
    /// that only fill what is free. Returns where the latter begin.
    fn copy(&mut self, steps: &mut Vec<Step>) -> usize {
        let lowest = self.victims.last().map(|(tier, _)| *tier);
        let newcomers = self.newcomers();
        steps.reserve_exact(newcomers.len());
        let queue_ends = newcomers.partition_point(|index| lowest.is_none_or(|lowest| self.view.tier(*index) < lowest));
        let (paid, filling) = newcomers.split_at(queue_ends);
        let mut passed_over = Vec::new();
        for index in paid {
            match self.step(*index, true) {
                Some(step) => steps.push(step),
                None => passed_over.push(*index),
            }
        }
        let fill = steps.len();
        let rest = filling.iter().chain(&passed_over);
        steps.extend(rest.filter_map(|index| self.step(*index, false)));
        fill
    }

    /// Who comes, within the limit. What is larger than all of it is passed over, but the first that
    /// is too much for the rest of it ends the list: it has to stay best first.
    fn newcomers(&self) -> Vec<u32> {
        let view = self.view;
        let comes = |index: &u32| view.is_here(*index) && !view.was_here(*index);
        let mut newcomers: Vec<u32> = view.indices().filter(comes).collect();
        newcomers.sort_by_cached_key(|index| {
            (view.tier(*index), view.exchanges.contains_key(index), view.item(*index).directory, *index)
        });
        let limit = view.request.limit.unwrap_or(u64::MAX);
        newcomers.retain(|index| view.footprint(*index) <= limit);
        let mut left = u128::from(limit);
        let within = newcomers.iter().take_while(|index| {
            let rest = left.checked_sub(u128::from(view.footprint(**index)));
            left = rest.unwrap_or(left);
            rest.is_some() || view.request.limit.is_none()
        });
        let count = within.count();
        newcomers.truncate(count);
        newcomers
    }

    /// One copy with its evictions; nothing if it cannot have its room.
    fn step(&mut self, index: u32, pays: bool) -> Option<Step> {
        let bytes = i128::from(self.view.footprint(index));
        let own = self.who_leaves_for(index);
        let offered: i128 = own.iter().map(|i| i128::from(self.view.footprint(*i))).sum();
        if bytes > self.free + offered + if pays { self.waiting } else { 0 } {
            return None;
        }
        let mut exchange = Vec::new();
        for leaving in own {
            if self.free < bytes {
                self.exchanged.remove(&leaving);
                self.free += i128::from(self.view.footprint(leaving));
                exchange.push(leaving);
            }
        }
        let mut evict = Vec::new();
        while self.free < bytes {
            evict.push(self.evict()?);
        }
        self.free -= bytes;
        Some(Step::Copy { item: index, reason: self.reason(index), exchange, evict })
    }

    /// Its exchange, as far as it is one: lists that several passes made could add up to too much.
    fn who_leaves_for(&self, index: u32) -> Vec<u32> {
        let (view, bytes) = (self.view, u128::from(self.view.footprint(index)));
        let own = view.exchanges.get(&index).into_iter().flatten().copied();
        let mut sum = 0;
        own.filter(|i| self.exchanged.contains(i) && view.tier(*i) == view.tier(index))
            .take_while(|i| {
                sum += u128::from(view.footprint(*i));
                sum <= bytes - bytes / 8
            })
            .collect()
    }

    fn evict(&mut self) -> Option<u32> {
        let (_, index) = *self.victims.get(self.next)?;
        let bytes = i128::from(self.view.footprint(index));
        self.next += 1;
        self.waiting -= bytes;
        self.free += bytes;
        Some(index)
    }

    fn reason(&self, index: u32) -> Reason {
        match self.view.elsewhere(index).count() {
            0 => Reason::New,
            copies if copies >= u32::from(self.view.item(index).maxcopies) => Reason::Relocation,
            copies => Reason::Copies(copies + 1),
        }
    }
}
