//! `disk refresh`: what is on a disk, counted afresh.
//!
//! Names and sizes are looked at, always; with `--verify` every byte too. A disk of distbackup that
//! no catalog knows is taken onto the shelf first.

use super::attach;
use super::disks::{Budget, budget, free_index, put, refuse_bare_mount_point, shared_devices};
use super::verify::{VerifyOptions, VerifyReport, verify};
use crate::catalog::Catalog;
use crate::disk::{self, Attached, Found, Marker, State};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskName, SessionStamp, Size, escape};
use crate::os;
use crate::progress::Progress;
use std::collections::HashSet;
use std::path::Path;

/// What counting a disk afresh found.
#[derive(Clone, Debug, Default)]
pub struct RefreshReport {
    /// Objects of the catalog that are there.
    pub found: u64,
    /// Of these, objects that the catalog did not know to be there.
    pub new: u64,
    /// Claims that were not true.
    pub missing: u64,
    /// Objects and files that the catalog does not know.
    pub strangers: u64,
    /// What reading it all found, if that was asked for.
    pub verified: Option<VerifyReport>,
}

/// A disk of distbackup that was taken onto the shelf.
#[derive(Clone, Debug)]
pub struct TakenIn {
    /// The disk.
    pub disk: Disk,
    /// How its budget came about.
    pub budget: Budget,
    /// What makes it less of a protection than it looks.
    pub warnings: Vec<String>,
}

/// Takes a disk that distbackup wrote, and no catalog knows, onto the shelf under its own name and
/// identity. None if the path is not one.
pub fn take_in_disk(catalog: &Catalog, path: &Path) -> Result<Option<TakenIn>> {
    if !path.is_dir() {
        return Ok(None);
    }
    let attached = Attached::open(path)?;
    attached.refuse_old_layout()?;
    let disks = catalog.disks()?;
    let marker = attached.marker();
    if disks.iter().any(|disk| disk.uuid == marker.uuid) {
        return Ok(None);
    }
    refuse_owned(catalog, marker)?;
    let name = name_of(marker, &disks)?;
    let place = disk::place(path)?;
    refuse_bare_mount_point(&place, path, false)?;
    let warnings = shared_devices(catalog, &disks, &place)?;
    let path = std::path::absolute(path).map_err(|error| Error::io("find", path, &error))?;
    let (medium, footprint) = (attached.medium(), attached.footprint()?);
    let mut held = Size::ZERO;
    attached.list_objects(&mut |found| {
        if let Found::Object { size, .. } = found {
            held += footprint.of(size, size);
        }
        Ok(())
    })?;
    let (size, how) = budget(None, medium.size, medium.free + held);
    let disk = Disk {
        index: free_index(&disks)?,
        uuid: marker.uuid,
        name,
        path,
        budget: size,
        reserve: Size::ZERO,
        reserve_used: Size::ZERO,
        footprint,
        medium,
        last_seen: Some(os::now()),
        last_written: None,
        generation: 0,
        session: SessionStamp::default(),
        pending: None,
        // Its first session looks at what is there and was not known.
        closed: false,
        same_device: !warnings.is_empty(),
        group: None,
        tree: false,
        tree_taken: Some(Size::ZERO),
        fanout: marker.fanout,
        unconfirmed: false,
    };
    put(catalog, &disk)?;
    Ok(Some(TakenIn { disk, budget: how, warnings }))
}

fn refuse_owned(catalog: &Catalog, marker: &Marker) -> Result<()> {
    let Some(owner) = marker.catalog else { return Ok(()) };
    let name = escape(marker.name.as_bytes());
    Err(if catalog.uuid()? == owner {
        Error::new(Kind::Refused, format_args!("disk {name} was of this catalog, and was taken off its shelf"))
            .next("begin in another folder of the same drive: `dsb disk add NAME PATH`")
    } else {
        Error::new(Kind::Refused, format_args!("disk {name} belongs to another catalog"))
            .next("use that catalog with -d FOLDER; nothing was changed on the disk")
    })
}

fn name_of(marker: &Marker, disks: &[Disk]) -> Result<DiskName> {
    let name = super::adopt::name_like(&marker.name).ok_or_else(|| {
        Error::new(Kind::Refused, "the disk's marker has no name").next("write one into it: \"name\" in the JSON")
    })?;
    if disks.iter().any(|disk| disk.name == name) {
        let what = format!("there is another disk {name} already");
        return Err(Error::new(Kind::Refused, what)
            .next(format_args!("give that one another name first: `dsb disk rename {name} OTHER-NAME`")));
    }
    Ok(name)
}

/// Writes the marker of a disk anew, which is missing or damaged, on the word of a person that the
/// folder is that disk. The disk is to be counted afresh then.
pub fn mark_anew(catalog: &Catalog, disk: &Disk, path: &Path) -> Result<()> {
    if catalog.is_scratch() {
        return Ok(());
    }
    let marker = Marker {
        uuid: disk.uuid,
        name: disk.name.to_string(),
        catalog: Some(catalog.uuid()?),
        generation: disk.generation,
        session: disk.pending.unwrap_or(disk.session),
        state: State::Open,
        format: disk::FORMAT,
        fanout: disk.fanout,
        before: None,
    };
    disk::mark_anew(path, marker).map(drop)
}

/// Counts afresh what is on a disk, by name and size. What is found that way protects nothing
/// until `verify` has read it; a disk that was rolled back, cloned or written by another copy of
/// this catalog is one of the shelf again afterwards.
pub fn refresh_disk(
    catalog: &Catalog,
    disk: &mut Disk,
    path: Option<&Path>,
    reads: bool,
    progress: &dyn Progress,
) -> Result<RefreshReport> {
    // Where it is found at the next visit does not depend on where this command is given.
    let path = path.map_or_else(|| attach::place_of(disk), |path| Ok(disk::data_directory(path)))?;
    let attached = Attached::open(&std::path::absolute(&path).map_err(|error| Error::io("find", &path, &error))?)?;
    attached.refuse_old_layout()?;
    let marker = attached.marker().clone();
    if marker.uuid != disk.uuid || marker.catalog.is_some_and(|owner| catalog.uuid().is_ok_and(|uuid| uuid != owner)) {
        let what = format!("{} is not disk {} of this catalog", attached.path().display(), disk.name);
        return Err(Error::new(Kind::Refused, what).next("give the path of the disk itself"));
    }
    progress.task("count", 0, Size::ZERO);
    let mut report = RefreshReport::default();
    let mut there = HashSet::new();
    attached.list_objects(&mut |found| {
        progress.check()?;
        progress.advance(1, Size::ZERO);
        let Found::Object { id, size } = found else {
            report.strangers += 1;
            return Ok(());
        };
        match catalog.find_object(id)? {
            Some(key) if catalog.object(key)?.1 == size => {
                there.insert(key);
            }
            _ => report.strangers += 1,
        }
        Ok(())
    })?;
    // A disk that knows sessions which this catalog does not: what the catalog says of the others
    // may be as old.
    let is_old_catalog = attach::is_behind(disk, &marker);
    catalog.atomically(|catalog| {
        if is_old_catalog {
            catalog.unconfirm_disks(Some(disk.index))?;
        }
        let known = catalog.replace_copies(disk.index, &there, marker.session.number)?;
        report.found = there.len() as u64;
        report.new = there.len() as u64 - known.kept;
        report.missing = known.gone;
        Ok(())
    })?;
    disk.session = marker.session;
    disk.pending = None;
    attach::doubt_trees(disk);
    attach::note_visit(catalog, disk, &attached, os::now())?;
    catalog.recount_holdings()?;
    if reads {
        let options = VerifyOptions { check: catalog.is_scratch(), ..VerifyOptions::default() };
        report.verified = Some(verify(catalog, disk.clone(), &options, &mut |_| Ok(()), progress)?);
    }
    Ok(report)
}
