//! Small histories with a known right answer, and the figures of large ones.

use crate::scenario::{Scenario, disks_per_directory};
use crate::world::World;
use dsb::model::DiskSet;
use dsb::ops::simulate;
use dsb::progress::Silent;
use std::path::Path;

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
