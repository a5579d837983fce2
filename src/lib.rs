//! dsb (design to follow in this place)

pub mod digest;
pub mod error;
pub mod model;
pub mod os;
pub mod plan;
pub mod progress;
