//! Where the home catalog lies: SQLite's journal wants locks and flushes that mean what they say.

use super::Catalog;
use crate::error::{Error, Kind, Result};
use crate::model::escape;
use crate::os;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What a file system is to a catalog, by `statfs.f_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    Sound,
    /// Without a journal of its own, or behind a driver that nobody can answer for.
    Frail(&'static str),
    /// On another machine: shared memory and locks do not reach there.
    Remote(&'static str),
}

const fn ground(magic: u64) -> Ground {
    match magic {
        0x6969 => Ground::Remote("NFS"),
        0x517B | 0xFE53_4D42 | 0xFF53_4D42 => Ground::Remote("SMB"),
        0x00C3_6400 => Ground::Remote("Ceph"),
        0x0102_1997 => Ground::Remote("9p"),
        0x4D44 => Ground::Frail("FAT"),
        0x2011_BAB0 => Ground::Frail("exFAT"),
        0x7366_746E => Ground::Frail("NTFS"),
        0x6573_5546 => Ground::Frail("FUSE"),
        _ => Ground::Sound,
    }
}

fn ground_of(folder: &Path) -> Ground {
    // What cannot be asked is found out by whoever opens the catalog there.
    let system = os::open_dir(folder).and_then(|folder| os::file_system(folder.as_fd()));
    system.map_or(Ground::Sound, |system| ground(system.magic))
}

/// Refuses a folder in which two runs could not keep out of each other's way.
pub(super) fn refuse_remote(folder: &Path) -> Result<()> {
    let Ground::Remote(name) = ground_of(folder) else { return Ok(()) };
    let shown = escape(folder.as_os_str().as_bytes());
    Err(Error::new(Kind::Refused, format_args!("{shown} is on another machine ({name}), where no catalog is safe"))
        .next("give it a folder of this machine with -d FOLDER; disks may still be anywhere"))
}

impl Catalog {
    /// What is to be known of a home that may not outlive a power cut; nothing if it should.
    pub fn frail_home(&self) -> Option<String> {
        let Ground::Frail(name) = ground_of(self.folder()) else { return None };
        let shown = escape(self.folder().as_os_str().as_bytes());
        Some(format!(
            "the catalog in {shown} is on {name}: a power cut may damage it. Disks have copies of it \
             (`dsb catalog recover`); a folder on a journaling file system is better"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remote_is_refused_and_what_is_frail_is_told() {
        let table = [(0xEF53, Ground::Sound), (0x6969, Ground::Remote("NFS")), (0x2011_BAB0, Ground::Frail("exFAT"))];
        for (magic, expected) in table {
            assert_eq!(ground(magic), expected, "{magic:x}");
        }
        let here = tempfile::tempdir().unwrap();
        refuse_remote(here.path()).unwrap();
    }
}
