//! The arguments of what only looks: `dsb info`, `forecast`, `simulate`, `ls`, `find`, `debug`.

use super::AtArguments;
use crate::cli::complete;
use crate::model::{Size, VPath};
use clap::{Args, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// `info`
#[derive(Debug, Args)]
pub struct InfoArguments {
    /// A file, folder or symlink of the newest state: all that is known of it [default: of everything]
    #[arg(value_name = "FILE", add = complete::vpaths())]
    pub path: Option<VPath>,
    /// Leave what has as many copies as it may (--maxcopies) out of what each disk holds; -v shows that
    /// by the number of copies
    #[arg(long, conflicts_with = "path")]
    pub no_saturated: bool,
    /// Exit with 3 while something has fewer copies than are wanted
    #[arg(long, conflicts_with = "path")]
    pub check: bool,
}

/// `forecast`
#[derive(Debug, Args)]
pub struct ForecastArguments {
    /// Suppose a new disk of this size (8T); repeatable
    #[arg(long, value_name = "SIZE")]
    pub add: Vec<Size>,
    /// Suppose these disks are lost
    #[arg(long, value_name = "DISK", num_args = 1.., add = complete::disks())]
    pub lose: Vec<String>,
}

/// `simulate`
#[derive(Debug, Args)]
#[command(after_help = "No catalog is needed, and nothing is written. docs/placement.md has the format.\n\n\
    With --json, bytes are what objects take on a disk:\n  \
    visits            list of disk (id), deleted and copied (each: objects, bytes)\n  \
    final.data        bytes that are live in the end\n  \
    final.bytes_at_least, final.bound\n                    \
    lists, for 1, 2 ... copies: bytes with at least so many; the most possible\n  \
    written           bytes copied in all, relative to final.data\n  \
    visits_to_settle  visits of the last settle until levels 1 to 3 stay within 0.2 % of\n                    \
    final.data of where it ends; null if there is no settle\n  \
    folder_disks      mean, worst: disks needed to bring a folder back, relative to the fewest\n                    \
    that could hold it; null if nothing is stored\n  \
    violations        how often a plan broke a rule; each is told on standard error\n  \
    copies            with --placement: for each object the ids of the disks that hold it\n\n\
    Exit code 4 if there are violations.")]
pub struct SimulateArguments {
    /// A file in the format dsb-placement-scenario/1
    pub scenario: PathBuf,
    /// With --json: list for each object the disks that hold it in the end
    #[arg(long)]
    pub placement: bool,
}

/// `ls`
#[derive(Debug, Args)]
pub struct LsArguments {
    /// A path or a shell pattern; a folder brings all that is in it
    #[arg(add = complete::vpaths())]
    pub pattern: Option<OsString>,
    /// Which state
    #[command(flatten)]
    pub state: AtArguments,
    /// Only what this disk holds
    #[arg(short, long, add = complete::disks())]
    pub disk: Option<String>,
    /// Mode, owner, size, time, copies and disks too
    #[arg(short, long)]
    pub long: bool,
}

/// `find`
#[derive(Debug, Args)]
#[command(after_help = "Exit code 3 if nothing matches.")]
pub struct FindArguments {
    /// A shell pattern: without `/` for names anywhere, with `/` for whole paths, as `dsb ls` has it
    #[arg(add = complete::vpaths())]
    pub pattern: OsString,
    /// Only what was there in one state
    #[command(flatten)]
    pub state: AtArguments,
}

/// `debug`
#[derive(Debug, Subcommand)]
pub enum DebugCommand {
    /// All that is known of a path: the same as `dsb info FILE`
    Info {
        /// The virtual path
        #[arg(add = complete::vpaths())]
        vpath: VPath,
    },
    /// Print the SHA-256 of a real file, as its object would be called
    Hash {
        /// The file
        path: PathBuf,
    },
}
