//! Where a path stands: the facts by which an empty mount point is told from a disk.

use crate::error::{Error, Result};
use crate::os;
use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

/// Where a path stands, or would stand once it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The nearest directory that exists, absolute and without symlinks; the path itself if it
    /// is there.
    pub existing: PathBuf,
    /// Whether the path itself is there.
    pub exists: bool,
    /// The device number (`st_dev`) of the file system it is on: good for this run only.
    pub device: u64,
    /// The same of `/`.
    pub root_device: u64,
    /// Where that file system is mounted.
    pub mount_point: PathBuf,
    /// Whether it is below `/media`, `/mnt` or `/run/media`, where disks are mounted.
    pub below_media: bool,
}

impl Place {
    /// Whether it is a folder where disks are mounted, with none mounted there: `/media` itself may
    /// be a file system of its own.
    pub fn is_bare_mount_point(&self) -> bool {
        self.below_media && !is_below_media(&self.mount_point)
    }
}

/// Whether a path lies below, not at, one of the folders in which disks are mounted.
fn is_below_media(path: &Path) -> bool {
    ["/media", "/mnt", "/run/media"].iter().any(|media| path.starts_with(media) && path != Path::new(media))
}

/// Where a path stands, that may not exist yet.
pub fn place(path: &Path) -> Result<Place> {
    look(path).map_err(|error| Error::io("look at", path, &error))
}

fn look(path: &Path) -> io::Result<Place> {
    let asked = std::path::absolute(path)?;
    let existing = nearest_existing(&asked)?;
    let here = os::open_dir(&existing)?;
    Ok(Place {
        exists: fs::symlink_metadata(&asked).is_ok(),
        device: os::stat(here.as_fd())?.device,
        root_device: os::stat(os::open_dir(Path::new("/"))?.as_fd())?.device,
        mount_point: mount_point(&existing)?,
        below_media: is_below_media(&asked) || is_below_media(&existing),
        existing,
    })
}

/// The nearest ancestor that is a directory, without symlinks.
fn nearest_existing(path: &Path) -> io::Result<PathBuf> {
    for ancestor in path.ancestors() {
        match fs::canonicalize(ancestor) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

/// The highest ancestor that is on the same mount.
fn mount_point(path: &Path) -> io::Result<PathBuf> {
    let mount = |path: &Path| os::mount_id(os::open_path(path)?.as_fd());
    let here = mount(path)?;
    let mut point = path;
    for ancestor in path.ancestors().skip(1) {
        if mount(ancestor)? != here {
            break;
        }
        point = ancestor;
    }
    Ok(point.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_where_its_nearest_ancestor_does() {
        let directory = tempfile::tempdir().unwrap();
        let there = place(directory.path()).unwrap();
        let planned = place(&directory.path().join("a/b")).unwrap();
        assert!(there.exists && !planned.exists);
        assert_eq!(Place { exists: true, ..planned }, there);
        assert!(there.existing.starts_with(&there.mount_point));
    }

    #[test]
    fn a_mount_point_without_a_disk_is_bare() {
        let table = [
            ("/media/me/shelf", "/", true),
            ("/media/me/shelf", "/media", true),
            ("/run/media/me/shelf", "/run", true),
            ("/media/me/shelf", "/media/me/shelf", false),
            ("/mnt/shelf/dsb", "/mnt/shelf", false),
            ("/home/me/dsb", "/", false),
        ];
        for (path, mount_point, bare) in table {
            let place = Place {
                existing: path.into(),
                exists: true,
                device: 1,
                root_device: 1,
                mount_point: mount_point.into(),
                below_media: is_below_media(Path::new(path)),
            };
            assert_eq!(place.is_bare_mount_point(), bare, "{path} on {mount_point}");
        }
    }

    #[test]
    fn knows_mounts_and_media() {
        let proc = place(Path::new("/proc/self/missing")).unwrap();
        assert_eq!(proc.mount_point, Path::new("/proc"));
        assert_ne!(proc.device, proc.root_device);
        assert!(place(Path::new("/mnt/none")).unwrap().below_media);
        assert!(!place(Path::new("/")).unwrap().below_media);
    }
}
