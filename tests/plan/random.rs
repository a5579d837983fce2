//! Random shelves and histories: whatever happens, the invariants hold.

use crate::world::{Ending, Object, World, disk};
use dsb::model::Size;
use dsb::model::{Class, DiskSet, SnapshotId};
use dsb::plan::{Future, Plan, Reason, Request, Shelf, Step, audit, audit_again, rank, tour};
use proptest::prelude::*;

/// The unit of footprints and rooms: large enough for directories to be split.
const BLOCK: u64 = 8192;

/// What happens to a shelf.
#[derive(Clone, Debug)]
pub enum Event {
    Appear(Vec<Object>),
    Class(prop::sample::Index, Class),
    Obtainable(prop::sample::Index, bool),
    MaxCopies(prop::sample::Index, u8),
    Wanted(prop::sample::Index, u8),
    Groups(Vec<DiskSet>),
    Room(usize, u64),
    Lose(usize),
    Doubt(usize),
    Attach(usize, Request, Vec<(prop::sample::Index, Ending)>),
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![
        6 => Just(Class::Live),
        2 => (1..4_i64).prop_map(|id| Class::Guaranteed(SnapshotId(id))),
        2 => (1..4_i64).prop_map(|id| Class::Kept(SnapshotId(id))),
        1 => Just(Class::Orphan),
    ]
}

fn maxcopies() -> impl Strategy<Value = u8> {
    prop_oneof![4 => Just(u8::MAX), 2 => 1..4_u8, 1 => Just(0)]
}

fn wanted() -> impl Strategy<Value = u8> {
    prop_oneof![4 => Just(2), 1 => 0..5_u8]
}

fn groups() -> impl Strategy<Value = Vec<DiskSet>> {
    let sets = |sets: &[u64]| Just(sets.iter().copied().map(DiskSet).collect::<Vec<_>>());
    prop_oneof![
        6 => sets(&[]),
        2 => sets(&[0b00011]),
        2 => sets(&[0b00011, 0b01100]),
        1 => sets(&[0b00111]),
        1 => sets(&[0b11111]),
    ]
}

fn object() -> impl Strategy<Value = Object> {
    let blocks = prop_oneof![5 => 1..6_u64, 1 => 1..40_u64];
    let size = (blocks, prop_oneof![Just(0), 0..BLOCK]).prop_map(|(blocks, odd)| blocks * BLOCK - odd);
    let copies = (wanted(), maxcopies());
    (size, 0..5_u32, prop_oneof![3 => Just(100_u8), 1 => 99..102_u8], copies, prop::bool::weighted(0.95)).prop_map(
        |(footprint, directory, priority, (wanted, maxcopies), obtainable)| Object {
            footprint,
            directory,
            priority,
            wanted,
            maxcopies,
            class: Class::Live,
            obtainable,
            holders: DiskSet::EMPTY,
        },
    )
}

fn request() -> impl Strategy<Value = Request> {
    prop_oneof![
        8 => Just(Request::default()),
        1 => (0..60_u64).prop_map(|blocks| Request { limit: Some(blocks * BLOCK), ..Request::default() }),
        1 => (0..4_u8).prop_map(|maxcopies| Request { maxcopies: Some(maxcopies), ..Request::default() }),
        1 => (any::<bool>(), any::<bool>())
            .prop_map(|(evict, remove_orphans)| Request { evict, remove_orphans, ..Request::default() }),
    ]
}

fn endings() -> impl Strategy<Value = Vec<(prop::sample::Index, Ending)>> {
    let ending = prop_oneof![Just(Ending::Unreadable), Just(Ending::BrokenOff)];
    prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec((any::<prop::sample::Index>(), ending), 1..6)]
}

fn event() -> impl Strategy<Value = Event> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        3 => prop::collection::vec(object(), 1..12).prop_map(Event::Appear),
        3 => (index(), class()).prop_map(|(index, class)| Event::Class(index, class)),
        1 => (index(), any::<bool>()).prop_map(|(index, obtainable)| Event::Obtainable(index, obtainable)),
        1 => (index(), maxcopies()).prop_map(|(index, maxcopies)| Event::MaxCopies(index, maxcopies)),
        1 => (index(), wanted()).prop_map(|(index, wanted)| Event::Wanted(index, wanted)),
        1 => groups().prop_map(Event::Groups),
        2 => (0..5_usize, 0..60_u64).prop_map(|(disk, blocks)| Event::Room(disk, blocks * BLOCK)),
        1 => (0..5_usize).prop_map(Event::Lose),
        1 => (0..5_usize).prop_map(Event::Doubt),
        8 => (0..5_usize, request(), endings()).prop_map(|(disk, request, ends)| Event::Attach(disk, request, ends)),
    ]
}

fn history() -> impl Strategy<Value = (Vec<Object>, Vec<u64>, Vec<Event>)> {
    (
        prop::collection::vec(object(), 1..30),
        prop::collection::vec((5..60_u64).prop_map(|blocks| blocks * BLOCK), 1..5),
        prop::collection::vec(event(), 1..25),
    )
}

pub fn world(objects: Vec<Object>, rooms: Vec<u64>) -> World {
    let rooms = rooms.into_iter().enumerate().map(|(index, room)| (disk(index), room)).collect();
    World { rooms, objects, ..World::default() }
}

pub fn happen(world: &mut World, event: Event) {
    let count = world.objects.len();
    match event {
        Event::Appear(objects) => world.objects.extend(objects),
        Event::Class(index, class) => world.objects[index.index(count)].class = class,
        Event::Obtainable(index, obtainable) => world.objects[index.index(count)].obtainable = obtainable,
        Event::MaxCopies(index, maxcopies) => world.objects[index.index(count)].maxcopies = maxcopies,
        Event::Wanted(index, wanted) => world.objects[index.index(count)].wanted = wanted,
        Event::Groups(groups) => world.groups = groups,
        Event::Room(index, room) => drop(world.rooms.insert(disk(index), room)),
        Event::Lose(index) => {
            world.rooms.remove(&disk(index));
            world.objects.iter_mut().for_each(|object| object.holders = object.holders.without(disk(index)));
        }
        Event::Doubt(index) if world.doubted.contains(disk(index)) => {
            world.doubted = world.doubted.without(disk(index));
        }
        Event::Doubt(index) => world.doubted = world.doubted.with(disk(index)),
        Event::Attach(index, request, ends) => attach(world, index, &request, &ends),
    }
}

fn attach(world: &mut World, index: usize, request: &Request, ends: &[(prop::sample::Index, Ending)]) {
    if !world.rooms.contains_key(&disk(index)) {
        return;
    }
    // Attaching a disk settles the doubt about it.
    world.doubted = world.doubted.without(disk(index));
    let (before, count) = (world.clone(), world.objects.len());
    let ends: Vec<(u32, Ending)> = ends.iter().map(|(index, ending)| (index.index(count) as u32, *ending)).collect();
    let ending = |item| ends.iter().find(|(other, _)| *other == item).map_or(Ending::Done, |(_, ending)| *ending);
    let visit = world.visit_with(disk(index), request, ending);
    check_request(&visit.plan.steps, &before, request);
    check_audit(&visit.plan, &before, index, request);
    if ends.is_empty() {
        check_objective(&visit.plan.steps, &before, world);
        check_settled(world, index, request);
    }
}

fn check_request(steps: &[Step], before: &World, request: &Request) {
    let mut copied = 0;
    for step in steps {
        match step {
            Step::Remove { reason, .. } => {
                assert!(*reason != Reason::Orphan || request.remove_orphans);
                assert!(*reason == Reason::Orphan || request.evict);
            }
            Step::Copy { item, exchange, evict, reason } => {
                let object = &before.objects[*item as usize];
                copied += object.footprint;
                assert!(request.evict || exchange.is_empty() && evict.is_empty());
                if let Reason::Copies(copies) = reason {
                    assert!(*copies <= u32::from(object.maxcopies.min(request.maxcopies.unwrap_or(u8::MAX))));
                }
            }
        }
    }
    assert!(copied <= request.limit.unwrap_or(u64::MAX));
}

/// The library's own judge finds nothing either.
fn check_audit(plan: &Plan, before: &World, index: usize, request: &Request) {
    let rooms: Vec<_> = before.rooms.iter().map(|(disk, room)| (*disk, *room)).collect();
    let shelf = Shelf { attached: disk(index), rooms: &rooms, groups: &before.groups };
    let items = before.items(disk(index));
    assert_eq!(audit(&items, &shelf, request, plan), [], "{plan:?}");
    assert_eq!(audit_again(&items, &shelf, request, plan), [], "{plan:?}");
}

/// Level for level, priority for priority, no visit makes anything worse before it makes something
/// better, unless the room forces it.
fn check_objective(steps: &[Step], before: &World, after: &World) {
    let forced = |step: &Step| matches!(step, Step::Remove { reason: Reason::OverBudget, .. });
    if steps.iter().any(forced) {
        return;
    }
    let (before, after) = (levels(before, steps), levels(after, steps));
    assert!(after >= before, "{after:?} is worse than {before:?}");
}

/// A staged or relocated copy lowers higher levels for the sake of what it lets another disk do.
fn levels(world: &World, steps: &[Step]) -> Vec<u64> {
    let bare = world.objects.iter().any(|o| o.class == Class::Live && o.holders.0 & !world.doubted.0 == 0);
    let relocated = steps.iter().any(|step| matches!(step, Step::Copy { reason: Reason::Relocation, .. }));
    let profile = world.profile();
    let first_level = profile.len() / 256;
    if bare || relocated { profile[..first_level].to_vec() } else { profile }
}

fn check_settled(world: &World, index: usize, request: &Request) {
    if request.limit.is_none() {
        let again = world.plan(disk(index), request);
        assert_eq!(again.steps, [], "a second look finds nothing to do");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_history_breaks_an_invariant((objects, rooms, events) in history()) {
        let mut world = world(objects, rooms);
        for event in events {
            happen(&mut world, event);
        }
    }

    #[test]
    fn visits_in_turn_come_to_an_end((objects, rooms, events) in history()) {
        let mut world = world(objects, rooms);
        for event in events {
            happen(&mut world, event);
        }
        let disks: Vec<_> = world.rooms.keys().copied().collect();
        world.doubted = DiskSet::EMPTY;
        let quiet = (0..24).any(|_| {
            disks.iter().filter(|disk| !world.visit(**disk, &Request::default()).plan.steps.is_empty()).count() == 0
        });
        prop_assert!(quiet);
    }

    #[test]
    fn a_tour_ends_and_leaves_nothing_that_is_worth_a_visit((objects, rooms, events) in history()) {
        let mut world = world(objects, rooms);
        for event in events {
            happen(&mut world, event);
        }
        let disks: Vec<_> = world.rooms.keys().copied().collect();
        let sizes: Vec<u64> = world.objects.iter().map(|object| object.footprint).collect();
        let footprint = |item: u32, _| sizes[item as usize];
        let rooms = world.rooms.iter().map(|(disk, room)| (*disk, *room)).collect();
        let mut items = world.items(disk(0));
        for (item, object) in items.iter_mut().zip(&world.objects) {
            item.disks = DiskSet(object.holders.0 & !world.doubted.0);
            item.untrusted = DiskSet(object.holders.0 & world.doubted.0);
        }
        let mut future = Future::new(items, rooms, world.groups.clone(), &footprint);
        let bytes = |item| Size(footprint(item, disk(0)));
        let ranked = rank(&mut future, &disks, &bytes);
        let most = 8 * disks.len();
        let visits = tour(&mut future, ranked, &bytes, most);
        prop_assert!(visits.len() < most.max(1), "{} visits", visits.len());
        let left = rank(&mut future, &disks, &bytes);
        prop_assert!(left.iter().all(|gain| !gain.is_worth_it), "{left:?}");
    }
}

/// Found by chance, once in 200,000: the disk on which room was made for a film was another with every
/// pass, as two had just as much.
#[test]
fn a_film_waits_for_one_disk_at_a_time() {
    let object = |(footprint, directory, priority, wanted, maxcopies, obtainable)| Object {
        footprint,
        directory,
        priority,
        wanted,
        maxcopies,
        class: Class::Live,
        obtainable,
        holders: DiskSet::EMPTY,
    };
    let objects = [
        (16_384, 1, 100, 1, 255, true),
        (30_056, 3, 100, 2, 255, true),
        (8_192, 2, 100, 2, 0, false),
        (8_192, 0, 100, 2, 255, false),
        (32_768, 3, 100, 2, 255, true),
        (16_384, 2, 99, 2, 255, true),
        (8_192, 0, 100, 2, 0, false),
        (30_946, 0, 100, 2, 255, true),
        (8_180, 0, 101, 1, 255, true),
        (32_768, 0, 100, 2, 255, true),
        (24_576, 2, 100, 2, 255, true),
        (37_185, 0, 99, 2, 255, true),
        (40_960, 0, 100, 2, 255, true),
        (16_384, 3, 100, 2, 255, true),
        (8_192, 2, 100, 2, 255, true),
        (15_619, 0, 100, 2, 255, true),
        (3_888, 2, 100, 2, 255, true),
        (40_960, 4, 100, 2, 255, true),
        (131_072, 3, 100, 2, 255, false),
        (139_264, 2, 100, 2, 255, false),
        (53_041, 3, 100, 2, 255, true),
        (35_366, 0, 100, 2, 255, true),
        (8_192, 0, 100, 2, 0, false),
        (40_960, 0, 100, 2, 255, false),
        (24_576, 2, 100, 2, 255, true),
        (40_960, 2, 100, 2, 255, true),
        (221_184, 2, 100, 2, 255, true),
    ];
    let mut world = world(objects.map(object).to_vec(), vec![286_720, 57_344, 270_336]);
    for index in [2, 1] {
        world.visit(disk(index), &Request::default());
    }
    world.groups = vec![DiskSet(0b11)];
    world.objects.push(object((24_576, 0, 100, 2, u8::MAX, true)));
    world.visit(disk(0), &Request::default());
    check_settled(&world, 0, &Request::default());
}
