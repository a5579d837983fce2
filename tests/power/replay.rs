//! Power cuts on a recording, one after the other: each state is mounted and looked at, and from
//! some of them the program goes on.

use super::crash::{Crash, Replay, Survives, sample};
use super::disk_facts::DiskFacts;
use super::drive::Drive;
use super::facts::Facts;
use super::image::Image;
use super::invariants::{Look, Recorded, Span, false_claims, look};
use super::medium::Event;
use super::rerun::{is_as_undisturbed, restores_alone, run_again};
use super::rig::{HOME, Recording};
use crate::kit::Random;
use crate::kit::objects;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How many states are looked at, and from how many of them the program goes on.
#[derive(Clone, Copy)]
pub struct Amount {
    pub states: usize,
    pub reruns: usize,
}

/// What a person is told of a file system that is broken.
const TOLD: [&str; 2] = ["Input/output error", "copies on a cannot be found any more"];

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
    /// States in which the file system hides what is claimed and there.
    hiding: Cell<u64>,
}

/// Looks at many states that power cuts leave of a recording. Returns a line for each violation.
pub fn replay(recording: &Recording, amount: Amount, seed: u64) -> Vec<String> {
    replay_all(recording, &sample(recording, amount.states, &mut Random::new(seed)), amount.reruns).wrong
}

/// What a replay showed.
pub struct Replayed {
    /// A line for each violation.
    pub wrong: Vec<String>,
    /// States in which the file system hides what is claimed and there.
    pub hiding: u64,
}

/// The same with chosen power cuts, and so many runs that go on.
pub fn replay_all(recording: &Recording, crashes: &[Crash], reruns: usize) -> Replayed {
    let elsewhere = objects(&recording.sandbox.disk("b"));
    let [mounts, unmended, hiding] = [(); 3].map(|()| Cell::new(0));
    let mut run = Run { recording, acknowledged: Vec::new(), elsewhere, mounts, unmended, hiding };
    run.acknowledged = run.acknowledge();
    let every = (crashes.len() / reruns.max(1)).max(1);
    let is_to_go_on = |position: usize, hidden: usize| reruns > 0 && (position.is_multiple_of(every) || hidden > 0);
    let (mut wrong, mut runs, mut rerun, begun) = (Vec::new(), 0, Duration::ZERO, Instant::now());
    let mut replay = Replay::new(recording);
    for (position, crash) in crashes.iter().enumerate() {
        let images = replay.after(crash);
        let Look { wrong: mut found, hidden } = run.look(crash, &images);
        run.hiding.set(run.hiding.get() + u64::from(hidden > 0));
        // What the file system hides is found by the next run: that is to be seen each time.
        if is_to_go_on(position, hidden) {
            runs += 1;
            let begun = Instant::now();
            found.extend(run.go_on(crash, &images));
            rerun += begun.elapsed();
        }
        if !found.is_empty() {
            let kept = Run::keep(wrong.len(), &images);
            wrong.push(format!("{crash:?} after {:?}: {}{kept}", run.last_mark(crash), found.join("; ")));
        }
    }
    let looked = begun.elapsed().saturating_sub(rerun).as_millis() / crashes.len().max(1) as u128;
    let (states, bad) = (crashes.len(), wrong.len());
    println!(
        "{states} states of {} events, {looked} ms each, {} of them with claimed objects hidden by the file system; \
         {runs} runs from there, {} ms each, {} on a file system that was to be mended first; {bad} violations",
        recording.log.len(),
        run.hiding.get(),
        rerun.as_millis() / runs.max(1),
        run.unmended.get(),
    );
    Replayed { wrong, hiding: run.hiding.get() }
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

    fn span<'s>(&'s self, crash: &Crash, recorded: &'s Recorded<'s>) -> Span<'s> {
        let done = self.done(crash);
        let before = &self.acknowledged[done].1;
        let after = self.acknowledged.get(done + 1).map_or(before, |(_, facts)| facts);
        let journaled = self.recording.kinds[1].is_journaled();
        Span { before, after, elsewhere: &self.elsewhere, journaled, recorded }
    }

    fn look(&self, crash: &Crash, images: &[Image]) -> Look {
        let mounted = self.mount(images, 1).and_then(|disk| Ok((disk, self.mount(images, 0)?)));
        match mounted {
            Ok(_both) => self.look_at_mounted(crash, images),
            Err(why) => Look { wrong: vec![why], hidden: 0 },
        }
    }

    fn look_at_mounted(&self, crash: &Crash, images: &[Image]) -> Look {
        let sandbox = &self.recording.sandbox;
        let recorded = || self.recording.kinds[1].recorded_objects(&images[1]);
        look(&sandbox.catalog(), &sandbox.path("m/dsb"), &self.span(crash, &recorded))
    }

    fn go_on(&self, crash: &Crash, images: &[Image]) -> Vec<String> {
        let sandbox = &self.recording.sandbox;
        let Ok(disk) = self.mount(images, 1) else { return Vec::new() };
        disk.make_read_only();
        let mut wrong = restores_alone(sandbox, &self.span(crash, &|| None));
        disk.unmount();
        let (Ok(disk), Ok(_home)) = (self.mount(images, 1), self.mount(images, 0)) else { return wrong };
        wrong.extend(self.goes_on(crash, &disk));
        wrong
    }

    /// The commands that are left, on what is mounted. Where the file system itself is broken, and nothing on
    /// Linux mends that, they may end with less than was to be done: the person was told.
    fn goes_on(&self, crash: &Crash, disk: &Drive) -> Vec<String> {
        let (sandbox, lines) = (&self.recording.sandbox, &self.recording.lines);
        let is_journaled = self.recording.kinds[1].is_journaled();
        let was_broken = !is_journaled && !DiskFacts::of(&sandbox.path("m/dsb")).unreadable.is_empty();
        let left = &lines[self.done(crash).min(lines.len() - 1)..];
        let last = self.acknowledged.last().expect("the state before is one");
        let mut found = run_again(sandbox, left);
        let mut wrong = self.false_claims(crash, disk);
        found.extend(is_as_undisturbed(sandbox, &last.1));
        let told = |line: &String| TOLD.iter().any(|text| line.contains(text));
        if !is_journaled && (was_broken || found.iter().any(told)) {
            self.unmended.set(self.unmended.get() + 1);
            wrong.extend(self.false_claims(crash, disk));
        } else {
            wrong.extend(found);
        }
        wrong
    }

    fn false_claims(&self, crash: &Crash, disk: &Drive) -> Vec<String> {
        let (sandbox, kind) = (&self.recording.sandbox, &self.recording.kinds[1]);
        if kind.is_fuse() {
            // For a second the kernel answers what it has asked the driver.
            sleep(Duration::from_millis(1_100));
        }
        let recorded = || kind.recorded_objects(&disk.image());
        false_claims(&sandbox.catalog(), &sandbox.path("m/dsb"), &self.span(crash, &recorded))
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
