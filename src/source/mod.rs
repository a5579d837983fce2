//! The live tree: what is there now, and the bytes of it. Only reads.
//!
//! A mapped directory is held open as a [`Root`]; everything below it is reached through that,
//! so paths of any length work and nothing is followed out of it. A [`Lister`] lists one
//! directory, [`walk`] looks at many on several threads, [`read_file`] hashes one file. What it means
//! that something is new, changed or gone is decided by the callers.

mod identity;
mod list;
mod read;
mod root;
mod rules;
mod walk;

pub use identity::Identity;
pub use list::{Child, Lister, Listing};
pub use read::{FileRead, ReadError, read_file};
pub use root::Root;
pub use rules::LeftOut;
pub use walk::{Job, walk};
