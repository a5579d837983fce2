//! `catalog export`: the newest state as a catalog of distbackup 1.0.20, for going back to it.

use super::look;
use super::standards::{Place, Standards};
use crate::catalog::{Catalog, Export, ExportedFile, TreeRow, View};
use crate::disk;
use crate::error::Result;
use crate::model::{Amount, DirectoryId, Disk, Handling, Kind, Problem, Protection, Settings, VPath};
use crate::progress::Progress;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct ExportReport {
    /// Mapped folders.
    pub maps: u64,
    /// Paths with settings.
    pub settings: u64,
    /// Files.
    pub files: Amount,
    /// Symlinks.
    pub symlinks: u64,
    /// Disks.
    pub disks: u64,
    /// Settings that distbackup has no words for: filters, copies wanted.
    pub without_counterpart: u64,
    /// What could not be written; the first were told to the progress.
    pub left_out: u64,
}

impl ExportReport {
    /// Whether everything was written.
    pub fn is_complete(&self) -> bool {
        self.left_out == 0
    }
}

/// Items named at most.
const NAMED: u64 = 100;

struct Run<'a> {
    catalog: &'a Catalog,
    export: &'a Export,
    settings: BTreeMap<VPath, Settings>,
    standards: &'a Standards,
    /// The directory of the last file, and what holds in it.
    place: Option<(DirectoryId, Place<'a>)>,
    progress: &'a dyn Progress,
    report: ExportReport,
}

/// Writes the newest state into a file that is not there yet.
pub fn export(catalog: &Catalog, target: &Path, progress: &dyn Progress) -> Result<ExportReport> {
    let export = if catalog.is_scratch() { Export::rehearse(target)? } else { Export::create(target)? };
    let settings = catalog.path_settings()?.into_iter().collect();
    let standards = Standards::load(catalog)?;
    let report = ExportReport::default();
    let mut run = Run { catalog, export: &export, settings, standards: &standards, place: None, progress, report };
    let done = run.all();
    let report = run.report;
    if let Err(error) = done {
        export.abandon()?;
        return Err(error);
    }
    export.finish()?;
    Ok(report)
}

impl Run<'_> {
    fn all(&mut self) -> Result<()> {
        self.maps()?;
        self.handlings()?;
        self.disks()?;
        self.progress.task("files", 0, crate::model::Size::ZERO);
        look::every(self.catalog, View::Newest, |path, row| self.entry(path, row))
    }

    fn left_out(&mut self, place: &[u8], why: impl Display) {
        self.report.left_out += 1;
        if self.report.left_out <= NAMED {
            self.progress.problem(&Problem::new(place, why));
        }
    }

    fn maps(&mut self) -> Result<()> {
        for map in self.catalog.source_maps()? {
            let (vpath, path) = (folder(&map.vpath), text(map.path.as_os_str().as_bytes()));
            match vpath.zip(path) {
                Some((vpath, path)) => {
                    self.export.map(&vpath, &path)?;
                    self.report.maps += 1;
                }
                None => self.left_out(&map.vpath.to_bytes(), NO_TEXT),
            }
        }
        Ok(())
    }

    fn handlings(&mut self) -> Result<()> {
        let handlings = self.catalog.handlings()?;
        let maps: BTreeSet<VPath> = self.catalog.source_maps()?.into_iter().map(|map| map.vpath).collect();
        let paths: BTreeSet<VPath> = self.settings.keys().chain(handlings.keys()).chain(&maps).cloned().collect();
        for path in paths {
            let own = self.settings.get(&path).copied().unwrap_or_default();
            // distbackup inherits nothing into a map.
            let settings = if maps.contains(&path) { unless_usual(self.settings_of(&path)) } else { own };
            let handling = handlings.get(&path).cloned().unwrap_or_default();
            self.report.without_counterpart += u64::from(own.copies.is_some() || !handling.filters.is_empty());
            let (config, lost) = config(settings, &handling);
            for lost in lost {
                self.left_out(&path.to_bytes(), lost);
            }
            let Some(vpath) = folder(&path) else {
                self.left_out(&path.to_bytes(), NO_TEXT);
                continue;
            };
            if !config.is_empty() {
                self.export.setting(&vpath, &Value::Object(config).to_string())?;
                self.report.settings += 1;
            }
        }
        Ok(())
    }

    fn disks(&mut self) -> Result<()> {
        for disk in self.catalog.disks()? {
            match text(&below_mount(&disk)) {
                Some(folder) => {
                    self.export.disk(&disk, &folder)?;
                    self.report.disks += 1;
                }
                None => self.left_out(disk.name.as_str().as_bytes(), NO_TEXT),
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: &VPath, row: &TreeRow) -> Result<()> {
        self.progress.check()?;
        self.progress.advance(1, crate::model::Size::ZERO);
        let metadata = &row.entry.metadata;
        let Some(name) = text(&path.to_bytes()) else {
            self.left_out(&path.to_bytes(), NO_TEXT);
            return Ok(());
        };
        match (metadata.kind, text(&metadata.target)) {
            (Kind::Directory, _) => Ok(()),
            (Kind::Symlink, Some(target)) => {
                self.report.symlinks += 1;
                self.export.symlink(&name, &target)
            }
            (Kind::File, _) => self.file(path, &name, row),
            (Kind::Symlink, None) => {
                self.left_out(&path.to_bytes(), "points to what is no text, which distbackup cannot keep");
                Ok(())
            }
            (kind, _) => {
                self.left_out(&path.to_bytes(), format_args!("is a {}, which distbackup does not keep", kind.word()));
                Ok(())
            }
        }
    }

    fn file(&mut self, path: &VPath, name: &str, row: &TreeRow) -> Result<()> {
        let entry = &row.entry;
        let file = ExportedFile {
            path: name,
            mtime: entry.metadata.mtime,
            size: entry.metadata.size,
            inode: self.catalog.inode_of(entry.parent, &entry.name)?,
            object: row.object.map(|id| (id, row.disks)),
            protection: self.standard_of(path, row)?.protection(),
        };
        self.report.files += Amount::one(file.size);
        self.export.file(&file)
    }

    /// What holds for a file; its directory is mostly that of the file before.
    fn standard_of(&mut self, path: &VPath, row: &TreeRow) -> Result<Settings> {
        let parent = row.entry.parent;
        if self.place.as_ref().is_none_or(|(known, _)| *known != parent) {
            let above = path.split_last().map(|(above, _)| above).unwrap_or_default();
            self.place = Some((parent, self.standards.place(self.catalog, &above)?));
        }
        Ok(self.place.as_ref().map_or(Settings::NONE, |(_, place)| place.settings_of(row.entry.name.as_bytes())))
    }

    /// What is set for a path, from itself up.
    fn settings_of(&self, path: &VPath) -> Settings {
        let names = path.names();
        let above = (0..=names.len()).rev().map(|length| names.iter().take(length).cloned().collect::<VPath>());
        above.filter_map(|path| self.settings.get(&path)).fold(Settings::NONE, |below, above| below.or(*above))
    }
}

const NO_TEXT: &str = "is no text (UTF-8), and distbackup keeps only text";

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// A folder's path as distbackup writes it, with a slash at its end.
fn folder(path: &VPath) -> Option<String> {
    let path = text(&path.to_bytes())?;
    Some(if path.ends_with('/') { path } else { path + "/" })
}

/// A disk's folder from its mount point on, as far as that is known.
fn below_mount(disk: &Disk) -> Vec<u8> {
    let mount = disk::place(&disk.path).map(|place| place.mount_point).unwrap_or_default();
    let below = disk.path.strip_prefix(&mount).or_else(|_| disk.path.strip_prefix("/")).unwrap_or(&disk.path);
    let below = below.as_os_str().as_bytes();
    if below.is_empty() { b".".to_vec() } else { below.to_vec() }
}

/// What need not be said where nothing is inherited.
fn unless_usual(settings: Settings) -> Settings {
    let usual = Protection::USUAL;
    Settings {
        priority: settings.priority.filter(|priority| *priority != usual.priority),
        maxcopies: settings.maxcopies.filter(|most| *most != usual.maxcopies),
        ..settings
    }
}

/// The settings of a path in distbackup's words, and what these cannot say.
fn config(settings: Settings, handling: &Handling) -> (Map<String, Value>, Vec<String>) {
    let (mut config, mut lost) = (Map::new(), Vec::new());
    let flags = [
        ("lock", handling.locked),
        ("hide", handling.hidden),
        ("follow_symlinks", handling.follow),
        ("noinherit", !handling.inherits),
    ];
    config.extend(flags.iter().filter(|(_, set)| *set).map(|(key, _)| ((*key).to_owned(), json!(true))));
    if let Some(priority) = settings.priority {
        // There 0 is what is not backed up at all.
        config.insert("priority".to_owned(), json!(priority.max(1)));
    }
    if let Some(maxcopies) = settings.maxcopies {
        config.insert("maxcopies".to_owned(), json!(maxcopies));
    }
    let mut rules = Vec::new();
    for rule in &handling.rules {
        match text(rule.text()) {
            Some(rule) => rules.push(rule),
            None => lost.push(format!("its rule {} {NO_TEXT}", crate::model::escape(rule.text()))),
        }
    }
    if !rules.is_empty() {
        config.insert("rules".to_owned(), json!(rules));
    }
    (config, lost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Name, Rule};

    #[test]
    fn settings_are_those_of_distbackup() {
        let settings = Settings { copies: Some(3), priority: Some(0), maxcopies: Some(2) };
        let rules = vec![Rule::new(b"!keep").unwrap(), Rule::new(b"\xff*").unwrap()];
        let handling = Handling { locked: true, inherits: false, rules, ..Handling::NONE };
        let (config, lost) = config(settings, &handling);
        let expected = json!({"lock": true, "noinherit": true, "priority": 1, "maxcopies": 2, "rules": ["!keep"]});
        assert_eq!((Value::Object(config), lost.len()), (expected, 1));
    }

    #[test]
    fn folders_end_with_a_slash() {
        let of = |path: &str| folder(&path.parse().unwrap()).unwrap();
        assert_eq!((of("/"), of("/a/b")), ("/".to_owned(), "/a/b/".to_owned()));
        assert!(Name::new(b"\xff").is_some_and(|name| folder(&VPath::root().join(&name)).is_none()));
    }
}
