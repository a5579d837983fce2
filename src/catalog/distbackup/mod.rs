//! Catalogs of distbackup 1.0.20: read to be taken over, their place taken, written for going back.
//!
//! An old catalog may be a stranger's. It is opened for reading only, runs nothing of its own, and
//! what its values mean is decided by the callers, row by row.

mod build;
mod place;
mod read;
mod write;

pub use build::{Adopted, Adoption};
pub use place::{KEPT, Takeover};
pub use read::{Old, OldDisk, OldFile, OldObject};
pub use write::{Export, ExportedFile};

/// The schema of distbackup 1.0.20 (`user_version`).
pub const SCHEMA: i64 = 31;
