//! Forgetting: snapshots that no policy holds, and the versions that only they showed.

use super::tally::Tally;
use super::touched::Touched;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{DirectoryId, DiskSet, Footprint, Need, ObjectKey, Size, SnapshotId};
use rusqlite::OptionalExtension;

/// Rows deleted in one transaction: others get their turn between two.
const CHUNK: u32 = 20_000;

/// A version of an entry, and its content.
type Version = (DirectoryId, Vec<u8>, SnapshotId, Option<ObjectKey>);

/// Two neighbours of the snapshots that remain: what no other shows begins and ends between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) after: SnapshotId,
    pub(super) before: SnapshotId,
}

impl Catalog {
    /// Forgets snapshots, then the versions of entries that no remaining one covers, then the
    /// objects that nothing refers to any more; and what one left that was cut off.
    ///
    /// Which ones is asked in the transaction that takes them out: what a person decides to keep
    /// beside it is kept, or was forgotten before.
    pub fn forget(&self, which: impl FnOnce(&Self) -> Result<Vec<SnapshotId>>) -> Result<()> {
        let newest = self.newest_object()?;
        let begun = self.atomically(|catalog| {
            let snapshots = which(catalog)?;
            // One that was cut off may have left rows anywhere.
            let is_unfinished = catalog.is_forgetting()?;
            if snapshots.is_empty() && !is_unfinished {
                return Ok(None);
            }
            let touched = Touched::new(catalog.standing()?, newest);
            let mut statement = catalog.connection.prepare("DELETE FROM snapshot WHERE id = ?1")?;
            snapshots.iter().try_for_each(|id| statement.execute([id]).map(|_| ()))?;
            catalog.begin_changing_sums()?;
            catalog.set_forgetting(true)?;
            let left = catalog.snapshot_ids()?;
            let gaps = gaps(&left).filter(|gap| is_unfinished || snapshots.iter().any(|id| gap.has(*id)));
            Ok(Some((touched, gaps.collect::<Vec<_>>())))
        })?;
        let Some((mut touched, gaps)) = begun else { return Ok(()) };
        for gap in gaps {
            while self.atomically(|catalog| catalog.forget_some(gap, &mut touched))? {}
        }
        self.atomically(|catalog| catalog.set_forgetting(false).and_then(|()| catalog.end_changing_sums(touched)))
    }

    /// Whether snapshots were forgotten, and not yet all that only they showed.
    pub fn is_forgetting(&self) -> Result<bool> {
        Ok(self.connection.query_row("SELECT forgetting FROM catalog", [], |row| row.get(0))?)
    }

    fn set_forgetting(&self, forgetting: bool) -> Result<()> {
        self.connection.execute("UPDATE catalog SET forgetting = ?1", [forgetting])?;
        Ok(())
    }

    /// Forgets some of the versions in a gap, and what only they needed; false: there are none.
    fn forget_some(&self, gap: Gap, touched: &mut Touched) -> Result<bool> {
        let versions = self.versions_in(gap)?;
        for (parent, name, first, object) in &versions {
            object.map_or(Ok(()), |key| touched.object(self, key))?;
            self.forget_version(*parent, name, *first)?;
        }
        self.delete_unused(versions.iter().filter_map(|(.., object)| *object), |_| {})?;
        Ok(!versions.is_empty())
    }

    fn versions_in(&self, gap: Gap) -> Result<Vec<Version>> {
        let sql = "SELECT parent, name, first, object FROM entry INDEXED BY entry_closed
                   WHERE last > ?1 AND last < ?2 AND first > ?1 LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((gap.after, gap.before, CHUNK), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
        rows::collect(found)
    }

    /// Forgets those of these objects that no entry, copy or suspect refers to.
    pub fn drop_if_unused(&self, objects: &[Option<ObjectKey>]) -> Result<()> {
        let mut tally = Tally::of(Footprint::USUAL);
        let objects = objects.iter().copied().flatten();
        self.delete_unused(objects, |size| tally.holding(-1, Need::Orphan, DiskSet::EMPTY, size))?;
        tally.write(self)
    }

    /// The same without the sums: tells the lengths of those that go.
    fn delete_unused(&self, objects: impl Iterator<Item = ObjectKey>, mut gone: impl FnMut(Size)) -> Result<()> {
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
        for key in objects {
            unneeded.execute([key])?;
            statement.query_row([key], |row| row.get(0)).optional()?.into_iter().for_each(&mut gone);
        }
        Ok(())
    }
}

impl Gap {
    pub(super) fn has(self, id: SnapshotId) -> bool {
        self.after < id && id < self.before
    }
}

/// All gaps between these snapshots, oldest first, and around them.
pub(super) fn gaps(ids: &[SnapshotId]) -> impl Iterator<Item = Gap> {
    let before = ids.iter().copied().chain([SnapshotId(i64::MAX)]);
    let after = [SnapshotId(i64::MIN)].into_iter().chain(ids.iter().copied());
    let gaps = after.zip(before).map(|(after, before)| Gap { after, before });
    gaps.filter(|gap| gap.has(SnapshotId(gap.after.0.saturating_add(1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_where_numbers_are_missing() {
        let gaps = |ids: &[i64]| {
            let ids: Vec<_> = ids.iter().copied().map(SnapshotId).collect();
            super::gaps(&ids).map(|gap| (gap.after.0, gap.before.0)).collect::<Vec<_>>()
        };
        let (first, last) = (i64::MIN, i64::MAX);
        let table = [
            (&[][..], vec![(first, last)]),
            (&[1, 2], vec![(first, 1), (2, last)]),
            (&[2, 5, 6, 8], vec![(first, 2), (2, 5), (6, 8), (8, last)]),
        ];
        for (ids, expected) in table {
            assert_eq!(gaps(ids), expected, "{ids:?}");
        }
    }
}
