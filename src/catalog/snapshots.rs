//! The dated states of the tree.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{SnapshotId, Timestamp};

/// A dated state of the whole virtual tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its number; later states have larger ones.
    pub id: SnapshotId,
    /// When the update began that recorded it.
    pub taken: Timestamp,
    /// Whether that update came to its end.
    pub complete: bool,
    /// Files and directories that it could not read.
    pub problems: u64,
}

impl Catalog {
    /// All snapshots, oldest first.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>> {
        let mut statement =
            self.connection.prepare("SELECT id, taken, complete, problems FROM snapshot ORDER BY id")?;
        let found = statement.query_map([], |row| {
            Ok(Snapshot {
                id: row.get(0)?,
                taken: row.get(1)?,
                complete: row.get(2)?,
                problems: row.get::<_, i64>(3)? as u64,
            })
        })?;
        rows::collect(found)
    }

    /// The number that the next snapshot gets.
    pub(super) fn next_snapshot(&self) -> Result<SnapshotId> {
        Ok(self.connection.query_row("SELECT next_snapshot FROM catalog", [], |row| row.get(0))?)
    }

    /// Records that a state begins, because the first change was found.
    pub(super) fn begin_snapshot(&self, taken: Timestamp) -> Result<SnapshotId> {
        let id = self.next_snapshot()?;
        self.connection.execute("INSERT INTO snapshot VALUES (?1, ?2, 0, 0)", (id, taken))?;
        self.connection.execute("UPDATE catalog SET next_snapshot = ?1 + 1, holdings_true = 0", [id])?;
        Ok(id)
    }

    /// Records how the update of a snapshot ended.
    pub fn finish_snapshot(&self, id: SnapshotId, complete: bool, problems: u64) -> Result<()> {
        let sql = "UPDATE snapshot SET complete = ?2, problems = ?3 WHERE id = ?1";
        self.connection.execute(sql, (id, complete, problems as i64))?;
        Ok(())
    }
}
