//! What distbackup 1.0.20 decides, rebuilt from a description of it, to be measured against.

use super::random::Random;
use super::run::Visit;
use super::tree::Object;
use dsb::model::{Class, DiskIndex};
use dsb::plan::Future;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Copies on other disks and one, then priority: lower ones are copied first.
type Key = (u32, Reverse<u8>);

/// Objects of one key, those that are picked first at the end.
#[derive(Default)]
struct Group {
    objects: Vec<u32>,
    bytes: u64,
}

impl Group {
    /// By size class, then in the order in which the catalog learnt of them: what becomes of an order
    /// by change of balance that is reckoned once for each size class. Of four simple ways to read that,
    /// this one writes least and leaves folders least scattered.
    fn sort(&mut self, future: &Future<'_>, objects: &[Object]) {
        let order = |index: &u32| {
            let at = *index as usize;
            Reverse((future.items()[at].footprint.ilog2(), objects[at].born, *index))
        };
        self.objects.sort_by_cached_key(order);
    }

    fn push(&mut self, index: u32, bytes: u64) {
        self.objects.push(index);
        self.bytes += bytes;
    }

    /// At random, but mostly near the front.
    fn pop(&mut self, random: &mut Random, future: &Future<'_>) -> Option<(u32, u64)> {
        let from_front = (random.unit().powi(3) * self.objects.len() as f64 / 3.0) as usize;
        let position = self.objects.len().checked_sub(1 + from_front)?;
        let index = self.objects.remove(position);
        let bytes = future.items()[index as usize].footprint;
        self.bytes -= bytes;
        Some((index, bytes))
    }
}

/// One visit of a disk.
pub fn visit(future: &mut Future<'_>, disk: DiskIndex, objects: &[Object], random: &mut Random) -> Visit {
    let mut done = Visit { written: 0, changed: tidy(future, disk) };
    let (mut on, mut off) = groups(future, disk, objects);
    let mut free = free(future, disk);
    while let Some(mut entry) = off.first_entry() {
        let key = *entry.key();
        let Some((index, bytes)) = entry.get_mut().pop(random, future) else {
            entry.remove();
            continue;
        };
        let reclaimable: u64 = on.iter().filter(|(worse, _)| **worse > key).map(|(_, group)| group.bytes).sum();
        if bytes > free + reclaimable {
            continue;
        }
        while free < bytes {
            free += evict(future, disk, &mut on, random);
        }
        put(future, index, disk, true);
        free -= bytes;
        done.written += bytes;
        done.changed = true;
    }
    done
}

/// Takes away at once what nobody needs or has too many copies.
fn tidy(future: &mut Future<'_>, disk: DiskIndex) -> bool {
    let mut changed = false;
    for item in future.items_mut().iter_mut().filter(|item| item.disks.contains(disk)) {
        if item.class == Class::Orphan || item.disks.count() > item.maxcopies.into() {
            item.disks = item.disks.without(disk);
            changed = true;
        }
    }
    changed
}

/// What may leave the disk, and what may come.
fn groups(future: &Future<'_>, disk: DiskIndex, objects: &[Object]) -> (BTreeMap<Key, Group>, BTreeMap<Key, Group>) {
    let (mut on, mut off) = (BTreeMap::<Key, Group>::new(), BTreeMap::<Key, Group>::new());
    for (index, item) in (0..).zip(future.items()).filter(|(_, item)| item.class == Class::Live) {
        let copies = item.disks.count();
        if !item.disks.contains(disk) && copies < item.maxcopies.into() {
            off.entry((copies + 1, Reverse(item.priority))).or_default().push(index, item.footprint);
        } else if item.disks.contains(disk) && copies > 1 {
            on.entry((copies, Reverse(item.priority))).or_default().push(index, item.footprint);
        }
    }
    on.values_mut().chain(off.values_mut()).for_each(|group| group.sort(future, objects));
    (on, off)
}

fn free(future: &Future<'_>, disk: DiskIndex) -> u64 {
    let room = future.rooms().iter().find(|(known, _)| *known == disk).map_or(0, |(_, room)| *room);
    let held = future.items().iter().filter(|item| item.disks.contains(disk));
    room.saturating_sub(held.map(|item| item.footprint).sum())
}

/// Takes one object of the highest group away.
fn evict(future: &mut Future<'_>, disk: DiskIndex, on: &mut BTreeMap<Key, Group>, random: &mut Random) -> u64 {
    let mut highest = on.last_entry().expect("what is reclaimable was counted");
    let Some((index, bytes)) = highest.get_mut().pop(random, future) else {
        highest.remove();
        return 0;
    };
    put(future, index, disk, false);
    bytes
}

fn put(future: &mut Future<'_>, index: u32, disk: DiskIndex, here: bool) {
    let item = &mut future.items_mut()[index as usize];
    item.disks = if here { item.disks.with(disk) } else { item.disks.without(disk) };
}
