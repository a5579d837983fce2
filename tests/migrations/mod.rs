//! Files that are not this program's catalog are refused, with the way out, and never altered.

use crate::kit::{Sandbox, dump};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Every command refuses what lies in the catalog's place, says this, and leaves it alone.
fn is_refused(sandbox: &Sandbox, codes: &[i32], word: &str) {
    let folder = sandbox.catalog().parent().unwrap().to_owned();
    let before = dump(&folder);
    for line in ["info", "update", "source list", "source map /t src", "disk list", "ls", "protect src --on there"] {
        let ran = sandbox.run(line);
        assert!(codes.contains(&ran.code), "dsb {line}: {} {}", ran.code, ran.err);
        assert_eq!(dump(&folder), before, "dsb {line} changed something");
        ran.says(word);
    }
}

/// A sandbox with this database in the catalog's place.
fn with_database(sql: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.tree("src");
    fs::create_dir_all(sandbox.catalog().parent().unwrap()).unwrap();
    Connection::open(sandbox.catalog()).unwrap().execute_batch(sql).unwrap();
    sandbox
}

#[test]
fn a_catalog_of_a_newer_dsb() {
    let sandbox = Sandbox::with_disks("");
    sandbox.tamper("PRAGMA user_version = 99999");
    is_refused(&sandbox, &[10], "newer dsb");
}

/// A sandbox with the catalog that an older dsb left.
fn of_schema(version: u32) -> Sandbox {
    let sql = fs::read_to_string(format!("tests/fixtures/catalogs/{version}.sql")).unwrap();
    with_database(&sql)
}

/// The schema as SQLite keeps it.
fn schema(path: &Path) -> Vec<(String, String)> {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name";
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn every_older_schema_becomes_the_newest() {
    let fresh = Sandbox::with_disks("");
    for version in 1..fresh.sql::<u32>("PRAGMA user_version") {
        let sandbox = of_schema(version);
        let info = sandbox.ok("info --json").json();
        assert_eq!((info["entries"]["file"].as_u64(), info["disks"].as_array().unwrap().len()), (Some(2), 2));
        assert_eq!(schema(&sandbox.catalog()), schema(&fresh.catalog()), "from schema {version}");
        sandbox.ok("disk set d1 --group attic");
    }
}

#[test]
fn a_disk_of_an_older_dsb_is_restored_from() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 10);
    sandbox.back_up("a");
    let copy = sandbox.disk("a").join("distbackup.sqlite");
    let first = include_str!("../../migrations/0001_catalog.sql");
    let first = &first[first.find("CREATE TABLE catalog (").unwrap()..];
    let first = &first[..=first.find(';').unwrap()];
    // The copy as it would have been before the newest schema.
    Connection::open(&copy)
        .unwrap()
        .execute_batch(
            &format!("PRAGMA foreign_keys = OFF; UPDATE entry SET age = ctime - age; ALTER TABLE entry RENAME COLUMN age TO birth; ALTER TABLE catalog DROP COLUMN forgetting; ALTER TABLE entry ADD COLUMN sparse INTEGER NOT NULL DEFAULT 0; ALTER TABLE entry RENAME COLUMN marks TO linked; DROP TABLE purge; DROP TABLE keep_tag; DROP TABLE snapshot_tag;
             ALTER TABLE snapshot DROP COLUMN utc_offset; ALTER TABLE snapshot DROP COLUMN held; ALTER TABLE snapshot DROP COLUMN given_up;
             ALTER TABLE disk DROP COLUMN tree; ALTER TABLE disk DROP COLUMN tree_taken; ALTER TABLE disk DROP COLUMN fanout;
             CREATE TEMP TABLE kept AS SELECT * FROM catalog; DROP TABLE catalog; {first}
             INSERT INTO catalog SELECT id, uuid, created, generation, next_directory, next_snapshot, holdings_true, unhashed_files, unhashed_bytes, keep_last, 30, best_effort, trust_days FROM kept;
             CREATE TABLE o (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), size INTEGER NOT NULL, data INTEGER) STRICT;
             INSERT INTO o SELECT * FROM object; DROP TABLE object; ALTER TABLE o RENAME TO object; DROP TABLE proof; DROP TABLE entry_count; DROP INDEX copy_doubt; DROP TABLE damage; ALTER TABLE disk DROP COLUMN unconfirmed; DROP TABLE side_setting; DROP TABLE path_rule; DROP TABLE path_setting; DROP TABLE growth; ALTER TABLE disk DROP COLUMN device;
             ALTER TABLE disk DROP COLUMN group_name; PRAGMA user_version = 1; VACUUM;"),
        )
        .unwrap();
    let (before, sum) = (fs::read(&copy).unwrap(), Command::new("sha256sum").arg(&copy).output().unwrap());
    fs::write(copy.with_extension("sqlite.sha256"), sum.stdout).unwrap();
    sandbox.ok("restore --from disks/a there");
    assert_eq!(fs::read(&copy).unwrap(), before);
    assert_eq!(fs::read_dir(sandbox.path("there/s/f")).unwrap().count(), 3);
}

#[test]
fn a_catalog_of_distbackup() {
    let tables = ["settings", "files", "objects", "disks"].map(|name| format!("CREATE TABLE {name} (x);"));
    is_refused(&with_database(&tables.concat()), &[10], "distbackup 1.x");
}

#[test]
fn a_database_of_another_program() {
    let sandbox = with_database("PRAGMA application_id = 42; CREATE TABLE songs (name)");
    is_refused(&sandbox, &[10], "another program");
}

#[test]
fn a_file_that_is_no_database() {
    let sandbox = with_database("CREATE TABLE t (x)");
    for bytes in [b"this is a letter, not a catalog".to_vec(), vec![0; 4_096], vec![0xff; 100_000]] {
        fs::write(sandbox.catalog(), bytes).unwrap();
        is_refused(&sandbox, &[4, 10], "");
    }
}

#[test]
fn a_catalog_that_was_cut_short() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 500, 10);
    sandbox.ok("update");
    let bytes = fs::read(sandbox.catalog()).unwrap();
    fs::write(sandbox.catalog(), &bytes[..bytes.len() / 2]).unwrap();
    let ran = sandbox.run("update");
    assert!([4, 10].contains(&ran.code), "{} {}", ran.code, ran.err);
    assert_eq!(fs::metadata(sandbox.catalog()).unwrap().len() as usize, bytes.len() / 2);
}

#[test]
fn a_folder_that_cannot_be_made() {
    let sandbox = Sandbox::new();
    sandbox.tree("src");
    fs::write(sandbox.path("file"), "x").unwrap();
    assert_ne!(sandbox.run("-d file/folder source map /s src").code, 0);
    assert_eq!(fs::read(sandbox.path("file")).unwrap(), b"x");
}
