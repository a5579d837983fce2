//! What is different in two states of the tree.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, DirectoryId, Kind, Name, ObjectKey, Size, SnapshotId};
use rusqlite::Row;

/// One entry as one of two states has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its name.
    pub name: Name,
    /// Whether it is the newer state that has it.
    pub is_newer: bool,
    /// What it is.
    pub kind: Kind,
    /// Its content, if it has any.
    pub object: Option<ObjectKey>,
    /// Its length.
    pub size: Size,
    /// Where a symlink points, else empty.
    pub target: Vec<u8>,
}

/// Where one of two states has a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The directory it stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
    /// Whether it is the newer state that has it.
    pub is_newer: bool,
}

/// Entries of one kind in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindSum {
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub entries: u64,
    /// The lengths of files, summed.
    pub bytes: Size,
}

/// Rows that one of two states has and the other has not: `?1` the older, `?2` the newer.
const DIFFERENT: &str = "((last >= ?1 AND last < ?2 AND first <= ?1)
                          OR (first > ?1 AND first <= ?2 AND (last IS NULL OR last >= ?2)))";

impl Catalog {
    /// What a state holds, by kind, and the files of it whose content no disk holds.
    pub fn sums_at(&self, snapshot: SnapshotId) -> Result<(Vec<KindSum>, Amount)> {
        // By hand: to group them SQLite would sort all rows.
        let count = |kind: &Kind| format!("count(*) FILTER (WHERE kind = {})", rows::kind_number(*kind));
        let sql = format!(
            "SELECT coalesce(sum(size) FILTER (WHERE kind = {}), 0), {} FROM entry
             WHERE first <= ?1 AND (last IS NULL OR last >= ?1)",
            rows::kind_number(Kind::File),
            Kind::ALL.iter().map(count).collect::<Vec<_>>().join(", ")
        );
        let kinds = self.connection.query_row(&sql, [snapshot], |row| {
            let sum = |(column, kind): (usize, &Kind)| {
                let bytes = if *kind == Kind::File { row.get(0)? } else { Size::ZERO };
                Ok(KindSum { kind: *kind, entries: row.get::<_, i64>(column)? as u64, bytes })
            };
            (1..).zip(Kind::ALL.iter()).map(sum).collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let kinds = kinds.into_iter().filter(|sum| sum.entries > 0).collect();
        // What no disk holds is found along both keys, and is little.
        let sql = "SELECT count(*), coalesce(sum(o.size), 0) FROM object o CROSS JOIN entry e ON e.object = o.id
                   WHERE NOT EXISTS (SELECT 1 FROM copy c WHERE c.object = o.id)
                     AND e.first <= ?1 AND (e.last IS NULL OR e.last >= ?1)";
        let without = self.connection.query_row(sql, [snapshot], |row| {
            Ok(Amount { objects: row.get::<_, i64>(0)? as u64, bytes: row.get(1)? })
        })?;
        Ok((kinds, without))
    }

    /// The directories in which anything differs between two states, given the older one first.
    pub fn changed_directories(&self, older: SnapshotId, newer: SnapshotId) -> Result<Vec<DirectoryId>> {
        let sql = format!("SELECT DISTINCT parent FROM entry WHERE {DIFFERENT} ORDER BY parent");
        let mut statement = self.connection.prepare(&sql)?;
        let found = statement.query_map((older, newer), |row| row.get(0))?;
        rows::collect(found)
    }

    /// What differs in one directory, by name, the older side first.
    pub fn changes_in(&self, directory: DirectoryId, older: SnapshotId, newer: SnapshotId) -> Result<Vec<Side>> {
        let sql = format!(
            "SELECT name, first > ?1, kind, object, size, target FROM entry
             WHERE parent = ?3 AND {DIFFERENT} ORDER BY name, first"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_map((older, newer, directory), side)?;
        rows::collect(found)
    }

    /// Whether a state had anything at a name.
    pub fn stood(&self, parent: DirectoryId, name: &Name, snapshot: SnapshotId) -> Result<bool> {
        let sql =
            "SELECT 1 FROM entry WHERE parent = ?1 AND name = ?2 AND first <= ?3 AND (last IS NULL OR last >= ?3)";
        Ok(self.connection.prepare_cached(sql)?.exists((parent, name.as_bytes(), snapshot))?)
    }

    /// Where an object came or went between two states, in no order; at most so many.
    pub fn changes_of(
        &self,
        object: ObjectKey,
        older: SnapshotId,
        newer: SnapshotId,
        count: u32,
    ) -> Result<Vec<Place>> {
        // Without an order it stops at the last one that is asked for, however many have that content.
        let sql = format!("SELECT parent, name, first > ?1 FROM entry WHERE object = ?3 AND {DIFFERENT} LIMIT ?4");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_map((older, newer, object, count), |row| {
            let name = rows::name_of(row.get_ref(1)?.as_blob()?)?;
            Ok(Place { parent: row.get(0)?, name, is_newer: row.get(2)? })
        })?;
        rows::collect(found)
    }
}

fn side(row: &Row<'_>) -> rusqlite::Result<Side> {
    Ok(Side {
        name: rows::name_of(row.get_ref(0)?.as_blob()?)?,
        is_newer: row.get(1)?,
        kind: rows::kind_of(row.get(2)?)?,
        object: row.get(3)?,
        size: row.get(4)?,
        target: row.get::<_, Option<Vec<u8>>>(5)?.unwrap_or_default(),
    })
}
