//! Files to read that turn out to be known ones under another name.
//!
//! Nothing leads from a file system and an inode to the entries that have it: an index would cost
//! every file some bytes for a question that few files ask. But a file that has another name now is
//! no longer where it was, and what is no longer where it was the scan has noted.

use super::scan::pending_of;
use super::{Catalog, Pending, rows};
use crate::error::Result;
use crate::model::{ObjectKey, Second};

/// A file to read that turned out to be a known one under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// The file.
    pub file: Pending,
    /// Its content.
    pub object: ObjectKey,
    /// When the run began that last read its bytes.
    pub hashed: Second,
}

/// Where known files may be that have another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// Among what vanished, and what another file stands in the place of.
    AmongTheGone,
    /// Everywhere: a source that was never seen before may lead to files that are still there.
    Everywhere,
}

/// What vanished, what was replaced, and what stood in folders that vanished.
const GONE: &str = "
    gone (directory) AS (
      SELECT directory FROM temp.vanished WHERE directory IS NOT NULL
      UNION ALL
      SELECT e.directory FROM gone g CROSS JOIN entry e ON e.parent = g.directory
      WHERE e.last IS NULL AND e.directory IS NOT NULL),
    known AS (
      SELECT e.* FROM temp.vanished v CROSS JOIN entry e ON e.parent = v.parent AND e.name = v.name AND e.last IS NULL
      UNION ALL
      SELECT e.* FROM temp.replaced r CROSS JOIN entry e ON e.parent = r.parent AND e.name = r.name AND e.last IS NULL
      UNION ALL
      SELECT e.* FROM gone g CROSS JOIN entry e ON e.parent = g.directory AND e.last IS NULL)";

const ALL: &str = "known AS (SELECT * FROM entry WHERE last IS NULL)";

/// None of an inode that is known where it still stands and in need of reading there: nothing says that
/// its bytes are the known ones. No known content in the way that the guard has not let go yet.
const LIKE: &str = "
    INSERT OR IGNORE INTO temp.renamed
    SELECT p.file_system, p.inode, p.parent, p.name, k.object, k.hashed
    FROM one k CROSS JOIN temp.pending p
      ON p.file_system = k.file_system AND p.inode = k.inode
         AND p.size = k.size AND p.mtime = k.mtime AND p.birth = k.birth
    WHERE NOT p.shrunk
      AND NOT EXISTS (SELECT 1 FROM temp.standing s WHERE s.file_system = p.file_system AND s.inode = p.inode)";

/// One of all names that a known file has.
const ONE: &str = "
    one AS (
      SELECT file_system, inode, size, mtime, ctime - age AS birth, object, hashed FROM known
      WHERE object IS NOT NULL AND settled AND file_system IN (SELECT id FROM file_system WHERE stable)
      GROUP BY file_system, inode, size, mtime, birth)";

/// Inodes that are to be read where they stood before.
const STANDING: &str = "
    DROP TABLE IF EXISTS temp.standing;
    CREATE TABLE temp.standing (file_system INTEGER, inode INTEGER, PRIMARY KEY (file_system, inode)) WITHOUT ROWID;
    INSERT OR IGNORE INTO temp.standing
    SELECT q.file_system, q.inode FROM temp.pending q
      CROSS JOIN entry s ON s.parent = q.parent AND s.name = q.name AND s.last IS NULL
         AND s.file_system = q.file_system AND s.inode = q.inode;";

impl Catalog {
    /// Lists the files to read that are known files under another name: same file system, inode,
    /// size, mtime and birth time.
    pub fn list_renamed(&self, sought: Sought) -> Result<()> {
        let known = match sought {
            Sought::AmongTheGone => GONE,
            Sought::Everywhere => ALL,
        };
        self.connection.execute_batch(&format!("{STANDING} WITH RECURSIVE {known}, {ONE} {LIKE}"))?;
        Ok(())
    }

    /// The next of them behind one, with the content of each.
    pub fn renamed_after(&self, after: Option<&Pending>, count: u32) -> Result<Vec<Renamed>> {
        let sql = "SELECT parent, name, source, path, file_system, 0, size, mtime, ctime, birth, inode, linked, sparse,
                          object, hashed
                   FROM temp.renamed CROSS JOIN temp.pending USING (file_system, inode, parent, name)
                   WHERE (file_system, inode, parent, name) > (?1, ?2, ?3, ?4)
                   ORDER BY file_system, inode, parent, name LIMIT ?5";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map(Pending::part(after, count), |row| {
            Ok(Renamed { file: pending_of(row)?, object: row.get(13)?, hashed: row.get(14)? })
        })?;
        rows::collect(found)
    }

    /// Takes a file off that list: it is none after all, and what vanished of it is lost.
    pub fn remove_renamed(&self, file: &Pending) -> Result<()> {
        let sql = "DELETE FROM temp.renamed WHERE file_system = ?1 AND inode = ?2 AND parent = ?3 AND name = ?4";
        self.connection.prepare_cached(sql)?.execute(file.key())?;
        Ok(())
    }
}
