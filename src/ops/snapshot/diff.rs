//! What changed from one state to another, in the order of the paths.

use crate::catalog::{Catalog, Place, Side};
use crate::error::Result;
use crate::model::{DirectoryId, Kind, ObjectKey, Size, SnapshotId, VPath};
use std::collections::HashSet;

/// What became of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its content is another: a file's bytes, a symlink's target.
    Content,
    /// Its mode, owner, times or attributes are others.
    Metadata,
    /// It is something else now.
    Kind,
    /// It is a file that stood elsewhere before, and no other had its content then or has it now.
    Renamed(VPath),
}

/// One path that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where: of what is gone, where it was.
    pub path: VPath,
    /// What became of it.
    pub change: Change,
    /// What it is, or was.
    pub kind: Kind,
    /// Its length, or that of what is gone.
    pub size: Size,
}

/// Visits all that differs between two states, given the older one first.
pub fn differences(
    catalog: &Catalog,
    (older, newer): (SnapshotId, SnapshotId),
    mut visit: impl FnMut(&Difference) -> Result<()>,
) -> Result<()> {
    let mut directories = Vec::new();
    for id in catalog.changed_directories(older, newer)? {
        let newest = catalog.directory_path_at(id, newer)?;
        let path = newest.map_or_else(|| catalog.directory_path_at(id, older), |path| Ok(Some(path)))?;
        directories.extend(path.map(|path| (path, id)));
    }
    directories.sort();
    let mut look = Look { catalog, older, newer, not_moved: HashSet::new() };
    for (path, id) in directories {
        look.in_directory(&path, id)?.iter().try_for_each(&mut visit)?;
    }
    Ok(())
}

/// A look at two states.
struct Look<'c> {
    catalog: &'c Catalog,
    older: SnapshotId,
    newer: SnapshotId,
    /// Content that came or went at many places: it is asked for once, not once for each of them.
    not_moved: HashSet<ObjectKey>,
}

impl Look<'_> {
    fn in_directory(&mut self, directory: &VPath, id: DirectoryId) -> Result<Vec<Difference>> {
        let sides = self.catalog.changes_in(id, self.older, self.newer)?;
        let mut found = Vec::new();
        for of_name in sides.chunk_by(|a, b| a.name == b.name) {
            let before = of_name.iter().find(|side| !side.is_newer);
            let after = of_name.iter().find(|side| side.is_newer);
            let Some(shown) = after.or(before) else { continue };
            let path = directory.join(&shown.name);
            let change = match (before, after) {
                (Some(before), Some(after)) => Some(changed(before, after)),
                (None, Some(after)) => Some(self.arrived(after)?),
                (Some(gone), None) => self.left(gone)?,
                (None, None) => None,
            };
            found.extend(change.map(|change| Difference { path, change, kind: shown.kind, size: shown.size }));
        }
        Ok(found)
    }

    /// Of a name that had nothing before.
    fn arrived(&mut self, after: &Side) -> Result<Change> {
        let Some(from) = self.moved(after)? else { return Ok(Change::Added) };
        let directory = self.catalog.directory_path_at(from.parent, self.older)?;
        Ok(directory.map_or(Change::Added, |directory| Change::Renamed(directory.join(&from.name))))
    }

    /// Of a name that is gone: nothing, if it is told where its file is now.
    fn left(&mut self, gone: &Side) -> Result<Option<Change>> {
        Ok(if self.moved(gone)?.is_some() { None } else { Some(Change::Removed) })
    }

    /// The place that alone had the content of a file, if one other alone got it.
    fn moved(&mut self, side: &Side) -> Result<Option<Place>> {
        let Some(object) = side.object.filter(|object| !self.not_moved.contains(object)) else { return Ok(None) };
        let mut places = self.catalog.changes_of(object, self.older, self.newer, 3)?;
        if places.len() > 2 {
            self.not_moved.insert(object);
        }
        places.sort_by_key(|place| place.is_newer);
        let Ok([from, to]) = <[Place; 2]>::try_from(places) else { return Ok(None) };
        let is_move = !from.is_newer && to.is_newer && (from.parent, &from.name) != (to.parent, &to.name);
        // Where something else stood, that is told to have changed.
        let is_moved = is_move && !self.catalog.stood(to.parent, &to.name, self.older)?;
        Ok(is_moved.then_some(from))
    }
}

/// What is different in two versions of one name.
fn changed(before: &Side, after: &Side) -> Change {
    match (before.kind == after.kind, before.kind) {
        (false, _) => Change::Kind,
        (true, Kind::File) if (before.object, before.size) != (after.object, after.size) => Change::Content,
        (true, Kind::Symlink) if before.target != after.target => Change::Content,
        _ => Change::Metadata,
    }
}
