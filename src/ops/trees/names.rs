//! The names that single objects have in the trees that are there.

use super::look::{found, wanted};
use super::{Stopped, failed};
use crate::catalog::{Appearance, Catalog};
use crate::disk::{Attached, Folder, Trees};
use crate::error::Result;
use crate::model::{DirectoryId, Disk, Name, ObjectId, ObjectKey, Size, SnapshotId, Timestamp, TreeWanted, VPath};
use crate::plan;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

/// The trees of a disk, as far as they show a snapshot that is held.
pub struct Names<'c, 'd> {
    catalog: &'c Catalog,
    attached: &'d Attached,
    trees: Vec<TreeWanted>,
}

/// A name that an object has in a folder of a tree.
struct Named {
    object: usize,
    name: Name,
    mode: u32,
    mtime: Timestamp,
}

/// Names by tree, oldest first, and folder: each folder is opened once.
type Folders = BTreeMap<(usize, VPath), Vec<Named>>;

/// So many names are gathered before folders are opened for them.
const GATHERED: usize = 100_000;

impl<'c, 'd> Names<'c, 'd> {
    /// Those on a disk.
    pub fn of(catalog: &'c Catalog, disk: &Disk, attached: &'d Attached) -> Result<Self> {
        let trees = if disk.tree {
            // What stands in the way of trees is told by who makes them.
            let found = found(attached).unwrap_or_default();
            plan::trees(&wanted(catalog, disk, &found)?, &found, usize::MAX).shown
        } else {
            Vec::new()
        };
        Ok(Self { catalog, attached, trees })
    }

    /// Gives objects that the disk holds now their names in every tree. Returns by how much folders
    /// grew; none if not all could be named: then the trees are to be held against the catalog.
    pub fn give(&self, keys: &[ObjectKey], room: Size) -> Result<Option<Size>> {
        if self.trees.is_empty() {
            return Ok(Some(Size::ZERO));
        }
        let objects = keys.iter().map(|key| self.catalog.object(*key)).collect::<Result<Vec<_>>>()?;
        let mut growth = Some(Size::ZERO);
        self.in_folders(keys, &mut |folders| {
            for (place, names) in folders {
                let Some(grown) = growth else { return Ok(()) };
                growth = match self.give_in(&place, &names, &objects, room - grown) {
                    Ok(more) => Some(grown + more),
                    Err(Stopped::Other(error)) => return Err(error),
                    Err(Stopped::Disk(error)) if crate::os::is_failure(&error) => {
                        return Err(failed(self.attached, &error));
                    }
                    Err(Stopped::Disk(_) | Stopped::NoRoom) => None,
                };
            }
            Ok(())
        })?;
        Ok(growth)
    }

    fn give_in(
        &self,
        (tree, path): &(usize, VPath),
        names: &[Named],
        objects: &[(ObjectId, Size)],
        room: Size,
    ) -> std::result::Result<Size, Stopped> {
        let block = Size(self.attached.file_system()?.block);
        // A folder that is split is half full.
        let at_most: Size = names.iter().map(|named| Size(2 * (named.name.as_bytes().len() as u64 + 12))).sum();
        if at_most + block > room {
            return Err(Stopped::NoRoom);
        }
        let Some((trees, tree)) = self.attached.trees()?.zip(self.trees.get(*tree)) else { return Ok(Size::ZERO) };
        let folder = trees.open(&tree.name)?.folder(path)?;
        for named in names {
            let Some((id, size)) = objects.get(named.object) else { continue };
            let object = self.attached.object_to_link(*id, *size)?;
            object.show(named.mode, named.mtime)?;
            match folder.link(&object, &named.name) {
                Err(error) if crate::os::is_beyond_limits(&error) => {}
                linked => linked?,
            }
        }
        let (before, now) = folder.finish(None)?;
        Ok(now - before)
    }

    /// Takes the names of objects out of all trees. Returns those objects that have further names all
    /// the same, somewhere else: what they take is not free when they go.
    pub fn take(&self, objects: &[(ObjectKey, ObjectId)]) -> Result<HashSet<ObjectId>> {
        let failed = |error: io::Error| failed(self.attached, &error);
        let Some(trees) = self.attached.trees().unwrap_or_default() else { return Ok(HashSet::new()) };
        let keys: Vec<_> = objects.iter().map(|(key, _)| *key).collect();
        self.in_folders(&keys, &mut |folders| {
            for ((tree, path), names) in folders {
                let Some(tree) = self.trees.get(tree) else { continue };
                let folder = match trees.open(&tree.name).and_then(|tree| tree.folder(&path)) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    folder => folder.map_err(failed)?,
                };
                names.iter().try_for_each(|named| folder.take(&named.name)).map_err(failed)?;
                folder.finish(None).map_err(failed)?;
            }
            Ok(())
        })?;
        let ids: Vec<_> = objects.iter().map(|(_, id)| *id).collect();
        let left = self.attached.with_further_names(&ids);
        if left.is_empty() {
            return Ok(HashSet::new());
        }
        // Trees of forgotten snapshots, and those that a person changed, may call it anything.
        trees.take_inodes(&left.iter().map(|linked| linked.inode).collect()).map_err(failed)?;
        let left: Vec<_> = left.into_iter().map(|linked| linked.id).collect();
        Ok(self.attached.with_further_names(&left).into_iter().map(|linked| linked.id).collect())
    }

    /// Where a person finds an object in the newest tree that shows it, below the data directory.
    pub fn path_of(&self, key: ObjectKey) -> Result<Option<Vec<u8>>> {
        let appearances = self.catalog.appearances(key)?;
        for tree in self.trees.iter().rev() {
            let Some(found) = appearances.iter().find(|found| found.span.covers(tree.snapshot)) else { continue };
            let directory = self.catalog.directory_path_at(found.parent, tree.snapshot)?;
            let path = directory.map(|directory| directory.join(&found.name).to_bytes());
            return Ok(path.map(|path| [b"snapshots/", tree.name.as_bytes(), &path].concat()));
        }
        Ok(None)
    }

    pub(super) fn attached(&self) -> &'d Attached {
        self.attached
    }

    /// Hands on the folders in which these objects should have names, with these names.
    pub(super) fn in_open_folders(
        &self,
        trees: &Trees<'_>,
        keys: &[ObjectKey],
        work: &mut dyn FnMut(&Folder, &Name) -> io::Result<()>,
    ) -> Result<()> {
        let failed = |error: io::Error| failed(self.attached, &error);
        self.in_folders(keys, &mut |folders| {
            for ((tree, path), names) in folders {
                let Some(tree) = self.trees.get(tree) else { continue };
                match trees.open(&tree.name).and_then(|tree| tree.folder(&path)) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    folder => {
                        let folder = folder.map_err(failed)?;
                        names.iter().try_for_each(|named| work(&folder, &named.name)).map_err(failed)?;
                    }
                }
            }
            Ok(())
        })
    }

    /// Hands on the names that objects should have, many at a time.
    fn in_folders(&self, keys: &[ObjectKey], work: &mut dyn FnMut(Folders) -> Result<()>) -> Result<()> {
        if self.trees.is_empty() {
            return Ok(());
        }
        let (mut folders, mut count) = (Folders::new(), 0);
        let mut paths: HashMap<(DirectoryId, SnapshotId), Option<VPath>> = HashMap::new();
        for (object, key) in keys.iter().enumerate() {
            for found in self.catalog.appearances(*key)? {
                for (tree, wanted) in self.trees.iter().enumerate().filter(|(_, tree)| found.span.covers(tree.snapshot))
                {
                    let path = self.path_at(&mut paths, found.parent, wanted.snapshot)?;
                    let Some(path) = path else { continue };
                    let Appearance { name, mode, mtime, .. } = found.clone();
                    folders.entry((tree, path)).or_default().push(Named { object, name, mode, mtime });
                    count += 1;
                }
            }
            if count >= GATHERED {
                work(std::mem::take(&mut folders))?;
                paths.clear();
                count = 0;
            }
        }
        work(folders)
    }

    fn path_at(
        &self,
        known: &mut HashMap<(DirectoryId, SnapshotId), Option<VPath>>,
        directory: DirectoryId,
        snapshot: SnapshotId,
    ) -> Result<Option<VPath>> {
        if let Some(path) = known.get(&(directory, snapshot)) {
            return Ok(path.clone());
        }
        let path = self.catalog.directory_path_at(directory, snapshot)?;
        known.insert((directory, snapshot), path.clone());
        Ok(path)
    }
}
