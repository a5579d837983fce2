//! What a person sets for paths, and what that comes to.

use super::config::PathConfig;
use super::handling::reach;
use super::standards::Standards;
use crate::catalog::{Catalog, View};
use crate::error::{Error, Kind, Result};
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
    /// What JSON says, before everything else.
    pub said: Option<PathConfig>,
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
        let before = (known, catalog.handlings()?.remove(vpath).unwrap_or_default());
        let (known, known_handling) = match &handling.said {
            Some(said) => {
                let said = said.apply(before.clone(), handling.append);
                said.map_err(|what| Error::new(Kind::Usage, format_args!("{vpath}: {what}")))?
            }
            None => before.clone(),
        };
        let change = |new: Option<u8>, old: Option<u8>| if new == Some(0) { None } else { new.or(old) };
        let settings = Settings {
            copies: change(changes.copies, known.copies),
            priority: change(changes.priority, known.priority),
            maxcopies: change(changes.maxcopies, known.maxcopies),
        };
        let after = (settings, handling.apply(known_handling));
        if after == before {
            return Ok(());
        }
        catalog.raise_generation()?;
        catalog.put_path_settings(vpath, after.0)?;
        catalog.put_handling(vpath, &after.1)
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
    let all = All::load(catalog)?;
    vpaths.iter().map(|vpath| all.state(catalog, vpath)).collect()
}

/// Every path with settings of its own.
pub fn set_paths(catalog: &Catalog) -> Result<Vec<PathState>> {
    let mut paths: Vec<_> = catalog.path_settings()?.into_iter().map(|(path, _)| path).collect();
    paths.dedup();
    path_states(catalog, &paths)
}

/// Everything that is set, for all paths.
struct All {
    settings: Vec<(VPath, Settings)>,
    standards: Standards,
    handlings: BTreeMap<VPath, Handling>,
    maps: Vec<VPath>,
}

impl All {
    fn load(catalog: &Catalog) -> Result<Self> {
        Ok(Self {
            settings: catalog.path_settings()?,
            standards: Standards::load(catalog)?,
            handlings: catalog.handlings()?,
            maps: catalog.source_maps()?.into_iter().map(|map| map.vpath).collect(),
        })
    }

    fn state(&self, catalog: &Catalog, vpath: &VPath) -> Result<PathState> {
        let own = self.settings.iter().find(|(path, _)| path == vpath).map(|(_, own)| *own);
        // From the path itself up: what is nearer counts.
        let reached = reach(&self.maps, vpath);
        let holds = |path: &VPath| vpath.starts_with(path) && path.names().len() >= reached;
        let mut around: Vec<_> = self.handlings.iter().filter(|(path, _)| holds(path)).collect();
        around.reverse();
        let at = |is_set: fn(&Handling) -> bool| {
            around.iter().find(|(_, handling)| is_set(handling)).map(|(path, _)| (*path).clone())
        };
        // Where rules of above do not hold, those of there are the last.
        let last = around.iter().position(|(_, handling)| !handling.inherits).map_or(around.len(), |last| last + 1);
        let heard = around.get(..last).unwrap_or_default();
        Ok(PathState {
            vpath: vpath.clone(),
            present: vpath.names().is_empty() || catalog.look_up(vpath, View::Newest)?.is_some(),
            own: own.unwrap_or_default(),
            protection: self.standards.of(catalog, vpath)?.protection(),
            handling: self.handlings.get(vpath).cloned().unwrap_or_default(),
            locked: at(|handling| handling.locked),
            hidden: at(|handling| handling.hidden),
            rules: said(heard, |handling| &handling.rules),
            filters: said(heard, |handling| &handling.filters),
        })
    }
}

/// Lines of all these paths, each with where it is said.
fn said<T: Clone>(paths: &[(&VPath, &Handling)], lines: fn(&Handling) -> &Vec<T>) -> Vec<(VPath, T)> {
    let of = |(path, handling): &(&VPath, &Handling)| {
        let path = (*path).clone();
        lines(handling).iter().map(move |line| (path.clone(), line.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}
