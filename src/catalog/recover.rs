//! A catalog that is gone, made anew of a copy that a disk has. Nothing that lies in its place is
//! lost: it gets another name.

use super::open::{FILE_NAME, defend, look_at, make_folder};
use super::{Catalog, RunLock, migrations};
use crate::error::{Error, Kind, Result};
use crate::model::escape;
use crate::os;
use rusqlite::Connection;
use rusqlite::backup::Backup;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What SQLite keeps beside a database, after its name.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A folder in which a catalog is to be made anew, held for this process alone.
pub struct Vacancy {
    folder: PathBuf,
    lock: RunLock,
}

impl Vacancy {
    /// Takes a folder whose catalog is missing or damaged. A usable one is refused unless it is to be
    /// replaced, and what is none of dsb always.
    pub fn take(folder: &Path, replaces: bool) -> Result<Self> {
        make_folder(folder)?;
        let lock = RunLock::take(folder, "catalog recover")?;
        Self::look(folder, replaces)?;
        Ok(Self { folder: folder.to_owned(), lock })
    }

    /// The same question, and nothing taken.
    pub fn look(folder: &Path, replaces: bool) -> Result<()> {
        migrations::refuse_unfinished(folder)?;
        let path = folder.join(FILE_NAME);
        match std::fs::metadata(&path) {
            Ok(found) if found.len() > 0 => {}
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io("open", &path, &error)),
            _ => return Ok(()),
        }
        let place = escape(path.as_os_str().as_bytes()).into_owned();
        let sound = look_at(&path).and_then(|found| {
            migrations::check_kind(&found, &place)?;
            Ok(found.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))? == "ok")
        });
        match sound {
            Ok(true) if !replaces => Err(Error::new(Kind::Refused, format_args!("{place} is a usable catalog")).next(
                "nothing was changed; if it only disagrees with a disk: `dsb disk refresh DISK`; if it really is \
                       to give way to a disk's copy: --replace, and it is kept under another name",
            )),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == Kind::Damage => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Makes the catalog of this copy, durably; what lay there is set aside. It counts its sessions
    /// on from beyond those that are `known`, and no disk is confirmed by it. Returns the catalog, the
    /// lock that is held, and the new name of what lay there.
    pub fn fill(self, copy: &Catalog, known: u64) -> Result<(Catalog, RunLock, Option<PathBuf>)> {
        let new = self.folder.join(format!("{FILE_NAME}.part"));
        let folder = self.folder.as_path();
        let failed = |doing: &'static str| move |error: io::Error| Error::io(doing, folder, &error);
        match std::fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed("clean")(error)),
            _ => {}
        }
        let mut target = Connection::open(&new)?;
        defend(&target)?;
        Backup::new(&copy.connection, &mut target)?.run_to_completion(1024, Duration::ZERO, None)?;
        target.execute("UPDATE disk SET unconfirmed = 1", [])?;
        let sql = "UPDATE catalog SET generation = max(generation, ?1) + 1";
        target.execute(sql, [i64::try_from(known).unwrap_or(i64::MAX - 1)])?;
        drop(target);
        File::open(&new).and_then(|file| file.sync_all()).map_err(failed("write to"))?;
        let aside = set_aside(folder).map_err(failed("set the old catalog aside in"))?;
        std::fs::rename(&new, folder.join(FILE_NAME)).map_err(failed("write to"))?;
        flush(folder).map_err(failed("flush"))?;
        Ok((Catalog::open(folder)?, self.lock, aside))
    }
}

/// Gives what lies in the catalog's place another name, with all that belongs to it.
fn set_aside(folder: &Path) -> io::Result<Option<PathBuf>> {
    let is_there = |name: &str| folder.join(name).symlink_metadata().is_ok();
    let belongings = [""].into_iter().chain(BESIDE);
    let present: Vec<_> = belongings.filter(|end| is_there(&format!("{FILE_NAME}{end}"))).collect();
    if present.is_empty() {
        return Ok(None);
    }
    let free = |number: &u32| !is_there(&aside_name(*number)) && !is_there(&format!("{}-wal", aside_name(*number)));
    let number = (1..u32::MAX).find(free).ok_or(io::ErrorKind::AlreadyExists)?;
    for end in present {
        std::fs::rename(folder.join(format!("{FILE_NAME}{end}")), folder.join(format!("{}{end}", aside_name(number))))?;
    }
    flush(folder)?;
    Ok(Some(folder.join(aside_name(number))))
}

fn aside_name(number: u32) -> String {
    format!("set-aside-{number}.sqlite")
}

fn flush(folder: &Path) -> io::Result<()> {
    os::fsync(os::open_dir(folder)?.as_fd())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lay_there_keeps_all_that_belongs_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        assert_eq!(set_aside(folder.path()).unwrap(), None);
        put("set-aside-1.sqlite-wal", "older");
        put(FILE_NAME, "main");
        put("distbackup.sqlite-wal", "journal");
        let aside = set_aside(folder.path()).unwrap().unwrap();
        assert_eq!(aside, folder.path().join("set-aside-2.sqlite"));
        let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((text("set-aside-2.sqlite").as_str(), text("set-aside-2.sqlite-wal").as_str()), ("main", "journal"));
        assert_eq!(text("set-aside-1.sqlite-wal"), "older");
        assert!(!folder.path().join(FILE_NAME).exists());
    }
}
