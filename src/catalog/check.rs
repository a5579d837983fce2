//! Whether the catalog is sound: SQLite's own checks, references, sums counted afresh.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Holding, ObjectId, Proof};
use std::collections::BTreeMap;

/// Faults named at most by SQLite.
const NAMED: u32 = 100;

impl Catalog {
    /// What SQLite finds wrong with the file; nothing if it is sound.
    pub fn integrity(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare(&format!("PRAGMA integrity_check({NAMED})"))?;
        let found = statement.query_map([], |row| row.get::<_, String>(0))?;
        let mut faults = rows::collect(found)?;
        faults.retain(|fault| fault != "ok");
        faults.extend(self.doubles()?.into_iter().map(|id| format!("object {id} stands twice")));
        Ok(faults)
    }

    /// Hashes that more than one object has; dsb makes none.
    pub fn doubles(&self) -> Result<Vec<ObjectId>> {
        let sql = "SELECT a.hash FROM object a CROSS JOIN object b ON substr(b.hash, 1, 4) = substr(a.hash, 1, 4)
                   WHERE b.id > a.id AND b.hash = a.hash LIMIT ?1";
        let mut statement = self.connection.prepare(sql)?;
        rows::collect(statement.query_map([NAMED], |row| row.get(0))?)
    }

    /// Rows that refer to something that is not there, by table.
    pub fn dangling(&self) -> Result<Vec<(String, u64)>> {
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        let tables = rows::collect(statement.query_map([], |row| row.get::<_, String>(0))?)?;
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        tables.into_iter().for_each(|table| *counts.entry(table).or_default() += 1);
        Ok(counts.into_iter().collect())
    }

    /// Sums that are not what counting gives; none while an update has not summed up.
    pub fn wrong_sums(&self) -> Result<u64> {
        if !self.holdings_are_true()? {
            return Ok(0);
        }
        let (kept, counted) = (self.sums()?, self.count_sums()?);
        let filled = |all: &[Holding]| -> BTreeMap<_, _> {
            let filled = all.iter().filter(|holding| holding.amount.objects > 0);
            filled.map(|sum| ((sum.need, sum.disks), sum.amount)).collect()
        };
        let proofs = |all: &[Proof]| -> BTreeMap<_, _> {
            let filled = all.iter().filter(|proof| proof.amount.objects > 0);
            filled.map(|sum| ((sum.disk, sum.session, sum.day), (sum.amount, sum.taken))).collect()
        };
        let entries = kept.entries.iter().zip(&counted.entries).filter(|(kept, counted)| kept != counted).count()
            + kept.entries.len().abs_diff(counted.entries.len());
        let wrong = different(&filled(&kept.holdings), &filled(&counted.holdings))
            + different(&proofs(&kept.proofs), &proofs(&counted.proofs))
            + entries;
        Ok(wrong as u64 + self.impossible_sums()?)
    }

    /// Sums below nothing, which are left out wherever sums are asked for.
    fn impossible_sums(&self) -> Result<u64> {
        let sql = "SELECT (SELECT count(*) FROM holding WHERE objects < 0 OR bytes < 0)
                        + (SELECT count(*) FROM proof WHERE objects < 0 OR bytes < 0 OR taken < 0)";
        Ok(self.connection.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
    }
}

/// How many sums are in one only, or not the same in both.
fn different<K: Ord, V: PartialEq>(kept: &BTreeMap<K, V>, counted: &BTreeMap<K, V>) -> usize {
    let only_kept = kept.keys().filter(|key| !counted.contains_key(key));
    counted.iter().filter(|(key, sum)| kept.get(key) != Some(sum)).count() + only_kept.count()
}
