//! The objects of a disk: opened, removed, set aside, listed.

use super::folders::{folders_below, is_folder, join};
use super::{Attached, BAD, OBJECTS};
use crate::error::{Result, reason};
use crate::model::{Fanout, Kind, ObjectId, Size};
use crate::os::{self, OFlags};
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What stands below `distbackup-objects/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An object in its place; whether its bytes match its name is not looked at.
    Object {
        /// Its name.
        id: ObjectId,
        /// Its length.
        size: Size,
    },
    /// Something else, which dsb leaves alone.
    Stranger {
        /// Where, below the data directory.
        path: PathBuf,
        /// Why it is no object, or why nobody can say.
        why: String,
    },
}

/// The first of these names that is free is taken for a damaged object.
const BAD_NAMES: u32 = 1000;

impl Attached {
    /// Opens an object for reading; only a regular file is one: else [`io::ErrorKind::InvalidData`].
    pub fn open_object(&self, id: ObjectId) -> io::Result<File> {
        let opened = self.in_places(id, |place| os::open_file_beneath(self.root(), place));
        let found = match &opened {
            Ok(file) => os::stat(file.as_fd()),
            // Neither a symlink nor a socket can be opened.
            Err(_) => self.find_object(id).and_then(|place| os::stat(place.as_fd())),
        };
        match found {
            Ok(found) if found.kind != Kind::File => {
                let what = format!("a {} stands in the object's place", found.kind.word());
                Err(io::Error::new(io::ErrorKind::InvalidData, what))
            }
            _ => opened,
        }
    }

    /// Where an object lies on the medium, to be compared with the places of others: its inode.
    pub fn place_of(&self, id: ObjectId) -> io::Result<u64> {
        Ok(os::stat(self.find_object(id)?.as_fd())?.inode)
    }

    /// Opens what lies in an object's place, for nothing but asking.
    pub(super) fn find_object(&self, id: ObjectId) -> io::Result<OwnedFd> {
        self.in_places(id, |place| os::open_beneath(self.root(), place, OFlags::PATH | OFlags::NOFOLLOW, 0))
    }

    /// The folder of an object, as a person finds it on the disk.
    pub fn folder_of(&self, id: ObjectId) -> String {
        format!("{OBJECTS}/{}", self.marker().fanout.folder(id)).trim_end_matches('/').to_owned()
    }

    /// Whether an object of this length is in its place.
    pub fn has_object(&self, id: ObjectId, size: Size) -> io::Result<bool> {
        let found = match self.find_object(id) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            found => os::stat(found?.as_fd())?,
        };
        Ok(found.kind == Kind::File && found.size == size)
    }

    /// Unlinks objects, then makes that durable; only then is their room free. What is missing
    /// already is fine. Returns those that could not be removed, and why.
    pub fn remove_objects(&self, ids: &[ObjectId]) -> Result<Vec<(ObjectId, io::Error)>> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        let mut failed = Vec::new();
        for fanout in self.fanouts() {
            for some in ids.chunk_by(|a, b| fanout.folder(*a) == fanout.folder(*b)) {
                self.remove_some(fanout, some, &mut failed)
                    .map_err(|error| self.failed("remove objects from", &error))?;
            }
        }
        if self.habits.flushes_whole && !ids.is_empty() {
            os::syncfs(self.root()).map_err(|error| self.failed("flush", &error))?;
        }
        Ok(failed)
    }

    /// Fails only if the removal cannot be made durable.
    fn remove_some(&self, fanout: Fanout, ids: &[ObjectId], failed: &mut Vec<(ObjectId, io::Error)>) -> io::Result<()> {
        let Some(first) = ids.first() else { return Ok(()) };
        let folder = match self.open_folder(&fanout.folder(*first)) {
            Ok(folder) => folder,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => {
                failed.extend(ids.iter().map(|id| (*id, again(&error))));
                return Ok(());
            }
        };
        for id in ids {
            match os::unlink(folder.as_fd(), OsStr::new(&id.to_string())) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => failed.push((*id, error)),
                _ => {}
            }
        }
        if self.habits.flushes_whole { Ok(()) } else { os::fsync(folder.as_fd()) }
    }

    fn open_folder(&self, folder: &str) -> io::Result<OwnedFd> {
        os::open_dir_beneath(self.root(), format!("{OBJECTS}/{folder}").as_bytes())
    }

    /// Moves a damaged object to `bad-objects/`, durably, where it counts for nothing.
    pub fn quarantine(&self, id: ObjectId) -> io::Result<()> {
        let (bad, _) = self.open_or_make(BAD)?;
        let name = id.to_string();
        let place = self.in_places(id, |place| {
            let folder = place.strip_suffix(name.as_bytes()).unwrap_or(place);
            let folder = os::open_dir_beneath(self.root(), folder)?;
            os::stat_at(folder.as_fd(), OsStr::new(&name)).map(|_| folder)
        })?;
        let mut free = name.clone();
        for number in 1..BAD_NAMES {
            match os::rename_new((place.as_fd(), OsStr::new(&name)), (bad.as_fd(), OsStr::new(&free))) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => free = format!("{name}.{number}"),
                moved => {
                    moved?;
                    os::fsync(bad.as_fd())?;
                    return os::fsync(place.as_fd());
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Bytes allocated in `bad-objects/`; what cannot be read counts for nothing.
    pub fn bad_objects_size(&self) -> Size {
        let Ok(bad) = os::open_dir_beneath(self.root(), BAD.as_bytes()) else { return Size::ZERO };
        allocated(bad.as_fd(), |_| true)
    }

    /// How many folders for objects there are, by their names; what cannot be read counts for nothing.
    pub fn folders(&self) -> u64 {
        let objects = os::open_dir_beneath(self.root(), OBJECTS.as_bytes());
        let depth = self.fanouts().map(Fanout::depth).max().unwrap_or_default();
        let folders = objects.and_then(|objects| folders_below(objects.as_fd(), depth)).unwrap_or_default();
        folders.len().saturating_sub(1) as u64
    }

    /// Hands on all that stands below `distbackup-objects/`, folder by folder, ordered by name. A folder
    /// that cannot be read is handed on as a stranger; the others are still listed.
    pub fn list_objects(&self, visit: &mut dyn FnMut(Found) -> Result<()>) -> Result<()> {
        self.list_unknown(&mut |_, _| Ok(false), visit)
    }

    /// The same, but for objects in their places that are known: these are not looked at. Who knows
    /// them is told where they lie on the medium, as [`Attached::place_of`] has it.
    pub fn list_unknown(
        &self,
        knows: &mut dyn FnMut(ObjectId, u64) -> Result<bool>,
        visit: &mut dyn FnMut(Found) -> Result<()>,
    ) -> Result<()> {
        match os::open_dir_beneath(self.root(), OBJECTS.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            objects => objects.and_then(|objects| os::names(objects.as_fd())),
        }
        .map_err(|error| self.failed("list the objects of", &error))?;
        let mut open = vec![(Vec::new(), 0)];
        while let Some((folder, depth)) = open.pop() {
            let below = self.list_folder(&folder, depth, knows, visit)?;
            open.extend(below.into_iter().rev().map(|folder| (folder, depth + 1)));
        }
        Ok(())
    }

    /// Hands on what is in one folder, and returns the folders in it.
    fn list_folder(
        &self,
        folder: &[u8],
        depth: u8,
        knows: &mut dyn FnMut(ObjectId, u64) -> Result<bool>,
        visit: &mut dyn FnMut(Found) -> Result<()>,
    ) -> Result<Vec<Vec<u8>>> {
        let path = Path::new(OBJECTS).join(OsStr::from_bytes(folder));
        let opened = os::open_dir_beneath(self.root(), path.as_os_str().as_bytes());
        let listed = opened.and_then(|dir| Ok((sorted_names(dir.as_fd())?, dir)));
        let (names, dir) = match listed {
            Ok(listed) => listed,
            Err(error) => {
                let why = format!("cannot be read as a folder of objects: {}", reason(&error));
                return visit(Found::Stranger { path, why }).map(|()| Vec::new());
            }
        };
        let mut below = Vec::new();
        for (inode, name) in names {
            if is_folder(&name) && depth < Fanout::DEEPEST {
                below.push(join(folder, &name));
                continue;
            }
            let placed = self.object_in(folder, &name);
            if let Ok(id) = placed
                && knows(id, inode)?
            {
                continue;
            }
            let found = placed.map_err(str::to_owned).and_then(|id| look_at(dir.as_fd(), &name, id));
            visit(found.unwrap_or_else(|why| Found::Stranger { path: path.join(OsStr::from_bytes(&name)), why }))?;
        }
        Ok(below)
    }

    /// The object whose place this is.
    fn object_in(&self, folder: &[u8], name: &[u8]) -> std::result::Result<ObjectId, &'static str> {
        let id = object_of(name).ok_or("not the name of an object or of a folder for objects")?;
        let is_placed = self.fanouts().any(|fanout| fanout.folder(id).as_bytes() == folder);
        if is_placed { Ok(id) } else { Err("an object in another's folder") }
    }
}

fn look_at(dir: BorrowedFd<'_>, name: &[u8], id: ObjectId) -> std::result::Result<Found, String> {
    let stat = os::stat_at(dir, OsStr::from_bytes(name)).map_err(|error| reason(&error))?;
    match stat.kind {
        Kind::File => Ok(Found::Object { id, size: stat.size }),
        kind => Err(format!("a {} in an object's place", kind.word())),
    }
}

/// Bytes allocated for the files of a folder whose names are wanted.
pub(super) fn allocated(dir: BorrowedFd<'_>, wanted: impl Fn(&[u8]) -> bool) -> Size {
    let names = os::names(dir).unwrap_or_default();
    let wanted = names.iter().filter(|name| wanted(name));
    wanted.filter_map(|name| os::stat_at(dir, OsStr::from_bytes(name)).ok()).map(|stat| stat.allocated).sum()
}

/// Where an object lies below the data directory.
pub(super) fn place(fanout: Fanout, id: ObjectId) -> Vec<u8> {
    let folder = fanout.folder(id);
    join(&join(OBJECTS.as_bytes(), folder.as_bytes()), id.to_string().as_bytes())
}

fn object_of(name: &[u8]) -> Option<ObjectId> {
    std::str::from_utf8(name).ok()?.parse().ok()
}

fn sorted_names(dir: BorrowedFd<'_>) -> io::Result<Vec<os::Numbered>> {
    let mut names = os::names_by_inode(dir, &mut Vec::new())?;
    names.sort_unstable_by(|(_, a), (_, b)| a.cmp(b));
    Ok(names)
}

/// The same error once more: the system's errors are numbers, but cannot be cloned.
pub(super) fn again(error: &io::Error) -> io::Error {
    error.raw_os_error().map_or_else(|| io::Error::other(error.to_string()), io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::attached::tests::{disk, plain_disk};
    use std::fs;
    use std::os::unix::fs::symlink;

    const ID: &str = "abc0000000000000000000000000000000000000000000000000000000000000";

    fn id() -> ObjectId {
        ID.parse().unwrap()
    }

    /// The path of the object, its folder made.
    fn made(disk: &Attached) -> PathBuf {
        let shard = disk.path().join(OBJECTS).join("abc");
        fs::create_dir_all(&shard).unwrap();
        shard.join(ID)
    }

    #[test]
    fn only_a_regular_file_is_an_object() {
        let (_keep, disk) = disk();
        assert!(!disk.has_object(id(), Size(1)).unwrap());
        assert_eq!(disk.open_object(id()).unwrap_err().kind(), io::ErrorKind::NotFound);
        let path = made(&disk);
        fs::write(&path, "x").unwrap();
        assert!(disk.has_object(id(), Size(1)).unwrap() && !disk.has_object(id(), Size(2)).unwrap());
        disk.open_object(id()).unwrap();
        fs::rename(&path, disk.path().join("elsewhere")).unwrap();
        symlink(disk.path().join("elsewhere"), &path).unwrap();
        assert!(disk.open_object(id()).is_err() && !disk.has_object(id(), Size(1)).unwrap());
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(disk.open_object(id()).is_err() && !disk.has_object(id(), Size(0)).unwrap());
    }

    #[test]
    fn a_symlinked_folder_is_not_followed() {
        let (keep, disk) = disk();
        fs::create_dir(keep.path().join("abc")).unwrap();
        fs::write(keep.path().join("abc").join(ID), "x").unwrap();
        symlink(keep.path().join("abc"), disk.path().join(OBJECTS).join("abc")).unwrap();
        assert!(disk.open_object(id()).is_err());
        assert_eq!(disk.remove_objects(&[id()]).unwrap().len(), 1);
        assert!(keep.path().join("abc").join(ID).exists());
    }

    #[test]
    fn removes_and_says_what_it_could_not() {
        for (_keep, disk) in [disk(), plain_disk()] {
            let path = made(&disk);
            let other = ObjectId::new([7; 32]);
            fs::write(&path, "x").unwrap();
            assert!(disk.remove_objects(&[id(), other]).unwrap().is_empty());
            assert!(!path.exists());
            fs::create_dir(&path).unwrap();
            let failed = disk.remove_objects(&[other, id()]).unwrap();
            assert_eq!(failed.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [id()]);
        }
    }

    #[test]
    fn damaged_objects_are_set_aside() {
        let (_keep, disk) = disk();
        for expected in [ID.to_owned(), format!("{ID}.1"), format!("{ID}.2")] {
            fs::write(made(&disk), &expected).unwrap();
            disk.quarantine(id()).unwrap();
            assert_eq!(fs::read_to_string(disk.path().join(BAD).join(&expected)).unwrap(), expected);
        }
        assert!(disk.bad_objects_size() > Size::ZERO);
    }

    #[test]
    fn strangers_are_listed_and_left_alone() {
        let (_keep, disk) = disk();
        let path = made(&disk);
        fs::write(&path, "xy").unwrap();
        let objects = disk.path().join(OBJECTS);
        fs::write(objects.join("abd"), "").unwrap();
        fs::create_dir(objects.join("abe")).unwrap();
        fs::write(objects.join("abe").join(ID), "").unwrap();
        fs::create_dir(objects.join("ABC")).unwrap();
        fs::write(path.with_file_name("note"), "").unwrap();
        symlink("x", path.with_file_name(ID.replace("abc0", "abcf"))).unwrap();
        let (mut objects, mut strangers) = (Vec::new(), 0);
        disk.list_objects(&mut |found| {
            match found {
                Found::Object { id, size } => objects.push((id, size)),
                Found::Stranger { .. } => strangers += 1,
            }
            Ok(())
        })
        .unwrap();
        assert_eq!((objects, strangers, disk.folders()), (vec![(id(), Size(2))], 5, 2));
    }
}
