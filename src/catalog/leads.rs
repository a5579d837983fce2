//! Which directories lead to a name: one pass over all names, instead of a question for each directory.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{DirectoryId, Name, Sought, VPath};
use rusqlite::CachedStatement;
use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

/// Names that have a part, of one directory after the other.
const NAMES: &str = "SELECT parent, name FROM entry
                     WHERE parent BETWEEN ?1 AND ?2 AND instr(name, ?3) AND (?4 OR last IS NULL)";

/// Where a directory stands, or ever stood.
const ABOVE: &str = "SELECT DISTINCT parent, name FROM entry WHERE directory = ?1 AND (?2 OR last IS NULL) LIMIT 2";

impl Catalog {
    /// Directories have ids below this one.
    pub fn directories_end(&self) -> Result<i64> {
        Ok(self.connection.query_row("SELECT next_directory FROM catalog", [], |row| row.get(0))?)
    }

    /// The directories that hold a name which is sought, and all above those: in the newest state, or
    /// in any that is kept.
    pub fn leads_to(&self, sought: &Sought, ever: bool) -> Result<HashSet<DirectoryId>> {
        let end = self.directories_end()?;
        let look = |catalog: &Self, found: &mut HashSet<_>, range| {
            let holding = catalog.add_names(found, range, sought, ever)?;
            catalog.add_those_above(found, holding)
        };
        let both = |mut one: HashSet<_>, other: HashSet<_>| {
            one.extend(other);
            one
        };
        self.in_pieces(end, look, both)
    }

    /// The directories that hold a name, as far as they were not found yet.
    fn add_names(
        &self,
        found: &mut HashSet<DirectoryId>,
        range: RangeInclusive<i64>,
        sought: &Sought,
        ever: bool,
    ) -> Result<Vec<DirectoryId>> {
        let (mut new, sought) = (Vec::new(), sought.clone());
        let mut paths = Paths { statement: self.connection.prepare_cached(ABOVE)?, known: HashMap::new(), ever };
        let mut statement = self.connection.prepare_cached(NAMES)?;
        let mut rows = statement.query((range.start(), range.end(), &sought.part, ever))?;
        while let Some(row) = rows.next()? {
            let (parent, name) = (row.get(0)?, row.get_ref(1)?.as_blob().unwrap_or_default());
            if !found.contains(&parent) && sought.is_meant(name, || paths.of(parent))? {
                found.insert(parent);
                new.push(parent);
            }
        }
        Ok(new)
    }

    fn add_those_above(&self, found: &mut HashSet<DirectoryId>, mut open: Vec<DirectoryId>) -> Result<()> {
        let mut statement = self.connection.prepare_cached("SELECT parent FROM entry WHERE directory = ?1")?;
        while let Some(directory) = open.pop() {
            let above = statement.query_map([directory], |row| row.get(0))?;
            open.extend(rows::collect::<DirectoryId>(above)?.into_iter().filter(|above| found.insert(*above)));
        }
        Ok(())
    }
}

/// Paths of directories, each asked for once.
struct Paths<'c> {
    statement: CachedStatement<'c>,
    known: HashMap<DirectoryId, Option<Vec<u8>>>,
    ever: bool,
}

impl Paths<'_> {
    /// The path of a directory; none if it had several, or has none.
    fn of(&mut self, directory: DirectoryId) -> Result<Option<Vec<u8>>> {
        let (mut way, mut here) = (Vec::new(), directory);
        // A hostile catalog may make two directories each other's parent.
        while here != DirectoryId::ROOT && !self.known.contains_key(&here) && way.len() <= VPath::DEEPEST {
            let Some((parent, name)) = self.above(here)? else { break };
            way.push((here, name));
            here = parent;
        }
        let root = (here == DirectoryId::ROOT).then(Vec::new);
        let mut path = root.or_else(|| self.known.get(&here).cloned().flatten());
        for (id, name) in way.into_iter().rev() {
            path = path.map(|above| [above.as_slice(), b"/", name.as_bytes()].concat());
            self.known.insert(id, path.clone());
        }
        Ok(path)
    }

    fn above(&mut self, directory: DirectoryId) -> Result<Option<(DirectoryId, Name)>> {
        let found = self
            .statement
            .query_map((directory, self.ever), |row| Ok((row.get(0)?, rows::name_of(row.get_ref(1)?.as_blob()?)?)))?;
        let mut found = rows::collect(found)?;
        Ok(if found.len() == 1 { found.pop() } else { None })
    }
}
