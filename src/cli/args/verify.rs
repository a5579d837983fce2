//! The arguments of `dsb verify`.

use crate::cli::complete;
use clap::Args;
use std::path::PathBuf;

/// `verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The disk: name, uuid or path
    #[arg(add = complete::disks())]
    pub disk: String,
    /// Begin with objects whose names begin so
    #[arg(short, long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    pub start: String,
    /// Report only
    #[arg(short, long)]
    pub check: bool,
    /// Delete damaged objects instead of moving them to bad-objects/
    #[arg(long, conflicts_with = "check")]
    pub delete: bool,
    /// Write a line for each damaged copy: disk, object, size, path, what (tabs between)
    #[arg(short, long, value_name = "FILE")]
    pub errors: Option<PathBuf>,
    /// Objects read at once [default: one for each core]
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
}
