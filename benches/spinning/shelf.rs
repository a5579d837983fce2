//! File systems on such drives, and what the programs that are compared are given.

use super::drive::{Drive, Work};
use super::server::Served;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A file system on a drive, mounted.
pub struct Spinning {
    served: Served,
    point: PathBuf,
}

/// How long something took, and what the drives did for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub seconds: f64,
    pub work: Work,
}

/// Runs a program that must succeed.
pub fn run(line: &str, paths: &[&Path]) {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line).arg("sh").args(paths).stdin(Stdio::null()).stdout(Stdio::null());
    let ran = command.stderr(Stdio::piped()).output().unwrap_or_else(|error| panic!("{line}: {error}"));
    assert!(ran.status.success(), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
}

impl Spinning {
    /// An empty one in a folder, of so many bytes.
    pub fn new(folder: &Path, name: &str, make: &str, size: u64) -> Self {
        let (image, point) = (folder.join(format!("{name}.img")), folder.join(name));
        let file = File::options().read(true).write(true).create_new(true).open(&image).expect("a new file");
        file.set_len(size).expect("room for a drive");
        run(&format!("{make} \"$1\""), &[&image]);
        let served = Served::at(&folder.join(format!("{name}-drive")), Drive::new(file).expect("a drive"));
        let served = served.expect("FUSE works here");
        fs::create_dir_all(&point).expect("a folder");
        run("mount -o loop \"$1\" \"$2\"", &[&served.file(), &point]);
        // A loop device says of itself what the file below it says.
        run("echo 1 > /sys/block/$(findmnt -no SOURCE \"$1\" | cut -d/ -f3)/queue/rotational", &[&point]);
        Self { served, point }
    }

    pub fn path(&self) -> &Path {
        &self.point
    }

    /// Nothing of it is in a cache any more.
    pub fn cool(&self) {
        run("sync -f \"$1\"; echo 3 > /proc/sys/vm/drop_caches", &[&self.point]);
    }
}

impl Drop for Spinning {
    fn drop(&mut self) {
        run("umount \"$1\"; umount -l \"$(dirname \"$2\")\"", &[&self.point, &self.served.file()]);
    }
}

/// Measures something from cold caches to durable results.
pub fn cost(drives: &[&Spinning], act: impl FnOnce()) -> Cost {
    drives.iter().for_each(|drive| drive.cool());
    for drive in drives {
        let _ = drive.served.work();
    }
    let began = Instant::now();
    act();
    let seconds = began.elapsed().as_secs_f64();
    let work = drives.iter().map(|drive| drive.served.work()).fold(Work::default(), |sum, work| Work {
        read: sum.read + work.read,
        written: sum.written + work.written,
        seeks: sum.seeks + work.seeks,
    });
    Cost { seconds, work }
}
