//! Small histories with a known right answer, and the figures of large ones.

use crate::scenario::{Scenario, disks_per_directory};
use crate::world::{Object, World, disk};
use dsb::model::{Class, DiskSet};
use dsb::ops::simulate;
use dsb::plan::{Request, Shelf, Step, bound, plan};
use dsb::progress::Silent;
use std::path::{Path, PathBuf};

fn load(name: &str) -> Scenario {
    Scenario::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/placement").join(name))
}

fn copies(world: &World) -> Vec<u32> {
    world.objects.iter().map(|object| object.holders.count()).collect()
}

#[test]
fn the_least_copied_takes_the_room_of_the_most_copied() {
    let mut settled = 0;
    let mut scenario = load("m01-trade-least-copied.json");
    scenario.run(|event, world, written| match event {
        4 => {
            assert_eq!(copies(world), [3, 3, 0]);
        }
        6 => {
            assert_eq!(copies(world)[2], 1);
            assert_eq!(copies(world)[..2].iter().sum::<u32>(), 5);
        }
        7 => {
            assert_eq!(copies(world), [2, 2, 2]);
            settled = written;
        }
        8 => {
            assert_eq!(copies(world), [2, 2, 2]);
            assert_eq!(written, settled);
        }
        _ => (),
    });
}

#[test]
fn one_big_object_displaces_as_many_small_ones_as_it_needs() {
    load("m02-one-big-for-many-small.json").run(|event, world, _| {
        let small = |n: u32| copies(world)[..8].iter().filter(|copies| **copies == n).count();
        match event {
            4 => assert_eq!(copies(world)[..8], [3; 8]),
            6 => assert_eq!((copies(world)[8], small(2), small(3)), (1, 6, 2)),
            8 => {
                assert_eq!((copies(world)[8], small(0)), (2, 0));
                assert_eq!((world.level(1).0, world.level(2).0), (14 << 20, 10 << 20));
            }
            _ => (),
        }
    });
}

#[test]
fn last_copies_stay_whatever_waits() {
    let mut before = 0;
    load("m03-last-copies-are-pinned.json").run(|event, world, written| match event {
        3 => {
            assert_eq!(copies(world)[..6], [1; 6]);
            before = written;
        }
        7 => {
            assert_eq!(copies(world), [1, 1, 1, 1, 1, 1, 0]);
            assert_eq!(written, before);
        }
        _ => (),
    });
}

#[test]
fn orphans_make_room_in_the_same_visit() {
    load("m04-orphans-first.json").run(|event, world, _| {
        if event == 5 {
            assert_eq!(copies(world), [0, 1, 1]);
        }
    });
}

#[test]
fn directories_stay_together() {
    load("m05-keep-directories-together.json").run(|event, world, _| {
        if event == 4 {
            assert_eq!(copies(world), [1; 8]);
            assert!((disks_per_directory(world) - 1.0).abs() < f64::EPSILON);
        }
    });
}

/// `dsb simulate` comes to what the naive shelf comes to, copy for copy.
#[test]
fn a_simulation_is_what_the_naive_shelf_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/placement");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let compared = files.map(|file| {
        let mut scenario = Scenario::load(&file);
        scenario.run(|_, _, _| ());
        let simulation = simulate(&file, &Silent).unwrap();
        let holders: Vec<DiskSet> = scenario.world.objects.iter().map(|object| object.holders).collect();
        assert_eq!(simulation.placement, holders, "{}", file.display());
        let copied: u64 = simulation.visits.iter().map(|visit| visit.copied.bytes.bytes()).sum();
        assert_eq!((copied, simulation.breaches.len()), (scenario.written, 0), "{}", file.display());
    });
    assert!(compared.count() >= 5);
}

/// Visits of the last round until every level is within 0.2 % of the data of what could be at best.
fn visits_to_bound(scenario: &Scenario) -> Option<usize> {
    let world = &scenario.world;
    let live = || world.objects.iter().filter(|object| object.class == Class::Live);
    let rooms: Vec<u64> = world.rooms.values().copied().collect();
    let fits = |o: &Object| rooms.iter().filter(|room| **room >= o.footprint).count().min(o.maxcopies.into());
    let demand = |copies| live().filter(|o| fits(o) >= copies).map(|o| u128::from(o.footprint)).sum();
    let demands: Vec<u128> = (1..=3).map(demand).collect();
    let slack = world.level(0).0 / 500;
    let best = bound(&rooms, &demands);
    let near = |levels: &Vec<u64>| levels.iter().zip(&best).all(|(x, best)| u128::from(x + slack) >= *best);
    scenario.settling.iter().position(near)
}

/// Prints what the histories in `$DSB_SCENARIOS` come to.
#[test]
#[ignore = "figures of the large histories: run by hand"]
fn figures() {
    let folder = std::env::var_os("DSB_SCENARIOS").map(PathBuf::from).expect("DSB_SCENARIOS");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.file_name().is_some_and(|name| name.as_encoded_bytes()[0] == b'p')) {
        let mut scenario = Scenario::load(file);
        scenario.run(|_, _, _| ());
        let world = &scenario.world;
        let data: f64 = world.level(0).0 as f64;
        let objects: f64 = world.level(0).1 as f64;
        let part = |copies| {
            format!("{:.4} ({:.3})", world.level(copies).0 as f64 / data, world.level(copies).1 as f64 / objects)
        };
        let name = file.file_stem().unwrap().to_string_lossy();
        let (dirs, written) = (disks_per_directory(world), scenario.written as f64 / data);
        let visits = visits_to_bound(&scenario);
        println!("{name}: {} {} {} dirs {dirs:.3} written {written:.3} visits {visits:?}", part(1), part(2), part(3));
    }
}

/// A line of this process's status, in kB; the peak counts from the start, so only the first is of use.
fn resident(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
    found.split_whitespace().next().unwrap().parse().unwrap()
}

/// Prints how long a plan for a million objects on twelve disks takes.
#[test]
#[ignore = "takes a while: run by hand, in release"]
fn speed() {
    let object = |index: u64| Object {
        footprint: 8192 + (index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 43) * 4096 / 64,
        directory: (index / 20) as u32,
        priority: 100,
        wanted: 2,
        maxcopies: u8::MAX,
        class: Class::Live,
        obtainable: true,
        holders: DiskSet::EMPTY,
    };
    let objects: Vec<Object> = (0..1_000_000).map(object).collect();
    let data: u64 = objects.iter().map(|object| object.footprint).sum();
    let mut world =
        World { rooms: (0..12).map(|d| (disk(d), data / 20 * (d as u64 + 1))).collect(), objects, ..World::default() };
    for index in (0..12).rev().chain(0..12) {
        let items = world.items(disk(index));
        let rooms: Vec<_> = world.rooms.iter().map(|(disk, room)| (*disk, *room)).collect();
        let before = resident("VmRSS:");
        let start = std::time::Instant::now();
        let plan = plan(&items, &Shelf { attached: disk(index), rooms: &rooms, groups: &[] }, &Request::default());
        let took = start.elapsed();
        println!("disk {index}: {} steps in {took:?}, {} kB at most", plan.steps.len(), resident("VmHWM:") - before);
        for step in &plan.steps {
            let (gone, come) = match step {
                Step::Remove { item, .. } => (vec![*item], None),
                Step::Copy { item, exchange, evict, .. } => ([exchange.as_slice(), evict].concat(), Some(*item)),
            };
            let at = disk(index);
            for item in gone {
                world.objects[item as usize].holders = world.objects[item as usize].holders.without(at);
            }
            if let Some(item) = come {
                world.objects[item as usize].holders = world.objects[item as usize].holders.with(at);
            }
        }
    }
}
