//! A visit's work on the disk's browsable trees.

use super::{Planned, facts_now};
use crate::catalog::Catalog;
use crate::disk::Attached;
use crate::error::Result;
use crate::model::{Disk, Problem, Size};
use crate::ops::room::Facts;
use crate::ops::trees::{self, Showing, TreeReport};
use crate::plan::TreeWork;
use crate::progress::Progress;

/// Decides what is to be done with them, and counts what cannot be.
pub fn look(
    catalog: &Catalog,
    planned: &Planned,
    attached: &Attached,
    removes: bool,
    report: &mut TreeReport,
    progress: &dyn Progress,
) -> Result<TreeWork> {
    let Planned { disk, shelf, room_for_trees, .. } = planned;
    let mut looked = trees::look(catalog, disk, attached, (shelf.trees, *room_for_trees), progress)?;
    if !removes {
        looked.work.keep_all();
    }
    report.problems += looked.problems;
    report.no_room += looked.work.too_many.len() as u64;
    report.not_even_newest = looked.work.newest().is_none() && !looked.work.too_many.is_empty();
    report.stays = looked.stays;
    Ok(looked.work)
}

/// Sets them right if nobody knows what they show and take.
pub fn mend(catalog: &Catalog, disk: &mut Disk, attached: &Attached, progress: &dyn Progress) -> Result<TreeReport> {
    if disk.tree_taken.is_some() {
        return Ok(TreeReport::default());
    }
    let mut showing = Showing::of(catalog, disk, attached, progress);
    showing.mend(disk)?;
    disk.tree_taken = Some(showing.taken);
    Ok(showing.report)
}

/// Says how many snapshots have no tree for want of room, and what takes it.
pub fn tell(planned: &Planned, attached: &Attached, report: &mut TreeReport, progress: &dyn Progress) -> Result<()> {
    if report.no_links {
        report.no_room = 0;
    }
    if report.no_room == 0 {
        return Ok(());
    }
    let (disk, facts) = (&planned.disk, facts_now(&planned.shelf, &planned.disk, attached)?);
    let which = if report.not_even_newest { "not even the newest" } else { "the oldest" };
    let one = planned.shelf.trees.of_one(disk.footprint);
    let why = want_of_room(one, &facts, report.not_even_newest);
    let what = format!("{} of the snapshots that are kept have no tree there, {which}: {why}", report.no_room);
    progress.problem(&Problem::new(disk.name.as_str(), what));
    Ok(())
}

/// Why one more tree has no room.
fn want_of_room(one: Size, facts: &Facts, not_even_newest: bool) -> String {
    let most = trees::most(facts.budget);
    if facts.trees_taken + one > most {
        return format!(
            "one takes about {one}, and trees may take a twentieth of the budget ({most}), and no content goes for them"
        );
    }
    if facts.for_trees() >= facts.trees_taken + one {
        return "other files have filled the disk, and no content goes for what others do".to_owned();
    }
    if not_even_newest {
        return "all else there is the last copy of what is needed, which makes way for no tree".to_owned();
    }
    "the budget is full, and content makes way for the newest tree alone".to_owned()
}

/// Removes those that are not wanted any more.
pub fn clear(
    catalog: &Catalog,
    disk: &mut Disk,
    attached: &Attached,
    work: &TreeWork,
    progress: &dyn Progress,
) -> Result<TreeReport> {
    let mut showing = Showing::of(catalog, disk, attached, progress);
    showing.clear(work)?;
    disk.tree_taken = Some(showing.taken);
    Ok(showing.report)
}

/// Makes those of new snapshots, once everything else is done.
pub fn bring(
    catalog: &Catalog,
    planned: &mut Planned,
    attached: &Attached,
    (work, is_well): (&TreeWork, bool),
    progress: &dyn Progress,
) -> Result<TreeReport> {
    let mut report = mend(catalog, &mut planned.disk, attached, progress)?;
    let room = facts_now(&planned.shelf, &planned.disk, attached)?.for_trees();
    let newest = planned.shelf.trees.of_one(planned.disk.footprint);
    let mut showing = Showing::of(catalog, &planned.disk, attached, progress);
    let brought = showing.bring(work, (room, newest), is_well);
    // Where that was cut short nobody has counted what they take.
    planned.disk.tree_taken = brought.is_ok().then_some(showing.taken);
    report += showing.report;
    brought.map(|()| report)
}
