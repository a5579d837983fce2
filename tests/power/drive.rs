//! A file system that is mounted until its value goes, whatever ends the test.

use super::image::Image;
use super::kind::{Kind, detach, tool};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

pub struct Drive {
    point: PathBuf,
    device: Option<String>,
    mounted: bool,
}

impl Drive {
    /// Mounts a file system from a file.
    pub fn mount(kind: &Kind, file: &Path, point: &Path) -> Self {
        fs::create_dir_all(point).expect("no mount point");
        let device = kind.mount(file, point).unwrap_or_else(|why| panic!("{why}"));
        Self { point: point.to_owned(), device, mounted: true }
    }

    /// The same of one that was cut off; why it cannot be.
    pub fn mount_after_crash(kind: &Kind, file: &Path, point: &Path) -> Result<Self, String> {
        let device = kind.mount_after_crash(file, point)?;
        Ok(Self { point: point.to_owned(), device, mounted: true })
    }

    /// Mounts it so that nothing on it can be changed.
    pub fn make_read_only(&self) {
        tool("mount -o remount,ro", &[&self.point]).unwrap_or_else(|why| panic!("{why}"));
    }

    /// Everything written so far is on the medium.
    pub fn flush(&self) {
        // What a driver has written lies in the cache of its device.
        let device = self.device.as_ref().map(Path::new);
        let flushed = device.map_or_else(|| tool("sync -f", &[&self.point]), |device| tool("sync", &[device]));
        flushed.unwrap_or_else(|why| panic!("{why}"));
    }

    /// What a driver has on its device.
    pub fn image(&self) -> Image {
        Image::load(Path::new(self.device.as_ref().expect("no device of its own")))
    }

    /// Unmounts it, waiting for whoever still looks at it.
    pub fn unmount(mut self) {
        self.unmount_soon();
        assert!(!self.mounted, "{} stays mounted", self.point.display());
    }

    fn unmount_soon(&mut self) {
        for _ in 0..100 {
            if tool("umount", &[&self.point]).is_ok() {
                self.mounted = false;
                break;
            }
            sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        if self.mounted {
            self.unmount_soon();
        }
        if self.mounted {
            let _ = tool("umount -l", &[&self.point]);
        }
        if let Some(device) = &self.device {
            detach(device);
        }
    }
}
