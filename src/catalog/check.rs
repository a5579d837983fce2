//! Whether the catalog is sound: SQLite's own checks, references, sums counted afresh.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::Holding;
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
        Ok(faults)
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
        let sums = |holdings: Vec<Holding>| -> BTreeMap<_, _> {
            let filled = holdings.into_iter().filter(|holding| holding.amount.objects > 0);
            filled.map(|holding| ((holding.live, holding.disks), holding.amount)).collect()
        };
        let (kept, counted) = (sums(self.holdings()?), sums(self.count_holdings()?));
        let differs = |key| kept.get(key) != counted.get(key);
        let only_kept = kept.keys().filter(|key| !counted.contains_key(key));
        Ok(counted.keys().chain(only_kept).filter(|key| differs(*key)).count() as u64)
    }
}
