//! Saturated objects that sit on disks which others need, while this disk idles.

use super::{
    tier::{Rank, Tier},
    view::View,
};
use crate::model::{Class, DiskIndex, DiskSet};
use std::cell::LazyCell;

const DISKS: usize = DiskIndex::COUNT as usize;

/// Levels looked at: further copies are rarely short, and each costs a look at every item.
const LEVELS: u32 = 3;

/// So many copies of what wants them, or of everything.
#[derive(Clone, Copy)]
struct Level {
    copies: u32,
    rank: Rank,
}

/// What a level has and asks for.
struct Balance {
    level: Level,
    /// By disk index: bytes for it beside what it holds already at the level or below.
    room: [i128; DISKS],
    /// By disk index: bytes that could be asked of it.
    demand: [i128; DISKS],
}

/// Which disks should be relieved of how much.
pub(super) struct Relocation {
    level: Level,
    contended: DiskSet,
    /// Bytes that each contended disk should still lose, by disk index.
    want: [i128; DISKS],
    /// Bytes that find no room at the level but on contended disks.
    stuck: i128,
}

impl Relocation {
    /// The first level that falls short only because saturated objects stand in the way;
    /// nothing if this disk is among those that should be relieved.
    pub fn find(view: &View<'_>) -> Option<Self> {
        let disks = view.rooms.len() as u32;
        let live = || live(view).map(|index| view.item(index));
        if !live().any(|item| u32::from(item.maxcopies) < disks) {
            return None;
        }
        let data: i128 = live().map(|item| i128::from(item.footprint)).sum();
        let wanted = live().fold((u8::MAX, 0), |(least, most), item| (item.wanted.min(least), item.wanted.max(most)));
        let levels: Vec<Level> = levels(wanted, LEVELS.min(disks)).collect();
        let mut found: Vec<Self> = balances(view, &levels).into_iter().map(|level| Self::at(view, &level)).collect();
        look_for_stuck(view, &mut found);
        let first = found.into_iter().find(|relocation| relocation.stuck > data / 1000)?;
        (!first.contended.contains(view.attached)).then_some(first)
    }

    fn at(view: &View<'_>, Balance { level, room, demand }: &Balance) -> Self {
        let contended = view.rooms.iter().map(|(disk, _)| *disk).filter(|disk| at(demand, *disk) > at(room, *disk));
        Self { level: *level, contended: contended.collect(), want: room.map(|room| -room.max(0)), stuck: 0 }
    }

    /// The tier of an item that is relocated.
    pub fn tier(&self, view: &View<'_>, index: u32) -> Tier {
        let settled = view.tier_with(index, u32::from(view.item(index).maxcopies.saturating_sub(1)));
        Tier::relocation(Tier::live(self.level.rank, self.level.copies, u8::MAX), settled)
    }

    /// Whether a copy beyond maxcopies waits here until its contended disk comes round.
    pub fn waits(&self, view: &View<'_>, index: u32) -> bool {
        view.item(index).maxcopies > 0 && view.elsewhere(index).0 & self.contended.0 != 0
    }

    /// Takes a saturated object off the disk that most wants to lose it.
    pub fn claim(&mut self, view: &View<'_>, index: u32) -> bool {
        let item = view.item(index);
        let holders = view.elsewhere(index);
        let within = view.request.maxcopies.is_none_or(|cap| holders.count() < u32::from(cap));
        if holders.count() != u32::from(item.maxcopies) || !within || !view.relocates {
            return false;
        }
        let contended = DiskSet(holders.0 & self.contended.0);
        // The first of the largest: max_by_key takes the last of equals.
        let heaviest = contended.iter().map(|disk| (at(&self.want, disk), std::cmp::Reverse(disk))).max();
        let Some((1.., std::cmp::Reverse(disk))) = heaviest else { return false };
        add(&mut self.want, DiskSet::EMPTY.with(disk), -i128::from(item.footprint));
        true
    }
}

/// The levels in the order in which they count: first those that are wanted, given the fewest and
/// the most copies that anything wants.
fn levels((least, most): (u8, u8), highest: u32) -> impl Iterator<Item = Level> {
    let wanted = (1..=highest.min(most.into())).map(|copies| Level { copies, rank: Rank::Wanted });
    wanted.chain((u32::from(least) + 1..=highest).map(|copies| Level { copies, rank: Rank::Beyond }))
}

/// Whether a live item is below the level and below its maxcopies.
fn wants(view: &View<'_>, index: u32, level: Level) -> bool {
    let item = view.item(index);
    let wanted = if level.rank == Rank::Wanted { item.wanted } else { u8::MAX };
    let most = level.copies.min(item.maxcopies.into()).min(wanted.into());
    item.obtainable && view.holders(index).apart(view.groups) < most
}

fn live<'v>(view: &'v View<'_>) -> impl Iterator<Item = u32> + 'v {
    view.indices().filter(|index| view.item(*index).class == Class::Live)
}

/// All levels in one look at the items.
fn balances(view: &View<'_>, levels: &[Level]) -> Vec<Balance> {
    let mut room = [0; DISKS];
    for (disk, bytes) in view.rooms {
        add(&mut room, DiskSet::EMPTY.with(*disk), i128::from(*bytes));
    }
    let mut balances: Vec<Balance> =
        levels.iter().map(|level| Balance { level: *level, room, demand: [0; DISKS] }).collect();
    for index in live(view) {
        let (holders, bytes) = (view.holders(index), view.footprint(index));
        let (copies, taken) = (holders.apart(view.groups), holders.with_mates(view.groups));
        let fits = LazyCell::new(|| {
            let fits = view.rooms.iter().filter(|(disk, room)| *room >= bytes && !taken.contains(*disk));
            fits.map(|(disk, _)| *disk).collect::<DiskSet>()
        });
        for Balance { level, room, demand } in &mut balances {
            if copies <= level.copies {
                add(room, holders, -i128::from(bytes));
            }
            if wants(view, index, *level) {
                add(demand, *fits, i128::from(bytes));
            }
        }
    }
    balances
}

/// Sums up what finds no room, and what the contended disks should lose for it.
fn look_for_stuck(view: &View<'_>, relocations: &mut [Relocation]) {
    let known: DiskSet = view.rooms.iter().map(|(disk, _)| *disk).collect();
    for index in live(view) {
        let (holders, bytes) = (view.holders(index), i128::from(view.footprint(index)));
        let apart = DiskSet(known.0 & !holders.with_mates(view.groups).0);
        let is_excess = holders.count() > u32::from(view.item(index).maxcopies);
        for Relocation { level, contended, want, stuck } in relocations.iter_mut() {
            if wants(view, index, *level) && apart != DiskSet::EMPTY && apart.0 & !contended.0 == 0 {
                *stuck += bytes;
                add(want, apart, bytes);
            } else if is_excess {
                add(want, DiskSet(holders.0 & contended.0), -bytes);
            }
        }
    }
}

/// A disk index is below the length of these arrays.
fn at(sums: &[i128; DISKS], disk: DiskIndex) -> i128 {
    sums[usize::from(disk.get())]
}

fn add(sums: &mut [i128; DISKS], mut disks: DiskSet, bytes: i128) {
    while disks.0 != 0 {
        sums[disks.0.trailing_zeros() as usize] += bytes;
        disks.0 &= disks.0 - 1;
    }
}
