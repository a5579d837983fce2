//! `catalog recover`: the home catalog is gone, and disks have copies of it.
//!
//! The newest usable copy among the disks that are given becomes the home catalog. It may be a
//! session older than what was lost, so it is believed only as far as it can be shown: what lies on
//! each disk that is given is counted afresh, and no other disk licenses an eviction until it was
//! attached. Sources are not touched; the next update finds what has changed since.

use super::attach::catalog_on;
use super::refresh::{RefreshReport, refresh_disk};
use crate::catalog::{Catalog, RunLock, Vacancy};
use crate::disk::{self, Attached};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskName, Problem, Timestamp, escape};
use crate::progress::Progress;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What a recovery did.
#[derive(Clone, Debug, Default)]
pub struct RecoverReport {
    /// The disk whose copy was taken.
    pub from: String,
    /// How many sessions that copy knew of.
    pub generation: u64,
    /// The newest state of the tree that it has.
    pub state: Option<Timestamp>,
    /// Where the catalog is now that lay there before, if any did.
    pub set_aside: Option<PathBuf>,
    /// What counting each given disk afresh found.
    pub disks: Vec<(DiskName, RefreshReport)>,
    /// Disks of the shelf that are still to be attached.
    pub to_attach: Vec<DiskName>,
    /// Given disks that could not be used; each was told to the progress.
    pub problems: u64,
}

/// A given disk with its newest usable copy.
struct Given {
    attached: Attached,
    copy: Catalog,
    generation: u64,
}

/// Makes the catalog of a folder anew from the disks at these paths. The lock of the run is held as
/// long as the report is.
pub fn recover(
    folder: &Path,
    from: &[PathBuf],
    replaces: bool,
    progress: &dyn Progress,
) -> Result<(RecoverReport, RunLock)> {
    let vacancy = Vacancy::take(folder, replaces)?;
    let (given, problems) = usable(from, progress)?;
    let mut report = RecoverReport { problems, ..RecoverReport::default() };
    let newest = newest(&given)?;
    describe(newest, &mut report)?;
    let known = given.iter().map(|given| given.generation.max(given.attached.marker().generation)).max();
    let (catalog, lock, set_aside) = vacancy.fill(&newest.copy, known.unwrap_or_default())?;
    report.set_aside = set_aside;
    for given in &given {
        count(&catalog, given, &mut report, progress)?;
    }
    report.to_attach = confirm_counted(&catalog, &report)?;
    Ok((report, lock))
}

/// What [`recover`] would take. Nothing is made or moved.
pub fn rehearse_recover(
    folder: &Path,
    from: &[PathBuf],
    replaces: bool,
    progress: &dyn Progress,
) -> Result<RecoverReport> {
    Vacancy::look(folder, replaces)?;
    let (given, problems) = usable(from, progress)?;
    let mut report = RecoverReport { problems, ..RecoverReport::default() };
    let newest = newest(&given)?;
    describe(newest, &mut report)?;
    let is_given = |disk: &&Disk| !given.iter().any(|given| given.attached.marker().uuid == disk.uuid);
    report.to_attach = newest.copy.disks()?.iter().filter(is_given).map(|disk| disk.name.clone()).collect();
    Ok(report)
}

fn describe(newest: &Given, report: &mut RecoverReport) -> Result<()> {
    report.from = escape(newest.attached.marker().name.as_bytes()).into_owned();
    report.generation = newest.generation;
    report.state = newest.copy.snapshots()?.last().map(|snapshot| snapshot.taken);
    Ok(())
}

/// The disks that have a usable copy, and how many have none.
fn usable(from: &[PathBuf], progress: &dyn Progress) -> Result<(Vec<Given>, u64)> {
    let mut given: Vec<Given> = Vec::new();
    let mut problems = 0;
    for path in from {
        match open(path) {
            Ok(disk) => given.push(disk),
            // What may be read at the next try is no reason to take an older copy.
            Err(error) if error.kind() == Kind::Failed => return Err(error),
            Err(error) => {
                problems += 1;
                progress.problem(&Problem::new(path.as_os_str().as_bytes(), error));
            }
        }
    }
    if given.is_empty() {
        return Err(Error::new(Kind::NotFound, "none of these disks has a usable copy of the catalog")
            .next("give the folder of another disk; files come back from any disk's objects all the same, as its README.txt says"));
    }
    Ok((given, problems))
}

fn open(path: &Path) -> Result<Given> {
    let attached = Attached::open(&disk::data_directory(path))?;
    let copy = catalog_on(&attached)?;
    let generation = copy.generation()?;
    if let Some(id) = copy.doubles()?.first() {
        // Whoever asks for one of the two would not see what the other stands for.
        return Err(Error::new(Kind::Damage, format_args!("its catalog copy has object {id} twice")));
    }
    if attached.marker().catalog.is_some_and(|owner| copy.uuid().is_ok_and(|uuid| uuid != owner)) {
        return Err(Error::new(Kind::Refused, "its marker and its catalog copy belong to two catalogs"));
    }
    Ok(Given { attached, copy, generation })
}

/// The newest copy; disks of several catalogs are refused.
fn newest(given: &[Given]) -> Result<&Given> {
    let newest = given.iter().rev().max_by_key(|given| given.generation);
    let newest = newest.ok_or_else(|| Error::new(Kind::NotFound, "no disk was given"))?;
    let uuid = newest.copy.uuid()?;
    for other in given {
        if other.copy.uuid()? != uuid {
            let names =
                [&newest.attached, &other.attached].map(|disk| escape(disk.marker().name.as_bytes()).into_owned());
            let what = format!("disks {} and {} belong to two catalogs", names[0], names[1]);
            return Err(Error::new(Kind::Refused, what).next("give the disks of one catalog; nothing was changed"));
        }
    }
    Ok(newest)
}

/// Counts afresh what is on a disk.
fn count(catalog: &Catalog, given: &Given, report: &mut RecoverReport, progress: &dyn Progress) -> Result<()> {
    let marker = given.attached.marker();
    let Some(mut disk) = catalog.disks()?.into_iter().find(|disk| disk.uuid == marker.uuid) else {
        report.problems += 1;
        progress
            .problem(&Problem::new(marker.name.as_bytes(), "the newest copy of the catalog does not know this disk"));
        return Ok(());
    };
    let path = std::path::absolute(given.attached.path());
    let path = path.map_err(|error| Error::io("find", given.attached.path(), &error))?;
    let refreshed = refresh_disk(catalog, &mut disk, Some(&path), false, progress)?;
    report.disks.push((disk.name, refreshed));
    Ok(())
}

/// All disks that were counted are as the catalog says, whatever one showed of the other. Names the
/// others.
fn confirm_counted(catalog: &Catalog, report: &RecoverReport) -> Result<Vec<DiskName>> {
    let mut others = Vec::new();
    for mut disk in catalog.disks()? {
        if report.disks.iter().any(|(name, _)| *name == disk.name) {
            disk.unconfirmed = false;
            catalog.put_visit(&disk)?;
        } else {
            others.push(disk.name);
        }
    }
    Ok(others)
}
