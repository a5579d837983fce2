//! What is left out, and why; directories that are left out whole, whatever is in them.

use crate::os;
use std::fmt;
use std::io::Read;
use std::os::fd::BorrowedFd;

/// The first bytes of a cache directory's tag (<https://bford.info/cachedir/>).
const CACHE_SIGNATURE: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";

/// Why something was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// `lost+found`: what a file system check found, not what a person made.
    LostAndFound,
    /// A cache, by the signature in its `CACHEDIR.TAG`.
    Cache,
    /// It has a `.distbackup.skip` in it.
    Skip,
    /// A backup disk: it has a marker.
    Disk,
    /// The catalog's own folder.
    Catalog,
    /// A rule over names says so.
    Ignored,
    /// A filter over paths says so.
    Excluded,
    /// A person hid it.
    Hidden,
    /// A person locked it: it stays as it was last seen.
    Locked,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LostAndFound => "lost+found",
            Self::Cache => "cache (CACHEDIR.TAG)",
            Self::Skip => ".distbackup.skip",
            Self::Disk => "backup disk",
            Self::Catalog => "catalog",
            Self::Ignored => "ignored",
            Self::Excluded => "excluded",
            Self::Hidden => "hidden",
            Self::Locked => "locked",
        })
    }
}

/// Why an open directory is to be left out, from its own name and the names in it.
pub fn left_out(directory: BorrowedFd<'_>, name: &[u8], names: &[os::Numbered]) -> Option<LeftOut> {
    let has = |wanted: &[u8]| names.iter().any(|(_, name)| **name == *wanted);
    if name == b"lost+found" {
        Some(LeftOut::LostAndFound)
    } else if has(b"distbackup-disk.json") {
        Some(LeftOut::Disk)
    } else if has(b".distbackup.skip") {
        Some(LeftOut::Skip)
    } else if has(b"CACHEDIR.TAG") && is_tagged(directory) {
        Some(LeftOut::Cache)
    } else {
        None
    }
}

fn is_tagged(directory: BorrowedFd<'_>) -> bool {
    let mut start = [0; CACHE_SIGNATURE.len()];
    let file = os::open_file_beneath(directory, b"CACHEDIR.TAG");
    file.is_ok_and(|mut file| file.read_exact(&mut start).is_ok()) && start == CACHE_SIGNATURE
}
