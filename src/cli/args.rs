//! The command line, as clap reads it. What a flag means is said here and nowhere else.

use super::source_args::SourceCommand;
use crate::model::{DiskName, Size, VPath};
use clap::{Args, Parser, Subcommand, ValueEnum};
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

/// `protect`
#[derive(Debug, Args)]
pub struct ProtectArguments {
    /// The folder to protect
    pub folder: PathBuf,
    /// A folder on the backup disk; becomes a disk of the shelf if it is none yet
    #[arg(long, value_name = "DISK-FOLDER")]
    pub on: PathBuf,
    /// What to call a new disk [default: from its mount point]
    #[arg(long)]
    pub name: Option<DiskName>,
    /// Bytes dsb may use on a new disk (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]
    #[arg(short, long)]
    pub size: Option<Size>,
    /// Take the folder though no disk is mounted there
    #[arg(long)]
    pub same_device: bool,
}

/// `update`
#[derive(Debug, Args)]
pub struct UpdateArguments {
    /// A file with another change time alone is the same file (after a chmod over everything)
    #[arg(long)]
    pub ignore_ctime: bool,
    /// Scan what is locked, this once
    #[arg(long)]
    pub ignore_lock: bool,
    /// Read known files again, to look for rot
    #[arg(long)]
    pub rehash: bool,
    /// With --rehash: only the part last read longest ago
    #[arg(long, value_name = "PERCENT", requires = "rehash", value_parser = percent)]
    pub oldest: Option<u64>,
    /// What is gone from this map is really gone
    #[arg(long, value_name = "VPATH")]
    pub accept_loss: Vec<VPath>,
    /// What is mapped here is on another drive now
    #[arg(long, value_name = "VPATH")]
    pub accept_source: Vec<VPath>,
    /// Files read at once [default: one for each core]
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
}

/// `disk`
#[derive(Debug, Subcommand)]
pub enum DiskCommand {
    /// Add a disk, once for each labelled drive
    Add {
        /// What to call it: what stands on its label
        name: DiskName,
        /// A folder on it
        path: PathBuf,
        /// Bytes dsb may use (500GiB, 7.4T) [default: its size less 5 %, at most 10 GB]
        #[arg(short, long)]
        size: Option<Size>,
        /// Take the folder though no disk is mounted there
        #[arg(long)]
        same_device: bool,
        /// Where it stands: disks of one group may be lost together, and do not protect each other
        #[arg(short, long, value_name = "NAME")]
        group: Option<DiskName>,
    },
    /// List the disks; -v adds uuid, file system, model, serial number and last writing
    List,
    /// Set what can be set of a disk
    Set {
        /// The disk: name, uuid or path
        disk: String,
        /// Bytes dsb may use on it
        #[arg(short, long)]
        size: Option<Size>,
        /// Where its folder is now
        #[arg(short, long)]
        path: Option<PathBuf>,
        /// Its folder may share a file system with others
        #[arg(long)]
        same_device: bool,
        /// Where it stands: disks of one group may be lost together, and do not protect each other
        #[arg(short, long, value_name = "NAME", conflicts_with = "no_group")]
        group: Option<DiskName>,
        /// It stands by itself
        #[arg(long)]
        no_group: bool,
    },
    /// Give a disk another name
    #[command(alias = "mv")]
    Rename {
        /// The disk: name, uuid or path
        disk: String,
        /// Its new name
        name: DiskName,
    },
    /// Forget what a disk holds: it is lost, or empty
    Drop {
        /// The disk: name, uuid or path
        disk: String,
        /// It is really lost, with the only copies on it
        #[arg(long)]
        lost: bool,
    },
    /// Take a disk that holds nothing off the shelf
    Del {
        /// The disk: name, uuid or path
        disk: String,
    },
    /// Count afresh what is on a disk
    Refresh {
        /// The disk: name, uuid or path
        disk: String,
        /// Where its folder is now
        #[arg(short, long)]
        path: Option<PathBuf>,
    },
}

/// `backup`
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The disk: name, uuid or path
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
    /// Update first
    #[arg(short, long)]
    pub update: bool,
    /// Remove what nobody needs, however much it is
    #[arg(long)]
    pub delete_many: bool,
    /// Files copied at once [default: one for each core]
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
}

/// `restore`
#[derive(Debug, Args)]
pub struct RestoreArguments {
    /// [DISK] DESTINATION: without a disk, all that are attached
    #[arg(required = true, num_args = 1..=2, value_name = "DESTINATION")]
    pub words: Vec<PathBuf>,
    /// From the disk at this folder alone, through its own catalog copy
    #[arg(long, value_name = "DISK-FOLDER")]
    pub from: Option<PathBuf>,
    /// Only what matches (a shell pattern over the virtual path); repeatable
    #[arg(short, long, value_name = "PATTERN")]
    pub filter: Vec<String>,
    /// Replace files that are there and differ
    #[arg(long)]
    pub overwrite: bool,
    /// Read files that are there, do not go by size and time
    #[arg(long)]
    pub checksum: bool,
    /// Owners and groups by number, not by name
    #[arg(long)]
    pub numeric_ids: bool,
    /// With --from: restore set-user-id bits and device nodes too
    #[arg(long)]
    pub trusted: bool,
}

/// `verify`
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The disk: name, uuid or path
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

/// `info`
#[derive(Debug, Args)]
pub struct InfoArguments {
    /// Exit with 3 while something has fewer copies than are wanted
    #[arg(long)]
    pub check: bool,
}

/// `forecast`
#[derive(Debug, Args)]
pub struct ForecastArguments {
    /// Suppose a new disk of this size (8T); repeatable
    #[arg(long, value_name = "SIZE")]
    pub add: Vec<Size>,
    /// Suppose these disks are lost
    #[arg(long, value_name = "DISK", num_args = 1..)]
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
    pub pattern: Option<String>,
    /// Only what this disk holds
    #[arg(long)]
    pub disk: Option<String>,
}

/// `retention`
#[derive(Debug, Subcommand)]
pub enum RetentionCommand {
    /// Show the policy and what it makes of the snapshots
    Show,
    /// Replace the policy
    Set {
        /// So many of the newest states, guaranteed
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        keep_last: u32,
        /// All states of so many days before the newest (90d)
        #[arg(long, value_name = "DAYS", value_parser = days)]
        keep_within: Option<u32>,
        /// How firmly --keep-within holds
        #[arg(long, default_value = "guaranteed", requires = "keep_within")]
        history: HistoryWord,
    },
}

/// How firmly history is held.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum HistoryWord {
    /// Like the newest state
    Guaranteed,
    /// In free room only
    BestEffort,
}

/// `suspect`
#[derive(Debug, Subcommand)]
pub enum SuspectCommand {
    /// List them
    List,
    /// The new content is right
    Accept {
        /// The file's virtual path
        path: VPath,
    },
    /// The new content is wrong: keep the old one
    Reject {
        /// The file's virtual path
        path: VPath,
    },
}

fn percent(text: &str) -> Result<u64, String> {
    let number = text.trim_end_matches('%').trim().parse::<u64>().ok().filter(|n| (1..=100).contains(n));
    number.ok_or_else(|| "a part is written like 5%".to_owned())
}

fn days(text: &str) -> Result<u32, String> {
    let (number, factor) = match text.trim().strip_suffix(['d', 'w', 'm', 'y']) {
        Some(number) if text.ends_with('w') => (number, 7),
        Some(number) if text.ends_with('m') => (number, 30),
        Some(number) if text.ends_with('y') => (number, 365),
        Some(number) => (number, 1),
        None => (text.trim(), 1),
    };
    let days = number.parse::<u32>().ok().and_then(|n| n.checked_mul(factor));
    days.ok_or_else(|| "a time is written like 90d, 12w, 6m or 2y".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn parts_and_times_are_read() {
        assert_eq!((percent("5%"), percent("100")), (Ok(5), Ok(100)));
        assert!(percent("0").is_err() && percent("101%").is_err());
        assert_eq!((days("90d"), days("2w"), days("1y"), days("7")), (Ok(90), Ok(14), Ok(365), Ok(7)));
        assert!(days("x").is_err() && days("99999999y").is_err());
    }
}
