//! `repair`: a disk gets good copies again of what was found damaged, missing or unreadable on it.
//!
//! What could not be read is tried once more. Then good bytes come from the source, if they still
//! hash right, from any other attached disk, or from a stage: a folder on this machine that is
//! filled while another disk is attached and emptied while the broken one is. The catalog knows
//! what is wanted and the stage holds what is on its way, so a run that is cut off goes on where it
//! was, and so does the person who changes disks.

mod fill;
mod mend;

use super::attach;
use super::backup::Carried;
use super::restore::{Remaining, refuse_backup_disk};
use super::shelf::Shelf;
use crate::catalog::Catalog;
use crate::disk::{self, Attached, Stage};
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, Class, Disk, DiskIndex, DiskSet, ObjectId, ObjectKey, Size};
use crate::os;
use crate::progress::Progress;
use std::collections::HashMap;
use std::path::PathBuf;

/// How a repair goes about its work.
#[derive(Clone, Debug, Default)]
pub struct RepairOptions {
    /// Threads that copy; 0: one for each core.
    pub jobs: usize,
    /// A folder through which bytes come from disks that are not attached at the same time.
    pub stage: Option<PathBuf>,
    /// Bytes in it at most.
    pub limit: Option<Size>,
}

/// What a repair did.
#[derive(Clone, Debug, Default)]
pub struct RepairReport {
    /// Whether the disk itself was attached.
    pub attached: bool,
    /// Copies that could not be read before, and can.
    pub reread: Amount,
    /// Good copies made.
    pub repaired: Amount,
    /// What was done in detail.
    pub carried: Carried,
    /// What lies on the stage now.
    pub staged: Amount,
    /// Whether the stage was full before all was on it.
    pub stage_full: bool,
    /// What is still wanted on the disk, and which disks have it.
    pub remaining: Remaining,
    /// Items that could not be brought; each was told to the progress.
    pub problems: u64,
}

impl RepairReport {
    /// Whether nothing is left to do.
    pub fn is_complete(&self) -> bool {
        self.problems == 0 && self.remaining.amount.objects == 0
    }
}

/// Repairs a disk, or fills the stage for it while it is not attached. Needs the run lock.
pub fn repair(
    catalog: &Catalog,
    disk: &Disk,
    options: &RepairOptions,
    progress: &dyn Progress,
) -> Result<RepairReport> {
    let others = others(catalog, disk)?;
    let found = attach::find_attached(catalog, disk);
    let mut run = Run { catalog, options, progress, others: &others, stage: None };
    if catalog.is_scratch() {
        let report = RepairReport { attached: found.is_ok(), ..RepairReport::default() };
        return run.sum_up(disk, report);
    }
    let stage = match &options.stage {
        Some(path) => {
            refuse_backup_disk(path)?;
            Some(Stage::open(path)?)
        }
        None => None,
    };
    run.stage = stage.as_ref();
    match (found, &stage) {
        (Ok(_), _) => run.mend(disk),
        (Err(error), Some(stage)) if error.kind() == Kind::NotFound => run.fill(disk, stage),
        (Err(error), Some(_)) => Err(error),
        (Err(error), None) => Err(with_stage(error, disk)),
    }
}

fn with_stage(error: Error, disk: &Disk) -> Error {
    if error.kind() != Kind::NotFound || disk::has_objects(&disk.path) {
        return error;
    }
    Error::new(error.kind(), error.what()).next(format_args!(
        "attach it; or, where only one disk can be attached at a time, bring what it lacks onto this machine first: \
         `dsb repair {} --stage FOLDER`",
        disk.name
    ))
}

/// All other disks that are attached.
fn others(catalog: &Catalog, disk: &Disk) -> Result<Vec<(DiskIndex, Attached)>> {
    let disks = catalog.disks()?.into_iter().filter(|other| other.index != disk.index);
    Ok(disks.filter_map(|other| Some((other.index, attach::find_attached(catalog, &other).ok()?))).collect())
}

/// A copy that the disk should have again.
#[derive(Clone, Copy)]
struct Wanted {
    /// Its index on the shelf.
    item: u32,
    key: ObjectKey,
    id: ObjectId,
    size: Size,
    live: bool,
    /// Whether the newest state has it, and so perhaps the source.
    present: bool,
    /// Other disks that should have it.
    held: DiskSet,
}

struct Run<'a> {
    catalog: &'a Catalog,
    options: &'a RepairOptions,
    progress: &'a dyn Progress,
    others: &'a [(DiskIndex, Attached)],
    stage: Option<&'a Stage>,
}

impl Run<'_> {
    /// What the disk lacks, live content first. What nobody needs there any more is forgotten.
    fn wanted(&self, of: &Shelf, disk: &Disk) -> Result<Vec<Wanted>> {
        let mut lost = HashMap::new();
        let mut after = Vec::new();
        loop {
            let page = self.catalog.lost_on(disk.index, &after, 10_000)?;
            let Some(end) = page.last() else { break };
            after = end.id.as_bytes().to_vec();
            lost.extend(page.into_iter().map(|lost| (lost.key, lost)));
        }
        let mut wanted = Vec::new();
        for (item, object) in (0..).zip(&of.objects) {
            let Some(lost) = lost.remove(&object.census.key) else { continue };
            let census = &object.census;
            let held = DiskSet(census.disks.0 & !census.doubtful.0).without(disk.index);
            let is_needed = census.class != Class::Orphan && held.count() < u32::from(object.protection.maxcopies);
            if is_needed || lost.unreadable {
                let (key, id, size, present) = (lost.key, lost.id, lost.size, census.present);
                wanted.push(Wanted { item, key, id, size, live: census.class == Class::Live, present, held });
            } else {
                self.catalog.forget_damage(disk.index, lost.key)?;
            }
        }
        wanted.sort_by_key(|wanted| (!wanted.live, wanted.item));
        Ok(wanted)
    }

    /// Whether another disk at hand should have it.
    fn is_on_a_disk(&self, wanted: &Wanted) -> bool {
        self.others.iter().any(|(index, _)| wanted.held.contains(*index))
    }

    /// What is left, after all that was done.
    fn sum_up(&self, disk: &Disk, mut report: RepairReport) -> Result<RepairReport> {
        for wanted in self.wanted(&Shelf::load(self.catalog, os::now())?, disk)? {
            if self.stage.is_some_and(|stage| stage.has(wanted.id, wanted.size)) {
                report.staged += Amount::one(wanted.size);
            }
            let path = crate::ops::paths_of(self.catalog, wanted.key, 1)?.pop();
            report.remaining.add(&path.unwrap_or_else(crate::model::VPath::root), wanted.size, wanted.held);
        }
        Ok(report)
    }
}
