//! The shelf as the planner sees it: now, with one disk attached, and in times to come.

use super::{Object, Shelf, wanted_again};
use crate::model::{Class, Disk, DiskIndex, DiskSet, Fanout, Footprint, Size};
use crate::ops::room::{Facts, reserve};
use crate::plan::{Future, Item, Plan, Request};
use std::collections::HashSet;

impl Shelf {
    /// Plans a visit of a disk, given the room for objects on each, and what stays there whatever is
    /// planned: that is room that the disk does not have, and nothing is decided of it.
    pub fn plan(&self, attached: &Disk, rooms: &[(DiskIndex, u64)], request: &Request, staying: &HashSet<u32>) -> Plan {
        // An unreadable copy takes its room until a good one has replaced it.
        let again = self.objects.iter().map(|object| &object.census);
        let again = again.filter(|census| wanted_again(census).contains(attached.index));
        let stays = staying.iter().filter_map(|item| self.objects.get(*item as usize)).map(|object| &object.census);
        let held: Size = again.chain(stays).map(|census| attached.footprint.of(census.size, census.data)).sum();
        let less = |(index, room): &(DiskIndex, u64)| {
            (*index, if *index == attached.index { room.saturating_sub(held.bytes()) } else { *room })
        };
        let rooms: Vec<_> = rooms.iter().map(less).collect();
        let footprint = |item: u32, _| {
            let object = self.objects.get(item as usize);
            object.map_or(0, |object| attached.footprint.of(object.census.size, object.census.data).bytes())
        };
        let mut items = self.items(Some(attached.index));
        for item in staying {
            if let Some(item) = items.get_mut(*item as usize) {
                (item.class, item.disks) = (Class::Orphan, item.disks.without(attached.index));
                item.untrusted = item.untrusted.without(attached.index);
            }
        }
        Future::new(items, rooms, self.groups.clone(), &footprint).plan(attached.index, request)
    }

    /// A disk is seen as it is here, whatever the catalog says of its last visit.
    pub fn see(&mut self, disk: &Disk) {
        for seen in self.disks.iter_mut().filter(|seen| seen.index == disk.index) {
            (seen.last_seen, seen.unconfirmed) = (disk.last_seen, disk.unconfirmed);
        }
    }

    /// What is known of all disks but one is as old as the catalog: their copies license no eviction.
    pub fn unconfirm_all_but(&mut self, disk: DiskIndex) {
        self.disks.iter_mut().filter(|other| other.index != disk).for_each(|other| other.unconfirmed = true);
    }

    /// The shelf for visits that are only thought of, given what `footprint` says of each disk.
    pub fn future<'f>(&self, footprint: &'f (dyn Fn(u32, DiskIndex) -> u64 + Sync)) -> Future<'f> {
        let rooms = self.disks.iter().map(|disk| (disk.index, self.next_facts(disk).room().bytes())).collect();
        Future::new(self.items(None), rooms, self.groups.clone(), footprint)
    }

    /// What disks hold that were not attached since they were taken over from distbackup, or since
    /// an older state of the catalog took the place of this one, is not copied again as if it were
    /// nowhere; but a copy here is not let go for its sake.
    fn items(&self, attached: Option<DiskIndex>) -> Vec<Item> {
        let untrusted = self.untrusted();
        let to_be_seen = self.disks.iter().filter(|disk| disk.last_seen.is_none() || disk.unconfirmed);
        let believed = DiskSet(untrusted.0 & !to_be_seen.map(|disk| disk.index).collect::<DiskSet>().0);
        let is_here = |object: &Object| attached.is_some_and(|disk| object.census.disks.contains(disk));
        let item = |object: &Object| object.item(if is_here(object) { untrusted } else { believed });
        self.objects.iter().map(item).collect()
    }

    /// What will be known of a disk at its next visit, which holds back more where the catalog has
    /// grown.
    pub fn next_facts(&self, disk: &Disk) -> Facts {
        Facts { reserve: self.reserve(disk.reserve, (disk.footprint, disk.fanout)), ..self.facts(disk) }
    }

    /// What is held back on a disk that holds back so much now.
    pub fn reserve(&self, present: Size, folders: (Footprint, Fanout)) -> Size {
        reserve(present, self.catalog_size, self.objects.len() as u64, folders)
    }

    /// Bytes that an object takes on a disk; on one that is not there yet, what is usual.
    pub fn footprints(&self) -> impl Fn(u32, DiskIndex) -> u64 + Sync {
        let rules: Vec<Footprint> = (0..i64::from(DiskIndex::COUNT))
            .map(|index| DiskIndex::new(index).and_then(|index| self.disk(index)))
            .map(|disk| disk.map_or(Footprint::USUAL, |disk| disk.footprint))
            .collect();
        move |item, disk| {
            let rule = rules.get(usize::from(disk.get())).copied().unwrap_or(Footprint::USUAL);
            let object = self.objects.get(item as usize);
            object.map_or(0, |object| rule.of(object.census.size, object.census.data).bytes())
        }
    }

    /// The length of an object.
    pub fn size(&self, item: u32) -> Size {
        self.objects.get(item as usize).map_or(Size::ZERO, |object| object.census.size)
    }

    /// Disks that were not seen for too long, or of which only an older catalog knows.
    fn untrusted(&self) -> DiskSet {
        let is_old = |seen| seen < self.trusted_since || seen > self.trusted_until;
        let old = |disk: &&Disk| disk.unconfirmed || disk.last_seen.is_none_or(is_old);
        self.disks.iter().filter(old).map(|disk| disk.index).collect()
    }
}

impl Object {
    /// As the planner sees it while no disk is attached. A copy that can be read no more, and can be
    /// made again, is none.
    fn item(&self, untrusted: DiskSet) -> Item {
        let (census, protection) = (&self.census, self.protection);
        let doubt = DiskSet((census.doubtful.0 | untrusted.0) & census.disks.0);
        Item {
            footprint: 0,
            disks: DiskSet(census.disks.0 & !doubt.0),
            untrusted: DiskSet(doubt.0 & !wanted_again(census).0),
            directory: self.directory,
            priority: protection.priority,
            wanted: protection.copies,
            maxcopies: protection.maxcopies,
            class: census.class,
            obtainable: census.present,
        }
    }
}
