//! Two threads that read one catalog: what looks at everything takes half the time.

use super::Catalog;
use crate::error::{Error, Kind, Result};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;

/// Pieces of work that two threads share.
const PIECES: i64 = 32;

impl Catalog {
    /// The same catalog once more, for a second thread that only reads. None where that would see
    /// something else, or nothing: of a scratch copy, amid a change, without a journal for readers.
    pub fn second(&self) -> Option<Self> {
        let mode: String = self.connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).ok()?;
        if self.scratch || mode != "wal" || !self.connection.is_autocommit() {
            return None;
        }
        Self::open_again(self.path()).ok()
    }

    /// Does work in two halves at a time, each with a catalog of its own, where that can be.
    pub(super) fn halves<T: Send>(
        &self,
        middle: i64,
        work: impl Fn(&Self, RangeInclusive<i64>) -> Result<T> + Sync,
        join: impl FnOnce(T, T) -> T,
    ) -> Result<T> {
        let Some(second) = self.second() else { return work(self, i64::MIN..=i64::MAX) };
        let work = &work;
        thread::scope(|scope| {
            let upper = move || work(&second, middle..=i64::MAX);
            // Where no other thread can be started this one does the work alone.
            let Ok(upper) = thread::Builder::new().spawn_scoped(scope, upper) else {
                return work(self, i64::MIN..=i64::MAX);
            };
            let lower = work(self, i64::MIN..=middle.saturating_sub(1));
            let upper = upper.join().map_err(|_| Error::new(Kind::Failed, "a thread that read the catalog ended"))?;
            Ok(join(lower?, upper?))
        })
    }

    /// The same in many pieces of the keys up to this one, for work of which one half may be much more
    /// than the other: two threads take them in turns, each with a value of its own.
    pub(super) fn in_pieces<T: Default + Send>(
        &self,
        end: i64,
        work: impl Fn(&Self, &mut T, RangeInclusive<i64>) -> Result<()> + Sync,
        join: impl FnOnce(T, T) -> T,
    ) -> Result<T> {
        let (taken, length) = (AtomicI64::new(0), end.max(0) / PIECES + 1);
        let take = |catalog: &Self, _| {
            let mut value = T::default();
            loop {
                let piece = taken.fetch_add(1, Ordering::Relaxed);
                let start = if piece == 0 { i64::MIN } else { piece.saturating_mul(length) };
                match piece {
                    0..PIECES => work(catalog, &mut value, start..=(piece + 1).saturating_mul(length) - 1)?,
                    PIECES => work(catalog, &mut value, start..=i64::MAX)?,
                    _ => return Ok(value),
                }
            }
        };
        self.halves(0, take, join)
    }
}
