//! Where to look for names: only in directories that hold something that may match, or lead there.

use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{DirectoryId, Meant, Name, Pattern, Search, Sought, VPath};
use std::collections::HashSet;

/// Directories looked into before a pass over all names is made, which says which others are worth it.
const FEW: u32 = 500;

/// One of so many directories that holds something is enough to look into all.
const MANY: u32 = 4;

/// The shortest part of a name that makes such a pass worth it.
const PART: usize = 2;

/// Says which directories are to be looked into.
pub struct Reach<'r> {
    catalog: &'r Catalog,
    /// The names with which every match begins.
    begins: Vec<Vec<u8>>,
    /// What names behind those are looked for.
    sought: Sought<'r>,
    /// In any state that is kept, not only in the newest.
    ever: bool,
    looked: u32,
    /// Directories among those that held something that may be looked for.
    held: u32,
    /// Whether the last one asked for may have been in vain.
    is_guess: bool,
    /// Directories to be looked into before that pass.
    few: u32,
    leads: Option<HashSet<DirectoryId>>,
}

impl<'r> Reach<'r> {
    /// Where paths may match; without a pattern everywhere.
    pub fn of_pattern(catalog: &'r Catalog, pattern: Option<&'r Pattern>, ever: bool) -> Self {
        let begins = pattern.map(Pattern::begins).unwrap_or_default();
        let last = pattern.map(|pattern| Sought { part: pattern.last_part(), meant: Meant::Path(pattern) });
        let any = || Sought { part: pattern.map(Pattern::part).unwrap_or_default(), meant: Meant::Any };
        let sought = last.filter(|sought| sought.part.len() >= PART).unwrap_or_else(any);
        Self { catalog, begins, sought, ever, looked: 0, held: 0, is_guess: false, few: FEW, leads: None }
    }

    /// Where something that is searched for may be, in any state that is kept.
    pub fn of_search(catalog: &'r Catalog, search: &'r Search) -> Self {
        match search {
            Search::Path(pattern) => Self::of_pattern(catalog, Some(pattern), true),
            Search::Name(glob, part) => {
                let sought = Sought { part: part.clone(), meant: Meant::Name(glob) };
                Self { sought, ..Self::of_pattern(catalog, None, true) }
            }
        }
    }

    /// Whether to look into a directory at this path; `matches`: it is one of those looked for.
    pub fn leads_into(&mut self, path: &VPath, id: DirectoryId, matches: bool) -> Result<bool> {
        let names = path.names();
        self.is_guess = false;
        if !names.iter().zip(&self.begins).all(|(name, begins)| name.as_bytes() == begins) {
            return Ok(false);
        }
        let behind = names.get(self.begins.len()..).unwrap_or_default();
        if names.len() < self.begins.len() || self.opens(behind, matches) {
            return Ok(true);
        }
        self.looked = self.looked.saturating_add(1);
        self.is_guess = true;
        if self.leads.is_none() && self.looked > self.few {
            if self.held > self.looked / MANY {
                // Most lead somewhere, so far: a pass would spare little.
                self.few = self.few.saturating_mul(2);
            } else {
                // A transaction that is only for speed ends here: in one there is no second thread.
                self.catalog.commit()?;
                self.leads = Some(self.catalog.leads_to(&self.sought, self.ever)?);
            }
        }
        Ok(self.leads.as_ref().is_none_or(|leads| leads.contains(&id)))
    }

    /// What is part of the name of every file looked for in a directory whose path has these bytes;
    /// empty: nothing is known of it. `matches`: the directory is one of those looked for.
    pub fn part_in(&self, directory: &[u8], matches: bool) -> &[u8] {
        let part = self.sought.part.as_slice();
        match self.sought.meant {
            Meant::Name(_) => part,
            Meant::Path(_) if !matches => part,
            Meant::Any if !matches && !has(directory, part) => part,
            Meant::Any | Meant::Path(_) => b"",
        }
    }

    /// Whether a directory that was looked into held something that may be looked for.
    pub fn saw(&mut self, something: bool) {
        self.held = self.held.saturating_add(u32::from(something && self.is_guess));
    }

    /// Whether anything below may match, whatever its name.
    fn opens(&self, behind: &[Name], matches: bool) -> bool {
        let part = &self.sought.part;
        match self.sought.meant {
            Meant::Name(_) => false,
            Meant::Path(_) => matches,
            Meant::Any => matches || part.len() < PART || behind.iter().any(|name| has(name.as_bytes(), part)),
        }
    }
}

fn has(name: &[u8], part: &[u8]) -> bool {
    name.windows(part.len().max(1)).any(|piece| piece == part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn only_what_lies_on_the_way_is_looked_into() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
        let pattern = Pattern::new("/s/2024/*cat?").unwrap();
        let mut reach = Reach::of_pattern(&catalog, Some(&pattern), false);
        let table = [("/s", true), ("/t", false), ("/s/2024", true), ("/s/2025", false), ("/s/2024/x", true)];
        for (path, expected) in table {
            assert_eq!(reach.leads_into(&path.parse().unwrap(), DirectoryId(1), false).unwrap(), expected, "{path}");
        }
        reach.looked = FEW;
        for (path, expected) in [("/s/2024/x", false), ("/s/2024/cats/x", true), ("/s", true)] {
            assert_eq!(reach.leads_into(&path.parse().unwrap(), DirectoryId(1), false).unwrap(), expected, "{path}");
        }
    }
}
