//! A visit's work on the disk's browsable trees.

use super::{Planned, facts_now};
use crate::catalog::Catalog;
use crate::disk::Attached;
use crate::error::Result;
use crate::model::{Disk, Problem};
use crate::ops::trees::{self, Showing, TreeReport};
use crate::plan::TreeWork;
use crate::progress::Progress;

/// Decides what is to be done with them, and counts what cannot be.
pub fn look(
    catalog: &Catalog,
    planned: &Planned,
    attached: &Attached,
    report: &mut TreeReport,
    progress: &dyn Progress,
) -> Result<TreeWork> {
    let Planned { disk, shelf, room_for_trees, .. } = planned;
    let looked = trees::look(catalog, disk, attached, (shelf.trees, *room_for_trees), progress)?;
    report.problems += looked.problems;
    report.no_room += looked.work.too_many.len() as u64;
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

/// Says how many snapshots have no tree for want of room.
pub fn tell(disk: &Disk, report: &TreeReport, progress: &dyn Progress) {
    if report.no_room > 0 {
        let what = format_args!(
            "{} of the snapshots that are kept have no tree there, the oldest: trees may take a twentieth of the \
             budget, and no content goes for them",
            report.no_room
        );
        progress.problem(&Problem::new(disk.name.as_str(), what));
    }
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
    let mut showing = Showing::of(catalog, &planned.disk, attached, progress);
    let brought = showing.bring(work, room, is_well);
    // Where that was cut short nobody has counted what they take.
    planned.disk.tree_taken = brought.is_ok().then_some(showing.taken);
    report += showing.report;
    brought.map(|()| report)
}
