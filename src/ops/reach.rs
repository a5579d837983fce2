//! Where to look for names: only in directories that hold something that may match, or lead there.

use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{DirectoryId, Meant, Pattern, Search, Sought};
use std::collections::HashSet;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Directories looked into before a pass over all names is made, which says which others are worth it.
const FEW: u32 = 500;

/// One of so many directories that holds something is enough to look into all.
const MANY: u32 = 4;

/// The shortest part of a name that makes such a pass worth it.
const PART: usize = 2;

/// Says which directories are to be looked into. Several threads may ask.
pub struct Reach {
    /// The names with which every match begins.
    begins: Vec<Vec<u8>>,
    /// What names behind those are looked for.
    sought: Sought,
    /// In any state that is kept, not only in the newest.
    ever: bool,
    guesses: Mutex<Guesses>,
    leads: OnceLock<HashSet<DirectoryId>>,
}

/// Directories that may have been looked into in vain.
struct Guesses {
    looked: u32,
    /// Those among them that held something that may be looked for.
    held: u32,
    /// So many are looked into before that pass.
    few: u32,
}

impl Guesses {
    /// Counts a directory, and says whether a pass over all names is worth it now.
    fn is_pass_due(&mut self) -> bool {
        self.looked = self.looked.saturating_add(1);
        // Where most lead somewhere, so far, a pass would spare little.
        let most_do = self.held > self.looked / MANY;
        let is_due = self.looked > self.few;
        if is_due && most_do {
            self.few = self.few.saturating_mul(2);
        }
        is_due && !most_do
    }
}

/// Where a directory leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// Nothing that is looked for is there.
    Nowhere,
    /// Nobody knows yet; where something is there, [`Reach::saw`] is to be told.
    Maybe,
    /// It is to be looked into.
    Somewhere,
}

impl Reach {
    /// Where paths may match; without a pattern everywhere.
    pub fn of_pattern(pattern: Option<&Pattern>, ever: bool) -> Self {
        let begins = pattern.map(Pattern::begins).unwrap_or_default();
        let last = pattern.map(|pattern| Sought { part: pattern.last_part(), meant: Meant::Path(pattern.clone()) });
        let any = || Sought { part: pattern.map(Pattern::part).unwrap_or_default(), meant: Meant::Any };
        let sought = last.filter(|sought| sought.part.len() >= PART).unwrap_or_else(any);
        let guesses = Guesses { looked: 0, held: 0, few: FEW };
        Self { begins, sought, ever, guesses: guesses.into(), leads: OnceLock::new() }
    }

    /// Where something that is searched for may be, in any state that is kept.
    pub fn of_search(search: &Search) -> Self {
        match search {
            Search::Path(pattern) => Self::of_pattern(Some(pattern), true),
            Search::Name(glob, part) => {
                let sought = Sought { part: part.clone(), meant: Meant::Name(glob.clone()) };
                Self { sought, ..Self::of_pattern(None, true) }
            }
        }
    }

    /// Where a directory leads that is to be looked into; nowhere, too, if it was already: `is_new` says
    /// and notes that.
    pub fn enter(
        &self,
        catalog: &Catalog,
        path: &[u8],
        (id, matches): (DirectoryId, bool),
        is_new: impl FnOnce() -> bool,
    ) -> Result<Lead> {
        let lead = match id {
            DirectoryId::ROOT => Lead::Somewhere,
            id => self.leads_into(catalog, path, id, matches)?,
        };
        Ok(if lead == Lead::Nowhere || is_new() { lead } else { Lead::Nowhere })
    }

    /// Whether to look into a directory of a catalog whose path has these bytes; `matches`: it is one of
    /// those looked for.
    fn leads_into(&self, catalog: &Catalog, path: &[u8], id: DirectoryId, matches: bool) -> Result<Lead> {
        let mut names = path.split(|byte| *byte == b'/').skip(1);
        for begins in &self.begins {
            match names.next() {
                None => return Ok(Lead::Somewhere),
                Some(name) if name != begins => return Ok(Lead::Nowhere),
                Some(_) => (),
            }
        }
        if self.opens(names, matches) {
            return Ok(Lead::Somewhere);
        }
        if self.leads.get().is_none() {
            self.guess(catalog)?;
        }
        Ok(match self.leads.get() {
            Some(leads) if !leads.contains(&id) => Lead::Nowhere,
            Some(_) => Lead::Somewhere,
            None => Lead::Maybe,
        })
    }

    /// Counts a directory; makes the pass if it is worth it by now, which others wait for.
    fn guess(&self, catalog: &Catalog) -> Result<()> {
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        if self.leads.get().is_none() && guesses.is_pass_due() {
            // A transaction that is only for speed ends here: in one there is no second thread.
            catalog.commit()?;
            let _ = self.leads.set(catalog.leads_to(&self.sought, self.ever)?);
        }
        Ok(())
    }

    /// What is part of the name of every file looked for in a directory whose path has these bytes;
    /// empty: nothing is known of it. `matches`: the directory is one of those looked for.
    pub fn part_in(&self, directory: &[u8], matches: bool) -> &[u8] {
        let part = self.sought.part.as_slice();
        match &self.sought.meant {
            Meant::Name(_) => part,
            Meant::Path(_) if !matches => part,
            Meant::Any if !matches && !has(directory, part) => part,
            Meant::Any | Meant::Path(_) => b"",
        }
    }

    /// A directory of which nobody knew where it leads held something that may be looked for, or nothing.
    pub fn saw(&self, lead: Lead, something: bool) {
        if lead != Lead::Maybe || !something {
            return;
        }
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.held = guesses.held.saturating_add(1);
    }

    /// Whether anything below these names may match, whatever its name.
    fn opens<'n>(&self, mut behind: impl Iterator<Item = &'n [u8]>, matches: bool) -> bool {
        let part = &self.sought.part;
        match &self.sought.meant {
            Meant::Name(_) => false,
            Meant::Path(_) => matches,
            Meant::Any => matches || part.len() < PART || behind.any(|name| has(name, part)),
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
        let reach = Reach::of_pattern(Some(&pattern), false);
        let lead = |path: &str| reach.leads_into(&catalog, path.as_bytes(), DirectoryId(1), false).unwrap();
        let (yes, maybe, no) = (Lead::Somewhere, Lead::Maybe, Lead::Nowhere);
        for (path, expected) in [("/s", yes), ("/t", no), ("/s/2024", maybe), ("/s/2025", no), ("/s/2024/x", maybe)] {
            assert_eq!(lead(path), expected, "{path}");
        }
        reach.guesses.lock().unwrap().looked = FEW;
        for (path, expected) in [("/s/2024/x", no), ("/s/2024/cats/x", yes), ("/s", yes)] {
            assert_eq!(lead(path), expected, "{path}");
        }
    }

    #[test]
    fn where_most_lead_somewhere_there_is_no_pass() {
        for (every, is_due) in [(2, false), (10, true)] {
            let mut guesses = Guesses { looked: 0, held: 0, few: FEW };
            let due = (0..FEW * 10).filter(|count| {
                guesses.held += u32::from(count % every == 0);
                guesses.is_pass_due()
            });
            assert_eq!(due.count() > 0, is_due, "{every}");
        }
    }
}
