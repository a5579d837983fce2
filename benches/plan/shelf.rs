//! A shelf of twelve disks, and how it stands before a plan that is timed.

use dsb::model::{Class, DiskIndex, DiskSet};
use dsb::plan::{Future, Item, Request};

const DISKS: u32 = 12;

/// How a shelf stands before the plan that is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No disk was ever attached; the largest is.
    FirstFill,
    /// The larger half of the disks is full; the next is attached.
    HalfFilled,
    /// Every disk was attached until nothing changed.
    NothingToDo,
    /// As half filled, but one in four objects may have two copies only, and three priorities.
    PrioritiesAndMaxcopies,
}

use State::{FirstFill, HalfFilled, NothingToDo, PrioritiesAndMaxcopies};

impl State {
    pub const ALL: [Self; 4] = [FirstFill, HalfFilled, NothingToDo, PrioritiesAndMaxcopies];
}

fn disk(index: u32) -> DiskIndex {
    DiskIndex::new(index.into()).expect("twelve disks")
}

/// From 8 KiB to 128 MiB, all equally likely.
fn footprint(item: u32) -> u64 {
    8192 + (u64::from(item).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 43) * 64
}

fn item(index: u32, state: State) -> Item {
    let bounded = state == PrioritiesAndMaxcopies;
    Item {
        footprint: footprint(index),
        disks: DiskSet::EMPTY,
        untrusted: DiskSet::EMPTY,
        directory: index / 20,
        priority: if bounded { 99 + (index / 700 % 3) as u8 } else { 100 },
        wanted: 2,
        maxcopies: if bounded && (index / 100).is_multiple_of(4) { 2 } else { u8::MAX },
        class: Class::Live,
        obtainable: true,
    }
}

/// Disks with room for 1/20 to 12/20 of the data, brought into a state by visits.
pub fn shelf(state: State, objects: u32) -> (Vec<Item>, Vec<(DiskIndex, u64)>, DiskIndex) {
    let items: Vec<Item> = (0..objects).map(|index| item(index, state)).collect();
    let data: u64 = items.iter().map(|item| item.footprint).sum();
    let rooms = (0..DISKS).map(|index| (disk(index), data / 20 * u64::from(index + 1))).collect();
    let mut future = Future::new(items, rooms, Vec::new(), &|item, _| footprint(item));
    let half = DISKS / 2..DISKS;
    let (visited, attached) = match state {
        FirstFill => (Vec::new(), DISKS - 1),
        HalfFilled | PrioritiesAndMaxcopies => (half.rev().collect(), DISKS / 2 - 1),
        NothingToDo => ((0..DISKS).rev().chain(0..DISKS).chain(0..DISKS).collect(), 0),
    };
    for index in visited {
        let plan = future.plan(disk(index), &Request::default());
        future.carry_out(disk(index), &plan);
    }
    (future.items().to_vec(), future.rooms().to_vec(), disk(attached))
}
