//! The arguments of `dsb catalog`.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// `catalog`
#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies
    Adopt {
        /// The old catalog, its folder, or the folder of a disk that has a copy of it
        path: PathBuf,
    },
    /// Write the newest state as a catalog of distbackup 1.0.20, for going back to it
    Export {
        /// Whose catalog it is to be
        #[arg(long)]
        format: Format,
        /// The file to write; it must not be there yet
        file: PathBuf,
    },
}

/// Programs for which a catalog can be written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// Schema 31
    #[value(name = "distbackup-1.0.20")]
    Distbackup,
}
