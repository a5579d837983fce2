//! `backup`: one attached disk brought nearer to what the shelf should be.
//!
//! Load the shelf, plan, carry the plan out, publish the catalog on the disk, say what is next.
//! `--simulate` stops behind the plan: it is the very value that a run carries out.

mod carry;
mod claim;
mod copy;
mod linked;
mod remove;
mod report;
mod trees;

pub use carry::Carried;
pub use report::{BackupReport, DiskSums};

use super::attach;
use super::room::{Facts, MARGIN};
use super::shelf::Shelf;
use super::trees::TreeReport;
use crate::catalog::Catalog;
use crate::disk::Attached;
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, Disk, Fanout, Problem, Size, Standing, Timestamp, VPath};
use crate::os;
use crate::plan::{Plan, Request};
use crate::progress::Progress;
pub(super) use carry::Carrier;
use std::collections::HashSet;

/// How a backup goes about its work.
#[derive(Clone, Debug)]
pub struct BackupOptions {
    /// Threads that copy; 0: one for each core.
    pub jobs: usize,
    /// Bytes to copy at most.
    pub limit: Option<Size>,
    /// Copy nothing beyond so many copies.
    pub maxcopies: Option<u8>,
    /// Whether copies may be taken away for others.
    pub evict: bool,
    /// Whether what nobody needs is removed, trees of forgotten snapshots too.
    pub remove_orphans: bool,
    /// Removes orphans however many they are.
    pub delete_many: bool,
}

impl Default for BackupOptions {
    /// What `dsb backup` does without options.
    fn default() -> Self {
        Self { jobs: 0, limit: None, maxcopies: None, evict: true, remove_orphans: true, delete_many: false }
    }
}

impl BackupOptions {
    /// The same, but nothing is taken away where all did not go well: what looks superfluous may be what
    /// was not seen.
    #[must_use]
    pub fn after(self, all_went_well: bool) -> Self {
        let (evict, remove_orphans) = (self.evict && all_went_well, self.remove_orphans && all_went_well);
        Self { evict, remove_orphans, ..self }
    }
}

/// A plan with all that it was made from.
pub struct Planned {
    /// The disk.
    pub disk: Disk,
    /// The shelf as it was loaded.
    pub shelf: Shelf,
    /// Bytes for objects on the disk.
    pub room: Size,
    /// Bytes of the budget that are no room, because other files take them.
    pub taken: Size,
    /// The snapshots that need anything, and how firmly they are held.
    pub standing: Standing,
    /// Bytes that browsable trees may take.
    pub room_for_trees: Size,
    /// Whether anything may make way.
    pub evicts: bool,
    /// What is to be done.
    pub plan: Plan,
    /// What stays because somebody else named it on the disk too.
    pub linked: HashSet<u32>,
    /// Orphans that stay, because so many at once look like a mistake.
    pub withheld: Amount,
}

impl Planned {
    /// Objects that fit no disk of the shelf: how many, and a path of each of the first.
    pub fn too_large(&self, catalog: &Catalog) -> Result<(u64, Vec<VPath>)> {
        let objects = self.plan.too_large.iter().filter_map(|item| self.shelf.objects.get(*item as usize));
        let paths = super::first_paths(catalog, objects.map(|object| object.census.key))?;
        Ok((self.plan.too_large.len() as u64, paths))
    }
}

/// Fewer orphans than this are an ordinary day.
const FEW_ORPHANS: u64 = 1_000;

/// Whether removing so many orphans from a disk looks like a mistake.
fn is_mass_removal(orphans: u64, objects: u64) -> bool {
    orphans > FEW_ORPHANS && orphans.saturating_mul(4) > objects
}

/// Plans a visit of a disk, attached or not. Writes nothing anywhere.
pub fn plan_backup(
    catalog: &Catalog,
    disk: Disk,
    attached: Option<&Attached>,
    options: &BackupOptions,
) -> Result<Planned> {
    let mut shelf = Shelf::load(catalog, os::now())?;
    if attach::newer_than(catalog)?.is_some() {
        shelf.unconfirm_all_but(disk.index);
    }
    let mut disk = disk;
    if let Some(attached) = attached {
        disk.footprint = attached.footprint()?;
        shelf.see(&disk);
    }
    disk.reserve = shelf.reserve(disk.reserve, (disk.footprint, disk.fanout));
    let facts = match attached {
        Some(attached) => facts_now(&shelf, &disk, attached)?,
        None => shelf.facts(&disk),
    };
    let mut rooms = shelf.rooms();
    rooms.iter_mut().filter(|(index, _)| *index == disk.index).for_each(|(_, room)| *room = facts.room().bytes());
    let (orphans, held) = (shelf.orphans(disk.index), shelf.held(disk.index));
    // What a person purged is no mistake.
    let purged = catalog.purge_pending()?.into_iter().find(|(index, _)| *index == disk.index);
    let unasked = orphans.objects.saturating_sub(purged.map_or(0, |(_, amount)| amount.objects));
    let is_mistake = !options.delete_many && is_mass_removal(unasked, held.objects);
    let remove_orphans = options.remove_orphans && !is_mistake;
    let request = Request {
        maxcopies: options.maxcopies,
        limit: options.limit.map(Size::bytes),
        evict: options.evict,
        remove_orphans,
    };
    let (mut plan, linked) = match attached {
        Some(attached) => linked::plan(catalog, &shelf, (&disk, attached), &rooms, &request)?,
        None => (shelf.plan(&disk, &rooms, &request, &HashSet::new()), HashSet::new()),
    };
    // What stays in the way of a tree is no more than the budget.
    plan.over_budget = plan.over_budget.saturating_sub(facts.claimed_for_newest().bytes());
    let withheld = if is_mistake { orphans } else { Amount::default() };
    Ok(Planned {
        disk,
        shelf,
        room: facts.room(),
        taken: facts.taken(),
        room_for_trees: facts.for_trees(),
        standing: catalog.standing()?,
        evicts: options.evict,
        plan,
        linked,
        withheld,
    })
}

/// What is known of a disk that is attached.
pub(super) fn facts_now(shelf: &Shelf, disk: &Disk, attached: &Attached) -> Result<Facts> {
    Ok(Facts {
        reserve_used: attach::reserve_used(attached, disk),
        aside: attached.bad_objects_size() + attached.distbackup_catalog_size(),
        free: attached.file_system()?.available,
        ..shelf.facts(disk)
    })
}

/// Finds a disk, and notes what is seen of it. That this catalog is an old copy is remembered even if the
/// disk is refused for it.
fn visit(catalog: &Catalog, disk: &mut Disk, now: Timestamp, progress: &dyn Progress) -> Result<Attached> {
    if let Some(newer) = attach::newer_than(catalog)? {
        catalog.unconfirm_disks(None)?;
        progress.note(&format!(
            "{newer} is newer than this catalog, so nothing makes way for copies on other disks: \
             `dsb disk refresh {newer}`"
        ));
    }
    let attached = attach::find_attached(catalog, disk)?;
    attach::note_visit(catalog, disk, &attached, now)?;
    attach::heed_lost_objects(catalog, disk, &attached)?;
    Ok(attached)
}

/// Backs up to a disk. Needs the run lock.
pub fn backup(catalog: &Catalog, disk: Disk, options: &BackupOptions, progress: &dyn Progress) -> Result<BackupReport> {
    let now = os::now();
    let mut disk = disk;
    let mut attached = visit(catalog, &mut disk, now, progress)?;
    // What a session left that was cut off takes room, and is a copy or is none: no plan before
    // that is known.
    let moves = attach::is_to_be_moved(&disk, &attached);
    let begins = attach::was_cut_off(&disk, &attached) || disk.tree_taken.is_none() || moves;
    let mut shown = TreeReport::default();
    if begins {
        attach::begin_session(catalog, &mut disk, &mut attached, progress)?;
        attach::move_objects(&disk, &mut attached, progress)?;
        shown += trees::mend(catalog, &mut disk, &attached, progress)?;
    }
    progress.task("plan", 0, Size::ZERO);
    catalog.sum_up_holdings()?;
    let mut planned = plan_backup(catalog, disk, Some(&attached), options)?;
    tell_of_room_and_doubt(&planned, progress);
    let before = report::sums(&planned.shelf, &planned.disk);
    let work = planned.plan.steps.len();
    let is_current =
        planned.disk.closed && planned.disk.generation == catalog.generation()? && attached.has_catalog_copy();
    let work_on_trees = trees::look(catalog, &planned, &attached, options.remove_orphans, &mut shown, progress)?;
    let mut result = Carried { linked: planned.linked_amount(), ..Carried::default() };
    if work > 0 || !is_current || work_on_trees.is_needed() {
        if !begins {
            attach::begin_session(catalog, &mut planned.disk, &mut attached, progress)?;
        }
        shown += trees::clear(catalog, &mut planned.disk, &attached, &work_on_trees, progress)?;
        if !is_current || planned.disk.generation == 0 {
            // A disk that others have filled may get room by what goes; how it ends is what counts.
            unless_full(publish(catalog, &mut planned.disk, &attached))?;
        }
        let mut carrier = Carrier::new(catalog, &mut planned, &attached, options.jobs, progress)?;
        let ended = carrier.run();
        result = carrier.carried();
        let is_well = result.is_well() && planned.plan.too_large.is_empty() && catalog.unhashed()?.objects == 0;
        let work = (&work_on_trees, is_well);
        let ended = ended.and_then(|()| trees::bring(catalog, &mut planned, &attached, work, progress));
        let ended = ended.map(|brought| shown += brought);
        // What was copied before an interruption is on the disk and recorded: the session ends
        // well. After a failure of the disk it stays open, and the next one looks again.
        if !ended.as_ref().is_err_and(|error| error.kind() != Kind::Interrupted) {
            let closed = close(catalog, &mut planned.disk, &mut attached, now, progress)?;
            result.problems += closed.missing;
            result.copy_is_old = !closed.is_published;
        }
        ended?;
    }
    linked::tell(&planned, &attached, result.linked, progress);
    trees::tell(&planned, &attached, &mut shown, progress)?;
    result.problems += shown.problems + u64::from(result.linked.objects > 0);
    result.trees = shown;
    report::report(catalog, &planned, before, result)
}

/// What keeps a disk from protecting as much as it could.
fn tell_of_room_and_doubt(planned: &Planned, progress: &dyn Progress) {
    let name = &planned.disk.name;
    let (budget, room) = (planned.disk.budget, planned.room);
    if let Some(warning) = planned.disk.exceeds_its_medium() {
        progress.note(&format!("The budget of {name} is {budget}, but {warning}: its room is only {room}."));
    } else if planned.taken > MARGIN.times(2) {
        let taken = planned.taken;
        progress.note(&format!("Other files on {name} take {taken} of its budget: its room is only {room}."));
    }
    let unread = planned.shelf.unread(planned.disk.index);
    if unread.objects > 0 {
        let (count, bytes) = (unread.objects, unread.bytes);
        let objects = if count == 1 { "1 object".to_owned() } else { format!("{count} objects") };
        progress.note(&format!(
            "{objects} ({bytes}) on {name} were only seen by name and size, and protect nothing until they are read: \
             `dsb verify {name} --bad`"
        ));
    }
}

/// Puts the catalog onto the disk as it is now.
pub(super) fn publish(catalog: &Catalog, disk: &mut Disk, attached: &Attached) -> Result<()> {
    let generation = catalog.raise_generation()?;
    let mut file = catalog.snapshot_file(disk.index)?;
    attached.publish_catalog(&mut file, generation)?;
    disk.generation = generation;
    catalog.put_visit(disk)
}

/// What failed only for want of room; anything else is an error.
fn unless_full(done: Result<()>) -> Result<Option<Error>> {
    done.map_or_else(|error| if error.is_full() { Ok(Some(error)) } else { Err(error) }, |()| Ok(None))
}

/// What a disk says of itself, with the folders that its objects lie in.
fn readme(fanout: Fanout) -> String {
    let (shown, sql) = match fanout {
        Fanout::Three => ("abc/abc...".to_owned(), fanout.sql()),
        Fanout::Pairs(count) => {
            let folders = ["ab/", "cd/", "ef/", "01/"].into_iter().take(count.into()).collect::<String>();
            (format!("{folders}abcdef01..."), fanout.sql())
        }
    };
    let text = include_str!("disk-readme.txt").replace("abc/abc...", &shown);
    text.replace("lower(substr(hex(hash), 1, 3)) || '/' || ", &sql)
}

/// How a session ended.
pub(super) struct Closed {
    /// What was wanting for want of room; each was told.
    pub missing: u64,
    /// Whether the catalog is on the disk as it is now.
    pub is_published: bool,
}

/// Ends a session. On a disk without room the older catalog copies stay.
pub(super) fn close(
    catalog: &Catalog,
    disk: &mut Disk,
    attached: &mut Attached,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<Closed> {
    progress.task("publish", 0, Size::ZERO);
    let mut lost = 0;
    let written = [
        unless_full(publish(catalog, disk, attached))?,
        unless_full(attached.write_readme(&readme(attached.marker().fanout)))?,
        unless_full(attach::end_session(catalog, disk, attached, now, progress).map(|found| lost = found))?,
    ];
    let mut missing = lost;
    for error in written.iter().flatten() {
        let what =
            format_args!("{}; what stands there is of an earlier session. Make room and run again", error.what());
        progress.problem(&Problem::new(disk.name.as_str(), what));
        missing += 1;
    }
    if lost > 0 {
        // The copy that was just published claims what turned out not to be there.
        unless_full(publish(catalog, disk, attached))?;
    }
    let [not_published, ..] = written;
    Ok(Closed { missing, is_published: not_published.is_none() })
}

#[cfg(test)]
mod tests {
    use super::is_mass_removal;

    #[test]
    fn an_ordinary_day_removes_its_orphans() {
        let table =
            [(0, 0, false), (1_000, 1_000, false), (1_001, 4_004, false), (1_002, 4_004, true), (5_000, 5_000, true)];
        for (orphans, objects, withheld) in table {
            assert_eq!(is_mass_removal(orphans, objects), withheld, "{orphans} of {objects}");
        }
    }
}
