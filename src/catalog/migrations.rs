//! The schema, one numbered file a change, append-only; the number is SQLite's `user_version`.

use super::distbackup::KEPT;
use super::open::FILE_NAME;
use crate::error::{Error, Kind, Result};
use crate::model::escape;
use rusqlite::Connection;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Marks a SQLite file as a catalog of dsb: the bytes `dsbC`.
pub const APPLICATION_ID: i64 = 0x6473_6243;

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_catalog.sql"),
    include_str!("../../migrations/0002_protection.sql"),
    include_str!("../../migrations/0003_rules.sql"),
    include_str!("../../migrations/0004_side_files.sql"),
    include_str!("../../migrations/0005_damage.sql"),
    include_str!("../../migrations/0006_sums.sql"),
    include_str!("../../migrations/0007_object_hash.sql"),
    include_str!("../../migrations/0008_history.sql"),
    include_str!("../../migrations/0009_smaller_entries.sql"),
];

/// The schema version of this program.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings a catalog to this program's schema, all in one transaction.
pub fn migrate(connection: &Connection) -> Result<()> {
    migrate_to(connection, VERSION)
}

fn migrate_to(connection: &Connection, version: i64) -> Result<()> {
    if user_version(connection)? >= version {
        return Ok(());
    }
    // While a table is made anew, others refer to one that is not there.
    let references: bool = connection.query_row("PRAGMA foreign_keys", [], |row| row.get(0))?;
    connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE;")?;
    // Only now nobody else can do the same.
    let [from, to] = [user_version(connection)?, version].map(|version| usize::try_from(version).unwrap_or(usize::MAX));
    let script = MIGRATIONS.get(from..to).unwrap_or_default().concat();
    connection.execute_batch(&format!(
        "{script}\nPRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {};\nCOMMIT;
         PRAGMA foreign_keys = {references};",
        version.max(from as i64)
    ))?;
    Ok(())
}

/// Whether an older dsb wrote it.
pub fn is_older(connection: &Connection) -> Result<bool> {
    Ok(user_version(connection)? < VERSION)
}

/// Refuses what is not a catalog of dsb, or is one of a newer dsb.
pub fn check_kind(connection: &Connection, place: &str) -> Result<()> {
    let application: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version = user_version(connection)?;
    if application != APPLICATION_ID {
        return Err(foreign(connection, place)?);
    }
    if version > VERSION {
        let what = format!("{place} was written by a newer dsb (schema {version}, this one knows {VERSION})");
        return Err(Error::new(Kind::NotFound, what).next("install that newer dsb; the file was left as it is"));
    }
    Ok(())
}

/// Which program a database belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This one.
    Dsb,
    /// distbackup 1.x.
    Distbackup,
    /// Any other.
    Other,
}

/// Which program made the database in a file.
pub fn owner_of(path: &Path) -> Result<Owner> {
    owner(&super::open::look_at(path)?)
}

fn owner(connection: &Connection) -> Result<Owner> {
    let application: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application == APPLICATION_ID {
        return Ok(Owner::Dsb);
    }
    let known_tables: i64 = connection.query_row(DISTBACKUP_TABLES, [], |row| row.get(0))?;
    Ok(if known_tables >= 3 { Owner::Distbackup } else { Owner::Other })
}

/// How many tables there are with names that distbackup gave, now or in its first versions.
const DISTBACKUP_TABLES: &str = "SELECT count(*) FROM sqlite_schema WHERE name IN
    ('path_map', 'path_config', 'file_tree', 'symbolic_link', 'object', 'disk', 'nexus',
     'file_names', 'dist_nexus', 'links', 'settings', 'files', 'objects', 'disks')";

fn foreign(connection: &Connection, place: &str) -> Result<Error> {
    Ok(if owner(connection)? == Owner::Distbackup {
        Error::new(Kind::NotFound, format_args!("{place} is a catalog of distbackup 1.x"))
            .next(format_args!("`dsb catalog adopt {place}` takes it over; it was left as it is"))
    } else {
        another_program(place)
    })
}

fn another_program(place: &str) -> Error {
    Error::new(Kind::NotFound, format_args!("{place} is a database of another program; it was left as it is"))
        .next("give dsb another folder with -d FOLDER")
}

/// Refuses what is no catalog of distbackup.
pub fn check_distbackup(connection: &Connection, place: &str) -> Result<()> {
    match owner(connection)? {
        Owner::Distbackup => Ok(()),
        Owner::Other => Err(another_program(place)),
        Owner::Dsb => Err(Error::new(Kind::Refused, format_args!("{place} is a catalog of dsb, not of distbackup"))
            .next("there is nothing to take over")),
    }
}

/// Refuses a folder in which a takeover was cut off between its renames, or in whose place
/// distbackup has put a file.
pub fn refuse_unfinished(folder: &Path) -> Result<()> {
    let shown = |path: &Path| escape(path.as_os_str().as_bytes()).into_owned();
    let place = shown(folder);
    if folder.is_file() {
        let what = format!("{place} is a file, and dsb keeps its catalog in a folder");
        return Err(Error::new(Kind::NotFound, what)
            .next(format_args!("if distbackup made it: `dsb catalog adopt {place}` says what to do")));
    }
    let is_there = |name: &str| std::fs::metadata(folder.join(name)).is_ok_and(|found| found.len() > 0);
    if is_there(KEPT) && !is_there(FILE_NAME) {
        let what = format!("taking over the catalog of distbackup in {place} was cut off");
        return Err(Error::new(Kind::NotFound, what).next(format_args!("`dsb catalog adopt {place}` goes on with it")));
    }
    Ok(())
}

/// Whether the schema is, to the letter, that of the dsb that wrote it: a catalog from a stranger's
/// disk may bring no view, trigger or index expression of its own.
pub fn check_schema(connection: &Connection, place: &str) -> Result<()> {
    let (version, fresh) = (user_version(connection)?, Connection::open_in_memory()?);
    migrate_to(&fresh, version)?;
    if version > 0 && schema(connection)? == schema(&fresh)? {
        return Ok(());
    }
    Err(Error::new(Kind::Damage, format_args!("the tables in {place} are not those that dsb makes"))
        .next("use another of the disk's catalog copies, or another disk"))
}

fn schema(connection: &Connection) -> Result<Vec<(String, String, String)>> {
    // What ANALYZE leaves is no part of it, but nothing else may pass under a name like that.
    let sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema
               WHERE type <> 'table' OR name NOT IN ('sqlite_stat1', 'sqlite_stat4') ORDER BY type, name";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<std::result::Result<_, _>>()?)
}

fn user_version(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_catalog_passes_its_own_checks() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection).unwrap();
        migrate(&connection).unwrap();
        check_kind(&connection, "x").unwrap();
        check_schema(&connection, "x").unwrap();
    }

    #[test]
    fn a_view_of_a_stranger_is_refused() {
        for sql in ["CREATE VIEW v AS SELECT 1", "CREATE VIEW \"sqlite-stat\" AS SELECT 1"] {
            let connection = Connection::open_in_memory().unwrap();
            migrate(&connection).unwrap();
            connection.execute_batch(sql).unwrap();
            assert_eq!(check_schema(&connection, "x").unwrap_err().kind(), Kind::Damage, "{sql}");
        }
    }

    #[test]
    fn statistics_are_no_part_of_the_schema() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection).unwrap();
        connection.execute_batch("ANALYZE").unwrap();
        check_schema(&connection, "x").unwrap();
    }

    #[test]
    fn newer_and_foreign_files_are_refused() {
        let newer = Connection::open_in_memory().unwrap();
        migrate(&newer).unwrap();
        newer.execute_batch("PRAGMA user_version = 99999").unwrap();
        let foreign = Connection::open_in_memory().unwrap();
        foreign.execute_batch("CREATE TABLE t (x)").unwrap();
        for (connection, word) in [(newer, "newer dsb"), (foreign, "another program")] {
            let error = check_kind(&connection, "x").unwrap_err();
            assert_eq!(error.kind(), Kind::NotFound);
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}
