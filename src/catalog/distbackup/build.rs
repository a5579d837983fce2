//! Writing the new catalog: one state of the tree, known only as far as the old catalog knew it.

use crate::catalog::{Catalog, rows};
use crate::error::Result;
use crate::model::{
    Day, DirectoryId, DiskIndex, Kind, Name, ObjectId, ObjectKey, Owner, Second, Settings, Size, SnapshotId, Timestamp,
    VPath,
};
use crate::os;
use rusqlite::{OptionalExtension, params};

/// Puts what an old catalog has into a new one, path by path.
pub struct Adoption<'a> {
    catalog: &'a Catalog,
    now: Timestamp,
    snapshot: SnapshotId,
    /// Below these a real directory stands behind each of the tree.
    maps: Vec<VPath>,
    owners: [i64; 3],
    /// The directories of the path that came last: the next one is mostly beside it.
    open: Vec<(Name, DirectoryId)>,
}

/// A file or symlink as the old catalog knew it.
#[derive(Clone, Debug)]
pub struct Adopted<'r> {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub object: Option<ObjectKey>,
    /// Its length.
    pub size: Size,
    /// Its time, in whole milliseconds.
    pub mtime: Timestamp,
    /// Its inode number.
    pub inode: i64,
    /// Where a symlink points.
    pub target: Option<&'r [u8]>,
}

impl<'a> Adoption<'a> {
    /// Begins the one state of the tree. `owners`: of files, directories and symlinks, which the
    /// old catalog does not know.
    pub fn begin(catalog: &'a Catalog, now: Timestamp, maps: Vec<VPath>, owners: &[Owner; 3]) -> Result<Self> {
        catalog.connection.execute_batch("CREATE TEMP TABLE doubted (hash BLOB PRIMARY KEY) WITHOUT ROWID")?;
        catalog.begin()?;
        let snapshot = catalog.begin_snapshot(now, os::utc_offset(now))?;
        catalog.finish_snapshot(snapshot, true, 0)?;
        let mut ids = [0; 3];
        for (owner, id) in owners.iter().zip(&mut ids) {
            let sql = "INSERT INTO owner (mode, uid, gid, user_name, group_name) VALUES (?1, ?2, ?3, ?4, ?5)
                       RETURNING id";
            let columns = (owner.mode, owner.uid, owner.gid, &owner.user, &owner.group);
            *id = catalog.connection.query_row(sql, columns, |row| row.get(0))?;
        }
        Ok(Self { catalog, now, snapshot, maps, owners: ids, open: Vec::new() })
    }

    /// Enters a file or symlink; says no if the old catalog has something else at that path, or
    /// above it.
    pub fn put(&mut self, path: &VPath, found: &Adopted<'_>) -> Result<bool> {
        let Some((name, above)) = path.names().split_last() else { return Ok(false) };
        let Some(parent) = self.directory(above)? else { return Ok(false) };
        let [file, _, symlink] = self.owners;
        let owner = if found.kind == Kind::Symlink { symlink } else { file };
        let sql = "INSERT OR IGNORE INTO entry VALUES (?1, ?2, ?3, NULL, ?4, NULL, ?5, ?6, ?7, 0, NULL, NULL, ?8, ?9,
                   NULL, ?10, NULL, 0, 1, ?11)";
        let count = self.catalog.connection.prepare_cached(sql)?.execute(params![
            parent,
            name.as_bytes(),
            self.snapshot,
            rows::kind_number(found.kind),
            found.object,
            found.size,
            found.mtime,
            found.inode,
            owner,
            found.target,
            Second::ADOPTED,
        ])?;
        Ok(count > 0)
    }

    /// Notes what a side file says of the file that was entered last.
    pub fn put_side_setting(&self, path: &VPath, settings: Settings) -> Result<()> {
        let Some((_, name)) = path.split_last() else { return Ok(()) };
        let parent = self.open.last().map_or(DirectoryId::ROOT, |(_, id)| *id);
        let priority = settings.priority.filter(|priority| *priority > 0);
        let sql = "INSERT OR REPLACE INTO side_setting VALUES (?1, ?2, ?3, ?4)";
        let row = (parent, name.as_bytes(), priority, settings.maxcopies);
        self.catalog.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// The id of a directory, made if it is new; none if something else stands on the way.
    fn directory(&mut self, names: &[Name]) -> Result<Option<DirectoryId>> {
        let common = self.open.iter().zip(names).take_while(|((open, _), name)| open == *name).count();
        self.open.truncate(common);
        let mut here = self.open.last().map_or(DirectoryId::ROOT, |(_, id)| *id);
        for (depth, name) in names.iter().enumerate().skip(common) {
            let sql = "SELECT directory FROM entry WHERE parent = ?1 AND name = ?2";
            let mut known = self.catalog.connection.prepare_cached(sql)?;
            let known = known.query_row((here, name.as_bytes()), |row| row.get(0)).optional()?;
            here = match known {
                Some(Some(id)) => id,
                Some(None) => return Ok(None),
                None => self.make_directory(here, name, names.get(..=depth).unwrap_or_default())?,
            };
            self.open.push((name.clone(), here));
        }
        Ok(Some(here))
    }

    /// A directory above all maps is one that only maps make; any other is completed by the first
    /// update.
    fn make_directory(&self, parent: DirectoryId, name: &Name, path: &[Name]) -> Result<DirectoryId> {
        let is_real = self.maps.iter().any(|map| path.starts_with(map.names()));
        let hashed = if is_real { Second::ADOPTED } else { Second(0) };
        let sql = "UPDATE catalog SET next_directory = next_directory + 1 RETURNING next_directory - 1";
        let id = self.catalog.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let sql = "INSERT INTO entry VALUES (?1, ?2, ?3, NULL, ?4, ?5, NULL, 0, ?6, ?6, NULL, NULL, 0, ?7, NULL, NULL,
                   NULL, 0, 1, ?8)";
        let kind = rows::kind_number(Kind::Directory);
        let [_, owner, _] = self.owners;
        let row = (parent, name.as_bytes(), self.snapshot, kind, id, self.now, owner, hashed);
        self.catalog.connection.prepare_cached(sql)?.execute(row)?;
        Ok(id)
    }

    /// Enters content that is not there yet, with the disks that hold it, none of which was ever read by dsb.
    pub fn put_object(&self, id: ObjectId, size: Size, disks: &[DiskIndex]) -> Result<ObjectKey> {
        let key = self.catalog.new_object(id, size, None)?;
        let mut insert = self.catalog.connection.prepare_cached("INSERT INTO copy VALUES (?1, ?2, 0, ?3, 0)")?;
        for disk in disks {
            insert.execute((key, disk.get(), Day::NEVER))?;
        }
        Ok(key)
    }

    /// Takes content back with its copies.
    pub fn take_back(&self, key: ObjectKey) -> Result<()> {
        self.catalog.connection.execute("DELETE FROM copy WHERE object = ?1", [key])?;
        self.catalog.connection.execute("DELETE FROM object WHERE id = ?1", [key])?;
        Ok(())
    }

    /// Notes that content belongs to a file that is not entered: nobody may think that no file has
    /// it.
    pub fn doubt(&self, id: ObjectId) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO temp.doubted VALUES (?1)";
        self.catalog.connection.prepare_cached(sql)?.execute([id])?;
        Ok(())
    }

    /// Whether content was noted so.
    pub fn is_doubted(&self, id: ObjectId) -> Result<bool> {
        let sql = "SELECT count(*) FROM temp.doubted WHERE hash = ?1";
        let count: i64 = self.catalog.connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
        Ok(count > 0)
    }

    /// Everything is entered.
    pub fn finish(self) -> Result<()> {
        self.catalog.commit()?;
        self.catalog.recount_holdings()?;
        self.catalog.note_growth(self.now.day())?;
        Ok(self.catalog.connection.execute_batch("DROP TABLE temp.doubted")?)
    }
}
