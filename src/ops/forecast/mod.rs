//! Where the shelf is going: how far it is from each number of copies, when it will be full, and
//! what a new disk or the loss of one would change. Writes nothing.

mod folders;
mod gone;
mod growth;

pub use folders::Folder;
pub use growth::{Full, Growth};

use super::coverage::Coverage;
use super::disks::budget;
use super::next::{MOST_VISITS, rank};
use super::room::Facts;
use super::shelf::Shelf;
use crate::catalog::Catalog;
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, Day, Disk, DiskIndex, DiskSet, Fanout, Footprint, Size, VPath};
use crate::os;
use crate::plan::{self, Future};
use crate::progress::Progress;

/// What the person wonders about.
#[derive(Clone, Debug, Default)]
pub struct Supposed {
    /// New disks of these sizes.
    pub added: Vec<Size>,
    /// Disks that are lost.
    pub lost: Vec<Disk>,
}

/// What would become of the shelf.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Once every visit that is worth it was made, in the best order.
    pub then: Coverage,
    /// How many visits those are.
    pub visits: usize,
    /// What the disks have room for, and until when.
    pub full: Vec<Full>,
}

/// What a change of the shelf would bring.
#[derive(Clone, Debug)]
pub struct Change {
    /// Right after it.
    pub at_once: Coverage,
    /// Later.
    pub outcome: Outcome,
    /// Files whose only copies are on what is lost.
    pub gone: Vec<VPath>,
    /// Content whose only copies are on what is lost.
    pub without_copy: Amount,
    /// Of that, what no visit would copy again from the source.
    pub for_good: Amount,
    /// What only older states need that are guaranteed, and only what is lost has.
    pub older: Amount,
}

/// Where the shelf is going.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// By top folder.
    pub folders: Vec<Folder>,
    /// As it is.
    pub now: Coverage,
    /// As it stands.
    pub outcome: Outcome,
    /// How what is to be protected has grown, if that was seen for a day.
    pub growth: Option<Growth>,
    /// With what the person supposes.
    pub change: Option<Change>,
}

/// Foresees the shelf.
pub fn forecast(catalog: &Catalog, supposed: &Supposed, progress: &dyn Progress) -> Result<Forecast> {
    progress.task("plan", 0, Size::ZERO);
    let now = os::now();
    let shelf = Shelf::load(catalog, now)?;
    let growth = growth::seen(&catalog.growth()?, now.day(), shelf.coverage().total());
    let footprint = shelf.footprints();
    let view = View { shelf: &shelf, growth, today: now.day() };
    let change = if supposed.added.is_empty() && supposed.lost.is_empty() {
        None
    } else {
        Some(view.change(catalog, supposed, shelf.future(&footprint))?)
    };
    Ok(Forecast {
        folders: folders::folders(catalog, &shelf)?,
        now: shelf.coverage(),
        outcome: view.outcome(&mut shelf.future(&footprint)),
        growth,
        change,
    })
}

/// What every outcome is seen from.
struct View<'s> {
    shelf: &'s Shelf,
    growth: Option<Growth>,
    today: Day,
}

impl View<'_> {
    fn outcome(&self, future: &mut Future<'_>) -> Outcome {
        let bytes = |item| self.shelf.size(item);
        let disks: Vec<_> = future.rooms().iter().map(|(disk, _)| *disk).collect();
        let full = growth::full(&units(future), self.shelf, self.growth, self.today);
        let ranked = rank(future, disks.iter().copied(), &bytes);
        let visits = plan::tour(future, ranked, &bytes, MOST_VISITS * disks.len()).len();
        Outcome { then: self.shelf.coverage_in(future), visits, full }
    }

    fn change(&self, catalog: &Catalog, supposed: &Supposed, mut future: Future<'_>) -> Result<Change> {
        let lost: DiskSet = supposed.lost.iter().map(|disk| disk.index).collect();
        lost.iter().for_each(|disk| future.lose_disk(disk));
        for (size, disk) in supposed.added.iter().zip(self.unused(supposed.added.len())?) {
            future.put_disk(disk, self.room(*size));
        }
        let (at_once, bare) = (self.shelf.coverage_in(&future), gone::only_on(self.shelf, lost));
        let outcome = self.outcome(&mut future);
        let stays = |item: &&u32| future.items().get(**item as usize).is_none_or(|item| item.disks == DiskSet::EMPTY);
        let amount = |item: &u32| Amount::one(self.shelf.size(*item));
        Ok(Change {
            at_once,
            outcome,
            gone: gone::paths(catalog, self.shelf, &bare)?,
            without_copy: bare.iter().map(amount).sum(),
            for_good: bare.iter().filter(stays).map(amount).sum(),
            older: gone::older_on(self.shelf, lost),
        })
    }

    fn unused(&self, count: usize) -> Result<Vec<DiskIndex>> {
        let used: DiskSet = self.shelf.disks.iter().map(|disk| disk.index).collect();
        let free = (0..DiskIndex::COUNT.into()).filter_map(DiskIndex::new).filter(|disk| !used.contains(*disk));
        let free: Vec<_> = free.take(count).collect();
        if free.len() < count {
            return Err(Error::new(Kind::Usage, "a catalog holds 64 disks at most").next("suppose fewer new disks"));
        }
        Ok(free)
    }

    /// Room for objects on a new disk of this size.
    fn room(&self, size: Size) -> u64 {
        let facts = Facts {
            budget: budget(None, size, size).0,
            reserve: self.shelf.reserve(Size::ZERO, (Footprint::USUAL, Fanout::Three)),
            reserve_used: Size::ZERO,
            aside: Size::ZERO,
            trees: Size::ZERO,
            newest_tree: Size::ZERO,
            trees_taken: Size::ZERO,
            used: Size::ZERO,
            free: size,
        };
        facts.room().bytes()
    }
}

/// Room by what fails as one: a group, or a disk by itself.
fn units(future: &Future<'_>) -> Vec<u64> {
    let mut units = std::collections::BTreeMap::new();
    for (disk, room) in future.rooms() {
        let unit = DiskSet::EMPTY.with(*disk).with_mates(future.groups());
        let sum: &mut u64 = units.entry(unit).or_default();
        *sum = sum.saturating_add(*room);
    }
    units.into_values().collect()
}
