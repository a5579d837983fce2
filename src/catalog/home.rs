//! Where the home catalog lies: SQLite's journal wants locks and flushes that mean what they say.

use super::Catalog;
use crate::error::{Error, Kind, Result};
use crate::model::{Size, escape};
use crate::os;
use std::io;
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

fn system_of(folder: &Path) -> io::Result<os::FileSystem> {
    os::open_dir(folder).and_then(|folder| os::file_system(folder.as_fd()))
}

fn ground_of(folder: &Path) -> Ground {
    // What cannot be asked is found out by whoever opens the catalog there.
    system_of(folder).map_or(Ground::Sound, |system| ground(system.magic))
}

/// Refuses a folder in which two runs could not keep out of each other's way.
pub(super) fn refuse_remote(folder: &Path) -> Result<()> {
    let Ground::Remote(name) = ground_of(folder) else { return Ok(()) };
    let shown = escape(folder.as_os_str().as_bytes());
    Err(Error::new(Kind::Refused, format_args!("{shown} is on another machine ({name}), where no catalog is safe"))
        .next("give it a folder of this machine with -d FOLDER; disks may still be anywhere"))
}

/// Less than this is no room to work in.
const LEAST: Size = Size(1 << 20);

/// SQLite's page, and the unit in which it makes its shared memory long.
const PAGE: u64 = 4096;

/// Refuses a folder where SQLite's shared memory could not be written: on file systems of smaller blocks
/// than its pages it stands on holes, and a hole without room ends the program that fills it.
pub(super) fn refuse_small_blocks_without_room(folder: &Path) -> Result<()> {
    let Ok(system) = system_of(folder) else { return Ok(()) };
    if system.block < PAGE && system.available < LEAST && !system.read_only { Err(no_room(folder)) } else { Ok(()) }
}

/// What an error in a folder means where nothing is free.
pub(super) fn or_no_room(folder: &Path, error: Error) -> Error {
    let is_full = system_of(folder).is_ok_and(|system| !system.read_only && system.available < LEAST);
    if is_full && error.kind() == Kind::Failed { no_room(folder) } else { error }
}

fn no_room(folder: &Path) -> Error {
    let shown = escape(folder.as_os_str().as_bytes());
    Error::new(Kind::Failed, format_args!("there is no room for the catalog to work in {shown}"))
        .next("make room on the disk that holds it and run again")
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
