//! What there is one of: identity, counters, settings.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, History, Retention};
use rusqlite::Error::InvalidQuery;
use std::collections::BTreeSet;
use uuid::Uuid;

impl Catalog {
    /// Who this catalog is, on whatever disk a copy of it turns up.
    pub fn uuid(&self) -> Result<Uuid> {
        let bytes: [u8; 16] = self.connection.query_row("SELECT uuid FROM catalog", [], |row| row.get(0))?;
        Ok(Uuid::from_bytes(bytes))
    }

    /// How many sessions have changed it.
    pub fn generation(&self) -> Result<u64> {
        Ok(self.connection.query_row("SELECT generation FROM catalog", [], |row| row.get::<_, i64>(0))? as u64)
    }

    /// Counts one more session that changes it.
    pub fn raise_generation(&self) -> Result<u64> {
        // Not RETURNING: a commit that fails once the row is out would go unseen.
        self.connection.execute("UPDATE catalog SET generation = generation + 1", [])?;
        self.generation()
    }

    /// The policy for older snapshots.
    pub fn retention(&self) -> Result<Retention> {
        let sql = "SELECT keep_last, keep_hourly, keep_daily, keep_weekly, keep_monthly, keep_yearly, keep_within,
                          best_effort, fill FROM catalog";
        let mut statement = self.connection.prepare_cached(sql)?;
        let policy = statement.query_row([], |row| {
            let within: Option<String> = row.get(6)?;
            Ok(Retention {
                keep_last: row.get(0)?,
                keep: [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?],
                keep_within: within.map(|text| text.parse()).transpose().map_err(|_| InvalidQuery)?,
                keep_tags: BTreeSet::new(),
                history: if row.get(7)? { History::BestEffort } else { History::Guaranteed },
                fill: row.get(8)?,
            })
        })?;
        let mut statement = self.connection.prepare_cached("SELECT tag FROM keep_tag")?;
        let tags = statement.query_map([], |row| row.get(0))?;
        Ok(Retention { keep_tags: rows::collect(tags)?.into_iter().collect(), ..policy })
    }

    /// Sets the policy for older snapshots. The sums are to be counted afresh behind it.
    pub fn set_retention(&self, policy: &Retention) -> Result<()> {
        let [hourly, daily, weekly, monthly, yearly] = policy.keep;
        let sql = "UPDATE catalog SET keep_last = ?1, keep_hourly = ?2, keep_daily = ?3, keep_weekly = ?4,
                          keep_monthly = ?5, keep_yearly = ?6, keep_within = ?7, best_effort = ?8, fill = ?9";
        let within = policy.keep_within.map(|within| within.to_string());
        let firmly = policy.history == History::BestEffort;
        let values = (policy.keep_last.max(1), hourly, daily, weekly, monthly, yearly, within, firmly, policy.fill);
        self.connection.execute(sql, values)?;
        self.connection.execute("DELETE FROM keep_tag", [])?;
        let mut insert = self.connection.prepare("INSERT INTO keep_tag VALUES (?1)")?;
        policy.keep_tags.iter().try_for_each(|tag| insert.execute([tag]).map(|_| ()))?;
        self.doubt_holdings()
    }

    /// After how many days unseen a disk licenses no eviction on another one.
    pub fn trust_days(&self) -> Result<i64> {
        Ok(self.connection.query_row("SELECT trust_days FROM catalog", [], |row| row.get(0))?)
    }

    /// What the last update knew of but did not read.
    pub fn unhashed(&self) -> Result<Amount> {
        let sql = "SELECT unhashed_files, unhashed_bytes FROM catalog";
        Ok(self
            .connection
            .query_row(sql, [], |row| Ok(Amount { objects: row.get::<_, i64>(0)? as u64, bytes: row.get(1)? }))?)
    }

    /// Notes what an update knows of but has not read yet.
    pub fn set_unhashed(&self, amount: Amount) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE catalog SET unhashed_files = ?1, unhashed_bytes = ?2")?
            .execute((amount.objects as i64, amount.bytes))?;
        Ok(())
    }
}
