//! The backup set as a person assembles it.

use crate::catalog::{Catalog, SourceMap, View};
use crate::disk::Attached;
use crate::error::{Error, Kind, Result};
use crate::model::{Protection, Settings, VPath, escape};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Shows a real directory at a virtual path.
pub fn map_source(catalog: &Catalog, vpath: &VPath, path: &Path) -> Result<SourceMap> {
    let shown = escape(path.as_os_str().as_bytes()).into_owned();
    let real = path.canonicalize().map_err(|error| Error::io("find the folder", path, &error))?;
    if !real.is_dir() {
        return Err(
            Error::new(Kind::Usage, format_args!("{shown} is not a folder")).next("map the folder that holds it")
        );
    }
    if let Ok(disk) = Attached::open(&real) {
        let name = escape(disk.marker().name.as_bytes()).into_owned();
        return Err(Error::new(Kind::Refused, format_args!("{shown} is backup disk {name}"))
            .next("map what is to be backed up"));
    }
    let maps = catalog.source_maps()?;
    match maps.into_iter().find(|map| map.vpath == *vpath) {
        Some(map) if map.path == real => Ok(map),
        Some(map) => {
            let taken = escape(map.path.as_os_str().as_bytes()).into_owned();
            Err(Error::new(Kind::Refused, format_args!("{vpath} shows {taken} already"))
                .next(format_args!("`dsb source unmap {vpath}` first, or choose another place")))
        }
        None => {
            catalog.atomically(|catalog| catalog.raise_generation().and_then(|_| catalog.map_source(vpath, &real)))?;
            Ok(SourceMap { vpath: vpath.clone(), path: real, file_system: None, scanned: None })
        }
    }
}

/// What holds for a path: what is set there, and what that and all above it come to.
pub struct PathProtection {
    /// The path.
    pub vpath: VPath,
    /// What is set for the path itself.
    pub own: Settings,
    /// What holds there.
    pub protection: Protection,
    /// Whether the newest state has the path.
    pub present: bool,
}

/// What a person changes of a path's settings; 0 takes one away.
pub fn set_path(catalog: &Catalog, vpath: &VPath, changes: Settings) -> Result<()> {
    if changes == Settings::NONE {
        return Ok(());
    }
    catalog.atomically(|catalog| {
        let known = catalog.path_settings()?.into_iter().find(|(path, _)| path == vpath);
        let known = known.map_or(Settings::NONE, |(_, settings)| settings);
        let change = |new: Option<u8>, old: Option<u8>| if new == Some(0) { None } else { new.or(old) };
        let settings = Settings {
            copies: change(changes.copies, known.copies),
            priority: change(changes.priority, known.priority),
            maxcopies: change(changes.maxcopies, known.maxcopies),
        };
        catalog.raise_generation()?;
        catalog.put_path_settings(vpath, settings)
    })
}

/// What holds for a path.
pub fn path_protection(catalog: &Catalog, vpath: &VPath) -> Result<PathProtection> {
    let mut settings = catalog.path_settings()?;
    settings.retain(|(path, _)| vpath.starts_with(path));
    // From the path itself up: what is nearer counts.
    settings.sort_by_key(|(path, _)| std::cmp::Reverse(path.names().len()));
    let own = settings.iter().find(|(path, _)| path == vpath).map_or(Settings::NONE, |(_, own)| *own);
    let all = settings.iter().fold(Settings::NONE, |below, (_, above)| below.or(*above));
    let present = vpath.names().is_empty() || catalog.look_up(vpath, View::Newest)?.is_some();
    Ok(PathProtection { vpath: vpath.clone(), own, protection: all.protection(), present })
}

/// Every path with settings of its own.
pub fn set_paths(catalog: &Catalog) -> Result<Vec<PathProtection>> {
    let settings = catalog.path_settings()?;
    settings.iter().map(|(vpath, _)| path_protection(catalog, vpath)).collect()
}

/// Takes a map away.
pub fn unmap_source(catalog: &Catalog, vpath: &VPath) -> Result<()> {
    if catalog.unmap_source(vpath)? {
        catalog.raise_generation()?;
        return Ok(());
    }
    Err(Error::new(Kind::Usage, format_args!("nothing is mapped to {vpath}")).next("`dsb source list` shows the maps"))
}
