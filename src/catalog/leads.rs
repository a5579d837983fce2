//! Which directories lead to a name: one pass over all names, instead of a question for each directory.

use super::open::look_at_own;
use super::{Catalog, rows};
use crate::error::{Error, Kind, Result};
use crate::model::DirectoryId;
use rusqlite::Connection;
use std::collections::HashSet;
use std::ops::Range;
use std::thread;

/// Names of one directory after the other, as far as they may be meant.
const NAMES: &str = "SELECT parent, name FROM entry
                     WHERE parent >= ?1 AND parent < ?2 AND instr(name, ?3) AND (?4 OR last IS NULL)";

impl Catalog {
    /// The directories that hold a name which has this part and is meant, and all above those: in the
    /// newest state, or in any that is kept.
    pub fn leads_to(
        &self,
        part: &[u8],
        is_meant: &(dyn Fn(&[u8]) -> bool + Sync),
        ever: bool,
    ) -> Result<HashSet<DirectoryId>> {
        let end: i64 = self.connection.query_row("SELECT next_directory FROM catalog", [], |row| row.get(0))?;
        let look = |connection: &Connection, range| names(connection, range, (part, ever), is_meant);
        let second = if self.is_scratch() { None } else { look_at_own(self.path()).ok() };
        let mut found = match second {
            Some(second) => thread::scope(|scope| {
                let upper = scope.spawn(move || look(&second, end / 2..i64::MAX));
                let mut found = look(&self.connection, i64::MIN..end / 2)?;
                found.extend(upper.join().map_err(|_| Error::new(Kind::Failed, "a thread that looked at names"))??);
                Ok::<_, Error>(found)
            })?,
            None => look(&self.connection, i64::MIN..i64::MAX)?,
        };
        self.add_those_above(&mut found)?;
        Ok(found)
    }

    /// Where a directory ever stood.
    fn add_those_above(&self, found: &mut HashSet<DirectoryId>) -> Result<()> {
        let mut statement = self.connection.prepare("SELECT DISTINCT parent FROM entry WHERE directory = ?1")?;
        let mut open: Vec<_> = found.iter().copied().collect();
        while let Some(directory) = open.pop() {
            let above = statement.query_map([directory], |row| row.get(0))?;
            open.extend(rows::collect::<DirectoryId>(above)?.into_iter().filter(|above| found.insert(*above)));
        }
        Ok(())
    }
}

fn names(
    connection: &Connection,
    range: Range<i64>,
    (part, ever): (&[u8], bool),
    is_meant: &(dyn Fn(&[u8]) -> bool + Sync),
) -> Result<HashSet<DirectoryId>> {
    let mut found = HashSet::new();
    let mut statement = connection.prepare(NAMES)?;
    let mut rows = statement.query((range.start, range.end, part, ever))?;
    while let Some(row) = rows.next()? {
        if is_meant(row.get_ref(1)?.as_blob().unwrap_or_default()) {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}
