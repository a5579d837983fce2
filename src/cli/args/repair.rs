//! The arguments of `dsb repair`.

use crate::cli::complete;
use crate::model::Size;
use clap::Args;
use std::path::PathBuf;

/// `repair`
#[derive(Debug, Args)]
#[command(
    after_help = "Good bytes come from the source if they still hash right, from any other attached disk, or from\n\
    the stage. Where only one disk can be attached at a time: attach one that has them, run\n\
    `dsb repair DISK --stage FOLDER`, attach DISK, run the same command; again until nothing is left."
)]
pub struct RepairArguments {
    /// The disk: name, uuid or path
    #[arg(add = complete::disks())]
    pub disk: String,
    /// Bring bytes through this folder on this machine
    #[arg(long, value_name = "FOLDER")]
    pub stage: Option<PathBuf>,
    /// Have no more than so many bytes there [default: all but 256 MB of what is free]
    #[arg(long, value_name = "SIZE", requires = "stage")]
    pub limit: Option<Size>,
    /// Objects copied at once [default: one for each core]
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
}
