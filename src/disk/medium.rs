//! What the system knows of the medium under a disk. All of it helps a person to tell one
//! disk from another; nothing depends on it, and so nothing here fails.

use super::{Attached, habits};
use crate::model::{Medium, escape};
use crate::os;
use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use sysinfo::{DiskRefreshKind, Disks};
use uuid::Uuid;

/// One mounted file system.
#[derive(Clone, Debug)]
pub(super) struct Mount {
    pub point: PathBuf,
    /// `/dev/sdb1`, or whatever else was mounted.
    device: PathBuf,
    fs_type: String,
}

/// The mounted file systems that hold data: no pseudo file systems, none in memory, none that
/// a server may keep waiting.
pub(super) fn mounts() -> Vec<Mount> {
    let disks = Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing());
    let mount = |disk: &sysinfo::Disk| Mount {
        point: disk.mount_point().to_owned(),
        device: disk.name().into(),
        fs_type: disk.file_system().to_string_lossy().into_owned(),
    };
    disks.iter().map(mount).collect()
}

impl Attached {
    /// What was found out about the medium; empty texts where the system did not say.
    pub fn medium(&self) -> Medium {
        let mount = self.mount();
        let device = mount.as_ref().map(|mount| block_device(&mount.device)).unwrap_or_default();
        let udev = |keys: &[&str]| keys.iter().find_map(|key| device.properties.get(*key).cloned());
        let system = self.file_system().ok();
        let type_name = system.map_or("", |system| habits::type_name(system.magic));
        let first = |one: Option<String>, other: Option<String>| shown(&one.or(other).unwrap_or_default());
        Medium {
            label: first(os::fs_label(self.root()).ok().and_then(|label| text(&label)), udev(&["ID_FS_LABEL"])),
            fs_uuid: first(udev(&["ID_FS_UUID"]), os::fs_uuid(self.root()).ok().map(|uuid| print_uuid(&uuid))),
            fs_type: mount.map_or_else(|| type_name.to_owned(), |mount| mount.fs_type),
            model: first(device.attribute("model"), udev(&["ID_MODEL"])),
            serial: first(udev(&["ID_SERIAL_SHORT", "ID_SERIAL"]), device.attribute("serial")),
            device: self.device(&device.properties),
            size: system.map(|system| system.size).unwrap_or_default(),
            free: system.map(|system| system.available).unwrap_or_default(),
        }
    }

    /// What fails as one: the drive by its table of partitions, else the file system.
    fn device(&self, properties: &HashMap<String, String>) -> String {
        if let Some(table) = properties.get("ID_PART_TABLE_UUID") {
            return format!("drive:{}", shown(table));
        }
        let uuid = os::fs_uuid(self.root()).ok().filter(|uuid| uuid.iter().any(|byte| *byte != 0));
        let id = self.file_system().ok().map(|system| system.id).filter(|id| *id != 0);
        let named = uuid.map(|uuid| format!("uuid:{}", print_uuid(&uuid)));
        named.or_else(|| id.map(|id| format!("fsid:{id:016x}"))).unwrap_or_default()
    }

    /// The mount that the data directory is on: of those on its device the nearest above it.
    fn mount(&self) -> Option<Mount> {
        let path = fs::canonicalize(self.path()).ok()?;
        let device = os::stat(self.root()).ok()?.device;
        let here = |mount: &Mount| {
            path.starts_with(&mount.point) && fs::metadata(&mount.point).is_ok_and(|found| found.dev() == device)
        };
        mounts().into_iter().filter(here).max_by_key(|mount| mount.point.as_os_str().len())
    }
}

/// The block device that a disk's file system is mounted from.
pub(super) fn device_of(disk: &Attached) -> Option<PathBuf> {
    let device = disk.mount()?.device;
    fs::metadata(&device).ok()?.file_type().is_block_device().then_some(device)
}

/// What sysfs and udev say of a block device.
#[derive(Default)]
struct Device {
    /// Its folder in sysfs.
    folder: PathBuf,
    properties: HashMap<String, String>,
}

impl Device {
    /// A file of the drive's folder: a partition's drive is the folder above it.
    fn attribute(&self, name: &str) -> Option<String> {
        let places = ["device", "../device", "."];
        places.iter().find_map(|place| text(&fs::read(self.folder.join(place).join(name)).ok()?))
    }
}

fn block_device(path: &Path) -> Device {
    let Some(found) = fs::metadata(path).ok().filter(|found| found.file_type().is_block_device()) else {
        return Device::default();
    };
    let number = format!("{}:{}", os::major(found.rdev()), os::minor(found.rdev()));
    let database = fs::read(format!("/run/udev/data/b{number}")).unwrap_or_default();
    Device {
        folder: Path::new("/sys/dev/block").join(number),
        properties: properties(&String::from_utf8_lossy(&database)),
    }
}

/// The `E:KEY=value` lines of udev's database.
fn properties(database: &str) -> HashMap<String, String> {
    let pairs = database.lines().filter_map(|line| line.strip_prefix("E:")?.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Text without white space around it; nothing if nothing is left.
fn text(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// A drive may call itself anything: nothing of it reaches a terminal as it is.
fn shown(text: &str) -> String {
    escape(text.as_bytes()).into_owned()
}

fn print_uuid(bytes: &[u8]) -> String {
    match Uuid::from_slice(bytes) {
        Ok(uuid) => uuid.to_string(),
        Err(_) => bytes.iter().fold(String::new(), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::attached::tests::disk;

    #[test]
    fn says_at_least_how_large_it_is() {
        let (_keep, disk) = disk();
        let medium = disk.medium();
        assert!(medium.size >= medium.free && medium.size.bytes() > 0, "{medium:?}");
    }

    #[test]
    fn reads_what_udev_wrote() {
        let found = properties("S:disk/by-id/x\nE:ID_MODEL=Portable=SSD\nI:1\nE:ID_FS_LABEL=\nG:systemd\n");
        assert_eq!(found.get("ID_MODEL").unwrap(), "Portable=SSD");
        assert_eq!((found.len(), text(b" \n"), text(b" a\n")), (2, None, Some("a".to_owned())));
    }

    #[test]
    fn uuids_of_every_length() {
        assert_eq!(print_uuid(&[0x12, 0xab]), "12ab");
        assert_eq!(print_uuid(&[0; 16]), "00000000-0000-0000-0000-000000000000");
    }
}
