//! A disk that is there: its data directory held open.

use super::habits::Habits;
use super::marker::{self, Bad, Marker, Written};
use super::{OBJECTS, TEMPORARY, folders};
use crate::digest::Turn;
use crate::error::{Error, Kind, Result};
use crate::model::{Footprint, escape};
use crate::os::{self, FlockOperation};
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// An attached disk. All of its methods work relative to the directory held open, whatever
/// happens to the path.
#[derive(Debug)]
pub struct Attached {
    path: PathBuf,
    root: OwnedFd,
    written: Written,
    pub(super) habits: Habits,
    turn: Turn,
    loses_names: bool,
}

/// What [`create`] would make a disk of, and nothing made: over the nearest directory that exists.
pub fn rehearse(path: &Path, marker: Marker) -> Result<Attached> {
    let existing = super::place(path)?.existing;
    let root = os::open_dir(&existing).map_err(|error| Error::io("open", &existing, &error))?;
    refuse_marked(path, root.as_fd())?;
    let habits = Habits::of(os::file_system(root.as_fd()).map_err(|error| Error::io("ask", path, &error))?.magic);
    let turn = Turn::on(root.as_fd());
    Ok(Attached {
        path: path.to_owned(),
        root,
        written: Written { marker, serial: 0, slot: 1 },
        habits,
        turn,
        loses_names: false,
    })
}

/// Makes a data directory a disk: the directory, if only its parent exists; the folder for
/// objects; then the marker. A directory that has a marker already is refused.
pub fn create(path: &Path, marker: Marker) -> Result<Attached> {
    let failed = |error: io::Error| Error::io("make a disk of", path, &error);
    make_data_directory(path)?;
    let root = os::open_dir(path).map_err(failed)?;
    refuse_marked(path, root.as_fd())?;
    let habits = Habits::of(os::file_system(root.as_fd()).map_err(failed)?.magic);
    let written = Written { marker: marker.clone(), serial: 0, slot: 1 };
    let turn = Turn::on(root.as_fd());
    let mut disk = Attached { path: path.to_owned(), root, written, habits, turn, loses_names: false };
    for folder in [OBJECTS, TEMPORARY] {
        disk.open_or_make(folder).map_err(failed)?;
    }
    disk.write_marker(marker)?;
    Ok(disk)
}

/// Writes the marker of a disk whose own is missing or damaged, on the word of a person that this is
/// the disk. A folder with a usable marker, or without objects, is refused.
pub fn mark_anew(path: &Path, marker: Marker) -> Result<Attached> {
    let failed = |error: io::Error| Error::io("write the marker of", path, &error);
    let root = os::open_dir(path).map_err(|error| Error::io("open", path, &error))?;
    if let Ok(Some(there)) = marker::read(root.as_fd()) {
        let what = format!("{} has a usable marker: it is disk {}", shown(path), escape(there.marker.name.as_bytes()));
        return Err(Error::new(Kind::Refused, what).next("leave --new-marker away; nothing was changed"));
    }
    if os::open_dir_beneath(root.as_fd(), OBJECTS.as_bytes()).is_err() {
        let what = format!("{} holds no objects ({OBJECTS}/)", shown(path));
        return Err(Error::new(Kind::Refused, what).next("is the disk mounted, and is this its folder?"));
    }
    let habits = Habits::of(os::file_system(root.as_fd()).map_err(failed)?.magic);
    let (fanout, before) = folders::found(root.as_fd(), marker.fanout).map_err(failed)?;
    let marker = marker.in_folders(fanout, before);
    let written = Written { marker: marker.clone(), serial: 0, slot: 1 };
    let turn = Turn::on(root.as_fd());
    let mut disk = Attached { path: path.to_owned(), root, written, habits, turn, loses_names: false };
    // What bears the names is no marker, whatever it is; a folder stays, and is told of.
    marker::NAMES.iter().try_for_each(|name| disk.remove(name)).map_err(failed)?;
    disk.write_marker(marker)?;
    Ok(disk)
}

fn refuse_marked(path: &Path, root: BorrowedFd<'_>) -> Result<()> {
    if matches!(marker::read(root), Ok(None)) {
        return Ok(());
    }
    let what = format!("{} is a backup disk already", shown(path));
    let next = "nothing was changed; if no catalog has it any more, begin in another folder of the same drive";
    Err(Error::new(Kind::Refused, what).next(next))
}

fn make_data_directory(path: &Path) -> Result<()> {
    let failed = |error| Error::io("make", path, &error);
    match std::fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let what = format!("the directory above {} does not exist", shown(path));
            return Err(Error::new(Kind::NotFound, what).next("is the disk mounted?"));
        }
        made => made.map_err(failed)?,
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    os::open_dir(parent).and_then(|parent| os::fsync(parent.as_fd())).map_err(failed)
}

impl Attached {
    /// Whether the folder of its objects is there, or something of its name.
    pub fn has_objects(&self) -> Result<bool> {
        match os::stat_at(self.root.as_fd(), OsStr::new(OBJECTS)) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Error::io("look at", &self.path.join(OBJECTS), &error)),
        }
    }

    /// Whose turn it is to read what is on it.
    pub fn turn(&self) -> &Turn {
        &self.turn
    }

    /// Opens the data directory at `path` and reads its marker.
    ///
    /// [`Kind::NotFound`] if there is no usable marker, [`Kind::Refused`] if a newer program
    /// wrote it.
    pub fn open(path: &Path) -> Result<Self> {
        let absent = |error: &io::Error| matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory);
        let root = match os::open_dir(path) {
            Err(error) if absent(&error) => return Err(no_marker(path)),
            root => root.map_err(|error| Error::io("open", path, &error))?,
        };
        Self::over(path, root)
    }

    /// A disk over a directory that is open already.
    pub(super) fn over(path: &Path, root: OwnedFd) -> Result<Self> {
        let written = match marker::read(root.as_fd()) {
            Ok(written) => written.ok_or_else(|| no_marker(path))?,
            Err(bad) => return Err(bad_marker(path, &bad)),
        };
        let system = os::file_system(root.as_fd()).map_err(|error| Error::io("open", path, &error))?;
        let turn = Turn::on(root.as_fd());
        Ok(Self { path: path.to_owned(), root, written, habits: Habits::of(system.magic), turn, loses_names: false })
    }

    /// Where it was found.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who it is.
    pub fn marker(&self) -> &Marker {
        &self.written.marker
    }

    pub(super) fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    /// Opens a folder of the data directory, made durably if it is missing, and says if it was.
    pub(super) fn open_or_make(&self, folder: &str) -> io::Result<(OwnedFd, bool)> {
        match os::open_dir_beneath(self.root(), folder.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            dir => return Ok((dir?, false)),
        }
        os::make_dir(self.root(), OsStr::new(folder), 0o755)?;
        os::fsync(self.root())?;
        Ok((os::open_dir_beneath(self.root(), folder.as_bytes())?, true))
    }

    /// Writes the marker durably: after a crash the old one or the new one is there.
    pub fn write_marker(&mut self, marker: Marker) -> Result<()> {
        let old = self.written.slot;
        let serial = self.written.serial.saturating_add(1);
        let slot = if self.habits.journaled { 0 } else { 1 - old.min(1) };
        self.replace_marker(&marker, serial, slot).map_err(|error| self.failed("write the marker of", &error))?;
        self.written = Written { marker, serial, slot };
        Ok(())
    }

    fn replace_marker(&self, marker: &Marker, serial: u64, slot: usize) -> io::Result<()> {
        let (Some(new), Some(other)) = (marker::NAMES.get(slot), marker::NAMES.get(1 - slot.min(1))) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let text = marker::print(marker, serial)?;
        if !self.habits.journaled {
            // What is left there is older than the one in use.
            self.remove(new)?;
        }
        self.put(new, &text)?;
        self.remove(other)?;
        // Else what the catalog takes for the end of a session would not be the last that changes a folder.
        if self.habits.journaled { Ok(()) } else { os::fsync(self.root()) }
    }

    /// Removes a file of the data directory; missing is fine.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        match os::unlink(self.root(), OsStr::new(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Whether names that were durable stay, whatever a power cut makes of those that come after.
    pub fn is_journaled(&self) -> bool {
        self.habits.journaled
    }

    /// Notes that the session before was cut off.
    pub fn note_cut_off(&mut self) {
        self.loses_names = !self.habits.journaled;
    }

    /// Whether its folders may be damaged so that names go that are given now: without a journal a
    /// session was cut off, and nobody can say that the file system was repaired since.
    pub fn may_lose_names(&self) -> bool {
        self.loses_names
    }

    /// The file system under it, with what is free now.
    pub fn file_system(&self) -> Result<os::FileSystem> {
        os::file_system(self.root()).map_err(|error| self.failed("ask", &error))
    }

    /// How that file system allocates.
    pub fn footprint(&self) -> Result<Footprint> {
        Ok(Footprint { block: self.file_system()?.block, keeps_holes: self.habits.keeps_holes })
    }

    /// Whether the path still leads to the directory that is held open: a disk that was pulled
    /// out or unmounted still answers much of what it is asked.
    pub fn still_there(&self) -> Result<()> {
        if matches!(self.same_as_path(), Ok(true)) {
            return Ok(());
        }
        let name = escape(self.marker().name.as_bytes());
        let what = format_args!("disk {name} at {} stopped answering or was unmounted", shown(&self.path));
        Err(Error::new(Kind::Failed, what).next("connect and mount it, and run the same command again"))
    }

    fn same_as_path(&self) -> io::Result<bool> {
        let now = os::open_dir(&self.path)?;
        let (held, found) = (os::stat(self.root())?, os::stat(now.as_fd())?);
        let marker = marker::read(now.as_fd()).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(os::mount_id(self.root())? == os::mount_id(now.as_fd())?
            && (held.device, held.inode) == (found.device, found.inode)
            && marker.is_some_and(|found| found.marker.uuid == self.marker().uuid))
    }

    /// Refuses a disk whose objects lie where only the first versions of distbackup put them: that
    /// would look like a disk without any.
    pub fn refuse_old_layout(&self) -> Result<()> {
        let is_there = |folder: &str| os::stat_at(self.root(), OsStr::new(folder)).is_ok();
        if is_there(OBJECTS) || !is_there(OLD_OBJECTS) {
            return Ok(());
        }
        let what =
            format_args!("{} has its objects in {OLD_OBJECTS}, as an early distbackup left them", shown(&self.path));
        Err(Error::new(Kind::Refused, what).next(USE_DISTBACKUP))
    }

    /// Takes the disk for this process until it ends; [`Kind::Locked`] if another has it.
    ///
    /// The lock is on the data directory: the marker is a new file after each write.
    pub fn lock(&self) -> Result<()> {
        match os::flock(self.root(), FlockOperation::NonBlockingLockExclusive) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let name = escape(self.marker().name.as_bytes());
                Err(Error::new(Kind::Locked, format_args!("disk {name} is in use by another dsb"))
                    .next("wait for it to end"))
            }
            done => done.map_err(|error| self.failed("lock", &error)),
        }
    }

    /// An error of this disk: `cannot write /mnt/a: ...`.
    pub(super) fn failed(&self, doing: &str, error: &io::Error) -> Error {
        Error::io(doing, &self.path, error)
    }
}

fn shown(path: &Path) -> String {
    escape(path.as_os_str().as_bytes()).into_owned()
}

/// Where the first versions of distbackup kept objects, and a disk's identity.
const OLD_OBJECTS: &str = ".distbackup.data";
const OLD_MARKER: &str = ".distbackup.uuid";
const USE_DISTBACKUP: &str =
    "let distbackup 1.0.20 open it once (`distbackup disk refresh PATH`): it brings the disk up to date";

fn no_marker(path: &Path) -> Error {
    if path.join(OLD_MARKER).is_file() {
        let what = format_args!("{} is a disk of an early distbackup ({OLD_MARKER})", shown(path));
        return Error::new(Kind::NotFound, what).next(USE_DISTBACKUP);
    }
    let what = format_args!("no marker ({}) under {}", marker::NAMES[0], shown(path));
    let next = if super::has_objects(path) { MARK_ANEW } else { "is the disk mounted?" };
    Error::new(Kind::NotFound, what).next(next)
}

/// The way out where objects are there and the marker is not.
const MARK_ANEW: &str = "its objects are there; if you know which disk it is, write the marker anew: \
    `dsb disk refresh NAME --path FOLDER --new-marker`";

fn bad_marker(path: &Path, bad: &Bad) -> Error {
    let file = shown(&path.join(marker::NAMES[0]));
    match bad {
        Bad::Unreadable(why) => {
            Error::new(Kind::NotFound, format_args!("the marker {file} cannot be used: {why}")).next(MARK_ANEW)
        }
        Bad::Failed(why) => Error::new(Kind::Failed, format_args!("cannot read the marker {file}: {why}"))
            .next("run the same command again"),
        Bad::Newer(format) => {
            let what = format_args!("the marker {file} was written by a newer dsb (format {format})");
            Error::new(Kind::Refused, what).next("use that version")
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::disk::State;
    use crate::disk::marker::tests::example;
    use tempfile::TempDir;

    /// A new disk in a directory that goes away with the first value.
    pub fn disk() -> (TempDir, Attached) {
        let directory = tempfile::tempdir().unwrap();
        let disk = create(&directory.path().join("data"), example()).unwrap();
        (directory, disk)
    }

    /// The same on a file system that promises nothing.
    pub fn plain_disk() -> (TempDir, Attached) {
        let (directory, mut disk) = disk();
        disk.habits = Habits::of(0x6573_5546);
        (directory, disk)
    }

    #[test]
    fn opens_what_was_created() {
        let (_keep, disk) = disk();
        let again = Attached::open(disk.path()).unwrap();
        assert_eq!(again.marker(), &example());
        assert!(again.footprint().unwrap().block > 0);
        assert_eq!(create(disk.path(), example()).unwrap_err().kind(), Kind::Refused);
    }

    #[test]
    fn an_empty_mount_point_is_no_disk() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("missing");
        for path in [directory.path(), &missing] {
            assert_eq!(Attached::open(path).unwrap_err().kind(), Kind::NotFound);
        }
        assert_eq!(create(&missing.join("data"), example()).unwrap_err().kind(), Kind::NotFound);
        assert!(!missing.exists());
    }

    #[test]
    fn markers_are_replaced_or_take_turns() {
        for (_keep, mut disk) in [disk(), plain_disk()] {
            for number in 5..9 {
                let mut marker = example();
                marker.session.number = number;
                marker.state = State::Open;
                disk.write_marker(marker.clone()).unwrap();
                assert_eq!(Attached::open(disk.path()).unwrap().marker(), &marker);
                let present = marker::NAMES.map(|name| disk.path().join(name).exists());
                let expected = if disk.habits.journaled || number % 2 == 0 { [true, false] } else { [false, true] };
                assert_eq!(present, expected, "{number}");
            }
        }
    }

    #[test]
    fn notices_that_the_path_leads_elsewhere() {
        let (keep, disk) = disk();
        disk.still_there().unwrap();
        std::fs::rename(disk.path(), keep.path().join("moved")).unwrap();
        assert_eq!(disk.still_there().unwrap_err().kind(), Kind::Failed);
        create(disk.path(), example()).unwrap();
        assert!(disk.still_there().is_err(), "a clone is not the disk");
    }

    #[test]
    fn one_process_at_a_time() {
        let (_keep, mut disk) = disk();
        disk.lock().unwrap();
        disk.write_marker(example()).unwrap();
        let other = Attached::open(disk.path()).unwrap();
        assert_eq!(other.lock().unwrap_err().kind(), Kind::Locked);
        drop(disk);
        other.lock().unwrap();
    }
}
