//! The command line, as clap reads it. What a flag means is said here and nowhere else.

mod automate;
mod backup;
mod catalog;
mod config;
mod disk;
mod look;
mod repair;
mod restore;
mod retention;
mod run;
mod snapshot;
mod source;
mod tree;
mod update;
mod verify;
mod vpath;
mod when;

pub use automate::{AutomateArguments, Automation};
pub use backup::BackupArguments;
pub use catalog::{CatalogCommand, Format};
pub use config::{ConfigCommand, EditPart};
pub use disk::DiskCommand;
pub use look::{DebugCommand, FindArguments, ForecastArguments, InfoArguments, LsArguments, SimulateArguments};
pub use repair::RepairArguments;
pub use restore::RestoreArguments;
pub use retention::{HistoryWord, RetentionCommand, RetentionSet, SuspectCommand};
pub use run::RunArguments;
pub use snapshot::{AtArguments, PurgeArguments, SnapshotCommand, VersionsArguments};
pub use source::{SourceCommand, SourceSetArguments};
pub use tree::{DuArguments, NcduArguments, SelectionArguments, TreeArguments};
pub use update::{ProtectArguments, UpdateArguments};
pub use verify::VerifyArguments;

use crate::model::VPath;
use clap::{Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
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
    /// Log what changes something to this file, `@@` for the date; '' for none [default: log/log-@@.txt
    /// beside the catalog]
    #[arg(short, long, value_name = "PATTERN")]
    pub log: Option<OsString>,
    /// Log nothing
    #[arg(short = 'L', long)]
    pub nolog: bool,
    /// Tell at the end how SQLite goes about each query
    #[arg(short, long)]
    pub explain: bool,
    /// Do nothing to any disk or catalog; tell what would be done
    #[arg(short = 'n', long, visible_alias = "dry-run", global = true)]
    pub noaction: bool,
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
    /// Run presets: folders, disks, hooks, written down in files
    Run(RunArguments),
    /// The real folders that make up the backup set; alone: list them
    Source {
        /// What to do
        #[command(subcommand)]
        command: Option<SourceCommand>,
    },
    /// Look what changed in the mapped folders, and read what is new
    Update(UpdateArguments),
    /// The disks of the shelf
    #[command(subcommand)]
    Disk(DiskCommand),
    /// Bring one attached disk up to date
    Backup(BackupArguments),
    /// Bring files back, from one disk alone or from the shelf
    Restore(RestoreArguments),
    /// Read and prove the copies on a disk: all, the new, the bad, the oldest
    Verify(VerifyArguments),
    /// Make good what was found damaged, missing or unreadable on a disk
    Repair(RepairArguments),
    /// What is protected, how well, and what to do next
    Info(InfoArguments),
    /// Which disk to attach next and why, and how many attachments are left
    Next,
    /// How far the shelf is from each number of copies, and when it is full
    Forecast(ForecastArguments),
    /// List the files of the backup set
    Ls(LsArguments),
    /// Sums by folder and number of copies, as a tree
    Tree(TreeArguments),
    /// The same for the paths you name, a line each
    Du(DuArguments),
    /// The same to look around in with the program ncdu
    Ncdu(NcduArguments),
    /// Find names in everything that is catalogued, older states too
    Find(FindArguments),
    /// The distinct versions of one file, when each was there, and which disks have it
    Versions(VersionsArguments),
    /// Which disks have a file, when each was last seen and proven
    Where {
        /// The file's virtual path
        #[arg(add = super::complete::vpaths())]
        path: VPath,
    },
    /// All that is set, as one JSON document
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The dated states: list, show, compare, keep and forget them
    #[command(subcommand)]
    Snapshot(SnapshotCommand),
    /// Which older states are kept
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// Forget paths in all older states, and delete from every disk what only they had
    Purge(PurgeArguments),
    /// Files whose content changed though their size and time did not
    #[command(subcommand)]
    Suspect(SuspectCommand),
    /// Play a shelf through that is written down in a file, with the planner of `backup`
    Simulate(SimulateArguments),
    /// Check the catalog, make it anew from disks, take over one of distbackup
    #[command(subcommand)]
    Catalog(CatalogCommand),
    /// Print what runs dsb by itself: units of systemd, a rule of udev, a line for cron
    Automate(AutomateArguments),
    /// What helps to find out why
    #[command(subcommand)]
    Debug(DebugCommand),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

impl Command {
    /// Whether it may change a catalog, a disk or what is restored.
    pub fn changes(&self) -> bool {
        match self {
            Self::Protect(_)
            | Self::Run(_)
            | Self::Update(_)
            | Self::Verify(_)
            | Self::Repair(_)
            | Self::Purge(_)
            | Self::Catalog(_) => true,
            Self::Restore(arguments) => !arguments.minset,
            Self::Backup(arguments) => !arguments.simulate,
            Self::Source { command } => command.as_ref().is_some_and(SourceCommand::changes),
            Self::Config(command) => command.changes(),
            Self::Disk(command) => !matches!(command, DiskCommand::List),
            Self::Retention(command) => !matches!(command, RetentionCommand::Show),
            Self::Snapshot(command) => command.changes(),
            Self::Suspect(command) => !matches!(command, SuspectCommand::List),
            Self::Info(_)
            | Self::Forecast(_)
            | Self::Next
            | Self::Ls(_)
            | Self::Tree(_)
            | Self::Du(_)
            | Self::Ncdu(_)
            | Self::Find(_)
            | Self::Debug(_)
            | Self::Automate(_)
            | Self::Versions(_)
            | Self::Where { .. }
            | Self::Simulate(_)
            | Self::Completions { .. } => false,
        }
    }
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
