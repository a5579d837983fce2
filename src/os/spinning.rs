//! Whether a medium spins, as the kernel knows it.

use super::{mount_id, stat};
use rustix::fs::{major, makedev, minor};
use std::fs;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Whether what is open lies on a medium that spins, so that going to another place costs a
/// hundred times what reading on does. Where nobody knows, it does not.
pub fn is_rotational(file: BorrowedFd<'_>) -> bool {
    let device = stat(file).map_or(0, |stat| stat.device);
    let device = if major(device) == 0 { mounted_device(file).unwrap_or_default() } else { device };
    let folder = Path::new("/sys/dev/block").join(format!("{}:{}", major(device), minor(device)));
    // A partition has no queue of its own: its drive is the folder above it.
    let read = |queue: &str| fs::read(folder.join(queue)).ok();
    read("queue/rotational").or_else(|| read("../queue/rotational")).is_some_and(|said| said.starts_with(b"1"))
}

/// The block device of a file system that numbers its files by devices of its own, as btrfs does.
fn mounted_device(file: BorrowedFd<'_>) -> Option<u64> {
    let id = mount_id(file).ok()?.to_string();
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let device = fs::metadata(device_in(&mounts, &id)?).ok()?.rdev();
    Some(makedev(major(device), minor(device)))
}

/// What a mount is mounted from, in the kernel's list of mounts.
fn device_in<'m>(mounts: &'m str, id: &str) -> Option<&'m str> {
    let line = mounts.lines().find(|line| line.split(' ').next() == Some(id))?;
    line.split_once(" - ")?.1.split(' ').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsFd;

    #[test]
    fn a_mount_is_found_by_its_number() {
        let mounts = "21 1 0:19 / / rw - ext4 /dev/root rw\n\
                      36 35 0:31 /sub /mnt rw,noatime shared:1 - btrfs /dev/sda1 rw\nodd\n37 35 0:32 / /x rw\n";
        let table = [("21", Some("/dev/root")), ("36", Some("/dev/sda1")), ("37", None), ("3", None)];
        for (id, device) in table {
            assert_eq!(device_in(mounts, id), device, "{id}");
        }
    }

    #[test]
    fn memory_does_not_spin() {
        let folder = fs::File::open("/proc").unwrap();
        assert!(!is_rotational(folder.as_fd()));
    }
}
