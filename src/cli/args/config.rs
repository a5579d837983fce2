//! The arguments of `dsb config`.

use crate::cli::complete;
use crate::model::VPath;
use clap::Subcommand;
use std::path::PathBuf;

/// `config`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write all that is set, as JSON
    Export {
        /// The file, or - for standard output
        path: PathBuf,
        /// Of paths only what is set at and below this one
        #[arg(short, long, value_name = "VPATH", add = complete::vpaths())]
        path_prefix: Option<VPath>,
    },
    /// Set all that a JSON file says: all of it, or nothing
    Import {
        /// The file, or - for standard input
        path: PathBuf,
    },
    /// Change what is set in an editor
    #[command(args_conflicts_with_subcommands = true, subcommand_precedence_over_arg = true)]
    Edit {
        /// The editor [default: `$VISUAL`, else `$EDITOR`, else editor]
        #[arg(short, long, global = true)]
        editor: Option<String>,
        /// Only a part
        #[command(subcommand)]
        part: Option<EditPart>,
    },
}

/// A part of what is set.
#[derive(Debug, Subcommand)]
pub enum EditPart {
    /// Source maps
    Map,
    /// What is set for paths
    Path {
        /// Only at and below this one
        #[arg(add = complete::vpaths())]
        vpath: Option<VPath>,
    },
    /// What can be set of disks
    Disks,
}

impl ConfigCommand {
    /// Whether it may change the catalog.
    pub fn changes(&self) -> bool {
        !matches!(self, Self::Export { .. })
    }
}
