//! The arguments of `dsb restore`.

use super::AtArguments;
use crate::cli::complete;
use clap::Args;
use std::ffi::OsString;
use std::path::PathBuf;

/// `restore`
#[derive(Debug, Args)]
#[command(
    after_help = "--link takes no room: where the file system can (btrfs, xfs with reflinks), each file is one\n\
    of its own on the blocks of the backup, to be changed without harm. Where it cannot, a file is a\n\
    further name of the object on the disk, read-only, with the object's owner, mode and time: who\n\
    makes it writable and edits it damages the backup, and `dsb verify` finds that. So files are\n\
    copied all the same where nothing keeps you from writing to them: as root, below a mapped\n\
    folder; and from a disk that is not trusted (--from without --trusted), or where the file\n\
    system knows no hard links. The bytes are read and proven in each case."
)]
pub struct RestoreArguments {
    /// [DISK] DESTINATION: without a disk, all that are attached
    #[arg(required_unless_present = "minset", num_args = 1..=2, value_name = "DESTINATION", add = complete::disks_or_folders())]
    pub words: Vec<PathBuf>,
    /// From the disk at this folder alone, through its own catalog copy
    #[arg(long, value_name = "DISK-FOLDER")]
    pub from: Option<PathBuf>,
    /// Which state
    #[command(flatten)]
    pub state: AtArguments,
    /// Only what matches (a shell pattern over the virtual path); repeatable
    #[arg(short, long, value_name = "PATTERN", add = complete::vpaths())]
    pub filter: Vec<OsString>,
    /// Share the bytes with the disk instead of copying them; only on the disk's own file system
    #[arg(short, long)]
    pub link: bool,
    /// Leave out what this folder has at the same path, and is as long; repeatable
    #[arg(short, long, value_name = "FOLDER")]
    pub existing: Vec<PathBuf>,
    /// Restore nothing; say which disks are needed, the fewest. What DESTINATION has is left out
    #[arg(long)]
    pub minset: bool,
    /// Ask for one disk after the other until all is there: the fewest disks, in the best order
    #[arg(short, long, conflicts_with_all = ["from", "minset"])]
    pub guided: bool,
    /// Replace files that are there and differ
    #[arg(long)]
    pub overwrite: bool,
    /// Read files that are there, do not go by size and time
    #[arg(long)]
    pub checksum: bool,
    /// Owners and groups by number, not by name
    #[arg(long)]
    pub numeric_ids: bool,
    /// With --from: restore set-user-id bits and device nodes too; with --link: names of its objects
    #[arg(long)]
    pub trusted: bool,
}
