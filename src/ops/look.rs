//! Looking: what is in the tree, where it is, how well it is protected. From the catalog alone.

use super::figures::Figures;
use super::next::{Prospect, next_disk, proof_is_due};
use super::shelf::Shelf;
use crate::catalog::{Catalog, TreeRow, View};
use crate::error::{Error, Kind, Result};
use crate::model::{
    Amount, Content, Day, DirectoryId, Disk, DiskName, DiskSet, Kind as EntryKind, Need, ObjectId, Part, Size, VPath,
};
use crate::os;
use std::collections::HashSet;
use uuid::Uuid;

/// A disk in figures.
pub struct DiskInfo {
    /// The disk.
    pub disk: Disk,
    /// What it holds; with saturated content left out if that was asked for.
    pub held: Amount,
    /// Live content that no other disk has.
    pub only_here: Amount,
    /// Live content there by the number of its copies: one, two ...; saturated content left out if
    /// that was asked for.
    pub levels: Vec<Amount>,
    /// Bytes for objects that are still free of its budget, as its next visit will reckon.
    pub room_left: Size,
    /// What of it nobody read for a year.
    pub unproven: Amount,
    /// What was found damaged or missing there, and is not made good yet.
    pub damaged: Amount,
}

/// The whole set in figures.
pub struct Info {
    /// Which catalog this is.
    pub uuid: Uuid,
    /// How many sessions changed it.
    pub generation: u64,
    /// How many states of the tree are known.
    pub snapshots: u64,
    /// Entries of the newest state by kind.
    pub entries: Vec<(EntryKind, u64)>,
    /// Live content by the number of its copies: none, one, two ...
    pub levels: Vec<Amount>,
    /// Live content with fewer copies, on disks that fail apart, than are wanted.
    pub below_wanted: Amount,
    /// The fewest and the most copies that any of it wants.
    pub wanted: (u8, u8),
    /// Disks that may fail together, by name.
    pub groups: Vec<Vec<DiskName>>,
    /// Live content that has as many copies as it may.
    pub saturated: Amount,
    /// What disks hold for older snapshots only, of which one is guaranteed.
    pub guaranteed: Amount,
    /// What disks hold in free room for older snapshots only.
    pub kept: Amount,
    /// What of purged paths each disk still holds.
    pub purge_pending: Vec<(DiskName, Amount)>,
    /// Known but not read yet.
    pub unhashed: Amount,
    /// Maps that no update has read yet.
    pub unscanned: Vec<VPath>,
    /// Files that wait for a decision.
    pub suspects: u64,
    /// The shelf.
    pub disks: Vec<DiskInfo>,
    /// Objects that fit no disk: how many, and a path of each of the first.
    pub too_large: (u64, Vec<VPath>),
    /// The disk to attach next.
    pub next: Option<Prospect>,
}

impl Info {
    /// Whether everything that is mapped is known and has the copies that are wanted.
    pub fn is_protected(&self) -> bool {
        self.below_wanted.objects == 0 && self.unhashed.objects == 0 && self.unscanned.is_empty()
    }
}

/// Objects that are planned in passing, to say which disk to attach next; of more than these the sums
/// say what a visit could bring at most.
const PLANNED: u64 = 50_000;

/// Counts the set; what each disk holds without saturated content, if that is left out. Touches no
/// mount.
pub fn info(catalog: &Catalog, no_saturated: bool) -> Result<Info> {
    let figures = Figures::load(catalog)?;
    let damaged = catalog.damaged()?;
    let of = |disk: &Disk| {
        let found = damaged.iter().find(|(index, _)| *index == disk.index);
        disk_info(&figures, disk, no_saturated, found.map(|(_, amount)| *amount).unwrap_or_default())
    };
    let too_large = figures.too_large(catalog)?;
    let held_for = |need| figures.amount(|part| part.holding.need == need && part.holding.disks != DiskSet::EMPTY);
    let name = |index| figures.disks.iter().find(|disk| disk.index == index).map(|disk| disk.name.clone());
    Ok(Info {
        uuid: catalog.uuid()?,
        generation: catalog.generation()?,
        snapshots: catalog.snapshots()?.len() as u64,
        entries: figures.sums.entries.clone(),
        levels: figures.levels(|_| true),
        below_wanted: figures.below_wanted(),
        wanted: figures.wanted(),
        groups: figures.groups.iter().map(|group| group.iter().filter_map(name).collect()).collect(),
        saturated: figures.amount(Part::is_saturated),
        guaranteed: held_for(Need::Guaranteed),
        kept: held_for(Need::Kept),
        purge_pending: super::pending(catalog)?,
        unhashed: catalog.unhashed()?,
        unscanned: unscanned(catalog)?,
        suspects: catalog.suspects()?.len() as u64,
        disks: figures.disks.iter().map(of).collect(),
        too_large: (too_large.len() as u64, super::first_paths(catalog, too_large)?),
        next: next(catalog, &figures)?,
    })
}

fn disk_info(figures: &Figures, disk: &Disk, no_saturated: bool, damaged: Amount) -> DiskInfo {
    let index = disk.index;
    let is_left_out = |part: &Part| no_saturated && part.is_saturated();
    let on = |part: &Part| part.holding.disks.contains(index);
    let facts = figures.next_facts(disk);
    DiskInfo {
        held: figures.amount(|part| on(part) && !is_left_out(part)),
        only_here: figures
            .amount(|part| part.is_pinned() && on(part) && part.certain().without(index) == DiskSet::EMPTY),
        levels: figures.levels(|part| part.certain().contains(index) && !is_left_out(part)).split_off(1),
        room_left: facts.room() - facts.used,
        unproven: figures.sums.unproven(index, proof_is_due(os::now().day())),
        damaged,
        disk: disk.clone(),
    }
}

/// The disk to attach next.
fn next(catalog: &Catalog, figures: &Figures) -> Result<Option<Prospect>> {
    if figures.objects() <= PLANNED {
        return Ok(next_disk(&Shelf::load(catalog, os::now())?, None));
    }
    let best = figures.gains().into_iter().find(|gain| gain.is_worth_it);
    Ok(best.and_then(|gain| {
        let disk = figures.disks.iter().find(|disk| disk.index == gain.disk)?;
        let facts = figures.next_facts(disk);
        let (name, last_seen) = (disk.name.clone(), disk.last_seen);
        let free = facts.room() - facts.used;
        Some(Prospect { name, last_seen, gain, free, unproven: Amount::default(), is_planned: false })
    }))
}

fn unscanned(catalog: &Catalog) -> Result<Vec<VPath>> {
    let maps = catalog.source_maps()?.into_iter();
    Ok(maps.filter(|map| map.scanned.is_none()).map(|map| map.vpath).collect())
}

/// Visits all entries of a state, each directory before what it holds.
pub fn every(catalog: &Catalog, view: View, mut visit: impl FnMut(&VPath, &TreeRow) -> Result<()>) -> Result<()> {
    let mut open = vec![(VPath::root(), catalog.list(DirectoryId::ROOT, view)?.into_iter())];
    let mut inside = HashSet::from([DirectoryId::ROOT]);
    while let Some((directory, rows)) = open.last_mut() {
        let Some(row) = rows.next() else {
            open.pop();
            continue;
        };
        let path = directory.join(&row.entry.name);
        visit(&path, &row)?;
        // A hostile catalog may hold a directory inside itself.
        if open.len() > VPath::DEEPEST {
            return Err(super::too_deep());
        }
        if let Some(id) = row.entry.directory
            && inside.insert(id)
        {
            open.push((path, catalog.list(id, view)?.into_iter()));
        }
    }
    Ok(())
}

/// A disk that has a file's content.
pub struct Claim {
    /// The disk.
    pub disk: Disk,
    /// The day the copy was last proven.
    pub proven: Day,
    /// Whether it could not be read, or was never proven.
    pub doubt: bool,
}

/// Where a file's content is.
pub struct Whereabouts {
    /// Its content, if it has any.
    pub object: Option<ObjectId>,
    /// The disks that have it.
    pub claims: Vec<Claim>,
}

/// Which disks have a file of the newest state.
pub fn whereabouts(catalog: &Catalog, path: &VPath) -> Result<Whereabouts> {
    let row = catalog.look_up(path, View::Newest)?.ok_or_else(|| {
        Error::new(Kind::Usage, format_args!("there is no {path} in the catalog"))
            .next("`dsb ls PATTERN` shows what there is")
    })?;
    let Content::Object(key) = row.entry.content else {
        return Ok(Whereabouts { object: None, claims: Vec::new() });
    };
    let disks = catalog.disks()?;
    let claims = catalog.claims_of(key)?.into_iter().filter_map(|(index, proven, doubt)| {
        let disk = disks.iter().find(|disk| disk.index == index)?.clone();
        Some(Claim { disk, proven, doubt })
    });
    Ok(Whereabouts { object: row.object, claims: claims.collect() })
}
