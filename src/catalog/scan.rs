//! What an update keeps of its scan until it is decided: files to read, entries that vanished.
//!
//! Both lists are temporary tables: SQLite keeps them out of memory, they die with the run, and
//! the next run finds the same by scanning again.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, Content, DirectoryId, FileSystemId, Name, Second, Size, Stat};
use rusqlite::Row;

/// What the catalog remembers of an entry of the newest state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: Name,
    /// Its own id, if it is a directory.
    pub directory: Option<DirectoryId>,
    /// How it looked; owner, mode and device are not remembered here.
    pub stat: Stat,
    /// Where it stood; none for a directory that only a source map made.
    pub file_system: Option<FileSystemId>,
    /// Its bytes.
    pub content: Content,
    /// Whether its times were old enough to be believed.
    pub settled: bool,
    /// When the run began that last read its bytes.
    pub hashed: Second,
}

impl Known {
    /// Whether it was taken over from distbackup and no update has completed it yet: its time is
    /// one of whole milliseconds, and all that distbackup does not keep is a guess.
    pub fn is_adopted(&self) -> bool {
        is_adopted(self.file_system, self.hashed)
    }
}

pub(super) fn is_adopted(file_system: Option<FileSystemId>, hashed: Second) -> bool {
    file_system.is_none() && hashed == Second::ADOPTED
}

/// A file whose bytes must be read before it becomes an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The directory it stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
    /// Which source map it was found through: an index that the update gave.
    pub source: u32,
    /// Its path below the map's directory.
    pub path: Vec<u8>,
    /// Where it stands.
    pub file_system: FileSystemId,
    /// How it looked.
    pub stat: Stat,
}

/// How a list of files is ordered: file system, inode, directory, name.
type Key<'a> = (FileSystemId, i64, DirectoryId, &'a [u8]);

impl Pending {
    pub(super) fn key(&self) -> Key<'_> {
        (self.file_system, self.stat.inode as i64, self.parent, self.name.as_bytes())
    }

    /// Where a part of a list begins, behind a file or with the first, and how long it is.
    pub(super) fn part(after: Option<&Self>, count: u32) -> (FileSystemId, i64, DirectoryId, &[u8], u32) {
        let first = (FileSystemId(-1), 0, DirectoryId(0), &b""[..]);
        let (file_system, inode, parent, name) = after.map_or(first, Self::key);
        (file_system, inode, parent, name, count)
    }
}

const TABLES: &str = "
    DROP TABLE IF EXISTS temp.pending;
    DROP TABLE IF EXISTS temp.vanished;
    DROP TABLE IF EXISTS temp.replaced;
    DROP TABLE IF EXISTS temp.renamed;
    CREATE TABLE temp.pending (
      file_system INTEGER, inode INTEGER, parent INTEGER, name BLOB, source INTEGER, path BLOB,
      size INTEGER, mtime INTEGER, ctime INTEGER, birth INTEGER, linked INTEGER, sparse INTEGER, shrunk INTEGER,
      PRIMARY KEY (file_system, inode, parent, name)) WITHOUT ROWID;
    CREATE TABLE temp.vanished (
      source INTEGER, parent INTEGER, name BLOB, directory INTEGER, kind INTEGER,
      PRIMARY KEY (source, parent, name)) WITHOUT ROWID;
    CREATE TABLE temp.replaced (parent INTEGER, name BLOB, PRIMARY KEY (parent, name)) WITHOUT ROWID;
    CREATE TABLE temp.renamed (
      file_system INTEGER, inode INTEGER, parent INTEGER, name BLOB, object INTEGER, hashed INTEGER,
      PRIMARY KEY (file_system, inode, parent, name)) WITHOUT ROWID;";

impl Catalog {
    /// Begins a scan with both lists empty.
    pub fn begin_scan(&self) -> Result<()> {
        Ok(self.connection.execute_batch(TABLES)?)
    }

    /// What the newest state has in a directory, ordered by name.
    pub fn children(&self, directory: DirectoryId) -> Result<Vec<Known>> {
        let sql =
            "SELECT name, directory, file_system, settled, kind, size, mtime, ctime, ctime - age, inode, marks & 1, marks & 2,
                          hashed, object
                   FROM entry WHERE parent = ?1 AND last IS NULL ORDER BY name";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map([directory], |row| {
            Ok(Known {
                name: rows::name_of(row.get_ref(0)?.as_blob()?)?,
                directory: row.get(1)?,
                file_system: row.get(2)?,
                settled: row.get(3)?,
                stat: rows::stat_of(row, 4)?,
                hashed: row.get(12)?,
                content: row.get::<_, Option<_>>(13)?.map_or(Content::None, Content::Object),
            })
        })?;
        rows::collect(found)
    }

    /// How many bytes of the newest state were last read by which run, oldest first.
    pub fn bytes_by_reading(&self) -> Result<Vec<(Second, Size)>> {
        let sql = "SELECT hashed, sum(size) FROM entry WHERE last IS NULL AND object IS NOT NULL
                   GROUP BY hashed ORDER BY hashed";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows::collect(found)
    }

    /// Notes a file that must be read. `shrunk`: known content goes with it, because it is empty
    /// now or stands where a directory was.
    pub fn add_pending(&self, file: &Pending, shrunk: bool) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO temp.pending VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)";
        let stat = &file.stat;
        self.connection.prepare_cached(sql)?.execute(rusqlite::params![
            file.file_system,
            stat.inode as i64,
            file.parent,
            file.name.as_bytes(),
            file.source,
            file.path,
            stat.size,
            stat.mtime,
            stat.ctime,
            stat.birth,
            stat.links > 1,
            stat.is_sparse(),
            shrunk,
        ])?;
        Ok(())
    }

    /// Notes an entry that was not found again below a source map.
    pub fn add_vanished(&self, source: u32, parent: DirectoryId, known: &Known) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO temp.vanished VALUES (?1, ?2, ?3, ?4, ?5)";
        let kind = rows::kind_number(known.stat.kind);
        self.connection.prepare_cached(sql)?.execute((source, parent, known.name.as_bytes(), known.directory, kind))?;
        Ok(())
    }

    /// Notes a known file in whose place another one stands.
    pub fn add_replaced(&self, parent: DirectoryId, name: &Name) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO temp.replaced VALUES (?1, ?2)";
        self.connection.prepare_cached(sql)?.execute((parent, name.as_bytes()))?;
        Ok(())
    }

    /// How many files there are to read, and their bytes: a file with several names is read once.
    pub fn pending_amount(&self) -> Result<Amount> {
        let sql = "SELECT coalesce(sum(names), 0), coalesce(sum(size), 0) FROM
                     (SELECT count(*) AS names, max(size) AS size FROM temp.pending GROUP BY file_system, inode)";
        Ok(self
            .connection
            .query_row(sql, [], |row| Ok(Amount { objects: row.get::<_, i64>(0)? as u64, bytes: row.get(1)? }))?)
    }

    /// The next files to read behind one, in the order of file systems and inodes: about the
    /// order in which they lie on a disk, and all names of one file together.
    pub fn pending_after(&self, after: Option<&Pending>, count: u32) -> Result<Vec<Pending>> {
        let sql = "SELECT parent, name, source, path, file_system, 0, size, mtime, ctime, birth, inode, linked, sparse
                   FROM temp.pending WHERE (file_system, inode, parent, name) > (?1, ?2, ?3, ?4)
                   ORDER BY file_system, inode, parent, name LIMIT ?5";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map(Pending::part(after, count), pending_of)?;
        rows::collect(found)
    }

    /// Takes a file off the list.
    pub fn remove_pending(&self, file: &Pending) -> Result<()> {
        let sql = "DELETE FROM temp.pending WHERE file_system = ?1 AND inode = ?2 AND parent = ?3 AND name = ?4";
        self.connection.prepare_cached(sql)?.execute(file.key())?;
        Ok(())
    }

    /// The next entries that vanished, taken off the list: their directory, name and own id.
    pub fn take_vanished(&self, count: u32) -> Result<Vec<(DirectoryId, Name, Option<DirectoryId>)>> {
        let sql = "DELETE FROM temp.vanished WHERE (source, parent, name) IN
                     (SELECT source, parent, name FROM temp.vanished LIMIT ?1)
                   RETURNING parent, name, directory";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement
            .query_map([count], |row| Ok((row.get(0)?, rows::name_of(row.get_ref(1)?.as_blob()?)?, row.get(2)?)))?;
        rows::collect(found)
    }
}

pub(super) fn pending_of(row: &Row<'_>) -> rusqlite::Result<Pending> {
    Ok(Pending {
        parent: row.get(0)?,
        name: rows::name_of(row.get_ref(1)?.as_blob()?)?,
        source: row.get(2)?,
        path: row.get(3)?,
        file_system: row.get(4)?,
        stat: rows::stat_of(row, 5)?,
    })
}
