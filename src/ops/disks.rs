//! The shelf as a person arranges it: add, set, rename, drop, delete, refresh.

use super::attach;
use super::room::MARGIN;
use crate::catalog::Catalog;
use crate::disk::{self, Attached, Marker, Place, State};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskIndex, DiskName, DiskSet, Fanout, SessionStamp, Size, VPath, escape};
use crate::os;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use uuid::Uuid;

/// How a new disk is taken.
#[derive(Clone, Debug, Default)]
pub struct AddOptions {
    /// The budget, if the person gives one.
    pub size: Option<Size>,
    /// Taken though it shares a file system, or is a bare mount point.
    pub same_device: bool,
    /// Those that may be lost together with it.
    pub group: Option<DiskName>,
    /// Whether it shows snapshots as browsable trees.
    pub tree: bool,
    /// In which folders its objects lie.
    pub fanout: Fanout,
}

/// A disk that was added, and what the person should know of it.
#[derive(Clone, Debug)]
pub struct Added {
    /// The disk.
    pub disk: Disk,
    /// How the budget came about.
    pub budget: Budget,
    /// What makes it less of a protection than it looks.
    pub warnings: Vec<String>,
}

/// How a budget came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// The person gave it.
    Given,
    /// The disk's size less 5 %, at most 10 GB.
    OfSize,
    /// Less was free than that.
    OfFree,
}

/// The part of a disk that the default budget leaves alone, in percent, and at most.
const LEFT_ALONE_PERCENT: u64 = 5;
const LEFT_ALONE: Size = Size(10_000_000_000);

/// The budget of a disk: what is asked for, or its size less a part, never more than what is free.
pub fn budget(asked: Option<Size>, size: Size, free: Size) -> (Size, Budget) {
    let whole = |size: Size| Size(size.bytes() & !4095);
    // With the margin in the budget it is the budget that ends the last plan, not what happens to
    // be free: footprints are estimates, and each plan would find a little more free than the last.
    let usable = free - MARGIN;
    let of_size = size - size.percent(LEFT_ALONE_PERCENT).min(LEFT_ALONE);
    match asked {
        Some(asked) => (asked, Budget::Given),
        None if of_size <= usable => (whole(of_size), Budget::OfSize),
        None => (whole(usable), Budget::OfFree),
    }
}

/// Adds a disk: makes its folder and marker, and takes it into the catalog.
pub fn add_disk(catalog: &Catalog, name: &DiskName, path: &Path, options: &AddOptions) -> Result<Added> {
    let disks = catalog.disks()?;
    if disks.iter().any(|disk| disk.name == *name) {
        let what = format!("there is a disk {name} already");
        return Err(Error::new(Kind::Refused, what).next("give the new one another name"));
    }
    let index = free_index(&disks)?;
    let place = disk::place(path)?;
    refuse_bare_mount_point(&place, path, options.same_device)?;
    let warnings = shared_devices(catalog, &disks, &place)?;
    if options.tree {
        refuse_without_links(catalog, name, &place.existing)?;
    }
    let path = std::path::absolute(path).map_err(|error| Error::io("find", path, &error))?;
    let marker = Marker {
        uuid: Uuid::new_v4(),
        name: name.to_string(),
        catalog: Some(catalog.uuid()?),
        generation: 0,
        session: SessionStamp::default(),
        state: State::Clean,
        format: disk::FORMAT,
        fanout: Fanout::Three,
        before: None,
    };
    let marker = marker.in_folders(options.fanout, None);
    let uuid = marker.uuid;
    let make = if catalog.is_scratch() { disk::rehearse } else { disk::create };
    let attached = make(&path, marker)?;
    let medium = attached.medium();
    let (size, how) = budget(options.size, medium.size, medium.free);
    let disk = Disk {
        index,
        uuid,
        name: name.clone(),
        path,
        budget: size,
        reserve: Size::ZERO,
        reserve_used: Size::ZERO,
        footprint: attached.footprint()?,
        medium,
        last_seen: Some(os::now()),
        last_written: None,
        generation: 0,
        session: SessionStamp::default(),
        pending: None,
        closed: true,
        same_device: options.same_device || !warnings.is_empty(),
        group: options.group.clone(),
        tree: options.tree,
        tree_taken: Some(Size::ZERO),
        fanout: options.fanout,
        unconfirmed: false,
    };
    put(catalog, &disk)?;
    let warnings = warnings.into_iter().chain(disk.exceeds_its_medium()).collect();
    Ok(Added { disk, budget: how, warnings })
}

/// A place among the disks that none has.
pub(super) fn free_index(disks: &[Disk]) -> Result<DiskIndex> {
    let used: crate::model::DiskSet = disks.iter().map(|disk| disk.index).collect();
    let index = (0..64).filter_map(DiskIndex::new).find(|index| !used.contains(*index));
    index.ok_or_else(|| {
        Error::new(Kind::Refused, "the catalog has 64 disks, and holds no more").next("drop or delete one first")
    })
}

pub(super) fn refuse_bare_mount_point(place: &Place, path: &Path, agreed: bool) -> Result<()> {
    if agreed || !place.is_bare_mount_point() {
        return Ok(());
    }
    let shown = escape(path.as_os_str().as_bytes());
    Err(Error::new(Kind::Refused, format_args!("{shown} has no disk mounted there"))
        .next("mount the disk first; to use that folder all the same: --same-device"))
}

/// Why a disk protects less than it looks: it shares a device with a source or another disk.
pub(super) fn shared_devices(catalog: &Catalog, disks: &[Disk], place: &Place) -> Result<Vec<String>> {
    let on_it = |path: &Path| disk::place(path).is_ok_and(|other| other.exists && other.device == place.device);
    let maps: Vec<_> = catalog.source_maps()?.into_iter().filter(|map| on_it(&map.path)).collect();
    let sources = some_of(maps.iter().map(|map| escape(map.path.as_os_str().as_bytes()).into_owned()));
    let others = some_of(disks.iter().filter(|disk| on_it(&disk.path)).map(|disk| disk.name.to_string()));
    let warnings = [
        sources.map(|them| format!("it is on the same device as the source {them}: no protection if that fails")),
        others.map(|them| format!("it is on the same device as disk {them}: together they protect like one")),
    ];
    Ok(warnings.into_iter().flatten().collect())
}

/// The first of some names, and how many more there are; none of none.
fn some_of(names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<_> = names.collect();
    let more = names.len().saturating_sub(3);
    let first = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    let said = if more > 0 { format!("{first} and {more} more") } else { first };
    (!names.is_empty()).then_some(said)
}

/// Disks that are on the same device as a folder now.
pub fn disks_beside(catalog: &Catalog, folder: &Path) -> Result<Vec<DiskName>> {
    let place = disk::place(folder)?;
    let is_on_it = |path: &Path| disk::place(path).is_ok_and(|other| other.exists && other.device == place.device);
    Ok(catalog.disks()?.into_iter().filter(|disk| is_on_it(&disk.path)).map(|disk| disk.name).collect())
}

/// What can be set of a disk.
#[derive(Clone, Debug, Default)]
pub struct DiskChanges {
    /// A new budget.
    pub size: Option<Size>,
    /// Where its data directory is now.
    pub path: Option<std::path::PathBuf>,
    /// Where its data directory is below its mount point.
    pub relative: Option<std::path::PathBuf>,
    /// Whether it may share a file system.
    pub same_device: Option<bool>,
    /// Those that may be lost together with it; nothing inside: none.
    pub group: Option<Option<DiskName>>,
    /// Whether it shows snapshots as browsable trees.
    pub tree: Option<bool>,
    /// In which folders its objects are to lie, from its next backup on.
    pub fanout: Option<Fanout>,
}

/// Sets what is asked for.
pub fn set_disk(catalog: &Catalog, disk: &mut Disk, changes: &DiskChanges) -> Result<()> {
    if let Some(size) = changes.size {
        disk.budget = size;
    }
    let below_mount = changes.relative.as_deref().map(|relative| attach::below_mount(disk, relative)).transpose()?;
    if let Some(path) = &changes.path {
        let attached = Attached::open(path)?;
        if attached.marker().uuid != disk.uuid {
            let there = escape(attached.marker().name.as_bytes()).into_owned();
            return Err(Error::new(
                Kind::Refused,
                format_args!("{} is disk {there}, not {}", path.display(), disk.name),
            )
            .next("give the path of the disk itself"));
        }
        disk.path = std::path::absolute(path).map_err(|error| Error::io("find", path, &error))?;
    }
    disk.path = below_mount.unwrap_or_else(|| disk.path.clone());
    if let Some(agreed) = changes.same_device {
        disk.same_device = agreed;
    }
    if let Some(group) = &changes.group {
        disk.group.clone_from(group);
    }
    if let Some(tree) = changes.tree {
        // A disk that is not attached is asked at its next backup.
        if tree && let Ok(attached) = attach::find_attached(catalog, disk) {
            refuse_without_links(catalog, &disk.name, attached.path())?;
        }
        disk.tree = tree;
    }
    disk.fanout = changes.fanout.unwrap_or(disk.fanout);
    change(catalog, disk)
}

/// Refuses browsable trees where the file system can have none.
fn refuse_without_links(catalog: &Catalog, name: &DiskName, folder: &Path) -> Result<()> {
    // Where nothing may be written, that is asked at the next backup.
    if catalog.is_scratch() || disk::keeps_links(folder).unwrap_or(true) {
        return Ok(());
    }
    let what = format!("disk {name} can show no trees: its file system has no hard links or no symlinks");
    Err(Error::new(Kind::Refused, what)
        .next("leave --tree away, or make a file system there that has them: ext4, XFS, btrfs, NTFS"))
}

/// Writes what a person set of a disk: the copies of the catalog are older now.
fn change(catalog: &Catalog, disk: &Disk) -> Result<()> {
    catalog.atomically(|catalog| catalog.raise_generation().and_then(|_| catalog.put_settings(disk)))
}

/// Writes all of a disk.
pub(super) fn put(catalog: &Catalog, disk: &Disk) -> Result<()> {
    catalog.atomically(|catalog| catalog.raise_generation().and_then(|_| catalog.put_disk(disk)))
}

/// Gives a disk another name; its marker follows at the next session.
pub fn rename_disk(catalog: &Catalog, disk: &mut Disk, name: DiskName) -> Result<()> {
    if catalog.disks()?.iter().any(|other| other.name == name && other.index != disk.index) {
        return Err(Error::new(Kind::Refused, format_args!("there is a disk {name} already")));
    }
    disk.name = name;
    change(catalog, disk)
}

/// Content that is needed and that no other disk holds for certain: the first path of each object.
pub fn only_here(catalog: &Catalog, disk: DiskIndex, most: usize) -> Result<(u64, Vec<VPath>)> {
    let mut keys = Vec::new();
    let mut count = 0;
    catalog.census(&catalog.standing()?, |item| {
        let elsewhere = DiskSet(item.disks.0 & !item.doubtful.0).without(disk);
        let only = item.class.is_pinned() && item.disks.contains(disk) && elsewhere == DiskSet::EMPTY;
        count += u64::from(only);
        if only && keys.len() < most {
            keys.push(item.key);
        }
        Ok(())
    })?;
    let mut paths = Vec::new();
    for key in keys {
        paths.extend(super::paths_of(catalog, key, 1)?);
    }
    Ok((count, paths))
}

/// Forgets what a disk holds: it is lost, or its content is. With the only copy of live content
/// on it, `lost` must be said.
pub fn drop_disk(catalog: &Catalog, disk: &Disk, lost: bool) -> Result<(u64, Vec<VPath>)> {
    let (count, paths) = only_here(catalog, disk.index, 10)?;
    if count > 0 && !lost {
        let named: Vec<_> = paths.iter().map(ToString::to_string).collect();
        let more = if count > named.len() as u64 { ", ..." } else { "" };
        let objects = if count == 1 { "1 object".to_owned() } else { format!("{count} objects") };
        let what = format!("disk {} has the only copy of {objects}: {}{more}", disk.name, named.join(", "));
        return Err(Error::new(Kind::Refused, what).next(format_args!(
            "back up to another disk first; if it is really lost: `dsb disk drop {} --lost`",
            disk.name
        )));
    }
    // Should the disk turn up again, its next session counts afresh what is on it.
    put(catalog, &Disk { closed: false, ..disk.clone() })?;
    catalog.forget_disk(disk.index, false)?;
    Ok((count, paths))
}

/// Takes a disk that holds nothing out of the catalog.
pub fn delete_disk(catalog: &Catalog, disk: &Disk) -> Result<()> {
    if let Some(first) = catalog.copies_on(disk.index, &[], 1)?.first() {
        let what = format!("disk {} still holds objects ({} and more)", disk.name, first.id);
        return Err(Error::new(Kind::Refused, what).next(format_args!("`dsb disk drop {}` forgets them", disk.name)));
    }
    catalog.forget_disk(disk.index, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_budget_leaves_a_part_alone() {
        let table = [
            (None, 100_000_000_000, 99_000_000_000, 95_000_000_000, Budget::OfSize),
            (None, 8_000_000_000_000, 8_000_000_000_000, 7_990_000_000_000, Budget::OfSize),
            (None, 100_000_000_000, 50_000_000_000, 50_000_000_000 - (8 << 20), Budget::OfFree),
            (Some(1_000), 100_000_000_000, 50, 1_000, Budget::Given),
        ];
        for (asked, size, free, expected, how) in table {
            let (bytes, reason) = budget(asked.map(Size), Size(size), Size(free));
            assert_eq!((bytes.bytes(), reason), (if asked.is_some() { expected } else { expected & !4095 }, how));
        }
    }
}
