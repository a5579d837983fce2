//! One run at a time: update, backup, verify and repair exclude each other.

use super::Catalog;
use crate::error::{Error, Kind, Result};
use crate::os::{self, FlockOperation};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::fd::AsFd;
use std::path::Path;

/// The lock's file beside the catalog. Never the database itself: closing that anywhere in the
/// process would drop SQLite's own locks.
const LOCK_NAME: &str = "distbackup.lock";

/// Held while a run works; the kernel drops it with the process, however that ends.
pub struct RunLock {
    _file: Option<File>,
}

impl Catalog {
    /// Takes the lock for a run, or says at once which run holds it. A scratch copy has none: nobody
    /// else can see it.
    pub fn lock(&self, command: &str) -> Result<RunLock> {
        if self.is_scratch() {
            return Ok(RunLock { _file: None });
        }
        RunLock::take(self.folder(), command)
    }
}

impl RunLock {
    /// Takes the lock of a catalog's folder, whether it has a catalog yet or not.
    pub(super) fn take(folder: &Path, command: &str) -> Result<Self> {
        let path = folder.join(LOCK_NAME);
        let io = |doing: &'static str| move |error| Error::io(doing, &folder.join(LOCK_NAME), &error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io("open"))?;
        match os::flock(file.as_fd(), FlockOperation::NonBlockingLockExclusive) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Err(held(&mut file)),
            taken => taken.map_err(io("lock"))?,
        }
        let holder = format!("dsb {command} (process {})", std::process::id());
        file.set_len(0).and_then(|()| file.write_all(holder.as_bytes())).map_err(io("write"))?;
        Ok(Self { _file: Some(file) })
    }
}

fn held(file: &mut File) -> Error {
    let mut holder = String::new();
    let read = file.rewind().and_then(|()| file.take(200).read_to_string(&mut holder));
    let holder = if read.is_ok() && !holder.is_empty() { holder.as_str() } else { "another run" };
    Error::new(Kind::Locked, format_args!("{holder} is working with this catalog")).next("wait until it is done")
}
