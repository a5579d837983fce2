//! What one file, directory or object did to a run that went on without it.

use super::escape;
use std::fmt;

/// One item that could not be done: named, counted, and never the end of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: a path's raw bytes, or an object's or disk's name.
    pub place: Vec<u8>,
    /// What happened, as a person reads it.
    pub what: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(place: impl Into<Vec<u8>>, what: impl fmt::Display) -> Self {
        Self { place: place.into(), what: what.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", escape(&self.place), self.what)
    }
}
