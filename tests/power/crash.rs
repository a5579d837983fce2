//! What a power cut may leave of a recording: every state that a disk with a volatile cache can be in.
//!
//! What was written before a flush is there once that was answered. Of what was written after it
//! anything may be there or not, in any combination, and one write may be there in part. Home and
//! disk lose power together, or the disk alone: then home has everything.

use super::image::Image;
use super::medium::Event;
use super::ntfs;
use super::rig::Recording;
use crate::kit::Random;
use std::collections::BTreeSet;

/// A write is there in whole sectors of this size.
const SECTOR: usize = 4096;
/// Where the backup disk stands among the disks.
const DISK: usize = 1;

/// What survives of the writes that were not flushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survives {
    Nothing,
    All,
    Some,
    AllButOne,
    /// All but this one of them.
    AllBut(usize),
    /// All, the last one in part.
    Torn,
}

/// One power cut.
#[derive(Clone, Copy, Debug)]
pub struct Crash {
    /// So many events happened before.
    pub point: usize,
    pub survives: Survives,
    /// The backup disk was pulled out; the machine went on.
    pub disk_alone: bool,
    pub seed: u64,
}

const UNSURE: [Survives; 4] = [Survives::Nothing, Survives::Some, Survives::AllButOne, Survives::Torn];

/// So many power cuts of all that differ, most of them around flushes and marks, in the order of time.
pub fn sample(recording: &Recording, count: usize, random: &mut Random) -> Vec<Crash> {
    let (mut near, mut far): (Vec<_>, Vec<_>) = all(recording).into_iter().partition(|crash| {
        let around = recording.log.get(crash.point.saturating_sub(1)..=crash.point).unwrap_or_default();
        crash.point == recording.log.len()
            || around.iter().any(|event| matches!(event, Event::Flush { .. } | Event::Mark(_)))
    });
    random.shuffle(&mut near);
    random.shuffle(&mut far);
    let few = near.len().min(count * 3 / 4);
    let rest = near.split_off(few);
    let mut chosen: Vec<_> = near.into_iter().chain(far).chain(rest).take(count).collect();
    // Where there are fewer that differ, other subsets of the same writes fill up.
    let again: Vec<_> = chosen.iter().filter(|crash| crash.survives == Survives::Some).copied().collect();
    chosen.extend(again.iter().cycle().take(if again.is_empty() { 0 } else { count - chosen.len() }));
    chosen.sort_by_key(|crash| crash.point);
    chosen.iter_mut().for_each(|crash| crash.seed = random.next());
    chosen
}

/// Power cuts that take one of the writes between two flushes of the disk, where one of these is the first
/// of a block of a folder: so many of them, in the order of time.
pub fn in_growing_folders(recording: &Recording, count: usize, random: &mut Random) -> Vec<Crash> {
    let (mut crashes, mut unflushed, mut grows, mut blocks) = (Vec::new(), 0, false, BTreeSet::new());
    for (point, event) in recording.log.iter().enumerate() {
        match event {
            Event::Write { disk: DISK, offset, bytes } => {
                unflushed += 1;
                let is_new = |at: &u64| !ntfs::is_folder_block(&recording.bases[DISK], *at) && blocks.insert(*at);
                grows |= ntfs::folder_blocks(*offset, bytes).filter(is_new).count() > 0;
            }
            Event::Zero { disk: DISK, .. } => unflushed += 1,
            Event::Flush { disk: DISK } => {
                let lost = if grows { 0..unflushed } else { 0..0 };
                let crash = |lost| Crash { point, survives: Survives::AllBut(lost), disk_alone: true, seed: 0 };
                crashes.extend(lost.map(crash));
                (unflushed, grows) = (0, false);
            }
            _ => {}
        }
    }
    random.shuffle(&mut crashes);
    crashes.truncate(count);
    crashes.sort_by_key(|crash| crash.point);
    crashes
}

/// Every kind of power cut at every point.
fn all(recording: &Recording) -> Vec<Crash> {
    let mut crashes = Vec::new();
    let mut unflushed = [0_usize; 2];
    for point in 1..=recording.log.len() {
        match &recording.log[point - 1] {
            Event::Write { disk, .. } | Event::Zero { disk, .. } => unflushed[*disk] += 1,
            Event::Flush { disk } => unflushed[*disk] = 0,
            Event::Mark(_) => {}
        }
        let crash = |survives, disk_alone| Crash { point, survives, disk_alone, seed: 0 };
        crashes.push(crash(Survives::All, false));
        if unflushed.iter().any(|count| *count > 0) {
            crashes.extend(UNSURE.map(|survives| crash(survives, false)));
        }
        if unflushed[DISK] > 0 {
            crashes.extend(UNSURE.map(|survives| crash(survives, true)));
        }
    }
    crashes
}

/// Both disks on their way through a recording.
pub struct Replay<'r> {
    log: &'r [Event],
    at: usize,
    durable: Vec<Image>,
    unflushed: Vec<Vec<&'r Event>>,
}

impl<'r> Replay<'r> {
    pub fn new(recording: &'r Recording) -> Self {
        let unflushed = recording.bases.iter().map(|_| Vec::new()).collect();
        Self { log: &recording.log, at: 0, durable: recording.bases.clone(), unflushed }
    }

    /// Both disks after a power cut, which must not lie before the one asked for last.
    pub fn after(&mut self, crash: &Crash) -> Vec<Image> {
        assert!(self.at <= crash.point, "power cuts are to be asked for in the order of time");
        while self.at < crash.point {
            self.step();
        }
        let mut random = Random::new(crash.seed);
        let disks = self.durable.iter().zip(&self.unflushed).enumerate();
        let left = disks.map(|(disk, (durable, unflushed))| {
            let is_safe = crash.disk_alone && disk != DISK;
            let survives = if is_safe { Survives::All } else { crash.survives };
            surviving(durable, unflushed, survives, &mut random)
        });
        left.collect()
    }

    fn step(&mut self) {
        let event = &self.log[self.at];
        self.at += 1;
        match event {
            Event::Write { disk, .. } | Event::Zero { disk, .. } => self.unflushed[*disk].push(event),
            Event::Flush { disk } => {
                let done = std::mem::take(&mut self.unflushed[*disk]);
                done.into_iter().for_each(|event| apply(&mut self.durable[*disk], event, usize::MAX));
            }
            Event::Mark(_) => {}
        }
    }
}

fn surviving(durable: &Image, unflushed: &[&Event], survives: Survives, random: &mut Random) -> Image {
    let mut image = durable.clone();
    let lost = if unflushed.is_empty() { 0 } else { random.below(unflushed.len()) };
    for (position, event) in unflushed.iter().enumerate() {
        let is_last = position + 1 == unflushed.len();
        let is_there = match survives {
            Survives::Nothing => false,
            Survives::All | Survives::Torn => true,
            Survives::Some => random.below(2) == 0,
            Survives::AllButOne => position != lost,
            Survives::AllBut(lost) => position != lost,
        };
        if is_there {
            let whole = survives != Survives::Torn || !is_last;
            apply(&mut image, event, if whole { usize::MAX } else { torn(event, random) });
        }
    }
    image
}

/// How many bytes of a write reached the medium: some sectors, not all.
fn torn(event: &Event, random: &mut Random) -> usize {
    match event {
        Event::Write { bytes, .. } if bytes.len() >= 2 * SECTOR => {
            (1 + random.below(bytes.len() / SECTOR - 1)) * SECTOR
        }
        _ => usize::MAX,
    }
}

fn apply(image: &mut Image, event: &Event, most: usize) {
    match event {
        Event::Write { offset, bytes, .. } => image.write(*offset, &bytes[..bytes.len().min(most)]),
        Event::Zero { offset, length, .. } => image.zero(*offset, *length),
        Event::Flush { .. } | Event::Mark(_) => {}
    }
}
