//! Saturated objects that sit on disks which others need, while this disk idles.

use super::{
    tier::{Rank, Tier},
    view::View,
};
use crate::model::{Class, DiskIndex, DiskSet};

const DISKS: usize = DiskIndex::COUNT as usize;

/// Levels looked at: further copies are rarely short, and each costs a look at every item.
const LEVELS: u32 = 3;

/// So many copies of what wants them, or of everything.
#[derive(Clone, Copy)]
struct Level {
    copies: u32,
    rank: Rank,
}

/// Which disks should be relieved of how much.
pub(super) struct Relocation {
    level: Level,
    contended: DiskSet,
    /// Bytes that each contended disk should still lose, by disk index.
    want: [i128; DISKS],
}

impl Relocation {
    /// The first level that falls short only because saturated objects stand in the way;
    /// nothing if this disk is among those that should be relieved.
    pub fn find(view: &View<'_>) -> Option<Self> {
        let disks = view.rooms.len() as u32;
        let live = || view.indices().map(|index| view.item(index)).filter(|item| item.class == Class::Live);
        if !live().any(|item| u32::from(item.maxcopies) < disks) {
            return None;
        }
        let data: i128 = live().map(|item| i128::from(item.footprint)).sum();
        let wanted = live().fold((u8::MAX, 0), |(least, most), item| (item.wanted.min(least), item.wanted.max(most)));
        let found = levels(wanted, LEVELS.min(disks)).find_map(|level| Self::at(view, level, data))?;
        (!found.contended.contains(view.attached)).then_some(found)
    }

    fn at(view: &View<'_>, level: Level, data: i128) -> Option<Self> {
        let (room, demand) = room_and_demand(view, level);
        let contended: DiskSet =
            view.rooms.iter().map(|(disk, _)| *disk).filter(|d| at(&demand, *d) > at(&room, *d)).collect();
        let known: DiskSet = view.rooms.iter().map(|(disk, _)| *disk).collect();
        let (mut stuck, mut want) = (0, room.map(|room| -room.max(0)));
        for index in view.indices().filter(|index| view.item(*index).class == Class::Live) {
            let (holders, bytes) = (view.holders(index), i128::from(view.footprint(index)));
            let apart = DiskSet(known.0 & !holders.with_mates(view.groups).0);
            if wants(view, index, level) && apart != DiskSet::EMPTY && apart.0 & !contended.0 == 0 {
                stuck += bytes;
                add(&mut want, apart, bytes);
            } else if holders.count() > u32::from(view.item(index).maxcopies) {
                add(&mut want, DiskSet(holders.0 & contended.0), -bytes);
            }
        }
        (stuck > data / 1000).then_some(Self { level, contended, want })
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

/// By disk: what it has for the level, and what the level could ask of it.
fn room_and_demand(view: &View<'_>, level: Level) -> ([i128; DISKS], [i128; DISKS]) {
    let (mut room, mut demand) = ([0; DISKS], [0; DISKS]);
    for (disk, bytes) in view.rooms {
        add(&mut room, DiskSet::EMPTY.with(*disk), i128::from(*bytes));
    }
    for index in view.indices().filter(|index| view.item(*index).class == Class::Live) {
        let (holders, bytes) = (view.holders(index), view.footprint(index));
        if holders.apart(view.groups) <= level.copies {
            add(&mut room, holders, -i128::from(bytes));
        }
        if wants(view, index, level) {
            let taken = holders.with_mates(view.groups);
            let fits = view.rooms.iter().filter(|(disk, room)| *room >= bytes && !taken.contains(*disk));
            add(&mut demand, fits.map(|(disk, _)| *disk).collect(), i128::from(bytes));
        }
    }
    (room, demand)
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
