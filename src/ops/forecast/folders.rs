//! How far each top folder is from each number of copies, file by file.

use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, DirectoryId, Name, ObjectKey, VPath};
use crate::ops::shelf::Shelf;
use std::collections::{BTreeMap, HashMap};

/// Files below 1, 2 and 3 copies.
pub const LEVELS: usize = 3;

/// A folder at the top of the tree, or the files that stand there by themselves.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Its path; `/` for files that are in none.
    pub path: VPath,
    /// All its files with content, each name counted.
    pub files: Amount,
    /// Of these, what is below 1, 2 and 3 copies on disks that fail apart.
    pub below: [Amount; LEVELS],
    /// Of these, what has fewer than are wanted.
    pub below_wanted: Amount,
}

/// All top folders, in the order of the tree.
pub fn folders(catalog: &Catalog, shelf: &Shelf) -> Result<Vec<Folder>> {
    let tops = tops(catalog)?;
    let mut keys: Vec<(ObjectKey, u32)> = (0..).zip(&shelf.objects).map(|(at, o)| (o.census.key, at)).collect();
    keys.sort_unstable();
    let mut folders: BTreeMap<Option<Name>, Folder> = BTreeMap::new();
    catalog.references(|parent, _, key| {
        let found = keys.binary_search_by_key(&key, |(key, _)| *key).ok();
        let object = found.and_then(|at| shelf.objects.get(keys.get(at)?.1 as usize));
        if let Some(object) = object {
            let top = tops.get(&parent).cloned();
            let folder = folders.entry(top).or_insert_with_key(|top| Folder::empty(top.as_ref()));
            folder.add(shelf.copies(object), object.protection.copies, Amount::one(object.census.size));
        }
    })?;
    Ok(folders.into_values().collect())
}

impl Folder {
    fn empty(top: Option<&Name>) -> Self {
        let path = top.map_or_else(VPath::root, |name| VPath::root().join(name));
        Self { path, files: Amount::default(), below: [Amount::default(); LEVELS], below_wanted: Amount::default() }
    }

    fn add(&mut self, copies: u32, wanted: u8, file: Amount) {
        self.files += file;
        for below in self.below.iter_mut().skip(copies as usize) {
            *below += file;
        }
        if copies < wanted.into() {
            self.below_wanted += file;
        }
    }
}

/// For every directory below the root the first name of its path.
fn tops(catalog: &Catalog) -> Result<HashMap<DirectoryId, Name>> {
    let mut below: HashMap<DirectoryId, Vec<_>> = HashMap::new();
    let mut open = Vec::new();
    for directory in catalog.directories()? {
        if directory.parent == DirectoryId::ROOT {
            open.push((directory.id, directory.name));
        } else {
            below.entry(directory.parent).or_default().push(directory.id);
        }
    }
    let mut tops = HashMap::new();
    while let Some((id, top)) = open.pop() {
        let children = below.remove(&id).unwrap_or_default();
        open.extend(children.into_iter().map(|child| (child, top.clone())));
        tops.insert(id, top);
    }
    Ok(tops)
}
