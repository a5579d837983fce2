//! What a person set for paths of the tree, and how what is to be protected has grown.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, Day, Settings, VPath};

impl Catalog {
    /// All paths with settings of their own, in the order of the tree.
    pub fn path_settings(&self) -> Result<Vec<(VPath, Settings)>> {
        let sql = "SELECT vpath, copies, priority, maxcopies FROM path_setting";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([], |row| {
            let vpath = VPath::from_bytes(&row.get::<_, Vec<u8>>(0)?).map_err(|_| rusqlite::Error::InvalidQuery)?;
            Ok((vpath, Settings { copies: row.get(1)?, priority: row.get(2)?, maxcopies: row.get(3)? }))
        })?;
        let mut settings = rows::collect(found)?;
        settings.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(settings)
    }

    /// Sets how well a path is to be protected; without any setting left the path is as if nobody
    /// had ever set one.
    pub fn put_path_settings(&self, vpath: &VPath, settings: Settings) -> Result<()> {
        let sql = "INSERT INTO path_setting (vpath, copies, priority, maxcopies) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (vpath) DO UPDATE SET copies = ?2, priority = ?3, maxcopies = ?4";
        let row = (vpath.to_bytes(), settings.copies, settings.priority, settings.maxcopies);
        self.connection.execute(sql, row)?;
        self.forget_unset_paths()
    }

    /// What had to be protected at the end of each day on which that changed, in order.
    pub fn growth(&self) -> Result<Vec<(Day, Amount)>> {
        let mut statement = self.connection.prepare("SELECT day, objects, bytes FROM growth ORDER BY day")?;
        let found = statement.query_map([], |row| {
            let amount = Amount { objects: row.get::<_, i64>(1)? as u64, bytes: row.get(2)? };
            Ok((Day(row.get(0)?), amount))
        })?;
        rows::collect(found)
    }

    /// Notes what is to be protected now, if that is another amount than was noted last.
    pub fn note_growth(&self, today: Day) -> Result<()> {
        let sql = "SELECT coalesce(sum(objects), 0), coalesce(sum(bytes), 0) FROM holding WHERE live";
        let (objects, bytes): (i64, i64) = self.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.connection.execute(
            "INSERT OR REPLACE INTO growth SELECT ?1, ?2, ?3 WHERE NOT EXISTS
               (SELECT 1 FROM (SELECT objects, bytes FROM growth ORDER BY day DESC LIMIT 1)
                WHERE objects = ?2 AND bytes = ?3)",
            (today.0, objects, bytes),
        )?;
        Ok(())
    }
}
