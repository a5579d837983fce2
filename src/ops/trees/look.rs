//! What a disk's trees are, and what is to be done with them.

use super::{Need, Stays, failed, in_the_way};
use crate::catalog::Catalog;
use crate::disk::Attached;
use crate::error::Result;
use crate::model::{Disk, Problem, Size, Snapshot, TreeWanted, TreesFound, is_tree_name};
use crate::os;
use crate::plan::{self, TreeWork};
use crate::progress::Progress;
use std::collections::HashSet;
use std::io;

/// What a look at a disk's trees shows.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// What is to be done.
    pub work: TreeWork,
    /// Why `latest` does not lead to the newest tree, if nothing is done.
    pub stays: Option<Stays>,
    /// What stands in the way of it; each was told.
    pub problems: u64,
}

/// The trees that a disk should have, oldest first: those of all snapshots that are held, and those it has
/// of others that are not forgotten yet.
pub(super) fn wanted(catalog: &Catalog, disk: &Disk, found: &TreesFound) -> Result<Vec<TreeWanted>> {
    if !disk.tree {
        return Ok(Vec::new());
    }
    let forgotten: HashSet<_> = catalog.standing()?.forgotten.into_iter().collect();
    let tree = |snapshot: Snapshot| TreeWanted {
        snapshot: snapshot.id,
        name: snapshot.name(),
        taken: snapshot.taken,
        is_whole: snapshot.is_whole(),
    };
    // A clock that was off by millennia names no folder, and a stranger's catalog may name one twice.
    let mut names = HashSet::new();
    let is_one = |tree: &TreeWanted| is_tree_name(tree.name.as_bytes()) && names.insert(tree.name.clone());
    let is_shown = |tree: &TreeWanted| found.trees.iter().any(|found| tree.is(found));
    let trees = catalog.snapshots()?.into_iter().map(tree).filter(is_one);
    Ok(trees.filter(|tree| !forgotten.contains(&tree.snapshot) || is_shown(tree)).collect())
}

/// What stands where a disk has its trees.
pub(super) fn found(attached: &Attached) -> io::Result<TreesFound> {
    attached.trees()?.map_or_else(|| Ok(TreesFound::default()), |trees| trees.list())
}

/// Decides what is to be done with the trees of a disk, for which there is so much room. Nothing, and
/// that is told, where something else stands in their place.
pub fn look(
    catalog: &Catalog,
    disk: &Disk,
    attached: &Attached,
    (need, room): (Need, Size),
    progress: &dyn Progress,
) -> Result<Looked> {
    if !disk.tree && disk.tree_taken == Some(Size::ZERO) {
        return Ok(Looked::default());
    }
    let found = match found(attached) {
        Ok(found) => found,
        Err(error) if os::is_failure(&error) => return Err(failed(attached, &error)),
        Err(error) => {
            progress.problem(&Problem::new(disk.name.as_str(), in_the_way(&error)));
            return Ok(Looked { problems: 1, ..Looked::default() });
        }
    };
    let work = plan::trees(&wanted(catalog, disk, &found)?, &found, room_for(disk, &found, need, room));
    let problems = tell_foreign(disk, &work, &found, progress);
    let is_as_it_stays = !found.foreign_latest && !work.turn_latest && work.make.is_empty();
    let newest = work.shown.last().filter(|_| is_as_it_stays);
    let stays = Stays::of(newest, found.latest.as_deref());
    Ok(Looked { work, stays, problems })
}

/// How many trees have room.
fn room_for(disk: &Disk, found: &TreesFound, need: Need, room: Size) -> usize {
    let one = match found.trees.len() as u64 {
        0 => need.of_one(disk.footprint),
        trees => Size(disk.tree_taken.unwrap_or_default().bytes() / trees),
    };
    let room_for = room.bytes() / one.bytes().max(1);
    // What the first one takes is found out by making it.
    let least = usize::from(found.trees.is_empty());
    usize::try_from(room_for).unwrap_or(usize::MAX).max(least)
}

/// Tells what somebody else made that is in the way, and counts it.
fn tell_foreign(disk: &Disk, work: &TreeWork, found: &TreesFound, progress: &dyn Progress) -> u64 {
    let tell = |what: String| progress.problem(&Problem::new(disk.name.as_str(), what));
    for name in &work.blocked {
        tell(format!(
            "snapshots/{name} is where the tree of that state is to be, and dsb did not make it: it stays, and the \
             tree is not made. Move it elsewhere, or remove it, and run again"
        ));
    }
    let is_in_the_way = disk.tree && found.foreign_latest;
    if is_in_the_way {
        tell(
            "snapshots/latest is something that dsb did not make: it stays as it is, and leads to no tree of dsb's. \
             Rename it, or remove it, and run again"
                .to_owned(),
        );
    }
    work.blocked.len() as u64 + u64::from(is_in_the_way)
}
