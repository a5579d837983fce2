//! Names that objects have on a disk and that dsb did not give.

use super::{Names, failed};
use crate::disk::Linked;
use crate::error::Result;
use crate::model::{ObjectId, ObjectKey};
use std::collections::{HashMap, HashSet};

impl Names<'_, '_> {
    /// Those of these objects that somebody else named as well: what they take is not free when dsb's
    /// own names go.
    pub fn elsewhere(&self, objects: &[(ObjectKey, ObjectId)]) -> Result<HashSet<ObjectId>> {
        let failed = |error| failed(self.attached(), &error);
        let ids: Vec<_> = objects.iter().map(|(_, id)| *id).collect();
        let mut left = self.attached().with_further_names(&ids);
        // What stands in the way of trees is told by who makes them.
        let trees = self.attached().trees().unwrap_or_default().filter(|_| !left.is_empty());
        if let Some(trees) = trees {
            let linked: HashSet<_> = left.iter().map(|linked| linked.id).collect();
            let keys: Vec<_> = objects.iter().filter(|(_, id)| linked.contains(id)).map(|(key, _)| *key).collect();
            let mut own = HashMap::new();
            self.in_open_folders(&trees, &keys, &mut |folder, name| {
                if let Some(inode) = folder.inode(name)? {
                    *own.entry(inode).or_default() += 1;
                }
                Ok(())
            })?;
            keep_beyond(&mut left, &own);
            if !left.is_empty() {
                // Trees of forgotten snapshots, and those that a person changed, may call it anything.
                let inodes = left.iter().map(|linked| linked.inode).collect();
                keep_beyond(&mut left, &trees.count_names(&inodes).map_err(failed)?);
            }
        }
        Ok(left.into_iter().map(|linked| linked.id).collect())
    }
}

/// Keeps those that have more names than these.
fn keep_beyond(linked: &mut Vec<Linked>, own: &HashMap<u64, u64>) {
    linked.retain(|linked| own.get(&linked.inode).copied().unwrap_or(0) < linked.further);
}
