//! The arguments of `dsb catalog`.

use clap::Subcommand;
use std::path::PathBuf;

/// `catalog`
#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies
    Adopt {
        /// The old catalog, its folder, or the folder of a disk that has a copy of it
        path: PathBuf,
    },
}
