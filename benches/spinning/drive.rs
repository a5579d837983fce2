//! A hard disk of which only the bytes are real: it takes the time that a head and a platter take.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

/// Bytes that pass below the head in a second.
const PER_SECOND: u64 = 160_000_000;
/// From one track to the next, and what is added to that from the first to the last.
const SHORTEST: Duration = Duration::from_millis(1);
const FURTHER: Duration = Duration::from_millis(15);
/// Half a turn at 7,200 a minute: what it takes until the sector comes by.
const HALF_TURN: Duration = Duration::from_micros(4170);
/// So far ahead it is sooner there by waiting than by moving.
const PASSES_BY: u64 = 1 << 20;
/// What the drive remembers of writes before it has to bring them to their places.
const CACHE: u64 = 32 << 20;

/// What the drive did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Work {
    pub read: u64,
    pub written: u64,
    /// Times that the head had to go somewhere else.
    pub seeks: u64,
}

/// The drive, one request at a time.
pub struct Drive {
    bytes: File,
    size: u64,
    head: u64,
    /// Until when it is busy with what it was asked for.
    busy: Instant,
    /// Writes that wait in its cache: where, and how many bytes.
    waiting: BTreeMap<u64, u64>,
    pub work: Work,
}

impl Drive {
    /// A drive whose bytes are in a file.
    pub fn new(bytes: File) -> io::Result<Self> {
        let size = bytes.metadata()?.len();
        let (waiting, work) = Default::default();
        Ok(Self { bytes, size, head: 0, busy: Instant::now(), waiting, work })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads, and says when the bytes are there.
    pub fn read(&mut self, offset: u64, length: usize) -> io::Result<(Vec<u8>, Instant)> {
        let length = (length as u64).min(self.size.saturating_sub(offset)) as usize;
        let mut bytes = vec![0; length];
        self.bytes.read_exact_at(&mut bytes, offset)?;
        self.work.read += length as u64;
        let cost = self.go_to(offset) + passing(length as u64);
        self.head = offset + length as u64;
        Ok((bytes, self.busy_for(cost)))
    }

    /// Writes into the cache, and says when that took them.
    pub fn write(&mut self, offset: u64, bytes: &[u8]) -> io::Result<Instant> {
        self.bytes.write_all_at(bytes, offset)?;
        self.work.written += bytes.len() as u64;
        self.waiting.insert(offset, bytes.len() as u64);
        let is_full = self.waiting.values().sum::<u64>() > CACHE;
        Ok(if is_full { self.flush() } else { self.busy_for(Duration::ZERO) })
    }

    /// Brings the cache to the platter, in one sweep, and says when that is done.
    pub fn flush(&mut self) -> Instant {
        let mut cost = Duration::ZERO;
        for (offset, length) in std::mem::take(&mut self.waiting) {
            cost += self.go_to(offset) + passing(length);
            self.head = offset + length;
        }
        self.busy_for(cost)
    }

    fn busy_for(&mut self, cost: Duration) -> Instant {
        self.busy = self.busy.max(Instant::now()) + cost;
        self.busy
    }

    fn go_to(&mut self, offset: u64) -> Duration {
        let far = offset.abs_diff(self.head);
        if offset >= self.head && far <= PASSES_BY {
            return passing(far);
        }
        self.work.seeks += 1;
        // The arm is faster the longer it moves: about the root of the way.
        let part = (far as f64 / self.size.max(1) as f64).sqrt();
        SHORTEST + FURTHER.mul_f64(part) + HALF_TURN
    }
}

fn passing(bytes: u64) -> Duration {
    Duration::from_nanos(bytes * 1_000_000_000 / PER_SECOND)
}
