//! The arguments of `dsb retention` and `dsb suspect`.

use crate::cli::complete;
use crate::model::{VPath, Within, tag};
use clap::{Args, Subcommand, ValueEnum};

/// `retention`
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Show the policy, what it makes of the snapshots, and what that frees on each disk
    Show,
    /// Replace the policy, what is not named is not kept; with -n: say what that would free
    Set(RetentionSet),
}

/// `retention set`
#[derive(Debug, Args)]
pub struct RetentionSet {
    /// So many of the newest states
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep_last: Option<u32>,
    /// The newest state of each of so many hours that have one
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub keep_hourly: u32,
    /// The newest state of each of so many days
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub keep_daily: u32,
    /// The newest state of each of so many weeks
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub keep_weekly: u32,
    /// The newest state of each of so many months
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub keep_monthly: u32,
    /// The newest state of each of so many years
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub keep_yearly: u32,
    /// All states of so much time before the newest (90d, 2y5m7d3h)
    #[arg(long, value_name = "TIME")]
    pub keep_within: Option<Within>,
    /// All states with this tag; may be given several times
    #[arg(long, value_name = "TAG", value_parser = tag)]
    pub keep_tag: Vec<String>,
    /// How firmly all of these are held
    #[arg(long, default_value = "guaranteed")]
    pub history: HistoryWord,
    /// All other states too, in free room: as much history as the disks hold, the oldest given up first
    #[arg(long)]
    pub fill: bool,
}

/// How firmly history is held.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum HistoryWord {
    /// What only older states need is never below one copy, once it has one
    Guaranteed,
    /// What only older states need stays in free room, the oldest given up first
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
