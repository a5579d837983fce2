//! The dated states: which there are, what holds them, what is said and done of single ones.

mod freed;

pub use freed::{Freed, freed_by};
