//! Errors are values: what happened, where, and what to do next.
//!
//! The rules for messages: one sentence that says what happened in the person's words, the
//! place it happened, and where there is one the way out, as a command that can be typed.
//! An [`Error`] ends a command; an item that a run can go on without is a
//! [`Problem`](crate::model::Problem).

use crate::model::escape;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The result of everything that can end a command.
pub type Result<T> = std::result::Result<T, Error>;

/// The kinds that a program can tell apart; each has one exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// I/O or the environment; safe to run again.
    Failed,
    /// The command line asks for something that cannot be.
    Usage,
    /// A catalog or disk is damaged.
    Damage,
    /// Refused for safety; nothing was changed.
    Refused,
    /// No such, or no usable, catalog or disk.
    NotFound,
    /// Another run holds the lock.
    Locked,
    /// The person asked to stop.
    Interrupted,
}

/// What ended a command.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    what: String,
    next: Option<String>,
    full: bool,
}

impl Error {
    /// An error of a kind, saying what happened and where.
    pub fn new(kind: Kind, what: impl fmt::Display) -> Self {
        Self { kind, what: what.to_string(), next: None, full: false }
    }

    /// With what to do next.
    #[must_use]
    pub fn next(mut self, next: impl fmt::Display) -> Self {
        self.next = Some(next.to_string());
        self
    }

    /// A system call that failed on a path: `cannot open /a/b: Permission denied`.
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Self {
        let place = escape(path.as_os_str().as_bytes());
        let failed = Self::new(Kind::Failed, format_args!("cannot {doing} {place}: {}", reason(error)));
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self { full: true, ..failed.next("make room there and run the same command again") }
            }
            _ => failed,
        }
    }

    /// Whether nothing but room was wanting.
    pub const fn is_full(&self) -> bool {
        self.full
    }

    /// The person asked to stop.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, "interrupted").next("run the same command again: it goes on where it was")
    }

    /// Not one thread could be started.
    pub fn no_thread() -> Self {
        Self::new(Kind::Failed, "no thread could be started: too little memory, or too many processes")
            .next("make room for it and run the same command again")
    }

    /// Its kind.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What happened and where.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to do next, if that can be said.
    pub fn next_step(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.next.iter().try_for_each(|next| write!(f, "; {next}"))
    }
}

impl std::error::Error for Error {}

/// The system's own words for an error, without the number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_where_and_what_next() {
        let error = Error::io("open", Path::new("/a\n"), &io::Error::from_raw_os_error(13)).next("become root");
        assert_eq!(error.to_string(), "cannot open /a\\n: Permission denied; become root");
        assert_eq!((error.kind(), error.next_step()), (Kind::Failed, Some("become root")));
    }
}
