//! Rows in the order of the objects, so that several tables are read side by side.

use crate::error::Result;
use crate::model::ObjectKey;
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::{Row, Rows, Statement};
use std::ops::RangeInclusive;

/// Every claim, by object.
pub(super) const COPIES: &str =
    "SELECT object, disk, session, proven, doubt FROM copy WHERE object BETWEEN ?1 AND ?2 ORDER BY object";

/// All keys that objects can have.
pub(super) const EVERY: RangeInclusive<i64> = i64::MIN..=i64::MAX;

/// Rows ordered by object, handed out one object at a time.
pub(super) struct Stream<'s> {
    rows: Rows<'s>,
    ahead: Option<ObjectKey>,
}

impl<'s> Stream<'s> {
    /// Of a statement that wants the first and the last key.
    pub(super) fn new(statement: &'s mut Statement<'_>, keys: &RangeInclusive<i64>) -> Result<Self> {
        let mut stream = Self { rows: statement.query((keys.start(), keys.end()))?, ahead: None };
        stream.step()?;
        Ok(stream)
    }

    fn step(&mut self) -> Result<()> {
        self.ahead = self.rows.next()?.map(|row| row.get(0)).transpose()?;
        Ok(())
    }

    /// Visits the rows of this object, passing over those of objects that are not there.
    pub(super) fn all_of(&mut self, key: ObjectKey, mut visit: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        while self.ahead.is_some_and(|ahead| ahead < key) {
            self.step()?;
        }
        while self.ahead == Some(key) {
            self.rows.get().map_or(Ok(()), &mut visit)?;
            self.step()?;
        }
        Ok(())
    }
}
