//! A shelf with its source, and what must hold after each step.

use super::model::{Disk, Ids, claims, contents};
use crate::kit::{Ran, Random, Sandbox, assert_same, temporary_files};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

pub struct World {
    pub sandbox: Sandbox,
    pub random: Random,
    pub disks: Vec<Disk>,
    /// Disks and files get a number each.
    pub count: u64,
    /// The tree as the catalog surely knows it.
    pub known: BTreeMap<PathBuf, String>,
    /// What was done so far, for whoever reads of a failure.
    pub story: Vec<String>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let (disks, known, story) = Default::default();
        let sandbox = Sandbox::with_disks("");
        let mut world = Self { sandbox, random: Random::new(seed), disks, count: 0, known, story };
        (0..3).for_each(|_| world.new_disk());
        (0..40).for_each(|_| world.new_file());
        world.update();
        world
    }

    /// All objects that any disk holds whole.
    fn held(&self) -> Ids {
        self.disks.iter().flat_map(|disk| disk.good(&self.sandbox)).collect()
    }

    /// Runs a command, perhaps kills it, and looks that nothing was lost and nothing is claimed that
    /// is not there. None: it was killed.
    pub fn run(&mut self, line: &str) -> Option<Ran> {
        let before = self.held();
        let kill = self.random.below(4) == 0;
        let ran = if kill { self.run_and_kill(line) } else { Some(self.sandbox.run(line)) };
        let code = ran.as_ref().map(|ran| ran.code);
        self.story.push(format!("{line} -> {code:?}"));
        assert!(code != Some(1) && code != Some(101), "{}: {}", self.told(), ran.map_or(String::new(), |ran| ran.err));
        self.lost_nothing(&before);
        ran
    }

    fn run_and_kill(&mut self, line: &str) -> Option<Ran> {
        let mut child = self.sandbox.spawn(line);
        sleep(Duration::from_micros(self.random.below(60_000) as u64));
        let ended = child.try_wait().expect("it was started").is_some();
        child.kill().expect("it was started");
        child.wait().expect("it was started");
        // What came to its end in time is asked once more, so that its answer is known.
        if ended { Some(self.sandbox.run(line)) } else { None }
    }

    /// Live content that a disk had is on a disk still, but for what a fault took that nobody noticed.
    fn lost_nothing(&self, before: &Ids) {
        let after = self.held();
        let harmed: Ids = self.disks.iter().flat_map(|disk| disk.harmed.iter().cloned()).collect();
        let now = contents(&self.sandbox);
        for (path, id) in &self.known {
            let is_live = now.get(path) == Some(id) && before.contains(id) && !harmed.contains(id);
            assert!(!is_live || after.contains(id), "{}: the last copy of {id} went ({})", self.told(), path.display());
        }
    }

    /// Every claim is true, and no disk is above its budget.
    pub fn claims_are_true(&self) {
        let claims = claims(&self.sandbox);
        for disk in &self.disks {
            let good = disk.good(&self.sandbox);
            for id in claims.get(&disk.name).into_iter().flatten() {
                let is_true = good.contains(id) || disk.harmed.contains(id);
                assert!(is_true, "{}: {id} is claimed on {} and not there", self.told(), disk.name);
            }
            disk.is_within_budget(&self.sandbox);
        }
    }

    /// What was done, and with which numbers it can be done again.
    pub fn told(&self) -> String {
        self.story.join("\n")
    }

    /// Every disk comes, all is made good, and the whole tree comes back.
    pub fn all_ends_well(&mut self) {
        (0..self.disks.len()).for_each(|at| self.plug(at, true));
        (0..self.disks.len()).for_each(|at| self.refresh_and_verify(at));
        self.sandbox.run("update").expect(0, "the last update");
        for _ in 0..3 {
            for disk in &self.disks {
                let ran = self.sandbox.run(&format!("backup {}", disk.name));
                assert!([0, 3].contains(&ran.code), "{}: {}{}", self.told(), ran.out, ran.err);
            }
        }
        self.claims_are_true();
        for disk in &self.disks {
            self.sandbox.run(&format!("verify {}", disk.name)).expect(0, &self.told());
            assert_eq!(temporary_files(&disk.path(&self.sandbox)), Vec::<PathBuf>::new());
        }
        self.sandbox.run("catalog check").expect(0, &self.told());
        self.sandbox.run("restore out").expect(0, &self.told());
        assert_same(&self.sandbox.path("src"), &self.sandbox.path("out/s"));
    }
}
