//! Finds the disks that are attached, wherever they are mounted.

use super::medium::mounts;
use super::{Attached, Marker};
use crate::os;
use std::collections::HashSet;
use std::fs;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// In a mount point with more folders than this the others are not looked into: a disk's data
/// directory stands at the top, among few.
const FOLDERS: usize = 4096;

/// The data directories with a usable marker on all mounted file systems: at a mount point,
/// in a folder directly in it, or at a remembered place below it.
///
/// `remembered` are paths below any mount point; an absolute one is looked at as it is. No
/// symlink is followed below a mount point. What cannot be read is passed over, and what can be
/// reached in two ways is listed once.
pub fn find(remembered: &[PathBuf]) -> Vec<(PathBuf, Marker)> {
    let absolute = remembered.iter().filter(|path| path.is_absolute());
    let mut candidates: Vec<_> = absolute.map(|path| (path.clone(), PathBuf::new())).collect();
    for mount in mounts() {
        candidates.push((mount.point.clone(), PathBuf::new()));
        let below = remembered.iter().filter(|path| path.is_relative()).cloned();
        candidates.extend(below.chain(folders(&mount.point)).map(|tail| (mount.point.clone(), tail)));
    }
    let mut seen = HashSet::new();
    candidates.iter().filter_map(|(root, tail)| look(root, tail, &mut seen)).collect()
}

/// The folder itself, if it is a disk's data directory; else the only one directly in it that is: after
/// years people know a drive by its mount point alone.
pub fn data_directory(path: &Path) -> PathBuf {
    let here = look(path, Path::new(""), &mut HashSet::new());
    let below = || {
        let mut seen = HashSet::new();
        let mut found = folders(path).filter_map(|name| look(path, &name, &mut seen)).map(|(found, _)| found);
        found.next().filter(|_| found.next().is_none())
    };
    here.map(|(here, _)| here).or_else(below).unwrap_or_else(|| path.to_owned())
}

/// The names of the directories directly in a directory.
fn folders(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.take(FOLDERS).map(|entry| entry.file_name().into())
}

fn look(root: &Path, tail: &Path, seen: &mut HashSet<(u64, u64)>) -> Option<(PathBuf, Marker)> {
    let top = os::open_dir(root).ok()?;
    let directory = os::open_dir_beneath(top.as_fd(), tail.as_os_str().as_bytes()).ok()?;
    let stat = os::stat(directory.as_fd()).ok()?;
    if !seen.insert((stat.device, stat.inode)) {
        return None;
    }
    let path = if tail.as_os_str().is_empty() { root.to_owned() } else { root.join(tail) };
    let disk = Attached::over(&path, directory).ok()?;
    let marker = disk.marker().clone();
    Some((path, marker))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::attached::tests::disk;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_mount_point_stands_for_the_only_disk_on_it() {
        let (keep, disk) = disk();
        assert_eq!(data_directory(disk.path()), disk.path());
        assert_eq!(data_directory(keep.path()), disk.path());
        fs::create_dir(keep.path().join("none")).unwrap();
        assert_eq!(data_directory(&keep.path().join("none")), keep.path().join("none"));
        let second = keep.path().join("second");
        crate::disk::create(&second, disk.marker().clone()).unwrap();
        assert_eq!(data_directory(keep.path()), keep.path());
    }

    #[test]
    fn a_remembered_place_is_found_once() {
        let (keep, disk) = disk();
        let link = keep.path().join("link");
        symlink(disk.path(), &link).unwrap();
        let ours = |found: Vec<(PathBuf, Marker)>| -> Vec<PathBuf> {
            let ours = found.into_iter().map(|(path, _)| path).filter(|path| path.starts_with(keep.path()));
            ours.collect()
        };
        let remembered = [disk.path().to_owned(), link.clone(), keep.path().join("none")];
        assert_eq!(ours(find(&remembered)), [disk.path()]);
        assert_eq!(ours(find(&[link])).len(), 1);
    }
}
