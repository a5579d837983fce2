//! What stands or stood in directories, for a look at very many: each row comes from one table, and
//! what others say of it is asked only of those that are shown.

use super::{Catalog, View, rows};
use crate::error::Result;
use crate::model::{DirectoryId, Kind, Name, ObjectKey, Owner, Size, SnapshotId, Span, Timestamp};
use rusqlite::{CachedStatement, Row};

/// One version of an entry of some name, and the snapshots that saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
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

/// Rows of a directory, from a name on.
const THERE: &str = "FROM entry WHERE parent = ?1 AND name >= ?2";

/// Of them only those with a part in their names. Directories lead to others whatever their names are.
const MEANT: &str = " AND (directory IS NOT NULL OR instr(name, ?3))";

/// Rows of one directory that are visited at once, at most.
const AT_ONCE: usize = 8192;

/// What is asked of directories, made once for very many. What is not to be asked of a row is left out of
/// the question: it would take a tenth of the row's time.
#[derive(Clone, Debug)]
struct Question {
    /// For all that is there.
    all_sql: String,
    /// For what has a part in its name.
    part_sql: String,
    snapshot: Option<SnapshotId>,
}

impl Question {
    fn new(more: &str, state: &str, snapshot: Option<SnapshotId>) -> Self {
        let sql = |meant| format!("{FEW}{more} {THERE}{state}{meant} ORDER BY name, first");
        Self { all_sql: sql(""), part_sql: sql(MEANT), snapshot }
    }

    /// The question for a directory, with its values.
    fn ask<'c>(&self, catalog: &'c Catalog, within: Within<'_>) -> Result<CachedStatement<'c>> {
        let sql = if within.part.is_empty() { &self.all_sql } else { &self.part_sql };
        let mut statement = catalog.connection.prepare_cached(sql)?;
        statement.raw_bind_parameter(1, within.directory)?;
        statement.raw_bind_parameter(2, within.from.map(Name::as_bytes).unwrap_or_default())?;
        if !within.part.is_empty() {
            statement.raw_bind_parameter(3, within.part)?;
        }
        if let Some(snapshot) = self.snapshot {
            statement.raw_bind_parameter(4, snapshot)?;
        }
        Ok(statement)
    }
}

/// A look at what stands in directories in one state.
#[derive(Clone, Debug)]
pub struct Sight(Question);

impl Sight {
    /// `details`: when it was changed, whose it is and where it points is asked for.
    pub fn of(view: View, details: bool) -> Self {
        let (state, snapshot) = match view {
            View::Newest => (" AND last IS NULL", None),
            View::At(snapshot) => (" AND first <= ?4 AND (last IS NULL OR last >= ?4)", Some(snapshot)),
        };
        Self(Question::new(if details { ", mtime, owner, target" } else { "" }, state, snapshot))
    }
}

/// A look at all that stands or ever stood in directories.
#[derive(Clone, Debug)]
pub struct Hindsight(Question);

impl Default for Hindsight {
    fn default() -> Self {
        Self(Question::new(", mtime, first, last", "", None))
    }
}

/// What of a directory is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Within<'p> {
    /// Its id.
    pub directory: DirectoryId,
    /// Of files and the like only those with this part in their names; empty: all.
    pub part: &'p [u8],
    /// From this name on, or from the first.
    pub from: Option<&'p Name>,
}

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
    /// Visits what stands in a directory, by name. `visit` says whether to go on; else, and after very many
    /// rows, the name is returned from which to go on.
    pub fn each_in(
        &self,
        sight: &Sight,
        within: Within<'_>,
        mut visit: impl FnMut(&Glimpse<'_>) -> Result<bool>,
    ) -> Result<Option<Name>> {
        let mut statement = sight.0.ask(self, within)?;
        let mut rows = statement.raw_query();
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

    /// Visits each name that stands or stood in a directory, by name, with all its versions, the oldest
    /// first, likewise.
    pub fn ever_in(
        &self,
        sight: &Hindsight,
        within: Within<'_>,
        mut visit: impl FnMut(&[u8], &[Glance]) -> Result<bool>,
    ) -> Result<Option<Name>> {
        let mut statement = sight.0.ask(self, within)?;
        let mut rows = statement.raw_query();
        // Emptied, not made anew, for each name: most have one version.
        let (mut name, mut versions, mut seen) = (Vec::new(), Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let next = name_in(row)?;
            if name != next {
                if !versions.is_empty() && (!visit(&name, &versions)? || seen >= AT_ONCE) {
                    return Ok(Name::new(next));
                }
                versions.clear();
                name.clear();
                name.extend_from_slice(next);
            }
            versions.push(glance(row)?);
            seen += 1;
        }
        if !versions.is_empty() {
            visit(&name, &versions)?;
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

fn name_in<'r>(row: &'r Row<'_>) -> rusqlite::Result<&'r [u8]> {
    rows::name_in(row.get_ref(0)?.as_blob()?)
}

fn glimpse<'r>(row: &'r Row<'r>) -> rusqlite::Result<Glimpse<'r>> {
    let name = name_in(row)?;
    let kind = rows::kind_of(row.get(1)?)?;
    Ok(Glimpse { row, name, kind, directory: row.get(2)?, object: row.get(3)?, size: row.get(4)? })
}

fn glance(row: &Row<'_>) -> rusqlite::Result<Glance> {
    Ok(Glance {
        kind: rows::kind_of(row.get(1)?)?,
        directory: row.get(2)?,
        object: row.get(3)?,
        size: row.get(4)?,
        mtime: row.get(5)?,
        span: Span { first: row.get(6)?, last: row.get(7)? },
    })
}
