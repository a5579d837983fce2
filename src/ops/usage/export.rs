//! Every entry of the newest state, folder by folder, for a program that shows them itself.

use super::{Folders, Selection, file_at};
use crate::catalog::{Catalog, FileRow};
use crate::error::Result;
use crate::model::{DirectoryId, Settings, VPath};
use std::collections::{HashMap, HashSet};

/// What comes next.
pub enum Item<'i> {
    /// A folder begins; the root of the tree has no entry of its own.
    Open(Option<&'i FileRow>),
    /// Whatever else stands in it, and how well it is set to be protected.
    Entry(&'i FileRow, Settings),
    /// The folder ends.
    Close,
}

/// Visits a folder and all that is below it. Only one folder at a time is in memory, and those above
/// it. Where not everything is selected only files are, and folders that have some.
pub fn export(
    catalog: &Catalog,
    folders: &Folders,
    selection: &Selection,
    from: &VPath,
    mut visit: impl FnMut(Item<'_>) -> Result<()>,
) -> Result<()> {
    let set: HashMap<VPath, Settings> = catalog.path_settings()?.into_iter().collect();
    let has_some: HashSet<DirectoryId> =
        folders.0.iter().filter(|folder| folder.sums.all.objects > 0).map(|folder| folder.id).collect();
    let own = if from.names().is_empty() { None } else { Some(file_at(catalog, folders, from)?) };
    let start = own.as_ref().map_or(Some(DirectoryId::ROOT), |row| row.directory);
    let inherited = |path: &VPath, above: Settings| set.get(path).map_or(above, |own| own.or(above));
    let above = (0..=from.names().len()).filter_map(|count| from.names().get(..count));
    let settings = above.fold(Settings::NONE, |all, names| inherited(&names.iter().cloned().collect(), all));
    let Some(start) = start else {
        return own.as_ref().map_or(Ok(()), |row| visit(Item::Entry(row, settings)));
    };
    visit(Item::Open(own.as_ref()))?;
    let mut open = vec![(from.clone(), settings, catalog.files_in(start)?.into_iter())];
    while let Some((path, settings, rows)) = open.last_mut() {
        let Some(row) = rows.next() else {
            open.pop();
            visit(Item::Close)?;
            continue;
        };
        // Paths are made only where something may be set for them.
        let child = if set.is_empty() { VPath::root() } else { path.join(&row.name) };
        let settings = inherited(&child, *settings);
        match row.directory {
            Some(id) if selection.is_all() || has_some.contains(&id) => {
                visit(Item::Open(Some(&row)))?;
                open.push((child, settings, catalog.files_in(id)?.into_iter()));
            }
            None if selection.is_all() || row.object.is_some() && selection.copies(row.disks).is_some() => {
                visit(Item::Entry(&row, settings))?;
            }
            Some(_) | None => {}
        }
    }
    Ok(())
}
