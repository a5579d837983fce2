//! A shelf's year: which disks there are, which are attached when, and what becomes of them.

use super::random::Random;
use super::tree::{NEVER, Object, ROUNDS, Workload, grow};
use dsb::model::{Class, DiskIndex, DiskSet};
use dsb::plan::Item;

/// What a shelf is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub seed: u64,
    pub workload: Workload,
    pub objects: usize,
    pub disks: usize,
    /// Room of all disks at the end, in units of the data at the end.
    pub capacity: f64,
}

/// Everything that happens to a shelf but for what a planner decides.
pub struct History {
    pub spec: Spec,
    pub objects: Vec<Object>,
    /// By disk; one that will be lost is the last and in addition to the others.
    pub rooms: Vec<u64>,
    /// The disk that is there from a round on only.
    pub late: Option<(usize, u8)>,
    /// The disk that is gone from a round on.
    pub lost: Option<(usize, u8)>,
    /// The disks in the order of their turns.
    pub turns: Vec<usize>,
}

/// Rooms in proportion: no two disks of a shelf are quite the same.
const PATTERN: [f64; 5] = [4.0, 2.0, 2.0, 1.0, 3.0];

pub fn disk(index: usize) -> DiskIndex {
    DiskIndex::new(index as i64).expect("a bench has few disks")
}

impl History {
    pub fn draw(spec: Spec) -> Self {
        let mut random = Random::new(spec.seed.wrapping_mul(1_000_003) + (spec.capacity * 1000.0) as u64);
        let objects = grow(&mut random, spec.workload, spec.objects);
        let (many, even) = (spec.disks >= 5, spec.seed.is_multiple_of(2));
        let middle = random.between(5, 9);
        let lost = (many && !even).then_some((spec.disks, middle));
        let rooms = rooms(&mut random, &spec, &objects, lost.is_some());
        let late = (many && even).then(|| (random.below(spec.disks), middle));
        let mut turns: Vec<usize> = (0..rooms.len()).collect();
        random.shuffle(&mut turns);
        Self { spec, objects, rooms, late, lost, turns }
    }

    /// The disks that are there in a round, in the order of their turns.
    pub fn known(&self, round: u8) -> Vec<usize> {
        let is_late = |index: usize| self.late.is_some_and(|(late, from)| index == late && round < from);
        let is_lost = |index: usize| self.lost.is_some_and(|(lost, from)| index == lost && round >= from);
        self.turns.iter().copied().filter(|index| !is_late(*index) && !is_lost(*index)).collect()
    }

    /// At first every disk once, then a third of them a round, and a new disk at once.
    pub fn attachments(&self, round: u8) -> usize {
        let arrives = self.late.is_some_and(|(_, from)| from == round);
        if round == 0 { self.known(0).len() } else { self.spec.disks.div_ceil(3).min(4) + usize::from(arrives) }
    }

    /// The objects as the planner takes them, none of them on a disk or live.
    pub fn items(&self) -> Vec<Item> {
        let item = |object: &Object| Item {
            footprint: object.footprint,
            disks: DiskSet::EMPTY,
            untrusted: DiskSet::EMPTY,
            directory: object.directory,
            priority: 100,
            wanted: 2,
            maxcopies: u8::MAX,
            class: Class::Orphan,
            obtainable: true,
        };
        self.objects.iter().map(item).collect()
    }
}

/// Bytes that are live at the end.
fn data(objects: &[Object]) -> u64 {
    objects.iter().filter(|object| object.dies == NEVER && object.born <= ROUNDS).map(|object| object.footprint).sum()
}

fn rooms(random: &mut Random, spec: &Spec, objects: &[Object], one_more: bool) -> Vec<u64> {
    let count = spec.disks + usize::from(one_more);
    let parts: Vec<f64> = (0..count).map(|i| PATTERN[i % PATTERN.len()] * (0.9 + 0.2 * random.unit())).collect();
    let whole: f64 = parts.iter().take(spec.disks).sum();
    let capacity = spec.capacity * data(objects) as f64;
    parts.iter().map(|part| (capacity * part / whole) as u64 / 4096 * 4096).collect()
}
