//! Files to read that turn out to be known ones under another name.
//!
//! Nothing leads from a file system and an inode to the entries that have it: an index would cost
//! every file some bytes for a question that few updates ask. All entries are passed over once, and
//! only those that a filter lets through are looked up among the files to read.

use super::scan::pending_of;
use super::{Catalog, Pending, rows};
use crate::error::Result;
use crate::model::{FileSystemId, ObjectKey, Second, Sieve};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use std::collections::{HashMap, HashSet};

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

impl Catalog {
    /// Files to read that are known files under another name: same file system, inode, size,
    /// mtime and birth time, the known one itself not in need of reading, and no known content
    /// in the way that the guard has not let go yet. With the content of each, at most so many at a
    /// time: taken off the list they make room for the next. `inodes`: those of all files that can be
    /// such; it may have more.
    pub fn renamed(&self, inodes: &Sieve, count: usize) -> Result<Vec<Renamed>> {
        let stable = self.stable_file_systems()?;
        let sql = "SELECT inode, file_system, size, mtime, ctime - age, parent, name, object, hashed FROM entry
                   WHERE last IS NULL AND object IS NOT NULL AND settled";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut found = HashMap::new();
        while let Some(row) = rows.next()? {
            if !inodes.may_have(row.get::<_, i64>(0)? as u64) || !stable.contains(&row.get(1)?) {
                continue;
            }
            let (object, hashed) = (row.get(7)?, row.get(8)?);
            for file in self.pending_like(row)? {
                found.insert((file.parent, file.name.clone()), Renamed { file, object, hashed });
            }
            if found.len() >= count {
                break;
            }
        }
        Ok(found.into_values().collect())
    }

    /// Files to read that look like a known one, from the columns `inode`, `file_system`, `size`, `mtime`,
    /// `birth`, `parent`, `name`.
    fn pending_like(&self, known: &Row<'_>) -> Result<Vec<Pending>> {
        let sql = "SELECT parent, name, source, path, file_system, 0, size, mtime, ctime, birth, inode, linked, sparse
                   FROM temp.pending WHERE file_system = ?2 AND inode = ?1 AND size = ?3 AND mtime = ?4 AND birth = ?5
                     AND NOT shrunk
                     AND NOT EXISTS (SELECT 1 FROM temp.pending q WHERE q.file_system = ?2 AND q.inode = ?1
                                     AND q.parent = ?6 AND q.name = ?7)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let like = (0..7).map(|at| known.get::<_, Value>(at)).collect::<rusqlite::Result<Vec<_>>>()?;
        let found = statement.query_map(params_from_iter(like), pending_of)?;
        rows::collect(found)
    }

    fn stable_file_systems(&self) -> Result<HashSet<Option<FileSystemId>>> {
        let mut statement = self.connection.prepare("SELECT id FROM file_system WHERE stable")?;
        let found = statement.query_map([], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }
}
