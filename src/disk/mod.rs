//! One backup disk: what lies in its data directory, and the order in which it is written.
//!
//! ```text
//! <data directory>/
//!   distbackup-disk.json        the marker: who the disk is, and its last session
//!   distbackup.sqlite           the newest catalog copy, its SHA-256 beside it
//!   distbackup.<n>.sqlite       the copy before it
//!   distbackup-objects/abc/<64 hex digits>
//!   distbackup-tmp/             what is being written; nothing in it counts
//!   bad-objects/                what failed verification
//!   snapshots/                  browsable trees of hard links to the objects
//!   distbackup-trees/           a file for each of these that dsb made
//!   README.txt
//! ```
//!
//! The data directory is held open and everything is done relative to it, never through a
//! symlink: a disk that is unmounted, or covered by another, is not written past. A name in its
//! final place always stands for whole and durable bytes: a file is written in `distbackup-tmp/`,
//! flushed, renamed, and then its directory is flushed. (Without a journal a power cut in the middle
//! of that may leave a name for nothing, as one in the middle of a removal: nothing claims it, and
//! the next session reads it and clears it away.) Objects go in batches, so that two
//! flushes of the whole file system serve thousands of them ([`Batch`]).

mod attached;
mod batch;
mod catalog_copy;
mod cold;
mod find;
mod folders;
mod habits;
mod marker;
mod medium;
mod place;
mod publish;
mod share;
mod stage;
mod store;
mod temporary;
mod tree;

pub use attached::{Attached, create, mark_anew, rehearse};
pub use batch::{BATCH_BYTES, BATCH_OBJECTS, BATCH_TIME, Batch, Committed, Copied, CopyError};
pub use cold::Cold;
pub use find::{data_directory, find};
pub use marker::{FORMAT, Marker, NEWEST, State};
pub use place::{Place, place};
pub use stage::Stage;
pub use store::Found;
pub use tree::{Folder, Linkable, Linked, Tree, Trees, keeps_links};

/// Whether a folder looks like a disk's, whatever its marker says.
pub fn has_objects(path: &std::path::Path) -> bool {
    path.join(OBJECTS).is_dir()
}

/// The folder that holds the objects, in 4,096 folders by their first three digits.
const OBJECTS: &str = "distbackup-objects";
/// The folder for what is being written.
const TEMPORARY: &str = "distbackup-tmp";
/// The folder for what failed verification.
const BAD: &str = "bad-objects";
