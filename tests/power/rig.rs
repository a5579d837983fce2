//! A home and a backup disk on one fault disk, and the real program between them.

use super::drive::Drive;
use super::fault_disk::FaultDisk;
use super::faults::Faults;
use super::image::Image;
use super::kind::Kind;
use super::medium::{Event, Medium};
use crate::kit::Sandbox;

/// The names of the two disks, in the order in which the fault disk has them.
pub const HOME: &str = "home";
pub const DISK: &str = "disk";

/// Fields go in this order: what is mounted before what it lies on.
pub struct Rig {
    disk: Drive,
    home: Drive,
    pub fault: FaultDisk,
    pub sandbox: Sandbox,
    kinds: [Kind; 2],
}

/// What a run of commands did to both disks.
pub struct Recording {
    pub sandbox: Sandbox,
    /// Of home and disk.
    pub kinds: [Kind; 2],
    /// Both as they were before, with nothing left to flush.
    pub bases: Vec<Image>,
    pub log: Vec<Event>,
    /// The commands, each acknowledged by a mark with its position.
    pub lines: Vec<String>,
}

impl Rig {
    /// Home and disk of these kinds, empty and mounted at `home` and `m`, and a source mapped at `/s`.
    pub fn new(home: Kind, disk: Kind) -> Option<Self> {
        if !home.is_possible() || !disk.is_possible() {
            return None;
        }
        let sandbox = Sandbox::in_memory();
        let images = [(HOME, home), (DISK, disk)].map(|(name, kind)| {
            let file = sandbox.path(format!("{name}.img"));
            let made = std::fs::File::create(&file).and_then(|file| file.set_len(kind.megabytes << 20));
            made.expect("no room for an image");
            kind.make(&file);
            (name, Image::load(&file))
        });
        let fault = FaultDisk::serve(&sandbox.path("faults"), images.into());
        let home_drive = Drive::mount(&home, &fault.file(HOME), &sandbox.path(HOME));
        let disk_drive = Drive::mount(&disk, &fault.file(DISK), &sandbox.path("m"));
        sandbox.source();
        sandbox.ok("source map /s src");
        Some(Self { disk: disk_drive, home: home_drive, fault, sandbox, kinds: [home, disk] })
    }

    /// The one with an ordinary home.
    pub fn with_disk(kind: Kind) -> Option<Self> {
        Self::new(super::kind::EXT4, kind)
    }

    /// Everything written so far is on both media, and nothing is known of how it got there.
    pub fn settle(&self) {
        self.home.flush();
        self.disk.flush();
        self.fault.media().log.clear();
    }

    /// How many writes for the backup disk are still in a cache.
    pub fn in_flight(&self) -> u64 {
        let before = self.fault.on(DISK, |disk| disk.writes);
        self.disk.flush();
        self.fault.on(DISK, |disk| disk.writes) - before
    }

    /// Runs commands that all end well, and takes both disks away with what was done to them.
    pub fn record(self, lines: &[&str]) -> Recording {
        self.settle();
        let bases = self.fault.media().disks.iter().map(|disk| disk.image.clone()).collect();
        for line in lines {
            self.sandbox.ok(line);
            self.fault.mark(line);
        }
        let log = std::mem::take(&mut self.fault.media().log);
        let Self { disk, home, fault, sandbox, kinds } = self;
        disk.unmount();
        home.unmount();
        drop(fault);
        Recording { sandbox, kinds, bases, log, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }

    /// Mounts the backup disk again, as after it was plugged in: nothing of it is in a cache.
    pub fn replug(self, power_goes: bool) -> Self {
        self.replug_after(|disk| if power_goes { disk.lose_power() } else { disk.faults = Faults::default() })
    }

    /// The same with the faults that it has.
    pub fn replug_with_faults(self) -> Self {
        self.replug_after(|_| ())
    }

    fn replug_after(self, happens: impl FnOnce(&mut Medium)) -> Self {
        let Self { disk, home, fault, sandbox, kinds } = self;
        drop(disk);
        fault.on(DISK, happens);
        let disk = Drive::mount_after_crash(&kinds[1], &fault.file(DISK), &sandbox.path("m"));
        Self { disk: disk.unwrap_or_else(|why| panic!("{why}")), home, fault, sandbox, kinds }
    }
}
