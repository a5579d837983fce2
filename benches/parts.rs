//! How long the parts take that touch no disk: patterns over paths, and the catalog's large questions.
//!
//! ```text
//! cargo bench --bench parts                           100,000 files, in the cache of the system
//! ```

#[allow(dead_code)]
#[path = "generate/mod.rs"]
mod generate;
#[path = "workload/mod.rs"]
mod workload;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use dsb::catalog::Catalog;
use dsb::model::VPath;
use dsb::ops::Shelf;
use std::sync::OnceLock;
use tempfile::TempDir;
use workload as work;

const FILES: u64 = 100_000;

fn main() {
    divan::main();
}

/// Runs over all paths; per path is what counts.
fn over_paths(bencher: Bencher<'_, '_>, run: impl Fn(&[VPath]) -> usize + Sync) {
    let paths = work::paths(FILES);
    bencher.counter(ItemsCount::new(paths.len())).bench(|| run(&paths));
}

#[divan::bench(sample_count = 10)]
fn filters(bencher: Bencher<'_, '_>) {
    let filters = work::filters();
    over_paths(bencher, |paths| work::left_out_by_filters(&filters, paths));
}

#[divan::bench(sample_count = 10)]
fn rules(bencher: Bencher<'_, '_>) {
    let rules = work::rules();
    over_paths(bencher, |paths| work::left_out_by_rules(&rules, paths));
}

#[divan::bench(sample_count = 10)]
fn patterns(bencher: Bencher<'_, '_>) {
    let (pattern, search) = work::patterns();
    over_paths(bencher, |paths| work::found(&pattern, &search, paths));
}

/// A question to a catalog that is made once for all of them.
fn asked<T>(bencher: Bencher<'_, '_>, ask: impl Fn(&Catalog) -> T) {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        work::make_catalog(folder.path(), FILES);
        folder
    });
    let catalog = Catalog::open_to_look(folder.path()).expect("a sound catalog");
    bencher.counter(ItemsCount::new(FILES)).bench_local(|| ask(&catalog));
}

#[divan::bench(sample_count = 10)]
fn children_of_every_directory(bencher: Bencher<'_, '_>) {
    asked(bencher, work::children);
}

#[divan::bench(sample_count = 10)]
fn census(bencher: Bencher<'_, '_>) {
    asked(bencher, work::census);
}

#[divan::bench(sample_count = 10)]
fn load_of_the_shelf(bencher: Bencher<'_, '_>) {
    asked(bencher, |catalog| Shelf::load(catalog, dsb::os::now()).expect("a sound catalog").objects.len());
}

#[divan::bench(sample_count = 10)]
fn hash(bencher: Bencher<'_, '_>) {
    let bytes = vec![7; 16 << 20];
    bencher.counter(BytesCount::new(bytes.len())).bench(|| work::hash(&bytes));
}
