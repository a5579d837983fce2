//! `protect`: one folder, one drive, one command.

use super::disks::{AddOptions, Added, add_disk};
use super::source::{map_source, not_found, unmap_source};
use crate::catalog::Catalog;
use crate::disk::{self, Attached};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskName, Name, VPath, escape};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What stands ready for update and backup.
pub struct Protected {
    /// The disk.
    pub disk: Disk,
    /// What was said of it, if it is new.
    pub added: Option<Added>,
}

/// Maps a folder under its own name and makes sure that the disk is one of the shelf.
pub fn protect(
    catalog: &Catalog,
    folder: &Path,
    on: &Path,
    name: Option<&DiskName>,
    options: &AddOptions,
) -> Result<Protected> {
    let real = folder.canonicalize().map_err(|error| not_found(folder, &error))?;
    let vpath = match real.file_name().and_then(|name| Name::new(name.as_bytes())) {
        Some(name) => VPath::root().join(&name),
        None => VPath::root(),
    };
    let is_new = catalog.source_maps()?.iter().all(|map| map.vpath != vpath);
    // First: whether the disk shares a drive with what is mapped is asked of the maps.
    map_source(catalog, &vpath, &real)?;
    disk_in(catalog, on, name, options).map_err(|error| match is_new.then(|| unmap_source(catalog, &vpath)) {
        Some(Err(left)) => left,
        _ => error,
    })
}

/// The disk in a folder; added, if it is none yet.
pub fn disk_in(catalog: &Catalog, on: &Path, name: Option<&DiskName>, options: &AddOptions) -> Result<Protected> {
    let disks = catalog.disks()?;
    if let Ok(attached) = Attached::open(on) {
        let marker = attached.marker();
        if let Some(disk) = disks.into_iter().find(|disk| disk.uuid == marker.uuid) {
            return match name.filter(|name| **name != disk.name) {
                Some(name) => Err(Error::new(Kind::Usage, format_args!("this is disk {} already", disk.name))
                    .next(format_args!("leave --name away, or `dsb disk rename {} {name}` first", disk.name))),
                None => Ok(Protected { disk, added: None }),
            };
        }
        let shown = escape(on.as_os_str().as_bytes()).into_owned();
        let named = escape(marker.name.as_bytes()).into_owned();
        return Err(Error::new(Kind::Refused, format_args!("{shown} is disk {named} of another catalog"))
            .next("use that catalog with -d FOLDER, or give another folder on the disk"));
    }
    let name = name.cloned().map_or_else(|| free_name(&disks, on), Ok)?;
    let added = add_disk(catalog, &name, on, options)?;
    Ok(Protected { disk: added.disk.clone(), added: Some(added) })
}

/// A name for a new disk: its mount point's, else its folder's; numbered if that is taken.
fn free_name(disks: &[Disk], on: &Path) -> Result<DiskName> {
    let place = disk::place(on)?;
    let named_after = if place.device == place.root_device { on } else { &place.mount_point };
    let text = named_after.file_name().unwrap_or_default().to_string_lossy();
    let allowed = |c: char| if c.is_whitespace() || c.is_control() { '-' } else { c };
    let text: String = text.trim_start_matches('-').chars().map(allowed).take(16).collect();
    let text = if text.is_empty() { "disk".to_owned() } else { text };
    let is_free = |name: &DiskName| disks.iter().all(|disk| disk.name != *name);
    let numbered = (2..).map(|n| format!("{text}-{n}"));
    let mut names = std::iter::once(text.clone()).chain(numbered).filter_map(|text| text.parse().ok());
    names.find(is_free).ok_or_else(|| Error::new(Kind::Usage, "the disk needs a name").next("give it one with --name"))
}
