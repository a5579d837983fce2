//! A visit step by step: what is on the disk, and what must not happen to it.

use super::super::{Item, Reason, Request, Shelf, Step};
use super::claim::{Claim, Place, places};
use super::violation::Violation;
use crate::model::{Class, DiskIndex, DiskSet};
use std::collections::BTreeMap;

/// The disk as the steps so far left it.
pub(super) struct Visit<'a> {
    items: &'a [Item],
    attached: DiskIndex,
    groups: &'a [DiskSet],
    request: &'a Request,
    room: u128,
    here: Vec<bool>,
    used: u128,
    /// Live objects without any copy that counts.
    bare: usize,
    /// Whether some were bare before anything was done.
    began_bare: bool,
    /// Whether anything but the removal of orphans was done.
    begun: bool,
    /// Whether the room forced anything out.
    forced: bool,
    /// Whether anything came for the sake of another disk.
    relocated: bool,
    found: Vec<Violation>,
}

impl<'a> Visit<'a> {
    /// Before the first step.
    pub fn begin(items: &'a [Item], shelf: &Shelf<'a>, request: &'a Request) -> Self {
        let room = shelf.rooms.iter().find(|(disk, _)| *disk == shelf.attached).map_or(0, |(_, room)| *room);
        let here: Vec<bool> = items.iter().map(|item| item.disks.contains(shelf.attached)).collect();
        let held = items.iter().zip(&here).filter(|(_, here)| **here);
        // A group of all disks tells none from another.
        let all = |group: &DiskSet| shelf.rooms.iter().all(|(disk, _)| group.contains(*disk));
        let bare = items.iter().filter(|item| item.class == Class::Live && item.disks == DiskSet::EMPTY).count();
        Self {
            items,
            attached: shelf.attached,
            groups: if shelf.groups.iter().any(all) { &[] } else { shelf.groups },
            request,
            room: room.into(),
            used: held.map(|(item, _)| u128::from(item.footprint)).sum(),
            here,
            bare,
            began_bare: bare > 0,
            begun: false,
            forced: false,
            relocated: false,
            found: Vec::new(),
        }
    }

    /// Takes a step as done.
    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Remove { item, reason } => self.remove(*item, *reason),
            Step::Copy { item, reason, exchange, evict } => self.copy(*item, *reason, exchange, evict),
        }
    }

    /// What was wrong.
    pub fn end(mut self) -> Vec<Violation> {
        let orphans = (0..)
            .zip(self.items)
            .zip(&self.here)
            .filter(|((_, item), here)| **here && item.class == Class::Orphan && self.request.remove_orphans);
        self.found.extend(orphans.map(|((item, _), _)| Violation::OrphanLeft(item)));
        self.found.extend(if self.forced { None } else { self.loss() });
        self.found
    }

    fn require(&mut self, holds: bool, violation: Violation) {
        if !holds {
            self.found.push(violation);
        }
    }

    fn item(&mut self, index: u32) -> Option<&'a Item> {
        let item = self.items.get(index as usize);
        self.require(item.is_some(), Violation::NoSuchItem(index));
        item
    }

    fn is_here(&self, index: u32) -> bool {
        self.here.get(index as usize).copied().unwrap_or(false)
    }

    fn put(&mut self, index: u32, here: bool) {
        if let Some(place) = self.here.get_mut(index as usize) {
            *place = here;
        }
    }

    /// Trusted copies on other disks.
    fn elsewhere(&self, item: &Item) -> u32 {
        item.disks.without(self.attached).count()
    }

    fn claim(&self, item: &Item) -> Claim {
        Claim::of(item, self.attached, self.groups)
    }

    /// Whether a copy here is one too many, and not the last.
    fn is_excess(&self, item: &Item) -> bool {
        self.claim(item).is_excess(item, self.elsewhere(item))
    }

    fn remove(&mut self, index: u32, reason: Reason) {
        let Some(item) = self.item(index) else { return };
        let holds = match reason {
            Reason::Orphan => item.class == Class::Orphan,
            Reason::Excess => self.is_excess(item),
            Reason::OverBudget => item.class != Class::Orphan && self.used > self.room,
            Reason::New | Reason::Copies(_) | Reason::Relocation => false,
        };
        self.require(holds, Violation::WrongReason(index, reason));
        self.begun |= reason != Reason::Orphan;
        self.forced |= reason == Reason::OverBudget;
        self.give_up(index, item);
    }

    fn give_up(&mut self, index: u32, item: &Item) {
        self.require(item.class != Class::Orphan || !self.begun, Violation::OrphanLate(index));
        if !self.is_here(index) {
            return self.found.push(Violation::NotHere(index));
        }
        let last = item.class.is_pinned() && self.elsewhere(item) == 0;
        self.require(!last, Violation::LastCopy(index));
        self.bare += usize::from(last);
        self.used -= u128::from(item.footprint);
        self.put(index, false);
    }

    fn copy(&mut self, index: u32, reason: Reason, exchange: &[u32], evict: &[u32]) {
        let Some(item) = self.item(index) else { return };
        self.begun = true;
        self.check_newcomer(index, item, reason);
        self.check_price(index, item, exchange);
        for (victims, exchanged) in [(exchange, true), (evict, false)] {
            for victim in victims {
                self.evict(*victim, (index, item, reason), exchanged);
            }
        }
        if !self.is_here(index) {
            self.bare -= usize::from(item.class == Class::Live && self.elsewhere(item) == 0);
            self.used += u128::from(item.footprint);
            self.put(index, true);
        }
        // Where the room was lowered below what is there, only removals are left to do.
        let excess = self.used.saturating_sub(self.room);
        self.require(excess == 0, Violation::OverRoom(index, excess));
    }

    fn check_newcomer(&mut self, index: u32, item: &Item, reason: Reason) {
        let (copies, most) = (self.elsewhere(item), u32::from(item.maxcopies));
        let asked = self.request.maxcopies.map_or(u32::MAX, u32::from);
        let relocation = reason == Reason::Relocation;
        let holds = match reason {
            Reason::New => copies == 0,
            Reason::Copies(number) => copies >= 1 && number == copies + 1,
            Reason::Relocation => copies >= 1 && copies >= most,
            Reason::Orphan | Reason::Excess | Reason::OverBudget => false,
        };
        self.relocated |= relocation;
        self.require(!self.is_here(index), Violation::AlreadyHere(index));
        self.require(item.class == Class::Live, Violation::NotLive(index));
        self.require(item.obtainable, Violation::Unobtainable(index));
        self.require(holds, Violation::WrongReason(index, reason));
        // On its way to another disk it may have one more for a while.
        let allowed = copies < most.saturating_add(u32::from(relocation)).min(asked);
        self.require(allowed, Violation::BeyondMaxcopies(index));
    }

    /// An exchange has to be worth it: 7/8 of the newcomer at most.
    fn check_price(&mut self, newcomer: u32, item: &Item, exchange: &[u32]) {
        let leaving = exchange.iter().filter_map(|victim| self.items.get(*victim as usize));
        let bytes: u128 = leaving.map(|item| u128::from(item.footprint)).sum();
        let most = u128::from(item.footprint - item.footprint / 8);
        self.require(bytes <= most, Violation::DearExchange(newcomer, bytes));
    }

    fn evict(&mut self, victim: u32, (newcomer, item, reason): (u32, &Item, Reason), exchanged: bool) {
        let Some(leaving) = self.item(victim) else { return };
        let needed = self.used + u128::from(item.footprint) > self.room;
        self.require(needed, Violation::Needless(victim, newcomer));
        let (gives, takes) = (self.claim(leaving), self.claim(item));
        let exempt = leaving.class == Class::Orphan || self.is_excess(leaving) || reason == Reason::Relocation;
        let staged = self.bare > 0 && self.elsewhere(item) == 1 && gives >= Claim::staged(item);
        if exchanged {
            self.require(exempt || gives == takes, Violation::UnequalExchange(victim, newcomer));
        } else {
            self.require(exempt || staged || gives > takes, Violation::NoBetterClaim(victim, newcomer));
        }
        self.give_up(victim, leaving);
    }

    /// The first place, in the order of the objective, that has fewer bytes than before, if none
    /// before it has more. What is staged or relocated lowers later levels for the sake of what it
    /// lets another disk do: then only first copies count.
    fn loss(&self) -> Option<Violation> {
        let first_only = self.began_bare || self.relocated;
        let changes = self.changes();
        let mut counting = changes.iter().filter(|(place, bytes)| **bytes != 0 && !(first_only && place.before > 0));
        let (place, bytes) = counting.next()?;
        (*bytes < 0).then(|| Violation::Worse(place.before + 1, place.priority()))
    }

    /// By place, the bytes that have it now and had not, less those that had.
    fn changes(&self) -> BTreeMap<Place, i128> {
        let attached = self.attached;
        let mut changes = BTreeMap::new();
        for (item, here) in self.items.iter().zip(&self.here) {
            if item.class != Class::Live || item.disks.contains(attached) == *here {
                continue;
            }
            let now = if *here { item.disks.with(attached) } else { item.disks.without(attached) };
            for (disks, sign) in [(now, 1), (item.disks, -1)] {
                for place in places(item, disks, self.groups) {
                    *changes.entry(place).or_insert(0) += sign * i128::from(item.footprint);
                }
            }
        }
        changes
    }
}
