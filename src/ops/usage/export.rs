//! Every entry of the newest state, folder by folder, for a program that shows them itself.

use super::{Folders, Selection, file_at};
use crate::catalog::{Catalog, FileRow};
use crate::error::Result;
use crate::model::{DirectoryId, Settings, VPath};
use crate::ops::standards::{Place, Standards};
use std::collections::HashSet;

/// What comes next.
pub enum Item<'i> {
    /// A folder begins; the root of the tree has no entry of its own.
    Open(Option<&'i FileRow>),
    /// Whatever else stands in it, and how well it is said to be protected.
    Entry(&'i FileRow, Settings),
    /// The folder ends.
    Close,
}

/// Visits a folder and all that is below it. Only one folder at a time is in memory, and those above
/// it. Where not everything is selected only files are, and folders that have some.
pub fn visit_items(
    catalog: &Catalog,
    folders: &Folders,
    selection: &Selection,
    from: &VPath,
    mut visit: impl FnMut(Item<'_>) -> Result<()>,
) -> Result<()> {
    let standards = Standards::load(catalog)?;
    let has_some: HashSet<DirectoryId> =
        folders.0.iter().filter(|folder| folder.sums.all.objects > 0).map(|folder| folder.id).collect();
    let own = if from.names().is_empty() { None } else { Some(file_at(catalog, folders, from)?) };
    let start = own.as_ref().map_or(Some(DirectoryId::ROOT), |row| row.directory);
    let Some(start) = start else {
        let settings = standards.of(catalog, from)?;
        return own.as_ref().map_or(Ok(()), |row| visit(Item::Entry(row, settings)));
    };
    let place = place_of(&standards, folders, from)?;
    visit(Item::Open(own.as_ref()))?;
    let mut open = vec![(place, catalog.files_in(start)?.into_iter())];
    while let Some((place, rows)) = open.last_mut() {
        let Some(row) = rows.next() else {
            open.pop();
            visit(Item::Close)?;
            continue;
        };
        match row.directory {
            Some(id) if selection.is_all() || has_some.contains(&id) => {
                let below = standards.child(place, &row.name, id)?;
                visit(Item::Open(Some(&row)))?;
                open.push((below, catalog.files_in(id)?.into_iter()));
            }
            None if selection.is_all() || row.object.is_some() && selection.copies(row.disks).is_some() => {
                visit(Item::Entry(&row, place.settings_of(row.name.as_bytes())))?;
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}

/// What holds in a folder.
fn place_of<'s>(standards: &'s Standards, folders: &Folders, path: &VPath) -> Result<Place<'s>> {
    let mut place = standards.root()?;
    for (name, count) in path.names().iter().zip(1..) {
        let above = path.names().iter().take(count).cloned().collect();
        let id = folders.find(&above).and_then(|at| folders.0.get(at)).map_or(DirectoryId::ROOT, |folder| folder.id);
        place = standards.child(&place, name, id)?;
    }
    Ok(place)
}
