//! What an update does at which path, as a person set it.

use super::{Catalog, rows};
use crate::error::{Error, Kind, Result};
use crate::model::{Filter, Handling, Rule, VPath};
use std::collections::BTreeMap;

/// The kinds of `path_rule`.
const NAME: u8 = 0;
const EXCLUDE: u8 = 1;
const INCLUDE: u8 = 2;

impl Catalog {
    /// All paths of which something is set for updates, in the order of the tree.
    pub fn handlings(&self) -> Result<BTreeMap<VPath, Handling>> {
        let sql = "SELECT vpath, locked, hidden, follow, inherits FROM path_setting";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([], |row| {
            let handling = Handling {
                locked: row.get(1)?,
                hidden: row.get(2)?,
                follow: row.get(3)?,
                inherits: row.get(4)?,
                ..Handling::NONE
            };
            Ok((path_of(row)?, handling))
        })?;
        let mut handlings: BTreeMap<_, _> = rows::collect::<(VPath, Handling)>(found)?.into_iter().collect();
        self.add_rules(&mut handlings)?;
        handlings.retain(|_, handling| *handling != Handling::NONE);
        Ok(handlings)
    }

    fn add_rules(&self, handlings: &mut BTreeMap<VPath, Handling>) -> Result<()> {
        let sql = "SELECT vpath, kind, pattern FROM path_rule ORDER BY vpath, position";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([], |row| Ok((path_of(row)?, row.get(1)?, row.get(2)?)))?;
        for (vpath, kind, pattern) in rows::collect::<(VPath, u8, Vec<u8>)>(found)? {
            let damage = |why: String| Error::new(Kind::Damage, format_args!("what is set for {vpath}: {why}"));
            let handling = handlings.entry(vpath.clone()).or_default();
            if kind == NAME {
                handling.rules.push(Rule::new(&pattern).map_err(|error| damage(error.to_string()))?);
            } else {
                let text = String::from_utf8_lossy(&pattern);
                let filter = Filter::new(&text, kind == INCLUDE).map_err(|error| damage(error.to_string()))?;
                handling.filters.push(filter);
            }
        }
        Ok(())
    }

    /// Sets what updates do at a path, in place of all that was set for them.
    pub fn put_handling(&self, vpath: &VPath, handling: &Handling) -> Result<()> {
        let sql = "INSERT INTO path_setting (vpath, locked, hidden, follow, inherits) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (vpath) DO UPDATE SET locked = ?2, hidden = ?3, follow = ?4, inherits = ?5";
        let path = vpath.to_bytes();
        let row = (&path, handling.locked, handling.hidden, handling.follow, handling.inherits);
        self.connection.execute(sql, row)?;
        self.connection.execute("DELETE FROM path_rule WHERE vpath = ?1", [&path])?;
        let rules = handling.rules.iter().map(|rule| (NAME, rule.text()));
        let filter_kind = |filter: &Filter| if filter.includes() { INCLUDE } else { EXCLUDE };
        let filters = handling.filters.iter().map(|filter| (filter_kind(filter), filter.pattern().as_bytes()));
        let mut insert = self.connection.prepare("INSERT INTO path_rule VALUES (?1, ?2, ?3, ?4)")?;
        for (position, (kind, pattern)) in rules.chain(filters).enumerate() {
            insert.execute((&path, position as i64, kind, pattern))?;
        }
        self.forget_unset_paths()
    }

    /// A path of which nothing is set is as if nobody had ever set anything.
    pub(super) fn forget_unset_paths(&self) -> Result<()> {
        self.connection.execute(
            "DELETE FROM path_setting WHERE copies IS NULL AND priority IS NULL AND maxcopies IS NULL
               AND NOT locked AND NOT hidden AND NOT follow AND inherits
               AND NOT EXISTS (SELECT 1 FROM path_rule r WHERE r.vpath = path_setting.vpath)",
            [],
        )?;
        Ok(())
    }
}

fn path_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<VPath> {
    VPath::from_bytes(&row.get::<_, Vec<u8>>(0)?).map_err(|_| rusqlite::Error::InvalidQuery)
}
