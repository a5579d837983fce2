//! What may happen to a shelf, one thing at a time.

use super::model::{Disk, Ids, contents};
use super::world::World;
use crate::kit::{bytes, object_file, objects};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Files in the source at most.
const FILES: usize = 90;

impl World {
    /// One step; which, the dice say.
    pub fn step(&mut self) {
        match self.random.below(32) {
            0..=6 => self.change_files(),
            7..=10 => self.update(),
            11..=17 => self.backup(),
            18..=19 => self.change_plug(),
            20..=21 => self.verify(),
            22 => self.rot(),
            23 => self.repair(),
            24 => self.die(),
            25 => self.keep_clone(),
            26 => self.roll_back(),
            27 => self.lose_home(),
            28 => self.set_budget(),
            29 => self.set_policy(),
            30 => self.forget_a_state(),
            _ => drop(self.run("catalog check")),
        }
        self.claims_are_true();
    }

    pub fn new_file(&mut self) {
        let number = self.count;
        self.count += 1;
        let length = 1 + self.random.below(60_000);
        self.sandbox.source().file(format!("d{}/f{number}", number % 5), bytes(number, length));
    }

    fn change_files(&mut self) {
        let paths: Vec<PathBuf> = contents(&self.sandbox).into_keys().collect();
        for _ in 0..=self.random.below(4) {
            let path = paths[self.random.below(paths.len())].clone();
            match self.random.below(4) {
                0 if paths.len() > FILES / 2 => drop(fs::remove_file(path)),
                1 if path.exists() => fs::rename(&path, path.with_extension(self.count.to_string())).expect("renamed"),
                2 if path.exists() => fs::write(&path, bytes(self.random.next(), 500)).expect("written"),
                _ if paths.len() < FILES => self.new_file(),
                _ => {}
            }
            self.count += 1;
        }
    }

    pub fn update(&mut self) {
        let before = contents(&self.sandbox);
        match self.run("update").map(|ran| ran.code) {
            Some(0) => self.known = before,
            // What both states have is known whatever part of the update was done.
            _ => self.known.retain(|path, id| before.get(path) == Some(id)),
        }
    }

    pub fn new_disk(&mut self) {
        self.count += 1;
        let budget = 21_500_000 + 500_000 * self.random.below(4) as u64;
        let name = format!("disk{}", self.count);
        self.sandbox.add_disk(&name, &budget.to_string());
        self.disks.push(Disk { name, budget, unplugged: false, harmed: Ids::new(), clone: None });
    }

    fn some_disk(&mut self) -> usize {
        self.random.below(self.disks.len())
    }

    /// A disk that is plugged in, if the dice find one.
    fn plugged(&mut self) -> Option<usize> {
        let at = self.some_disk();
        (!self.disks[at].unplugged).then_some(at)
    }

    fn backup(&mut self) {
        let Some(at) = self.plugged() else { return };
        let name = self.disks[at].name.clone();
        let limit = if self.random.below(4) == 0 { " --limit 200k" } else { "" };
        if self.run(&format!("backup {name}{limit}")).is_some_and(|ran| ran.code == 5) {
            self.refresh_and_verify(at);
        }
    }

    /// After this everything that was wrong with a disk is known.
    pub fn refresh_and_verify(&mut self, at: usize) {
        let name = self.disks[at].name.clone();
        self.sandbox.run(&format!("disk refresh {name}")).expect(0, "refresh");
        let ran = self.sandbox.run(&format!("verify {name}"));
        self.story.push(format!("disk refresh and verify {name} -> {}", ran.code));
        assert!([0, 4].contains(&ran.code), "{}: {}", self.told(), ran.err);
        self.disks[at].harmed.clear();
    }

    fn verify(&mut self) {
        let Some(at) = self.plugged() else { return };
        let name = self.disks[at].name.clone();
        let part = ["", " --oldest 30%", " --new", " --for 1h"][self.random.below(4)];
        let ran = self.run(&format!("verify {name}{part}"));
        let whole = part.is_empty() || part == " --for 1h";
        if whole && ran.is_some_and(|ran| [0, 4].contains(&ran.code)) {
            self.disks[at].harmed.clear();
        }
    }

    fn repair(&mut self) {
        let Some(at) = self.plugged() else { return };
        let line = format!("repair {}", self.disks[at].name);
        self.run(&line);
    }

    /// A disk goes into its drawer, or comes out.
    fn change_plug(&mut self) {
        let at = self.some_disk();
        let plugged = self.disks[at].unplugged;
        self.plug(at, plugged);
    }

    pub fn plug(&mut self, at: usize, plugged: bool) {
        let from = self.disks[at].path(&self.sandbox);
        self.disks[at].unplugged = !plugged;
        let to = self.disks[at].path(&self.sandbox);
        if from != to {
            fs::rename(from, to).expect("moved");
        }
    }

    /// A bit flips in an object, or it is gone.
    fn rot(&mut self) {
        let at = self.some_disk();
        let path = self.disks[at].path(&self.sandbox);
        let ids: Vec<_> = objects(&path).into_iter().collect();
        if ids.is_empty() {
            return;
        }
        let id = ids[self.random.below(ids.len())].clone();
        let file = object_file(&path, &id);
        if self.random.below(3) == 0 {
            fs::remove_file(file).expect("removed");
        } else {
            let mut bytes = fs::read(&file).expect("read");
            let at = self.random.below(bytes.len());
            bytes[at] ^= 1;
            fs::write(file, bytes).expect("written");
        }
        self.story.push(format!("{id} rots on {}", self.disks[at].name));
        self.disks[at].harmed.insert(id);
    }

    /// A disk is dead, the person says so, and buys another.
    fn die(&mut self) {
        if self.random.below(2) == 0 {
            return;
        }
        let at = self.some_disk();
        let dead = self.disks.remove(at);
        fs::remove_dir_all(dead.path(&self.sandbox)).expect("removed");
        self.story.push(format!("{} dies", dead.name));
        self.sandbox.run(&format!("disk drop {} --lost", dead.name)).expect(0, "drop");
        self.sandbox.run(&format!("disk del {}", dead.name)).expect(0, "del");
        self.new_disk();
    }

    fn keep_clone(&mut self) {
        let at = self.some_disk();
        let clone = self.sandbox.path(format!("clone-{}", self.disks[at].name));
        let _ = fs::remove_dir_all(&clone);
        copy(&self.disks[at].path(&self.sandbox), &clone);
        self.disks[at].clone = Some(clone);
    }

    /// An old clone of a disk takes its place.
    fn roll_back(&mut self) {
        let at = self.some_disk();
        let Some(clone) = self.disks[at].clone.take() else { return };
        let before = self.disks[at].good(&self.sandbox);
        let path = self.disks[at].path(&self.sandbox);
        fs::remove_dir_all(&path).expect("removed");
        fs::rename(clone, &path).expect("moved");
        self.story.push(format!("{} is rolled back", self.disks[at].name));
        let after = self.disks[at].good(&self.sandbox);
        self.disks[at].harmed.extend(before.difference(&after).cloned());
        self.disks[at].harmed.extend(objects(&path).difference(&after).cloned());
    }

    /// The home catalog is gone; the disks at hand bring back what they know.
    fn lose_home(&mut self) {
        let from: Vec<_> =
            self.disks.iter().filter(|disk| !disk.unplugged).map(|disk| disk.path(&self.sandbox)).collect();
        let has_copy = |path: &PathBuf| path.join("distbackup.sqlite").exists();
        if from.len() < 2 || !from.iter().any(has_copy) {
            return;
        }
        fs::remove_dir_all(self.sandbox.path("home/.config")).expect("removed");
        let from: Vec<_> = from.iter().map(|path| path.display().to_string()).collect();
        let ran = self.sandbox.run(&format!("catalog recover --from {}", from.join(" ")));
        self.story.push(format!("the home is lost; recover -> {}", ran.code));
        assert!([0, 3].contains(&ran.code), "{}: {}", self.told(), ran.err);
        self.known.clear();
        self.adopt_shelf();
        self.update();
    }

    /// The recovered catalog may be older than the newest disks: those are taken off, as new ones.
    fn adopt_shelf(&mut self) {
        let names: Vec<String> = self.sandbox.run("disk list --json").json()["disks"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|disk| disk["name"].as_str().expect("a name").to_owned())
            .collect();
        self.disks.retain(|disk| names.contains(&disk.name));
        for gone in names.iter().filter(|name| !self.disks.iter().any(|disk| disk.name == **name)) {
            self.sandbox.run(&format!("disk drop {gone} --lost")).expect(0, "drop");
            self.sandbox.run(&format!("disk del {gone}")).expect(0, "del");
        }
        while self.disks.len() < 3 {
            self.new_disk();
        }
    }

    /// Older states in free room only: what is guaranteed may leave no room for what is new.
    fn set_policy(&mut self) {
        const POLICIES: [&str; 4] = ["--keep-last 1", "--keep-last 4", "--keep-hourly 3 --keep-daily 2", "--fill"];
        let policy = POLICIES[self.random.below(POLICIES.len())];
        drop(self.run(&format!("retention set {policy} --history best-effort")));
    }

    fn forget_a_state(&mut self) {
        let number = 1 + self.random.below(12);
        drop(self.run(&format!("snapshot forget {number}")));
    }

    fn set_budget(&mut self) {
        let at = self.some_disk();
        let budget = 21_500_000 + 500_000 * self.random.below(5) as u64;
        // Only ever more: what is above a smaller budget stays while it is the last copy.
        if budget > self.disks[at].budget {
            let name = self.disks[at].name.clone();
            self.sandbox.run(&format!("disk set {name} --size {budget}")).expect(0, "set");
            self.disks[at].budget = budget;
        }
    }
}

fn copy(from: &PathBuf, to: &PathBuf) {
    assert!(Command::new("cp").arg("-a").args([from, to]).status().expect("no cp").success());
}
