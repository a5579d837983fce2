//! One big object against few of its own tier, where that gains bytes.

use super::{pack::bytes, survey::Band, victims::cover, view::View};
use crate::model::{Class, DiskIndex};
use std::cmp::Reverse;

/// So many newcomers are tried without success.
const TRIED: usize = 64;

/// Smaller newcomers than this part of the disk gain too little.
const SMALL_PART: u64 = 1024;

/// A newcomer and those that leave for it.
pub(super) struct Exchange {
    /// Who comes.
    pub newcomer: u32,
    /// Who goes: of the same tier, with a copy elsewhere, together much smaller.
    pub leaving: Vec<u32>,
}

/// Exchanges within a band, given what it did not get of its newcomers and the room that is left.
pub(super) fn exchanges(view: &View<'_>, band: &Band, rest: &[u32], room: u64, completable: bool) -> Vec<Exchange> {
    let mut pool = band.on.clone();
    pool.sort_unstable_by_key(|index| (view.footprint(*index), *index));
    let (mut room, mut found) = (room, Vec::new());
    let large = largest(view, rest);
    // Where the level will be completed, only those have to push who find no room on another disk.
    for newcomer in if completable { homeless(view, large) } else { large } {
        let (size, most) = (view.footprint(newcomer), most_to_leave(view, newcomer, completable));
        let Some(leaving) = those_who_leave(view, &pool, size.saturating_sub(room), most) else { continue };
        let gained = bytes(view, &leaving) as u64;
        room = room.saturating_add(gained).saturating_sub(size);
        pool.retain(|index| !leaving.contains(index));
        found.push(Exchange { newcomer, leaving });
    }
    found
}

/// Bytes that may leave for a newcomer. Where the level will not be completed nothing is promised to
/// those who leave, so nearly as much as comes may go; but a crumb of the disk is not worth the
/// writing, above half of it only what gains more; and beyond what is wanted nothing is that takes a
/// quarter of the disk, and would have to leave it again.
fn most_to_leave(view: &View<'_>, newcomer: u32, completable: bool) -> u64 {
    let size = view.footprint(newcomer);
    let gaining = |part: u64| size.saturating_sub(view.size / part);
    let nearly_all = size - size / 8;
    match view.tier(newcomer).is_wanted() {
        _ if completable => size / 2,
        true => (size / 2).min(gaining(1000)).max(nearly_all.min(gaining(32))),
        false if size >= view.size / 4 => 0,
        false => nearly_all.min(gaining(1000)),
    }
}

fn largest(view: &View<'_>, rest: &[u32]) -> Vec<u32> {
    let mut large: Vec<u32> =
        rest.iter().copied().filter(|index| view.footprint(*index) >= (view.size / SMALL_PART).max(1)).collect();
    large.sort_unstable_by_key(|index| (Reverse(view.footprint(*index)), *index));
    large.truncate(TRIED);
    large
}

/// Those that no other disk has room for beside what has as few copies.
fn homeless(view: &View<'_>, mut large: Vec<u32>) -> Vec<u32> {
    let Some(copies) = large.first().map(|index| view.copies(*index) + 1) else { return large };
    let mut rooms = rooms_of_others(view, copies);
    large.retain(|index| {
        let bytes = i128::from(view.footprint(*index));
        let taken = view.elsewhere(*index).with_mates(view.groups);
        let home = rooms.iter_mut().find(|(disk, room)| *room >= bytes && !taken.contains(*disk));
        match home {
            Some((_, room)) => *room -= bytes,
            None => return true,
        }
        false
    });
    large
}

/// What each other disk has beside live objects with at most so many copies.
fn rooms_of_others(view: &View<'_>, copies: u32) -> Vec<(DiskIndex, i128)> {
    let others = view.rooms.iter().filter(|(disk, _)| *disk != view.attached);
    let mut rooms: Vec<(DiskIndex, i128)> = others.map(|(disk, room)| (*disk, i128::from(*room))).collect();
    for index in view.indices() {
        let holders = view.holders(index);
        if holders.apart(view.groups) <= copies && view.item(index).class == Class::Live {
            for (_, room) in rooms.iter_mut().filter(|(disk, _)| holders.contains(*disk)) {
                *room -= i128::from(view.footprint(index));
            }
        }
    }
    rooms
}

fn those_who_leave(view: &View<'_>, pool: &[u32], need: u64, most: u64) -> Option<Vec<u32>> {
    if need > most {
        return None;
    }
    let leaving = cover(view, pool, need);
    let gained = bytes(view, &leaving);
    (gained >= u128::from(need) && gained <= u128::from(most)).then_some(leaving)
}
