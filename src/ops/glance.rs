//! Looking at very many entries: all of a state, or those that a pattern means.

use super::reach::Reach;
use super::relay::relay;
use crate::catalog::{Catalog, Glance, Held, View};
use crate::error::Result;
use crate::model::{DirectoryId, DiskSet, Name, ObjectId, Owner, Pattern, Trail, VPath};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// What is wanted of an entry beside what its own row says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Mode, owner and group.
    pub owner: bool,
    /// The hash of its content.
    pub object: bool,
}

/// An entry as it is shown.
pub struct Shown<'s> {
    /// What its own row says.
    pub row: &'s Glance,
    /// The disks that hold its content, copies in doubt not counted.
    pub disks: DiskSet,
    /// Mode, owner and group, if they are wanted.
    pub owner: &'s Owner,
    /// The hash of its content, if it has any and that is wanted.
    pub object: Option<ObjectId>,
}

/// What other tables say of entries.
pub struct Facts<'c> {
    catalog: &'c Catalog,
    held: Held<'c>,
    wanted: Wanted,
    owners: HashMap<i64, Owner>,
    unknown: Owner,
}

impl<'c> Facts<'c> {
    /// To be asked of entries in turn.
    pub fn new(catalog: &'c Catalog, wanted: Wanted) -> Result<Self> {
        let (held, unknown) = (catalog.held()?, Owner::default());
        Ok(Self { catalog, held, wanted, owners: HashMap::new(), unknown })
    }

    /// What they say of one.
    pub fn of<'s>(&'s mut self, row: &'s Glance) -> Result<Shown<'s>> {
        let (disks, object) = self.content(row)?;
        Ok(Shown { row, disks, object, owner: self.owner(row)? })
    }

    /// The disks that hold the content of one, and its hash.
    pub fn content(&mut self, row: &Glance) -> Result<(DiskSet, Option<ObjectId>)> {
        let Some(key) = row.object else { return Ok((DiskSet::EMPTY, None)) };
        let object = if self.wanted.object { Some(self.catalog.object(key)?.0) } else { None };
        Ok((self.held.by(key)?, object))
    }

    fn owner(&mut self, row: &Glance) -> Result<&Owner> {
        if !self.wanted.owner {
            return Ok(&self.unknown);
        }
        Ok(match self.owners.entry(row.owner()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(self.catalog.owner_of(row)?),
        })
    }
}

/// A step of a walk.
pub enum Step<T> {
    /// An entry that is looked for.
    Hit(T),
    /// Into the directory of this name.
    Into(Name),
    /// Back to the one above.
    Out,
}

impl<T> Step<T> {
    /// Follows the walk; what is looked for is shown where it is, by the name that it has.
    pub fn follow(
        &self,
        trail: &mut Trail,
        name: impl FnOnce(&T) -> &Name,
        show: impl FnOnce(&Trail, &T) -> Result<()>,
    ) -> Result<()> {
        match self {
            Self::Into(name) => trail.push(name.clone()),
            Self::Out => trail.pop(),
            Self::Hit(hit) => {
                trail.push(name(hit).clone());
                show(trail, hit)?;
                trail.pop();
            }
        }
        Ok(())
    }
}

/// Visits the entries of a state that match, each directory before what it holds.
pub fn list(
    catalog: &Catalog,
    pattern: Option<&Pattern>,
    view: View,
    wanted: Wanted,
    mut visit: impl FnMut(&Trail, &Shown<'_>) -> Result<()>,
) -> Result<()> {
    let (mut trail, mut facts) = (Trail::default(), Facts::new(catalog, wanted)?);
    relay(
        catalog,
        |catalog, give| walk(catalog, pattern, view, give),
        |step: &Step<Glance>| step.follow(&mut trail, |row| &row.name, |trail, row| visit(trail, &facts.of(row)?)),
    )
}

fn walk(
    catalog: &Catalog,
    pattern: Option<&Pattern>,
    view: View,
    give: &mut dyn FnMut(Step<Glance>) -> Result<()>,
) -> Result<()> {
    let mut reach = Reach::of_pattern(catalog, pattern, view != View::Newest);
    let is_all = pattern.is_none_or(|pattern| pattern.matches(&VPath::root()));
    let mut trail = Trail::default();
    let mut open = vec![(is_all, catalog.glance_in(DirectoryId::ROOT, b"", view)?.into_iter())];
    let mut inside = HashSet::from([DirectoryId::ROOT]);
    while let Some((matched, rows)) = open.last_mut() {
        let Some(row) = rows.next() else {
            open.pop();
            trail.pop();
            give(Step::Out)?;
            continue;
        };
        // What matches brings all that is below it.
        let matches = *matched || pattern.is_none_or(|pattern| pattern.is_match(trail.bytes_of(&row.name)));
        let (directory, name) = (row.directory, row.directory.map(|_| row.name.clone()));
        if matches {
            give(Step::Hit(row))?;
        }
        // A hostile catalog may hold a directory inside itself.
        if open.len() > VPath::DEEPEST {
            return Err(super::too_deep());
        }
        let (Some(id), Some(name)) = (directory, name) else { continue };
        trail.push(name.clone());
        if reach.leads_into(trail.path(), id, matches)? && inside.insert(id) {
            let rows = catalog.glance_in(id, reach.part_in(trail.bytes(), matches), view)?;
            reach.saw(rows.iter().any(|row| row.directory.is_none()));
            give(Step::Into(name))?;
            open.push((matches, rows.into_iter()));
        } else {
            trail.pop();
        }
    }
    Ok(())
}
