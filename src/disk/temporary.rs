//! Files that are being written: they lie in one folder and count for nothing.

use super::{Attached, TEMPORARY};
use crate::error::{Error, Result};
use crate::os;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

/// What ends the name of every temporary file of ours.
const SUFFIX: &str = ".part";

/// The name of a temporary file that nobody else uses.
pub(super) fn name() -> io::Result<OsString> {
    Ok(format!("{:016x}{SUFFIX}", os::random()?).into())
}

/// A temporary file; gone when dropped unless it was put in place.
pub(super) struct Temporary {
    dir: OwnedFd,
    name: OsString,
    pub file: File,
    placed: bool,
}

impl Temporary {
    /// Gives the file its name in `dir`, replacing what bears it. Neither is flushed: the file
    /// has to be already, the directory after it.
    pub fn place(mut self, dir: BorrowedFd<'_>, name: &str) -> io::Result<()> {
        os::rename((self.dir.as_fd(), &self.name), (dir, OsStr::new(name)))?;
        self.placed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.placed {
            // What stays behind is removed when the disk is next used.
            let _ = os::unlink(self.dir.as_fd(), &self.name);
        }
    }
}

impl Attached {
    /// The folder for temporary files, made if it is missing.
    pub(super) fn temporary_dir(&self) -> io::Result<OwnedFd> {
        self.open_or_make(TEMPORARY).map(|(dir, _)| dir)
    }

    /// A new temporary file with these permissions.
    pub(super) fn temporary(&self, mode: u32) -> io::Result<Temporary> {
        let (dir, name) = (self.temporary_dir()?, name()?);
        let file = os::create_beneath(dir.as_fd(), name.as_bytes(), mode)?;
        Ok(Temporary { dir, name, file, placed: false })
    }

    /// A small temporary file for all to read, written and not flushed.
    pub(super) fn written(&self, bytes: &[u8]) -> io::Result<Temporary> {
        let mut temporary = self.temporary(0o644)?;
        temporary.file.write_all(bytes)?;
        Ok(temporary)
    }

    /// Writes a small file of the data directory durably, for all to read, replacing what bears
    /// the name.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.written(bytes)?;
        temporary.file.sync_all()?;
        temporary.place(self.root(), name)?;
        os::fsync(self.root())
    }

    /// Removes what an interrupted run left in `distbackup-tmp/`, by the names that only dsb
    /// gives. Returns how many files that were. Only for whoever holds the disk's lock.
    pub fn clean_temporary(&self) -> Result<u64> {
        let failed = |error| Error::io("clean", &self.path().join(TEMPORARY), &error);
        let dir = match os::open_dir_beneath(self.root(), TEMPORARY.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            dir => dir.map_err(failed)?,
        };
        let mut count = 0;
        for name in os::names(dir.as_fd()).map_err(failed)? {
            if !is_ours(&name) {
                continue;
            }
            match os::unlink(dir.as_fd(), OsStr::from_bytes(&name)) {
                // NTFS may list a name after a power cut whose file never was.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => {
                    removed.map_err(failed)?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }
}

fn is_ours(name: &[u8]) -> bool {
    name.strip_suffix(SUFFIX.as_bytes())
        .is_some_and(|hex| hex.len() == 16 && hex.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')))
}

#[cfg(test)]
mod tests {
    use crate::disk::attached::tests::disk;

    #[test]
    fn only_what_is_ours_is_cleaned() {
        let (_keep, disk) = disk();
        drop(disk.temporary(0o600).unwrap());
        let folder = disk.path().join("distbackup-tmp");
        for name in ["0123456789abcdef.part", "0123456789abcdeX.part", "holiday.part"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        assert_eq!(disk.clean_temporary().unwrap(), 1);
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 2);
    }
}
