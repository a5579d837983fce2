//! `repair`: a disk gets good copies again of what was found damaged, missing or unreadable on it.
//!
//! What could not be read is tried once more. Then good bytes come from the source, if they still
//! hash right, from any other attached disk, or from a stage: a folder on this machine that is
//! filled while another disk is attached and emptied while the broken one is. The catalog knows
//! what is wanted and the stage holds what is on its way, so a run that is cut off goes on where it
//! was, and so does the person who changes disks.

use super::attach;
use super::backup::{self, Carried, Carrier, Planned};
use super::origins::Elsewhere;
use super::restore::{Remaining, refuse_backup_disk};
use super::shelf::Shelf;
use super::verify::{Reading, VerifyOptions, verify};
use crate::catalog::Catalog;
use crate::disk::{self, Attached, CopyError, Stage};
use crate::error::{Error, Kind, Result, reason};
use crate::model::{Amount, Class, Disk, DiskIndex, DiskSet, ObjectId, ObjectKey, Problem, Size};
use crate::os;
use crate::plan::{Plan, Reason, Step};
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

/// Bytes that the stage leaves free on this machine.
const LEFT_FREE: Size = Size(256 << 20);

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
    fn wanted(&self, shelf: &Shelf, disk: &Disk) -> Result<Vec<Wanted>> {
        let mut lost = HashMap::new();
        let mut after = Vec::new();
        loop {
            let page = self.catalog.lost_on(disk.index, &after, 10_000)?;
            let Some(last) = page.last() else { break };
            after = last.id.as_bytes().to_vec();
            lost.extend(page.into_iter().map(|lost| (lost.key, lost)));
        }
        let mut wanted = Vec::new();
        for (item, object) in (0..).zip(&shelf.objects) {
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

    /// Brings good copies onto the disk.
    fn mend(&self, disk: &Disk) -> Result<RepairReport> {
        let mut report = RepairReport { attached: true, ..RepairReport::default() };
        let options = VerifyOptions { reading: Reading::Bad, ..VerifyOptions::default() };
        report.reread = verify(self.catalog, disk.clone(), &options, &mut |_| Ok(()), self.progress)?.good;
        let shelf = Shelf::load(self.catalog, os::now())?;
        let wanted = self.wanted(&shelf, disk)?;
        let at_hand: Vec<_> = wanted.iter().filter(|wanted| self.is_at_hand(wanted)).copied().collect();
        if !at_hand.is_empty() {
            report.carried = self.carry(shelf, disk, &at_hand)?;
            report.repaired = report.carried.first;
            report.problems = report.carried.problems;
        }
        self.clean_stage(disk)?;
        self.sum_up(disk, report)
    }

    fn is_at_hand(&self, wanted: &Wanted) -> bool {
        let on_a_disk = self.others.iter().any(|(index, _)| wanted.held.contains(*index));
        on_a_disk || wanted.present || self.stage.is_some_and(|stage| stage.has(wanted.id, wanted.size))
    }

    /// Copies as a backup does: in batches, claimed once they are durable, within the budget.
    fn carry(&self, shelf: Shelf, disk: &Disk, wanted: &[Wanted]) -> Result<Carried> {
        let now = os::now();
        let (catalog, progress) = (self.catalog, self.progress);
        let mut disk = catalog.disks()?.into_iter().find(|known| known.index == disk.index).unwrap_or(disk.clone());
        let mut attached = attach::find_attached(catalog, &disk)?;
        attach::begin_session(catalog, &mut disk, &mut attached, progress)?;
        disk.footprint = attached.footprint()?;
        disk.reserve = shelf.reserve(disk.reserve, disk.footprint);
        let facts = backup::facts_now(&shelf, &disk, &attached)?;
        let (room, taken) = (facts.room(), facts.taken());
        let copy = |wanted: &Wanted| Step::Copy {
            item: wanted.item,
            reason: Reason::New,
            exchange: Vec::new(),
            evict: Vec::new(),
        };
        let plan = Plan { steps: wanted.iter().map(copy).collect(), ..Plan::default() };
        let retention = catalog.retention()?;
        let mut planned = Planned { disk, shelf, room, taken, retention, plan, withheld: Amount::default() };
        let disks = self.others.iter().map(|(index, attached)| (*index, attached)).collect();
        let elsewhere = Elsewhere { disks, stage: self.stage };
        let carrier = Carrier::new(catalog, &mut planned, &attached, self.options.jobs, progress)?;
        let mut carrier = carrier.with(elsewhere);
        let ended = carrier.run();
        let mut carried = carrier.carried();
        if !ended.as_ref().is_err_and(|error| error.kind() != Kind::Interrupted) {
            carried.problems += backup::close(catalog, &mut planned.disk, &mut attached, now, progress)?;
        }
        ended.map(|()| carried)
    }

    /// Brings what the disk lacks from those that are attached onto the stage.
    fn fill(&self, disk: &Disk, stage: &Stage) -> Result<RepairReport> {
        let mut report = RepairReport::default();
        let shelf = Shelf::load(self.catalog, os::now())?;
        let wanted = self.wanted(&shelf, disk)?;
        let missing: Vec<_> = wanted.iter().filter(|wanted| !stage.has(wanted.id, wanted.size)).collect();
        let here = |wanted: &&&Wanted| self.others.iter().any(|(index, _)| wanted.held.contains(*index));
        let bytes = missing.iter().filter(here).map(|wanted| wanted.size).sum();
        self.progress.task("stage", missing.iter().filter(here).count() as u64, bytes);
        let mut used: Size = stage.objects()?.into_iter().map(|(_, size)| size).sum();
        for wanted in missing {
            self.progress.check()?;
            let disks = self.others.iter().map(|(index, attached)| (*index, attached)).collect();
            let origins = Elsewhere { disks, stage: None }.origins(wanted.id, wanted.size, wanted.held);
            if origins.is_empty() {
                continue;
            }
            if self.options.limit.is_some_and(|limit| used + wanted.size > limit)
                || stage.free()? < wanted.size + LEFT_FREE
            {
                report.stage_full = true;
                continue;
            }
            let mut why = String::new();
            if origins.iter().any(|origin| self.put(stage, wanted, origin, &mut why)) {
                used += wanted.size;
            } else {
                self.progress.check()?;
                report.problems += 1;
                self.progress.problem(&Problem::new(wanted.id.to_string(), format_args!("not staged: {why}")));
            }
            self.progress.advance(1, Size::ZERO);
        }
        self.sum_up(disk, report)
    }

    /// Copies one object from one place onto the stage; if that failed, why.
    fn put(&self, stage: &Stage, wanted: &Wanted, origin: &super::origins::Origin<'_>, why: &mut String) -> bool {
        let put = origin.open(wanted.size).map(|mut file| stage.put(&mut file, wanted.id, wanted.size, self.progress));
        *why = match put {
            Ok(Ok(true)) => return true,
            Ok(Ok(false)) => origin.differs(),
            Ok(Err(CopyError::Source(error) | CopyError::Disk(error))) => reason(&error),
            Ok(Err(CopyError::Stopped)) => String::new(),
            Err(why) => why,
        };
        false
    }

    /// Takes from the stage what the disk does not lack.
    fn clean_stage(&self, disk: &Disk) -> Result<()> {
        let Some(stage) = self.stage else { return Ok(()) };
        for (id, _) in stage.objects()? {
            let key = self.catalog.find_object(id)?;
            let is_there =
                key.map(|key| self.catalog.disks_of(key)).transpose()?.is_some_and(|on| on.contains(disk.index));
            if is_there {
                stage.remove(id)?;
            }
        }
        Ok(())
    }

    /// What is left, after all that was done.
    fn sum_up(&self, disk: &Disk, mut report: RepairReport) -> Result<RepairReport> {
        let shelf = Shelf::load(self.catalog, os::now())?;
        for wanted in self.wanted(&shelf, disk)? {
            if self.stage.is_some_and(|stage| stage.has(wanted.id, wanted.size)) {
                report.staged += Amount::one(wanted.size);
            }
            let path = super::paths_of(self.catalog, wanted.key, 1)?.pop();
            report.remaining.add(&path.unwrap_or_else(crate::model::VPath::root), wanted.size, wanted.held);
        }
        Ok(report)
    }
}
