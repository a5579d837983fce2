//! Folders, and if asked for files, in the order in which they are shown.

use super::{Folders, Selection, Sums, file_at};
use crate::catalog::{Catalog, FileRow};
use crate::error::Result;
use crate::model::{Name, VPath};
use std::cmp::Reverse;

/// One folder or file that is shown.
pub struct Line<'l> {
    /// Where it is.
    pub path: &'l VPath,
    /// How many folders below the one that was asked for.
    pub depth: usize,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// What is in it.
    pub sums: &'l Sums,
}

/// What is still to be shown.
enum Next {
    Folder(usize),
    File(Name, Sums),
}

/// Visits a path and what is below it, each folder before what it holds and the largest first, down
/// to a depth. Folders without anything selected are left out, unless everything is.
pub fn walk(
    catalog: &Catalog,
    folders: &Folders,
    selection: &Selection,
    (from, depth, files): (&VPath, usize, bool),
    mut visit: impl FnMut(&Line<'_>) -> Result<()>,
) -> Result<()> {
    let Some(start) = folders.find(from) else {
        let sums = Sums::of(&file_at(catalog, folders, from)?, selection).unwrap_or_default();
        return visit(&Line { path: from, depth: 0, is_folder: false, sums: &sums });
    };
    let mut open: Vec<(VPath, std::vec::IntoIter<Next>)> = Vec::new();
    let mut next = Some((from.clone(), Next::Folder(start)));
    loop {
        let Some((path, item)) = next.take() else {
            let Some((above, items)) = open.last_mut() else { return Ok(()) };
            match items.next() {
                Some(item) => next = Some((path_of(folders, above, &item), item)),
                None => drop(open.pop()),
            }
            continue;
        };
        let at = open.len();
        match item {
            Next::File(_, sums) => visit(&Line { path: &path, depth: at, is_folder: false, sums: &sums })?,
            Next::Folder(index) => {
                let Some(folder) = folders.0.get(index) else { continue };
                if folder.sums.all.objects == 0 && !selection.is_all() {
                    continue;
                }
                visit(&Line { path: &path, depth: at, is_folder: true, sums: &folder.sums })?;
                if at > VPath::DEEPEST {
                    return Err(crate::ops::too_deep());
                }
                if at < depth {
                    let children = children(catalog, folders, selection, index, files)?;
                    open.push((path, children.into_iter()));
                }
            }
        }
    }
}

fn path_of(folders: &Folders, above: &VPath, item: &Next) -> VPath {
    let name = match item {
        Next::File(name, _) => Some(name),
        Next::Folder(index) => folders.0.get(*index).and_then(|folder| folder.name.as_ref()),
    };
    name.map_or_else(|| above.clone(), |name| above.join(name))
}

/// The folders in a folder, and if asked for its files, the largest first.
fn children(
    catalog: &Catalog,
    folders: &Folders,
    selection: &Selection,
    index: usize,
    files: bool,
) -> Result<Vec<Next>> {
    let Some(folder) = folders.0.get(index) else { return Ok(Vec::new()) };
    let mut children: Vec<Next> = folder.below.iter().copied().map(Next::Folder).collect();
    if files {
        let rows = catalog.files_in(folder.id)?.into_iter();
        children.extend(rows.filter_map(|row: FileRow| Some(Next::File(row.name.clone(), Sums::of(&row, selection)?))));
        children.sort_by_key(|child| {
            let all = match child {
                Next::File(_, sums) => sums.all,
                Next::Folder(index) => folders.0.get(*index).map(|folder| folder.sums.all).unwrap_or_default(),
            };
            Reverse((all.bytes, all.objects))
        });
    }
    Ok(children)
}
