//! The log of what changed something: which command, what it told, how it ended.

use super::words;
use crate::error::{Error, Result};
use crate::os;
use std::ffi::OsStr;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A log that takes lines once it has begun.
#[derive(Default)]
pub struct Log {
    file: Mutex<Option<File>>,
    system: Mutex<Option<UnixDatagram>>,
}

/// Where the system takes lines for its log, and so for the journal.
const SYSTEM: &str = "/dev/log";
/// How syslog numbers programs of a person.
const FACILITY: u8 = 1 << 3;
/// How long a line waits for the system's log, which takes a few at a time.
const PATIENCE: Duration = Duration::from_secs(1);

/// How grave a line is, as syslog numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something was not done.
    Error = 3,
    /// One item was not done.
    Warning = 4,
    /// All else.
    Information = 6,
}

impl Log {
    /// Begins to write to the end of a file, made if it is missing. Names of files are told in it:
    /// nobody else's business.
    pub fn begin(&self, path: &Path, command: &str) -> Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| Error::io("make the folder", folder, &error))?;
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
        let file = opened.map_err(|error| Error::io("write the log", path, &error))?;
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        self.line(command);
        Ok(())
    }

    /// Begins to tell the system's log the same lines.
    pub fn begin_system(&self) -> Result<()> {
        let socket = UnixDatagram::unbound().and_then(|socket| socket.connect(SYSTEM).map(|()| socket));
        let socket = socket.and_then(|socket| socket.set_write_timeout(Some(PATIENCE)).map(|()| socket));
        let socket = socket.map_err(|error| Error::io("reach the system's log at", Path::new(SYSTEM), &error))?;
        *self.system.lock().unwrap_or_else(PoisonError::into_inner) = Some(socket);
        Ok(())
    }

    /// Whether a file takes lines.
    pub fn has_file(&self) -> bool {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Whether lines go anywhere.
    pub fn is_open(&self) -> bool {
        self.has_file() || self.system.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Writes lines for who wants to know.
    pub fn line(&self, text: &str) {
        self.lines(Severity::Information, text);
    }

    /// Writes lines with the time before each. A log that cannot be written any more ends no job.
    pub fn lines(&self, severity: Severity, text: &str) {
        self.tell_system(severity, text);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = file.as_mut() else { return };
        let stamp = format!("{} [{}]", words::second(os::now()), std::process::id());
        let lines = text.lines().fold(String::new(), |lines, line| lines + &format!("{stamp} {line}\n"));
        if open.write_all(lines.as_bytes()).is_err() {
            *file = None;
        }
    }

    fn tell_system(&self, severity: Severity, text: &str) {
        let system = self.system.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(socket) = system.as_ref() else { return };
        for line in text.lines().filter(|line| !line.is_empty()) {
            let number = FACILITY + severity as u8;
            let sent = socket.send(format!("<{number}>dsb[{}]: {line}", std::process::id()).as_bytes());
            // A log that takes nothing must not hold a backup up: from now on what it does not take is lost.
            if sent.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock) {
                let _ = socket.set_nonblocking(true);
            }
        }
    }
}

/// The file that a pattern names today.
pub fn path_of(pattern: &OsStr) -> PathBuf {
    let (date, mut rest) = (words::date(Some(os::now())), pattern.as_bytes());
    let date = date.split(' ').next().unwrap_or_default();
    let mut path = Vec::new();
    while let Some(at) = rest.windows(2).position(|pair| pair == b"@@") {
        path.extend_from_slice(rest.get(..at).unwrap_or_default());
        path.extend_from_slice(date.as_bytes());
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    path.extend_from_slice(rest);
    PathBuf::from(std::ffi::OsString::from_vec(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_stands_for_its_sign() {
        let today = words::date(Some(os::now()))[..10].to_owned();
        let table =
            [("a/log-@@.txt", format!("a/log-{today}.txt")), ("@", "@".to_owned()), ("@@@", format!("{today}@"))];
        for (pattern, path) in table {
            assert_eq!(path_of(OsStr::new(pattern)), Path::new(&path));
        }
    }
}
