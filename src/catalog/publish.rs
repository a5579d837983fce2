//! A finished copy of the catalog, for a disk.

use super::Catalog;
use crate::error::{Error, Result};
use crate::model::DiskIndex;
use rusqlite::Connection;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

impl Catalog {
    /// Writes a compact, complete copy beside the catalog and opens it; its name is gone at once,
    /// its bytes with the file. The copy needs no journal, so it opens from a read-only mount.
    /// In it no session on that disk is open: what the copy claims there is there.
    pub fn snapshot_file(&self, disk: DiskIndex) -> Result<File> {
        let path = self.copy_path();
        let remove = || match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", &path, &error)),
            _ => Ok(()),
        };
        remove()?;
        self.connection.execute("VACUUM INTO CAST(?1 AS TEXT)", [path.as_os_str().as_bytes()])?;
        let closed = close_in_copy(&path, disk);
        let file = File::open(&path).map_err(|error| Error::io("open", &path, &error));
        remove()?;
        closed.and(file)
    }

    /// Bytes of the catalog now: about what a copy of it takes.
    pub fn size(&self) -> Result<crate::model::Size> {
        let pages: i64 = self.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let page: i64 = self.connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        Ok(crate::model::Size(pages.saturating_mul(page) as u64))
    }

    fn copy_path(&self) -> PathBuf {
        let mut name = self.path().as_os_str().to_owned();
        name.push(".copy");
        PathBuf::from(name)
    }
}

fn close_in_copy(path: &Path, disk: DiskIndex) -> Result<()> {
    let copy = Connection::open(path)?;
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    copy.execute("UPDATE disk SET closed = 1 WHERE id = ?1", [disk.get()])?;
    Ok(())
}
