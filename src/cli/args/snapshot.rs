//! The arguments of `dsb snapshot`, `versions` and `purge`.

use super::when::when;
use crate::cli::complete;
use crate::model::{VPath, When, tag};
use clap::{Args, Subcommand};

/// `snapshot`
#[derive(Debug, Subcommand)]
#[command(
    after_help = "A state is `latest`, a number, a day (2026-01-31), a time ('2026-01-31 14:05'), a name as on a\n\
    disk (2026-01-31_14-05-09) or so long ago ('3 weeks ago'): the newest that was taken by then."
)]
pub enum SnapshotCommand {
    /// List the states there are
    List,
    /// What one state holds, what of it has a copy, what it alone needs
    Show {
        /// Which state
        #[arg(value_parser = when, default_value = "latest", add = complete::states())]
        when: When,
    },
    /// What changed from one state to another, a line each
    Diff {
        /// The older state
        #[arg(value_parser = when, add = complete::states())]
        from: When,
        /// The newer state
        #[arg(value_parser = when, default_value = "latest", add = complete::states())]
        to: When,
    },
    /// Forget states now, whatever the policy says
    Forget {
        /// Which states
        #[arg(value_parser = when, required = true, add = complete::states())]
        when: Vec<When>,
    },
    /// Keep states, whatever the policy says, until `unkeep`
    Keep {
        /// Which states
        #[arg(value_parser = when, required = true, add = complete::states())]
        when: Vec<When>,
    },
    /// Leave states to the policy again
    Unkeep {
        /// Which states
        #[arg(value_parser = when, required = true, add = complete::states())]
        when: Vec<When>,
    },
    /// Put words on a state, or take them off; --keep-tag keeps what has them
    Tag {
        /// Which state
        #[arg(value_parser = when, add = complete::states())]
        when: When,
        /// A word to put on it
        #[arg(long, value_name = "TAG", required_unless_present = "remove", value_parser = tag)]
        add: Vec<String>,
        /// A word to take off it
        #[arg(long, value_name = "TAG")]
        remove: Vec<String>,
    },
}

impl SnapshotCommand {
    /// Whether it may change a catalog.
    pub fn changes(&self) -> bool {
        !matches!(self, Self::List | Self::Show { .. } | Self::Diff { .. })
    }
}

/// `versions`
#[derive(Debug, Args)]
#[command(after_help = "Exit code 3 if nothing was ever at that path.")]
pub struct VersionsArguments {
    /// A virtual path of any state
    #[arg(add = complete::vpaths())]
    pub path: VPath,
}

/// `purge`
#[derive(Debug, Args)]
#[command(after_help = "What is in the newest state is not purged: take it out of the source, or leave it out with\n\
    `dsb source set`, and run `dsb update` first. Each disk gives up the content when it is attached and\n\
    backed up to the next time; `dsb info` says what is still pending.")]
pub struct PurgeArguments {
    /// Virtual paths; a folder is purged with all below it
    #[arg(required = true, add = complete::vpaths())]
    pub paths: Vec<VPath>,
}

/// Which state of the tree.
#[derive(Debug, Args)]
pub struct AtArguments {
    /// The state of then: latest, a number, 2026-01-31, '3 weeks ago' [default: the newest]
    #[arg(long, value_name = "WHEN", value_parser = when, add = complete::states())]
    pub at: Option<When>,
}
