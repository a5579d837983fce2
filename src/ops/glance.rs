//! Looking at very many entries: all of a state, or those that a pattern means.

use super::entered::Entered;
use super::order::{Found, Look, in_order};
use super::reach::{Lead, Reach};
use crate::catalog::{Catalog, Glimpse, Held, Sight, View, Within};
use crate::error::Result;
use crate::model::{ChildPath, DirectoryId, DiskSet, Here, Name, ObjectId, ObjectKey, Owner, Pattern, Trail, VPath};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What is wanted of an entry beside what its own row says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Time of change, mode, owner, group, and the target of a symlink.
    pub details: bool,
    /// The hash of its content.
    pub object: bool,
}

/// An entry as it is shown.
pub struct Shown<'s> {
    /// Where it is.
    pub path: ChildPath<'s>,
    /// What its own row says.
    pub row: &'s Glimpse<'s>,
    /// The disks that hold its content, copies in doubt not counted.
    pub disks: DiskSet,
    /// Mode, owner and group, if they are wanted.
    pub owner: &'s Owner,
    /// The hash of its content, if it has any and that is wanted.
    pub object: Option<ObjectId>,
}

/// What other tables say of contents.
pub struct Contents {
    held: Held,
    wanted: bool,
}

impl Contents {
    /// To be asked in turn; `wanted`: for hashes too.
    pub fn new(catalog: &Catalog, wanted: bool) -> Result<Self> {
        Ok(Self { held: catalog.held()?, wanted })
    }

    /// The disks that hold a content, and its hash.
    pub fn of(&self, catalog: &Catalog, object: Option<ObjectKey>) -> Result<(DiskSet, Option<ObjectId>)> {
        let Some(key) = object else { return Ok((DiskSet::EMPTY, None)) };
        let object = if self.wanted { Some(catalog.object(key)?.0) } else { None };
        Ok((self.held.by(catalog, key)?, object))
    }
}

/// A directory to look into.
struct Directory {
    trail: Trail,
    id: DirectoryId,
    /// What matches brings all that is below it.
    matches: bool,
    /// The name from which to go on.
    from: Option<Name>,
}

struct List<'l, W> {
    pattern: Option<&'l Pattern>,
    sight: Sight,
    wanted: Wanted,
    reach: Reach,
    contents: Contents,
    /// Directories that were looked into.
    inside: Entered,
    write: W,
}

/// What a thread remembers.
struct Memory {
    here: Here,
    owners: Owners,
    /// Of its own: where several threads match with one they wait for each other.
    pattern: Option<Pattern>,
}

/// Owners that were asked for; there are few.
#[derive(Default)]
struct Owners {
    known: HashMap<i64, Owner>,
    nobody: Owner,
}

impl Owners {
    fn of(&mut self, catalog: &Catalog, row: &Glimpse<'_>) -> Result<&Owner> {
        let id = row.owner()?;
        Ok(match self.known.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(catalog.owner(id)?),
        })
    }
}

/// Has the entries of a state that match written, each directory before what it holds, and tells what
/// was written, piece by piece.
pub fn list(
    catalog: &Catalog,
    pattern: Option<&Pattern>,
    view: View,
    wanted: Wanted,
    write: impl Fn(&mut String, &Shown<'_>) -> Result<()> + Sync,
    tell: impl FnMut(&str) -> Result<()>,
) -> Result<()> {
    let matches = pattern.is_none_or(|pattern| pattern.matches(&VPath::root()));
    let root = Directory { trail: Trail::default(), id: DirectoryId::ROOT, matches, from: None };
    let reach = Reach::of_pattern(pattern, view != View::Newest);
    let contents = Contents::new(catalog, wanted.object)?;
    let (sight, inside) = (Sight::of(view, wanted.details), Entered::new(catalog.directories_end()?));
    let list = List { pattern, sight, wanted, reach, contents, inside, write };
    in_order(catalog, &list, root, tell)
}

impl<W: Fn(&mut String, &Shown<'_>) -> Result<()> + Sync> Look for List<'_, W> {
    type Place = Directory;
    type Memory = Memory;

    fn memory(&self) -> Memory {
        Memory { here: Here::default(), owners: Owners::default(), pattern: self.pattern.cloned() }
    }

    fn look(
        &self,
        catalog: &Catalog,
        memory: &mut Memory,
        directory: Directory,
        found: &mut Found<'_, Directory>,
    ) -> Result<()> {
        memory.here.go_to(&directory.trail);
        let (id, matches, is_begun) = (directory.id, directory.matches, directory.from.is_some());
        // A hostile catalog may hold a directory inside itself.
        let is_new = || is_begun || self.inside.enter(id);
        let lead = self.reach.enter(catalog, memory.here.bytes(), (id, matches), is_new)?;
        if lead == Lead::Nowhere {
            return Ok(());
        }
        let part = self.reach.part_in(memory.here.bytes(), directory.matches).to_vec();
        let mut holds = false;
        let within = Within { directory: id, part: &part, from: directory.from.as_ref() };
        let rest = catalog.each_in(&self.sight, within, |row| {
            holds |= row.directory.is_none();
            self.entry(catalog, memory, &directory, row, found)?;
            Ok(!found.is_enough())
        })?;
        self.reach.saw(lead, holds);
        if rest.is_some() {
            found.place(Directory { from: rest, ..directory });
        }
        Ok(())
    }
}

impl<W: Fn(&mut String, &Shown<'_>) -> Result<()>> List<'_, W> {
    fn entry(
        &self,
        catalog: &Catalog,
        memory: &mut Memory,
        directory: &Directory,
        row: &Glimpse<'_>,
        found: &mut Found<'_, Directory>,
    ) -> Result<()> {
        let Memory { here, owners, pattern } = memory;
        let is_match = |path: &[u8]| pattern.as_ref().is_none_or(|pattern| pattern.is_match(path));
        let matches = directory.matches || is_match(here.bytes_of(row.name));
        if matches {
            let owner = if self.wanted.details { owners.of(catalog, row)? } else { &owners.nobody };
            let (disks, object) = self.contents.of(catalog, row.object)?;
            (self.write)(found.text(), &Shown { path: here.child(row.name), row, disks, owner, object })?;
        }
        if directory.trail.depth() >= VPath::DEEPEST {
            return Err(super::too_deep());
        }
        if let Some(id) = row.directory
            && let Some(name) = Name::new(row.name)
        {
            found.place(Directory { trail: directory.trail.join(name), id, matches, from: None });
        }
        Ok(())
    }
}
