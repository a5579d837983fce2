//! How long work tells of itself without printing: the one trait of the library.

use crate::error::{Error, Result};
use crate::model::{Problem, Size};

/// What a long job says while it works. Shared between threads.
pub trait Progress: Sync {
    /// A task begins; its totals are zero where they cannot be known.
    fn task(&self, name: &str, items: u64, bytes: Size);
    /// So much more of the current task is done.
    fn advance(&self, items: u64, bytes: Size);
    /// Something the person should know.
    fn note(&self, text: &str);
    /// Something that only a person who asked for details wants to know.
    fn detail(&self, text: &str);
    /// An item that could not be done; the run goes on.
    fn problem(&self, problem: &Problem);
    /// Whether the person asked to stop: the job ends at its next consistent point.
    fn stopped(&self) -> bool;

    /// An error once the person asked to stop.
    fn check(&self) -> Result<()> {
        if self.stopped() { Err(Error::interrupted()) } else { Ok(()) }
    }
}

/// Says nothing and never stops.
#[derive(Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn task(&self, _: &str, _: u64, _: Size) {}
    fn advance(&self, _: u64, _: Size) {}
    fn note(&self, _: &str) {}
    fn detail(&self, _: &str) {}
    fn problem(&self, _: &Problem) {}
    fn stopped(&self) -> bool {
        false
    }
}
