//! What is lost with disks: content that only they have, and its names.

use crate::catalog::{Catalog, View};
use crate::error::Result;
use crate::model::{Class, Content, DiskSet, ObjectKey, VPath};
use crate::ops::look;
use crate::ops::shelf::Shelf;

/// Live objects that these disks hold and no other.
pub fn only_on(shelf: &Shelf, lost: DiskSet) -> Vec<u32> {
    let is_only_there = |(_, object): &(u32, &super::super::Object)| {
        let census = &object.census;
        let there = DiskSet(census.disks.0 & !census.doubtful.0);
        census.class == Class::Live && there != DiskSet::EMPTY && there.0 & !lost.0 == 0
    };
    (0..).zip(&shelf.objects).filter(is_only_there).map(|(index, _)| index).collect()
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
