//! Update: everything new, and nothing changed.

use super::{beside, files_below};
use crate::command::{Dsb, shell};
use crate::ground::{Ground, text};
use crate::others::Distbackup;
use crate::rounds::{Runner, take_turns};
use crate::table::{Goal, Row};
use dsb::digest::{BUFFER, hash_stream};
use dsb::model::Size;
use std::cell::RefCell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Seconds that the database may take for one file: 0.7 s for 80,000.
const DATABASE: f64 = 0.7 / 80_000.0;

/// The first update, beside hashing everything on all cores.
pub fn first(ground: &Ground) -> Vec<Row> {
    let tree = ground.tree();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let line = format!("find \"$1\" -type f -print0 | xargs -0 -P{cores} -n64 sha256sum");
    let (dsb, old) = (RefCell::new(None::<Dsb>), RefCell::new(None::<Distbackup>));
    let update = || dsb.borrow().iter().for_each(|dsb| dsb.run(&["update"]));
    let prepare = || drop(dsb.replace(Some(ground.mapped(tree))));
    let mut runners = vec![
        Runner::new("dsb", prepare, update),
        Runner::new("sha256sum", || {}, || shell(&line, &[tree])),
        Runner::new("sha2 in process", || {}, || hash_all(&files_below(tree), cores)),
    ];
    if Distbackup::is_there() {
        let prepare = || drop(old.replace(Some(Distbackup::mapped(&ground.path("old"), &text(tree)))));
        let update = || old.borrow().iter().for_each(|old| old.run(&["update"]));
        runners.push(Runner::new("distbackup", prepare, update));
    }
    // Of hashing and the database together dsb may take a fifth more.
    let database = DATABASE * ground.amount().0 as f64;
    let floor = Goal::Times(1.2, 1.2 * database);
    beside("first update", &take_turns(ground.options.rounds, runners), &[floor, floor, Goal::Times(0.25, 0.0)])
}

/// Reads and hashes files on several threads.
fn hash_all(files: &[PathBuf], threads: usize) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut buffer = vec![0; BUFFER];
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    hash(path, &mut buffer);
                }
            });
        }
    });
}

/// Reads and hashes one file.
pub fn hash(path: &Path, buffer: &mut [u8]) {
    let mut file = File::open(path).expect("a file that can be read");
    hash_stream(&mut file, Size::MAX, buffer, |_| Ok(())).expect("a file that can be read");
}

/// An update that finds nothing, beside a list of all metadata.
pub fn unchanged(ground: &Ground) -> Vec<Row> {
    let (tree, dsb) = (ground.tree(), ground.updated());
    let old = Distbackup::is_there().then(|| Distbackup::mapped(&ground.path("old"), &text(tree)));
    let line = "find \"$1\" -printf '%p %s %T@ %C@ %i %m %U %G\\n'";
    let mut runners = vec![
        Runner::new("dsb", || {}, || dsb.run(&["update"])),
        Runner::new("find -printf", || {}, || shell(line, &[tree])),
    ];
    if let Some(old) = &old {
        old.run(&["update"]);
        runners.push(Runner::new("distbackup", || {}, || old.run(&["update"])));
    }
    beside("update, nothing changed", &take_turns(ground.options.rounds, runners), &[Goal::Times(1.0, 0.0)])
}
