//! The fault disk: disks of which every write and flush is known and can be made to fail.
//!
//! It is a FUSE file system of this very process. Loop devices lie on its files, file systems on
//! these. Whoever holds [`FaultDisk::media`] must not touch what is mounted there: the answer
//! would wait for them.

use super::image::Image;
use super::medium::{Event, Media, Medium};
use super::server::{Server, Shared, lock};
use fuser::{BackgroundSession, Config, MountOption, Session, SessionACL};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

pub struct FaultDisk {
    point: PathBuf,
    shared: Shared,
    _session: BackgroundSession,
}

impl FaultDisk {
    /// Serves these images under their names at a mount point.
    pub fn serve(point: &Path, images: Vec<(&'static str, Image)>) -> Self {
        fs::create_dir_all(point).expect("no mount point");
        let disks = images.into_iter().map(|(name, image)| Medium::new(name, image)).collect();
        let shared = Arc::new(Mutex::new(Media { disks, log: Vec::new() }));
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("dsb-faults".to_owned())];
        config.acl = SessionACL::All;
        // One disk must not wait for another that is slow.
        config.n_threads = Some(4);
        let session = Session::new(Server(shared.clone()), point, &config).and_then(Session::spawn);
        Self { point: point.to_owned(), shared, _session: session.expect("FUSE does not work here") }
    }

    /// The file of a disk.
    pub fn file(&self, name: &str) -> PathBuf {
        self.point.join(name)
    }

    pub fn media(&self) -> MutexGuard<'_, Media> {
        lock(&self.shared)
    }

    /// Does something to one disk.
    pub fn on<T>(&self, name: &str, act: impl FnOnce(&mut Medium) -> T) -> T {
        let mut media = self.media();
        act(media.disks.iter_mut().find(|disk| disk.name == name).expect("no such disk"))
    }

    /// Notes in the log that something happened now.
    pub fn mark(&self, text: &str) {
        self.media().log.push(Event::Mark(text.to_owned()));
    }
}

impl Drop for FaultDisk {
    fn drop(&mut self) {
        // A file system that would not be unmounted keeps its loop device: it must not keep this.
        let _ = super::kind::tool("umount -l", &[&self.point]);
    }
}
