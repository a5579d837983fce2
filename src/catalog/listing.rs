//! Reading the tree of one state: by directory, by path, by content.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{
    Content, DirectoryId, DiskSet, Entry, FileSystemId, Kind, Metadata, Name, ObjectId, ObjectKey, SnapshotId, VPath,
    Xattr,
};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};
use std::ops::RangeInclusive;

/// Which state of the tree is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The newest.
    Newest,
    /// The one of a snapshot.
    At(SnapshotId),
}

/// An entry with where its bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// The entry.
    pub entry: Entry,
    /// The hash of its content, if it has any.
    pub object: Option<ObjectId>,
    /// The disks that hold it, doubtful copies not counted.
    pub disks: DiskSet,
    /// The disks that should hold it, but could not be read there, never were, or were cut off while it came.
    pub doubtful: DiskSet,
}

/// A file of the newest state that has an object's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectPlace {
    /// The directory it stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
    /// Its inode when it was last seen.
    pub inode: u64,
}

const SELECT: &str = concat!(
    "SELECT e.parent, e.name, e.directory, e.object, e.kind, e.size, e.mtime, e.target, e.node, e.marks & 2, e.marks & 1,
       e.file_system, e.inode, w.mode, w.uid, w.gid, w.user_name, w.group_name, o.hash,
       (SELECT coalesce(sum(1 << c.disk), 0) FROM copy c CROSS JOIN disk d ON d.id = c.disk
        WHERE c.object = e.object AND NOT ",
    in_doubt!(),
    "), e.xattr_set,
       (SELECT coalesce(sum(1 << c.disk), 0) FROM copy c CROSS JOIN disk d ON d.id = c.disk
        WHERE c.object = e.object AND ",
    in_doubt!(),
    ")
     FROM entry e LEFT JOIN owner w ON w.id = e.owner LEFT JOIN object o ON o.id = e.object"
);

impl View {
    /// The state's bounds: an entry is in it if `first <= upper` and `last` is none or `>= lower`.
    fn bounds(self) -> (i64, i64) {
        match self {
            Self::Newest => (i64::MAX, i64::MAX),
            Self::At(SnapshotId(id)) => (id, id),
        }
    }
}

impl Catalog {
    /// What stands in a directory, ordered by name.
    pub fn list(&self, directory: DirectoryId, view: View) -> Result<Vec<TreeRow>> {
        match self.list_readable(directory, view)? {
            (rows, 0) => Ok(rows),
            _ => Err(rows::damaged("entries that mean nothing")),
        }
    }

    /// The same of a catalog that may be a stranger's: entries that mean nothing, such as one with
    /// a name that climbs, are left out and counted.
    pub fn list_readable(&self, directory: DirectoryId, view: View) -> Result<(Vec<TreeRow>, u64)> {
        let sql = format!(
            "{SELECT} WHERE e.parent = ?1 AND e.first <= ?2 AND (e.last IS NULL OR e.last >= ?3) ORDER BY e.name"
        );
        let (upper, lower) = view.bounds();
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_map((directory, upper, lower), tree_row)?;
        let (found, meaningless) = rows::collect_readable(found)?;
        let rows = found.into_iter().map(|(row, set)| self.with_xattrs(row, set)).collect::<Result<_>>()?;
        Ok((rows, meaningless))
    }

    /// The entry at a path; none for the root, which has no row.
    pub fn look_up(&self, path: &VPath, view: View) -> Result<Option<TreeRow>> {
        let mut directory = Some(DirectoryId::ROOT);
        let mut found = None;
        for name in path.names() {
            let Some(parent) = directory else { return Ok(None) };
            found = self.child(parent, name, view)?;
            directory = found.as_ref().and_then(|row| row.entry.directory);
            if found.is_none() {
                return Ok(None);
            }
        }
        Ok(found)
    }

    /// Names of the newest state in a directory that begin so, in order, and whether each is a
    /// directory; at most `count`.
    pub fn names_below(&self, path: &VPath, begins: &[u8], count: u32) -> Result<Vec<(Name, bool)>> {
        let id = match self.look_up(path, View::Newest)? {
            Some(row) => row.entry.directory,
            None if path.names().is_empty() => Some(DirectoryId::ROOT),
            None => None,
        };
        let Some(id) = id else { return Ok(Vec::new()) };
        // Behind every name that begins so: no file system has longer ones.
        let past = [begins, &[0xff; 256]].concat();
        let sql = "SELECT name, directory IS NOT NULL FROM entry
                   WHERE parent = ?1 AND name >= ?2 AND name < ?3 AND last IS NULL ORDER BY name LIMIT ?4";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map((id, begins, past, count), |row| {
            Ok((rows::name_of(row.get_ref(0)?.as_blob()?)?, row.get(1)?))
        })?;
        rows::collect(found)
    }

    fn child(&self, parent: DirectoryId, name: &Name, view: View) -> Result<Option<TreeRow>> {
        let sql = format!(
            "{SELECT} WHERE e.parent = ?1 AND e.name = ?2 AND e.first <= ?3 AND (e.last IS NULL OR e.last >= ?4)"
        );
        let (upper, lower) = view.bounds();
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_row((parent, name.as_bytes(), upper, lower), tree_row).optional()?;
        found.map(|(row, set)| self.with_xattrs(row, set)).transpose()
    }

    fn with_xattrs(&self, mut row: TreeRow, set: Option<i64>) -> Result<TreeRow> {
        if let Some(set) = set {
            let sql = "SELECT name, value FROM xattr WHERE xattr_set = ?1 ORDER BY name";
            let mut statement = self.connection.prepare_cached(sql)?;
            let found = statement.query_map([set], |row| Ok(Xattr { name: row.get(0)?, value: row.get(1)? }))?;
            row.entry.metadata.xattrs = rows::collect(found)?;
        }
        Ok(row)
    }

    /// The path of a directory of the newest state; none if it is no longer in it.
    pub fn directory_path(&self, directory: DirectoryId) -> Result<Option<VPath>> {
        let sql = "SELECT parent, name FROM entry WHERE directory = ?1 AND last IS NULL";
        self.path_above(directory, sql, |here| [here.0.into()])
    }

    /// The path of a directory where it is, or where it last was; none if that is forgotten.
    pub fn last_directory_path(&self, directory: DirectoryId) -> Result<Option<VPath>> {
        let sql = "SELECT parent, name FROM entry WHERE directory = ?1
                   ORDER BY last IS NULL DESC, last DESC, first DESC LIMIT 1";
        self.path_above(directory, sql, |here| [here.0.into()])
    }

    /// The path of a directory in the state of a snapshot; none if it was not there.
    pub fn directory_path_at(&self, directory: DirectoryId, snapshot: SnapshotId) -> Result<Option<VPath>> {
        let sql = "SELECT parent, name FROM entry
                   WHERE directory = ?1 AND first <= ?2 AND (last IS NULL OR last >= ?2)";
        self.path_above(directory, sql, |here| [here.0.into(), snapshot.0.into()])
    }

    fn path_above<const N: usize>(
        &self,
        directory: DirectoryId,
        sql: &str,
        values: impl Fn(DirectoryId) -> [Value; N],
    ) -> Result<Option<VPath>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut names = Vec::new();
        let mut here = directory;
        while here != DirectoryId::ROOT {
            let above = statement.query_row(params_from_iter(values(here)), |row| {
                Ok((row.get(0)?, rows::name_of(row.get_ref(1)?.as_blob()?)?))
            });
            let Some((parent, name)) = above.optional()? else { return Ok(None) };
            // A hostile catalog may make two directories each other's parent.
            if names.len() > VPath::DEEPEST + 1 {
                return Err(rows::damaged("a directory inside itself"));
            }
            names.push(name);
            here = parent;
        }
        Ok(Some(names.into_iter().rev().collect()))
    }

    /// The files of the newest state that have an object's bytes, at most `count`.
    pub fn places_of(&self, key: ObjectKey, count: u32) -> Result<Vec<ObjectPlace>> {
        let sql = "SELECT parent, name, inode FROM entry WHERE object = ?1 AND last IS NULL LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((key, count), |row| {
            let (name, inode) = (rows::name_of(row.get_ref(1)?.as_blob()?)?, row.get::<_, i64>(2)? as u64);
            Ok(ObjectPlace { parent: row.get(0)?, name, inode })
        })?;
        rows::collect(found)
    }

    /// Where an object's bytes are, or last were: a file of the newest state, else of the newest one
    /// that is not forgotten.
    pub fn last_path_of(&self, key: ObjectKey) -> Result<Option<VPath>> {
        let sql = "SELECT parent, name FROM entry WHERE object = ?1
                   ORDER BY last IS NULL DESC, last DESC, first DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let place = statement.query_row([key], |row| Ok((row.get(0)?, rows::name_of(row.get_ref(1)?.as_blob()?)?)));
        let Some((parent, name)) = place.optional()? else { return Ok(None) };
        Ok(self.last_directory_path(parent)?.map(|directory| directory.join(&name)))
    }

    /// How many entries the newest state has, by kind, counted one by one.
    pub fn count_entries(&self) -> Result<Vec<(Kind, u64)>> {
        let sql = "SELECT next_directory / 2 FROM catalog";
        let middle: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        let both = |lower: Vec<u64>, upper: Vec<u64>| lower.iter().zip(&upper).map(|(a, b)| a + b).collect();
        let counts = self.halves(middle, |catalog, range| catalog.count_kinds(&range), both)?;
        Ok(Kind::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect())
    }

    /// Entries of each kind in directories with these ids: as a group for each they would be sorted.
    fn count_kinds(&self, directories: &RangeInclusive<i64>) -> Result<Vec<u64>> {
        let columns: Vec<_> =
            (0..Kind::ALL.len()).map(|kind| format!("count(*) FILTER (WHERE kind = {kind})")).collect();
        let sql = format!("SELECT {} FROM entry WHERE last IS NULL AND parent BETWEEN ?1 AND ?2", columns.join(", "));
        let count = |row: &Row<'_>, at| row.get::<_, i64>(at).map(|count| count as u64);
        let counts = self.connection.query_row(&sql, (directories.start(), directories.end()), |row| {
            (0..Kind::ALL.len()).map(|at| count(row, at)).collect()
        });
        Ok(counts?)
    }
}

fn tree_row(row: &Row<'_>) -> rusqlite::Result<(TreeRow, Option<i64>)> {
    let object: Option<ObjectKey> = row.get(3)?;
    let linked: bool = row.get(10)?;
    let file_system: Option<FileSystemId> = row.get(11)?;
    let inode = row.get::<_, i64>(12)? as u64;
    let metadata = Metadata {
        kind: rows::kind_of(row.get(4)?)?,
        size: row.get(5)?,
        mtime: row.get(6)?,
        target: row.get::<_, Option<Vec<u8>>>(7)?.unwrap_or_default(),
        node: row.get::<_, Option<i64>>(8)?.unwrap_or_default() as u64,
        sparse: row.get(9)?,
        owner: rows::owner_of(row, 13)?,
        xattrs: Vec::new(),
    };
    let entry = Entry {
        parent: row.get(0)?,
        name: rows::name_of(row.get_ref(1)?.as_blob()?)?,
        directory: row.get(2)?,
        content: object.map_or(Content::None, Content::Object),
        metadata,
        hard_link: file_system.filter(|_| linked).map(|file_system| (file_system, inode)),
    };
    let disks = DiskSet(row.get::<_, i64>(19)? as u64);
    let doubtful = DiskSet(row.get::<_, i64>(21)? as u64);
    Ok((TreeRow { entry, object: row.get(18)?, disks, doubtful }, row.get(20)?))
}
