//! What ever stood in a directory, as far as that is not forgotten.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{DirectoryId, DiskSet, Kind, Name, ObjectId, ObjectKey, Size, SnapshotId, Span, Timestamp};
use rusqlite::Row;

/// One version of an entry, and the snapshots that saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRow {
    /// Its name.
    pub name: Name,
    /// What it was.
    pub kind: Kind,
    /// A directory's own id.
    pub directory: Option<DirectoryId>,
    /// Its content, if it had any.
    pub object: Option<(ObjectKey, ObjectId)>,
    /// Its length.
    pub size: Size,
    /// Last change of its content.
    pub mtime: Timestamp,
    /// Which snapshots saw it.
    pub span: Span,
    /// The disks that hold its content now, copies in doubt not counted.
    pub disks: DiskSet,
}

const SELECT: &str = "
    SELECT e.name, e.kind, e.directory, e.object, o.hash, e.size, e.mtime, e.first, e.last,
           (SELECT coalesce(sum(1 << c.disk), 0) FROM copy c WHERE c.object = e.object AND NOT c.doubt)
    FROM entry e LEFT JOIN object o ON o.id = e.object WHERE e.parent = ?1";

impl Catalog {
    /// All versions of all that stands or stood in a directory, by name, the oldest first.
    pub fn ever_in(&self, directory: DirectoryId) -> Result<Vec<PastRow>> {
        let mut statement = self.connection.prepare_cached(&format!("{SELECT} ORDER BY e.name, e.first"))?;
        let found = statement.query_map([directory], past_row)?;
        rows::collect(found)
    }

    /// All versions of one name in a directory, the oldest first.
    pub fn ever_named(&self, directory: DirectoryId, name: &Name) -> Result<Vec<PastRow>> {
        let mut statement = self.connection.prepare_cached(&format!("{SELECT} AND e.name = ?2 ORDER BY e.first"))?;
        let found = statement.query_map((directory, name.as_bytes()), past_row)?;
        rows::collect(found)
    }
}

fn past_row(row: &Row<'_>) -> rusqlite::Result<PastRow> {
    let object: Option<ObjectKey> = row.get(3)?;
    let hash: Option<ObjectId> = row.get(4)?;
    Ok(PastRow {
        name: rows::name_of(row.get_ref(0)?.as_blob()?)?,
        kind: rows::kind_of(row.get(1)?)?,
        directory: row.get(2)?,
        object: object.zip(hash),
        size: row.get(5)?,
        mtime: row.get(6)?,
        span: Span { first: SnapshotId(row.get(7)?), last: row.get::<_, Option<i64>>(8)?.map(SnapshotId) },
        disks: DiskSet(row.get::<_, i64>(9)? as u64),
    })
}
