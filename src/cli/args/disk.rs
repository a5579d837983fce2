//! The arguments of `dsb disk`.

use crate::cli::complete;
use crate::model::{DiskName, Fanout, Size};
use clap::Subcommand;
use std::path::PathBuf;

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
        /// Show the snapshots on it as folders that any program can look through (snapshots/DATE)
        #[arg(long)]
        tree: bool,
        /// In which folders content lies there: 0 to 4 of two digits each, or distbackup: one of three
        #[arg(long, value_name = "N", default_value_t)]
        fanout: Fanout,
    },
    /// List the disks; -v adds uuid, file system, model, serial number and last writing
    List,
    /// Set what can be set of a disk
    Set {
        /// The disk: name, uuid or path
        #[arg(add = complete::disks())]
        disk: String,
        /// Bytes dsb may use on it
        #[arg(short, long)]
        size: Option<Size>,
        /// Where its folder is now
        #[arg(short, long)]
        path: Option<PathBuf>,
        /// Where its folder is below the mount point, wherever that is; `.`: at the mount point itself
        #[arg(short, long, value_name = "PATH", conflicts_with = "path")]
        relpath: Option<PathBuf>,
        /// Its folder may share a file system with others
        #[arg(long)]
        same_device: bool,
        /// Where it stands: disks of one group may be lost together, and do not protect each other
        #[arg(short, long, value_name = "NAME", conflicts_with = "no_group")]
        group: Option<DiskName>,
        /// It stands by itself
        #[arg(long)]
        no_group: bool,
        /// Show the snapshots on it as folders that any program can look through, from its next backup on
        #[arg(long, conflicts_with = "no_tree")]
        tree: bool,
        /// Show none: its next backup removes those folders, and nothing else
        #[arg(long)]
        no_tree: bool,
        /// In which folders content lies there: 0 to 4 of two digits each, or distbackup: one of three.
        /// Its next backup moves it, by renaming alone
        #[arg(long, value_name = "N")]
        fanout: Option<Fanout>,
    },
    /// Give a disk another name
    #[command(alias = "mv")]
    Rename {
        /// The disk: name, uuid or path
        #[arg(add = complete::disks())]
        disk: String,
        /// Its new name
        name: DiskName,
    },
    /// Forget what a disk holds: it is lost, or empty
    Drop {
        /// The disk: name, uuid or path
        #[arg(add = complete::disks())]
        disk: String,
        /// It is really lost, with the only copies on it
        #[arg(long)]
        lost: bool,
    },
    /// Take a disk that holds nothing off the shelf
    Del {
        /// The disk: name, uuid or path
        #[arg(add = complete::disks())]
        disk: String,
    },
    /// Count afresh what is on a disk, or take in one that distbackup wrote
    Refresh {
        /// The disk: name, uuid or path
        #[arg(add = complete::disks())]
        disk: String,
        /// Where its folder is now
        #[arg(short, long)]
        path: Option<PathBuf>,
        /// Read every object too, and prove it
        #[arg(long)]
        verify: bool,
        /// Write the disk's marker anew, which is lost or damaged: you say that the folder is this
        /// disk. What another disk holds would be taken for what this one does
        #[arg(long)]
        new_marker: bool,
    },
}
