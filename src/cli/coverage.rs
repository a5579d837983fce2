//! How many copies there are of what, one column a state of the shelf.

use super::table::Table;
use super::words::counted;
use crate::ops::{Coverage, Outcome};

/// Levels that are always of interest.
const LEVELS: usize = 3;

/// A state of the shelf, and the attachments it takes to get there, if it takes any.
pub struct State<'s> {
    /// The column's head.
    pub name: &'s str,
    /// What there is then.
    pub coverage: &'s Coverage,
    /// Attachments from the state before.
    pub visits: Option<usize>,
}

impl<'s> State<'s> {
    /// Once every visit that is worth it was made.
    pub fn after(name: &'s str, outcome: &'s Outcome) -> Self {
        Self { name, coverage: &outcome.then, visits: Some(outcome.visits) }
    }
}

/// A table of states that a person compares.
pub fn table(states: &[State<'_>]) -> String {
    let heads: Vec<String> = states.iter().map(|state| format!(">{}", state.name)).collect();
    let mut table = Table::new(&[&[""], heads.iter().map(String::as_str).collect::<Vec<_>>().as_slice()].concat());
    let mut row = |name: String, cell: &dyn Fn(&State<'_>) -> String| {
        table.row([name].into_iter().chain(states.iter().map(cell)));
    };
    for copies in 1..=LEVELS {
        let name = match copies {
            1 => "without a copy".to_owned(),
            copies => format!("below {}", counted(copies as u64, "copy")),
        };
        row(name, &|state| state.coverage.below(copies).bytes.to_string());
    }
    row("below what is wanted".to_owned(), &|state| state.coverage.below_wanted.bytes.to_string());
    row("attachments".to_owned(), &|state| state.visits.map_or_else(String::new, |visits| visits.to_string()));
    table.lines()
}
