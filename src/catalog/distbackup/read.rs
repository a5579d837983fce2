//! Reading an old catalog: row by row, so that its size does not matter.

use super::SCHEMA;
use crate::catalog::migrations;
use crate::catalog::open::{defend, immutable_uri};
use crate::error::{Error, Kind, Result};
use crate::model::escape;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// An old catalog, open for reading.
pub struct Old {
    connection: Connection,
    /// The journal's index, which reading through a journal makes and nobody needs afterwards.
    made: Option<PathBuf>,
}

/// A file as the old catalog has it; what is no number or text there is none here.
#[derive(Clone, Debug, Default)]
pub struct OldFile {
    /// Its virtual path.
    pub path: Vec<u8>,
    /// Its time in milliseconds.
    pub modified: Option<i64>,
    /// The hash of its bytes; none if it has no bytes, empty if nobody has read it.
    pub hash: Option<Vec<u8>>,
    /// Its inode number.
    pub inode: Option<i64>,
    /// Its length.
    pub size: Option<i64>,
    /// What stood in its side file.
    pub metadata: Vec<u8>,
    /// Its content, if the old catalog has it.
    pub object: Option<OldObject>,
}

/// Content as the old catalog has it.
#[derive(Clone, Debug, Default)]
pub struct OldObject {
    /// Its hash.
    pub hash: Vec<u8>,
    /// Its length.
    pub size: Option<i64>,
    /// A digit for each disk: 1 if that holds it.
    pub nexus: Vec<u8>,
}

/// A disk as the old catalog has it.
#[derive(Clone, Debug, Default)]
pub struct OldDisk {
    /// As in its marker.
    pub uuid: Vec<u8>,
    /// What a person calls it.
    pub name: Vec<u8>,
    /// Its place in every nexus.
    pub position: Option<i64>,
    /// Its folder below wherever it is mounted.
    pub folder: Vec<u8>,
    /// Bytes that may be used.
    pub size: Option<i64>,
}

/// What is read of which table.
const TABLES: [(&str, &[&str]); 6] = [
    ("path_map", &["virtual_path", "real_path"]),
    ("path_config", &["virtual_path", "config"]),
    ("file_tree", &["virtual_path", "last_modified", "hash", "ino", "size", "metadata"]),
    ("symbolic_link", &["virtual_path", "target"]),
    ("object", &["hash", "size", "nexus", "refs"]),
    ("disk", &["uuid", "name", "nexus_index", "relative_path", "size"]),
];

/// No value of a true catalog is longer.
const LONGEST: i32 = 1 << 20;

impl Old {
    /// Opens an old catalog. What lies in its journal is read too, and stays there.
    pub fn open(path: &Path) -> Result<Self> {
        // SQLite looks for the journal beside the file itself, not beside a symlink to it.
        let path = path.canonicalize().map_err(|error| Error::io("open", path, &error))?;
        let place = escape(path.as_os_str().as_bytes()).into_owned();
        if holds_bytes(&beside(&path, "-journal")) {
            let what = format!("{place} was left in the middle of a change");
            return Err(Error::new(Kind::NotFound, what).next("run `distbackup info` once: it puts that right"));
        }
        let old = if holds_bytes(&beside(&path, "-wal")) { Self::with_journal(&path)? } else { Self::alone(&path)? };
        old.connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
        defend(&old.connection)?;
        old.connection.execute_batch("PRAGMA temp_store = FILE; PRAGMA cache_size = -98304;")?;
        old.check(&place)?;
        Ok(old)
    }

    fn alone(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Self { connection: Connection::open_with_flags(immutable_uri(path), flags)?, made: None })
    }

    fn with_journal(path: &Path) -> Result<Self> {
        let index = beside(path, "-shm");
        let made = (!index.exists()).then_some(index);
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(Self { connection, made })
    }

    /// Whether it is what it should be: the schema's number, and tables that really are tables.
    fn check(&self, place: &str) -> Result<()> {
        migrations::check_distbackup(&self.connection, place)?;
        let version: i64 = self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version != SCHEMA {
            let what = format!(
                "{place} is a catalog of distbackup with schema {version}; dsb takes over schema {SCHEMA} \
                 (distbackup 1.0.20)"
            );
            return Err(Error::new(Kind::NotFound, what)
                .next("if it is an older one: run `distbackup info` of 1.0.20 once, which brings it up to date"));
        }
        for (table, columns) in TABLES {
            let is_table = "SELECT count(*) FROM sqlite_schema
                            WHERE name = ?1 AND type = 'table' AND upper(substr(sql, 1, 12)) = 'CREATE TABLE'";
            let is_table: i64 = self.connection.query_row(is_table, [table], |row| row.get(0))?;
            let mut statement = self.connection.prepare("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0")?;
            let found = statement.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
            if is_table == 0 || columns.iter().any(|column| found.iter().all(|name| name != column)) {
                let what =
                    format!("{place} says that it is schema {SCHEMA} of distbackup, but its table {table} is not");
                return Err(Error::new(Kind::Damage, what).next("take a copy of the catalog from one of the disks"));
            }
        }
        Ok(())
    }

    /// The mapped folders: virtual path and real path.
    pub fn maps(&self, visit: impl FnMut((Vec<u8>, Vec<u8>)) -> Result<()>) -> Result<()> {
        self.each("SELECT virtual_path, real_path FROM path_map ORDER BY virtual_path", pair, visit)
    }

    /// What is set for paths, as JSON.
    pub fn settings(&self, visit: impl FnMut((Vec<u8>, Vec<u8>)) -> Result<()>) -> Result<()> {
        self.each("SELECT virtual_path, config FROM path_config ORDER BY virtual_path", pair, visit)
    }

    /// The symlinks: path and target.
    pub fn symlinks(&self, visit: impl FnMut((Vec<u8>, Vec<u8>)) -> Result<()>) -> Result<()> {
        self.each("SELECT virtual_path, target FROM symbolic_link ORDER BY virtual_path", pair, visit)
    }

    /// The disks that have a name: the others were taken off the shelf.
    pub fn disks(&self, visit: impl FnMut(OldDisk) -> Result<()>) -> Result<()> {
        let sql = "SELECT uuid, name, nexus_index, relative_path, size FROM disk WHERE name NOTNULL
                   ORDER BY nexus_index, uuid";
        let disk = |row: &Row<'_>| {
            let (uuid, name, folder) = (bytes(row, 0)?, bytes(row, 1)?, bytes(row, 3)?);
            Ok(OldDisk { uuid, name, position: number(row, 2)?, folder, size: number(row, 4)? })
        };
        self.each(sql, disk, visit)
    }

    /// The files, in the order of their paths.
    pub fn files(&self, visit: impl FnMut(OldFile) -> Result<()>) -> Result<()> {
        let sql = "SELECT f.virtual_path, f.last_modified, f.hash, f.ino, f.size, f.metadata, o.hash, o.size, o.nexus
                   FROM file_tree f LEFT JOIN object o ON o.hash = f.hash ORDER BY f.virtual_path";
        let file = |row: &Row<'_>| {
            let object = OldObject { hash: bytes(row, 6)?, size: number(row, 7)?, nexus: bytes(row, 8)? };
            Ok(OldFile {
                path: bytes(row, 0)?,
                modified: number(row, 1)?,
                hash: if is_null(row, 2)? { None } else { Some(bytes(row, 2)?) },
                inode: number(row, 3)?,
                size: number(row, 4)?,
                metadata: bytes(row, 5)?,
                object: (!is_null(row, 6)?).then_some(object),
            })
        };
        self.each(sql, file, visit)
    }

    /// The content that, as the old catalog counts, no file has any more.
    pub fn orphans(&self, visit: impl FnMut(OldObject) -> Result<()>) -> Result<()> {
        let object =
            |row: &Row<'_>| Ok(OldObject { hash: bytes(row, 0)?, size: number(row, 1)?, nexus: bytes(row, 2)? });
        self.each("SELECT hash, size, nexus FROM object WHERE refs = 0", object, visit)
    }

    fn each<T>(
        &self,
        sql: &str,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        mut visit: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(read(row)?)?;
        }
        Ok(())
    }

    /// Closes it, and leaves nothing beside it that was not there.
    pub fn close(self) {
        let Self { connection, made } = self;
        drop(connection);
        if let Some(made) = made {
            // It holds nothing: whoever opens the catalog next makes it anew.
            let _ = std::fs::remove_file(made);
        }
    }
}

/// A file that belongs to a database, by what is added to its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}

/// Whether a file is there and not empty.
pub(super) fn holds_bytes(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

fn pair(row: &Row<'_>) -> rusqlite::Result<(Vec<u8>, Vec<u8>)> {
    Ok((bytes(row, 0)?, bytes(row, 1)?))
}

fn is_null(row: &Row<'_>, at: usize) -> rusqlite::Result<bool> {
    Ok(row.get_ref(at)? == ValueRef::Null)
}

fn bytes(row: &Row<'_>, at: usize) -> rusqlite::Result<Vec<u8>> {
    Ok(match row.get_ref(at)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    })
}

fn number(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<i64>> {
    Ok(match row.get_ref(at)? {
        ValueRef::Integer(number) => Some(number),
        _ => None,
    })
}
