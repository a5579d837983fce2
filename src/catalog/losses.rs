//! What would be gone if all that vanished were taken out: the guards believe in a few only.

use super::Catalog;
use crate::error::Result;

/// What would be gone from below one source map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Lost {
    /// Files that vanished; those that have a new name are not among them.
    pub vanished: u64,
    /// Files in vanished folders, whatever became of them.
    pub inside: u64,
    /// Files that shrank to nothing.
    pub shrunk: u64,
}

/// What vanished below a source map, or below all, with all below that.
const GONE: &str = "
    WITH RECURSIVE gone (kind, directory, file_system, inode, size, mtime, birth, parent, name, inside) AS (
      SELECT e.kind, e.directory, e.file_system, e.inode, e.size, e.mtime, e.ctime - e.age, e.parent, e.name, 0
      FROM temp.vanished v JOIN entry e ON e.parent = v.parent AND e.name = v.name AND e.last IS NULL
      WHERE ?1 IS NULL OR v.source = ?1
      UNION ALL
      SELECT e.kind, e.directory, e.file_system, e.inode, e.size, e.mtime, e.ctime - e.age, e.parent, e.name, 1
      FROM gone g JOIN entry e ON e.parent = g.directory AND e.last IS NULL)";

impl Catalog {
    /// What below a source map would be lost, files in vanished directories counted.
    pub fn lost(&self, source: u32) -> Result<Lost> {
        let sql = format!(
            "{GONE} SELECT count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM temp.renamed r
                                              WHERE r.file_system = g.file_system AND r.inode = g.inode)),
                           coalesce(sum(inside), 0)
                    FROM gone g WHERE kind = 0"
        );
        let (vanished, inside): (i64, i64) =
            self.connection.query_row(&sql, [source], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let sql = "SELECT count(*) FROM temp.pending WHERE source = ?1 AND shrunk";
        let shrunk: i64 = self.connection.query_row(sql, [source], |row| row.get(0))?;
        Ok(Lost { vanished: vanished as u64, inside: inside as u64, shrunk: shrunk as u64 })
    }

    /// Looks for what vanished among all entries that are still there: an update that was cut off may
    /// have recorded it under its new name. What is found is lost no longer.
    pub fn find_moved_before(&self) -> Result<()> {
        self.connection.execute_batch(
            "DROP TABLE IF EXISTS temp.gone;
             CREATE TABLE temp.gone (file_system INTEGER, inode INTEGER, size INTEGER, mtime INTEGER, birth INTEGER,
                                     parent INTEGER, name BLOB, PRIMARY KEY (file_system, inode, parent, name));
             CREATE INDEX temp.gone_place ON gone (parent, name);",
        )?;
        // Of all maps: what goes from another one as well is no new name.
        let sql = format!(
            "{GONE} INSERT OR IGNORE INTO temp.gone SELECT file_system, inode, size, mtime, birth, parent, name
                    FROM gone WHERE kind = 0 AND file_system IN (SELECT id FROM file_system WHERE stable)"
        );
        self.connection.execute(&sql, [None::<u32>])?;
        let sql = "INSERT OR IGNORE INTO temp.renamed
                   SELECT s.file_system, s.inode, s.parent, s.name, s.object, s.hashed
                   FROM entry s CROSS JOIN temp.gone g
                     ON g.file_system = s.file_system AND g.inode = s.inode
                        AND g.size = s.size AND g.mtime = s.mtime AND g.birth = s.ctime - s.age
                   WHERE s.last IS NULL
                     AND NOT EXISTS (SELECT 1 FROM temp.gone x WHERE x.parent = s.parent AND x.name = s.name);
                   DROP TABLE temp.gone;";
        Ok(self.connection.execute_batch(sql)?)
    }

    /// Leaves everything that vanished or shrank below a source map as it was known.
    pub fn keep_lost(&self, source: u32) -> Result<()> {
        self.connection.execute("DELETE FROM temp.vanished WHERE source = ?1", [source])?;
        self.connection.execute("DELETE FROM temp.pending WHERE source = ?1 AND shrunk", [source])?;
        Ok(())
    }
}
