//! What an update makes of the sums: counted for the objects that it touches, not for all.
//!
//! While an update writes, the sums are those of the state before it, and are marked so. What an
//! object adds to them is taken away before the first of its rows changes, and added again, as it is
//! by then, in the transaction in which the update ends. A change that somebody else makes meanwhile,
//! an end that never comes and too much to remember leave them in doubt: all is counted afresh then.

use super::tally::Tally;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Footprint, Kind, ObjectKey, SnapshotId, Standing};
use std::collections::HashSet;

/// So many objects are remembered at most; beyond that counting all of them is hardly more work.
const MOST: usize = 1 << 16;

/// The objects whose rows a run changes, and what that makes of the sums so far.
pub(super) struct Touched {
    /// What the policy made of the snapshots before.
    standing: Standing,
    /// The last object that there was before: later ones were no part of the sums.
    newest: ObjectKey,
    objects: HashSet<ObjectKey>,
    tally: Tally,
    entries: [i64; Kind::ALL.len()],
}

impl Touched {
    /// Nothing yet: what the policy makes of the snapshots, and the last object that there is.
    pub(super) fn new(standing: Standing, newest: ObjectKey) -> Self {
        let (objects, tally) = (HashSet::new(), Tally::of(Footprint::USUAL));
        Self { standing, newest, objects, tally, entries: [0; Kind::ALL.len()] }
    }

    /// Whether more was touched than is remembered.
    pub(super) fn is_too_much(&self) -> bool {
        self.objects.len() > MOST
    }

    /// An object one of whose rows, or which itself, is about to change.
    pub(super) fn object(&mut self, catalog: &Catalog, key: ObjectKey) -> Result<()> {
        if self.is_too_much() || !self.objects.insert(key) || key > self.newest {
            return Ok(());
        }
        if let Some(before) = catalog.summed(&self.standing, key)? {
            self.tally.holding(-1, before.need, before.disks(), before.size);
        }
        Ok(())
    }

    /// Entries of a kind come into the newest state, or leave it (below 0).
    pub(super) fn entries(&mut self, kind: Kind, count: i64) {
        if let Ok(at) = usize::try_from(rows::kind_number(kind))
            && let Some(entries) = self.entries.get_mut(at)
        {
            *entries += count;
        }
    }

    /// Writes what has changed. False if the sums cannot be made true so.
    pub(super) fn write(mut self, catalog: &Catalog) -> Result<bool> {
        let standing = catalog.standing()?;
        for snapshot in self.standing.changed_needs(&standing) {
            let left = MOST.saturating_sub(self.objects.len());
            for key in catalog.objects_behind(snapshot, left)? {
                self.object(catalog, key)?;
            }
        }
        if self.is_too_much() {
            return Ok(false);
        }
        for key in &self.objects {
            if let Some(now) = catalog.summed(&standing, *key)? {
                self.tally.holding(1, now.need, now.disks(), now.size);
            }
        }
        self.tally.write(catalog)?;
        catalog.add_entries(&self.entries)?;
        Ok(true)
    }
}

impl Catalog {
    /// Marks the sums as those of the state before a change that knows what it changes of them. What
    /// is in doubt already, or was marked by a run that never came to its end, is in doubt.
    pub(super) fn begin_changing_sums(&self) -> Result<()> {
        let sql = "UPDATE catalog SET holdings_true = CASE holdings_true WHEN 1 THEN 2 ELSE 0 END";
        self.connection.execute(sql, [])?;
        Ok(())
    }

    /// Makes the sums true again by what a change has touched. Where they are not those of the state
    /// before it any more, because somebody else counted or changed something, they are in doubt.
    pub(super) fn end_changing_sums(&self, touched: Touched) -> Result<()> {
        let sql = "SELECT holdings_true = 2 FROM catalog";
        let is_marked: bool = self.connection.query_row(sql, [], |row| row.get(0))?;
        if !is_marked || !touched.write(self)? || !self.sums_have_all_objects()? {
            return self.doubt_holdings();
        }
        self.connection.execute("UPDATE catalog SET holdings_true = 1", [])?;
        Ok(())
    }

    /// Whether the sums are over as many objects as there are: a look that costs little, and sees
    /// most of what can be wrong with them.
    fn sums_have_all_objects(&self) -> Result<bool> {
        let sql = "SELECT (SELECT coalesce(sum(objects), 0) FROM holding) = (SELECT count(*) FROM object)";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// Objects of rows that were closed and show a snapshot, one more than asked for at most.
    fn objects_behind(&self, snapshot: SnapshotId, most: usize) -> Result<Vec<ObjectKey>> {
        let sql = "SELECT DISTINCT object FROM entry INDEXED BY entry_closed
                   WHERE last >= ?1 AND first <= ?1 AND object IS NOT NULL LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let found = statement.query_map((snapshot, most), |row| row.get(0))?;
        rows::collect(found)
    }

    fn add_entries(&self, changes: &[i64; Kind::ALL.len()]) -> Result<()> {
        let sql = "INSERT INTO entry_count VALUES (?1, ?2) ON CONFLICT DO UPDATE SET entries = entries + ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        for (kind, change) in Kind::ALL.iter().zip(changes).filter(|(_, change)| **change != 0) {
            statement.execute((rows::kind_number(*kind), change))?;
        }
        self.connection.execute("DELETE FROM entry_count WHERE entries = 0", [])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
