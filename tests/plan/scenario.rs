//! Histories of a shelf, written down in files: dsb-placement-scenario/1.

use crate::world::{Object, Visit, World, disk};
use dsb::model::{Class, DiskSet};
use dsb::plan::Request;
use serde_json::Value;
use std::path::Path;

/// A history under way.
pub struct Scenario {
    pub world: World,
    /// Bytes copied so far.
    pub written: u64,
    /// Visits since the first `settle`, and the profile after each.
    pub settling: Vec<Vec<u64>>,
    events: Vec<Value>,
    sizes: Vec<u64>,
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

impl Scenario {
    pub fn load(path: &Path) -> Self {
        let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let list = |key: &str| file[key].as_array().unwrap();
        let object = |value: &Value| Object {
            footprint: 4096 + value[0].as_u64().unwrap().next_multiple_of(4096),
            directory: number(&value[1]) as u32,
            priority: number(&value[2]) as u8,
            wanted: 2,
            maxcopies: if number(&value[3]) == 0 { u8::MAX } else { number(&value[3]) as u8 },
            class: Class::Orphan,
            obtainable: true,
            holders: DiskSet::EMPTY,
        };
        let initial = list("disks").iter().filter(|disk| disk["initial"] == true);
        let world = World {
            rooms: initial.map(|value| (disk(number(&value["id"])), value["size"].as_u64().unwrap())).collect(),
            objects: list("objects").iter().map(object).collect(),
            ..World::default()
        };
        let sizes = list("disks").iter().map(|disk| disk["size"].as_u64().unwrap()).collect();
        Self { world, written: 0, settling: Vec::new(), events: list("events").clone(), sizes }
    }

    /// Carries out all events; `check` sees the world after each, counted from 1.
    pub fn run(&mut self, mut check: impl FnMut(usize, &World, u64)) {
        for (position, event) in self.events.clone().iter().enumerate() {
            self.carry_out(event);
            check(position + 1, &self.world, self.written);
        }
    }

    fn carry_out(&mut self, event: &Value) {
        match event[0].as_str().unwrap() {
            "add" => self.classify(&event[1], &event[2], Class::Live),
            "delete" => {
                event[1].as_array().unwrap().iter().for_each(|r| self.classify(&r[0], &r[1], Class::Orphan));
            }
            "attach" => drop(self.attach(number(&event[1]))),
            "add_disk" => drop(self.world.rooms.insert(disk(number(&event[1])), self.sizes[number(&event[1])])),
            "lose_disk" => self.lose(number(&event[1])),
            "settle" => self.settle(),
            other => panic!("no such event: {other}"),
        }
    }

    fn classify(&mut self, from: &Value, to: &Value, class: Class) {
        self.world.objects[number(from)..number(to)].iter_mut().for_each(|object| object.class = class);
    }

    fn attach(&mut self, index: usize) -> Visit {
        let visit = self.world.visit(disk(index), &Request::default());
        self.written += visit.written;
        let again = self.world.plan(disk(index), &Request::default());
        assert_eq!(again.steps, [], "a second look at disk {index} finds nothing to do");
        visit
    }

    fn lose(&mut self, index: usize) {
        self.world.rooms.remove(&disk(index));
        self.world.objects.iter_mut().for_each(|object| object.holders = object.holders.without(disk(index)));
    }

    fn settle(&mut self) {
        for _ in 0..8 {
            let mut changed = false;
            let known: Vec<_> = self.world.rooms.keys().copied().collect();
            for known in known {
                changed |= !self.attach(usize::from(known.get())).plan.steps.is_empty();
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
    let mut directories: std::collections::BTreeMap<u32, Vec<DiskSet>> = std::collections::BTreeMap::new();
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
