//! Content that changed under an unchanged size and mtime, until a person decides.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{DirectoryId, Name, ObjectKey, Timestamp};

/// A change that no write explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// The directory the file stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
    /// The content before: live until a person decides.
    pub old: ObjectKey,
    /// The content now; none if the file became empty.
    pub new: Option<ObjectKey>,
    /// When it was noticed.
    pub found: Timestamp,
}

impl Catalog {
    /// Notes a suspect; one that waits already keeps its first content.
    pub fn add_suspect(&self, suspect: &Suspect) -> Result<()> {
        let sql = "INSERT INTO suspect VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET new_object = ?4";
        let Suspect { parent, name, old, new, found } = suspect;
        self.connection.execute(sql, (parent, name.as_bytes(), old, new, found))?;
        Ok(())
    }

    /// All that wait for a decision.
    pub fn suspects(&self) -> Result<Vec<Suspect>> {
        let sql = "SELECT parent, name, old_object, new_object, found FROM suspect ORDER BY parent, name";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([], |row| {
            let name = rows::name_of(row.get_ref(1)?.as_blob()?)?;
            Ok(Suspect { parent: row.get(0)?, name, old: row.get(2)?, new: row.get(3)?, found: row.get(4)? })
        })?;
        rows::collect(found)
    }

    /// The new content is right: the old one is history like any other. The sums are to be counted
    /// afresh behind it.
    pub fn accept_suspect(&self, suspect: &Suspect) -> Result<()> {
        let sql = "DELETE FROM suspect WHERE parent = ?1 AND name = ?2";
        self.connection.execute(sql, (suspect.parent, suspect.name.as_bytes()))?;
        self.doubt_holdings()
    }

    /// The new content is wrong: the entry has the old one again, until the file changes. Says
    /// whether it still had the new one; if not, nothing is done.
    pub fn reject_suspect(&self, suspect: &Suspect) -> Result<bool> {
        let Suspect { parent, name, old, new, .. } = suspect;
        // Settled: a file that was as young as its scan would be read again by the next update.
        let sql = "UPDATE entry SET object = ?3, settled = 1
                   WHERE parent = ?1 AND name = ?2 AND last IS NULL AND object IS ?4
                     AND size = (SELECT size FROM object WHERE id = ?3)";
        let had_it = self.connection.execute(sql, (parent, name.as_bytes(), old, new))? > 0;
        if had_it {
            self.accept_suspect(suspect)?;
        }
        Ok(had_it)
    }
}
