//! Catalogs and disks of distbackup 1.0.20, taken over and given back.
//!
//! `tests/fixtures/distbackup-1.0.20/` was written by the real one (`make.py`). Git keeps neither
//! times nor inodes: a fixture that is laid out here takes its times from the old catalog, and the
//! copy of that catalog is told the inodes and folders that there are now.

mod adopting;
mod disks;
mod faults;
mod going_back;
mod hostile;
mod places;
mod real;

use crate::kit::Sandbox;
use rusqlite::Connection;
use rusqlite::types::FromSql;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The names of the fixture's disks.
const DISKS: [&str; 3] = ["one", "two", "three"];

/// A home as distbackup left it: its catalog in place, its tree, its disks.
struct Old {
    sandbox: Sandbox,
}

impl std::ops::Deref for Old {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

impl Old {
    fn new() -> Self {
        let old = Self { sandbox: Sandbox::new() };
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/distbackup-1.0.20");
        for part in ["tree", "disks"] {
            copy(&fixture.join(part), &old.path(part));
        }
        fs::create_dir_all(old.catalog().parent().unwrap()).unwrap();
        fs::copy(fixture.join("home/distbackup.sqlite"), old.catalog()).unwrap();
        old.fit();
        old.settle();
        old
    }

    /// Tells the old catalog where everything is now, and sets the times that it knows.
    fn fit(&self) {
        // The SQLite here has no logarithms, and without them nothing can be written to the table.
        let catalog = Connection::open(self.catalog()).unwrap();
        let sql = "PRAGMA writable_schema = ON;
                   UPDATE sqlite_schema SET sql = replace(sql, 'floor(log2(blocksize + 0.01))', 'blocksize');
                   PRAGMA writable_schema = RESET;";
        catalog.execute_batch(sql).unwrap();
        drop(catalog);
        let catalog = Connection::open(self.catalog()).unwrap();
        let root = self.path("").to_string_lossy().trim_end_matches('/').to_owned();
        catalog
            .execute("UPDATE path_map SET real_path = replace(real_path, '/tmp/distbackup-fixture', ?1)", [&root])
            .unwrap();
        let folder = root.trim_start_matches('/');
        let sql = "UPDATE disk SET relative_path = replace(relative_path, 'tmp/distbackup-fixture', ?1)";
        catalog.execute(sql, [folder]).unwrap();
        let files: Vec<(String, i64)> = rows(&catalog, "SELECT virtual_path, last_modified FROM file_tree");
        for (vpath, milliseconds) in files {
            let real = self.real(&vpath);
            // In the middle of the millisecond, which distbackup does not keep.
            self.tree("").mtime(
                &real,
                milliseconds.div_euclid(1000),
                milliseconds.rem_euclid(1000) * 1_000_000 + 500_000,
            );
            let inode = fs::metadata(&real).unwrap().ino();
            catalog.execute("UPDATE file_tree SET ino = ?2 WHERE virtual_path = ?1", (&vpath, inode as i64)).unwrap();
        }
    }

    fn settle(&self) {
        self.tree("tree").settle();
    }

    /// The real file behind a virtual path of the fixture.
    fn real(&self, vpath: &str) -> PathBuf {
        let below =
            vpath.strip_prefix("/photos/raw/").map_or_else(|| vpath[1..].to_owned(), |name| format!("raw/{name}"));
        self.path("tree").join(below)
    }

    /// Takes the old catalog over, everything of it.
    fn adopt(&self) -> serde_json::Value {
        self.adopt_with(0)
    }

    fn adopt_with(&self, code: i32) -> serde_json::Value {
        let place = self.catalog().display().to_string();
        self.code(code, &format!("catalog adopt {place} --json")).json()
    }

    /// The old catalog, where it is after it was taken over.
    fn kept(&self) -> PathBuf {
        self.catalog().with_file_name("distbackup-1.0.20.sqlite")
    }

    /// Changes the old catalog before it is taken over.
    fn spoil(&self, sql: &str) {
        Connection::open(self.catalog()).unwrap().execute_batch(sql).unwrap();
    }
}

/// Copies a tree with everything that the file system holds of it.
fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

/// All rows of a question.
fn rows<A: FromSql, B: FromSql>(connection: &Connection, sql: &str) -> Vec<(A, B)> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

/// All lines of a question, each a text.
fn lines(catalog: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(catalog).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// The paths of dsb's tree, by the ids of their directories, for questions.
const PATHS: &str = "WITH RECURSIVE place (id, path) AS (VALUES (0, '') UNION ALL
    SELECT e.directory, p.path || '/' || CAST(e.name AS TEXT) FROM entry e JOIN place p ON e.parent = p.id
    WHERE e.directory NOTNULL AND e.last IS NULL)";
