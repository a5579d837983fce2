//! Homes that nobody has: trees of any size for benches and tests, the same from the same seed.
//!
//! A [`home::Home`] tells, one directory after the other, what stands where. [`tree`] writes that to
//! a folder; [`catalog`] enters it into a catalog as an update would, without any file. Neither keeps
//! more in memory than the directories that are still to come.

pub mod area;
pub mod catalog;
pub mod check;
pub mod content;
pub mod home;
pub mod names;
// Shelves ask more of it than homes do.
#[allow(dead_code)]
#[path = "../placement/random.rs"]
pub mod random;
pub mod tree;
