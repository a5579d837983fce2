//! What a shelf amounts to.

use super::tree::Object;
use dsb::model::{Class, DiskIndex};
use dsb::plan::{Future, Item, bound};
use std::collections::BTreeMap;

/// The chance that a disk on the shelf turns out dead once its content is needed.
const DEAD: f64 = 0.05;

fn live<'a>(future: &'a Future<'_>) -> impl Iterator<Item = &'a Item> {
    future.items().iter().filter(|item| item.class == Class::Live)
}

/// Bytes of live objects.
pub fn data(future: &Future<'_>) -> u64 {
    live(future).map(|item| item.footprint).sum()
}

/// Live bytes with at least 1 copy, 2 copies ... as many as there are disks.
pub fn reached(future: &Future<'_>) -> Vec<u64> {
    let mut levels = vec![0; future.rooms().len()];
    for item in live(future) {
        for level in levels.iter_mut().take(item.disks.count() as usize) {
            *level += item.footprint;
        }
    }
    levels
}

/// The same at best.
pub fn best(future: &Future<'_>) -> Vec<u64> {
    let rooms: Vec<u64> = future.rooms().iter().map(|(_, room)| *room).collect();
    let mut demands = vec![0_u128; rooms.len()];
    for item in live(future) {
        let fitting = rooms.iter().filter(|room| **room >= item.footprint).count();
        for demand in demands.iter_mut().take(fitting.min(item.maxcopies.into())) {
            *demand += u128::from(item.footprint);
        }
    }
    bound(&rooms, &demands).into_iter().map(|level| level as u64).collect()
}

/// Bytes of live objects to be lost with all of the source, on average.
pub fn expected_loss(future: &Future<'_>) -> f64 {
    live(future).map(|item| item.footprint as f64 * DEAD.powi(item.disks.count() as i32)).sum()
}

/// The same if every level were at the bound.
pub fn least_loss(data: u64, best: &[u64]) -> f64 {
    let above = best.iter().copied().chain([0]);
    let exactly = std::iter::once(data).chain(best.iter().copied()).zip(above);
    exactly.zip(0..).map(|((level, above), copies)| level.saturating_sub(above) as f64 * DEAD.powi(copies)).sum()
}

/// Disks to fetch for all files of a folder that have a copy, on average over folders.
pub struct Fetched {
    pub disks: f64,
    /// In units of the fewest disks that are large enough for the folder.
    pub relative: f64,
}

/// `folder` says in which folder an object counts.
pub fn fetched(future: &Future<'_>, objects: &[Object], folder: impl Fn(&Object) -> u32) -> Fetched {
    let mut folders: BTreeMap<u32, (u64, BTreeMap<u64, u64>)> = BTreeMap::new();
    let stored = future.items().iter().zip(objects).filter(|(i, _)| i.class == Class::Live && i.disks.count() > 0);
    for (item, object) in stored {
        let (bytes, sets) = folders.entry(folder(object)).or_default();
        *bytes += item.footprint;
        *sets.entry(item.disks.0).or_default() += 1;
    }
    let mut rooms: Vec<u64> = future.rooms().iter().map(|(_, room)| *room).collect();
    rooms.sort_unstable_by_key(|room| std::cmp::Reverse(*room));
    let disks: Vec<DiskIndex> = future.rooms().iter().map(|(disk, _)| *disk).collect();
    let (mut absolute, mut relative) = (0.0, 0.0);
    for (bytes, sets) in folders.values() {
        let needed = f64::from(fewest(&disks, &sets.keys().copied().collect::<Vec<_>>()));
        absolute += needed;
        relative += needed / least(&rooms, *bytes) as f64;
    }
    let count = folders.len().max(1) as f64;
    Fetched { disks: absolute / count, relative: relative / count }
}

/// The fewest disks of which each of the sets has one: exact, as there are few disks.
fn fewest(disks: &[DiskIndex], sets: &[u64]) -> u32 {
    if sets.iter().fold(u64::MAX, |common, set| common & set) != 0 {
        return 1;
    }
    let chosen = |subset: u32| {
        let of = disks.iter().enumerate().filter(move |(place, _)| subset >> place & 1 == 1);
        of.fold(0, |set, (_, disk)| set | 1_u64 << disk.get())
    };
    let hits = |subset: &u32| sets.iter().all(|set| set & chosen(*subset) != 0);
    (1..1_u32 << disks.len()).filter(hits).map(u32::count_ones).min().unwrap_or(0)
}

/// The fewest disks that so many bytes fit on; rooms from the largest down.
fn least(rooms: &[u64], mut bytes: u64) -> usize {
    let enough = rooms.iter().position(|room| {
        let fits = bytes <= *room;
        bytes = bytes.saturating_sub(*room);
        fits
    });
    enough.map_or(rooms.len(), |position| position + 1)
}
