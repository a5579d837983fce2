//! What really lies on a backup disk, found without any code of the program.

use crate::kit::hash;
use openssl::sha::sha256;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a data directory that say the most.
pub struct DiskFacts {
    /// Objects whose bytes are those of their names.
    pub whole: BTreeSet<String>,
    /// Files with an object's name and other bytes, or none that can be read.
    pub broken: BTreeSet<String>,
    /// Session and nonce of the newest marker that can be read.
    pub marker: Option<(i64, i64)>,
    /// The newest complete catalog copy.
    pub copy: Option<CatalogCopy>,
    /// Directories that cannot be listed and objects that cannot be read, and why.
    pub unreadable: Vec<String>,
    /// Files that were being written.
    pub temporary: Vec<PathBuf>,
}

pub struct CatalogCopy {
    pub path: PathBuf,
    pub generation: i64,
    /// The objects of its newest state.
    pub live: BTreeSet<String>,
}

impl DiskFacts {
    pub fn of(data: &Path) -> Self {
        let mut unreadable = Vec::new();
        let mut list = |path: &Path| {
            names(path).unwrap_or_else(|error| {
                unreadable.push(format!("{} cannot be listed: {error}", path.display()));
                Vec::new()
            })
        };
        let shards = list(&data.join("distbackup-objects"));
        let files: Vec<_> = shards.iter().flat_map(|shard| list(shard)).collect();
        // A name without a file, as NTFS may leave one, is no file that was left.
        let is_there = |path: &PathBuf| path.symlink_metadata().is_ok();
        let temporary = list(&data.join("distbackup-tmp")).into_iter().filter(is_there).collect();
        let copies: Vec<_> = list(data).iter().filter_map(|path| catalog_copy(path)).collect();
        let mut is_whole = |path: &&PathBuf| match fs::read(path) {
            Ok(bytes) => name_of(&bytes) == last(path),
            Err(error) => {
                unreadable.push(format!("{} cannot be read: {error}", path.display()));
                false
            }
        };
        let (whole, broken): (Vec<_>, Vec<_>) = files.iter().partition(&mut is_whole);
        let ids = |paths: Vec<&PathBuf>| paths.into_iter().map(|path| last(path)).collect();
        let markers = ["distbackup-disk.json", "distbackup-disk.2.json"];
        let newest = markers.iter().filter_map(|name| marker(&data.join(name))).max();
        let copy = copies.into_iter().max_by_key(|copy| copy.generation);
        let marker = newest.map(|(_, session, nonce)| (session, nonce));
        Self { whole: ids(whole), broken: ids(broken), marker, copy, unreadable, temporary }
    }
}

/// What is in a directory; nothing if there is none.
fn names(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn last(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What an object of these bytes is called.
pub fn name_of(bytes: &[u8]) -> String {
    sha256(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Its serial number, session and nonce.
fn marker(file: &Path) -> Option<(i64, i64, i64)> {
    let json: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    let nonce = u64::from_str_radix(json["nonce"].as_str()?, 16).ok()?;
    Some((json["serial"].as_i64()?, json["session"].as_i64()?, nonce.cast_signed()))
}

/// A file that is a catalog copy, has the hash that stands beside it, and passes SQLite's own check.
fn catalog_copy(path: &Path) -> Option<CatalogCopy> {
    let expected = fs::read_to_string(format!("{}.sha256", path.display())).ok()?;
    if expected.split(' ').next()? != hash(path) {
        return None;
    }
    let uri = format!("file:{}?immutable=1", path.display());
    let db = Connection::open_with_flags(uri, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI).ok()?;
    let sound: String = db.query_row("PRAGMA quick_check", [], |row| row.get(0)).ok()?;
    let generation = db.query_row("SELECT generation FROM catalog", [], |row| row.get(0)).ok()?;
    let sql = "SELECT DISTINCT lower(hex(hash)) FROM object JOIN entry ON object = id WHERE last IS NULL";
    let mut statement = db.prepare(sql).ok()?;
    let live = statement.query_map([], |row| row.get(0)).ok()?.collect::<Result<_, _>>().ok()?;
    (sound == "ok").then(|| CatalogCopy { path: path.to_owned(), generation, live })
}
