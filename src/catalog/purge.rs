//! Forgetting paths in every state, and content that waits to be deleted from disks for that.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, DirectoryId, DiskIndex, Name, ObjectKey, SnapshotId, Timestamp};

impl Catalog {
    /// Forgets a version of an entry.
    pub fn forget_version(&self, parent: DirectoryId, name: &[u8], first: SnapshotId) -> Result<()> {
        let sql = "DELETE FROM entry WHERE parent = ?1 AND name = ?2 AND first = ?3";
        self.connection.prepare_cached(sql)?.execute((parent, name, first))?;
        Ok(())
    }

    /// Lets go of both contents of a suspect whose file is in no state any more, and says which they
    /// are: nobody could decide on it.
    pub fn purge_suspect(&self, parent: DirectoryId, name: &Name) -> Result<Vec<ObjectKey>> {
        let sql = "DELETE FROM suspect WHERE parent = ?1 AND name = ?2
                     AND NOT EXISTS (SELECT 1 FROM entry WHERE parent = ?1 AND name = ?2)
                   RETURNING old_object, new_object";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((parent, name.as_bytes()), |row| Ok([Some(row.get(0)?), row.get(1)?]))?;
        Ok(rows::collect(found)?.into_iter().flatten().flatten().collect())
    }

    /// Notes which of these objects nobody needs now: they wait to be deleted where they are. Says what
    /// they are. The sums are to be counted afresh behind it.
    pub fn purge(&self, objects: &[ObjectKey], now: Timestamp) -> Result<Amount> {
        let sql = "INSERT OR IGNORE INTO purge SELECT id, ?2 FROM object WHERE id = ?1
                     AND NOT EXISTS (SELECT 1 FROM entry WHERE object = ?1)
                     AND NOT EXISTS (SELECT 1 FROM suspect WHERE old_object = ?1 OR new_object = ?1)";
        let mut note = self.connection.prepare_cached(sql)?;
        let mut purged = Amount::default();
        for key in objects {
            if note.execute((key, now))? > 0 {
                purged += Amount::one(self.object(*key)?.1);
            }
        }
        let objects: Vec<_> = objects.iter().copied().map(Some).collect();
        self.drop_if_unused(&objects)?;
        self.doubt_holdings()?;
        Ok(purged)
    }

    /// What of purged paths disks still hold.
    pub fn purge_pending(&self) -> Result<Vec<(DiskIndex, Amount)>> {
        let sql = "SELECT c.disk, count(*), sum(o.size) FROM purge p CROSS JOIN copy c ON c.object = p.object
                     CROSS JOIN object o ON o.id = p.object
                   WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.object = p.object) GROUP BY c.disk";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map([], |row| {
            let amount = Amount { objects: row.get::<_, i64>(1)? as u64, bytes: row.get(2)? };
            Ok((row.get::<_, i64>(0)?, amount))
        })?;
        let found = rows::collect(found)?;
        Ok(found.into_iter().filter_map(|(disk, amount)| Some((DiskIndex::new(disk)?, amount))).collect())
    }
}
