//! Power cuts on a recording, one after the other: each state is mounted and looked at, and from
//! some of them the program goes on.

use super::crash::{Crash, Replay, Survives, sample};
use super::disk_facts::DiskFacts;
use super::drive::Drive;
use super::facts::Facts;
use super::image::Image;
use super::invariants::{Span, violations};
use super::medium::Event;
use super::rerun::{goes_on, restores_alone};
use super::rig::{HOME, Recording};
use crate::kit::Random;
use crate::kit::objects;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many states are looked at, and from how many of them the program goes on.
#[derive(Clone, Copy)]
pub struct Amount {
    pub states: usize,
    pub reruns: usize,
}

/// What was acknowledged when, the state before the recording first.
type Acknowledged = Vec<(usize, Facts)>;

struct Run<'r> {
    recording: &'r Recording,
    acknowledged: Acknowledged,
    elsewhere: BTreeSet<String>,
    /// So many images were mounted.
    mounts: Cell<u64>,
    /// Runs that did not go on, since the file system was broken.
    unmended: Cell<u64>,
}

/// Looks at many states that power cuts leave of a recording. Returns a line for each violation.
pub fn replay(recording: &Recording, amount: Amount, seed: u64) -> Vec<String> {
    let elsewhere = objects(&recording.sandbox.disk("b"));
    let mut run = Run { recording, acknowledged: Vec::new(), elsewhere, mounts: Cell::new(0), unmended: Cell::new(0) };
    run.acknowledged = run.acknowledge();
    let crashes = sample(recording, amount.states, &mut Random::new(seed));
    let every = (crashes.len() / amount.reruns.max(1)).max(1);
    let (mut wrong, mut rerun, begun) = (Vec::new(), Duration::ZERO, Instant::now());
    let mut replay = Replay::new(recording);
    for (position, crash) in crashes.iter().enumerate() {
        let images = replay.after(crash);
        let mut found = run.look(crash, &images);
        if amount.reruns > 0 && position % every == 0 {
            let begun = Instant::now();
            found.extend(run.go_on(crash, &images));
            rerun += begun.elapsed();
        }
        if !found.is_empty() {
            let kept = Run::keep(wrong.len(), &images);
            wrong.push(format!("{crash:?} after {:?}: {}{kept}", run.last_mark(crash), found.join("; ")));
        }
    }
    let looked = begun.elapsed().saturating_sub(rerun).as_millis() / crashes.len() as u128;
    let (states, bad) = (crashes.len(), wrong.len());
    let reruns = if amount.reruns > 0 { states.div_ceil(every) } else { 0 };
    println!(
        "{states} states of {} events, {looked} ms each; {reruns} runs from there, {} ms each, {} on a \
         file system that was to be mended first; {bad} violations",
        recording.log.len(),
        rerun.as_millis() / reruns.max(1) as u128,
        run.unmended.get(),
    );
    wrong
}

impl Run<'_> {
    /// What the catalog said whenever a command had told that it was done.
    fn acknowledge(&self) -> Acknowledged {
        let is_mark = |event: &Event| matches!(event, Event::Mark(_));
        let log = self.recording.log.iter().enumerate();
        let points = log.filter(|(_, event)| is_mark(event)).map(|(position, _)| position + 1);
        let mut replay = Replay::new(self.recording);
        let mut facts = |point| {
            let images = replay.after(&Crash { point, survives: Survives::All, disk_alone: false, seed: 0 });
            let _home = self.mount(&images, 0).expect("home can be mounted");
            (point, Facts::of(&self.recording.sandbox.catalog()).expect("a whole catalog"))
        };
        [0].into_iter().chain(points).map(&mut facts).collect()
    }

    /// How many commands were done.
    fn done(&self, crash: &Crash) -> usize {
        self.acknowledged.iter().filter(|(point, _)| *point <= crash.point).count() - 1
    }

    /// The command that was acknowledged last.
    fn last_mark(&self, crash: &Crash) -> Option<&str> {
        self.recording.log[..crash.point].iter().rev().find_map(|event| match event {
            Event::Mark(text) => Some(text.as_str()),
            _ => None,
        })
    }

    fn span(&self, crash: &Crash) -> Span<'_> {
        let done = self.done(crash);
        let before = &self.acknowledged[done].1;
        let after = self.acknowledged.get(done + 1).map_or(before, |(_, facts)| facts);
        Span { before, after, elsewhere: &self.elsewhere, journaled: self.recording.kinds[1].is_journaled() }
    }

    fn look(&self, crash: &Crash, images: &[Image]) -> Vec<String> {
        let mounted = self.mount(images, 1).and_then(|disk| Ok((disk, self.mount(images, 0)?)));
        let Err(why) = mounted.as_ref().map(|_| ()) else {
            let sandbox = &self.recording.sandbox;
            return violations(&sandbox.catalog(), &sandbox.path("m/dsb"), &self.span(crash));
        };
        vec![why.clone()]
    }

    fn go_on(&self, crash: &Crash, images: &[Image]) -> Vec<String> {
        let sandbox = &self.recording.sandbox;
        let lines = &self.recording.lines;
        let Ok(disk) = self.mount(images, 1) else { return Vec::new() };
        disk.make_read_only();
        let mut wrong = restores_alone(sandbox, &self.span(crash));
        disk.unmount();
        let (Ok(_disk), Ok(_home)) = (self.mount(images, 1), self.mount(images, 0)) else { return wrong };
        if !self.span(crash).journaled && !DiskFacts::of(&sandbox.path("m/dsb")).unreadable.is_empty() {
            // Nothing on Linux mends that; dsb names it and goes on with all else.
            self.unmended.set(self.unmended.get() + 1);
            return wrong;
        }
        let left = &lines[self.done(crash).min(lines.len() - 1)..];
        let last = self.acknowledged.last().expect("the state before is one");
        let found = goes_on(sandbox, left, &last.1);
        let is_broken = found.iter().any(|line| line.contains("Input/output error"));
        if is_broken && !self.span(crash).journaled {
            // The disk itself has no fault: it is the file system that has. The person was told.
            self.unmended.set(self.unmended.get() + 1);
            wrong.extend(violations(&sandbox.catalog(), &sandbox.path("m/dsb"), &self.span(crash)));
        } else {
            wrong.extend(found);
        }
        wrong
    }

    /// Each state has a file of its own: `mount` takes a loop device once more that still has the file
    /// of the state before, and all that is in its cache.
    fn mount(&self, images: &[Image], disk: usize) -> Result<Drive, String> {
        let number = self.mounts.get();
        self.mounts.set(number + 1);
        let file = self.recording.sandbox.path(format!("state.{number}.img"));
        images[disk].store(&file);
        let point = if disk == 0 { HOME } else { "m" };
        let mounted = Drive::mount_after_crash(&self.recording.kinds[disk], &file, &self.recording.sandbox.path(point));
        // The loop device has it open.
        std::fs::remove_file(&file).expect("the image");
        mounted
    }

    /// Keeps the images of the first state that is wrong, to be looked at, and says where.
    fn keep(already: usize, images: &[Image]) -> String {
        if already > 0 {
            return String::new();
        }
        let place =
            |disk| Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("power-{}-{disk}.img", std::process::id()));
        (0..images.len()).for_each(|disk| images[disk].store(&place(disk)));
        format!(" (home and disk are kept as {} and {})", place(0).display(), place(1).display())
    }
}
