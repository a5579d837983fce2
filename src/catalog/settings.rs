//! What there is one of: identity, counters, settings.

use super::Catalog;
use crate::error::Result;
use crate::model::{Amount, History, Retention};
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
        let sql = "SELECT keep_last, keep_within_days, best_effort FROM catalog";
        Ok(self.connection.query_row(sql, [], |row| {
            Ok(Retention {
                keep_last: row.get(0)?,
                keep_within_days: row.get(1)?,
                history: if row.get(2)? { History::BestEffort } else { History::Guaranteed },
            })
        })?)
    }

    /// Sets the policy for older snapshots. The sums are to be counted afresh behind it.
    pub fn set_retention(&self, policy: Retention) -> Result<()> {
        self.connection.execute(
            "UPDATE catalog SET keep_last = ?1, keep_within_days = ?2, best_effort = ?3",
            (policy.keep_last.max(1), policy.keep_within_days, policy.history == History::BestEffort),
        )?;
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
