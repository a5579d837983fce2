//! Which disk to attach next and why, and how far the shelf gets if all are attached. Writes nothing.

use super::coverage::Coverage;
use super::parallel;
use super::shelf::Shelf;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, Day, DiskIndex, DiskName, Size, Timestamp};
use crate::os;
use crate::plan::{self, Future, Gain};
use crate::progress::Progress;
use std::sync::{Mutex, PoisonError};

/// A disk, and why it should be attached.
#[derive(Clone, Debug)]
pub struct Prospect {
    /// Its name.
    pub name: DiskName,
    /// When it was last attached.
    pub last_seen: Option<Timestamp>,
    /// What a visit would do.
    pub gain: Gain,
    /// Room for objects that nothing takes.
    pub free: Size,
    /// What it holds that was not proven for a year.
    pub unproven: Amount,
    /// Whether its visit was planned; else sums say what it would bring at most.
    pub is_planned: bool,
}

/// What the shelf asks for next.
#[derive(Clone, Debug)]
pub struct Next {
    /// All disks, the one to attach first.
    pub ranked: Vec<Prospect>,
    /// All visits in the best order, until no further one is worth it.
    pub visits: Vec<(DiskName, Gain)>,
    /// How well everything is protected now.
    pub now: Coverage,
    /// How well it would be after those visits.
    pub then: Coverage,
}

impl Next {
    /// The disk to attach next, if it would gain from it.
    pub fn first(&self) -> Option<&Prospect> {
        self.ranked.first().filter(|prospect| prospect.gain.is_worth_it)
    }

    /// The disk with most that waits to be proven.
    pub fn to_prove(&self) -> Option<&Prospect> {
        let waiting = self.ranked.iter().filter(|prospect| prospect.unproven.objects > 0);
        waiting.max_by_key(|prospect| prospect.unproven.bytes)
    }
}

/// A copy should be read and hashed once in so many days.
const PROOF_DAYS: i64 = 365;

/// A copy is to be read again if it was last read before this day.
pub fn proof_is_due(today: Day) -> Day {
    Day(today.0 - PROOF_DAYS)
}

/// Attachments thought of for each disk: the shelf settles in far fewer.
pub const MOST_VISITS: usize = 8;

/// What the shelf asks for next.
pub fn next(catalog: &Catalog, progress: &dyn Progress) -> Result<Next> {
    progress.task("plan", 0, Size::ZERO);
    let now = os::now();
    let shelf = Shelf::load(catalog, now)?;
    let sums = catalog.sums()?;
    let footprint = shelf.footprints();
    let mut future = shelf.future(&footprint);
    let bytes = |item| shelf.size(item);
    let gains = rank(&future, shelf.disks.iter().map(|disk| disk.index), &bytes);
    let mut ranked = prospects(&shelf, gains.clone());
    for prospect in &mut ranked {
        prospect.unproven = sums.unproven(prospect.gain.disk, proof_is_due(now.day()));
    }
    let visits = plan::tour(&mut future, gains, &bytes, MOST_VISITS * shelf.disks.len());
    let named = |gain: Gain| Some((shelf.disk(gain.disk)?.name.clone(), gain));
    Ok(Next {
        ranked,
        visits: visits.into_iter().filter_map(named).collect(),
        now: shelf.coverage(),
        then: shelf.coverage_in(&future),
    })
}

/// Of all disks but one, that whose visit would gain most, if any is worth it.
pub fn next_disk(shelf: &Shelf, but: Option<DiskIndex>) -> Option<Prospect> {
    let footprint = shelf.footprints();
    let others = shelf.disks.iter().map(|disk| disk.index).filter(|disk| Some(*disk) != but);
    let gains = rank(&shelf.future(&footprint), others, &|item| shelf.size(item));
    prospects(shelf, gains).into_iter().find(|prospect| prospect.gain.is_worth_it)
}

/// Disks by what a visit would gain, best first; each thread looks at a shelf of its own.
pub fn rank(
    future: &Future<'_>,
    disks: impl Iterator<Item = DiskIndex> + Send,
    bytes: &(dyn Fn(u32) -> Size + Sync),
) -> Vec<Gain> {
    let gains = Mutex::new(Vec::new());
    let look = |future: &mut Future<'_>, disk| {
        let gain = plan::rank(future, &[disk], bytes);
        gains.lock().unwrap_or_else(PoisonError::into_inner).extend(gain);
    };
    parallel::for_each(parallel::threads(0), disks, || true, || future.clone(), look);
    let mut gains = gains.into_inner().unwrap_or_else(PoisonError::into_inner);
    gains.sort_by_key(Gain::order);
    gains
}

fn prospects(shelf: &Shelf, gains: Vec<Gain>) -> Vec<Prospect> {
    let prospect = |gain: Gain| {
        let disk = shelf.disk(gain.disk)?;
        let (name, last_seen, free) =
            (disk.name.clone(), disk.last_seen, shelf.next_facts(disk).room() - shelf.used(disk));
        Some(Prospect { name, last_seen, gain, free, unproven: Amount::default(), is_planned: true })
    };
    gains.into_iter().filter_map(prospect).collect()
}
