//! dsb (design to follow in this place)

pub mod destination;
pub mod digest;
pub mod disk;
pub mod error;
pub mod model;
pub mod os;
pub mod progress;
