//! Fixed work whose instructions are counted: unlike time, their number is the same on a busy machine.
//! `benches/count.sh` runs it.
//!
//! ```text
//! counted prepare FOLDER        makes the catalog that some of it is about
//! counted PART FOLDER           does one part, all of it below `counted_work`
//! ```

#[allow(dead_code)]
#[path = "generate/mod.rs"]
mod generate;
#[allow(dead_code)]
#[path = "plan/shelf.rs"]
mod shelf;
#[path = "workload/mod.rs"]
mod workload;

use dsb::catalog::Catalog;
use dsb::plan::{Request, Shelf, plan};
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;
use workload as work;

const COUNT: u32 = 20_000;

/// The name by which the counting is switched on and off: what is prepared does not count.
#[inline(never)]
fn counted_work(work: &dyn Fn() -> usize) -> usize {
    black_box(work())
}

fn planned() -> usize {
    let (items, rooms, attached) = shelf::shelf(shelf::State::HalfFilled, COUNT);
    let shelf = Shelf { attached, rooms: &rooms, groups: &[] };
    counted_work(&|| {
        black_box(plan(&items, &shelf, &Request::default()));
        items.len()
    })
}

fn matched() -> usize {
    let (paths, filters, rules) = (work::paths(COUNT.into()), work::filters(), work::rules());
    let (pattern, search) = work::patterns();
    counted_work(&|| {
        work::left_out_by_filters(&filters, &paths)
            + work::left_out_by_rules(&rules, &paths)
            + work::found(&pattern, &search, &paths)
    })
}

fn asked(folder: &Path, ask: fn(&Catalog) -> usize) -> usize {
    let catalog = Catalog::open_to_look(folder).expect("a catalog that was prepared");
    counted_work(&|| ask(&catalog))
}

fn hashed() -> usize {
    let bytes: Vec<u8> = (0..16_u32 << 20).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    counted_work(&|| work::hash(&bytes).bytes() as usize)
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [part, folder] = words.as_slice() else {
        println!("prepare|plan|patterns|children|census|hash FOLDER");
        return ExitCode::SUCCESS;
    };
    let folder = Path::new(folder);
    let done = match part.as_str() {
        "prepare" => {
            work::make_catalog(folder, COUNT.into());
            0
        }
        "plan" => planned(),
        "patterns" => matched(),
        "children" => asked(folder, work::children),
        "census" => asked(folder, work::census),
        "hash" => hashed(),
        _ => return ExitCode::from(2),
    };
    println!("{part}: {done}");
    ExitCode::SUCCESS
}
