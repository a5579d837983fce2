//! The whole shelf in memory: every object, who needs it and where it is. What plans are made of.

mod order;
mod planning;

pub use order::places;

use super::room::Facts;
use super::trees::Need;
use crate::catalog::{Catalog, CensusItem};
use crate::error::Result;
use crate::model::{Amount, Class, Disk, DiskIndex, DiskSet, ObjectKey, Protection, Size, Timestamp};

/// One object with its place in the order of the tree.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    /// What the catalog knows of it.
    pub census: CensusItem,
    /// Rank of the directory of its first path; behind all others if the newest state has none.
    pub directory: u32,
    /// How well it is to be protected.
    pub protection: Protection,
}

/// The catalog's objects and disks at one moment, kept up while a run changes them.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// All disks.
    pub disks: Vec<Disk>,
    /// Sets of disks that may fail together.
    pub groups: Vec<DiskSet>,
    /// All objects, ordered by (first path, key): their index is the planner's only tie-breaker.
    pub objects: Vec<Object>,
    /// Other disks unseen since then license no eviction.
    trusted_since: Timestamp,
    /// Nor do disks that were seen, as a clock once said, only after this.
    trusted_until: Timestamp,
    /// About what a copy of the catalog takes.
    catalog_size: Size,
    /// What browsable trees need.
    pub trees: Need,
}

impl Shelf {
    /// Loads the shelf. `now` decides which disks are trusted.
    pub fn load(catalog: &Catalog, now: Timestamp) -> Result<Self> {
        let census = catalog.objects(&catalog.standing()?)?;
        let objects = order::in_path_order(catalog, &census)?;
        let disks = catalog.disks()?;
        let groups = Disk::groups(&disks);
        let (trusted_since, trusted_until) = (now.days_before(catalog.trust_days()?), now.days_before(-1));
        let (catalog_size, trees) = (catalog.size()?, Need::load(catalog, &disks)?);
        Ok(Self { disks, groups, objects, trusted_since, trusted_until, catalog_size, trees })
    }

    /// A disk by its index.
    pub fn disk(&self, index: DiskIndex) -> Option<&Disk> {
        self.disks.iter().find(|disk| disk.index == index)
    }

    /// Bytes for objects on each disk, by what is known since its last visit.
    pub fn rooms(&self) -> Vec<(DiskIndex, u64)> {
        self.disks.iter().map(|disk| (disk.index, self.facts(disk).room().bytes())).collect()
    }

    /// What is known of a disk since its last visit.
    pub fn facts(&self, disk: &Disk) -> Facts {
        Facts::since_last_visit(disk, self.used(disk), self.trees)
    }

    /// Bytes that the objects on a disk take there.
    pub fn used(&self, disk: &Disk) -> Size {
        let on = self.objects.iter().filter(|object| object.census.disks.contains(disk.index));
        on.map(|object| disk.footprint.of(object.census.size, object.census.data)).sum()
    }

    /// Live content without a copy that fits on no disk, given the room for objects on each.
    pub fn too_large(&self, rooms: &[(DiskIndex, u64)]) -> Vec<ObjectKey> {
        let fits = |census: &CensusItem| {
            self.disks.iter().any(|disk| {
                let room = rooms.iter().find(|(index, _)| *index == disk.index).map_or(0, |(_, room)| *room);
                disk.footprint.of(census.size, census.data).bytes() <= room
            })
        };
        let homeless = |census: &&CensusItem| census.class == Class::Live && census.disks.count() == 0 && !fits(census);
        self.objects.iter().map(|object| &object.census).filter(homeless).map(|census| census.key).collect()
    }

    /// What a disk holds.
    pub fn held(&self, disk: DiskIndex) -> Amount {
        sum(self.objects.iter().filter(|object| object.census.disks.contains(disk)))
    }

    /// What a disk was only seen to hold, by name and size, and nobody read.
    pub fn unread(&self, disk: DiskIndex) -> Amount {
        let is_seen = |census: &CensusItem| census.doubtful.contains(disk) && !census.unreadable.contains(disk);
        sum(self.objects.iter().filter(|object| is_seen(&object.census)))
    }

    /// What nobody needs on a disk.
    pub fn orphans(&self, disk: DiskIndex) -> Amount {
        let is_orphan = |object: &&Object| object.census.class == Class::Orphan && object.census.disks.contains(disk);
        sum(self.objects.iter().filter(is_orphan))
    }

    /// What disks hold for older snapshots only: guaranteed, and in free room.
    pub fn held_for_older(&self) -> (Amount, Amount) {
        let is_on_disk = |object: &&Object| object.census.disks.count() > 0;
        let of = |is_so: fn(&Class) -> bool| {
            sum(self.objects.iter().filter(is_on_disk).filter(|object| is_so(&object.census.class)))
        };
        (of(|class| matches!(class, Class::Guaranteed(_))), of(|class| matches!(class, Class::Kept(_))))
    }

    /// Live content without a certain copy on any disk, the largest first.
    pub fn homeless(&self) -> Vec<&CensusItem> {
        let is_homeless = |object: &&Object| object.census.class == Class::Live && object.certain() == DiskSet::EMPTY;
        let mut items: Vec<_> = self.objects.iter().filter(is_homeless).map(|object| &object.census).collect();
        items.sort_by_key(|item| (std::cmp::Reverse(item.size), item.key));
        items
    }

    /// Live content by the number of its copies: none, one, two ...
    pub fn levels(&self) -> Vec<Amount> {
        let mut levels = vec![Amount::default()];
        for object in self.objects.iter().filter(|object| object.census.class == Class::Live) {
            let copies = object.certain().count() as usize;
            levels.resize(levels.len().max(copies + 1), Amount::default());
            if let Some(level) = levels.get_mut(copies) {
                *level += Amount::one(object.census.size);
            }
        }
        levels
    }

    /// Notes that a disk gained or lost objects, by their index here.
    pub fn note(&mut self, disk: DiskIndex, objects: &[u32], holds: bool) {
        for index in objects {
            if let Some(Object { census, .. }) = self.objects.get_mut(*index as usize) {
                census.doubtful = census.doubtful.without(disk);
                census.unreadable = census.unreadable.without(disk);
                census.disks = if holds { census.disks.with(disk) } else { census.disks.without(disk) };
            }
        }
    }
}

impl Object {
    /// The disks that hold it, copies in doubt not counted.
    fn certain(&self) -> DiskSet {
        DiskSet(self.census.disks.0 & !self.census.doubtful.0)
    }
}

/// The disks whose unreadable copy is to be replaced by a good one from the source.
fn wanted_again(census: &CensusItem) -> DiskSet {
    if census.present && census.class == Class::Live { census.unreadable } else { DiskSet::EMPTY }
}

fn sum<'o>(objects: impl Iterator<Item = &'o Object>) -> Amount {
    objects.map(|object| Amount::one(object.census.size)).sum()
}
