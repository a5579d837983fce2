//! How many copies there are of what, one column a state of the shelf.

use super::table::Table;
use super::words::counted;
use crate::ops::Coverage;

/// Levels that are always of interest.
const LEVELS: usize = 3;

/// A table of states that a person compares.
pub fn table(states: &[(&str, &Coverage)]) -> String {
    let heads: Vec<String> = states.iter().map(|(name, _)| format!(">{name}")).collect();
    let mut table = Table::new(&[&[""], heads.iter().map(String::as_str).collect::<Vec<_>>().as_slice()].concat());
    for copies in 1..=LEVELS {
        let name = match copies {
            1 => "without a copy".to_owned(),
            copies => format!("below {}", counted(copies as u64, "copy")),
        };
        let cells = states.iter().map(|(_, state)| state.below(copies).bytes.to_string());
        table.row([name].into_iter().chain(cells));
    }
    let cells = states.iter().map(|(_, state)| state.below_wanted.bytes.to_string());
    table.row(["below what is wanted".to_owned()].into_iter().chain(cells));
    table.lines()
}
