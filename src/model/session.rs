//! Sessions: one attachment of a disk during which something on it was changed.

use std::fmt;

/// A session's number and its random nonce, kept in the home catalog and in the disk's marker.
///
/// A marker with a higher number than the catalog's means that the catalog is old; a lower one
/// that the disk was rolled back; the same number with another nonce that a clone went its own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SessionStamp {
    /// Counts up with each session of that disk; 0 before the first.
    pub number: u64,
    /// Drawn anew for each session.
    pub nonce: u64,
}

impl fmt::Display for SessionStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.number, self.nonce)
    }
}
