//! Forgetting: snapshots that no policy holds, and the versions that only they showed.

use super::tally::Tally;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{DiskSet, Footprint, Need, ObjectKey, SnapshotId};
use rusqlite::OptionalExtension;

/// Rows deleted in one transaction: others get their turn between two.
const CHUNK: u32 = 20_000;

impl Catalog {
    /// Forgets snapshots, then the versions of entries that no remaining one covers, then the
    /// objects that nothing refers to any more. The sums are to be counted afresh behind it.
    ///
    /// Which ones is asked in the transaction that takes them out: what a person decides to keep
    /// beside it is kept, or was forgotten before.
    pub fn forget(&self, which: impl FnOnce(&Self) -> Result<Vec<SnapshotId>>) -> Result<()> {
        let is_any = self.atomically(|catalog| {
            let snapshots = which(catalog)?;
            if snapshots.is_empty() {
                return Ok(false);
            }
            let mut statement = catalog.connection.prepare("DELETE FROM snapshot WHERE id = ?1")?;
            snapshots.iter().try_for_each(|id| statement.execute([id]).map(|_| ()))?;
            catalog.doubt_holdings().map(|()| true)
        })?;
        if !is_any {
            return Ok(());
        }
        loop {
            let objects = self.atomically(|catalog| {
                let objects = catalog.delete_uncovered()?;
                catalog.drop_if_unused(&objects)?;
                Ok(objects)
            })?;
            if objects.is_empty() {
                return Ok(());
            }
        }
    }

    fn delete_uncovered(&self) -> Result<Vec<Option<ObjectKey>>> {
        let sql = "DELETE FROM entry WHERE (parent, name, first) IN
                     (SELECT e.parent, e.name, e.first FROM entry e WHERE e.last IS NOT NULL
                      AND NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.id BETWEEN e.first AND e.last)
                      LIMIT ?1)
                   RETURNING object";
        let mut statement = self.connection.prepare_cached(sql)?;
        let objects = statement.query_map([CHUNK], |row| row.get(0))?;
        rows::collect(objects)
    }

    /// Forgets those of these objects that no entry, copy or suspect refers to.
    pub fn drop_if_unused(&self, objects: &[Option<ObjectKey>]) -> Result<()> {
        let unneeded = "DELETE FROM damage WHERE object = ?1
                          AND NOT EXISTS (SELECT 1 FROM entry WHERE object = ?1)
                          AND NOT EXISTS (SELECT 1 FROM suspect WHERE old_object = ?1)";
        let mut unneeded = self.connection.prepare_cached(unneeded)?;
        let sql = "DELETE FROM object WHERE id = ?1
                     AND NOT EXISTS (SELECT 1 FROM copy WHERE object = ?1)
                     AND NOT EXISTS (SELECT 1 FROM entry WHERE object = ?1)
                     AND NOT EXISTS (SELECT 1 FROM suspect WHERE old_object = ?1 OR new_object = ?1)
                   RETURNING size";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut tally = Tally::of(Footprint::USUAL);
        for key in objects.iter().flatten() {
            unneeded.execute([key])?;
            if let Some(size) = statement.query_row([key], |row| row.get(0)).optional()? {
                tally.holding(-1, Need::Orphan, DiskSet::EMPTY, size);
            }
        }
        tally.write(self)
    }
}
