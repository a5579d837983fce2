//! A path that nobody may find any more: out of every state at once, and off each disk as it comes.

use crate::catalog::{Catalog, Glance};
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, DirectoryId, DiskName, Name, ObjectKey, VPath};
use crate::os;
use std::collections::{BTreeSet, HashSet};

/// What was purged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Versions of entries that are known no more.
    pub entries: u64,
    /// Content that is needed no more.
    pub content: Amount,
}

/// What each disk still holds of purged paths.
pub fn pending(catalog: &Catalog) -> Result<Vec<(DiskName, Amount)>> {
    let (disks, pending) = (catalog.disks()?, catalog.purge_pending()?);
    let name = |index| disks.iter().find(|disk| disk.index == index).map(|disk| disk.name.clone());
    Ok(pending.into_iter().filter_map(|(index, amount)| Some((name(index)?, amount))).collect())
}

/// Forgets paths, with all below them, in every state. All of it or nothing.
pub fn purge(catalog: &Catalog, paths: &[VPath]) -> Result<Purged> {
    let _lock = catalog.lock("purge")?;
    let purged = catalog.atomically(|catalog| {
        let mut run = Run { catalog, entered: HashSet::new(), entries: 0, objects: BTreeSet::new() };
        paths.iter().try_for_each(|path| run.path(path))?;
        catalog.raise_generation()?;
        catalog.doubt_trees()?;
        let objects: Vec<ObjectKey> = run.objects.iter().copied().collect();
        Ok(Purged { entries: run.entries, content: catalog.purge(&objects, os::now())? })
    })?;
    catalog.recount_holdings()?;
    Ok(purged)
}

struct Run<'c> {
    catalog: &'c Catalog,
    /// Directories that were emptied: a hostile catalog may hold one inside itself.
    entered: HashSet<DirectoryId>,
    entries: u64,
    objects: BTreeSet<ObjectKey>,
}

impl Run<'_> {
    fn path(&mut self, path: &VPath) -> Result<()> {
        let Some((above, name)) = path.split_last() else {
            return Err(Error::new(Kind::Usage, "/ is everything, and everything is not purged")
                .next("name the paths below it that are to go"));
        };
        let mut here = BTreeSet::from([DirectoryId::ROOT]);
        for name in above.names() {
            here = self.ever(&here, name)?.into_iter().filter_map(|(_, row)| row.directory).collect();
        }
        let found = self.ever(&here, name)?;
        if found.iter().any(|(_, row)| row.span.last.is_none()) {
            return Err(is_in_use(path));
        }
        if found.is_empty() {
            return Err(Error::new(Kind::Usage, format_args!("{path} is in no state"))
                .next("`dsb find PATTERN` shows what ever was"));
        }
        found.into_iter().try_for_each(|(directory, row)| self.take_out(directory, row))
    }

    /// All that was ever called so in these directories.
    fn ever(&self, directories: &BTreeSet<DirectoryId>, name: &Name) -> Result<Vec<(DirectoryId, Glance)>> {
        let mut found = Vec::new();
        for directory in directories {
            found.extend(self.catalog.ever_named(*directory, name)?.into_iter().map(|row| (*directory, row)));
        }
        Ok(found)
    }

    /// Takes a version of an entry out, and all that was ever below it: a directory's id is that of one
    /// place.
    fn take_out(&mut self, directory: DirectoryId, row: Glance) -> Result<()> {
        let mut open = vec![(directory, row)];
        while let Some((directory, row)) = open.pop() {
            self.catalog.forget_version(directory, row.name.as_bytes(), row.span.first)?;
            self.entries += 1;
            self.objects.extend(row.object);
            self.objects.extend(self.catalog.purge_suspect(directory, &row.name)?);
            if let Some(id) = row.directory.filter(|id| self.entered.insert(*id)) {
                // Whatever a catalog says, what stands in the newest state stays.
                let mut add = |versions: Vec<Glance>| {
                    let past = versions.into_iter().filter(|version| version.span.last.is_some());
                    open.extend(past.map(|version| (id, version)));
                    Ok(true)
                };
                let mut from = self.catalog.ever_in(id, b"", None, &mut add)?;
                while from.is_some() {
                    from = self.catalog.ever_in(id, b"", from.as_ref(), &mut add)?;
                }
            }
        }
        Ok(())
    }
}

fn is_in_use(path: &VPath) -> Error {
    Error::new(Kind::Refused, format_args!("{path} is in the newest state, and the next update would bring it back"))
        .next(format_args!(
            "take it out of the source, or `dsb source set {path} --hide`; then `dsb update`, and purge again"
        ))
}
