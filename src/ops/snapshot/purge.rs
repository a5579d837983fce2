//! A path that nobody may find any more: out of every state at once, and off each disk as it comes.

use crate::catalog::{Catalog, Glance};
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, DirectoryId, DiskName, ObjectKey, Span, VPath};
use crate::os;
use std::collections::{BTreeSet, HashMap};

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
        let mut run = Run { catalog, entered: HashMap::new(), entries: 0, objects: BTreeSet::new() };
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
    /// In which snapshots each directory was emptied: a hostile catalog may hold one inside itself.
    entered: HashMap<DirectoryId, Vec<Span>>,
    entries: u64,
    objects: BTreeSet<ObjectKey>,
}

impl Run<'_> {
    fn path(&mut self, path: &VPath) -> Result<()> {
        let Some((above, name)) = path.split_last() else {
            return Err(Error::new(Kind::Usage, "/ is everything, and everything is not purged")
                .next("name the paths below it that are to go"));
        };
        let mut here = vec![(DirectoryId::ROOT, vec![Span::ALWAYS])];
        for name in above.names() {
            let mut below = Vec::new();
            for (directory, window) in here {
                let rows = self.catalog.ever_named(directory, name)?;
                below.extend(rows.iter().filter_map(|row| Some((row.directory?, clipped(row.span, &window)))));
            }
            here = below;
        }
        let mut found = Vec::new();
        for (directory, window) in here {
            let rows = self.catalog.ever_named(directory, name)?;
            found.extend(rows.into_iter().map(|row| (directory, clipped(row.span, &window), row)));
        }
        found.retain(|(_, window, _)| !window.is_empty());
        match found.iter().any(|(_, window, _)| window.iter().any(|span| span.last.is_none())) {
            true => Err(is_in_use(path)),
            false if found.is_empty() => Err(Error::new(Kind::Usage, format_args!("{path} is in no state"))
                .next("`dsb find PATTERN` shows what ever was")),
            false => found.into_iter().try_for_each(|(directory, window, row)| self.take_out(directory, window, row)),
        }
    }

    /// Takes an entry out of these snapshots, and what is below it.
    fn take_out(&mut self, directory: DirectoryId, window: Vec<Span>, row: Glance) -> Result<()> {
        let mut open = vec![(directory, window, row)];
        while let Some((directory, window, row)) = open.pop() {
            self.catalog.cut((directory, &row.name), row.span, &rest_of(row.span, &window))?;
            self.entries += 1;
            self.objects.extend(row.object);
            self.objects.extend(self.catalog.purge_suspect(directory, &row.name)?);
            let Some(id) = row.directory else { continue };
            if !self.is_new(id, &window) {
                continue;
            }
            for below in self.catalog.ever_in(id, b"")? {
                let window = clipped(below.span, &window);
                if !window.is_empty() {
                    open.push((id, window, below));
                }
            }
        }
        Ok(())
    }

    fn is_new(&mut self, id: DirectoryId, window: &[Span]) -> bool {
        let before = self.entered.entry(id).or_default();
        let is_new = window.iter().any(|span| !before.contains(span));
        before.extend_from_slice(window);
        is_new
    }
}

fn is_in_use(path: &VPath) -> Error {
    Error::new(Kind::Refused, format_args!("{path} is in the newest state, and the next update would bring it back"))
        .next("take it out of the source, or `dsb source set PATH --exclude`; then `dsb update`, and purge again")
}

/// What a span has in common with each of these.
fn clipped(span: Span, window: &[Span]) -> Vec<Span> {
    window.iter().filter_map(|other| span.common(*other)).collect()
}

/// What is left of a span without these, which lie in it.
fn rest_of(span: Span, window: &[Span]) -> Vec<Span> {
    let mut rest = vec![span];
    for hole in window {
        rest = rest.into_iter().flat_map(|span| span.without(*hole)).collect();
    }
    rest
}
