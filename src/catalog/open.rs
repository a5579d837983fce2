//! Opening: the home catalog, and the copies that lie on disks.

use super::{RunLock, migrations};
use crate::error::{Error, Kind, Result};
use crate::model::{Timestamp, escape};
use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::ffi::OsString;
use std::fs::DirBuilder;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use uuid::Uuid;

/// The catalog's name in its folder and on every disk.
pub const FILE_NAME: &str = "distbackup.sqlite";

/// How long a command waits for another one's transaction before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection belongs to one thread, as Rust sees to: SQLite need not lock it at each call.
const ALONE: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX;

/// An open catalog.
pub struct Catalog {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
    pub(super) scratch: bool,
}

impl Catalog {
    /// Opens the catalog in a folder; makes folder and catalog if there is none yet.
    pub fn open_or_create(folder: &Path, now: Timestamp) -> Result<Self> {
        migrations::refuse_unfinished(folder)?;
        make_folder(folder)?;
        super::home::refuse_remote(folder)?;
        let path = folder.join(FILE_NAME);
        let is_new = std::fs::metadata(&path).map_or(true, |found| found.len() == 0);
        if !is_new {
            return Self::open(folder);
        }
        let connection = Connection::open(&path)?;
        writable(&connection)?;
        begin_new(&connection, now)?;
        Ok(Self { connection, path, scratch: false })
    }

    /// Makes a catalog that counts only once it has been renamed: until then nothing of it is
    /// durable, and nothing of it needs to be.
    pub fn create_aside(path: PathBuf, now: Timestamp) -> Result<Self> {
        let connection = Connection::open(&path)?;
        defend(&connection)?;
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;
             PRAGMA foreign_keys = OFF; PRAGMA locking_mode = EXCLUSIVE;",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        begin_new(&connection, now)?;
        Ok(Self { connection, path, scratch: false })
    }

    /// Opens the catalog in a folder for reading and writing.
    pub fn open(folder: &Path) -> Result<Self> {
        Self::open_there(folder).map_err(|error| super::home::or_no_room(folder, error))
    }

    fn open_there(folder: &Path) -> Result<Self> {
        let path = existing(folder)?;
        super::home::refuse_remote(folder)?;
        let looked = look_at(&path)?;
        migrations::check_kind(&looked, &place(&path))?;
        // An older dsb that still works with it would go on as if nothing had changed.
        let _lock = if migrations::is_older(&looked)? { Some(RunLock::take(folder, "upgrade")?) } else { None };
        drop(looked);
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | ALONE)?;
        writable(&connection)?;
        migrations::migrate(&connection)?;
        Ok(Self { connection, path, scratch: false })
    }

    /// The catalog in a folder, for a quick look: only read, and only if its schema is the newest.
    pub fn open_to_look(folder: &Path) -> Result<Self> {
        let path = existing(folder)?;
        let connection = look_at(&path)?;
        migrations::check_kind(&connection, &place(&path))?;
        if migrations::is_older(&connection)? {
            return Err(Error::new(Kind::NotFound, "the catalog is of an older dsb"));
        }
        Ok(Self { connection, path, scratch: false })
    }

    /// An open catalog's file once more, for another thread to read in.
    pub fn open_again(path: &Path) -> Result<Self> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | ALONE)?;
        connection.busy_timeout(PATIENCE)?;
        defend(&connection)?;
        Ok(Self { connection, path: path.to_owned(), scratch: false })
    }

    /// A copy of the catalog in a folder that is gone with the value, to try something out: what is
    /// changed in it is changed nowhere else. The catalog itself is only read.
    pub fn open_scratch(folder: &Path) -> Result<Self> {
        let path = existing(folder)?;
        let original = look_at(&path)?;
        migrations::check_kind(&original, &place(&path))?;
        Ok(Self { connection: brought_up(&original)?, path, scratch: true })
    }

    /// The same of a folder that may have no catalog yet: then it is as new.
    pub fn open_or_create_scratch(folder: &Path, now: Timestamp) -> Result<Self> {
        if std::fs::metadata(folder.join(FILE_NAME)).is_ok_and(|found| found.len() > 0) {
            return Self::open_scratch(folder);
        }
        Self::create_scratch(folder, now)
    }

    /// An empty catalog that is gone with the value, as if it were in a folder.
    pub fn create_scratch(folder: &Path, now: Timestamp) -> Result<Self> {
        let connection = Connection::open("")?;
        begin_new(&connection, now)?;
        defend(&connection)?;
        Ok(Self { connection, path: folder.join(FILE_NAME), scratch: true })
    }

    /// Whether it is such a copy: then no disk is to be changed either.
    pub fn is_scratch(&self) -> bool {
        self.scratch
    }

    /// Opens a finished copy strictly for reading: nothing beside it is made or changed, and
    /// whatever it holds, it runs nothing of its own.
    pub fn open_copy(path: &Path) -> Result<Self> {
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NOFOLLOW | ALONE;
        let connection = Connection::open_with_flags(immutable_uri(path), flags)?;
        defend(&connection)?;
        let checked: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if checked != "ok" {
            return Err(Error::new(Kind::Damage, format_args!("{} is damaged: {checked}", place(path))));
        }
        migrations::check_kind(&connection, &place(path))?;
        migrations::check_schema(&connection, &place(path))?;
        let connection = if migrations::is_older(&connection)? { brought_up(&connection)? } else { connection };
        Ok(Self { connection, path: path.to_owned(), scratch: false })
    }

    /// The catalog's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that holds it.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// Begins a change of several steps. Others may read meanwhile; nothing is seen of it before
    /// [`Catalog::commit`].
    pub fn begin(&self) -> Result<()> {
        if self.connection.is_autocommit() {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
        }
        Ok(())
    }

    /// Begins to read one state of the catalog, until [`Catalog::commit`].
    pub fn begin_reading(&self) -> Result<()> {
        if self.connection.is_autocommit() {
            self.connection.execute_batch("BEGIN")?;
        }
        Ok(())
    }

    /// Lets work ask very many questions as one: each by itself would take and give up SQLite's locks.
    pub fn in_one_reading<T>(&self, work: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.begin_reading()?;
        let done = work(self);
        self.commit()?;
        done
    }

    /// Makes everything since [`Catalog::begin`] durable.
    pub fn commit(&self) -> Result<()> {
        if !self.connection.is_autocommit() {
            self.connection.execute_batch("COMMIT")?;
        }
        Ok(())
    }

    /// Makes several steps one: all of them or none.
    pub fn atomically<T>(&self, steps: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        self.begin()?;
        match steps(self) {
            Ok(value) => self.commit().map(|()| value),
            Err(error) => {
                self.connection.execute_batch("ROLLBACK")?;
                Err(error)
            }
        }
    }
}

/// Makes the folder of a catalog.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    // The names of all files are in it: nobody else's business.
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| Error::io("make the folder", folder, &error))
}

/// Makes an empty database a catalog.
fn begin_new(connection: &Connection, now: Timestamp) -> Result<()> {
    migrations::migrate(connection)?;
    connection.execute(
        "INSERT OR IGNORE INTO catalog (id, uuid, created, generation, next_directory, next_snapshot, holdings_true,
           unhashed_files, unhashed_bytes, keep_last, keep_within, best_effort, trust_days)
         VALUES (1, ?1, ?2, 1, 1, 1, 1, 0, 0, 1, '30d', 1, 365)",
        (Uuid::new_v4().as_bytes(), now.0),
    )?;
    Ok(())
}

/// A temporary database, gone with its connection, that has all of an older one in this program's
/// schema.
fn brought_up(older: &Connection) -> Result<Connection> {
    let mut connection = Connection::open("")?;
    Backup::new(older, &mut connection)?.run_to_completion(PAGES, Duration::ZERO, None)?;
    migrations::migrate(&connection)?;
    defend(&connection)?;
    Ok(connection)
}

/// What to do with a catalog that is damaged.
pub(super) const TAKE_A_COPY: &str =
    "take the newest copy from a disk: `dsb catalog recover --from DISK-FOLDER`; the damaged file is kept";

/// Pages copied at a time.
const PAGES: i32 = 1024;

/// Opens a file of which nobody knows yet what it is, for reading. Where no journal lies beside
/// it, none is made: a file that is refused is left as it was, and its folder too.
pub(super) fn look_at(path: &Path) -> Result<Connection> {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    let looked = if Path::new(&journal).exists() {
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | ALONE)?
    } else {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | ALONE;
        Connection::open_with_flags(immutable_uri(path), flags)?
    };
    looked.busy_timeout(PATIENCE)?;
    looked.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(looked)
}

/// For who begins, who has it elsewhere, and who lost it.
const BEGIN: &str = "begin with `dsb protect FOLDER --on DRIVE` or `dsb source map /NAME FOLDER`; give a catalog's \
    folder with -d; if it was lost, a disk brings it back (`dsb catalog recover --from DISK-FOLDER`), and restores \
    without it (`dsb restore --from DISK-FOLDER DESTINATION`)";

fn existing(folder: &Path) -> Result<PathBuf> {
    migrations::refuse_unfinished(folder)?;
    let path = folder.join(FILE_NAME);
    match std::fs::metadata(&path) {
        Ok(found) if found.len() > 0 => {
            super::home::refuse_small_blocks_without_room(folder)?;
            Ok(path)
        }
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("open", &path, &error)),
        _ => Err(Error::new(Kind::NotFound, format_args!("there is no catalog in {}", place(folder))).next(BEGIN)),
    }
}

fn writable(connection: &Connection) -> Result<()> {
    connection.busy_timeout(PATIENCE)?;
    defend(connection)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::new(Kind::Failed, format_args!("the catalog's journal could not be opened (mode {mode})"))
            .next("is its folder on a local file system with free room?"));
    }
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;
         PRAGMA temp_store = FILE; PRAGMA journal_size_limit = 67108864;",
    )?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

pub(super) fn defend(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    // A plan is made once, not anew for every value that is looked up.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;")?;
    Ok(())
}

/// `immutable=1` keeps SQLite from looking for a journal beside the file, or making one.
pub(super) fn immutable_uri(path: &Path) -> PathBuf {
    let mut uri = b"file:".to_vec();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(*byte),
            byte => uri.extend(format!("%{byte:02x}").bytes()),
        }
    }
    uri.extend(b"?immutable=1");
    PathBuf::from(OsString::from_vec(uri))
}

fn place(path: &Path) -> String {
    escape(path.as_os_str().as_bytes()).into_owned()
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let (kind, next) = match error.sqlite_error_code() {
            None if super::rows::is_meaningless(&error) => (Kind::Damage, TAKE_A_COPY),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (Kind::Damage, TAKE_A_COPY),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                (Kind::Locked, "another program holds the catalog; run again when it is done")
            }
            // SQLite says this of a lock that others held too long, and of one that could not be had.
            Some(ErrorCode::FileLockingProtocolFailed) => (
                Kind::Locked,
                "another program holds the catalog, or its folder answers with errors; run again when that is over",
            ),
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                (Kind::Failed, "see whether the disk that holds the catalog is full, or fails; then run again")
            }
            Some(ErrorCode::DiskFull) => (Kind::Failed, "make room on the disk that holds the catalog and run again"),
            _ => (Kind::Failed, "run again; if it stays, look at the disk that holds the catalog"),
        };
        Self::new(kind, format_args!("the catalog: {error}")).next(next)
    }
}
