//! The dated states: which there are, what holds them, what is said and done of single ones.

mod diff;
mod freed;
mod purge;
mod state;

pub use diff::{Change, Difference, differences};
pub use freed::{Freed, freed_by};
pub use purge::{Purged, pending, purge};
pub use state::{State, forget_states, hold_states, resolve, state, tag_state};
