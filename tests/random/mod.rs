//! Random lives of a shelf against a naive model: files change, disks come and go, die, rot and are
//! rolled back, the home catalog is lost, runs are killed. After each step what must always hold is
//! looked for in the files themselves.
//!
//! `DSB_SEED` plays one life again; `DSB_LONG` plays more and longer ones.

mod model;
mod steps;
mod world;

use world::World;

/// Plays a life of so many steps, and says at its end whether everything is well.
fn live(seed: u64, steps: usize) {
    println!("DSB_SEED={seed}, {steps} steps");
    let mut world = World::new(seed);
    for _ in 0..steps {
        world.step();
    }
    world.all_ends_well();
    println!("{}", world.told());
}

#[test]
fn lives_of_a_shelf() {
    let given = std::env::var("DSB_SEED").ok().and_then(|seed| seed.parse().ok());
    let long = std::env::var_os("DSB_LONG").is_some();
    let (lives, steps) = if long { (40, 400) } else { (4, 80) };
    match given {
        Some(seed) => live(seed, steps),
        None => (1..=lives).for_each(|seed| live(seed, steps)),
    }
}
