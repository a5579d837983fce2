//! Decides what goes onto the attached disk and what makes room for it: values in, values out.
//!
//! Objects stand in tiers: first those that have fewer copies than are wanted, then by how many
//! trusted copies other disks hold, then by priority; disks of one group, which may fail together,
//! count once, and a second copy within a group comes behind all others. The tiers are filled lowest
//! first, each with what is free and what stands strictly above it, whole directories
//! together; then the highest tiers give up as much as that needs. Three repairs deal with what
//! indivisible objects, maxcopies and pinned last copies spoil: a big object against few of its own
//! tier (`exchange`), one copy beyond maxcopies on its way to another disk (`relocate`), and room
//! made elsewhere for an object that has no copy at all (`stage`). docs/placement.md has the
//! reasons and the figures.
//!
//! A pass is repeated on its own outcome until nothing changes, so that planning again after
//! carrying a plan out finds nothing to do. `audit` holds a plan against what is promised here, by
//! other means. No clock, no random: the index of an item, which follows its path, is the only
//! tie-breaker.

mod advise;
mod audit;
mod bound;
mod choose;
mod cover;
mod estimate;
mod exchange;
mod future;
mod levels;
mod pack;
mod relocate;
mod stage;
mod steps;
mod survey;
mod tier;
mod trees;
mod victims;
mod view;

pub use advise::{Gain, SCALE, rank, tour};
pub use audit::{Violation, audit, audit_again};
pub use bound::{bound, most};
pub use cover::{Cover, fewest_disks};
pub use estimate::at_most;
pub use future::Future;
pub use trees::{TreeWork, trees};

use crate::model::{Class, DiskIndex, DiskSet};
use levels::Levels;
use view::View;

/// One object as the planner sees it. Items come ordered by (canonical path, hash).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Bytes it takes on the attached disk.
    pub footprint: u64,
    /// Trusted copies on other disks, and the attached disk's own copy, if any.
    pub disks: DiskSet,
    /// Further copies on other disks that license no eviction.
    pub untrusted: DiskSet,
    /// Rank of its canonical directory in path order: below the number of directories.
    pub directory: u32,
    /// Higher is more important.
    pub priority: u8,
    /// Copies it should have at least: those beyond come last.
    pub wanted: u8,
    /// Copies it should have at most; `u8::MAX`: no bound.
    pub maxcopies: u8,
    /// Who needs it.
    pub class: Class,
    /// Whether a source file can give its bytes now.
    pub obtainable: bool,
}

/// The disks that the catalog knows, one of them attached.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    /// The disk that the plan is for.
    pub attached: DiskIndex,
    /// Every known disk with its room for objects in bytes.
    pub rooms: &'a [(DiskIndex, u64)],
    /// Disks that may fail together, two or more in a set, no disk in two of them. A set of all disks
    /// says nothing about where a copy should go.
    pub groups: &'a [DiskSet],
}

/// What the person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Copy no object beyond so many copies; makes none excess.
    pub maxcopies: Option<u8>,
    /// Bytes of footprint to copy at most.
    pub limit: Option<u64>,
    /// Whether copies of live or kept objects may be taken away.
    pub evict: bool,
    /// Whether orphans may be taken away; if not they stay and take room.
    pub remove_orphans: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self { maxcopies: None, limit: None, evict: true, remove_orphans: true }
    }
}

/// What is to be done, in order. Any prefix is valid and the best there is of that length.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Plan {
    /// Removals, then copies with what makes room for them.
    pub steps: Vec<Step>,
    /// From this index into `steps` on, a copy evicts only what its own step lists: where earlier
    /// copies failed, it must not take the victims that they left, and is passed over if it does not
    /// fit. For these copies may stand in the very tier of those victims.
    pub fill: usize,
    /// Bytes by which the disk stays above its room after all steps: last copies, mostly.
    pub over_budget: u64,
    /// Live items with no trusted copy whose footprint is above the room of every known disk.
    pub too_large: Vec<u32>,
    /// Other live items with no trusted copy that this plan does not copy either.
    pub waiting: Vec<u32>,
}

/// One thing to do; items are named by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Takes a copy away.
    Remove {
        /// Whose copy.
        item: u32,
        /// Why.
        reason: Reason,
    },
    /// Copies one object, evicting before it, in this order, as far as the free room requires.
    Copy {
        /// What is copied.
        item: u32,
        /// Why.
        reason: Reason,
        /// Of the same tier: evicted for this very copy only.
        exchange: Vec<u32>,
        /// Of higher tiers: what is not needed here stays available to the copies behind it.
        evict: Vec<u32>,
    },
}

/// Why a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Nobody needs the object.
    Orphan,
    /// A copy beyond maxcopies.
    Excess,
    /// The disk holds more than its room.
    OverBudget,
    /// The first copy.
    New,
    /// It becomes the copy of this number.
    Copies(u32),
    /// One copy beyond maxcopies, so that a disk that others need, or of another group, can let go of
    /// its own.
    Relocation,
}

/// Passes at most: each starts from what the one before left, and nearly all end with the second.
const PASSES: usize = 8;

/// Times that steps are written at most: again only where an order by tiers could not get to the
/// end, or where relocations had to be left out.
const ROUNDS: usize = 4;

/// Plans one visit of the attached disk.
pub fn plan(items: &[Item], shelf: &Shelf<'_>, request: &Request) -> Plan {
    let (mut view, mut plan) = (View::new(items, shelf, request), Plan::default());
    let levels = Levels::of(&view);
    for _ in 0..ROUNDS {
        settle(&mut view, &levels);
        let written = plan.steps.len();
        let reached = steps::write(&mut view, &mut plan) && view.relocates;
        if reached || plan.steps.len() == written || request.limit.is_some() {
            break;
        }
    }
    steps::list_uncopied(&view, &mut plan);
    plan
}

/// Passes until nothing changes. Without relocations, if those take back themselves: the next visit
/// would make them again, for ever.
fn settle(view: &mut View<'_>, levels: &Levels) {
    for relocates in [true, false] {
        view.start_over(relocates);
        let settled = (0..PASSES).any(|_| !choose::pass(view, levels));
        if settled && !view.took_back {
            break;
        }
    }
}
