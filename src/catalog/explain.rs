//! How SQLite goes about what it is asked, for `--explain`.

use super::Catalog;
use crate::error::Result;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// What catalogs were asked, each statement once.
pub type Statements = Arc<Mutex<BTreeSet<String>>>;

/// A statement, and how SQLite goes about it, a line each.
pub struct Explained {
    /// The statement.
    pub sql: String,
    /// The steps, indented as they stand below each other.
    pub steps: Vec<String>,
}

impl Catalog {
    /// From here on gathers what is asked.
    pub fn gather(&mut self, statements: Statements) -> Result<()> {
        let note = move |event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(statement, _) = event {
                let sql = statement.sql().split_whitespace().collect::<Vec<_>>().join(" ");
                statements.lock().unwrap_or_else(PoisonError::into_inner).insert(sql);
            }
        };
        Ok(self.connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(note))?)
    }

    /// How SQLite goes about each of these statements, ordered by their text.
    pub fn explain(&self, statements: &Statements) -> Result<Vec<Explained>> {
        // Statements over an update's lists are understood only where these are.
        self.begin_scan()?;
        let asked = statements.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let explained = asked.into_iter().filter_map(|sql| self.steps(sql).ok());
        Ok(explained.filter(|found| !found.steps.is_empty()).collect())
    }

    fn steps(&self, sql: String) -> Result<Explained> {
        let mut statement = self.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let mut depths = HashMap::from([(0_i64, 0_usize)]);
        let mut steps = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let (id, above, what): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let depth = depths.get(&above).copied().unwrap_or(0);
            depths.insert(id, depth + 1);
            steps.push(format!("{}{what}", "  ".repeat(depth)));
        }
        drop(rows);
        drop(statement);
        Ok(Explained { sql, steps })
    }
}
