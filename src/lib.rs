//! dsb (design to follow in this place)

pub mod catalog;
pub mod cli;
pub mod destination;
pub mod digest;
pub mod disk;
pub mod error;
pub mod model;
pub mod ops;
pub mod os;
pub mod plan;
pub mod progress;
pub mod source;
