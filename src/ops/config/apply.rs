//! From the document to the catalog: all of it, or nothing.

use super::document::{DiskConfig, Document, PathConfig};
use super::text::{BadDocument, Text, Unique};
use crate::catalog::Catalog;
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskName, Handling, Settings, VPath, unescape};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What an import changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConfigChanges {
    /// Source maps that came, went or show another folder.
    pub maps: u64,
    /// Paths of which something else is set.
    pub paths: u64,
    /// Disks of which something else is set.
    pub disks: u64,
    /// Whether the policy for older states is another one.
    pub retention: bool,
}

impl ConfigChanges {
    /// Whether nothing is other than before.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Makes a catalog what a document says. Wrong text is a usage error that names its line.
pub fn import_config(catalog: &Catalog, text: &str) -> Result<ConfigChanges> {
    let document: Document = text.parse().map_err(refused)?;
    let changes = catalog.atomically(|catalog| put(catalog, text, &document))?;
    if changes.retention {
        crate::ops::decide::recount_unless_busy(catalog)?;
    }
    Ok(changes)
}

fn put(catalog: &Catalog, text: &str, document: &Document) -> Result<ConfigChanges> {
    let mut changes = ConfigChanges::default();
    if let Some(maps) = &document.path_map {
        changes.maps = put_maps(catalog, maps)?;
    }
    if let Some(paths) = &document.path_config {
        let below = document.path_prefix.as_ref().map(|below| &below.0);
        changes.paths = put_paths(catalog, text, paths, below)?;
    }
    if let Some(disks) = &document.disks {
        changes.disks = put_disks(catalog, text, disks)?;
    }
    if let Some(policy) = document.retention.as_ref().map(super::RetentionConfig::policy) {
        if policy.keep_last == 0 {
            let what = "at least the newest state is kept: keep_last is 1 or more";
            return Err(refused(BadDocument::of(text, "keep_last", what)));
        }
        changes.retention = policy != catalog.retention()?;
        if changes.retention {
            catalog.set_retention(&policy)?;
        }
    }
    if !changes.is_empty() {
        catalog.raise_generation()?;
    }
    Ok(changes)
}

fn refused(bad: BadDocument) -> Error {
    Error::new(Kind::Usage, bad).next("nothing was changed")
}

fn put_maps(catalog: &Catalog, maps: &Unique<Text<VPath>, Text<PathBuf>>) -> Result<u64> {
    let mut changed = 0;
    let known: BTreeMap<VPath, PathBuf> = catalog.source_maps()?.into_iter().map(|map| (map.vpath, map.path)).collect();
    for (vpath, path) in &maps.0 {
        if known.get(&vpath.0) != Some(&path.0) {
            catalog.map_source(&vpath.0, &path.0)?;
            changed += 1;
        }
    }
    for vpath in known.keys().filter(|vpath| !maps.0.contains_key(&Text((*vpath).clone()))) {
        catalog.unmap_source(vpath)?;
        changed += 1;
    }
    Ok(changed)
}

fn put_paths(
    catalog: &Catalog,
    text: &str,
    paths: &Unique<Text<VPath>, PathConfig>,
    below: Option<&VPath>,
) -> Result<u64> {
    let wanted = |path: &VPath| below.is_none_or(|below| path.starts_with(below));
    if let Some((outside, _)) = paths.0.iter().find(|(path, _)| !wanted(&path.0)) {
        let name = outside.0.to_string();
        let what = format!("{name} is not below path_prefix");
        return Err(refused(BadDocument::of(text, &name, what)));
    }
    let mut settings: BTreeMap<VPath, Settings> = catalog.path_settings()?.into_iter().collect();
    let mut handlings = catalog.handlings()?;
    let mut known: Vec<VPath> = settings.keys().chain(handlings.keys()).filter(|path| wanted(path)).cloned().collect();
    known.extend(paths.0.keys().map(|path| path.0.clone()));
    known.sort();
    known.dedup();
    let mut changed = 0;
    for path in known {
        let before = (settings.remove(&path).unwrap_or_default(), handlings.remove(&path).unwrap_or_default());
        let said = paths.0.get(&Text(path.clone())).cloned().unwrap_or_default();
        let after = said
            .apply((Settings::NONE, Handling::NONE), false)
            .map_err(|what| refused(BadDocument::of(text, &path.to_string(), format_args!("{path}: {what}"))))?;
        if before != after {
            catalog.put_path_settings(&path, after.0)?;
            catalog.put_handling(&path, &after.1)?;
            changed += 1;
        }
    }
    Ok(changed)
}

impl PathConfig {
    /// What holds for a path when this is said of it too; what is not said stays. `append`: rules
    /// and filters stand behind those that are set.
    pub fn apply(
        &self,
        (known, handling): (Settings, Handling),
        append: bool,
    ) -> std::result::Result<(Settings, Handling), String> {
        let number = |name: &str, said: Option<Option<u8>>, known: Option<u8>, most: u8| match said {
            Some(Some(number)) if number == 0 || number > most => Err(format!("{name} is 1 to {most}")),
            said => Ok(said.unwrap_or(known)),
        };
        let flag = |said: Option<Option<bool>>, known: bool| said.map_or(known, |said| said.unwrap_or(false));
        // In distbackup what has priority 0 is not in the set.
        let left_out = self.priority == Some(Some(0));
        let priority = if left_out { Some(None) } else { self.priority };
        let mut rules = if append || self.rules.is_none() { handling.rules } else { Vec::new() };
        for rule in self.rules.iter().flatten().flatten() {
            if !rules.contains(&rule.0) {
                rules.push(rule.0.clone());
            }
        }
        let mut filters = if append || self.filters.is_none() { handling.filters } else { Vec::new() };
        for filter in self.filters.iter().flatten().flatten() {
            filters.push(filter.filter()?);
        }
        let settings = Settings {
            copies: number("copies", self.copies, known.copies, 64)?,
            priority: number("priority", priority, known.priority, u8::MAX)?,
            maxcopies: number("maxcopies", self.maxcopies, known.maxcopies, u8::MAX)?,
        };
        let handling = Handling {
            locked: flag(self.lock, handling.locked),
            hidden: flag(self.hide, handling.hidden) || left_out,
            follow: flag(self.follow_symlinks, handling.follow),
            inherits: !flag(self.noinherit, !handling.inherits),
            rules,
            filters,
        };
        Ok((settings, handling))
    }

    /// Keys in it that mean nothing, here as in distbackup.
    pub fn dead(&self) -> Vec<&'static str> {
        let keys = [("include", &self.include), ("exclude", &self.exclude)];
        keys.into_iter().filter(|(_, said)| said.iter().flatten().flatten().count() > 0).map(|(key, _)| key).collect()
    }
}

fn put_disks(catalog: &Catalog, text: &str, disks: &Unique<Text<Uuid>, DiskConfig>) -> Result<u64> {
    let known = catalog.disks()?;
    let mut wanted = Vec::new();
    for (uuid, config) in &disks.0 {
        let Some(disk) = known.iter().find(|disk| disk.uuid == uuid.0) else {
            let what = format!("there is no disk {}: disks come with `dsb disk add`", uuid.0);
            return Err(refused(BadDocument::of(text, &uuid.0.to_string(), what)));
        };
        wanted.push(changed(disk, config));
    }
    let names: Vec<_> =
        known.iter().map(|disk| wanted.iter().find(|new| new.uuid == disk.uuid).unwrap_or(disk)).collect();
    let is_taken = |new: &&Disk| names.iter().any(|other| other.uuid != new.uuid && other.name == new.name);
    if let Some(twice) = wanted.iter().find(is_taken) {
        let what = format!("two disks would be called {}", twice.name);
        return Err(refused(BadDocument::of(text, &format!("\"{}\"", twice.name), what)));
    }
    wanted.retain(|new| known.iter().all(|disk| disk != new));
    // Names may change places: each is given up before any is taken.
    for disk in &wanted {
        let name: DiskName = disk.uuid.to_string().parse().unwrap_or_else(|_| disk.name.clone());
        catalog.put_settings(&Disk { name, ..disk.clone() })?;
    }
    wanted.iter().try_for_each(|disk| catalog.put_settings(disk))?;
    Ok(wanted.len() as u64)
}

fn changed(disk: &Disk, config: &DiskConfig) -> Disk {
    let mut new = disk.clone();
    if let Some(name) = &config.name {
        new.name = name.0.clone();
    }
    if let Some(size) = &config.size_bytes {
        new.budget = size.0;
    }
    if let Some(path) = config.relative_path.as_ref().and_then(|path| unescape(path)) {
        new.path = Path::new("/").join(PathBuf::from(OsString::from_vec(path)));
    }
    if let Some(group) = &config.group {
        new.group = group.clone().map(|group| group.0);
    }
    new.same_device = config.same_device.unwrap_or(new.same_device);
    new.tree = config.tree.unwrap_or(new.tree);
    new.fanout = config.fanout.as_ref().map_or(new.fanout, |fanout| fanout.0);
    new
}
