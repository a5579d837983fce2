//! The disks that a fault disk serves, and everything that was done to them, in one order.

use super::faults::{Failing, Faults};
use super::image::Image;
use std::sync::Arc;

/// One thing that happened to a disk, which is given by its position; or a mark of the test.
#[derive(Clone, Debug)]
pub enum Event {
    Write {
        disk: usize,
        offset: u64,
        bytes: Arc<[u8]>,
    },
    /// Discarded or zeroed.
    Zero {
        disk: usize,
        offset: u64,
        length: u64,
    },
    Flush {
        disk: usize,
    },
    Mark(String),
}

/// One disk.
pub struct Medium {
    pub name: &'static str,
    pub image: Image,
    pub faults: Faults,
    /// Flushes that came to it, those that failed too.
    pub flushes: u64,
    /// Writes that came to it and were done.
    pub writes: u64,
    /// Calls that were answered with an error.
    pub errors: u64,
    /// What was truly flushed, of a disk that lies.
    durable: Option<Image>,
    /// What it waits for before it lies.
    lies_after: Option<Vec<u8>>,
}

/// A call that failed.
pub struct Failed {
    pub read_only: bool,
}

/// All disks with their log.
pub struct Media {
    pub disks: Vec<Medium>,
    pub log: Vec<Event>,
}

impl Medium {
    pub fn new(name: &'static str, image: Image) -> Self {
        Self {
            name,
            image,
            faults: Faults::default(),
            flushes: 0,
            writes: 0,
            errors: 0,
            durable: None,
            lies_after: None,
        }
    }

    /// Once these bytes were written every flush is a lie: what it should make safe is lost with
    /// the power.
    pub fn lie_after(&mut self, bytes: Vec<u8>) {
        self.lies_after = Some(bytes);
        self.durable = Some(self.image.clone());
    }

    /// Looks whether the time for lies has come.
    fn notice(&mut self, written: &[u8]) {
        let is_there = |awaited: &Vec<u8>| written.windows(awaited.len()).any(|window| window == awaited.as_slice());
        if self.lies_after.as_ref().is_some_and(is_there) {
            self.lies_after = None;
            self.faults.lies = Failing::From(0);
        }
    }

    /// The power goes: of a disk that lies only what was flushed stays.
    pub fn lose_power(&mut self) {
        if let Some(durable) = self.durable.take() {
            self.image = durable;
        }
        self.faults = Faults::default();
    }

    fn fail(&mut self, read_only: bool) -> Failed {
        self.errors += 1;
        Failed { read_only }
    }

    fn may_write(&mut self) -> Result<(), Failed> {
        if self.faults.read_only {
            return Err(self.fail(true));
        }
        self.faults.dead |= self.faults.dies.strikes();
        if self.faults.dead || self.faults.write.strikes() {
            return Err(self.fail(false));
        }
        Ok(())
    }
}

impl Media {
    pub fn read(&mut self, disk: usize, offset: u64, length: usize) -> Result<Vec<u8>, Failed> {
        let medium = &mut self.disks[disk];
        let end = offset + length as u64;
        let bad = medium.faults.unreadable.as_ref().is_some_and(|bad| bad.start < end && offset < bad.end);
        if medium.faults.dead || bad {
            return Err(medium.fail(false));
        }
        Ok(medium.image.read(offset, length))
    }

    pub fn write(&mut self, disk: usize, offset: u64, bytes: &[u8]) -> Result<(), Failed> {
        let medium = &mut self.disks[disk];
        medium.may_write()?;
        medium.writes += 1;
        medium.image.write(offset, bytes);
        medium.notice(bytes);
        self.log.push(Event::Write { disk, offset, bytes: bytes.into() });
        Ok(())
    }

    pub fn zero(&mut self, disk: usize, offset: u64, length: u64) -> Result<(), Failed> {
        let medium = &mut self.disks[disk];
        medium.may_write()?;
        let length = length.min(medium.image.size().saturating_sub(offset));
        medium.image.zero(offset, length);
        self.log.push(Event::Zero { disk, offset, length });
        Ok(())
    }

    pub fn flush(&mut self, disk: usize) -> Result<(), Failed> {
        let medium = &mut self.disks[disk];
        medium.flushes += 1;
        medium.faults.dead |= medium.faults.dies_flushing.strikes();
        if medium.faults.dead || medium.faults.flush.strikes() {
            return Err(medium.fail(false));
        }
        if medium.faults.lies.strikes() {
            return Ok(());
        }
        if medium.durable.is_some() {
            medium.durable = Some(medium.image.clone());
        }
        self.log.push(Event::Flush { disk });
        Ok(())
    }
}
