//! What a backup did, and what the person needs to know next.

use super::Planned;
use super::carry::Carried;
use crate::catalog::{Catalog, CensusItem};
use crate::error::Result;
use crate::model::{Amount, Disk, DiskName, Size, VPath};
use crate::ops::first_paths;
use crate::ops::next::{Prospect, next_disk};
use crate::ops::shelf::Shelf;

/// Paths of what has no copy that are named at most.
const NAMED: usize = 3;

/// A disk and the shelf in figures.
#[derive(Clone, Debug, Default)]
pub struct DiskSums {
    /// What the disk holds.
    pub held: Amount,
    /// Bytes this takes there.
    pub used: Size,
    /// Live content by the number of its copies anywhere: none, one, two ...
    pub levels: Vec<Amount>,
}

/// What a backup did.
#[derive(Clone, Debug)]
pub struct BackupReport {
    /// The disk.
    pub disk: DiskName,
    /// Its budget.
    pub budget: Size,
    /// Bytes of it for objects.
    pub room: Size,
    /// Before the run.
    pub before: DiskSums,
    /// After it.
    pub after: DiskSums,
    /// What was done.
    pub carried: Carried,
    /// Orphans that stayed, because so many at once look like a mistake.
    pub withheld: Amount,
    /// Files known to the last update but not read by it.
    pub unhashed: Amount,
    /// What is held for older snapshots only, guaranteed.
    pub guaranteed: Amount,
    /// The same in free room.
    pub kept: Amount,
    /// Objects that fit no disk: a path of each, at most twenty, and how many there are.
    pub too_large: (u64, Vec<VPath>),
    /// Content without a copy for which no disk of the shelf has room: what it is, and a path of each
    /// of the largest.
    pub homeless: (Amount, Vec<VPath>),
    /// The same of content for which this disk has room: something else was in its way.
    pub not_copied: (Amount, Vec<VPath>),
    /// Bytes by which the disk stays above its budget.
    pub over_budget: Size,
    /// Whether anything might make way.
    pub evicts: bool,
    /// The disk to attach next, if any would gain.
    pub next: Option<Prospect>,
}

impl BackupReport {
    /// Whether everything asked for was done.
    pub fn is_complete(&self) -> bool {
        self.carried.problems == 0
            && !self.carried.full
            && self.carried.trees.no_room == 0
            && self.withheld.objects == 0
            && self.unhashed.objects == 0
            && self.too_large.0 == 0
            && self.over_budget == Size::ZERO
    }

    /// Whether there were problems that another look at the sources may end: what somebody else has on the
    /// disk stays as it is.
    pub fn had_passing_problems(&self) -> bool {
        let staying = self.carried.trees.problems + u64::from(self.carried.linked.objects > 0);
        self.carried.problems > staying
    }
}

/// A disk and the shelf in figures, as they are now.
pub fn sums(shelf: &Shelf, disk: &Disk) -> DiskSums {
    DiskSums { held: shelf.held(disk.index), used: shelf.used(disk), levels: shelf.levels() }
}

/// Puts together what a run did.
pub fn report(catalog: &Catalog, planned: &Planned, before: DiskSums, carried: Carried) -> Result<BackupReport> {
    let Planned { disk, shelf, room, plan, withheld, .. } = planned;
    let next = next_disk(shelf, Some(disk.index));
    let (guaranteed, kept) = shelf.held_for_older();
    let after = sums(shelf, disk);
    let (homeless, not_copied) =
        if next.is_none() { homeless(catalog, shelf, disk, *room - after.used)? } else { Default::default() };
    Ok(BackupReport {
        disk: disk.name.clone(),
        budget: disk.budget,
        room: *room,
        before,
        after,
        carried,
        withheld: *withheld,
        unhashed: catalog.unhashed()?,
        guaranteed,
        kept,
        too_large: planned.too_large(catalog)?,
        over_budget: Size(plan.over_budget),
        evicts: planned.evicts,
        homeless,
        not_copied,
        next,
    })
}

/// Content of some kind, with the paths of the largest.
type Named = (Amount, Vec<VPath>);

/// What has no copy: that for which there is no room, and that which would fit into what is free here.
fn homeless(catalog: &Catalog, shelf: &Shelf, disk: &Disk, free: Size) -> Result<(Named, Named)> {
    let fits = |item: &&CensusItem| disk.footprint.of(item.size, item.data) <= free;
    let (fitting, others): (Vec<_>, Vec<_>) = shelf.homeless().into_iter().partition(fits);
    let named = |items: Vec<&CensusItem>| -> Result<Named> {
        let paths = first_paths(catalog, items.iter().take(NAMED).map(|item| item.key))?;
        Ok((items.iter().map(|item| Amount::one(item.size)).sum(), paths))
    };
    Ok((named(others)?, named(fitting)?))
}
