//! Real file systems in image files. They need root; without it a test says that it is skipped.

use super::Sandbox;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A mounted image, unmounted when dropped. Declare it after its sandbox.
pub struct Mounted {
    point: PathBuf,
    image: PathBuf,
}

impl Sandbox {
    /// Makes a file system of this kind and size and mounts it at `below`.
    pub fn mount(&self, kind: &str, megabytes: u64, below: &str) -> Option<Mounted> {
        let (point, image) = (self.path(below), self.path(format!("{}.img", below.replace('/', "-"))));
        fs::create_dir_all(&point).expect("no mount point");
        let empty = File::create(&image).and_then(|file| file.set_len(megabytes << 20));
        empty.expect("no room for an image");
        // Small images would get smaller blocks than real disks have.
        let force: &[&str] = if kind == "ext4" { &["-q", "-m", "0", "-b", "4096", "-F"] } else { &["-q", "-f"] };
        let mkfs = format!("mkfs.{kind}");
        let mut make = Command::new(&mkfs);
        make.args(force).arg(&image).stdout(Stdio::null()).stderr(Stdio::null());
        if !is_root() || !make.status().is_ok_and(|status| status.success()) {
            skipped(&format!("this needs root and {mkfs}"));
            return None;
        }
        let mounted = Mounted { point, image };
        mounted.mount().then_some(mounted)
    }
}

impl Mounted {
    pub fn path(&self) -> &Path {
        &self.point
    }

    /// Mounts it again where it was.
    pub fn mount(&self) -> bool {
        self.mount_with("loop")
    }

    /// Mounts it with these options.
    pub fn mount_with(&self, options: &str) -> bool {
        let mut mount = Command::new("mount");
        let done = mount.args(["-o", options]).arg(&self.image).arg(&self.point).status();
        let done = done.is_ok_and(|status| status.success());
        if !done {
            skipped("the image could not be mounted");
        }
        done
    }

    /// Mounts it elsewhere; the place is unmounted when the value goes.
    pub fn mount_at(&self, point: &Path) -> Option<Self> {
        let elsewhere = Self { point: point.to_owned(), image: self.image.clone() };
        elsewhere.mount().then_some(elsewhere)
    }

    /// Mounts it over what is there, and leaves it to whoever unmounts that place.
    pub fn mount_over(&self, point: &Path) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-o", "loop"]).arg(&self.image).arg(point).status().is_ok_and(|status| status.success())
    }

    /// Unmounts it; another program may be looking at it for an instant.
    pub fn unmount(&self) {
        for _ in 0..100 {
            let mut umount = Command::new("umount");
            if umount.arg(&self.point).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("{} stays mounted", self.point.display());
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let mut umount = Command::new("umount");
        drop(umount.arg("-l").arg(&self.point).stderr(Stdio::null()).status());
    }
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Says why the running test shows nothing, on the terminal itself: the test runner keeps to
/// itself what a test prints that passes.
pub fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
}
