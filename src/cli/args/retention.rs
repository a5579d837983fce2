//! The arguments of `dsb retention` and `dsb suspect`.

use crate::cli::complete;
use crate::model::VPath;
use clap::{Subcommand, ValueEnum};

/// `retention`
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Show the policy and what it makes of the snapshots
    Show,
    /// Replace the policy
    Set {
        /// So many of the newest states, guaranteed
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        keep_last: u32,
        /// All states of so many days before the newest (90d)
        #[arg(long, value_name = "DAYS", value_parser = days)]
        keep_within: Option<u32>,
        /// How firmly --keep-within holds
        #[arg(long, default_value = "guaranteed", requires = "keep_within")]
        history: HistoryWord,
    },
}

/// How firmly history is held.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum HistoryWord {
    /// Like the newest state
    Guaranteed,
    /// In free room only
    BestEffort,
}

/// `suspect`
#[derive(Debug, Subcommand)]
pub enum SuspectCommand {
    /// List them
    List,
    /// The new content is right
    Accept {
        /// The file's virtual path
        #[arg(add = complete::vpaths())]
        path: VPath,
    },
    /// The new content is wrong: keep the old one
    Reject {
        /// The file's virtual path
        #[arg(add = complete::vpaths())]
        path: VPath,
    },
}

fn days(text: &str) -> Result<u32, String> {
    let (number, factor) = match text.trim().strip_suffix(['d', 'w', 'm', 'y']) {
        Some(number) if text.ends_with('w') => (number, 7),
        Some(number) if text.ends_with('m') => (number, 30),
        Some(number) if text.ends_with('y') => (number, 365),
        Some(number) => (number, 1),
        None => (text.trim(), 1),
    };
    let days = number.parse::<u32>().ok().and_then(|n| n.checked_mul(factor));
    days.ok_or_else(|| "a time is written like 90d, 12w, 6m or 2y".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!((days("90d"), days("2w"), days("1y"), days("7")), (Ok(90), Ok(14), Ok(365), Ok(7)));
        assert!(days("x").is_err() && days("99999999y").is_err());
    }
}
