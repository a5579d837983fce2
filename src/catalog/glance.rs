//! What stands or stood in directories, for a look at very many: each row comes from one table, and
//! what others say of it is asked only of those that are shown.

use super::{Catalog, View, rows};
use crate::error::Result;
use crate::model::{DirectoryId, Kind, Name, ObjectKey, Owner, Size, SnapshotId, Span, Timestamp};
use rusqlite::{Row, ToSql};

/// One version of an entry, and the snapshots that saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Its name.
    pub name: Name,
    /// What it was.
    pub kind: Kind,
    /// A directory's own id.
    pub directory: Option<DirectoryId>,
    /// Its content, if it had any.
    pub object: Option<ObjectKey>,
    /// Its length.
    pub size: Size,
    /// Last change of its content.
    pub mtime: Timestamp,
    /// Where a symlink pointed.
    pub target: Vec<u8>,
    /// Which snapshots saw it.
    pub span: Span,
    owner: i64,
}

const SELECT: &str =
    "SELECT name, kind, directory, object, size, mtime, target, first, last, owner FROM entry WHERE parent = ?1";

/// Directories lead to others whatever their names are.
const MEANT: &str = "(directory IS NOT NULL OR instr(name, ?2))";

impl Catalog {
    /// What stands in a directory in the newest state, by name; of files and the like only those with
    /// this part in their names.
    fn now_in(&self, directory: DirectoryId, part: &[u8]) -> Result<Vec<Glance>> {
        self.glances(&format!("{SELECT} AND last IS NULL AND {MEANT} ORDER BY name, first"), (directory, part))
    }

    /// What stood in a directory in the state of a snapshot, likewise.
    fn then_in(&self, directory: DirectoryId, part: &[u8], snapshot: SnapshotId) -> Result<Vec<Glance>> {
        let sql = format!("{SELECT} AND first <= ?3 AND (last IS NULL OR last >= ?3) AND {MEANT} ORDER BY name");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let found = statement.query_map((directory, part, snapshot), glance)?;
        rows::collect(found)
    }

    /// What stands in a directory in a state, by name; of files and the like only those with this
    /// part in their names.
    pub fn glance_in(&self, directory: DirectoryId, part: &[u8], view: View) -> Result<Vec<Glance>> {
        match view {
            View::Newest => self.now_in(directory, part),
            View::At(snapshot) => self.then_in(directory, part, snapshot),
        }
    }

    /// All versions of all that stands or stood in a directory, by name, the oldest first; of files
    /// and the like only those with this part in their names.
    pub fn ever_in(&self, directory: DirectoryId, part: &[u8]) -> Result<Vec<Glance>> {
        self.glances(&format!("{SELECT} AND {MEANT} ORDER BY name, first"), (directory, part))
    }

    /// All versions of one name in a directory, the oldest first.
    pub fn ever_named(&self, directory: DirectoryId, name: &Name) -> Result<Vec<Glance>> {
        self.glances(&format!("{SELECT} AND name = ?2 ORDER BY first"), (directory, name.as_bytes()))
    }

    fn glances(&self, sql: &str, (directory, bytes): (DirectoryId, &[u8])) -> Result<Vec<Glance>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map([&directory as &dyn ToSql, &bytes], glance)?;
        rows::collect(found)
    }

    /// Mode, owner and group of an entry.
    pub fn owner_of(&self, glance: &Glance) -> Result<Owner> {
        let sql = "SELECT mode, uid, gid, user_name, group_name FROM owner WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([glance.owner], |row| rows::owner_of(row, 0))?)
    }
}

impl Glance {
    /// Equal for entries of one mode, owner and group.
    pub fn owner(&self) -> i64 {
        self.owner
    }
}

fn glance(row: &Row<'_>) -> rusqlite::Result<Glance> {
    Ok(Glance {
        name: rows::name_of(row.get_ref(0)?.as_blob()?)?,
        kind: rows::kind_of(row.get(1)?)?,
        directory: row.get(2)?,
        object: row.get(3)?,
        size: row.get(4)?,
        mtime: row.get(5)?,
        target: row.get::<_, Option<Vec<u8>>>(6)?.unwrap_or_default(),
        span: Span { first: row.get(7)?, last: row.get(8)? },
        owner: row.get(9)?,
    })
}
