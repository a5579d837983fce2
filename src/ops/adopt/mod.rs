//! `catalog adopt`: the catalog of distbackup 1.0.20 becomes one of dsb.
//!
//! What the old catalog says is believed as far as it can be: maps, settings, files with their
//! hashes, disks and what they hold. Whatever contradicts itself, or could not be, is left out and
//! named: the next update reads it like anything new. Nothing is read from sources or disks; the
//! next update and the first session on each disk confirm what was taken over.

mod settings;
mod shelf;
mod tree;

pub(crate) use shelf::name_like;

use crate::catalog::{Catalog, Old, Takeover};
use crate::error::Result;
use crate::model::{Amount, DiskName, Problem, Size, Timestamp, VPath};
use crate::os;
use crate::progress::Progress;
use shelf::OldShelf;
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// What was taken over.
#[derive(Clone, Debug, Default)]
pub struct AdoptReport {
    /// Where the old catalog is now.
    pub old: PathBuf,
    /// Mapped folders.
    pub maps: u64,
    /// Paths with settings.
    pub settings: u64,
    /// Files with their content.
    pub files: Amount,
    /// Symlinks.
    pub symlinks: u64,
    /// Content of files.
    pub objects: Amount,
    /// Content that disks hold and no file has any more.
    pub orphans: Amount,
    /// Copies of all that.
    pub copies: u64,
    /// The disks, and what each holds.
    pub disks: Vec<AdoptedDisk>,
    /// Files that the old catalog knew but nobody had read.
    pub unhashed: Amount,
    /// Copies on disks that the old catalog does not have any more.
    pub unplaced: u64,
    /// What could not be taken over; the first were told to the progress.
    pub left_out: u64,
}

/// A disk that was taken over.
#[derive(Clone, Debug)]
pub struct AdoptedDisk {
    /// What it is called here.
    pub name: DiskName,
    /// Bytes dsb may use on it.
    pub budget: Size,
    /// What it holds.
    pub held: Amount,
}

impl AdoptReport {
    /// Whether everything was taken over.
    pub fn is_complete(&self) -> bool {
        self.left_out == 0
    }
}

/// Items named at most.
const NAMED: u64 = 100;

/// One takeover.
struct Run<'a> {
    catalog: &'a Catalog,
    old: &'a Old,
    /// Bytes of the old catalog, about as many as that on each disk has.
    old_size: Size,
    now: Timestamp,
    progress: &'a dyn Progress,
    shelf: OldShelf,
    report: AdoptReport,
}

/// Takes over the catalog at `path` into the catalog's folder. The old file keeps its bytes; one
/// that lies in the new one's place gets another name.
pub fn adopt(folder: &Path, path: &Path, progress: &dyn Progress) -> Result<AdoptReport> {
    let takeover = Takeover::find(folder, path)?;
    let catalog = takeover.create(os::now())?;
    let mut report = take_over(&catalog, takeover.old(), progress)?;
    report.old = takeover.finish(catalog)?;
    Ok(report)
}

/// What [`adopt`] would take over. Nothing is made or moved.
pub fn rehearse_adopt(folder: &Path, path: &Path, progress: &dyn Progress) -> Result<AdoptReport> {
    let old = Takeover::look(folder, path)?;
    let catalog = Catalog::create_scratch(folder, os::now())?;
    let report = take_over(&catalog, &old, progress)?;
    Ok(AdoptReport { old, ..report })
}

fn take_over(catalog: &Catalog, old: &Path, progress: &dyn Progress) -> Result<AdoptReport> {
    let old_size = Size(std::fs::metadata(old).map_or(0, |found| found.len()));
    let old = Old::open(old)?;
    let (shelf, report) = Default::default();
    let mut run = Run { catalog, old: &old, old_size, now: os::now(), progress, shelf, report };
    let done = run.work();
    let report = run.report;
    old.close();
    done.map(|()| report)
}

impl Run<'_> {
    fn work(&mut self) -> Result<()> {
        self.catalog.begin()?;
        let maps = self.take_maps()?;
        self.take_disks()?;
        self.take_settings(&maps)?;
        self.take_tree(maps)?;
        self.tell_rest();
        Ok(())
    }

    /// Something is not taken over: named, if not too many were before.
    fn left_out(&mut self, place: &[u8], why: impl Display) {
        self.report.left_out += 1;
        if self.report.left_out <= NAMED {
            self.progress.problem(&Problem::new(place, why));
        }
    }

    fn tell_rest(&self) {
        if let Some(more) = self.report.left_out.checked_sub(NAMED).filter(|more| *more > 0) {
            self.progress.note(&format!("{more} more were left out, which are not named."));
        }
    }
}

/// A path of the old catalog: absolute, each name in it one that can be. `directory`: written with
/// a slash at its end.
fn path_of(bytes: &[u8], directory: bool) -> std::result::Result<VPath, &'static str> {
    let no_path = "is no path of the virtual tree";
    let inside = bytes.strip_prefix(b"/").ok_or(no_path)?;
    let inside = if directory { inside.strip_suffix(b"/").unwrap_or(inside) } else { inside };
    if bytes.len() > LONGEST_PATH {
        return Err("is longer than any path");
    }
    if inside.is_empty() && directory {
        return Ok(VPath::root());
    }
    let is_odd = |name: &[u8]| name.is_empty() || name.len() > LONGEST_NAME;
    if inside.split(|byte| *byte == b'/').any(is_odd) {
        return Err("has a name in it that no file can have");
    }
    VPath::from_bytes(inside).map_err(|_| "has a name in it that would lead elsewhere")
}

/// What Linux takes for a path, and what stands above it in the virtual tree.
const LONGEST_PATH: usize = 8192;
/// What Linux takes for a name.
const LONGEST_NAME: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_are_paths() {
        let long = format!("/{}", "x".repeat(256));
        for bytes in ["", "a", "/", "/a/", "/a//b", "/../a", "/a/..", "/.", "/a\0b", &long] {
            assert!(path_of(bytes.as_bytes(), false).is_err(), "{bytes}");
        }
        assert_eq!(path_of(b"/a/b\n", false).unwrap().names().len(), 2);
        assert_eq!(path_of(b"/", true).unwrap(), VPath::root());
        assert_eq!(path_of(b"/a/", true), path_of(b"/a", true));
    }
}
