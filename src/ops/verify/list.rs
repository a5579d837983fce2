//! What lies on the disk: in which order it is read, and what of it the catalog does not place there.

use super::Run;
use crate::catalog::Catalog;
use crate::disk::{Attached, Found};
use crate::error::Result;
use crate::model::{DiskIndex, ObjectKey, Size, escape};
use crate::progress::Progress;
use std::os::unix::ffi::OsStrExt;

/// Files on a disk that the catalog does not place there.
#[derive(Clone, Debug, Default)]
pub struct Strangers {
    /// At most a hundred of them: name or place, and what is wrong.
    pub named: Vec<String>,
    /// How many there are.
    pub count: u64,
}

/// Strangers named at most.
const NAMED: usize = 100;

impl Strangers {
    fn add(&mut self, found: &Found) {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(match found {
                Found::Object { id, .. } => format!("{id}: not placed here by the catalog"),
                Found::Stranger { path, why } => format!("{}: {why}", escape(path.as_os_str().as_bytes())),
            });
        }
    }
}

/// Has what was chosen read in the order in which it lies on the medium. All folders are listed for that:
/// what they have that is not claimed is known then too, unless the disk cannot be listed.
pub(super) fn arrange(
    catalog: &Catalog,
    disk: DiskIndex,
    attached: &Attached,
    progress: &dyn Progress,
) -> Result<Option<Strangers>> {
    progress.task("list", 0, Size::ZERO);
    catalog.begin_places()?;
    let listed = list(catalog, disk, attached, progress, &mut |key, position| catalog.add_place(key, position));
    progress.check()?;
    catalog.arrange_chosen()?;
    Ok(listed.ok())
}

impl Run<'_> {
    /// Looks for them once all is read.
    pub(super) fn strangers(&self) -> Result<Strangers> {
        list(self.catalog, self.disk.index, &self.attached, self.progress, &mut |_, _| Ok(()))
    }

    /// Holds the disk's copies of the catalog against their hashes. Where one is wrong, the next backup
    /// writes another.
    pub(super) fn look_at_catalog_copies(&mut self) -> Result<()> {
        if !self.disk.closed {
            // A session that was cut off may have left one half written, and the next backup knows.
            return Ok(());
        }
        self.report.catalog_damage = match self.attached.damaged_catalog_copies()? {
            Some(names) => names.iter().map(|name| format!("{name} is damaged")).collect(),
            // Before its first backup it has none.
            None if self.disk.last_written.is_none() => Vec::new(),
            None => vec!["there is no catalog copy".to_owned()],
        };
        if !self.report.catalog_damage.is_empty() && !self.options.check {
            self.disk.generation = 0;
            self.catalog.put_visit(&self.disk)?;
        }
        Ok(())
    }
}

fn list(
    catalog: &Catalog,
    disk: DiskIndex,
    attached: &Attached,
    progress: &dyn Progress,
    place: &mut dyn FnMut(ObjectKey, u64) -> Result<()>,
) -> Result<Strangers> {
    let mut strangers = Strangers::default();
    let mut is_claimed = |id, position| {
        progress.check()?;
        let Some(key) = catalog.claimed(disk, id)? else { return Ok(false) };
        place(key, position).map(|()| true)
    };
    catalog.in_one_reading(|_| {
        attached.list_unknown(&mut is_claimed, &mut |found| {
            strangers.add(&found);
            Ok(())
        })
    })?;
    Ok(strangers)
}
