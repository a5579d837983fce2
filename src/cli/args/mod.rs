//! The command line, as clap reads it. What a flag means is said here and nowhere else.

mod backup;
mod catalog;
mod disk;
mod look;
mod restore;
mod retention;
mod source;
mod update;
mod verify;

pub use backup::BackupArguments;
pub use catalog::{CatalogCommand, Format};
pub use disk::DiskCommand;
pub use look::{ForecastArguments, InfoArguments, LsArguments, SimulateArguments};
pub use restore::RestoreArguments;
pub use retention::{HistoryWord, RetentionCommand, SuspectCommand};
pub use source::{SourceCommand, SourceSetArguments};
pub use update::{ProtectArguments, UpdateArguments};
pub use verify::VerifyArguments;

use crate::model::VPath;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Offline backups spread over many unequal disks, each restorable on its own.
#[derive(Debug, Parser)]
#[command(name = "dsb", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Begin with:  dsb protect FOLDER --on DISK-FOLDER\n\
    Exit codes: 0 done, 1 failed, 2 usage, 3 done but some items could not be, 4 damage found,\n\
    5 refused for safety, 10 no such catalog or disk, 11 locked by another run, 130 interrupted.")]
pub struct Arguments {
    /// The catalog's folder [default: `$DISTBACKUP_PATH`, else ~/.config/distbackup]
    #[arg(short = 'd', long = "db", value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Tell more; twice tells still more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Tell only what went wrong
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print one JSON object on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Back up one folder to one disk: map, add the disk, update, back up
    Protect(ProtectArguments),
    /// The real folders that make up the backup set
    #[command(subcommand)]
    Source(SourceCommand),
    /// Look what changed in the mapped folders, and read what is new
    Update(UpdateArguments),
    /// The disks of the shelf
    #[command(subcommand)]
    Disk(DiskCommand),
    /// Bring one attached disk up to date
    Backup(BackupArguments),
    /// Bring files back, from one disk alone or from the shelf
    Restore(RestoreArguments),
    /// Read and prove every copy on a disk
    Verify(VerifyArguments),
    /// What is protected, how well, and what to do next
    Info(InfoArguments),
    /// Which disk to attach next and why, and how many attachments are left
    Next,
    /// How far the shelf is from each number of copies, and when it is full
    Forecast(ForecastArguments),
    /// List the files of the backup set
    Ls(LsArguments),
    /// Which disks have a file, when each was last seen and proven
    Where {
        /// The file's virtual path
        path: VPath,
    },
    /// Which older states are kept
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Files whose content changed though their size and time did not
    #[command(subcommand)]
    Suspect(SuspectCommand),
    /// Play a shelf through that is written down in a file, with the planner of `backup`
    Simulate(SimulateArguments),
    /// The catalog as a whole: take over one of distbackup, go back to it
    #[command(subcommand)]
    Catalog(CatalogCommand),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// Shells with completion.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Shell {
    /// GNU bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// elvish
    Elvish,
    /// `PowerShell`
    Powershell,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
