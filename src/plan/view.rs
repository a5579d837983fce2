//! The shelf as it would stand part-way through planning.

use super::{
    Item, Request, Shelf, Step,
    tier::{Rank, Tier},
};
use crate::model::{Class, DiskIndex, DiskSet, SnapshotId};
use std::collections::BTreeMap;

/// The items and which of them would be on the attached disk.
pub(super) struct View<'a> {
    /// What was asked.
    pub request: &'a Request,
    /// Every known disk and its room.
    pub rooms: &'a [(DiskIndex, u64)],
    /// Disks that may fail together.
    pub groups: &'a [DiskSet],
    /// The disk that is planned for.
    pub attached: DiskIndex,
    /// The other disks of its group.
    mates: DiskSet,
    /// Its room in bytes.
    pub size: u64,
    /// For each item whether the attached disk would hold it.
    pub here: Vec<bool>,
    /// For each item whether it holds it once the steps written so far are done.
    was: Vec<bool>,
    /// Tiers of this pass that differ from what copies and priority say: staged and relocated objects.
    special: BTreeMap<u32, Tier>,
    /// Such tiers of items that a pass moved: what the steps are ordered by.
    marked: BTreeMap<u32, Tier>,
    /// For each big newcomer those of its own tier that leave for it.
    pub exchanges: BTreeMap<u32, Vec<u32>>,
    /// Whether objects may get one copy beyond maxcopies on their way to another disk.
    pub relocates: bool,
    /// Whether a pass dropped such a copy that an earlier pass of this plan made.
    pub took_back: bool,
    items: &'a [Item],
    /// The newest snapshots of items that only history needs, each once, ascending.
    history: Vec<SnapshotId>,
}

impl<'a> View<'a> {
    /// The shelf as it is; to be started over before a pass.
    pub fn new(items: &'a [Item], shelf: &Shelf<'a>, request: &'a Request) -> Self {
        let attached = shelf.attached;
        let groups = telling(shelf.groups, shelf.rooms);
        Self {
            request,
            rooms: shelf.rooms,
            groups,
            attached,
            mates: DiskSet::EMPTY.with(attached).with_mates(groups).without(attached),
            size: shelf.rooms.iter().find(|(disk, _)| *disk == attached).map_or(0, |(_, room)| *room),
            here: Vec::new(),
            was: items.iter().map(|item| item.disks.contains(attached)).collect(),
            special: BTreeMap::new(),
            marked: BTreeMap::new(),
            exchanges: BTreeMap::new(),
            relocates: true,
            took_back: false,
            items,
            history: history(items),
        }
    }

    /// All indices, ascending.
    pub fn indices(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.items.len()).unwrap_or(u32::MAX)
    }

    /// The item of an index: all that the planner handles come from `indices`.
    pub fn item(&self, index: u32) -> &'a Item {
        &self.items[index as usize]
    }

    /// Bytes it takes.
    pub fn footprint(&self, index: u32) -> u64 {
        self.item(index).footprint
    }

    /// Whether the attached disk would hold it.
    pub fn is_here(&self, index: u32) -> bool {
        self.here[index as usize]
    }

    /// Whether the attached disk holds it once the steps written so far are done.
    pub fn was_here(&self, index: u32) -> bool {
        self.was[index as usize]
    }

    /// Takes the steps as done. Says whether the shelf stands as it would have to.
    pub fn carry_out(&mut self, steps: &[Step]) -> bool {
        for step in steps {
            let (leaving, comes) = match step {
                Step::Remove { item, .. } => (std::slice::from_ref(item).iter().chain(&[]), None),
                Step::Copy { item, exchange, evict, .. } => (exchange.iter().chain(evict), Some(*item)),
            };
            for index in leaving {
                self.was[*index as usize] = false;
            }
            if let Some(index) = comes {
                self.was[index as usize] = true;
            }
        }
        self.was == self.here
    }

    /// Back to what the steps written so far reach, without the orphans that may go.
    pub fn start_over(&mut self, relocates: bool) {
        (self.relocates, self.took_back) = (relocates, false);
        let stays = |item: &Item| item.class != Class::Orphan || !self.request.remove_orphans;
        self.here = self.was.iter().zip(self.items).map(|(was, item)| *was && stays(item)).collect();
        self.marked.clear();
        self.exchanges.clear();
    }

    /// Trusted copies on other disks.
    pub fn elsewhere(&self, index: u32) -> DiskSet {
        self.item(index).disks.without(self.attached)
    }

    /// All trusted copies.
    pub fn holders(&self, index: u32) -> DiskSet {
        let others = self.elsewhere(index);
        if self.is_here(index) { others.with(self.attached) } else { others }
    }

    /// Copies it may be brought to by this plan.
    pub fn cap(&self, item: &Item) -> u32 {
        u32::from(item.maxcopies).min(self.request.maxcopies.map_or(u32::MAX, u32::from))
    }

    /// Whether a disk has it already that may fail together with this one.
    pub fn is_doubled(&self, index: u32) -> bool {
        self.elsewhere(index).0 & self.mates.0 != 0
    }

    /// Copies elsewhere as they protect from here: each group once, unless this disk's has it too.
    pub fn copies(&self, index: u32) -> u32 {
        let elsewhere = self.elsewhere(index);
        if self.is_doubled(index) { elsewhere.count() } else { elsewhere.apart(self.groups) }
    }

    /// Whether a copy here would be one too many. To get apart from the others it may go one beyond
    /// the bound for a while: a disk of their group lets go of its own.
    pub fn is_saturated(&self, index: u32) -> bool {
        let (most, elsewhere) = (u32::from(self.item(index).maxcopies), self.elsewhere(index).count());
        let asked = self.request.maxcopies.map_or(u32::MAX, u32::from);
        self.copies(index) >= most || elsewhere > most || elsewhere >= asked
    }

    /// Whether there is one copy or more beyond maxcopies, of which this disk's is not the last.
    pub fn is_excess(&self, index: u32) -> bool {
        let (item, elsewhere) = (self.item(index), self.elsewhere(index).count());
        let most = u32::from(item.maxcopies);
        let beyond = self.copies(index) >= most || elsewhere > most;
        item.class == Class::Live && elsewhere >= 1 && beyond && self.request.evict
    }

    /// Gives it a tier of its own for this pass.
    pub fn mark(&mut self, index: u32, tier: Tier) {
        self.special.insert(index, tier);
    }

    /// Moves items onto the disk or off it; the last move decides in which tier it was made.
    pub fn adopt(&mut self, here: Vec<bool>) {
        for index in self.indices() {
            if self.is_here(index) != here[index as usize] {
                match self.special.get(&index) {
                    Some(tier) => self.marked.insert(index, *tier),
                    None => self.marked.remove(&index),
                };
            }
        }
        self.here = here;
    }

    /// Forgets the marks of the pass before.
    pub fn unmark_all(&mut self) {
        self.special.clear();
    }

    /// Takes up the marks of all that was moved.
    pub fn recall_marks(&mut self) {
        self.special.clone_from(&self.marked);
    }

    /// Its place in the order of service.
    pub fn tier(&self, index: u32) -> Tier {
        let plain = match self.item(index).class {
            Class::Guaranteed(newest) | Class::Kept(newest) => {
                Tier::kept(self.age(newest), self.elsewhere(index).count())
            }
            Class::Live | Class::Orphan => self.tier_with(index, self.copies(index)),
        };
        self.special.get(&index).copied().unwrap_or(plain)
    }

    /// The place it would have with so many copies elsewhere.
    pub fn tier_with(&self, index: u32, copies: u32) -> Tier {
        let item = self.item(index);
        Tier::live(Rank::of(copies, item.wanted, self.is_doubled(index)), copies, item.priority)
    }

    fn age(&self, newest: SnapshotId) -> usize {
        self.history.len() - self.history.partition_point(|id| *id <= newest)
    }
}

/// The groups that say anything: one of all disks tells none from another.
pub(super) fn telling<'g>(groups: &'g [DiskSet], rooms: &[(DiskIndex, u64)]) -> &'g [DiskSet] {
    let all = |group: &DiskSet| rooms.iter().all(|(disk, _)| group.contains(*disk));
    if groups.iter().any(all) { &[] } else { groups }
}

fn history(items: &[Item]) -> Vec<SnapshotId> {
    let mut snapshots = Vec::new();
    for item in items {
        if let Class::Guaranteed(newest) | Class::Kept(newest) = item.class
            && snapshots.last() != Some(&newest)
        {
            snapshots.push(newest);
        }
    }
    snapshots.sort_unstable();
    snapshots.dedup();
    snapshots
}

#[cfg(test)]
pub(super) mod samples {
    //! Shelves of two disks for the tests of the parts.

    use super::*;

    /// Live objects by footprint, directory and whether disk 0 holds them too; disk 1 holds them all.
    pub fn shelf(objects: impl IntoIterator<Item = (u64, u32, bool)>) -> Vec<Item> {
        let disks = |here| DiskSet(if here { 0b11 } else { 0b10 });
        let item = |(footprint, directory, here)| Item {
            footprint,
            disks: disks(here),
            untrusted: DiskSet::EMPTY,
            directory,
            priority: 100,
            wanted: 2,
            maxcopies: u8::MAX,
            class: Class::Live,
            obtainable: true,
        };
        objects.into_iter().map(item).collect()
    }

    /// Disk 0 with this room attached, before the first pass.
    pub fn with(items: &[Item], size: u64, test: impl FnOnce(&mut View<'_>)) {
        let disks = [0, 1].map(|index| DiskIndex::new(index).unwrap());
        let rooms = disks.map(|disk| (disk, size));
        let [attached, _] = disks;
        let request = Request::default();
        let mut view = View::new(items, &Shelf { attached, rooms: &rooms, groups: &[] }, &request);
        view.start_over(true);
        test(&mut view);
    }
}
