//! Writing the tree: each change closes a version and opens the next.

use super::scan::is_adopted;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{
    Content, DirectoryId, FileSystemId, Kind, Name, ObjectKey, Owner, Second, Size, SnapshotId, Stat, Timestamp, Xattr,
};
use rusqlite::{OptionalExtension, params};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// An entry as an update found it.
#[derive(Clone, Debug)]
pub struct FileRecord {
    /// The directory it stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
    /// Its own id, if it is a directory.
    pub directory: Option<DirectoryId>,
    /// How it looks.
    pub stat: Stat,
    /// Where it stands; none for a directory that only a source map makes.
    pub file_system: Option<FileSystemId>,
    /// Mode and owner.
    pub owner: Owner,
    /// Extended attributes, ordered by name.
    pub xattrs: Vec<Xattr>,
    /// Where a symlink points, else empty.
    pub target: Vec<u8>,
    /// Its bytes.
    pub content: Content,
    /// Whether its times are old enough to be believed.
    pub settled: bool,
    /// When the run began that last read its bytes.
    pub hashed: Second,
}

/// The version that stood there before, as far as a decision needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Previous {
    /// Its length.
    pub size: Size,
    /// Its time.
    pub mtime: Timestamp,
    /// Its bytes.
    pub object: Option<ObjectKey>,
    /// Whether its times could be believed.
    pub settled: bool,
    /// Whether it was a regular file.
    pub is_file: bool,
    /// Whether it was taken over from distbackup: its time is one of whole milliseconds.
    pub adopted: bool,
}

impl Previous {
    /// Whether a file with this time has, as far as was known, not been written since.
    pub fn is_of(&self, mtime: Timestamp) -> bool {
        self.mtime == mtime || self.adopted && mtime.is_of_milliseconds(self.mtime)
    }
}

/// What recording did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Nothing that a restore would show; only how to recognise it next time.
    Same,
    /// What was taken over from distbackup is as it was, and now all of it is known.
    Completed,
    /// A name that was not there.
    Added,
    /// Another version of what was there.
    Changed(Previous),
}

/// Writes one update into the tree; the snapshot begins with the first change.
pub struct TreeWriter<'a> {
    pub(super) catalog: &'a Catalog,
    taken: Timestamp,
    utc_offset: i32,
    snapshot: Cell<Option<SnapshotId>>,
    pub(super) owners: RefCell<HashMap<Owner, i64>>,
    pub(super) xattr_sets: RefCell<HashMap<[u8; 32], i64>>,
}

/// The stored row of the newest version.
struct Row {
    first: SnapshotId,
    kind: Kind,
    directory: Option<DirectoryId>,
    previous: Previous,
    owner: i64,
    xattr_set: Option<i64>,
    target: Option<Vec<u8>>,
    node: Option<i64>,
    link: Option<(Option<FileSystemId>, i64)>,
}

impl<'a> TreeWriter<'a> {
    /// A writer for an update that began at a time, where clocks are so many seconds ahead of UTC.
    pub fn new(catalog: &'a Catalog, taken: Timestamp, utc_offset: i32) -> Self {
        let (snapshot, owners, xattr_sets) = Default::default();
        Self { catalog, taken, utc_offset, snapshot, owners, xattr_sets }
    }

    /// The snapshot, if anything changed yet.
    pub fn snapshot(&self) -> Option<SnapshotId> {
        self.snapshot.get()
    }

    /// An id for a directory that was not there before.
    pub fn new_directory(&self) -> Result<DirectoryId> {
        self.catalog.begin()?;
        let sql = "UPDATE catalog SET next_directory = next_directory + 1 RETURNING next_directory - 1";
        Ok(self.catalog.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Records how an entry looks now.
    pub fn put(&self, record: &FileRecord) -> Result<Recorded> {
        self.catalog.begin()?;
        let owner = self.owner(&record.owner)?;
        let xattr_set = self.xattr_set(&record.xattrs)?;
        let Some(row) = self.row(record.parent, &record.name)? else {
            self.insert(record, owner, xattr_set)?;
            return Ok(Recorded::Added);
        };
        if row.previous.adopted && is_what_was_adopted(&row, record) {
            self.complete(record, owner, xattr_set)?;
            return Ok(Recorded::Completed);
        }
        if shows_the_same(&row, record, owner, xattr_set) {
            self.refresh(record)?;
            return Ok(Recorded::Same);
        }
        self.close_row(record.parent, &record.name, row.first)?;
        if let Some(directory) = row.directory.filter(|_| record.stat.kind != Kind::Directory) {
            self.close_below(directory)?;
        }
        self.insert(record, owner, xattr_set)?;
        Ok(Recorded::Changed(row.previous))
    }

    /// Takes an entry, and all below it, out of the newest state, unless something else has taken
    /// its place already. Returns how many that were.
    pub fn close(&self, parent: DirectoryId, name: &Name, directory: Option<DirectoryId>) -> Result<u64> {
        self.catalog.begin()?;
        let Some(row) = self.row(parent, name)?.filter(|row| row.directory == directory) else { return Ok(0) };
        self.close_row(parent, name, row.first)?;
        let below = row.directory.map_or(Ok(0), |directory| self.close_below(directory))?;
        Ok(1 + below)
    }

    fn current(&self) -> Result<SnapshotId> {
        if let Some(id) = self.snapshot.get() {
            return Ok(id);
        }
        let id = self.catalog.begin_snapshot(self.taken, self.utc_offset)?;
        self.snapshot.set(Some(id));
        Ok(id)
    }

    fn row(&self, parent: DirectoryId, name: &Name) -> Result<Option<Row>> {
        let sql = "SELECT first, kind, directory, size, mtime, object, settled, owner, xattr_set, target, node,
                          linked, file_system, inode, hashed
                   FROM entry WHERE parent = ?1 AND name = ?2 AND last IS NULL";
        let mut statement = self.catalog.connection.prepare_cached(sql)?;
        let row = statement.query_row((parent, name.as_bytes()), |row| {
            let kind = rows::kind_of(row.get(1)?)?;
            let (is_file, file_system) = (kind == Kind::File, row.get(12)?);
            Ok(Row {
                first: row.get(0)?,
                kind,
                directory: row.get(2)?,
                previous: Previous {
                    size: row.get(3)?,
                    mtime: row.get(4)?,
                    object: row.get(5)?,
                    settled: row.get(6)?,
                    is_file,
                    adopted: is_adopted(file_system, row.get(14)?),
                },
                owner: row.get(7)?,
                xattr_set: row.get(8)?,
                target: row.get(9)?,
                node: row.get(10)?,
                link: if row.get(11)? { Some((file_system, row.get(13)?)) } else { None },
            })
        });
        Ok(row.optional()?)
    }

    fn insert(&self, record: &FileRecord, owner: i64, xattr_set: Option<i64>) -> Result<()> {
        let sql =
            "INSERT INTO entry VALUES (?1,?2,?3,NULL,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20)";
        let stat = &record.stat;
        self.catalog.connection.prepare_cached(sql)?.execute(params![
            record.parent,
            record.name.as_bytes(),
            self.current()?,
            rows::kind_number(stat.kind),
            record.directory,
            object_of(record.content),
            stat.size,
            stat.mtime,
            stat.ctime,
            stat.birth,
            record.file_system,
            stat.inode as i64,
            owner,
            xattr_set,
            target_of(record),
            node_of(stat),
            is_linked(stat),
            stat.is_sparse(),
            record.settled,
            record.hashed,
        ])?;
        Ok(())
    }

    /// Writes into the version that was taken over what distbackup did not know of it. That is no
    /// new version: nothing changed.
    fn complete(&self, record: &FileRecord, owner: i64, xattr_set: Option<i64>) -> Result<()> {
        let sql = "UPDATE entry SET mtime = ?3, owner = ?4, xattr_set = ?5, linked = ?6
                   WHERE parent = ?1 AND name = ?2 AND last IS NULL";
        let (stat, name) = (&record.stat, record.name.as_bytes());
        let values = (record.parent, name, stat.mtime, owner, xattr_set, is_linked(stat));
        self.catalog.connection.prepare_cached(sql)?.execute(values)?;
        self.refresh(record)
    }

    /// Notes what only recognises an entry: no version, nothing that a restore would show.
    fn refresh(&self, record: &FileRecord) -> Result<()> {
        let sql = "UPDATE entry SET ctime = ?3, birth = ?4, file_system = ?5, inode = ?6, sparse = ?7, settled = ?8,
                          hashed = ?9
                   WHERE parent = ?1 AND name = ?2 AND last IS NULL";
        let stat = &record.stat;
        self.catalog.connection.prepare_cached(sql)?.execute(params![
            record.parent,
            record.name.as_bytes(),
            stat.ctime,
            stat.birth,
            record.file_system,
            stat.inode as i64,
            stat.is_sparse(),
            record.settled,
            record.hashed,
        ])?;
        Ok(())
    }

    /// A version that this very snapshot brought never was in another one: it goes without trace.
    fn close_row(&self, parent: DirectoryId, name: &Name, first: SnapshotId) -> Result<()> {
        let now = self.current()?;
        let sql = if first == now {
            "DELETE FROM entry WHERE parent = ?1 AND name = ?2 AND first = ?3 AND ?4 IS NOT NULL"
        } else {
            "UPDATE entry SET last = ?4 WHERE parent = ?1 AND name = ?2 AND first = ?3"
        };
        let key = (parent, name.as_bytes(), first, now.before());
        self.catalog.connection.prepare_cached(sql)?.execute(key)?;
        Ok(())
    }

    fn close_below(&self, directory: DirectoryId) -> Result<u64> {
        let now = self.current()?;
        let mut count = 0;
        let connection = &self.catalog.connection;
        let mut open = vec![directory];
        while let Some(directory) = open.pop() {
            let sql = "SELECT directory FROM entry WHERE parent = ?1 AND last IS NULL AND directory IS NOT NULL";
            let mut statement = connection.prepare_cached(sql)?;
            let below = statement.query_map([directory], |row| row.get(0))?;
            open.extend(rows::collect::<DirectoryId>(below)?);
            let sql = "DELETE FROM entry WHERE parent = ?1 AND first = ?2";
            count += connection.prepare_cached(sql)?.execute((directory, now))? as u64;
            let sql = "UPDATE entry SET last = ?2 WHERE parent = ?1 AND last IS NULL";
            count += connection.prepare_cached(sql)?.execute((directory, now.before()))? as u64;
        }
        Ok(count)
    }
}

fn shows_the_same(row: &Row, record: &FileRecord, owner: i64, xattr_set: Option<i64>) -> bool {
    let link = is_linked(&record.stat).then_some((record.file_system, record.stat.inode as i64));
    row.kind == record.stat.kind
        && row.previous.object == object_of(record.content)
        && row.previous.size == record.stat.size
        && row.previous.mtime == record.stat.mtime
        && row.owner == owner
        && row.xattr_set == xattr_set
        && row.target.as_deref() == target_of(record)
        && row.node == node_of(&record.stat)
        && row.link == link
}

/// Whether an entry is, as far as distbackup knew it, what was taken over. It kept no time of
/// directories and symlinks.
fn is_what_was_adopted(row: &Row, record: &FileRecord) -> bool {
    row.kind == record.stat.kind
        && row.directory == record.directory
        && row.previous.object == object_of(record.content)
        && row.previous.size == record.stat.size
        && row.target.as_deref() == target_of(record)
        && (row.kind != Kind::File || row.previous.is_of(record.stat.mtime))
}

fn object_of(content: Content) -> Option<ObjectKey> {
    match content {
        Content::None => None,
        Content::Object(key) => Some(key),
    }
}

fn is_linked(stat: &Stat) -> bool {
    stat.kind != Kind::Directory && stat.links > 1
}

fn node_of(stat: &Stat) -> Option<i64> {
    matches!(stat.kind, Kind::CharDevice | Kind::BlockDevice).then_some(stat.node as i64)
}

fn target_of(record: &FileRecord) -> Option<&[u8]> {
    (record.stat.kind == Kind::Symlink).then_some(record.target.as_slice())
}
