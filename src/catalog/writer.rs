//! Writing the tree: each change closes a version and opens the next.

use super::entries::{
    Row, SPARSE, age_of, is_linked, is_what_was_adopted, marks_of, node_of, object_of, shows_the_same, target_of,
};
use super::touched::Touched;
use super::{Catalog, FileRecord, Recorded, rows};
use crate::error::Result;
use crate::model::{DirectoryId, Kind, Name, ObjectKey, Owner, SnapshotId, Timestamp};
use rusqlite::params;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Writes one update into the tree; the snapshot begins with the first change.
pub struct TreeWriter<'a> {
    pub(super) catalog: &'a Catalog,
    taken: Timestamp,
    utc_offset: i32,
    snapshot: Cell<Option<SnapshotId>>,
    /// The last object that there was when it began.
    newest: ObjectKey,
    touched: RefCell<Option<Touched>>,
    pub(super) owners: RefCell<HashMap<Owner, i64>>,
    pub(super) xattr_sets: RefCell<HashMap<[u8; 32], i64>>,
}

impl<'a> TreeWriter<'a> {
    /// A writer for an update that began at a time, where clocks are so many seconds ahead of UTC.
    pub fn new(catalog: &'a Catalog, taken: Timestamp, utc_offset: i32) -> Result<Self> {
        let (snapshot, touched, owners, xattr_sets) = Default::default();
        let newest = catalog.newest_object()?;
        Ok(Self { catalog, taken, utc_offset, snapshot, newest, touched, owners, xattr_sets })
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
        self.close_row(record.parent, &record.name, &row)?;
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
        self.close_row(parent, name, &row)?;
        let below = row.directory.map_or(Ok(0), |directory| self.close_below(directory))?;
        Ok(1 + below)
    }

    /// Makes the sums true again, in the transaction that ends the update.
    pub fn sum_up(&self) -> Result<()> {
        self.touched.take().map_or(Ok(()), |touched| self.catalog.end_changing_sums(touched))
    }

    fn current(&self) -> Result<SnapshotId> {
        if let Some(id) = self.snapshot.get() {
            return Ok(id);
        }
        self.touched.replace(Some(Touched::new(self.catalog.standing()?, self.newest)));
        let id = self.catalog.begin_snapshot(self.taken, self.utc_offset)?;
        self.snapshot.set(Some(id));
        Ok(id)
    }

    /// Counts an entry that is about to come into the newest state (1) or to leave it (-1).
    fn touch(&self, kind: Kind, object: Option<ObjectKey>, count: i64) -> Result<()> {
        let mut touched = self.touched.borrow_mut();
        let Some(touched) = touched.as_mut() else { return Ok(()) };
        touched.entries(kind, count);
        object.map_or(Ok(()), |key| touched.object(self.catalog, key))
    }

    fn insert(&self, record: &FileRecord, owner: i64, xattr_set: Option<i64>) -> Result<()> {
        let (now, object) = (self.current()?, object_of(record.content));
        self.touch(record.stat.kind, object, 1)?;
        let sql = "INSERT INTO entry VALUES (?1,?2,?3,NULL,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19)";
        let stat = &record.stat;
        self.catalog.connection.prepare_cached(sql)?.execute(params![
            record.parent,
            record.name.as_bytes(),
            now,
            rows::kind_number(stat.kind),
            record.directory,
            object,
            stat.size,
            stat.mtime,
            stat.ctime,
            age_of(stat),
            record.file_system,
            stat.inode as i64,
            owner,
            xattr_set,
            target_of(record),
            node_of(stat),
            marks_of(stat),
            record.settled,
            record.hashed,
        ])?;
        Ok(())
    }

    /// Writes into the version that was taken over what distbackup did not know of it. That is no
    /// new version: nothing changed.
    fn complete(&self, record: &FileRecord, owner: i64, xattr_set: Option<i64>) -> Result<()> {
        let sql = "UPDATE entry SET mtime = ?3, owner = ?4, xattr_set = ?5, marks = marks & ~1 | ?6
                   WHERE parent = ?1 AND name = ?2 AND last IS NULL";
        let (stat, name) = (&record.stat, record.name.as_bytes());
        let values = (record.parent, name, stat.mtime, owner, xattr_set, is_linked(stat));
        self.catalog.connection.prepare_cached(sql)?.execute(values)?;
        self.refresh(record)
    }

    /// Notes what only recognises an entry: no version, nothing that a restore would show.
    fn refresh(&self, record: &FileRecord) -> Result<()> {
        let sql = "UPDATE entry SET ctime = ?3, age = ?4, file_system = ?5, inode = ?6, marks = marks & ~2 | ?7, settled = ?8,
                          hashed = ?9
                   WHERE parent = ?1 AND name = ?2 AND last IS NULL";
        let stat = &record.stat;
        self.catalog.connection.prepare_cached(sql)?.execute(params![
            record.parent,
            record.name.as_bytes(),
            stat.ctime,
            age_of(stat),
            record.file_system,
            stat.inode as i64,
            marks_of(stat) & SPARSE,
            record.settled,
            record.hashed,
        ])?;
        Ok(())
    }

    /// A version that this very snapshot brought never was in another one: it goes without trace.
    fn close_row(&self, parent: DirectoryId, name: &Name, row: &Row) -> Result<()> {
        let now = self.current()?;
        self.touch(row.kind, row.previous.object, -1)?;
        if row.first == now {
            return self.catalog.forget_version(parent, name.as_bytes(), now);
        }
        let sql = "UPDATE entry SET last = ?4 WHERE parent = ?1 AND name = ?2 AND first = ?3";
        let key = (parent, name.as_bytes(), row.first, now.before());
        self.catalog.connection.prepare_cached(sql)?.execute(key)?;
        Ok(())
    }

    fn close_below(&self, directory: DirectoryId) -> Result<u64> {
        let now = self.current()?;
        let mut count = 0;
        let connection = &self.catalog.connection;
        let mut open = vec![directory];
        while let Some(directory) = open.pop() {
            open.extend(self.touch_all_in(directory)?);
            let sql = "DELETE FROM entry WHERE parent = ?1 AND first = ?2";
            count += connection.prepare_cached(sql)?.execute((directory, now))? as u64;
            let sql = "UPDATE entry SET last = ?2 WHERE parent = ?1 AND last IS NULL";
            count += connection.prepare_cached(sql)?.execute((directory, now.before()))? as u64;
        }
        Ok(count)
    }

    /// Counts all entries of a directory as such that leave, and says which of them are directories.
    fn touch_all_in(&self, directory: DirectoryId) -> Result<Vec<DirectoryId>> {
        let sql = "SELECT kind, object, directory FROM entry WHERE parent = ?1 AND last IS NULL";
        let mut statement = self.catalog.connection.prepare_cached(sql)?;
        let mut rows = statement.query([directory])?;
        let mut below = Vec::new();
        while let Some(row) = rows.next()? {
            self.touch(rows::kind_of(row.get(0)?)?, row.get(1)?, -1)?;
            below.extend(row.get::<_, Option<DirectoryId>>(2)?);
        }
        Ok(below)
    }
}
