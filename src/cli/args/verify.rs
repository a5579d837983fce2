//! The arguments of `dsb verify`.

use crate::cli::complete;
use clap::Args;
use std::ffi::OsString;

/// `verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The disk: name, uuid or path
    #[arg(add = complete::disks())]
    pub disk: String,
    /// Begin with objects whose names begin so
    #[arg(short, long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    pub start: String,
    /// Report only: nothing on the disk or in the catalog is changed
    #[arg(short, long)]
    pub check: bool,
    /// Delete damaged objects instead of moving them to bad-objects/; not with --check, which changes
    /// nothing
    #[arg(short, long, conflicts_with = "check")]
    pub delete: bool,
    /// Write a line for each damaged copy as it is found: disk, place on it, size, path, what (tabs
    /// between); @N: to the open file descriptor N, as in `-e @3 3>FILE`
    #[arg(short, long, value_name = "FILE|@N")]
    pub errors: Option<OsString>,
    /// Objects read at once [default: one for each core]
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
}
