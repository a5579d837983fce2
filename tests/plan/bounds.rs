//! The bound, found by moving blocks about instead of by a formula; and that it is reached.

use crate::random::{Event, happen, world};
use crate::world::{Object, World, disk};
use dsb::model::{Class, DiskSet};
use dsb::plan::{Request, bound};
use proptest::prelude::*;

/// What splits no directory is smaller.
const BLOCK: u64 = 8192;

/// Blocks of data on disks of so many blocks.
struct Matrix {
    rooms: Vec<usize>,
    /// By block: the disks that hold it.
    holders: Vec<DiskSet>,
}

impl Matrix {
    fn holds(&self, index: usize, block: usize) -> bool {
        self.holders[block].contains(disk(index))
    }

    fn put(&mut self, index: usize, block: usize, here: bool) {
        let holders = self.holders[block];
        self.holders[block] = if here { holders.with(disk(index)) } else { holders.without(disk(index)) };
    }

    fn is_full(&self, index: usize) -> bool {
        (0..self.holders.len()).filter(|block| self.holds(index, *block)).count() >= self.rooms[index]
    }

    /// One more copy of a block, if need be by moving others from disk to disk: an augmenting path,
    /// so that it fails only where no placement whatever has this copy too.
    fn place(&mut self, block: usize) -> bool {
        // How a disk is reached: which block comes to it, and from where.
        let mut ways: Vec<Option<(usize, Option<usize>)>> = vec![None; self.rooms.len()];
        let mut queue: Vec<usize> = (0..self.rooms.len()).filter(|index| !self.holds(*index, block)).collect();
        queue.iter().for_each(|index| ways[*index] = Some((block, None)));
        let mut next = 0;
        while let Some(full) = queue.get(next).copied() {
            if !self.is_full(full) {
                self.follow(&ways, full);
                return true;
            }
            for moved in (0..self.holders.len()).filter(|moved| self.holds(full, *moved)) {
                for (to, way) in ways.iter_mut().enumerate() {
                    if way.is_none() && !self.holds(to, moved) {
                        *way = Some((moved, Some(full)));
                        queue.push(to);
                    }
                }
            }
            next += 1;
        }
        false
    }

    fn follow(&mut self, ways: &[Option<(usize, Option<usize>)>], mut to: usize) {
        while let Some((block, from)) = ways[to] {
            self.put(to, block, true);
            let Some(from) = from else { break };
            self.put(from, block, false);
            to = from;
        }
    }
}

/// The most blocks with at least 1 copy, then with at least 2 ...; by level, how many may have it.
fn best(rooms: &[usize], demands: &[usize]) -> Vec<usize> {
    let blocks = demands.first().copied().unwrap_or(0);
    let mut matrix = Matrix { rooms: rooms.to_vec(), holders: vec![DiskSet::EMPTY; blocks] };
    let mut levels: Vec<usize> = Vec::new();
    for demand in demands {
        let most = levels.last().map_or(*demand, |last| *demand.min(last));
        levels.push((0..most).take_while(|block| matrix.place(*block)).count());
    }
    levels
}

/// By level: blocks that may have it, given objects of so many blocks and copies.
fn demands(rooms: &[usize], objects: &[(usize, usize)]) -> Vec<usize> {
    let fits = |blocks: usize| rooms.iter().filter(|room| **room >= blocks).count();
    let wants = |level: usize| objects.iter().filter(move |(blocks, cap)| level < fits(*blocks).min(*cap));
    (0..rooms.len()).map(|level| wants(level).map(|(blocks, _)| blocks).sum()).collect()
}

/// The same by trying every placement.
fn exhausted(rooms: &[usize], objects: &[(usize, usize)]) -> Vec<usize> {
    let mut levels = vec![0; rooms.len()];
    let Some(((blocks, cap), rest)) = objects.split_first() else { return levels };
    for set in 0..1_u64 << rooms.len() {
        let chosen = |index: usize| DiskSet(set).contains(disk(index));
        let left = rooms.iter().enumerate().map(|(i, room)| room.checked_sub(if chosen(i) { *blocks } else { 0 }));
        let (copies, left) = (DiskSet(set).count() as usize, left.collect::<Option<Vec<usize>>>());
        let Some(left) = left.filter(|_| copies <= *cap) else { continue };
        let mut found = exhausted(&left, rest);
        found.iter_mut().take(copies).for_each(|level| *level += blocks);
        levels = levels.max(found);
    }
    levels
}

fn by_formula(rooms: &[usize], demands: &[usize]) -> Vec<usize> {
    let rooms: Vec<u64> = rooms.iter().map(|room| *room as u64).collect();
    let demands: Vec<u128> = demands.iter().map(|demand| *demand as u128).collect();
    bound(&rooms, &demands).into_iter().map(|level| level as usize).collect()
}

fn cap() -> impl Strategy<Value = usize> {
    prop_oneof![2 => Just(usize::MAX), 1 => 0..4_usize]
}

/// Objects of one block each: directory and priority; and for each disk its room in blocks, bytes
/// that are no block, and who is on it at first.
type Even = (Vec<(u32, u8)>, Vec<(usize, u64, Vec<prop::sample::Index>)>);

fn even() -> impl Strategy<Value = Even> {
    let object = (0..6_u32, prop_oneof![4 => Just(100_u8), 1 => 99..102_u8]);
    let held = prop::collection::vec(any::<prop::sample::Index>(), 0..12);
    let room = (prop_oneof![2 => 0..40_usize, 1 => 0..8_usize], 0..BLOCK, held);
    (prop::collection::vec(object, 1..32), prop::collection::vec(room, 1..7))
}

fn even_world((objects, disks): &Even) -> World {
    let object = |(directory, priority): &(u32, u8)| Object {
        footprint: BLOCK,
        directory: *directory,
        priority: *priority,
        wanted: 2,
        maxcopies: u8::MAX,
        class: Class::Live,
        obtainable: true,
        holders: DiskSet::EMPTY,
    };
    let rooms = disks.iter().map(|(blocks, odd, _)| *blocks as u64 * BLOCK + odd).collect();
    let mut world = world(objects.iter().map(object).collect(), rooms);
    for (index, (blocks, _, held)) in disks.iter().enumerate() {
        for object in held.iter().take(*blocks) {
            let object = &mut world.objects[object.index(objects.len())];
            object.holders = object.holders.with(disk(index));
        }
    }
    world
}

/// Whole blocks with at least 1 copy, 2 copies ...
fn levels(world: &World, count: usize) -> Vec<usize> {
    let live = || world.objects.iter().filter(|object| object.class == Class::Live);
    let copies =
        |object: &Object| DiskSet(object.holders.0 & !world.doubted.0).count().min(object.maxcopies.into()) as usize;
    let blocks = |level| live().filter(|o| copies(o) >= level).map(|o| (o.footprint / BLOCK) as usize).sum();
    (1..=count).map(blocks).collect()
}

fn uneven() -> impl Strategy<Value = (Vec<Object>, Vec<u64>, Vec<Event>)> {
    let maxcopies = prop_oneof![2 => Just(u8::MAX), 1 => 0..4_u8];
    let object = (1..5_u64, 0..4_u32, 99..102_u8, maxcopies).prop_map(|(blocks, directory, priority, maxcopies)| {
        let (footprint, holders) = (blocks * BLOCK, DiskSet::EMPTY);
        Object { footprint, directory, priority, wanted: 2, maxcopies, class: Class::Live, obtainable: true, holders }
    });
    let objects = prop::collection::vec(object, 1..10).boxed();
    let index = any::<prop::sample::Index>;
    let class = prop_oneof![Just(Class::Live), Just(Class::Orphan)];
    let event = prop_oneof![
        2 => objects.clone().prop_map(Event::Appear),
        3 => (index(), class).prop_map(|(index, class)| Event::Class(index, class)),
        2 => (0..5_usize, 0..30_u64).prop_map(|(disk, blocks)| Event::Room(disk, blocks * BLOCK)),
        1 => (0..5_usize).prop_map(Event::Lose),
        1 => (0..5_usize).prop_map(Event::Doubt),
        12 => (0..5_usize).prop_map(|disk| Event::Attach(disk, Request::default(), Vec::new())),
    ];
    let rooms = prop::collection::vec((0..30_u64).prop_map(|blocks| blocks * BLOCK), 1..5);
    (objects, rooms, prop::collection::vec(event, 1..20))
}

/// The bound of a shelf as it stands. A budget that was lowered below the last copies counts as what
/// they take.
fn best_of(world: &World) -> Vec<usize> {
    let rooms = world.rooms.iter().map(|(disk, room)| (*room).max(world.used(*disk)) / BLOCK);
    let rooms: Vec<usize> = rooms.map(|blocks| blocks as usize).collect();
    let live = world.objects.iter().filter(|object| object.class == Class::Live);
    let objects: Vec<_> = live.map(|o| ((o.footprint / BLOCK) as usize, usize::from(o.maxcopies))).collect();
    best(&rooms, &demands(&rooms, &objects))
}

proptest! {
    #[test]
    fn the_formula_finds_what_moving_blocks_finds(
        rooms in prop::collection::vec(0..30_usize, 0..7),
        caps in prop::collection::vec(cap(), 0..32),
    ) {
        let demands = demands(&rooms, &caps.into_iter().map(|cap| (1, cap)).collect::<Vec<_>>());
        prop_assert_eq!(by_formula(&rooms, &demands), best(&rooms, &demands));
    }

    #[test]
    fn the_formula_finds_what_trying_everything_finds(
        rooms in prop::collection::vec(0..6_usize, 0..4),
        caps in prop::collection::vec(cap(), 0..5),
    ) {
        let objects: Vec<_> = caps.into_iter().map(|cap| (1, cap)).collect();
        prop_assert_eq!(by_formula(&rooms, &demands(&rooms, &objects)), exhausted(&rooms, &objects));
    }

    #[test]
    fn no_placement_of_whole_objects_is_above_the_formula(
        rooms in prop::collection::vec(0..12_usize, 0..4),
        objects in prop::collection::vec((1..5_usize, cap()), 0..5),
    ) {
        prop_assert!(exhausted(&rooms, &objects) <= by_formula(&rooms, &demands(&rooms, &objects)));
    }

    #[test]
    fn small_objects_reach_the_bound_at_every_level(shelf in even()) {
        let mut world = even_world(&shelf);
        let disks: Vec<_> = world.rooms.keys().copied().collect();
        let quiet = (0..8).any(|_| {
            disks.iter().filter(|disk| !world.visit(**disk, &Request::default()).plan.steps.is_empty()).count() == 0
        });
        prop_assert!(quiet);
        prop_assert_eq!(levels(&world, disks.len()), best_of(&world));
    }

    #[test]
    fn no_history_exceeds_the_bound((objects, rooms, events) in uneven()) {
        let mut world = world(objects, rooms);
        for event in events {
            happen(&mut world, event);
            let (reached, best) = (levels(&world, world.rooms.len()), best_of(&world));
            prop_assert!(reached <= best, "{:?} is above {:?}", reached, best);
        }
    }
}
