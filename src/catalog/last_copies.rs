//! States that no policy holds, but that show the last copy there is of what changed since.

use super::history::gaps;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{SnapshotId, Span, Standing};
use std::collections::BTreeSet;

/// Versions in a gap that have a copy, of files whose newest version has none, nor any between.
const LAST_COPIED: &str = concat!(
    "SELECT e.first, e.last
     FROM entry e INDEXED BY entry_closed
       CROSS JOIN entry n ON n.parent = e.parent AND n.name = e.name AND n.last IS NULL
     WHERE e.last > ?1 AND e.last < ?2 AND e.first > ?1 AND e.object IS NOT NULL AND n.object IS NOT NULL
       AND EXISTS (SELECT 1 FROM copy WHERE object = e.object)
       AND NOT EXISTS (SELECT 1 FROM copy c CROSS JOIN disk d ON d.id = c.disk WHERE c.object = n.object AND NOT ",
    in_doubt!(),
    ")
       AND NOT EXISTS (SELECT 1 FROM entry m CROSS JOIN copy c ON c.object = m.object CROSS JOIN disk d ON d.id = c.disk
                       WHERE m.parent = e.parent AND m.name = e.name AND m.first > e.last AND NOT ",
    in_doubt!(),
    ")"
);

impl Catalog {
    /// How firmly each snapshot is held, those in free room too that the policy would let go, but that show
    /// the last copy of a file which has no newer one yet: a bad day, or a disk that is not there, costs
    /// no copy.
    pub fn standing_with_last_copies(&self) -> Result<Standing> {
        let mut standing = self.standing()?;
        standing.hold_back(&self.with_last_copies(&standing.forgotten)?);
        Ok(standing)
    }

    /// Of snapshots that would be forgotten, given newest first, those that show the last copied
    /// version of a file whose newest one has no copy yet.
    fn with_last_copies(&self, forgotten: &[SnapshotId]) -> Result<BTreeSet<SnapshotId>> {
        let mut left = self.snapshot_ids()?;
        left.retain(|id| !forgotten.contains(id));
        let mut held = BTreeSet::new();
        for gap in gaps(&left).filter(|gap| forgotten.iter().any(|id| gap.has(*id))) {
            let mut statement = self.connection.prepare_cached(LAST_COPIED)?;
            let spans = statement
                .query_map((gap.after, gap.before), |row| Ok(Span { first: row.get(0)?, last: row.get(1)? }))?;
            held.extend(rows::collect(spans)?.into_iter().filter_map(|span: Span| span.newest_of(forgotten)));
        }
        Ok(held)
    }
}
