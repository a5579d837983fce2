//! How long a plan takes, and how much memory beside the items (`max alloc`: of a million objects,
//! so many MB are so many bytes an object):
//!
//! ```text
//! cargo bench --bench plan                            a million objects on twelve disks
//! cargo bench --bench plan -- --ignored               ten million
//! ```

#[path = "plan/shelf.rs"]
mod shelf;

use divan::{AllocProfiler, Bencher, counter::ItemsCount};
use dsb::plan::{Request, Shelf, plan};
use shelf::{State, shelf};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

#[divan::bench(args = State::ALL, sample_count = 15)]
fn one_million(bencher: Bencher<'_, '_>, state: State) {
    planned(bencher, state, 1_000_000);
}

#[divan::bench(args = State::ALL, sample_count = 1, ignore)]
fn ten_million(bencher: Bencher<'_, '_>, state: State) {
    planned(bencher, state, 10_000_000);
}

fn planned(bencher: Bencher<'_, '_>, state: State, objects: u32) {
    let (items, rooms, attached) = shelf(state, objects);
    let shelf = Shelf { attached, rooms: &rooms, groups: &[] };
    bencher.counter(ItemsCount::new(objects)).bench(|| plan(&items, &shelf, &Request::default()));
}
