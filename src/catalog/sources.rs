//! Source maps, and the file systems that sources stand on.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{FileSystemId, Timestamp, VPath};
use rusqlite::OptionalExtension;
use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// A real directory and its place in the virtual tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceMap {
    /// Where it stands in the virtual tree.
    pub vpath: VPath,
    /// The real directory, absolute.
    pub path: PathBuf,
    /// The file system its root was on at the last update.
    pub file_system: Option<FileSystemId>,
    /// When an update last read all of it.
    pub scanned: Option<Timestamp>,
}

impl Catalog {
    /// All source maps, ordered by virtual path.
    pub fn source_maps(&self) -> Result<Vec<SourceMap>> {
        let mut statement = self.connection.prepare("SELECT vpath, path, file_system, scanned FROM source_map")?;
        let found = statement.query_map([], |row| {
            Ok(SourceMap {
                vpath: VPath::from_bytes(&row.get::<_, Vec<u8>>(0)?).map_err(|_| rusqlite::Error::InvalidQuery)?,
                path: PathBuf::from(OsString::from_vec(row.get(1)?)),
                file_system: row.get(2)?,
                scanned: row.get(3)?,
            })
        })?;
        let mut maps = rows::collect(found)?;
        maps.sort_by(|a, b| a.vpath.cmp(&b.vpath));
        Ok(maps)
    }

    /// Maps a real directory to a virtual path, in place of what was mapped there.
    pub fn map_source(&self, vpath: &VPath, path: &Path) -> Result<()> {
        self.connection.execute(
            "INSERT OR REPLACE INTO source_map VALUES (?1, ?2, NULL, NULL)",
            (vpath.to_bytes(), path.as_os_str().as_bytes()),
        )?;
        Ok(())
    }

    /// Takes a map away; says whether there was one.
    pub fn unmap_source(&self, vpath: &VPath) -> Result<bool> {
        Ok(self.connection.execute("DELETE FROM source_map WHERE vpath = ?1", [vpath.to_bytes()])? > 0)
    }

    /// Notes where a map's root is and that all of it was read.
    pub fn mark_scanned(&self, vpath: &VPath, file_system: FileSystemId, when: Timestamp) -> Result<()> {
        self.connection.execute(
            "UPDATE source_map SET file_system = ?2, scanned = ?3 WHERE vpath = ?1",
            (vpath.to_bytes(), file_system, when),
        )?;
        Ok(())
    }

    /// All file systems that sources were ever seen on, by identity.
    pub fn file_systems(&self) -> Result<HashMap<String, FileSystemId>> {
        let mut statement = self.connection.prepare("SELECT identity, id FROM file_system")?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows::collect(found)?.into_iter().collect())
    }

    /// The number of a file system, given at its first sight.
    pub fn file_system_id(&self, identity: &str, stable: bool) -> Result<FileSystemId> {
        let sql = "SELECT id FROM file_system WHERE identity = ?1";
        let known = self.connection.query_row(sql, [identity], |row| row.get(0)).optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        let sql = "INSERT INTO file_system (identity, stable) VALUES (?1, ?2) RETURNING id";
        Ok(self.connection.query_row(sql, (identity, stable), |row| row.get(0))?)
    }
}
