//! What a backup did, and what the person needs to know next.

use super::Planned;
use super::carry::Carried;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, DiskIndex, DiskName, Size, Timestamp, VPath};
use crate::ops::shelf::Shelf;
use crate::plan::{Reason, Request, Step};

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

/// The disk that would gain most from being attached next.
#[derive(Clone, Debug)]
pub struct NextDisk {
    /// Its name.
    pub name: DiskName,
    /// When it was last attached.
    pub last_seen: Option<Timestamp>,
    /// What would get its first copy there.
    pub first: Amount,
    /// What would get a further copy there.
    pub more: Amount,
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
    /// What is held in free room for older snapshots only.
    pub kept: Amount,
    /// Objects that fit no disk: a path of each, at most twenty, and how many there are.
    pub too_large: (u64, Vec<VPath>),
    /// Bytes by which the disk stays above its budget.
    pub over_budget: Size,
    /// The disk to attach next, if any would gain.
    pub next: Option<NextDisk>,
}

impl BackupReport {
    /// Whether everything asked for was done.
    pub fn is_complete(&self) -> bool {
        self.carried.problems == 0
            && !self.carried.full
            && self.withheld.objects == 0
            && self.unhashed.objects == 0
            && self.too_large.0 == 0
            && self.over_budget == Size::ZERO
    }
}

/// A disk and the shelf in figures, as they are now.
pub fn sums(shelf: &Shelf, disk: &crate::model::Disk) -> DiskSums {
    DiskSums { held: shelf.held(disk.index), used: shelf.used(disk), levels: shelf.levels() }
}

/// Puts together what a run did.
pub fn report(catalog: &Catalog, planned: &Planned, before: DiskSums, carried: Carried) -> Result<BackupReport> {
    let Planned { disk, shelf, room, plan, withheld, .. } = planned;
    Ok(BackupReport {
        disk: disk.name.clone(),
        budget: disk.budget,
        room: *room,
        before,
        after: sums(shelf, disk),
        carried,
        withheld: *withheld,
        unhashed: catalog.unhashed()?,
        kept: shelf.kept(),
        too_large: planned.too_large(catalog)?,
        over_budget: Size(plan.over_budget),
        next: next_disk(shelf, Some(disk.index)),
    })
}

/// Of all disks but one, that whose next visit gives the most content its first copy, then its
/// further ones.
pub fn next_disk(shelf: &Shelf, but: Option<DiskIndex>) -> Option<NextDisk> {
    let rooms = shelf.rooms();
    let others = shelf.disks.iter().filter(|disk| Some(disk.index) != but);
    let gains = others.map(|disk| {
        let plan = shelf.plan(disk, &rooms, &Request::default());
        let mut next = NextDisk {
            name: disk.name.clone(),
            last_seen: disk.last_seen,
            first: Amount::default(),
            more: Amount::default(),
        };
        for step in &plan.steps {
            if let Step::Copy { item, reason, .. } = step
                && let Some(object) = shelf.objects.get(*item as usize)
            {
                let sum = if *reason == Reason::New { &mut next.first } else { &mut next.more };
                *sum += Amount::one(object.census.size);
            }
        }
        next
    });
    let gains = gains.filter(|next| next.first.objects + next.more.objects > 0);
    gains.max_by_key(|next| (next.first.bytes, next.more.bytes, std::cmp::Reverse(next.name.clone())))
}
