//! The arguments of `dsb backup`.

use crate::cli::complete;
use crate::model::Size;
use clap::Args;

/// `backup`
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The disk: name, uuid or path
    #[arg(add = complete::disks())]
    pub disk: String,
    /// Show what would be done and why; do nothing
    #[arg(long)]
    pub simulate: bool,
    /// Copy so much at most
    #[arg(long, value_name = "SIZE")]
    pub limit: Option<Size>,
    /// Copy nothing that has so many copies
    #[arg(long, value_name = "N")]
    pub maxcopies: Option<u8>,
    /// Take no copy away to make room for another
    #[arg(long, alias = "noflush")]
    pub no_evict: bool,
    /// Update first; if that had problems, take nothing away from the disk
    #[arg(short, long)]
    pub update: bool,
    /// With --update: scan what is locked, this once
    #[arg(long, requires = "update")]
    pub ignore_lock: bool,
    /// Remove what nobody needs, however much it is
    #[arg(long)]
    pub delete_many: bool,
    /// Files copied at once [default: one for each core]
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
    /// Of distbackup; does nothing
    #[arg(long, hide = true, value_name = "SIZE")]
    pub slack: Option<String>,
    /// Of distbackup; does nothing
    #[arg(long, hide = true)]
    pub sync: bool,
    /// Of distbackup; does nothing
    #[arg(long, hide = true)]
    pub nohelper: bool,
}

impl BackupArguments {
    /// Options that are taken because distbackup has them, and do nothing.
    pub fn dead(&self) -> Vec<&'static str> {
        let given = [("--slack", self.slack.is_some()), ("--sync", self.sync), ("--nohelper", self.nohelper)];
        given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }
}
