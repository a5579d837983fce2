//! What the tests stand on: a home of its own for each, trees to back up, disks, comparisons.

mod browse;
mod compare;
mod facts;
mod mount;
mod random;
mod sandbox;
mod shell;
mod tree;

pub use browse::{assert_made_of_objects, assert_shows, latest, shown, trees};
pub use compare::{assert_rsync_agrees, assert_same, differences};
pub use facts::{allocated, assert_objects_are_whole, below, dump, hash, object_file, objects, temporary_files};
pub use mount::{Mounted, is_root, skipped};
pub use random::Random;
pub use sandbox::{Ran, Sandbox, wait_until, words};
pub use shell::{has, shell};
pub use tree::{Tree, bytes};
