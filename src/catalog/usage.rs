//! The files of the newest state with the copies of what is in them: what sums by folder are made of.

use super::stream::{COPIES, Stream};
use super::tally::Claim;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{DirectoryId, DiskSet, Kind, Name, ObjectKey, Owner, Size, Timestamp};
use rusqlite::Row;
use std::ops::RangeInclusive;

/// One object of the newest state, and where its names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage<'u> {
    /// Its length.
    pub size: Size,
    /// The disks that hold it, copies in doubt not counted.
    pub disks: DiskSet,
    /// The directories that its names stand in, and how many in each; the first name, which has
    /// what the size leaves over when it is shared out, is in the first of them.
    pub places: &'u [(DirectoryId, u64)],
}

/// One entry of a directory, as a person reads sums of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub kind: Kind,
    /// Its own id, if it is a directory.
    pub directory: Option<DirectoryId>,
    /// Its length.
    pub size: Size,
    /// Bytes of it that are not holes.
    pub data: Size,
    /// Last change of its content.
    pub mtime: Timestamp,
    /// Mode, owner and group.
    pub owner: Owner,
    /// Its inode number where it was seen.
    pub inode: u64,
    /// Its content, if it has any.
    pub object: Option<ObjectKey>,
    /// How many names of the newest state have that content.
    pub names: u64,
    /// Its part of the size that they share.
    pub share: Size,
    /// The disks that hold it, copies in doubt not counted.
    pub disks: DiskSet,
}

impl Catalog {
    /// Visits every object that a file of the newest state has, in two halves at a time: each begins
    /// with a value of its own, and both are joined.
    pub fn usage<T: Send>(
        &self,
        begin: impl Fn() -> T + Sync,
        visit: impl Fn(&mut T, Usage<'_>) + Sync,
        join: impl FnOnce(T, T) -> T,
    ) -> Result<T> {
        let half = |catalog: &Self, keys: RangeInclusive<i64>| {
            let mut value = begin();
            catalog.usage_of(&keys, |usage| visit(&mut value, usage))?;
            Ok(value)
        };
        self.halves(self.middle_object()?, half, join)
    }

    fn usage_of(&self, keys: &RangeInclusive<i64>, mut visit: impl FnMut(Usage<'_>)) -> Result<()> {
        let objects = "SELECT id, size FROM object WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
        let mut objects = self.connection.prepare(objects)?;
        let names =
            "SELECT object, parent FROM entry WHERE object IS NOT NULL AND last IS NULL AND object BETWEEN ?1 AND ?2
                     ORDER BY object, first, parent, name";
        let mut names = self.connection.prepare(names)?;
        let mut copies = self.connection.prepare(COPIES)?;
        let (mut names, mut copies) = (Stream::new(&mut names, keys)?, Stream::new(&mut copies, keys)?);
        let doubts = self.doubts()?;
        let mut places: Vec<(DirectoryId, u64)> = Vec::new();
        let mut rows = objects.query((keys.start(), keys.end()))?;
        while let Some(row) = rows.next()? {
            let key: ObjectKey = row.get(0)?;
            places.clear();
            names.all_of(key, |row| {
                let parent = row.get(1)?;
                match places.last_mut() {
                    Some((last, count)) if *last == parent => *count += 1,
                    _ => places.push((parent, 1)),
                }
                Ok(())
            })?;
            let mut disks = DiskSet::EMPTY;
            copies.all_of(key, |row| {
                let claim = Claim::of(row, 1)?;
                if doubts.of(claim) == Some(false) {
                    disks = disks.with(claim.disk);
                }
                Ok(())
            })?;
            if !places.is_empty() {
                visit(Usage { size: row.get(1)?, disks, places: &places });
            }
        }
        Ok(())
    }

    /// How many files without any content stand in which directory of the newest state.
    pub fn empty_files(&self, mut visit: impl FnMut(DirectoryId, u64)) -> Result<()> {
        let sql = "SELECT parent, count(*) FROM entry WHERE kind = ?1 AND object IS NULL AND last IS NULL
                   GROUP BY parent";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([rows::kind_number(Kind::File)])?;
        while let Some(row) = rows.next()? {
            visit(row.get(0)?, row.get::<_, i64>(1)? as u64);
        }
        Ok(())
    }

    /// What stands in a directory of the newest state, ordered by name.
    pub fn files_in(&self, directory: DirectoryId) -> Result<Vec<FileRow>> {
        let sql = concat!(
            "
            SELECT e.name, e.kind, e.directory, e.size, e.mtime, w.mode, w.uid, w.gid, w.user_name, w.group_name,
                   e.object, o.data,
                   (SELECT count(*) FROM entry x WHERE x.object = e.object AND x.last IS NULL),
                   (SELECT coalesce(sum(1 << c.disk), 0) FROM copy c CROSS JOIN disk d ON d.id = c.disk
                    WHERE c.object = e.object AND NOT ",
            in_doubt!(),
            "),
                   EXISTS (SELECT 1 FROM entry x WHERE x.object = e.object AND x.last IS NULL
                           AND (x.first, x.parent, x.name) < (e.first, e.parent, e.name)), e.inode
            FROM entry e LEFT JOIN owner w ON w.id = e.owner LEFT JOIN object o ON o.id = e.object
            WHERE e.parent = ?1 AND e.last IS NULL ORDER BY e.name"
        );
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map([directory], file_row)?;
        rows::collect(found)
    }
}

fn file_row(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    let size: Size = row.get(3)?;
    let object: Option<ObjectKey> = row.get(10)?;
    let names = row.get::<_, i64>(12)? as u64;
    let others = Size(size.bytes() / names.max(1));
    let is_first = !row.get::<_, bool>(14)?;
    Ok(FileRow {
        name: rows::name_of(row.get_ref(0)?.as_blob()?)?,
        kind: rows::kind_of(row.get(1)?)?,
        directory: row.get(2)?,
        size,
        data: row.get::<_, Option<Size>>(11)?.unwrap_or(size),
        mtime: row.get(4)?,
        owner: rows::owner_of(row, 5)?,
        inode: row.get::<_, i64>(15)? as u64,
        object,
        names,
        share: if is_first { size - others.times(names.saturating_sub(1)) } else { others },
        disks: DiskSet(row.get::<_, i64>(13)? as u64),
    })
}
