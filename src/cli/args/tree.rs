//! The arguments of `dsb tree`, `du` and `ncdu`.

use crate::cli::complete;
use crate::model::VPath;
use clap::Args;
use std::path::PathBuf;

/// Which files count: the same for all three.
#[derive(Debug, Args)]
pub struct SelectionArguments {
    /// Only files with so many copies at least
    #[arg(short, long, value_name = "N")]
    pub mincopies: Option<u32>,
    /// Only files with so many copies at most
    #[arg(short = 'x', long, value_name = "N")]
    pub maxcopies: Option<u32>,
    /// Only files with exactly so many copies
    #[arg(short, long, value_name = "N", conflicts_with_all = ["mincopies", "maxcopies"])]
    pub copies: Option<u32>,
    /// Only files that are on this disk; repeatable: on all of them
    #[arg(short, long, value_name = "DISK", add = complete::disks())]
    pub include: Vec<String>,
    /// Only files that are not on this disk; repeatable: on none of them
    #[arg(short, long, value_name = "DISK", add = complete::disks())]
    pub exclude: Vec<String>,
    /// Count copies as if `dsb disk drop DISK` were run; repeatable. Where files are is still asked as
    /// it is now: -d A -i A -x 0 shows what would be lost with A
    #[arg(short = 'd', long, value_name = "DISK", add = complete::disks())]
    pub simulate_drop: Vec<String>,
}

/// `tree`
#[derive(Debug, Args)]
pub struct TreeArguments {
    /// Where to begin [default: /]
    #[arg(default_value = "/", hide_default_value = true, add = complete::vpaths())]
    pub vpath: VPath,
    /// Which files count
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// So many folders deep; 0: all of them
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub depth: usize,
    /// Show files too, not folders only
    #[arg(long)]
    pub files: bool,
    /// For each number of copies files and bytes, however wide that is
    #[arg(long)]
    pub long: bool,
}

/// `du`
#[derive(Debug, Args)]
pub struct DuArguments {
    /// Folders or files [default: what stands in /]
    #[arg(add = complete::vpaths())]
    pub vpaths: Vec<VPath>,
    /// Which files count
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// So many folders below each [default: 0; without any path: 1]
    #[arg(long, value_name = "N")]
    pub depth: Option<usize>,
    /// For each number of copies files and bytes, however wide that is
    #[arg(long)]
    pub long: bool,
}

/// `ncdu`
#[derive(Debug, Args)]
pub struct NcduArguments {
    /// Where to begin [default: /]
    #[arg(default_value = "/", hide_default_value = true, add = complete::vpaths())]
    pub vpath: VPath,
    /// Which files count
    #[command(flatten)]
    pub selection: SelectionArguments,
    /// Write it into a file for `ncdu -f FILE`, do not run ncdu; -: to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
