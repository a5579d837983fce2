//! Browsable trees, looked at as a person would: with what any program sees.

use super::facts::{below, object_file, objects};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The trees on a disk, oldest first.
pub fn trees(disk: &Path) -> Vec<String> {
    let entries = fs::read_dir(disk.join("snapshots")).into_iter().flatten().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut names: Vec<_> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The newest tree, as `latest` leads to it.
pub fn latest(disk: &Path) -> PathBuf {
    let link = disk.join("snapshots/latest");
    let target = fs::read_link(&link).expect("no latest");
    assert!(target.is_relative() && target.components().count() == 1, "{}", target.display());
    disk.join("snapshots").join(target)
}

/// What a tree shows: every path with its kind and what it holds or where it points.
pub fn shown(tree: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let look = |path: PathBuf| {
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        let what = if kind.is_file() {
            [b"file ".as_slice(), &fs::read(&path).unwrap()].concat()
        } else if kind.is_symlink() {
            [b"symlink ", fs::read_link(&path).unwrap().as_os_str().as_bytes()].concat()
        } else if kind.is_dir() {
            b"folder".to_vec()
        } else {
            format!("special {} {}", kind.is_fifo(), kind.is_socket()).into_bytes()
        };
        (path.strip_prefix(tree).unwrap().to_owned(), what)
    };
    below(tree).into_iter().map(look).collect()
}

/// A tree shows just what another folder does.
#[track_caller]
pub fn assert_shows(tree: &Path, expected: &Path) {
    let (found, wanted) = (shown(tree), shown(expected));
    let names = |map: &BTreeMap<PathBuf, Vec<u8>>| map.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&wanted), "{} against {}", tree.display(), expected.display());
    let other: Vec<_> = found.iter().filter(|(path, what)| wanted[*path] != **what).map(|(path, _)| path).collect();
    assert!(other.is_empty(), "{}: not as in {}: {other:?}", tree.display(), expected.display());
}

/// Every file with bytes in a tree is an object of the disk.
#[track_caller]
pub fn assert_made_of_objects(disk: &Path) {
    let inode = |path: PathBuf| fs::symlink_metadata(path).unwrap().ino();
    let objects: BTreeSet<_> = objects(disk).iter().map(|id| inode(object_file(disk, id))).collect();
    for path in below(&disk.join("snapshots")) {
        let stat = fs::symlink_metadata(&path).unwrap();
        assert!(!stat.is_file() || stat.len() == 0 || objects.contains(&stat.ino()), "{}", path.display());
    }
}
