//! Looking: what is in the tree, where it is, how well it is protected. From the catalog alone.

use super::next::{Prospect, next_disk, proof_is_due};
use super::shelf::Shelf;
use crate::catalog::{Catalog, TreeRow, View};
use crate::error::{Error, Kind, Result};
use crate::model::{
    Amount, Content, Day, DirectoryId, Disk, DiskIndex, DiskName, Holding, Kind as EntryKind, ObjectId, Pattern, Size,
    VPath,
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
    /// What disks hold for older snapshots only.
    pub kept: Amount,
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

/// Counts the set; what each disk holds without saturated content, if that is left out. Touches no
/// mount.
pub fn info(catalog: &Catalog, no_saturated: bool) -> Result<Info> {
    let holdings = catalog.holdings()?;
    let shelf = Shelf::load(catalog, os::now())?;
    let (unproven, damaged) = (catalog.unproven(proof_is_due(os::now().day()))?, catalog.damaged()?);
    let mut disks = Vec::new();
    for disk in catalog.disks()? {
        let of = |sums: &[(DiskIndex, Amount)]| {
            sums.iter().find(|(index, _)| *index == disk.index).map(|(_, amount)| *amount).unwrap_or_default()
        };
        let on = |holding: &&Holding| holding.disks.contains(disk.index);
        let only = |holding: &&Holding| holding.live && on(holding) && holding.disks.count() == 1;
        let left_out = if no_saturated { shelf.saturated(Some(disk.index)) } else { Amount::default() };
        let held = sum(holdings.iter().filter(on));
        disks.push(DiskInfo {
            held: Amount { objects: held.objects.saturating_sub(left_out.objects), bytes: held.bytes - left_out.bytes },
            only_here: sum(holdings.iter().filter(only)),
            levels: shelf.levels_on(disk.index, no_saturated),
            room_left: {
                let facts = shelf.next_facts(&disk);
                facts.room() - facts.used
            },
            unproven: of(&unproven),
            damaged: of(&damaged),
            disk,
        });
    }
    let too_large = if disks.is_empty() { Vec::new() } else { shelf.too_large(&shelf.rooms()) };
    Ok(Info {
        uuid: catalog.uuid()?,
        generation: catalog.generation()?,
        snapshots: catalog.snapshots()?.len() as u64,
        entries: catalog.count_entries()?,
        levels: shelf.levels(),
        below_wanted: shelf.coverage().below_wanted,
        wanted: shelf.wanted(),
        groups: shelf.group_names(),
        saturated: shelf.saturated(None),
        kept: shelf.kept(),
        unhashed: catalog.unhashed()?,
        unscanned: unscanned(catalog)?,
        suspects: catalog.suspects()?.len() as u64,
        disks,
        too_large: (too_large.len() as u64, super::first_paths(catalog, too_large)?),
        next: next_disk(&shelf, None),
    })
}

fn unscanned(catalog: &Catalog) -> Result<Vec<VPath>> {
    let maps = catalog.source_maps()?.into_iter();
    Ok(maps.filter(|map| map.scanned.is_none()).map(|map| map.vpath).collect())
}

fn sum<'h>(holdings: impl Iterator<Item = &'h Holding>) -> Amount {
    holdings.map(|holding| holding.amount).sum()
}

/// Visits the entries of the newest state that match, each directory before what it holds.
pub fn list(
    catalog: &Catalog,
    pattern: Option<&Pattern>,
    mut visit: impl FnMut(&VPath, &TreeRow) -> Result<()>,
) -> Result<()> {
    let mut open = vec![(VPath::root(), catalog.list(DirectoryId::ROOT, View::Newest)?.into_iter())];
    let mut inside = HashSet::from([DirectoryId::ROOT]);
    while let Some((directory, rows)) = open.last_mut() {
        let Some(row) = rows.next() else {
            open.pop();
            continue;
        };
        let path = directory.join(&row.entry.name);
        if pattern.is_none_or(|pattern| pattern.matches(&path)) {
            visit(&path, &row)?;
        }
        // A hostile catalog may hold a directory inside itself.
        if open.len() > VPath::DEEPEST {
            return Err(super::too_deep());
        }
        if let Some(id) = row.entry.directory.filter(|id| inside.insert(*id)) {
            open.push((path, catalog.list(id, View::Newest)?.into_iter()));
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
