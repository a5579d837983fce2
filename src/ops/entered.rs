//! Which directories were looked into, of very many: a bit for each, which no thread waits for.

use crate::model::DirectoryId;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Directories that have a bit, at most: of 8 MB.
const MOST: i64 = 1 << 26;

/// Directories of a catalog. Several threads may ask.
pub struct Entered {
    bits: Vec<AtomicU64>,
    /// Those that have no bit: of a catalog that is larger than any, or damaged.
    others: Mutex<HashSet<DirectoryId>>,
}

impl Entered {
    /// None was entered yet; `end`: ids are below it.
    pub fn new(end: i64) -> Self {
        let words = end.clamp(0, MOST).unsigned_abs().div_ceil(64);
        Self { bits: (0..words).map(|_| AtomicU64::new(0)).collect(), others: Mutex::default() }
    }

    /// Enters a directory; false: it was entered before.
    pub fn enter(&self, id: DirectoryId) -> bool {
        let word = usize::try_from(id.0 / 64).ok().filter(|_| id.0 >= 0).and_then(|at| self.bits.get(at));
        let Some(word) = word else {
            return self.others.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        };
        let bit = 1 << (id.0 % 64);
        word.fetch_or(bit, Ordering::Relaxed) & bit == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_new_once() {
        for end in [i64::MIN, 0, 1, 64, 65, 200] {
            let entered = Entered::new(end);
            let ids = [0, 1, 63, 64, 127, 128, 199, 200, -1, i64::MAX, i64::MIN].map(DirectoryId);
            assert!(ids.iter().all(|id| entered.enter(*id)), "{end}");
            assert!(!ids.iter().any(|id| entered.enter(*id)), "{end}");
        }
    }

    #[test]
    fn of_two_threads_one_enters() {
        let entered = Entered::new(1000);
        let count = || (0..1100).filter(|id| entered.enter(DirectoryId(*id))).count();
        let counts = std::thread::scope(|scope| {
            let other = scope.spawn(count);
            count() + other.join().unwrap()
        });
        assert_eq!(counts, 1100);
    }
}
