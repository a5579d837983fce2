//! States that no policy holds, but that show the last copy there is of what changed since.

use super::history::gaps;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::SnapshotId;
use std::collections::BTreeSet;

/// Versions in a gap that have a copy, of files whose newest version has none, nor any between.
const LAST_COPIED: &str = "
    SELECT e.first, e.last
    FROM entry e INDEXED BY entry_closed
      CROSS JOIN entry n ON n.parent = e.parent AND n.name = e.name AND n.last IS NULL
    WHERE e.last > ?1 AND e.last < ?2 AND e.first > ?1 AND e.object IS NOT NULL AND n.object IS NOT NULL
      AND EXISTS (SELECT 1 FROM copy WHERE object = e.object)
      AND NOT EXISTS (SELECT 1 FROM copy WHERE object = n.object AND NOT doubt)
      AND NOT EXISTS (SELECT 1 FROM entry m CROSS JOIN copy c ON c.object = m.object AND NOT c.doubt
                      WHERE m.parent = e.parent AND m.name = e.name AND m.first > e.last)";

impl Catalog {
    /// The snapshots that the policy lets go: a bad day, or a disk that is not there, costs no copy of
    /// a file that has no newer one yet.
    pub fn to_forget(&self) -> Result<Vec<SnapshotId>> {
        let mut forgotten = self.standing()?.forgotten;
        let held = self.with_last_copies(&forgotten)?;
        forgotten.retain(|id| !held.contains(id));
        Ok(forgotten)
    }

    /// Of snapshots that would be forgotten, given newest first, those that show the last copied
    /// version of a file whose newest one has no copy yet.
    pub fn with_last_copies(&self, forgotten: &[SnapshotId]) -> Result<BTreeSet<SnapshotId>> {
        let mut left = self.snapshot_ids()?;
        left.retain(|id| !forgotten.contains(id));
        let mut held = BTreeSet::new();
        for gap in gaps(&left).filter(|gap| forgotten.iter().any(|id| gap.has(*id))) {
            let mut statement = self.connection.prepare_cached(LAST_COPIED)?;
            let found = statement.query_map((gap.after, gap.before), |row| Ok((row.get(0)?, row.get(1)?)))?;
            for (first, last) in rows::collect::<(SnapshotId, SnapshotId)>(found)? {
                let showing = forgotten.iter().find(|id| **id <= last);
                held.extend(showing.filter(|id| **id >= first));
            }
        }
        Ok(held)
    }
}
