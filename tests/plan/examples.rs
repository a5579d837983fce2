//! Small histories with a known right answer, and the figures of large ones.

use crate::scenario::{Scenario, disks_per_directory};
use crate::world::{Object, World};
use dsb::model::Class;
use dsb::plan::bound;
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
