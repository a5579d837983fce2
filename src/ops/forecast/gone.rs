//! What is lost with disks: content that only they have, and its names.

use crate::catalog::{Catalog, View};
use crate::error::Result;
use crate::model::{Amount, Class, Content, DiskSet, ObjectKey, VPath};
use crate::ops::look;
use crate::ops::shelf::{Object, Shelf};

/// Live objects that these disks hold and no other.
pub fn only_on(shelf: &Shelf, lost: DiskSet) -> Vec<u32> {
    let is_live = |object: &Object| object.census.class == Class::Live && is_only_on(object, lost);
    (0..).zip(&shelf.objects).filter(|(_, object)| is_live(object)).map(|(index, _)| index).collect()
}

/// What only older states need that are guaranteed, and these disks hold and no other.
pub fn older_on(shelf: &Shelf, lost: DiskSet) -> Amount {
    let is_older = |object: &&Object| matches!(object.census.class, Class::Guaranteed(_)) && is_only_on(object, lost);
    shelf.objects.iter().filter(is_older).map(|object| Amount::one(object.census.size)).sum()
}

fn is_only_on(object: &Object, lost: DiskSet) -> bool {
    let there = DiskSet(object.census.disks.0 & !object.census.doubtful.0);
    there != DiskSet::EMPTY && there.0 & !lost.0 == 0
}

/// The files of the newest state that have this content, in the order of the tree.
pub fn paths(catalog: &Catalog, shelf: &Shelf, objects: &[u32]) -> Result<Vec<VPath>> {
    let mut keys: Vec<ObjectKey> =
        objects.iter().filter_map(|index| shelf.objects.get(*index as usize)).map(|object| object.census.key).collect();
    keys.sort_unstable();
    let mut paths = Vec::new();
    if !keys.is_empty() {
        look::every(catalog, View::Newest, |path, row| {
            if let Content::Object(key) = row.entry.content
                && keys.binary_search(&key).is_ok()
            {
                paths.push(path.clone());
            }
            Ok(())
        })?;
    }
    Ok(paths)
}
