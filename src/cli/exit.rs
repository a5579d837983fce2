//! From how a command ended to its exit code: one table.

use super::terminal::tell;
use super::words::told;
use crate::error::{Error, Kind};
use std::io;
use std::process::ExitCode;

/// How a command that came to its end ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything asked for was done.
    Done,
    /// Some items could not be; each was named.
    Incomplete,
    /// Damage was found.
    Damage,
}

impl Ending {
    /// In a word, for the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Incomplete => "done, but for what is named above",
            Self::Damage => "damage found",
        }
    }

    /// Done, or not quite.
    pub const fn of(complete: bool) -> Self {
        if complete { Self::Done } else { Self::Incomplete }
    }
}

/// The code of a command that came to its end.
pub fn code_of_ending(ending: Ending) -> ExitCode {
    ExitCode::from(match ending {
        Ending::Done => 0,
        Ending::Incomplete => 3,
        Ending::Damage => 4,
    })
}

/// Says what ended a command, and gives its code.
pub fn failed(error: &Error) -> ExitCode {
    tell(&told(format!("dsb: {}", error.what())));
    if let Some(next) = error.next_step() {
        tell(&told(format!("     {next}")));
    }
    ExitCode::from(number(error.kind()))
}

/// The code of an error.
pub const fn number(kind: Kind) -> u8 {
    match kind {
        Kind::Failed => 1,
        Kind::Usage => 2,
        Kind::Damage => 4,
        Kind::Refused => 5,
        Kind::NotFound => 10,
        Kind::Locked => 11,
        Kind::Interrupted => 130,
    }
}

/// Help and version are no mistakes, if they could be read; whoever closed the pipe has read enough.
pub fn code_of_usage(error: &clap::Error, unprinted: Option<&io::Error>) -> ExitCode {
    let failed = unprinted.is_some_and(|error| error.kind() != io::ErrorKind::BrokenPipe);
    ExitCode::from(match (error.use_stderr(), failed) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    })
}
