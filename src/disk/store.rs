//! The objects of a disk: opened, removed, set aside, listed.

use super::{Attached, BAD, OBJECTS};
use crate::error::{Result, reason};
use crate::model::{Kind, ObjectId, Size};
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
    /// Opens an object for reading; only a regular file is one.
    pub fn open_object(&self, id: ObjectId) -> io::Result<File> {
        let file = os::open_file_beneath(self.root(), &place(id))?;
        match os::stat(file.as_fd())?.kind {
            Kind::File => Ok(file),
            kind => Err(io::Error::other(format!("a {} stands in the object's place", kind.word()))),
        }
    }

    /// Where an object lies on the medium, to be compared with the places of others: its inode.
    pub fn place_of(&self, id: ObjectId) -> io::Result<u64> {
        let found = os::open_beneath(self.root(), &place(id), OFlags::PATH | OFlags::NOFOLLOW, 0)?;
        Ok(os::stat(found.as_fd())?.inode)
    }

    /// Hands on the places of all objects, folder by folder, as far as folders can be read: no file is
    /// looked at.
    pub fn list_places(&self, visit: &mut dyn FnMut(ObjectId, u64) -> Result<()>) -> Result<()> {
        let mut buffer = Vec::new();
        let mut list = |path: &[u8]| {
            let dir = os::open_dir_beneath(self.root(), path)?;
            os::names_by_inode(dir.as_fd(), &mut buffer)
        };
        for (_, shard) in list(OBJECTS.as_bytes()).unwrap_or_default().iter().filter(|(_, name)| is_shard(name)) {
            for (inode, name) in list(&[OBJECTS.as_bytes(), b"/", shard].concat()).unwrap_or_default() {
                let id = std::str::from_utf8(&name).ok().and_then(|name| name.parse().ok());
                id.map_or(Ok(()), |id| visit(id, inode))?;
            }
        }
        Ok(())
    }

    /// The folder of an object, as a person finds it on the disk.
    pub fn folder_of(id: ObjectId) -> String {
        format!("{OBJECTS}/{}", id.shard())
    }

    /// Whether an object of this length is in its place.
    pub fn has_object(&self, id: ObjectId, size: Size) -> io::Result<bool> {
        let found = match os::open_beneath(self.root(), &place(id), OFlags::PATH | OFlags::NOFOLLOW, 0) {
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
        for shard in ids.chunk_by(|a, b| a.shard() == b.shard()) {
            self.remove_from_shard(shard, &mut failed).map_err(|error| self.failed("remove objects from", &error))?;
        }
        if self.habits.flushes_whole && !ids.is_empty() {
            os::syncfs(self.root()).map_err(|error| self.failed("flush", &error))?;
        }
        Ok(failed)
    }

    /// Fails only if the removal cannot be made durable.
    fn remove_from_shard(&self, ids: &[ObjectId], failed: &mut Vec<(ObjectId, io::Error)>) -> io::Result<()> {
        let Some(first) = ids.first() else { return Ok(()) };
        let shard = match self.open_shard(&first.shard()) {
            Ok(shard) => shard,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => {
                failed.extend(ids.iter().map(|id| (*id, again(&error))));
                return Ok(());
            }
        };
        for id in ids {
            match os::unlink(shard.as_fd(), OsStr::new(&id.to_string())) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => failed.push((*id, error)),
                _ => {}
            }
        }
        if self.habits.flushes_whole { Ok(()) } else { os::fsync(shard.as_fd()) }
    }

    fn open_shard(&self, shard: &str) -> io::Result<OwnedFd> {
        os::open_dir_beneath(self.root(), format!("{OBJECTS}/{shard}").as_bytes())
    }

    /// Moves a damaged object to `bad-objects/`, durably, where it counts for nothing.
    pub fn quarantine(&self, id: ObjectId) -> io::Result<()> {
        let (bad, _) = self.open_or_make(BAD)?;
        let shard = self.open_shard(&id.shard())?;
        let name = id.to_string();
        let mut free = name.clone();
        for number in 1..BAD_NAMES {
            match os::rename_new((shard.as_fd(), OsStr::new(&name)), (bad.as_fd(), OsStr::new(&free))) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => free = format!("{name}.{number}"),
                moved => {
                    moved?;
                    os::fsync(bad.as_fd())?;
                    return os::fsync(shard.as_fd());
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
        let names = objects.and_then(|objects| os::names(objects.as_fd())).unwrap_or_default();
        names.iter().filter(|name| is_shard(name)).count() as u64
    }

    /// Hands on all that stands below `distbackup-objects/`, ordered by name. A folder that
    /// cannot be read is handed on as a stranger; the others are still listed.
    pub fn list_objects(&self, visit: &mut dyn FnMut(Found) -> Result<()>) -> Result<()> {
        let shards = match os::open_dir_beneath(self.root(), OBJECTS.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            objects => objects.and_then(|objects| sorted_names(objects.as_fd())),
        };
        for shard in shards.map_err(|error| self.failed("list the objects of", &error))? {
            let path = Path::new(OBJECTS).join(OsStr::from_bytes(&shard));
            if is_shard(&shard) {
                self.list_shard(&shard, &path, visit)?;
            } else {
                visit(Found::Stranger { path, why: "not the name of a folder of objects".to_owned() })?;
            }
        }
        Ok(())
    }

    fn list_shard(&self, shard: &[u8], path: &Path, visit: &mut dyn FnMut(Found) -> Result<()>) -> Result<()> {
        let opened = os::open_dir_beneath(self.root(), path.as_os_str().as_bytes());
        let listed = opened.and_then(|dir| Ok((sorted_names(dir.as_fd())?, dir)));
        let (names, dir) = match listed {
            Ok(listed) => listed,
            Err(error) => {
                let why = format!("cannot be read as a folder of objects: {}", reason(&error));
                return visit(Found::Stranger { path: path.to_owned(), why });
            }
        };
        for name in names {
            let found = look_at(dir.as_fd(), shard, &name);
            visit(found.unwrap_or_else(|why| Found::Stranger { path: path.join(OsStr::from_bytes(&name)), why }))?;
        }
        Ok(())
    }
}

/// Bytes allocated for the files of a folder whose names are wanted.
pub(super) fn allocated(dir: BorrowedFd<'_>, wanted: impl Fn(&[u8]) -> bool) -> Size {
    let names = os::names(dir).unwrap_or_default();
    let wanted = names.iter().filter(|name| wanted(name));
    wanted.filter_map(|name| os::stat_at(dir, OsStr::from_bytes(name)).ok()).map(|stat| stat.allocated).sum()
}

/// Where an object lies below the data directory.
pub(super) fn place(id: ObjectId) -> Vec<u8> {
    format!("{OBJECTS}/{}/{id}", id.shard()).into_bytes()
}

fn is_shard(name: &[u8]) -> bool {
    name.len() == 3 && name.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

fn sorted_names(dir: BorrowedFd<'_>) -> io::Result<Vec<Box<[u8]>>> {
    let mut names = os::names(dir)?;
    names.sort_unstable();
    Ok(names)
}

fn look_at(dir: BorrowedFd<'_>, shard: &[u8], name: &[u8]) -> std::result::Result<Found, String> {
    let id = std::str::from_utf8(name).ok().and_then(|name| name.parse::<ObjectId>().ok());
    let id = id.ok_or("not the name of an object")?;
    if id.shard().as_bytes() != shard {
        return Err("an object in another's folder".to_owned());
    }
    let stat = os::stat_at(dir, OsStr::from_bytes(name)).map_err(|error| reason(&error))?;
    match stat.kind {
        Kind::File => Ok(Found::Object { id, size: stat.size }),
        kind => Err(format!("a {} in an object's place", kind.word())),
    }
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
        assert_eq!((objects, strangers, disk.folders()), (vec![(id(), Size(2))], 5, 3));
    }
}
