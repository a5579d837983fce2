//! The arguments of `dsb restore`.

use crate::cli::complete;
use clap::Args;
use std::path::PathBuf;

/// `restore`
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// [DISK] DESTINATION: without a disk, all that are attached
    #[arg(required = true, num_args = 1..=2, value_name = "DESTINATION", add = complete::disks_or_folders())]
    pub words: Vec<PathBuf>,
    /// From the disk at this folder alone, through its own catalog copy
    #[arg(long, value_name = "DISK-FOLDER")]
    pub from: Option<PathBuf>,
    /// Only what matches (a shell pattern over the virtual path); repeatable
    #[arg(short, long, value_name = "PATTERN", add = complete::vpaths())]
    pub filter: Vec<String>,
    /// Replace files that are there and differ
    #[arg(long)]
    pub overwrite: bool,
    /// Read files that are there, do not go by size and time
    #[arg(long)]
    pub checksum: bool,
    /// Owners and groups by number, not by name
    #[arg(long)]
    pub numeric_ids: bool,
    /// With --from: restore set-user-id bits and device nodes too
    #[arg(long)]
    pub trusted: bool,
}
