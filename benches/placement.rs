//! What the planner makes of shelves like a person's, next to what distbackup 1.0.20 makes of them:
//!
//! ```text
//! cargo bench --bench placement                       a quick look: 40 shelves of 5,000 objects
//! cargo bench --bench placement -- --full             100 shelves of 50,000 objects
//! cargo bench --bench placement -- 20000 4            so many objects, so many seeds
//! ```

#[path = "placement/measured.rs"]
mod measured;
#[path = "placement/mod.rs"]
mod placement;
#[path = "placement/tables.rs"]
mod tables;

use measured::{Shelf, measure};
use placement::history::Spec;
use placement::tree::Workload;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

const DISKS: [usize; 5] = [2, 3, 5, 8, 12];
const CAPACITIES: [f64; 5] = [0.9, 1.3, 2.0, 2.7, 3.5];

/// Objects of a shelf, and seeds.
fn arguments() -> (usize, u64) {
    let given: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let number = |place: usize| given.get(place).and_then(|text| text.parse().ok());
    let (objects, seeds) = if given.iter().any(|argument| argument == "--full") { (50_000, 2) } else { (5_000, 2) };
    (number(0).unwrap_or(objects), number(1).map_or(seeds, |seeds: usize| seeds as u64))
}

fn specs(objects: usize, seeds: u64) -> Vec<Spec> {
    let mut specs = Vec::new();
    for capacity in CAPACITIES {
        for disks in DISKS {
            for workload in [Workload::Mixed, Workload::Hoard] {
                specs.extend((1..=seeds).map(|seed| Spec { seed, workload, objects, disks, capacity }));
            }
        }
    }
    specs
}

/// On every processor, in the order of the list whoever is done first.
fn all(specs: &[Spec]) -> Vec<Shelf> {
    let (next, (sender, receiver)) = (AtomicUsize::new(0), mpsc::channel());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for sender in vec![sender; threads] {
            let next = &next;
            scope.spawn(move || {
                while let Some((place, spec)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|p| Some((p, specs.get(p)?)))
                {
                    let _ = sender.send((place, measure(*spec)));
                }
            });
        }
    });
    let mut shelves: Vec<(usize, Shelf)> = receiver.iter().collect();
    shelves.sort_unstable_by_key(|(place, _)| *place);
    shelves.into_iter().map(|(_, shelf)| shelf).collect()
}

fn main() {
    let (objects, seeds) = arguments();
    let specs = specs(objects, seeds);
    println!("{} shelves of {objects} objects", specs.len());
    tables::print(&all(&specs));
}
