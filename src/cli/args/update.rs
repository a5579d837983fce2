//! The arguments of `dsb protect` and `dsb update`.

use crate::cli::complete;
use crate::model::{DiskName, Size, VPath, tag};
use clap::Args;
use std::path::PathBuf;

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
    #[arg(long, value_name = "VPATH", add = complete::vpaths())]
    pub accept_loss: Vec<VPath>,
    /// What is mapped here is on another drive now
    #[arg(long, value_name = "VPATH", add = complete::vpaths())]
    pub accept_source: Vec<VPath>,
    /// Put a word on the snapshot, if something changed; may be given several times
    #[arg(long, value_name = "TAG", value_parser = tag)]
    pub tag: Vec<String>,
    /// Files read at once [default: one for each core]
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    pub jobs: usize,
    /// Of distbackup; does nothing
    #[arg(long, hide = true)]
    pub nohelper: bool,
}

fn percent(text: &str) -> Result<u64, String> {
    let number = text.trim_end_matches('%').trim().parse::<u64>().ok().filter(|n| (1..=100).contains(n));
    number.ok_or_else(|| "a part is written like 5%".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read() {
        assert_eq!((percent("5%"), percent("100")), (Ok(5), Ok(100)));
        assert!(percent("0").is_err() && percent("101%").is_err());
    }
}
