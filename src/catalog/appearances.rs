//! Where an object's bytes stand, in all states of the tree.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{DirectoryId, Name, ObjectKey, Span, Timestamp};

/// A file that has an object's bytes, in some states of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// The directory it stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
    /// The states in which it has these bytes.
    pub span: Span,
    /// Its permission bits.
    pub mode: u32,
    /// The time of its last change.
    pub mtime: Timestamp,
}

impl Catalog {
    /// Every file of every state that has an object's bytes.
    pub fn appearances(&self, key: ObjectKey) -> Result<Vec<Appearance>> {
        let sql = "SELECT e.parent, e.name, e.first, e.last, w.mode, e.mtime
                   FROM entry e JOIN owner w ON w.id = e.owner WHERE e.object = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map([key], |row| {
            Ok(Appearance {
                parent: row.get(0)?,
                name: rows::name_of(row.get_ref(1)?.as_blob()?)?,
                span: Span { first: row.get(2)?, last: row.get(3)? },
                mode: row.get(4)?,
                mtime: row.get(5)?,
            })
        })?;
        rows::collect(found)
    }
}
