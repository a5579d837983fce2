//! The old catalog makes way, and the new one takes its place: renames, in an order that can be cut
//! off anywhere.
//!
//! ```text
//! distbackup.sqlite                  1. the new catalog is made whole as distbackup.sqlite.adopting
//! distbackup.sqlite-wal              2. -> distbackup-1.0.20.sqlite-wal
//!                                    3. distbackup.sqlite -> distbackup-1.0.20.sqlite
//!                                    4. distbackup.sqlite.adopting -> distbackup.sqlite
//! ```
//!
//! Whoever is cut off begins again: what the old catalog is called by then tells how far it came.
//! Its journal never lies beside a file that it does not belong to.

use super::read::{beside, holds_bytes};
use crate::catalog::Catalog;
use crate::catalog::lock::RunLock;
use crate::catalog::migrations::{self, Owner};
use crate::catalog::open::{FILE_NAME, make_folder};
use crate::error::{Error, Kind, Result};
use crate::model::{Timestamp, escape};
use crate::os;
use std::ffi::OsStr;
use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What an old catalog is called once a catalog of dsb has its place.
pub const KEPT: &str = "distbackup-1.0.20.sqlite";

/// What the new catalog is called while it is made.
const ASIDE: &str = "distbackup.sqlite.adopting";

/// Where an old catalog is, and where the new one goes.
pub struct Takeover {
    /// The catalog's folder.
    folder: PathBuf,
    /// The old catalog.
    old: PathBuf,
    /// Whether it lies where the new one is to be.
    in_the_way: bool,
    /// Nobody else works with the folder.
    lock: RunLock,
}

impl Takeover {
    /// Finds the old catalog that a person means: a file, or the folder that holds it. Refuses
    /// where the new catalog's place is taken by anything else.
    pub fn find(folder: &Path, asked: &Path) -> Result<Self> {
        refuse_file(folder)?;
        let asked = std::path::absolute(asked).map_err(|error| Error::io("find", asked, &error))?;
        make_folder(folder)?;
        let lock = RunLock::take(folder, "catalog adopt")?;
        let (target, kept) = (folder.join(FILE_NAME), folder.join(KEPT));
        refuse_own(folder)?;
        // Cut off between the journal and the catalog itself.
        if holds_bytes(&beside(&kept, "-wal")) && !kept.exists() && target.exists() {
            move_to(folder, FILE_NAME, KEPT)?;
        }
        let old = old_catalog(&asked)?;
        let in_the_way = holds_bytes(&target);
        if in_the_way && !is_same(&target, &old) {
            let what = format!("another catalog of distbackup lies in the way: {}", shown(&target));
            return Err(refused(&what).next("take that one over, or move it elsewhere first"));
        }
        if in_the_way && std::fs::symlink_metadata(&kept).is_ok() {
            let what = format!("there are two old catalogs: {} and {}", shown(&target), shown(&kept));
            return Err(refused(&what).next("move the one that is not to be taken over elsewhere"));
        }
        Ok(Self { folder: folder.to_owned(), old, in_the_way, lock })
    }

    /// The old catalog that [`Takeover::find`] would find, with nothing made or moved.
    pub fn look(folder: &Path, asked: &Path) -> Result<PathBuf> {
        refuse_file(folder)?;
        refuse_own(folder)?;
        old_catalog(&std::path::absolute(asked).map_err(|error| Error::io("find", asked, &error))?)
    }

    /// The old catalog.
    pub fn old(&self) -> &Path {
        &self.old
    }

    /// Begins the new catalog, in no one's way.
    pub fn create(&self, now: Timestamp) -> Result<Catalog> {
        let aside = self.folder.join(ASIDE);
        match std::fs::remove_file(&aside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", &aside, &error)),
            _ => Catalog::create_aside(aside, now),
        }
    }

    /// Puts the new catalog in its place. Returns where the old one is now.
    pub fn finish(self, catalog: Catalog) -> Result<PathBuf> {
        let Self { folder, old, in_the_way, lock } = self;
        let aside = catalog.path().to_owned();
        drop(catalog);
        let flushed = File::open(&aside).and_then(|file| os::fsync(file.as_fd()));
        flushed.map_err(|error| Error::io("write", &aside, &error))?;
        let old = if in_the_way { make_way(&folder)? } else { old };
        std::fs::rename(&aside, folder.join(FILE_NAME)).map_err(|error| Error::io("rename", &aside, &error))?;
        flush(&folder)?;
        drop(lock);
        Ok(old)
    }
}

/// Renames what lies in the new catalog's place, its journal first.
fn make_way(folder: &Path) -> Result<PathBuf> {
    let target = folder.join(FILE_NAME);
    let [journal, index] = ["-wal", "-shm"].map(|ending| beside(&target, ending));
    // The journal of a catalog that is only linked here lies beside the catalog itself.
    if holds_bytes(&journal) {
        move_to(folder, &format!("{FILE_NAME}-wal"), &format!("{KEPT}-wal"))?;
    }
    for empty in [journal, index] {
        match std::fs::remove_file(&empty) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::io("remove", &empty, &error));
            }
            _ => {}
        }
    }
    move_to(folder, FILE_NAME, KEPT)?;
    Ok(folder.join(KEPT))
}

/// Renames within the folder, never over anything, durably.
fn move_to(folder: &Path, from: &str, to: &str) -> Result<()> {
    let failed = |error| Error::io("rename", &folder.join(from), &error);
    let directory = os::open_dir(folder).map_err(failed)?;
    os::rename_new((directory.as_fd(), OsStr::new(from)), (directory.as_fd(), OsStr::new(to))).map_err(failed)?;
    flush(folder)
}

fn flush(folder: &Path) -> Result<()> {
    let flushed = os::open_dir(folder).and_then(|folder| os::fsync(folder.as_fd()));
    flushed.map_err(|error| Error::io("write", folder, &error))
}

/// The file that is meant by a path: itself, or what lies in it; under its new name if a run that
/// was cut off had renamed it already.
fn old_catalog(asked: &Path) -> Result<PathBuf> {
    let file = if asked.is_dir() { asked.join(FILE_NAME) } else { asked.to_owned() };
    let renamed = file.with_file_name(KEPT);
    if file.is_file() {
        return Ok(file);
    }
    if file.file_name() == Some(OsStr::new(FILE_NAME)) && renamed.is_file() {
        return Ok(renamed);
    }
    Err(Error::new(Kind::NotFound, format_args!("there is no catalog of distbackup at {}", shown(asked)))
        .next("give the catalog's file, its folder, or the folder of a disk that has a copy of it"))
}

/// Refuses a folder that has a catalog of dsb.
fn refuse_own(folder: &Path) -> Result<()> {
    let target = folder.join(FILE_NAME);
    if !holds_bytes(&target) || migrations::owner_of(&target)? != Owner::Dsb {
        return Ok(());
    }
    Err(refused(&format!("there is a catalog of dsb in {} already", shown(folder)))
        .next("to take the old one over beside it: `dsb -d ANOTHER-FOLDER catalog adopt PATH`"))
}

/// Refuses a file where the folder should be: distbackup makes it so on some first runs.
fn refuse_file(folder: &Path) -> Result<()> {
    if !folder.is_file() {
        return Ok(());
    }
    let (here, there) = (shown(folder), shown(&folder.with_file_name(KEPT)));
    let what = format!("{here} is a file, and dsb wants a folder there");
    Err(refused(&what).next(format_args!("`mv {here} {there}`, then `dsb catalog adopt {there}`")))
}

fn is_same(a: &Path, b: &Path) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(a).is_some() && identity(a) == identity(b)
}

fn refused(what: &str) -> Error {
    Error::new(Kind::Refused, what)
}

fn shown(path: &Path) -> String {
    escape(path.as_os_str().as_bytes()).into_owned()
}
