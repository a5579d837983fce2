//! One run at a time: update, backup, verify and repair exclude each other.

use super::Catalog;
use crate::error::{Error, Kind, Result};
use crate::os::{self, FlockOperation};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The lock's file beside the catalog. Never the database itself: closing that anywhere in the
/// process would drop SQLite's own locks.
const LOCK_NAME: &str = "distbackup.lock";

/// What is written into it by who only counts sums: a run waits for that.
const COUNTS: &str = "a setting of dsb";
/// So long, at most, and so long between two looks.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);

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

    /// Takes the lock while sums are counted behind a setting. Runs wait for that.
    pub fn lock_to_count(&self) -> Result<RunLock> {
        if self.is_scratch() {
            return Ok(RunLock { _file: None });
        }
        RunLock::try_take(self.folder(), COUNTS)
    }
}

impl RunLock {
    /// Takes the lock of a catalog's folder, whether it has a catalog yet or not.
    pub(super) fn take(folder: &Path, command: &str) -> Result<Self> {
        let (holder, began) = (format!("dsb {command}"), Instant::now());
        loop {
            match Self::try_take(folder, &holder) {
                // The very first look may see the name of who held it before.
                Err(error) if is_brief(&error, began.elapsed()) => sleep(PAUSE),
                taken => return taken,
            }
        }
    }

    fn try_take(folder: &Path, holder: &str) -> Result<Self> {
        let path = folder.join(LOCK_NAME);
        let io = |doing: &'static str| move |error| Error::io(doing, &folder.join(LOCK_NAME), &error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io("open"))?;
        match os::flock(file.as_fd(), FlockOperation::NonBlockingLockExclusive) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Err(held(&mut file)),
            taken => taken.map_err(io("lock"))?,
        }
        let holder = format!("{holder} (process {})", std::process::id());
        file.set_len(0).and_then(|()| file.write_all(holder.as_bytes())).map_err(io("write"))?;
        Ok(Self { _file: Some(file) })
    }
}

/// Whether who holds the lock will let it go soon.
fn is_brief(error: &Error, waited: Duration) -> bool {
    let most = if error.what().starts_with(COUNTS) { PATIENCE } else { PAUSE };
    error.kind() == Kind::Locked && waited < most
}

fn held(file: &mut File) -> Error {
    let mut holder = String::new();
    let read = file.rewind().and_then(|()| file.take(200).read_to_string(&mut holder));
    let holder = if read.is_ok() && !holder.is_empty() { holder.as_str() } else { "another run" };
    Error::new(Kind::Locked, format_args!("{holder} is working with this catalog")).next("wait until it is done")
}
