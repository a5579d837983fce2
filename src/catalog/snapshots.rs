//! The dated states of the tree.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Snapshot, SnapshotId, Span, Timestamp};

impl Catalog {
    /// All snapshots, oldest first.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>> {
        let sql = "SELECT id, taken, utc_offset, complete, problems, held, given_up FROM snapshot ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map([], |row| {
            Ok(Snapshot {
                id: row.get(0)?,
                taken: row.get(1)?,
                utc_offset: row.get(2)?,
                complete: row.get(3)?,
                problems: row.get::<_, i64>(4)? as u64,
                held: row.get(5)?,
                given_up: row.get(6)?,
                tags: Vec::new(),
            })
        })?;
        let mut snapshots = rows::collect(found)?;
        for (id, tag) in self.tags()? {
            let of = snapshots.binary_search_by_key(&id, |snapshot| snapshot.id).ok();
            if let Some(snapshot) = of.and_then(|at| snapshots.get_mut(at)) {
                snapshot.tags.push(tag);
            }
        }
        Ok(snapshots)
    }

    /// The numbers of all snapshots, oldest first.
    pub(super) fn snapshot_ids(&self) -> Result<Vec<SnapshotId>> {
        let mut statement = self.connection.prepare_cached("SELECT id FROM snapshot ORDER BY id")?;
        rows::collect(statement.query_map([], |row| row.get(0))?)
    }

    fn tags(&self) -> Result<Vec<(SnapshotId, String)>> {
        let sql = "SELECT snapshot, tag FROM snapshot_tag ORDER BY snapshot, tag";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows::collect(found)
    }

    /// The number that the next snapshot gets.
    pub(super) fn next_snapshot(&self) -> Result<SnapshotId> {
        Ok(self.connection.query_row("SELECT next_snapshot FROM catalog", [], |row| row.get(0))?)
    }

    /// Records that a state begins, because the first change was found.
    pub(super) fn begin_snapshot(&self, begun: Timestamp, utc_offset: i32) -> Result<SnapshotId> {
        let (id, taken) = (self.next_snapshot()?, Snapshot::taken_apart(begun, utc_offset, &self.snapshots()?));
        let sql = "INSERT INTO snapshot (id, taken, utc_offset, complete, problems) VALUES (?1, ?2, ?3, 0, 0)";
        self.connection.execute(sql, (id, taken, utc_offset))?;
        self.connection.execute("UPDATE catalog SET next_snapshot = ?1 + 1", [id])?;
        self.begin_changing_sums()?;
        Ok(id)
    }

    /// Records how the update of a snapshot ended.
    pub fn finish_snapshot(&self, id: SnapshotId, complete: bool, problems: u64) -> Result<()> {
        let sql = "UPDATE snapshot SET complete = ?2, problems = ?3 WHERE id = ?1";
        self.connection.execute(sql, (id, complete, problems as i64))?;
        Ok(())
    }

    /// Notes that the newest snapshot is as everything is now, whatever the update lacked that recorded it.
    pub fn note_whole(&self) -> Result<()> {
        let sql = "UPDATE snapshot SET complete = 1, problems = 0
                   WHERE id = (SELECT max(id) FROM snapshot) AND (NOT complete OR problems > 0)";
        self.begin()?;
        if self.connection.execute(sql, [])? > 0 {
            self.raise_generation()?;
        }
        Ok(())
    }

    /// Lets a person keep a snapshot, or no longer. The sums are to be counted afresh behind it.
    pub fn hold_snapshot(&self, id: SnapshotId, held: bool) -> Result<()> {
        self.connection.execute("UPDATE snapshot SET held = ?2 WHERE id = ?1", (id, held))?;
        self.doubt_holdings()
    }

    /// Puts a word on a snapshot. The sums are to be counted afresh behind it, unless it is the newest:
    /// that one is live whatever its words.
    pub fn tag_snapshot(&self, id: SnapshotId, tag: &str) -> Result<()> {
        self.connection.execute("INSERT OR IGNORE INTO snapshot_tag VALUES (?1, ?2)", (id, tag))?;
        self.doubt_holdings_of(id)
    }

    /// Takes a word off a snapshot. As for [`Catalog::tag_snapshot`].
    pub fn untag_snapshot(&self, id: SnapshotId, tag: &str) -> Result<()> {
        self.connection.execute("DELETE FROM snapshot_tag WHERE snapshot = ?1 AND tag = ?2", (id, tag))?;
        self.doubt_holdings_of(id)
    }

    fn doubt_holdings_of(&self, id: SnapshotId) -> Result<()> {
        let sql = "UPDATE catalog SET holdings_true = 0 WHERE ?1 < (SELECT max(id) FROM snapshot)";
        self.connection.execute(sql, [id])?;
        Ok(())
    }

    /// Notes that content of the snapshots in this span made way and is on no disk any more.
    pub(super) fn give_up(&self, span: Span) -> Result<()> {
        let sql = "UPDATE snapshot SET given_up = 1 WHERE id BETWEEN ?1 AND ?2 AND NOT given_up";
        let last = span.last.map_or(i64::MAX, |last| last.0);
        self.connection.prepare_cached(sql)?.execute((span.first, last))?;
        Ok(())
    }
}
