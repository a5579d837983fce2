//! From a disk's name to the disk itself: found wherever it is mounted, and known to be the one.

use crate::catalog::Catalog;
use crate::disk::{self, Attached, Marker, State};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskName, Fanout, SessionStamp, Size, Timestamp, escape};
use crate::os;
use crate::progress::Progress;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// The disk that a person names: by name, by uuid, or by its path.
pub fn named_disk(catalog: &Catalog, name: &str) -> Result<Disk> {
    let disks = catalog.disks()?;
    let by_word = |disk: &&Disk| disk.name.as_str() == name || disk.uuid.to_string() == name.to_lowercase();
    if let Some(disk) = disks.iter().find(by_word) {
        return Ok(disk.clone());
    }
    let path = Path::new(name);
    if path.is_dir()
        && let Ok(there) = Attached::open(&disk::data_directory(path))
        && let Some(disk) = disks.iter().find(|disk| disk.uuid == there.marker().uuid)
    {
        return Ok(disk.clone());
    }
    // Where it was last seen: whoever looks for it there is told that it is not.
    if let Some(disk) = disks.iter().find(|disk| path.is_absolute() && disk.path == path) {
        return Ok(disk.clone());
    }
    let known: Vec<_> = disks.iter().map(|disk| disk.name.as_str()).collect();
    let error = Error::new(Kind::NotFound, format_args!("there is no disk {}", escape(name.as_bytes())));
    Err(if known.is_empty() {
        error.next("add one with `dsb disk add NAME PATH`")
    } else {
        error.next(format_args!("the disks are {}", known.join(", ")))
    })
}

/// Finds a disk among what is attached, wherever it is mounted, and opens it. Nothing is changed.
pub fn find_attached(catalog: &Catalog, disk: &Disk) -> Result<Attached> {
    let places = places_of(disk);
    let path = match places.as_slice() {
        [] => return Err(not_attached(disk)),
        [path] => path,
        several => return Err(clones(disk, several)),
    };
    let attached = Attached::open(path)?;
    attached.refuse_old_layout()?;
    belongs(catalog, disk, attached.marker())?;
    is_no_bare_mount_point(disk, path)?;
    Ok(attached)
}

/// An attached disk that knows sessions which this catalog does not: the catalog is an old copy, and what it
/// takes for a second copy on another disk may be the last.
pub fn newer_than(catalog: &Catalog) -> Result<Option<DiskName>> {
    let disks = catalog.disks()?;
    let remembered: Vec<_> = disks.iter().flat_map(remembered).collect();
    let uuid = catalog.uuid()?;
    let is_newer = |disk: &Disk, marker: &Marker| {
        marker.uuid == disk.uuid && marker.catalog.is_none_or(|owner| owner == uuid) && is_behind(disk, marker)
    };
    let found = disk::find(&remembered);
    let newer = disks.into_iter().find(|disk| found.iter().any(|(_, marker)| is_newer(disk, marker)));
    Ok(newer.map(|disk| disk.name))
}

/// Whether a disk's marker is of a session that the catalog does not know yet.
pub(super) fn is_behind(disk: &Disk, marker: &Marker) -> bool {
    marker.session.number > disk.pending.unwrap_or(disk.session).number
}

/// The newest usable catalog copy on a disk, strictly for reading; nothing on the disk is changed.
pub fn catalog_on(attached: &Attached) -> Result<Catalog> {
    let place = escape(attached.path().as_os_str().as_bytes());
    let mut last = Error::new(Kind::NotFound, format_args!("{place} has no catalog copy"))
        .next("its objects may still be good: with the home catalog, `dsb restore DISK DESTINATION`");
    for copy in attached.catalog_copies()? {
        match Catalog::open_copy(&copy) {
            Ok(catalog) => return Ok(catalog),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Where a disk is now: the only place where its marker is, else where it was last seen.
pub fn place_of(disk: &Disk) -> Result<PathBuf> {
    match places_of(disk).as_slice() {
        [] => Ok(disk.path.clone()),
        [path] => Ok(path.clone()),
        several => Err(clones(disk, several)),
    }
}

fn places_of(disk: &Disk) -> Vec<PathBuf> {
    let found = disk::find(&remembered(disk)).into_iter().filter(|(_, marker)| marker.uuid == disk.uuid);
    found.map(|(path, _)| path).collect()
}

/// Where a disk was, and where it may be below any mount point.
fn remembered(disk: &Disk) -> Vec<PathBuf> {
    [disk.path.clone()].into_iter().chain(tails(&disk.path)).collect()
}

/// What may follow a mount point in a data directory's path: a disk keeps its folder wherever it
/// is mounted.
fn tails(path: &Path) -> Vec<PathBuf> {
    let parts: Vec<_> = path.iter().skip(1).collect();
    // The whole of it too: of a disk taken over from distbackup only that part is known.
    (0..parts.len()).filter_map(|from| parts.get(from..)).map(|tail| tail.iter().collect()).collect()
}

/// Where a disk's folder is looked for if it stands at this place below the mount point. Every end of
/// a disk's path is tried below every mount point, so what stands before it matters little.
pub fn below_mount(disk: &Disk, relative: &Path) -> Result<PathBuf> {
    let is_plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if !relative.components().all(is_plain) {
        let shown = escape(relative.as_os_str().as_bytes()).into_owned();
        return Err(Error::new(Kind::Usage, format_args!("{shown} is not a place below a mount point"))
            .next("give it without the mount point and without `..`; -p takes a whole path"));
    }
    let place = disk::place(&disk.path)?;
    let above = if place.exists { place.mount_point.as_path() } else { disk.path.parent().unwrap_or(Path::new("/")) };
    let path: PathBuf = above.join(relative).components().collect();
    match Attached::open(&path) {
        Ok(other) if other.marker().uuid != disk.uuid => {
            let (shown, name) = (escape(path.as_os_str().as_bytes()), escape(other.marker().name.as_bytes()));
            Err(Error::new(Kind::Refused, format_args!("{shown} is disk {name}, not {}", disk.name))
                .next("give the place of the disk itself"))
        }
        _ => Ok(path),
    }
}

fn not_attached(disk: &Disk) -> Error {
    let (name, path) = (&disk.name, escape(disk.path.as_os_str().as_bytes()));
    let error = match Attached::open(&disk.path) {
        // It is there, and could not be looked at: too many open files, a medium that fails.
        Err(error) if error.kind() == Kind::Failed => return error.next("run the same command again"),
        Err(error) if disk::has_objects(&disk.path) => return error,
        Ok(other) if other.marker().uuid == disk.uuid => {
            return Error::new(Kind::Failed, format_args!("disk {name} at {path} could not be looked at just now"))
                .next("run the same command again");
        }
        Ok(other) => {
            let other = escape(other.marker().name.as_bytes());
            Error::new(Kind::NotFound, format_args!("disk {name} is not attached: at {path} is disk {other}"))
        }
        Err(_) => Error::new(Kind::NotFound, format_args!("disk {name} is not attached (last seen at {path})")),
    };
    error.next("attach and mount it, then run the same command again")
}

fn clones(disk: &Disk, places: &[PathBuf]) -> Error {
    let places: Vec<_> = places.iter().map(|path| escape(path.as_os_str().as_bytes())).collect();
    let what = format!("{} disks claim to be {}: {}", places.len(), disk.name, places.join(", "));
    Error::new(Kind::Refused, what).next("detach the clone; nothing was changed on either")
}

fn is_no_bare_mount_point(disk: &Disk, path: &Path) -> Result<()> {
    let place = disk::place(path)?;
    if !place.is_bare_mount_point() || disk.same_device {
        return Ok(());
    }
    let shown = escape(path.as_os_str().as_bytes());
    let what =
        format!("{shown} has no disk mounted there: it looks like the mount point of {}, without the disk", disk.name);
    Err(Error::new(Kind::Refused, what).next(format_args!(
        "mount the disk; if that folder really is the disk: `dsb disk set {} --same-device`",
        disk.name
    )))
}

/// Refuses a disk of another catalog, a clone, and one whose history is not this catalog's.
fn belongs(catalog: &Catalog, disk: &Disk, marker: &Marker) -> Result<()> {
    let name = &disk.name;
    if marker.catalog.is_some_and(|owner| catalog.uuid().is_ok_and(|uuid| uuid != owner)) {
        let what = format!("disk {name} belongs to another catalog");
        return Err(
            Error::new(Kind::Refused, what).next("use that catalog with -d FOLDER; nothing was changed on the disk")
        );
    }
    let known = [Some(disk.session), disk.pending];
    if known.contains(&Some(marker.session)) {
        return Ok(());
    }
    let newest = disk.pending.unwrap_or(disk.session).number;
    let what = match marker.session.number {
        number if is_behind(disk, marker) => format!(
            "disk {name} is newer than this catalog (session {number}, the catalog knows {newest}): \
             this catalog is an old copy, or another one wrote the disk"
        ),
        number if number < disk.session.number => format!(
            "disk {name} is older than the catalog says (session {number}, not {newest}): it was rolled back or cloned"
        ),
        _ => format!("disk {name} went its own way in session {}: it is a clone of the disk", marker.session.number),
    };
    let next = format!("nothing was changed; to count afresh what is on it: `dsb disk refresh {name}`");
    Err(Error::new(Kind::Refused, what).next(next))
}

/// Notes in the catalog what a visit shows of a disk. Needs no session: nothing on it is changed.
pub fn note_visit(catalog: &Catalog, disk: &mut Disk, attached: &Attached, now: Timestamp) -> Result<()> {
    see(disk, attached, now)?;
    catalog.put_visit(disk)
}

/// What a visit shows of a disk.
pub fn see(disk: &mut Disk, attached: &Attached, now: Timestamp) -> Result<()> {
    attached.path().clone_into(&mut disk.path);
    disk.footprint = attached.footprint()?;
    disk.medium = attached.medium();
    disk.last_seen = Some(now);
    disk.unconfirmed = !attached.is_journaled() && was_cut_off(disk, attached);
    Ok(())
}

/// What lay below a folder of objects that is gone is looked at as after a session that was cut off.
pub fn heed_lost_objects(catalog: &Catalog, disk: &mut Disk, attached: &Attached) -> Result<()> {
    disk.closed &= attached.has_objects()? || catalog.copies_on(disk.index, &[], 1)?.is_empty();
    Ok(())
}

/// Begins a session on a disk: from here on it may be changed.
///
/// The catalog knows the new stamp before the disk bears it, so that a crash between the two
/// leaves a disk that both still recognise. Leftovers of a session that was cut off are removed,
/// and what it claimed is looked at again.
pub fn begin_session(
    catalog: &Catalog,
    disk: &mut Disk,
    attached: &mut Attached,
    progress: &dyn Progress,
) -> Result<()> {
    if catalog.is_scratch() {
        return Err(Error::new(Kind::Refused, "nothing is to be changed, so no disk is written"));
    }
    attached.lock()?;
    if attached.file_system()?.read_only {
        let what = format!("disk {} is mounted read-only", disk.name);
        return Err(
            Error::new(Kind::NotFound, what).next("mount it writable; if it turned so by itself, check the disk")
        );
    }
    attached.clean_temporary()?;
    attached.keep_distbackup_catalog()?;
    heed_lost_objects(catalog, disk, attached)?;
    if was_cut_off(disk, attached) {
        super::reconcile::reconcile(catalog, disk, attached, progress)?;
        attached.note_cut_off();
        doubt_trees(disk);
    }
    let last = attached.marker().session.number.max(disk.session.number);
    let nonce = os::random().map_err(|error| Error::new(Kind::Failed, format_args!("no random number: {error}")))?;
    let stamp = SessionStamp { number: last + 1, nonce };
    if disk.pending == Some(attached.marker().session) {
        // The one announced last did reach the marker, though nothing came of it: should this one not
        // reach it, the disk is still to be known by that.
        disk.session = attached.marker().session;
        disk.closed = false;
    }
    disk.pending = Some(stamp);
    disk.unconfirmed = !attached.is_journaled();
    catalog.put_visit(disk)?;
    let marker = Marker {
        uuid: disk.uuid,
        name: disk.name.to_string(),
        catalog: Some(catalog.uuid()?),
        generation: disk.generation,
        session: stamp,
        state: State::Open,
        format: disk::FORMAT,
        fanout: Fanout::Three,
        before: None,
    };
    let (fanout, before) = (attached.marker().fanout, attached.marker().before);
    attached.write_marker(marker.in_folders(fanout, before))?;
    disk.session = stamp;
    disk.pending = None;
    disk.closed = false;
    catalog.put_visit(disk)
}

/// Whether its objects are to lie in other folders than some of them do.
pub fn is_to_be_moved(disk: &Disk, attached: &Attached) -> bool {
    attached.marker().before.is_some() || attached.marker().fanout != disk.fanout
}

/// Moves the objects into the folders where they are to lie, by renaming alone. The marker says which
/// folders are to be looked into before the first is moved, and after the last.
pub fn move_objects(disk: &Disk, attached: &mut Attached, progress: &dyn Progress) -> Result<()> {
    let there = attached.marker().clone();
    if let Some(before) = there.before {
        attached.move_objects(before, progress)?;
        attached.write_marker(there.clone().in_folders(there.fanout, None))?;
    }
    if there.fanout != disk.fanout {
        attached.write_marker(there.clone().in_folders(disk.fanout, Some(there.fanout)))?;
        attached.move_objects(there.fanout, progress)?;
        attached.write_marker(there.in_folders(disk.fanout, None))?;
        progress.note(&format!("{}: all objects were moved into the folders of --fanout {}.", disk.name, disk.fanout));
    }
    Ok(())
}

/// Has the next backup hold a disk's browsable trees against the catalog.
pub fn doubt_trees(disk: &mut Disk) {
    if disk.tree || disk.tree_taken != Some(Size::ZERO) {
        disk.tree_taken = None;
    }
}

/// Bytes that catalog copies and folders take on a disk.
pub fn reserve_used(attached: &Attached, disk: &Disk) -> Size {
    attached.catalog_size() + Size(disk.footprint.block).times(attached.folders())
}

/// Whether the last session on a disk never came to its end.
pub fn was_cut_off(disk: &Disk, attached: &Attached) -> bool {
    // Where there is no journal even the writing of a marker that never came to bear the new session
    // may have cost something.
    let hardly_began = disk.pending.is_some() && !attached.is_journaled();
    !disk.closed || attached.marker().state == State::Open || hardly_began
}

/// Ends a session: everything is on the medium, and the marker says so.
///
/// Where folders may be damaged all claims are looked at once more. If some are lost the session stays
/// open, so that the next one looks again: returns how many.
pub fn end_session(
    catalog: &Catalog,
    disk: &mut Disk,
    attached: &mut Attached,
    now: Timestamp,
    progress: &dyn Progress,
) -> Result<u64> {
    let lost =
        if attached.may_lose_names() { super::reconcile::look_again(catalog, disk, attached, progress)? } else { 0 };
    if lost > 0 {
        return Ok(lost);
    }
    let marker = Marker { generation: disk.generation, state: State::Clean, ..attached.marker().clone() };
    attached.write_marker(marker)?;
    disk.closed = true;
    disk.unconfirmed = false;
    disk.last_written = Some(now);
    disk.reserve_used = reserve_used(attached, disk);
    disk.medium = attached.medium();
    catalog.put_visit(disk)?;
    Ok(0)
}
