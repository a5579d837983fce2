//! The folders that objects lie in: others where a person wants others, in both while they are moved.

use super::store::place;
use super::{Attached, OBJECTS};
use crate::error::Result;
use crate::model::{Fanout, Kind, ObjectId, Size};
use crate::os;
use crate::progress::Progress;
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;

impl Attached {
    /// In which folders objects lie: those that they are written to first.
    pub(super) fn fanouts(&self) -> impl Iterator<Item = Fanout> {
        let marker = self.marker();
        [marker.fanout].into_iter().chain(marker.before)
    }

    /// Looks for an object in each of the places where it may lie.
    pub(super) fn in_places<T>(&self, id: ObjectId, find: impl Fn(&[u8]) -> io::Result<T>) -> io::Result<T> {
        let mut found = Err(io::ErrorKind::NotFound.into());
        for fanout in self.fanouts() {
            found = find(&place(fanout, id));
            if !found.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
                return found;
            }
        }
        found
    }

    /// Moves the objects that lie in these folders to where the marker says, by renaming alone, durably.
    /// An object is in one place or the other at any instant.
    pub fn move_objects(&self, from: Fanout, progress: &dyn Progress) -> Result<()> {
        progress.task("move", 0, Size::ZERO);
        self.move_from(from, progress).map_err(|error| self.failed("move objects on", &error))?;
        progress.check()
    }

    fn move_from(&self, from: Fanout, progress: &dyn Progress) -> io::Result<()> {
        let objects = os::open_dir_beneath(self.root(), OBJECTS.as_bytes())?;
        let folders = folders_below(objects.as_fd(), from.depth())?;
        for folder in &folders {
            let dir = os::open_dir_beneath(objects.as_fd(), folder)?;
            let mut names = os::names(dir.as_fd())?;
            names.sort_unstable();
            let ids = names.iter().filter_map(|name| std::str::from_utf8(name).ok()?.parse::<ObjectId>().ok());
            let ids: Vec<_> = ids.filter(|id| from.folder(*id).as_bytes() == folder.as_slice()).collect();
            let to = |id: &ObjectId| self.marker().fanout.folder(*id);
            for ids in ids.chunk_by(|a, b| to(a) == to(b)) {
                if progress.stopped() {
                    return Ok(());
                }
                self.move_some(objects.as_fd(), dir.as_fd(), ids)?;
                progress.advance(ids.len() as u64, Size::ZERO);
            }
        }
        if self.habits.flushes_whole {
            os::syncfs(self.root())?;
        }
        // The deepest first; one that is not empty stays.
        folders.iter().rev().filter(|folder| !folder.is_empty()).for_each(|folder| {
            let _ = remove_folder(objects.as_fd(), folder);
        });
        os::fsync(objects.as_fd())
    }

    /// Moves objects of one folder that come into one folder.
    fn move_some(&self, objects: BorrowedFd<'_>, from: BorrowedFd<'_>, ids: &[ObjectId]) -> io::Result<()> {
        let Some(first) = ids.first() else { return Ok(()) };
        let (to, _) = open_folder(objects, &self.marker().fanout.folder(*first), !self.habits.flushes_whole)?;
        for id in ids {
            let name = id.to_string();
            let name = OsStr::new(&name);
            match os::rename_new((from, name), (to.as_fd(), name)) {
                // It was copied anew meanwhile.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => os::unlink(from, name)?,
                moved => moved?,
            }
        }
        if self.habits.flushes_whole {
            return Ok(());
        }
        os::fsync(to.as_fd())?;
        os::fsync(from)
    }
}

/// Opens a folder below the one for all objects, made if it is missing, and says if it was. Where each
/// directory has to be flushed, those above a new one are.
pub(super) fn open_folder(objects: BorrowedFd<'_>, folder: &str, flushes: bool) -> io::Result<(OwnedFd, bool)> {
    match os::open_dir_beneath(objects, folder.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        opened => return Ok((opened?, false)),
    }
    let mut here = os::open_dir_beneath(objects, b"")?;
    for name in folder.split('/') {
        match os::make_dir(here.as_fd(), OsStr::new(name), 0o755) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.and_then(|()| if flushes { os::fsync(here.as_fd()) } else { Ok(()) })?,
        }
        here = os::open_dir_beneath(here.as_fd(), name.as_bytes())?;
    }
    Ok((here, true))
}

/// Whether a name may be that of a folder for objects.
pub(super) fn is_folder(name: &[u8]) -> bool {
    matches!(name.len(), 2 | 3) && name.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// The folders for objects, so many below each other, each behind the one that it is in; the first is the
/// one for all. The deepest are not looked into.
pub(super) fn folders_below(objects: BorrowedFd<'_>, depth: usize) -> io::Result<Vec<Vec<u8>>> {
    let mut folders = vec![Vec::new()];
    let mut begin = 0;
    for _ in 0..depth {
        let level: Vec<Vec<u8>> = folders.iter().skip(begin).cloned().collect();
        begin = folders.len();
        for above in level {
            let dir = os::open_dir_beneath(objects, &above)?;
            let listed = os::listed(dir.as_fd(), &mut Vec::new())?.into_iter();
            let mut names: Vec<_> = listed.filter(|l| l.kind == Kind::Directory && is_folder(&l.name)).collect();
            names.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            folders.extend(names.iter().map(|listed| join(&above, &listed.name)));
        }
    }
    Ok(folders)
}

/// The path of a name in a folder; of no name, the folder's own.
pub(super) fn join(above: &[u8], name: &[u8]) -> Vec<u8> {
    if name.is_empty() {
        return above.to_vec();
    }
    if above.is_empty() { name.to_vec() } else { [above, b"/", name].concat() }
}

fn remove_folder(objects: BorrowedFd<'_>, folder: &[u8]) -> io::Result<()> {
    let (above, name) = match folder.iter().rposition(|byte| *byte == b'/').and_then(|at| folder.split_at_checked(at)) {
        Some((above, name)) => (above, name.strip_prefix(b"/").unwrap_or(name)),
        None => (&b""[..], folder),
    };
    os::remove_dir(os::open_dir_beneath(objects, above)?.as_fd(), OsStr::from_bytes(name))
}

/// In which folders the objects of a disk lie whose marker is lost: these if any do, and others.
pub(super) fn found(root: BorrowedFd<'_>, expected: Fanout) -> io::Result<(Fanout, Option<Fanout>)> {
    let objects = os::open_dir_beneath(root, OBJECTS.as_bytes())?;
    let mut found = Vec::new();
    for folder in folders_below(objects.as_fd(), usize::from(Fanout::DEEPEST))? {
        let names = os::names(os::open_dir_beneath(objects.as_fd(), &folder)?.as_fd())?;
        let id = names.iter().find_map(|name| std::str::from_utf8(name).ok()?.parse::<ObjectId>().ok());
        let depth = folder.split(|byte| *byte == b'/').filter(|name| !name.is_empty()).count();
        let fanout = if folder.len() == 3 { Some(Fanout::Three) } else { Fanout::pairs(depth as i64) };
        found.extend(fanout.filter(|fanout| id.is_some() && !found.contains(fanout)));
    }
    let other = found.iter().copied().find(|fanout| *fanout != expected);
    Ok(match (found.contains(&expected), other) {
        (false, Some(other)) => (other, None),
        (_, other) => (expected, other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::attached::tests::{disk, plain_disk};
    use crate::disk::{Found, Marker};
    use crate::progress::Silent;
    use std::fs;

    const ID: &str = "abcdef0000000000000000000000000000000000000000000000000000000000";

    fn id() -> ObjectId {
        ID.parse().unwrap()
    }

    /// Says where objects lie, and some still.
    fn says(disk: &mut Attached, fanout: Fanout, before: Option<Fanout>) {
        let marker: Marker = disk.marker().clone().in_folders(fanout, before);
        disk.write_marker(marker).unwrap();
    }

    fn put(disk: &Attached, folder: &str) {
        let folder = disk.path().join(OBJECTS).join(folder);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(ID), "x").unwrap();
    }

    #[test]
    fn objects_move_and_are_found_in_both_places_until_then() {
        for (_keep, mut disk) in [disk(), plain_disk()] {
            put(&disk, "abc");
            let inode = disk.place_of(id()).unwrap();
            let mut before = Fanout::Three;
            for (fanout, folder) in [(2, "ab/cd"), (1, "ab"), (4, "ab/cd/ef/00"), (0, "")] {
                let fanout = Fanout::Pairs(fanout);
                says(&mut disk, fanout, Some(before));
                assert!(disk.has_object(id(), Size(1)).unwrap());
                disk.move_objects(before, &Silent).unwrap();
                says(&mut disk, fanout, None);
                assert_eq!(disk.place_of(id()).unwrap(), inode, "by renaming alone");
                assert!(disk.path().join(OBJECTS).join(folder).join(ID).exists());
                let mut listed = Vec::new();
                disk.list_objects(&mut |found| {
                    listed.push(found);
                    Ok(())
                })
                .unwrap();
                assert_eq!(listed, [Found::Object { id: id(), size: Size(1) }], "{fanout}");
                let folders = folder.split('/').filter(|name| !name.is_empty()).count();
                assert_eq!(disk.folders(), folders as u64, "what is empty goes");
                before = fanout;
            }
            assert!(disk.remove_objects(&[id()]).unwrap().is_empty());
            assert!(!disk.has_object(id(), Size(1)).unwrap());
        }
    }

    #[test]
    fn what_is_in_the_wrong_folder_is_a_stranger() {
        let (_keep, mut disk) = disk();
        says(&mut disk, Fanout::Pairs(1), None);
        put(&disk, "abc");
        put(&disk, "ac");
        let mut objects = 0;
        disk.list_objects(&mut |found| {
            objects += u32::from(matches!(found, Found::Object { .. }));
            Ok(())
        })
        .unwrap();
        assert_eq!(objects, 0);
    }

    #[test]
    fn without_a_marker_the_folders_are_found() {
        let (_keep, disk) = disk();
        assert_eq!(found(disk.root(), Fanout::Three).unwrap(), (Fanout::Three, None));
        put(&disk, "ab/cd");
        assert_eq!(found(disk.root(), Fanout::Three).unwrap(), (Fanout::Pairs(2), None));
        put(&disk, "abc");
        assert_eq!(found(disk.root(), Fanout::Three).unwrap(), (Fanout::Three, Some(Fanout::Pairs(2))));
        assert_eq!(found(disk.root(), Fanout::Pairs(2)).unwrap(), (Fanout::Pairs(2), Some(Fanout::Three)));
    }
}
