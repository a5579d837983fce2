//! The fewest disks that together have something of every set: what a restore needs.
//!
//! Exact, by branch and bound. A disk is taken or left out; what is left out makes sets smaller, and
//! a set with one disk left decides itself. A branch ends where a lower bound for what is open
//! exceeds the disks that are left: sets without a disk in common need a disk each, and no disk is in
//! more sets than the one that is in most. The sets of a shelf are few, however many files there
//! are: at most one for each combination of disks that occurs. Should they be made to be hard all
//! the same, the work ends somewhere, and the answer says that it may not be the best.

use crate::model::{DiskIndex, DiskSet};

/// Disks that are enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The disks.
    pub disks: DiskSet,
    /// Whether it is proven that fewer are not enough.
    pub proven: bool,
}

/// Sets looked at before the search is given up: some seconds.
const WORK: u64 = 500_000_000;

/// The fewest disks of which each set has one; among those that are as few the first in the order of
/// `preferred`, compared disk by disk. Disks that are not in it come last, by index. An empty set
/// asks for what no disk has, and is passed over.
pub fn fewest_disks(sets: &[DiskSet], preferred: &[DiskIndex]) -> Cover {
    let sets = smallest(sets.iter().map(|set| set.0).filter(|set| *set != 0).collect());
    let mut work = WORK;
    let mut best = greedy(&sets);
    let proven = loop {
        let Some(fewer) = best.count_ones().checked_sub(1) else { break true };
        match search(&sets, fewer, &mut work) {
            Answer::Enough(disks) => best = disks,
            Answer::TooFew => break true,
            Answer::Unknown => break false,
        }
    };
    if proven {
        best = first_of_the_best(sets, best, preferred, &mut work);
    }
    Cover { disks: DiskSet(best), proven }
}

/// Disk by disk: it is taken if the rest can be had with what is left.
fn first_of_the_best(sets: Vec<u64>, best: u64, preferred: &[DiskIndex], work: &mut u64) -> u64 {
    let all = DiskSet(sets.iter().fold(0, |all, set| all | set));
    let rest = all.iter().filter(|disk| !preferred.contains(disk));
    let (mut best, mut chosen, mut open) = (best, 0_u64, sets);
    for disk in preferred.iter().copied().chain(rest) {
        let bit = DiskSet::EMPTY.with(disk).0;
        let with: Vec<u64> = open.iter().copied().filter(|set| set & bit == 0).collect();
        let left = best.count_ones() - chosen.count_ones();
        if with.len() == open.len() || left == 0 {
            continue;
        }
        match search(&with, left - 1, work) {
            Answer::Enough(others) => {
                best = chosen | bit | others;
                chosen |= bit;
                open = with;
            }
            Answer::TooFew => open.iter_mut().for_each(|set| *set &= !bit),
            Answer::Unknown => break,
        }
    }
    best
}

/// Only sets that no other one decides: who has a disk of the smaller has one of the larger.
fn smallest(mut sets: Vec<u64>) -> Vec<u64> {
    sets.sort_unstable_by_key(|set| (set.count_ones(), *set));
    sets.dedup();
    let mut kept: Vec<u64> = Vec::new();
    for set in sets {
        if !kept.iter().any(|smaller| smaller & set == *smaller) {
            kept.push(set);
        }
    }
    kept
}

/// Disks that are enough, the one that is in most of the sets first.
fn greedy(sets: &[u64]) -> u64 {
    let (mut open, mut chosen) = (sets.to_vec(), 0);
    while !open.is_empty() {
        let count = |bit: &u64| open.iter().filter(|set| *set & bit != 0).count();
        let bit = (0..u64::BITS).map(|shift| 1_u64 << shift).max_by_key(count).unwrap_or(0);
        chosen |= bit;
        open.retain(|set| set & bit == 0);
    }
    chosen
}

/// What a search found.
enum Answer {
    /// These disks are enough.
    Enough(u64),
    /// So few are not.
    TooFew,
    /// The work was given up.
    Unknown,
}

/// A branch: the sets that are open, less the disks that are left out; the disks taken; how many
/// more may be.
struct Branch {
    open: Vec<u64>,
    taken: u64,
    left: u32,
}

/// Whether so many disks can be enough, and which.
fn search(sets: &[u64], disks: u32, work: &mut u64) -> Answer {
    let mut branches = vec![Branch { open: smallest(sets.to_vec()), taken: 0, left: disks }];
    while let Some(mut branch) = branches.pop() {
        *work = work.saturating_sub(branch.open.len() as u64);
        if *work == 0 {
            return Answer::Unknown;
        }
        if !branch.decide() {
            continue;
        }
        if branch.open.is_empty() {
            return Answer::Enough(branch.taken);
        }
        let Some(bit) = branch.disk_to_try() else { continue };
        let without = branch.open.iter().map(|set| set & !bit).collect();
        branches.push(Branch { open: without, ..branch });
        branch.open.retain(|set| set & bit == 0);
        branches.push(Branch { taken: branch.taken | bit, left: branch.left - 1, ..branch });
    }
    Answer::TooFew
}

impl Branch {
    /// Takes the disks that sets with one left decide, as long as there are such; says whether the
    /// branch goes on.
    fn decide(&mut self) -> bool {
        loop {
            let mut ones = 0;
            for set in &self.open {
                match set.count_ones() {
                    0 => return false,
                    1 => ones |= set,
                    _ => {}
                }
            }
            let Some(left) = self.left.checked_sub(ones.count_ones()) else { return false };
            if ones == 0 {
                return left > 0 || self.open.is_empty();
            }
            self.taken |= ones;
            self.left = left;
            self.open.retain(|set| set & ones == 0);
        }
    }

    /// The disk of a smallest set that is in most of the open ones; none if the disks that are left
    /// cannot be enough.
    fn disk_to_try(&self) -> Option<u64> {
        let mut counts = [0_u32; u64::BITS as usize];
        let (mut apart, mut packed, mut small) = (0_u64, 0, u64::MAX);
        for set in &self.open {
            if set & apart == 0 {
                apart |= set;
                packed += 1;
            }
            if set.count_ones() < small.count_ones() {
                small = *set;
            }
            let mut rest = *set;
            while rest != 0 {
                if let Some(count) = counts.get_mut(rest.trailing_zeros() as usize) {
                    *count += 1;
                }
                rest &= rest - 1;
            }
        }
        let count = |disk: &DiskIndex| counts.get(usize::from(disk.get())).copied().unwrap_or(0);
        let best = DiskSet(small).iter().max_by_key(count)?;
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let reached: u32 = counts.iter().take(self.left as usize).sum();
        (packed <= self.left && reached as usize >= self.open.len()).then(|| DiskSet::EMPTY.with(best).0)
    }
}
