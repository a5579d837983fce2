//! Histories of a shelf, written down in files, carried out by the naive shelf.

use crate::world::{Object, Visit, World, disk};
use dsb::model::{Class, DiskIndex, DiskSet};
use dsb::ops::{self, Event, ScenarioObject};
use dsb::plan::Request;
use std::collections::BTreeMap;
use std::path::Path;

/// A history under way.
pub struct Scenario {
    pub world: World,
    /// Bytes copied so far.
    pub written: u64,
    /// Visits since the first `settle`, and the profile after each.
    pub settling: Vec<Vec<u64>>,
    events: Vec<Event>,
    rooms: BTreeMap<DiskIndex, u64>,
}

fn object(object: &ScenarioObject) -> Object {
    Object {
        footprint: object.footprint,
        directory: object.directory,
        priority: object.priority,
        wanted: 2,
        maxcopies: object.maxcopies,
        class: Class::Orphan,
        obtainable: true,
        holders: DiskSet::EMPTY,
    }
}

impl Scenario {
    pub fn load(path: &Path) -> Self {
        let file = ops::Scenario::parse(&std::fs::read(path).unwrap()).unwrap();
        let initial = file.disks.iter().filter(|disk| disk.initial);
        let world = World {
            rooms: initial.map(|disk| (disk.index, disk.room)).collect(),
            objects: file.objects.iter().map(object).collect(),
            ..World::default()
        };
        let rooms = file.disks.iter().map(|disk| (disk.index, disk.room)).collect();
        Self { world, written: 0, settling: Vec::new(), events: file.events, rooms }
    }

    /// Carries out all events; `check` sees the world after each, counted from 1.
    pub fn run(&mut self, mut check: impl FnMut(usize, &World, u64)) {
        for (position, event) in self.events.clone().iter().enumerate() {
            self.carry_out(event);
            check(position + 1, &self.world, self.written);
        }
    }

    fn carry_out(&mut self, event: &Event) {
        let world = &mut self.world;
        let classify = |object: &mut Object, class| object.class = class;
        match event {
            Event::Add(range) => world.objects[range.clone()].iter_mut().for_each(|o| classify(o, Class::Live)),
            Event::Delete(ranges) => {
                let gone = ranges.iter().flat_map(Clone::clone);
                gone.for_each(|index| classify(&mut world.objects[index], Class::Orphan));
            }
            Event::Attach(disk) => drop(self.attach(*disk)),
            Event::AddDisk(disk) => drop(world.rooms.insert(*disk, self.rooms[disk])),
            Event::LoseDisk(disk) => self.lose(*disk),
            Event::Settle => self.settle(),
        }
    }

    fn attach(&mut self, disk: DiskIndex) -> Visit {
        let visit = self.world.visit(disk, &Request::default());
        self.written += visit.written;
        let again = self.world.plan(disk, &Request::default());
        assert_eq!(again.steps, [], "a second look at {disk:?} finds nothing to do");
        visit
    }

    fn lose(&mut self, disk: DiskIndex) {
        self.world.rooms.remove(&disk);
        self.world.objects.iter_mut().for_each(|object| object.holders = object.holders.without(disk));
    }

    fn settle(&mut self) {
        for _ in 0..8 {
            let mut changed = false;
            let known: Vec<_> = self.world.rooms.keys().copied().collect();
            for known in known {
                changed |= !self.attach(known).plan.steps.is_empty();
                self.settling.push((1..=4).map(|copies| self.world.level(copies).0).collect());
            }
            if !changed {
                break;
            }
        }
    }
}

/// In how many disks' directories one has to look for a directory, on average.
pub fn disks_per_directory(world: &World) -> f64 {
    let mut directories: BTreeMap<u32, Vec<DiskSet>> = BTreeMap::new();
    for object in world.objects.iter().filter(|o| o.class == Class::Live && o.holders != DiskSet::EMPTY) {
        directories.entry(object.directory).or_default().push(object.holders);
    }
    let needed: usize = directories.values().map(|files| fewest(files.clone())).sum();
    needed as f64 / directories.len().max(1) as f64
}

/// Greedy: the disk with most of what is left, again and again.
fn fewest(mut files: Vec<DiskSet>) -> usize {
    let mut disks = 0;
    while !files.is_empty() {
        let count = |index: usize| files.iter().filter(|holders| holders.contains(disk(index))).count();
        let best = (0..64).max_by_key(|index| (count(*index), std::cmp::Reverse(*index))).unwrap();
        files.retain(|holders| !holders.contains(disk(best)));
        disks += 1;
    }
    disks
}
