//! How well each path is to be protected: what is set for it, what a file beside it says, which
//! class its name is in, and what it has from above, asked in this order.

use super::handling::{Handlings, Scope};
use crate::catalog::{Catalog, SideSettings, View};
use crate::error::Result;
use crate::model::{DirectoryId, Name, Protection, Settings, VPath};
use std::collections::{BTreeMap, HashMap};

/// Everything that is said of how well paths are to be protected.
pub struct Standards {
    set: Node,
    said: HashMap<DirectoryId, SideSettings>,
    /// Only if a rule gives a priority: else no name needs to be looked at.
    rules: Option<Handlings>,
    maps: Vec<VPath>,
}

/// The id of a directory that is not there.
const NOWHERE: DirectoryId = DirectoryId(-1);

/// What a person set for one path, and for paths below it.
#[derive(Default)]
struct Node {
    settings: Settings,
    below: BTreeMap<Name, Node>,
}

/// What holds in one directory.
pub struct Place<'s> {
    /// For the directory itself, and all in it of which nothing else is said.
    pub settings: Settings,
    node: Option<&'s Node>,
    said: Option<&'s SideSettings>,
    scope: Option<Scope>,
    /// Maps that stand below, by their number, and the names on the way there.
    ahead: Vec<(usize, &'s [Name])>,
}

impl Node {
    /// Whether a number of copies is set here or below.
    fn counts(&self) -> bool {
        self.settings.copies.is_some() || self.settings.maxcopies.is_some() || self.below.values().any(Self::counts)
    }
}

impl Standards {
    /// Those of a catalog.
    pub fn load(catalog: &Catalog) -> Result<Self> {
        let mut set = Node::default();
        for (path, settings) in catalog.path_settings()? {
            let at = path.names().iter().fold(&mut set, |at, name| at.below.entry(name.clone()).or_default());
            at.settings = settings;
        }
        let maps: Vec<VPath> = catalog.source_maps()?.into_iter().map(|map| map.vpath).collect();
        let handlings = catalog.handlings()?;
        let gives_priority = handlings.values().flat_map(|handling| &handling.rules).any(|rule| rule.class() > 0);
        let rules = gives_priority.then(|| Handlings::new(&handlings, maps.clone()));
        Ok(Self { set, said: catalog.side_settings()?, rules, maps })
    }

    /// How well everything is to be protected, if no path is to have more or fewer copies than others.
    pub fn uniform(&self) -> Option<Protection> {
        let counts = |settings: &Settings| settings.copies.is_some() || settings.maxcopies.is_some();
        let is_said =
            self.said.values().flat_map(BTreeMap::values).any(counts) || self.set.below.values().any(Node::counts);
        (!is_said).then(|| self.set.settings.protection())
    }

    /// What holds in the root of the tree.
    pub fn root(&self) -> Result<Place<'_>> {
        let ahead = self.maps.iter().map(VPath::names).enumerate().collect();
        let place = Place { settings: self.set.settings, node: Some(&self.set), said: None, scope: None, ahead };
        self.arrived(place, DirectoryId::ROOT)
    }

    /// What holds in a directory of this name and id.
    pub fn child<'s>(&'s self, above: &Place<'s>, name: &Name, id: DirectoryId) -> Result<Place<'s>> {
        let node = above.node.and_then(|node| node.below.get(name));
        let scope = above.scope.as_ref().map(|scope| scope.child(name, Vec::new)).transpose()?;
        let ahead = above.ahead.iter().filter_map(|(map, names)| {
            let (first, rest) = names.split_first()?;
            (first == name).then_some((*map, rest))
        });
        let settings = above.settings_of(name.as_bytes());
        self.arrived(Place { settings, node, said: None, scope, ahead: ahead.collect() }, id)
    }

    /// What holds for a path, whether anything is there or not.
    pub fn of(&self, catalog: &Catalog, path: &VPath) -> Result<Settings> {
        let Some((above, last)) = path.split_last() else { return Ok(self.root()?.settings) };
        Ok(self.place(catalog, &above)?.settings_of(last.as_bytes()))
    }

    /// What holds in a directory, whether it is there or not.
    pub fn place(&self, catalog: &Catalog, path: &VPath) -> Result<Place<'_>> {
        let mut place = self.root()?;
        let mut at = VPath::root();
        for name in path.names() {
            at = at.join(name);
            let found = catalog.look_up(&at, View::Newest)?.and_then(|row| row.entry.directory);
            place = self.child(&place, name, found.unwrap_or(NOWHERE))?;
        }
        Ok(place)
    }

    /// A map that stands here has rules of its own.
    fn arrived<'s>(&'s self, mut place: Place<'s>, id: DirectoryId) -> Result<Place<'s>> {
        place.said = self.said.get(&id);
        let here = place.ahead.iter().find(|(_, names)| names.is_empty()).and_then(|(map, _)| self.maps.get(*map));
        if let (Some(rules), Some(map)) = (&self.rules, here) {
            place.scope = Some(rules.of_map(map)?.0);
        }
        Ok(place)
    }
}

impl Place<'_> {
    /// What holds for a name in it.
    pub fn settings_of(&self, name: &[u8]) -> Settings {
        let own = self.node.filter(|node| !node.below.is_empty()).and_then(|node| node.below.get(name));
        let own = own.map_or(Settings::NONE, |own| own.settings);
        let said = self.said.and_then(|said| said.get(name)).copied().unwrap_or_default();
        // A map inside another is a tree of its own: rules around it do not speak of it.
        let is_map = self.ahead.iter().any(|(_, names)| matches!(names, [only] if only.as_bytes() == name));
        let class = self.scope.as_ref().filter(|_| !is_map).and_then(|scope| scope.priority_of(name));
        own.or(said).or(Settings { priority: class, ..Settings::NONE }).or(self.settings)
    }
}
