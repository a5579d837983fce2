//! Sums by the exact set of disks that hold an object: what `info` shows without counting.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, Class, DiskSet, Holding, Size};
use std::collections::BTreeMap;

impl Catalog {
    /// Whether the kept sums are true: not while an update has not come to its end.
    pub fn holdings_are_true(&self) -> Result<bool> {
        Ok(self.connection.query_row("SELECT holdings_true FROM catalog", [], |row| row.get(0))?)
    }

    /// The sums; counted afresh where the kept ones are not true.
    pub fn holdings(&self) -> Result<Vec<Holding>> {
        if !self.holdings_are_true()? {
            return self.count_holdings();
        }
        let mut statement = self.connection.prepare("SELECT live, disks, objects, bytes FROM holding")?;
        let found = statement.query_map([], |row| {
            let amount = Amount { objects: row.get::<_, i64>(2)? as u64, bytes: row.get(3)? };
            Ok(Holding { live: row.get(0)?, disks: DiskSet(row.get::<_, i64>(1)? as u64), amount })
        })?;
        rows::collect(found)
    }

    /// The sums, counted object by object.
    pub fn count_holdings(&self) -> Result<Vec<Holding>> {
        let mut sums: BTreeMap<(bool, DiskSet), Amount> = BTreeMap::new();
        self.census(&self.standing()?, |item| {
            *sums.entry((item.class == Class::Live, item.disks)).or_default() += Amount::one(item.size);
            Ok(())
        })?;
        Ok(sums.into_iter().map(|((live, disks), amount)| Holding { live, disks, amount }).collect())
    }

    /// Takes the kept sums for untrue until they are counted afresh.
    pub fn doubt_holdings(&self) -> Result<()> {
        self.connection.execute("UPDATE catalog SET holdings_true = 0", [])?;
        Ok(())
    }

    /// Counts the sums afresh and keeps them.
    pub fn recount_holdings(&self) -> Result<()> {
        let sums = self.count_holdings()?;
        self.atomically(|catalog| {
            catalog.connection.execute("DELETE FROM holding", [])?;
            let mut insert = catalog.connection.prepare("INSERT INTO holding VALUES (?1, ?2, ?3, ?4)")?;
            for sum in sums {
                insert.execute((sum.live, sum.disks.0 as i64, sum.amount.objects as i64, sum.amount.bytes))?;
            }
            catalog.connection.execute("UPDATE catalog SET holdings_true = 1", [])?;
            Ok(())
        })
    }

    /// Moves one object from one sum to another, in the transaction of the claim that moves it.
    pub(super) fn move_holding(&self, live: bool, from: DiskSet, to: DiskSet, size: Size) -> Result<()> {
        let sql = "INSERT INTO holding VALUES (?1, ?2, 1, ?3)
                   ON CONFLICT DO UPDATE SET objects = objects + 1, bytes = bytes + ?3";
        self.connection.prepare_cached(sql)?.execute((live, to.0 as i64, size))?;
        let sql = "UPDATE holding SET objects = objects - 1, bytes = bytes - ?3 WHERE live = ?1 AND disks = ?2";
        self.connection.prepare_cached(sql)?.execute((live, from.0 as i64, size))?;
        Ok(())
    }
}
