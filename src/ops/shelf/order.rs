//! Where each object stands in the tree, and what is set for it there.

use super::Object;
use crate::catalog::{Catalog, CensusItem};
use crate::error::Result;
use crate::model::{DirectoryId, ObjectKey, Protection, Settings};
use crate::ops::standards::{Place, Standards};
use std::collections::HashMap;

/// Orders objects by the first path that refers to each, bytewise by component; those without one
/// come last, by key, and are protected like the root.
pub fn in_path_order(catalog: &Catalog, census: &[CensusItem]) -> Result<Vec<Object>> {
    let standards = Standards::load(catalog)?;
    let everywhere = standards.root()?.settings;
    let places = places(catalog, &standards)?;
    let mut found = vec![(u32::MAX, u32::MAX, None::<Protection>); census.len()];
    let mut row = 0;
    catalog.references(|parent, name, key: ObjectKey| {
        let found_in = places.get(&parent);
        let at = census.binary_search_by_key(&key, |item| item.key).ok();
        if let Some((first, earliest, protection)) = at.and_then(|at| found.get_mut(at)) {
            (*first, *earliest) = (*first, *earliest).min((found_in.map_or(u32::MAX, |ranked| ranked.rank), row));
            let here = found_in.map_or(everywhere, |ranked| ranked.settings_of(name)).protection();
            *protection = Some(protection.map_or(here, |there| there.max(here)));
        }
        row += 1;
    })?;
    let mut objects: Vec<_> = census.iter().zip(found).collect();
    objects.sort_unstable_by_key(|(item, (rank, row, _))| (*rank, *row, item.key));
    // The planner keeps a row for each rank: those without a path share the one behind all others.
    let behind = places.len() as u32;
    let object = |(item, (rank, _, protection)): (&CensusItem, (u32, u32, Option<Protection>))| Object {
        census: *item,
        directory: rank.min(behind),
        protection: protection.unwrap_or(everywhere.protection()),
    };
    Ok(objects.into_iter().map(object).collect())
}

/// One directory of the newest state.
pub struct Ranked<'s> {
    /// Its position when all their paths are sorted.
    rank: u32,
    /// What holds in it.
    place: Place<'s>,
}

impl Ranked<'_> {
    /// What holds for a name in it.
    pub fn settings_of(&self, name: &[u8]) -> Settings {
        self.place.settings_of(name)
    }
}

/// All directories of the newest state.
pub fn places<'s>(catalog: &Catalog, standards: &'s Standards) -> Result<HashMap<DirectoryId, Ranked<'s>>> {
    let mut below: HashMap<DirectoryId, Vec<_>> = HashMap::new();
    for directory in catalog.directories()? {
        below.entry(directory.parent).or_default().push((directory.name, directory.id));
    }
    let mut places = HashMap::new();
    let mut open = vec![(DirectoryId::ROOT, standards.root()?)];
    while let Some((id, place)) = open.pop() {
        let mut children = below.remove(&id).unwrap_or_default();
        children.sort_unstable_by(|a, b| b.0.cmp(&a.0));
        for (name, child) in children {
            open.push((child, standards.child(&place, &name, child)?));
        }
        places.insert(id, Ranked { rank: places.len() as u32, place });
    }
    Ok(places)
}
