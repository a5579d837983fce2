//! A path that nobody may find any more: out of every state at once, and off each disk as it comes.

use crate::catalog::{Catalog, Glance, Hindsight, Within};
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
        let mut run = Run::of(catalog);
        paths.iter().try_for_each(|path| run.path(path))?;
        catalog.raise_generation()?;
        catalog.doubt_trees()?;
        let objects: Vec<ObjectKey> = run.objects.iter().copied().collect();
        Ok(Purged { entries: run.entries, content: catalog.purge(&objects, os::now())? })
    })?;
    catalog.recount_holdings()?;
    Ok(purged)
}

/// What stood somewhere for some time.
struct Version {
    directory: DirectoryId,
    name: Name,
    row: Glance,
}

struct Run<'c> {
    catalog: &'c Catalog,
    sight: Hindsight,
    /// Directories that were emptied: a hostile catalog may hold one inside itself.
    entered: HashSet<DirectoryId>,
    entries: u64,
    objects: BTreeSet<ObjectKey>,
}

impl<'c> Run<'c> {
    fn of(catalog: &'c Catalog) -> Self {
        let (sight, entered, objects) = Default::default();
        Self { catalog, sight, entered, entries: 0, objects }
    }

    fn path(&mut self, path: &VPath) -> Result<()> {
        let Some((above, name)) = path.split_last() else {
            return Err(Error::new(Kind::Usage, "/ is everything, and everything is not purged")
                .next("name the paths below it that are to go"));
        };
        let mut here = BTreeSet::from([DirectoryId::ROOT]);
        for name in above.names() {
            here = self.ever(&here, name)?.into_iter().filter_map(|version| version.row.directory).collect();
        }
        let found = self.ever(&here, name)?;
        if found.iter().any(|version| version.row.span.last.is_none()) {
            return Err(is_in_use(path));
        }
        if found.is_empty() {
            return Err(Error::new(Kind::Usage, format_args!("{path} is in no state"))
                .next("`dsb find PATTERN` shows what ever was"));
        }
        found.into_iter().try_for_each(|version| self.take_out(version))
    }

    /// All that was ever called so in these directories.
    fn ever(&self, directories: &BTreeSet<DirectoryId>, name: &Name) -> Result<Vec<Version>> {
        let mut found = Vec::new();
        for directory in directories {
            let versions = self.catalog.ever_named(*directory, name)?.into_iter();
            found.extend(versions.map(|row| Version { directory: *directory, name: name.clone(), row }));
        }
        Ok(found)
    }

    /// Takes a version of an entry out, and all that was ever below it: a directory's id is that of one
    /// place.
    fn take_out(&mut self, version: Version) -> Result<()> {
        let mut open = vec![version];
        while let Some(Version { directory, name, row }) = open.pop() {
            self.catalog.forget_version(directory, name.as_bytes(), row.span.first)?;
            self.entries += 1;
            self.objects.extend(row.object);
            self.objects.extend(self.catalog.purge_suspect(directory, &name)?);
            if let Some(id) = row.directory.filter(|id| self.entered.insert(*id)) {
                self.add_past(&mut open, id)?;
            }
        }
        Ok(())
    }

    /// Adds what was in a directory. Whatever a catalog says, what stands in the newest state stays.
    fn add_past(&self, found: &mut Vec<Version>, directory: DirectoryId) -> Result<()> {
        let mut from = None;
        loop {
            let within = Within { directory, part: b"", from: from.as_ref() };
            from = self.catalog.ever_in(&self.sight, within, |name, versions| {
                let past = versions.iter().filter(|row| row.span.last.is_some());
                found.extend(past.filter_map(|row| Some(Version { directory, name: Name::new(name)?, row: *row })));
                Ok(true)
            })?;
            if from.is_none() {
                return Ok(());
            }
        }
    }
}

fn is_in_use(path: &VPath) -> Error {
    Error::new(Kind::Refused, format_args!("{path} is in the newest state, and the next update would bring it back"))
        .next(format_args!(
            "take it out of the source, or `dsb source set {path} --hide`; then `dsb update`, and purge again"
        ))
}
