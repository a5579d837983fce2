//! Making the catalog ready for a preset: maps, what is left out, disks, what is kept.

use super::Preset;
use crate::catalog::{Catalog, SourceMap};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, Filter, Filters, Name, Settings, VPath, escape};
use crate::ops::disks::{AddOptions, Added, DiskChanges, set_disk};
use crate::ops::paths::{HandlingChanges, set_path};
use crate::ops::protect::disk_in;
use crate::ops::{find_attached, map_source, named_disk, set_retention};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What a preset is run with.
pub struct Prepared {
    /// Where its sources are mapped.
    pub maps: Vec<VPath>,
    /// Its disks.
    pub targets: Vec<Target>,
    /// Destinations of which nothing is there, with the reason.
    pub missing: Vec<Error>,
    /// Whether the policy of the catalog was another one, and is that of the preset now.
    pub new_policy: bool,
    /// Other maps at or below its place, that an earlier form of it or a person made.
    pub strangers: Vec<SourceMap>,
}

/// One disk of a preset.
pub struct Target {
    /// The disk.
    pub disk: Disk,
    /// What was said of it, if it is new.
    pub added: Option<Added>,
    /// Whether it is attached, be it as it should be or not.
    pub attached: bool,
}

/// Makes everything ready. What is so already stays as it is.
pub fn prepare(catalog: &Catalog, preset: &Preset) -> Result<Prepared> {
    let top = Name::new(preset.name.as_bytes()).map(|name| VPath::root().join(&name)).unwrap_or_default();
    let mut maps = Vec::new();
    let sources = apart(&preset.sources)?;
    for source in &sources {
        let vpath = if sources.len() == 1 { top.clone() } else { top.join(&last_name(source)?) };
        map(catalog, &vpath, source)?;
        let filters = filters(preset, source)?;
        let changes = HandlingChanges { no_filters: true, filters, ..HandlingChanges::default() };
        set_path(catalog, &vpath, Settings::NONE, &changes)?;
        maps.push(vpath);
    }
    let (mut targets, mut missing) = (Vec::new(), Vec::new());
    for place in &preset.destinations {
        match target(catalog, place, preset) {
            Ok(target) => targets.push(target),
            // What is wrong with one does not keep the others from their turn.
            Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Refused | Kind::Usage) => missing.push(error),
            Err(error) => return Err(error),
        }
    }
    let before = catalog.retention()?;
    let new_policy = preset.retention.as_ref().filter(|policy| **policy != before);
    new_policy.map_or(Ok(()), |policy| set_retention(catalog, policy))?;
    let new_policy = new_policy.is_some();
    let is_strange = |map: &SourceMap| map.vpath.starts_with(&top) && !maps.contains(&map.vpath);
    let strangers = catalog.source_maps()?.into_iter().filter(is_strange).collect();
    Ok(Prepared { maps, targets, missing, new_policy, strangers })
}

/// Each folder once, however often and by whichever links it is named.
fn apart(folders: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut apart: Vec<(PathBuf, PathBuf)> = Vec::new();
    for folder in folders {
        let real = absolute(folder)?;
        if apart.iter().all(|(_, other)| *other != real) {
            apart.push((folder.clone(), real));
        }
    }
    Ok(apart.into_iter().map(|(folder, _)| folder).collect())
}

fn absolute(path: &Path) -> Result<PathBuf> {
    let found = path.canonicalize().or_else(|_| std::path::absolute(path));
    found.map_err(|error| Error::io("find", path, &error))
}

/// A folder as it is called, and as it is called once all links in that are followed.
fn names_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let named = std::path::absolute(folder).map_err(|error| Error::io("find", folder, &error))?;
    Ok(vec![named, absolute(folder)?])
}

fn last_name(path: &Path) -> Result<Name> {
    let name = absolute(path)?.file_name().and_then(|name| Name::new(name.as_bytes()));
    name.ok_or_else(|| {
        Error::new(Kind::Usage, format_args!("{} has no name", escape(path.as_os_str().as_bytes())))
            .next("give it a preset of its own")
    })
}

/// A folder that is mapped there already may be gone now: an update says so, and keeps what it had.
fn map(catalog: &Catalog, vpath: &VPath, source: &Path) -> Result<()> {
    let path = absolute(source)?;
    if catalog.source_maps()?.iter().any(|map| map.vpath == *vpath && map.path == path) {
        return Ok(());
    }
    map_source(catalog, vpath, &path).map(|_| ())
}

/// What is left out below a source. The paths of a system are there in the root of any, mounted where
/// it may be, and nowhere else: somebody's folder may be called `proc`.
fn filters(preset: &Preset, source: &Path) -> Result<Vec<Filter>> {
    let names = names_of(source)?;
    let is_system = source.join("etc").is_dir() && source.join("usr").is_dir();
    let standard = below(&preset.exclude_defaults, &names, is_system);
    Ok(standard.into_iter().chain(below(&preset.exclude, &names, true)).collect())
}

/// The patterns as they are below a folder of these names: one of a real path is of what is left of that
/// there. One that is no real path there begins at the folder, as `.gitignore` has it, if it is
/// `anchored`; else it is of nothing.
fn below(patterns: &[Filter], folder: &[PathBuf], anchored: bool) -> Vec<Filter> {
    let of = |filter: &Filter| {
        if !filter.pattern().starts_with('/') {
            return Some(filter.clone());
        }
        match folder.iter().find_map(|folder| rest_below(filter.pattern(), folder)) {
            Some(rest) => Filter::new(&rest, filter.includes()).ok(),
            // The folder itself, or one that it is in: whoever names it as a source wants it.
            None if folder.iter().any(|folder| folder.starts_with(filter.pattern())) => None,
            None => anchored.then(|| filter.clone()),
        }
    };
    patterns.iter().filter_map(of).collect()
}

/// What is left of a pattern below a folder, which its first names have to mean.
fn rest_below(pattern: &str, folder: &Path) -> Option<String> {
    let mut rest = pattern.strip_prefix('/')?;
    for part in folder.iter().skip(1) {
        if rest == "**" || rest.starts_with("**/") {
            break;
        }
        let (name, behind) = rest.split_once('/')?;
        let means = |name: &str| {
            let filter = Filter::new(name, false).ok()?;
            Filters::new(&[filter]).ok()?.leaves_out(part.as_bytes(), true)
        };
        if name != part.to_string_lossy() && means(name) != Some(true) {
            return None;
        }
        rest = behind;
    }
    Some(format!("/{rest}"))
}

/// A disk by its name or its folder. One that is no disk yet becomes one; one that lies in its drawer
/// is not attached, which is how disks are most of the time.
fn target(catalog: &Catalog, place: &Path, preset: &Preset) -> Result<Target> {
    let path = absolute(place)?;
    // A folder where a disk was last seen is no new disk because its drive is not there.
    let known = match named_disk(catalog, &place.to_string_lossy()) {
        Ok(disk) => Some(disk),
        Err(_) => catalog.disks()?.into_iter().find(|disk| disk.path == path),
    };
    if let Some(mut disk) = known {
        let changes = DiskChanges { tree: preset.tree, ..DiskChanges::default() };
        if preset.tree.is_some_and(|tree| tree != disk.tree) {
            set_disk(catalog, &mut disk, &changes)?;
        }
        // A clone, a disk that was rolled back: its backup says what is wrong with it.
        let attached = find_attached(catalog, &disk).err().is_none_or(|error| error.kind() != Kind::NotFound);
        return Ok(Target { disk, added: None, attached });
    }
    if !place.is_dir() {
        let what = format!("{} is neither a disk nor a folder", escape(place.as_os_str().as_bytes()));
        return Err(Error::new(Kind::NotFound, what).next("is the drive mounted? `dsb disk list` shows the disks"));
    }
    let (size, same_device, group) = (preset.size, preset.same_device, preset.group.clone());
    let options = AddOptions { size, same_device, group, tree: preset.tree.unwrap_or(false), ..AddOptions::default() };
    let on = disk_in(catalog, &path, None, &options)?;
    Ok(Target { disk: on.disk, added: on.added, attached: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_real_paths_are_those_of_what_is_below_a_folder() {
        let table = [
            ("/proc/*", "/", Some("/proc/*")),
            ("/home/ben/.gvfs", "/home", Some("/ben/.gvfs")),
            ("/home/ben/.gvfs", "/home/ben", Some("/.gvfs")),
            ("/home/ben", "/home/be", None),
            ("/proc/*", "/home", None),
            ("/home", "/home", None),
            ("/home", "/home/me", None),
            ("*.tmp", "/home", Some("*.tmp")),
            ("!/home/keep", "/home", Some("/keep")),
            ("/home/*/.cache/", "/home/ben", Some("/.cache/")),
            ("/home/b?n/.cache", "/home/jen", None),
            ("/**/.cache", "/home/ben", Some("/**/.cache")),
            ("/home/**", "/home/ben", Some("/**")),
            ("/da[t]a/x", "/da[t]a", Some("/x")),
            ("/links/ben/x", "/home/ben", Some("/x")),
        ];
        for (pattern, folder, below_it) in table {
            let filters = [Filter::new(pattern, false).unwrap()];
            let found = below(&filters, &["/links/ben".into(), folder.into()], false);
            assert_eq!(found.first().map(Filter::pattern), below_it, "{pattern} {folder}");
            assert!(found.iter().all(|filter| filter.includes() == pattern.starts_with('!')));
            let anchored = below(&filters, &["/links/ben".into(), folder.into()], true);
            let expected = below_it.or(Some(pattern).filter(|pattern| !Path::new(folder).starts_with(pattern)));
            assert_eq!(anchored.first().map(Filter::pattern), expected, "{pattern} {folder}");
        }
    }

    #[test]
    fn the_paths_of_a_system_are_left_out_where_there_is_one() {
        let read = |source: &Path| {
            let text = format!("[p]\nsource = {}\ndestination = d\n", source.display());
            let path = source.join("preset.ini");
            std::fs::write(&path, text + "exclude_defaults = system\nexclude = /run/x\n").unwrap();
            let preset = super::super::read_presets(&path).unwrap().remove(0).preset.unwrap();
            let filters = filters(&preset, source).unwrap();
            filters.iter().map(|filter| filter.pattern().to_owned()).collect::<Vec<_>>()
        };
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), ["lost+found/", "/run/x"]);
        std::fs::create_dir(folder.path().join("etc")).unwrap();
        assert_eq!(read(folder.path()).len(), 2, "a folder of configurations is no system");
        std::fs::create_dir(folder.path().join("usr")).unwrap();
        let found = read(folder.path());
        assert!(["/proc/*", "/sys/*", "/run/x"].iter().all(|path| found.iter().any(|line| line == path)), "{found:?}");
    }
}
