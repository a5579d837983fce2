//! Where each object stands in the tree, and what is set for it there.

use super::Object;
use crate::catalog::{Catalog, CensusItem};
use crate::error::Result;
use crate::model::{DirectoryId, Name, ObjectKey, Protection, Settings, VPath};
use std::collections::{BTreeMap, HashMap};

/// Orders objects by the first path that refers to each, bytewise by component; those without one
/// come last, by key, and are protected like the root.
pub fn in_path_order(catalog: &Catalog, census: &[CensusItem]) -> Result<Vec<Object>> {
    let rules = Rules::of(catalog.path_settings()?);
    let places = places(catalog, &rules)?;
    let mut found = vec![(u32::MAX, u32::MAX, None::<Protection>); census.len()];
    let mut row = 0;
    catalog.references(|parent, name, key: ObjectKey| {
        let place = places.get(&parent);
        let at = census.binary_search_by_key(&key, |item| item.key).ok();
        if let Some((first, earliest, protection)) = at.and_then(|at| found.get_mut(at)) {
            (*first, *earliest) = (*first, *earliest).min((place.map_or(u32::MAX, |place| place.rank), row));
            let here = place.map_or(rules.settings, |place| place.settings_of(name)).protection();
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
        protection: protection.unwrap_or(rules.settings.protection()),
    };
    Ok(objects.into_iter().map(object).collect())
}

/// What is set for one path, and for paths below it.
#[derive(Default)]
struct Rules {
    settings: Settings,
    below: BTreeMap<Name, Rules>,
}

impl Rules {
    fn of(settings: Vec<(VPath, Settings)>) -> Self {
        let mut rules = Self::default();
        for (path, settings) in settings {
            let at = path.names().iter().fold(&mut rules, |at, name| at.below.entry(name.clone()).or_default());
            at.settings = settings;
        }
        rules
    }
}

/// One directory of the newest state.
struct Place<'r> {
    /// Its position when all their paths are sorted.
    rank: u32,
    /// What holds in it.
    settings: Settings,
    /// What is set for itself and below, if anything is.
    rules: Option<&'r Rules>,
}

impl<'r> Place<'r> {
    fn settings_of(&self, name: &[u8]) -> Settings {
        let own = self.rules.filter(|rules| !rules.below.is_empty()).and_then(|rules| rules.below.get(name));
        own.map_or(self.settings, |own| own.settings.or(self.settings))
    }

    fn child(&self, name: &Name, rank: u32) -> Self {
        let rules: Option<&'r Rules> = self.rules.and_then(|rules| rules.below.get(name));
        Self { rank, settings: self.settings_of(name.as_bytes()), rules }
    }
}

fn places<'r>(catalog: &Catalog, rules: &'r Rules) -> Result<HashMap<DirectoryId, Place<'r>>> {
    let mut below: HashMap<DirectoryId, Vec<_>> = HashMap::new();
    for directory in catalog.directories()? {
        below.entry(directory.parent).or_default().push((directory.name, directory.id));
    }
    let mut places = HashMap::new();
    let mut open = vec![(DirectoryId::ROOT, Place { rank: 0, settings: rules.settings, rules: Some(rules) })];
    while let Some((id, mut place)) = open.pop() {
        place.rank = places.len() as u32;
        let mut children = below.remove(&id).unwrap_or_default();
        children.sort_unstable_by(|a, b| b.0.cmp(&a.0));
        open.extend(children.into_iter().map(|(name, id)| (id, place.child(&name, 0))));
        places.insert(id, place);
    }
    Ok(places)
}
