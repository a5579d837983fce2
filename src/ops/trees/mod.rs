//! Browsable trees: a disk shows the snapshots that are held, each as far as the disk has its content.
//!
//! Trees of snapshots that were forgotten go before anything else is done on a disk. An object that
//! arrives gets its names in the trees that are there as soon as it is claimed; one that goes loses
//! them before its own file goes ([`Names`]). At the end of a run the trees of new snapshots are made
//! ([`Showing`]), and `latest` moves. A tree is names and folders alone; where these have no room the
//! oldest trees give way, never content. After a session that was cut off every tree is held against
//! the catalog, name by name.

mod elsewhere;
mod fill;
mod latest;
mod look;
mod names;
mod need;

pub use latest::Stays;
pub use look::look;
pub use names::Names;
pub use need::{Need, most};

use crate::catalog::Catalog;
use crate::disk::{Attached, Trees};
use crate::error::{Error, Result, reason};
use crate::model::{Disk, DiskIndex, Problem, Size, TreeWanted};
use crate::os;
use crate::plan::{self, TreeWork};
use crate::progress::Progress;
use fill::Filler;
use latest::{There, leave};
use look::wanted;
use std::io;
use std::ops::AddAssign;

/// What was done with a disk's trees.
#[derive(Clone, Debug, Default)]
pub struct TreeReport {
    /// Trees made.
    pub made: u64,
    /// Trees removed.
    pub removed: u64,
    /// Snapshots that are held and have no tree for want of room: the oldest.
    pub no_room: u64,
    /// Names that the file system cannot take, and specials that only root may make.
    pub left_out: u64,
    /// What could not be done for another reason; each was told.
    pub problems: u64,
    /// Why `latest` does not lead to the newest tree.
    pub stays: Option<Stays>,
    /// Whether not even the newest has room.
    pub not_even_newest: bool,
    /// Whether the file system can have none at all.
    pub no_links: bool,
}

impl AddAssign for TreeReport {
    fn add_assign(&mut self, more: Self) {
        self.made += more.made;
        self.removed += more.removed;
        self.no_room += more.no_room;
        self.left_out += more.left_out;
        self.problems += more.problems;
        self.not_even_newest |= more.not_even_newest;
        self.no_links |= more.no_links;
        self.stays = more.stays.or(self.stays.take());
    }
}

/// What ended the work on a tree.
#[derive(Debug)]
enum Stopped {
    /// It has no room.
    NoRoom,
    /// The disk did not do it.
    Disk(io::Error),
    /// Anything else.
    Other(Error),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoRoom,
            _ => Self::Disk(error),
        }
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

fn failed(attached: &Attached, error: &io::Error) -> Error {
    Error::io("change the trees in", &attached.path().join("snapshots"), error)
}

fn in_the_way(error: &io::Error) -> String {
    format!("what its folder snapshots/ shows could not be brought up to date: {}", reason(error))
}

/// Work on the trees of one disk.
pub struct Showing<'a> {
    catalog: &'a Catalog,
    attached: &'a Attached,
    progress: &'a dyn Progress,
    disk: DiskIndex,
    name: String,
    block: u64,
    /// Bytes that all trees take.
    pub taken: Size,
    /// What was done.
    pub report: TreeReport,
}

impl<'a> Showing<'a> {
    /// The trees of a disk.
    pub fn of(catalog: &'a Catalog, disk: &Disk, attached: &'a Attached, progress: &'a dyn Progress) -> Self {
        Self {
            catalog,
            attached,
            progress,
            disk: disk.index,
            name: disk.name.to_string(),
            block: disk.footprint.block,
            taken: disk.tree_taken.unwrap_or_default(),
            report: TreeReport::default(),
        }
    }

    /// Removes what no snapshot needs any more, and what a run left that was cut off.
    pub fn clear(&mut self, work: &TreeWork) -> Result<()> {
        if !work.is_needed() {
            return Ok(());
        }
        let cleared = self.clear_all(work);
        self.settle(cleared)
    }

    fn clear_all(&mut self, work: &TreeWork) -> std::result::Result<(), Stopped> {
        let Some(trees) = self.attached.trees()? else { return Ok(()) };
        for name in &work.unfinished {
            trees.remove_unfinished(name)?;
        }
        leave(&trees, &work.remove, &work.shown)?;
        if !work.remove.is_empty() {
            self.progress.task("remove trees", work.remove.len() as u64, Size::ZERO);
        }
        for name in &work.remove {
            self.progress.check()?;
            self.remove(&trees, name)?;
            self.progress.advance(1, Size::ZERO);
        }
        trees.flush()?;
        trees.forget_gone()?;
        if work.shown.is_empty() && work.make.is_empty() && trees.list()?.trees.is_empty() {
            trees.point_latest(None)?;
            trees.close_down()?;
            self.taken = Size::ZERO;
        }
        Ok(())
    }

    fn remove(&mut self, trees: &Trees<'_>, name: &str) -> std::result::Result<(), Stopped> {
        self.taken -= trees.remove(name)?;
        self.report.removed += 1;
        Ok(())
    }

    /// Holds every tree against the catalog, as after a session that was cut off, and counts afresh
    /// what they take.
    pub fn mend(&mut self, disk: &Disk) -> Result<()> {
        self.taken = Size::ZERO;
        let mended = self.mend_all(disk);
        self.settle(mended)
    }

    fn mend_all(&mut self, disk: &Disk) -> std::result::Result<(), Stopped> {
        let Some(trees) = self.attached.trees()? else { return Ok(()) };
        let found = trees.list()?;
        let work = plan::trees(&wanted(self.catalog, disk, &found)?, &found, usize::MAX);
        for name in &work.unfinished {
            trees.remove_unfinished(name)?;
        }
        self.taken = trees.own_size()?;
        self.progress.task("look at trees", work.shown.len() as u64, Size::ZERO);
        for tree in &work.shown {
            let mut filler = self.filler(tree, Size::MAX);
            match filler.mend(&trees.open(&tree.name)?) {
                Ok(()) => self.taken += filler.taken,
                // What is not whole may not bear its name.
                Err(Stopped::NoRoom) => drop(trees.remove(&tree.name)?),
                Err(other) => return Err(other),
            }
            self.progress.advance(1, Size::ZERO);
        }
        let going: Vec<_> = work.remove.iter().chain(&work.last).cloned().collect();
        leave(&trees, &going, &work.shown)?;
        for name in &going {
            trees.remove(name)?;
        }
        trees.flush()?;
        Ok(trees.forget_gone()?)
    }

    /// Makes the trees that are wanted, as far as so much room for all trees reaches, given what the one
    /// of the newest snapshot takes, about. Turns `latest` if all went well.
    pub fn bring(&mut self, work: &TreeWork, room: (Size, Size), is_well: bool) -> Result<()> {
        if work.make.is_empty() && !work.turn_latest {
            return Ok(());
        }
        let brought = self.bring_all(work, room, is_well);
        self.settle(brought)
    }

    fn bring_all(
        &mut self,
        work: &TreeWork,
        (room, newest): (Size, Size),
        is_well: bool,
    ) -> std::result::Result<(), Stopped> {
        if work.shown.is_empty() && work.make.is_empty() {
            return Ok(());
        }
        if work.shown.is_empty() && !crate::disk::keeps_links(self.attached.path())? {
            self.report.problems += 1;
            self.report.no_links = true;
            self.progress.problem(&Problem::new(self.name.as_str(), no_links(&self.name)));
            return Ok(());
        }
        let trees = self.attached.make_trees()?;
        trees.forget_gone()?;
        if self.taken == Size::ZERO {
            self.taken = trees.own_size()?;
        }
        self.progress.task("make trees", work.make.len() as u64, Size::ZERO);
        let shown = work.shown.iter().collect();
        let (last, displaces) = (work.last.as_deref(), false);
        let mut there = There { trees: shown, last, displaces, is_well, before: &work.shown };
        for tree in &work.make {
            there.displaces = work.newest() == Some(tree) && newest <= room;
            if self.make_with_room(&trees, tree, &mut there, room)? {
                there.trees.push(tree);
                there.trees.sort_by_key(|tree| tree.snapshot);
            }
            self.progress.advance(1, Size::ZERO);
        }
        self.report.stays = there.turn(&trees)?;
        self.report.not_even_newest = work.newest() != there.trees.last().copied();
        there.last.iter().try_for_each(|name| self.remove(&trees, name))?;
        trees.flush()?;
        Ok(trees.forget_gone()?)
    }

    /// Makes one tree; where it has no room older ones go for it, the oldest first. Says whether it is there.
    fn make_with_room<'w>(
        &mut self,
        trees: &Trees<'_>,
        tree: &'w TreeWanted,
        there: &mut There<'w>,
        room: Size,
    ) -> std::result::Result<bool, Stopped> {
        loop {
            match self.make(trees, tree, room) {
                Ok(()) => return Ok(true),
                Err(Stopped::NoRoom) => {}
                Err(other) => return Err(other),
            }
            let latest = trees.list()?.latest;
            let is_forgotten = there.last.is_some();
            let Some(oldest) = there.give_way(tree, latest.as_deref()) else {
                self.report.no_room += 1;
                return Ok(false);
            };
            self.report.no_room += u64::from(!is_forgotten);
            if latest.as_deref() == Some(oldest) {
                trees.point_latest(there.lead().map(|tree| tree.name.as_str()))?;
            }
            self.remove(trees, oldest)?;
            trees.flush()?;
        }
    }

    fn make(&mut self, trees: &Trees<'_>, tree: &TreeWanted, room: Size) -> std::result::Result<(), Stopped> {
        let begun = trees.begin(&tree.name)?;
        let mut filler = self.filler(tree, room - self.taken);
        let made = filler.fill(&begun).and_then(|()| Ok(trees.finish(&begun, &tree.name, tree.taken)?));
        match made {
            Ok(()) => {
                let (taken, left_out) = (filler.taken, filler.tell());
                self.taken += taken;
                self.report.left_out += left_out;
                self.report.made += 1;
                Ok(())
            }
            Err(Stopped::Disk(error)) if os::is_failure(&error) => Err(error.into()),
            Err(other) => {
                trees.remove_unfinished(&tree.name)?;
                Err(other)
            }
        }
    }

    fn filler<'t>(&self, tree: &'t TreeWanted, room: Size) -> Filler<'a, 't> {
        Filler::of(self.catalog, (self.disk, self.attached), tree, (room, self.block), self.progress)
    }

    /// A failure of the disk or a wish to stop ends the run; anything else is told, and the run goes on.
    fn settle(&mut self, done: std::result::Result<(), Stopped>) -> Result<()> {
        let why = match done {
            Ok(()) => return Ok(()),
            Err(Stopped::Other(error)) => return Err(error),
            Err(Stopped::Disk(error)) if os::is_failure(&error) => return Err(failed(self.attached, &error)),
            Err(Stopped::Disk(error)) => in_the_way(&error),
            Err(Stopped::NoRoom) => "its trees have no room".to_owned(),
        };
        self.report.problems += 1;
        self.progress.problem(&Problem::new(self.name.as_str(), why));
        Ok(())
    }
}

fn no_links(name: &str) -> String {
    format!(
        "its file system has no hard links or no symlinks, and trees are made of both; \
         `dsb disk set {name} --no-tree`, or make a file system there that has them: ext4, XFS, btrfs, NTFS"
    )
}
