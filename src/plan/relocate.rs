//! Saturated objects that sit on disks which others need, while this disk idles.

use super::{Item, tier::Tier, view::View};
use crate::model::{Class, DiskIndex, DiskSet};

const DISKS: usize = DiskIndex::COUNT as usize;

/// Levels looked at: further copies are rarely short, and each costs a look at every item.
const LEVELS: u32 = 3;

/// Which disks should be relieved of how much.
pub(super) struct Relocation {
    level: u32,
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
        let found = (1..=LEVELS.min(disks)).find_map(|level| Self::at(view, level, data))?;
        (!found.contended.contains(view.attached)).then_some(found)
    }

    fn at(view: &View<'_>, level: u32, data: i128) -> Option<Self> {
        let (room, demand) = room_and_demand(view, level);
        let contended: DiskSet =
            view.rooms.iter().map(|(disk, _)| *disk).filter(|d| at(&demand, *d) > at(&room, *d)).collect();
        let known: DiskSet = view.rooms.iter().map(|(disk, _)| *disk).collect();
        let (mut stuck, mut want) = (0, room.map(|room| -room.max(0)));
        for index in view.indices().filter(|index| view.item(*index).class == Class::Live) {
            let (holders, bytes) = (view.holders(index), i128::from(view.footprint(index)));
            if wants(view, index, level) && known.0 & !holders.0 & !contended.0 == 0 {
                stuck += bytes;
                add(&mut want, DiskSet(known.0 & !holders.0), bytes);
            } else if holders.count() > u32::from(view.item(index).maxcopies) {
                add(&mut want, DiskSet(holders.0 & contended.0), -bytes);
            }
        }
        (stuck > data / 1000).then_some(Self { level, contended, want })
    }

    /// The tier of an item that is relocated.
    pub fn tier(&self, item: &Item) -> Tier {
        Tier::relocation(self.level, item.maxcopies, item.priority)
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

/// Whether a live item is below the level and below its maxcopies.
fn wants(view: &View<'_>, index: u32, level: u32) -> bool {
    let item = view.item(index);
    item.obtainable && view.holders(index).count() < level.min(u32::from(item.maxcopies))
}

/// By disk: what it has for the level, and what the level could ask of it.
fn room_and_demand(view: &View<'_>, level: u32) -> ([i128; DISKS], [i128; DISKS]) {
    let (mut room, mut demand) = ([0; DISKS], [0; DISKS]);
    for (disk, bytes) in view.rooms {
        add(&mut room, DiskSet::EMPTY.with(*disk), i128::from(*bytes));
    }
    for index in view.indices().filter(|index| view.item(*index).class == Class::Live) {
        let (holders, bytes) = (view.holders(index), view.footprint(index));
        if holders.count() <= level {
            add(&mut room, holders, -i128::from(bytes));
        }
        if wants(view, index, level) {
            let fits = view.rooms.iter().filter(|(disk, room)| *room >= bytes && !holders.contains(*disk));
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
