//! Writing a catalog that distbackup 1.0.20 works with.

use super::SCHEMA;
use crate::catalog::Catalog;
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskSet, ObjectId, Protection, Size, Timestamp, escape};
use crate::os;
use rusqlite::{Connection, params};
use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A catalog of distbackup that is being written.
pub struct Export {
    connection: Connection,
    aside: Option<PathBuf>,
    target: PathBuf,
}

/// A file for it.
#[derive(Clone, Debug)]
pub struct ExportedFile<'r> {
    /// Its path, as text.
    pub path: &'r str,
    /// Its time.
    pub mtime: Timestamp,
    /// Its length.
    pub size: Size,
    /// Its inode number.
    pub inode: u64,
    /// Its content, and the disks that hold it; none for a file of length 0.
    pub object: Option<(ObjectId, DiskSet)>,
    /// How well it is to be protected.
    pub protection: Protection,
}

impl Export {
    /// Begins a file that must not be there yet.
    pub fn create(target: &Path) -> Result<Self> {
        refuse_taken(target)?;
        let mut aside = target.as_os_str().to_owned();
        aside.push(".dsb-export");
        let aside = PathBuf::from(aside);
        // What is left of one that was cut off.
        abandon(&aside)?;
        let connection = Connection::open(&aside)?;
        // As distbackup makes its own: pages of 8 KiB.
        connection.execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;",
        )?;
        begin(&connection)?;
        Ok(Self { connection, aside: Some(aside), target: target.to_owned() })
    }

    /// One that is written nowhere: all that can go wrong does.
    pub fn rehearse(target: &Path) -> Result<Self> {
        refuse_taken(target)?;
        let connection = Connection::open("")?;
        begin(&connection)?;
        Ok(Self { connection, aside: None, target: target.to_owned() })
    }

    /// A mapped folder; its virtual path ends with a slash.
    pub fn map(&self, vpath: &str, path: &str) -> Result<()> {
        self.connection.execute("INSERT INTO path_map VALUES (?1, ?2)", (vpath, path))?;
        Ok(())
    }

    /// What is set for a folder, as JSON.
    pub fn setting(&self, vpath: &str, config: &str) -> Result<()> {
        self.connection.execute("INSERT INTO path_config VALUES (?1, ?2)", (vpath, config))?;
        Ok(())
    }

    /// A disk, and its folder below wherever it is mounted.
    pub fn disk(&self, disk: &Disk, folder: &str) -> Result<()> {
        let sql = "INSERT INTO disk (uuid, name, nexus_index, relative_path, size) VALUES (?1, ?2, ?3, ?4, ?5)";
        // distbackup counts objects only: what is held back for all else is not for it.
        let size = disk.budget - disk.reserve;
        let row = (disk.uuid.to_string(), disk.name.as_str(), disk.index.get(), folder, size);
        self.connection.execute(sql, row)?;
        Ok(())
    }

    /// A symlink.
    pub fn symlink(&self, path: &str, target: &str) -> Result<()> {
        self.connection.prepare_cached("INSERT INTO symbolic_link VALUES (?1, ?2)")?.execute((path, target))?;
        Ok(())
    }

    /// A file, with its content.
    pub fn file(&self, file: &ExportedFile<'_>) -> Result<()> {
        let hash = file.object.map(|(id, _)| id.to_string());
        let mtime = file.mtime.as_milliseconds();
        let priority = file.protection.priority.max(1);
        let maxcopies = Some(file.protection.maxcopies).filter(|most| *most < u8::MAX);
        let sql = "INSERT INTO file_tree VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '')";
        let row = params![file.path, mtime, hash, file.inode as i64, file.size, priority, maxcopies];
        self.connection.prepare_cached(sql)?.execute(row)?;
        let Some((_, disks)) = file.object else { return Ok(()) };
        let sql = "INSERT INTO object (hash, size, nexus, priority, maxcopies, refs, last_path, last_modtime)
                   VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7) ON CONFLICT (hash) DO UPDATE SET refs = refs + 1,
                     priority = max(priority, excluded.priority),
                     maxcopies = coalesce(max(maxcopies, excluded.maxcopies), maxcopies, excluded.maxcopies)";
        let row = params![hash, file.size, nexus(disks), priority, maxcopies, file.path, mtime];
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Leaves no trace of it.
    pub fn abandon(self) -> Result<()> {
        drop(self.connection);
        self.aside.map_or(Ok(()), |aside| abandon(&aside))
    }

    /// Sums up, and puts the file in its place.
    pub fn finish(self) -> Result<()> {
        let Self { connection, aside, target } = self;
        connection.execute_batch(
            "INSERT INTO nexus (nexus) VALUES ('');
             INSERT INTO nexus (nexus, refs, totalsize, saturated_size)
               SELECT nexus, count(*), sum(relevant_size), sum(saturated_size) FROM object WHERE true GROUP BY nexus
               ON CONFLICT (nexus) DO UPDATE SET refs = excluded.refs, totalsize = excluded.totalsize,
                 saturated_size = excluded.saturated_size;
             UPDATE nexus SET disks = coalesce((SELECT group_concat(name, ',') FROM
               (SELECT name FROM disk WHERE substr(nexus.nexus, nexus_index + 1, 1) = '1' ORDER BY name)), '');",
        )?;
        connection.execute_batch(include_str!("triggers.sql"))?;
        connection.execute_batch(&format!("PRAGMA user_version = {SCHEMA}; COMMIT"))?;
        drop(connection);
        let Some(aside) = aside else { return Ok(()) };
        let flushed = File::open(&aside).and_then(|file| os::fsync(file.as_fd()));
        flushed.map_err(|error| Error::io("write", &aside, &error))?;
        // A name that was taken meanwhile is not written over.
        std::fs::hard_link(&aside, &target)
            .and_then(|()| std::fs::remove_file(&aside))
            .or_else(|error| if target.exists() { Err(error) } else { std::fs::rename(&aside, &target) })
            .map_err(|error| Error::io("write", &target, &error))
    }
}

fn refuse_taken(target: &Path) -> Result<()> {
    if std::fs::symlink_metadata(target).is_err() {
        return Ok(());
    }
    let shown = escape(target.as_os_str().as_bytes()).into_owned();
    Err(Error::new(Kind::Refused, format_args!("{shown} is there already"))
        .next("give a name that is free: nothing is written over"))
}

fn begin(connection: &Connection) -> Result<()> {
    connection.execute_batch("BEGIN")?;
    Ok(connection.execute_batch(&include_str!("schema.sql").replace("SIZE_ORDER", &size_order()))?)
}

fn abandon(aside: &Path) -> Result<()> {
    match std::fs::remove_file(aside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", aside, &error)),
        _ => Ok(()),
    }
}

impl Catalog {
    /// The inode number of a file of the newest state.
    pub fn inode_of(&self, parent: crate::model::DirectoryId, name: &crate::model::Name) -> Result<u64> {
        let sql = "SELECT inode FROM entry WHERE parent = ?1 AND name = ?2 AND last IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row((parent, name.as_bytes()), |row| row.get::<_, i64>(0))? as u64)
    }
}

/// A digit for each disk up to the last that is in the set.
fn nexus(disks: DiskSet) -> String {
    let length = 64 - disks.0.leading_zeros();
    (0..length).map(|bit| if disks.0 >> bit & 1 == 1 { '1' } else { '0' }).collect()
}

/// The power of two below a number, for a SQLite without logarithms.
fn size_order() -> String {
    let case = |power: u32| format!("WHEN blocksize < {} THEN {} ", 1_u64 << power, power - 1);
    let cases = (13..62).map(case).collect::<Vec<_>>().concat();
    format!("CASE {cases}ELSE 61 END")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nexus_has_no_zeros_at_its_end() {
        let table = [(0, ""), (1, "1"), (0b100, "001"), (0b1101, "1011"), (1 << 63, &*("0".repeat(63) + "1"))];
        for (disks, expected) in table {
            assert_eq!(nexus(DiskSet(disks)), expected);
        }
    }
}
