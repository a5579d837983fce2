//! The file systems that power is taken from: how each is made, mounted and mended.

use super::image::Image;
use crate::kit::{is_root, skipped};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// One kind of file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub name: &'static str,
    /// How large an image of it is.
    pub megabytes: u64,
    make: &'static str,
    /// What mounts it from a block device; empty: the kernel, from a file.
    driver: &'static str,
    /// What a person runs after a crash, as the system says, since there is no journal; empty: nothing.
    mend: &'static str,
}

pub const EXT4: Kind = Kind {
    name: "ext4",
    megabytes: 64,
    make: "mkfs.ext4 -q -F -m 0 -b 4096 -E lazy_itable_init=0,lazy_journal_init=0,nodiscard",
    driver: "",
    mend: "",
};

/// The journal of a small ext4 takes few changes at once, and flushes in between; this one has room for a
/// batch, as that of any real disk has.
pub const LARGE_EXT4: Kind = Kind {
    megabytes: 400,
    make: "mkfs.ext4 -q -F -m 0 -b 4096 -J size=128 -E lazy_itable_init=0,lazy_journal_init=0,nodiscard",
    ..EXT4
};

pub const XFS: Kind = Kind { name: "xfs", megabytes: 300, make: "mkfs.xfs -q -f -K", driver: "", mend: "" };

pub const BTRFS: Kind =
    Kind { name: "btrfs", megabytes: 128, make: "mkfs.btrfs -q -f -K -m single", driver: "", mend: "" };

pub const EXFAT: Kind = Kind {
    name: "exfat",
    megabytes: 64,
    make: "mkfs.exfat",
    driver: "mount.exfat-fuse -o rw,noatime",
    mend: "fsck.exfat -y",
};

pub const NTFS: Kind = Kind {
    name: "ntfs",
    megabytes: 64,
    make: "mkfs.ntfs -q -F -Q -s 512 -p 0 -H 0 -S 0",
    driver: "ntfs-3g -o recover",
    mend: "ntfsfix",
};

impl Kind {
    /// Whether all programs are there that it needs; if not, says why the test is skipped.
    pub fn is_possible(&self) -> bool {
        let first = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        let programs: Vec<_> = [self.make, self.driver, self.mend].map(first).into();
        let missing = programs.iter().find(|program| !program.is_empty() && !is_there(program));
        if !is_root() || !Path::new("/dev/fuse").exists() {
            skipped("this needs root and /dev/fuse");
        } else if let Some(program) = missing {
            skipped(&format!("there is no {program}"));
        }
        is_root() && Path::new("/dev/fuse").exists() && missing.is_none()
    }

    /// Whether it is a FUSE file system, which flushes nothing as a whole.
    pub fn is_fuse(&self) -> bool {
        !self.driver.is_empty()
    }

    /// Whether what belongs together is written together, whatever happens in between.
    pub fn is_journaled(&self) -> bool {
        self.mend.is_empty()
    }

    /// Objects that the file system has still got, whether its folders list them or not; nothing where that
    /// cannot be said.
    pub fn recorded_objects(&self, image: &Image) -> Option<BTreeSet<String>> {
        (*self == NTFS).then(|| super::ntfs::recorded_objects(image))
    }

    /// Makes an empty file system in a file.
    pub fn make(&self, file: &Path) {
        tool(self.make, &[file]).unwrap_or_else(|why| panic!("{why}"));
    }

    /// Mounts it from a file, and returns the loop device that has to go with it.
    pub fn mount(&self, file: &Path, point: &Path) -> Result<Option<String>, String> {
        if !self.is_fuse() {
            tool(&format!("mount -t {} -o loop", self.name), &[file, point])?;
            keep_requests_small(&device_at(point));
            return Ok(None);
        }
        let device = tool("losetup -f --show", &[file])?.trim().to_owned();
        keep_requests_small(&device);
        let mounted = tool(self.driver, &[Path::new(&device), point]);
        mounted.map(|_| Some(device.clone())).inspect_err(|_| detach(&device))
    }

    /// The same after a crash: what has no journal is mended first.
    pub fn mount_after_crash(&self, file: &Path, point: &Path) -> Result<Option<String>, String> {
        if !self.mend.is_empty() {
            // It says by its exit code that it had to mend something.
            let _ = tool(self.mend, &[file]);
        }
        self.mount(file, point)
    }
}

/// The device that is mounted there.
fn device_at(point: &Path) -> String {
    let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let at = |line: &&str| line.split(' ').nth(1) == point.to_str();
    mounts.lines().rev().find(at).and_then(|line| line.split(' ').next()).unwrap_or_default().to_owned()
}

/// FUSE takes a megabyte at a time. Of a larger request whose second part fails the loop device
/// tells nobody: it takes a short write for a whole one.
fn keep_requests_small(device: &str) {
    let name = device.trim_start_matches("/dev/");
    fs::write(format!("/sys/block/{name}/queue/max_sectors_kb"), "512").unwrap_or_else(|why| panic!("{device}: {why}"));
}

/// Gives a loop device back; while something still has it, as soon as that lets go.
pub fn detach(device: &str) {
    let _ = tool("losetup -d", &[Path::new(device)]);
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Runs a program with the words of a line and then these paths: what it printed, or what went wrong.
pub fn tool(line: &str, paths: &[&Path]) -> Result<String, String> {
    let mut words = line.split(' ');
    let mut command = Command::new(words.next().unwrap_or_default());
    let output = command.args(words).args(paths).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{line}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!("{line} {paths:?}: {}{}", text(&output.stdout), text(&output.stderr)))
}
