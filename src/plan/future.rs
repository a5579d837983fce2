//! The shelf as it would become: plans carried out in memory.

use super::{Item, Plan, Request, Shelf, Step, plan};
use crate::model::{DiskIndex, DiskSet};

/// Objects and disks after visits that were only thought of.
#[derive(Clone)]
pub struct Future<'a> {
    items: Vec<Item>,
    rooms: Vec<(DiskIndex, u64)>,
    groups: Vec<DiskSet>,
    footprint: &'a (dyn Fn(u32, DiskIndex) -> u64 + Sync),
}

impl<'a> Future<'a> {
    /// Begins with the shelf as it is. `footprint` gives the bytes that an item takes on a disk; what
    /// the items themselves say of it is not looked at.
    pub fn new(
        items: Vec<Item>,
        rooms: Vec<(DiskIndex, u64)>,
        groups: Vec<DiskSet>,
        footprint: &'a (dyn Fn(u32, DiskIndex) -> u64 + Sync),
    ) -> Self {
        Self { items, rooms, groups, footprint }
    }

    /// The items, in the order in which they were given.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// For what changes beside visits: objects that come or go, or that a lost disk held.
    pub fn items_mut(&mut self) -> &mut [Item] {
        &mut self.items
    }

    /// Every known disk with its room.
    pub fn rooms(&self) -> &[(DiskIndex, u64)] {
        &self.rooms
    }

    /// Sets of disks that may fail together.
    pub fn groups(&self) -> &[DiskSet] {
        &self.groups
    }

    /// Bytes that an item takes on a disk.
    pub fn footprint(&self, item: u32, disk: DiskIndex) -> u64 {
        (self.footprint)(item, disk)
    }

    /// Adds a disk, or gives it another room.
    pub fn put_disk(&mut self, disk: DiskIndex, room: u64) {
        self.rooms.retain(|(known, _)| *known != disk);
        self.rooms.push((disk, room));
        self.rooms.sort_unstable();
    }

    /// Takes a disk away with all that it holds.
    pub fn lose_disk(&mut self, disk: DiskIndex) {
        self.rooms.retain(|(known, _)| *known != disk);
        for group in &mut self.groups {
            *group = group.without(disk);
        }
        self.groups.retain(|group| group.count() > 1);
        for item in &mut self.items {
            (item.disks, item.untrusted) = (item.disks.without(disk), item.untrusted.without(disk));
        }
    }

    /// Plans a visit of a disk. To be attached settles the doubt about what it holds.
    pub fn plan(&mut self, disk: DiskIndex, request: &Request) -> Plan {
        let doubted = self.settle(disk);
        for (index, item) in (0..).zip(&mut self.items) {
            item.footprint = (self.footprint)(index, disk);
        }
        let around = Shelf { attached: disk, rooms: &self.rooms, groups: &self.groups };
        let plan = plan(&self.items, &around, request);
        for index in doubted {
            if let Some(item) = self.items.get_mut(index as usize) {
                (item.disks, item.untrusted) = (item.disks.without(disk), item.untrusted.with(disk));
            }
        }
        plan
    }

    /// Takes the copies on a disk as certain. Returns whose.
    fn settle(&mut self, disk: DiskIndex) -> Vec<u32> {
        let mut doubted = Vec::new();
        for (index, item) in (0..).zip(&mut self.items).filter(|(_, item)| item.untrusted.contains(disk)) {
            (item.disks, item.untrusted) = (item.disks.with(disk), item.untrusted.without(disk));
            doubted.push(index);
        }
        doubted
    }

    /// Carries a plan out for this disk.
    pub fn carry_out(&mut self, disk: DiskIndex, plan: &Plan) {
        self.settle(disk);
        for step in &plan.steps {
            match step {
                Step::Remove { item, .. } => self.note(*item, disk, false),
                Step::Copy { item, exchange, evict, .. } => {
                    exchange.iter().chain(evict).for_each(|leaving| self.note(*leaving, disk, false));
                    self.note(*item, disk, true);
                }
            }
        }
    }

    fn note(&mut self, item: u32, disk: DiskIndex, holds: bool) {
        if let Some(item) = self.items.get_mut(item as usize) {
            item.disks = if holds { item.disks.with(disk) } else { item.disks.without(disk) };
        }
    }
}
