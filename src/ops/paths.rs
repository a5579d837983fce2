//! What a person sets for paths, and what that comes to.

use super::handling::reach;
use crate::catalog::{Catalog, View};
use crate::error::Result;
use crate::model::{Filter, Handling, Protection, Rule, Settings, VPath};
use std::collections::BTreeMap;

/// What holds for a path.
pub struct PathState {
    /// The path.
    pub vpath: VPath,
    /// Whether the newest state has it.
    pub present: bool,
    /// How well the path itself is set to be protected.
    pub own: Settings,
    /// How well it is to be protected, with what all above it say.
    pub protection: Protection,
    /// What is set for the path itself and updates.
    pub handling: Handling,
    /// Where the lock stands that holds here.
    pub locked: Option<VPath>,
    /// Where it stands that it is hidden.
    pub hidden: Option<VPath>,
    /// The rules that hold in it, in the order in which they are asked, and where each is set.
    pub rules: Vec<(VPath, Rule)>,
    /// The filters that hold in it, those that are asked first foremost; of one path the last
    /// counts.
    pub filters: Vec<(VPath, Filter)>,
}

/// What a person changes of what updates do at a path.
#[derive(Clone, Debug, Default)]
pub struct HandlingChanges {
    /// Lock it, or unlock it.
    pub locked: Option<bool>,
    /// Hide it, or show it again.
    pub hidden: Option<bool>,
    /// Follow its symlinks, or do not.
    pub follow: Option<bool>,
    /// Take over the rules of folders above, or do not.
    pub inherits: Option<bool>,
    /// Rules in place of those that are set.
    pub rules: Option<Vec<Rule>>,
    /// The rules stand behind those that are set, not in their place.
    pub append: bool,
    /// Takes all filters away first.
    pub no_filters: bool,
    /// Filters behind those that are set.
    pub filters: Vec<Filter>,
}

impl HandlingChanges {
    fn apply(&self, known: Handling) -> Handling {
        let mut rules = known.rules;
        if let Some(new) = &self.rules {
            rules.retain(|rule| self.append && !new.contains(rule));
            rules.extend(new.iter().cloned());
        }
        let mut filters = known.filters;
        // A line that is said again counts where it was said last.
        filters.retain(|filter| !self.no_filters && !self.filters.contains(filter));
        filters.extend(self.filters.iter().cloned());
        Handling {
            locked: self.locked.unwrap_or(known.locked),
            hidden: self.hidden.unwrap_or(known.hidden),
            follow: self.follow.unwrap_or(known.follow),
            inherits: self.inherits.unwrap_or(known.inherits),
            rules,
            filters,
        }
    }
}

/// Changes a path's settings; a number of 0 takes one away.
pub fn set_path(catalog: &Catalog, vpath: &VPath, changes: Settings, handling: &HandlingChanges) -> Result<()> {
    catalog.atomically(|catalog| {
        let known = catalog.path_settings()?.into_iter().find(|(path, _)| path == vpath);
        let known = known.map_or(Settings::NONE, |(_, settings)| settings);
        let change = |new: Option<u8>, old: Option<u8>| if new == Some(0) { None } else { new.or(old) };
        let settings = Settings {
            copies: change(changes.copies, known.copies),
            priority: change(changes.priority, known.priority),
            maxcopies: change(changes.maxcopies, known.maxcopies),
        };
        let before = catalog.handlings()?.remove(vpath).unwrap_or_default();
        let after = handling.apply(before.clone());
        if settings == known && after == before {
            return Ok(());
        }
        catalog.raise_generation()?;
        catalog.put_path_settings(vpath, settings)?;
        catalog.put_handling(vpath, &after)
    })
}

/// Takes away all that is set for a path.
pub fn reset_path(catalog: &Catalog, vpath: &VPath) -> Result<()> {
    catalog.atomically(|catalog| {
        catalog.raise_generation()?;
        catalog.put_handling(vpath, &Handling::NONE)?;
        catalog.put_path_settings(vpath, Settings::NONE)
    })
}

/// Every path that is locked itself.
pub fn locked_paths(catalog: &Catalog) -> Result<Vec<VPath>> {
    let set = catalog.handlings()?.into_iter().filter(|(_, handling)| handling.locked);
    Ok(set.map(|(path, _)| path).collect())
}

/// What holds for each of these paths.
pub fn path_states(catalog: &Catalog, vpaths: &[VPath]) -> Result<Vec<PathState>> {
    let (settings, handlings) = (catalog.path_settings()?, catalog.handlings()?);
    let maps: Vec<_> = catalog.source_maps()?.into_iter().map(|map| map.vpath).collect();
    let state = |vpath: &VPath| {
        let present = vpath.names().is_empty() || catalog.look_up(vpath, View::Newest)?.is_some();
        Ok(PathState { present, ..state(vpath, &settings, &handlings, &maps) })
    };
    vpaths.iter().map(state).collect()
}

/// Every path with settings of its own.
pub fn set_paths(catalog: &Catalog) -> Result<Vec<PathState>> {
    let mut paths: Vec<_> = catalog.path_settings()?.into_iter().map(|(path, _)| path).collect();
    paths.dedup();
    path_states(catalog, &paths)
}

fn state(
    vpath: &VPath,
    settings: &[(VPath, Settings)],
    handlings: &BTreeMap<VPath, Handling>,
    maps: &[VPath],
) -> PathState {
    // From the path itself up: what is nearer counts.
    let mut above: Vec<_> = settings.iter().filter(|(path, _)| vpath.starts_with(path)).collect();
    above.sort_by_key(|(path, _)| std::cmp::Reverse(path.names().len()));
    let own = above.first().filter(|(path, _)| path == vpath).map_or(Settings::NONE, |(_, own)| *own);
    let all = above.iter().fold(Settings::NONE, |below, (_, above)| below.or(*above));
    let reached = reach(maps, vpath);
    let holds = |path: &VPath| vpath.starts_with(path) && path.names().len() >= reached;
    let mut around: Vec<_> = handlings.iter().filter(|(path, _)| holds(path)).collect();
    around.reverse();
    let at = |is_set: fn(&Handling) -> bool| {
        around.iter().find(|(_, handling)| is_set(handling)).map(|(path, _)| (*path).clone())
    };
    // Where rules of above do not hold, those of there are the last.
    let last = around.iter().position(|(_, handling)| !handling.inherits).map_or(around.len(), |last| last + 1);
    let heard = || around.iter().take(last);
    PathState {
        vpath: vpath.clone(),
        present: false,
        own,
        protection: all.protection(),
        handling: handlings.get(vpath).cloned().unwrap_or_default(),
        locked: at(|handling| handling.locked),
        hidden: at(|handling| handling.hidden),
        rules: heard().flat_map(|(path, set)| set.rules.iter().map(|rule| ((*path).clone(), rule.clone()))).collect(),
        filters: heard()
            .flat_map(|(path, set)| set.filters.iter().map(|line| ((*path).clone(), line.clone())))
            .collect(),
    }
}
