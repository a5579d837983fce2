//! What a restore would do, with nothing written anywhere: the same questions, asked of the catalog,
//! the disks at hand and what is at the destination. Bytes are not read, so what is damaged on a disk
//! is not told.

use super::{RestoreOptions, RestoreReport, nothing_matches, refuse_backup_disk};
use crate::catalog::{Catalog, TreeRow};
use crate::destination::Existing;
use crate::disk::Attached;
use crate::error::Result;
use crate::model::{Amount, DiskSet, Kind, Problem, VPath};
use crate::ops::look;
use crate::progress::Progress;
use std::path::Path;

struct Run<'a> {
    disks: &'a [Attached],
    options: &'a RestoreOptions,
    /// The destination, if it is there.
    destination: Option<Existing>,
    existing: Vec<Existing>,
    progress: &'a dyn Progress,
    report: RestoreReport,
}

/// Tells what [`super::restore`] would do.
pub fn rehearse_restore(
    catalog: &Catalog,
    disks: &[Attached],
    destination: &Path,
    options: &RestoreOptions,
    progress: &dyn Progress,
) -> Result<RestoreReport> {
    refuse_backup_disk(destination)?;
    let existing = options.existing.iter().map(|path| Existing::open(path)).collect::<Result<Vec<_>>>()?;
    let destination = if destination.exists() { Some(Existing::open(destination)?) } else { None };
    let mut run = Run { disks, options, destination, existing, progress, report: RestoreReport::default() };
    let mut matched = 0_u64;
    look::every(catalog, options.view, |path, row| {
        run.progress.check()?;
        if options.filters.is_empty() || options.filters.iter().any(|filter| filter.matches(path)) {
            matched += 1;
            run.entry(path, row);
        }
        Ok(())
    })?;
    if matched == 0 && !options.filters.is_empty() {
        return Err(nothing_matches());
    }
    Ok(run.report)
}

impl Run<'_> {
    fn entry(&mut self, path: &VPath, row: &TreeRow) {
        let metadata = &row.entry.metadata;
        let is_folder = metadata.kind == Kind::Directory;
        let elsewhere = |folder: &Existing| folder.has(path, metadata, row.object, self.options.checksum);
        match self.existing.iter().find_map(elsewhere).filter(|same| *same || !is_folder) {
            Some(true) => return self.report.elsewhere += u64::from(!is_folder),
            Some(false) => return self.differs(path, "another one is in a folder that was named; left out"),
            None => {}
        }
        match self.destination.as_ref().and_then(|there| there.look(path)) {
            Some(found) if is_folder && found.kind == metadata.kind => {}
            Some(found) if (found.kind, found.size, found.mtime) == (metadata.kind, metadata.size, metadata.mtime) => {
                self.report.present += 1;
            }
            Some(_) if !self.options.overwrite => self.differs(path, "another one is there already; left as it is"),
            _ if metadata.kind == Kind::File => self.file(path, row),
            _ => self.report.made += 1,
        }
    }

    fn file(&mut self, path: &VPath, row: &TreeRow) {
        let size = row.entry.metadata.size;
        let is_here = row.object.is_none_or(|id| self.disks.iter().any(|disk| disk.open_object(id).is_ok()));
        if is_here {
            self.report.written += Amount::one(size);
        } else {
            self.report.remaining.add(path, size, DiskSet(row.disks.0 | row.doubtful.0));
        }
    }

    fn differs(&mut self, path: &VPath, what: &str) {
        self.report.differing += 1;
        self.progress.problem(&Problem::new(path.to_bytes(), what));
    }
}
