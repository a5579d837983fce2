//! The arguments of `dsb catalog`.

use crate::cli::complete;
use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

/// What `catalog recover` leaves to do.
const RECOVERING: &str = "Then run `dsb update`. Disks that were not given still count, but nothing is evicted elsewhere\n\
    for their sake until they were attached; one that was written since the copy was made is refused\n\
    until `dsb disk refresh DISK` has counted it.";

/// `catalog`
#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// Take over a catalog of distbackup 1.0.20: maps, settings, files, disks and their copies
    Adopt {
        /// The old catalog, its folder, or the folder of a disk that has a copy of it
        path: PathBuf,
    },
    /// Check the catalog against itself, and what it claims of attached disks by name and size
    Check {
        /// Disks whose claims are looked at: name, uuid or path
        #[arg(value_name = "DISK", add = complete::disks())]
        disks: Vec<String>,
    },
    /// Make the catalog anew from the newest copy that disks have, if it is lost or damaged
    #[command(after_help = RECOVERING)]
    Recover {
        /// The folders of disks: the newest usable copy among them is taken, and what is on each is
        /// counted afresh
        #[arg(long, value_name = "DISK-FOLDER", required = true, num_args = 1..)]
        from: Vec<PathBuf>,
        /// Though there is a usable catalog: it is kept under another name
        #[arg(long)]
        replace: bool,
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
