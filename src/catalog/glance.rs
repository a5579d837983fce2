//! What stands or stood in directories, for a look at very many: each row comes from one table, and
//! what others say of it is asked only of those that are shown.

use super::{Catalog, View, rows};
use crate::error::Result;
use crate::model::{DirectoryId, Kind, Name, ObjectKey, Owner, Size, Span, Timestamp};
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
    /// Which snapshots saw it.
    pub span: Span,
}

/// What a line needs; a column less is a part less of the time that a row takes.
const FEW: &str = "SELECT name, kind, directory, object, size";

/// Directories lead to others whatever their names are.
const MEANT: &str =
    "FROM entry WHERE parent = ?1 AND (directory IS NOT NULL OR ?2 = x'' OR instr(name, ?2)) AND name >= ?3";

/// Rows of one directory that are visited at once, at most.
const AT_ONCE: usize = 8192;

/// An entry of one state, read from its row as it is asked for.
pub struct Glimpse<'r> {
    row: &'r Row<'r>,
    /// Its name, which is one.
    pub name: &'r [u8],
    /// What it is.
    pub kind: Kind,
    /// A directory's own id.
    pub directory: Option<DirectoryId>,
    /// Its content, if it has any.
    pub object: Option<ObjectKey>,
    /// Its length.
    pub size: Size,
}

impl Glimpse<'_> {
    /// Last change of its content, if that was asked for.
    pub fn mtime(&self) -> Result<Timestamp> {
        Ok(self.row.get(5)?)
    }

    /// Where a symlink points, if that was asked for; of others nothing.
    pub fn target(&self) -> Result<&[u8]> {
        Ok(self.row.get_ref(7)?.as_blob_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default())
    }

    /// Equal for entries of one mode, owner and group, if that was asked for.
    pub fn owner(&self) -> Result<i64> {
        Ok(self.row.get(6)?)
    }
}

impl Catalog {
    /// Visits what stands in a directory in a state, by name, from a name on or from the first; of files
    /// and the like only those with this part in their names; `details`: when it was changed, whose it is
    /// and where it points is asked for. `visit` says whether to go on; else, and after very many rows, the
    /// name is returned from which to go on.
    pub fn each_in(
        &self,
        directory: DirectoryId,
        (part, view, details): (&[u8], View, bool),
        from: Option<&Name>,
        mut visit: impl FnMut(&Glimpse<'_>) -> Result<bool>,
    ) -> Result<Option<Name>> {
        let (state, snapshot) = match view {
            View::Newest => ("last IS NULL", None),
            View::At(snapshot) => ("first <= ?4 AND (last IS NULL OR last >= ?4)", Some(snapshot)),
        };
        let more = if details { ", mtime, owner, target" } else { "" };
        let sql = format!("{FEW}{more} {MEANT} AND {state} ORDER BY name, first");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let from = from.map(Name::as_bytes).unwrap_or_default();
        let mut values: Vec<&dyn ToSql> = vec![&directory, &part, &from];
        values.extend(snapshot.as_ref().map(|snapshot| snapshot as &dyn ToSql));
        let mut rows = statement.query(values.as_slice())?;
        let (mut seen, mut last) = (0, None);
        while let Some(row) = rows.next()? {
            let row = glimpse(row)?;
            // A hostile catalog may hold a name twice.
            if last.as_ref().is_some_and(|last: &Name| last.as_bytes() != row.name) {
                return Ok(Name::new(row.name));
            }
            seen += 1;
            if !visit(&row)? || seen >= AT_ONCE {
                last = Name::new(row.name);
            }
        }
        Ok(None)
    }

    /// Visits all versions of each name that stands or stood in a directory, by name, the oldest first,
    /// likewise.
    pub fn ever_in(
        &self,
        directory: DirectoryId,
        part: &[u8],
        from: Option<&Name>,
        mut visit: impl FnMut(Vec<Glance>) -> Result<bool>,
    ) -> Result<Option<Name>> {
        let sql = format!("{FEW}, mtime, first, last {MEANT} ORDER BY name, first");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query((directory, part, from.map(Name::as_bytes).unwrap_or_default()))?;
        let (mut versions, mut seen): (Vec<Glance>, usize) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let row = glance(row)?;
            if versions.first().is_some_and(|first| first.name != row.name)
                && (!visit(std::mem::take(&mut versions))? || seen >= AT_ONCE)
            {
                return Ok(Some(row.name));
            }
            versions.push(row);
            seen += 1;
        }
        if !versions.is_empty() {
            visit(versions)?;
        }
        Ok(None)
    }

    /// All versions of one name in a directory, the oldest first.
    pub fn ever_named(&self, directory: DirectoryId, name: &Name) -> Result<Vec<Glance>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{FEW}, mtime, first, last FROM entry WHERE parent = ?1 AND name = ?2 ORDER BY first"
        ))?;
        let found = statement.query_map((directory, name.as_bytes()), glance)?;
        rows::collect(found)
    }

    /// Mode, owner and group, by [`Glimpse::owner`].
    pub fn owner(&self, id: i64) -> Result<Owner> {
        let sql = "SELECT mode, uid, gid, user_name, group_name FROM owner WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_row([id], |row| rows::owner_of(row, 0))?)
    }
}

fn glimpse<'r>(row: &'r Row<'r>) -> rusqlite::Result<Glimpse<'r>> {
    Ok(Glimpse {
        row,
        name: rows::name_in(row.get_ref(0)?.as_blob()?)?,
        kind: rows::kind_of(row.get(1)?)?,
        directory: row.get(2)?,
        object: row.get(3)?,
        size: row.get(4)?,
    })
}

fn glance(row: &Row<'_>) -> rusqlite::Result<Glance> {
    Ok(Glance {
        name: rows::name_of(row.get_ref(0)?.as_blob()?)?,
        kind: rows::kind_of(row.get(1)?)?,
        directory: row.get(2)?,
        object: row.get(3)?,
        size: row.get(4)?,
        mtime: row.get(5)?,
        span: Span { first: row.get(6)?, last: row.get(7)? },
    })
}
