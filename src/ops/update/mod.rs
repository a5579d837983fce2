//! `update`: scan the mapped directories, read what is new, record what changed.
//!
//! The scan compares each directory with what the catalog has of it. What looks the same costs a
//! row read and nothing else. Files that must be read go on a list, as does what vanished; both
//! lists wait until a whole source map was seen, because only then can be told a rename from a
//! loss, and a loss from a drive that is not there. Then the files are read, on all cores, and
//! recorded as they come. What vanished goes last: until everything new is recorded its content
//! may be that of a file with a new name.

mod ahead;
mod compare;
mod directory;
mod enter;
mod finish;
mod guard;
mod hash;
mod leave;
mod places;
mod record;
mod scan;
mod side;

use crate::catalog::{Catalog, FileRecord, TreeWriter};
use crate::error::{Error, Kind, Result, reason};
use crate::model::{Amount, FileSystemId, Problem, Second, Size, SnapshotId, Timestamp, VPath, escape};
use crate::os;
use crate::progress::Progress;
use crate::source::LeftOut;
use std::collections::BTreeMap;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// How an update goes about its work.
#[derive(Clone, Debug, Default)]
pub struct UpdateOptions {
    /// Threads that read; 0: one for each core.
    pub jobs: usize,
    /// A file with another change time alone is the same file.
    pub ignore_ctime: bool,
    /// Scans what is locked, this once.
    pub ignore_lock: bool,
    /// Reads known files again, to look for rot: those last read longest ago, up to so many
    /// percent of all bytes.
    pub rehash_percent: Option<u64>,
    /// What the person said of losses.
    pub accepted: Accepted,
    /// Only these maps are looked at; none: all. What is mapped elsewhere stays as last seen.
    pub only: Option<Vec<VPath>>,
    /// Words to be put on the snapshot, if there is one.
    pub tags: Vec<String>,
    /// Forgets no state, whatever the policy: something else in the same run had problems.
    pub keeps_all: bool,
}

/// Virtual paths below which the person knows better than the guards.
#[derive(Clone, Debug, Default)]
pub struct Accepted {
    /// What vanished there is really gone.
    pub loss: Vec<VPath>,
    /// What is mapped there is on another file system than before.
    pub source: Vec<VPath>,
}

/// What an update did.
#[derive(Clone, Debug, Default)]
pub struct UpdateReport {
    /// Files and other entries that were looked at.
    pub seen: u64,
    /// Directories that were looked at.
    pub directories: u64,
    /// Entries that were not there before.
    pub added: u64,
    /// Entries that changed.
    pub changed: u64,
    /// Entries taken over from distbackup that are as it knew them, and now fully known.
    pub completed: u64,
    /// Entries that are gone, files in gone directories counted.
    pub vanished: u64,
    /// Files that were recognised under a new name.
    pub renamed: u64,
    /// What was read.
    pub hashed: Amount,
    /// What is known of but was not read.
    pub unhashed: Amount,
    /// What was left out, by reason.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Source maps that were not scanned, or whose losses were not believed.
    pub locked: Vec<VPath>,
    /// Files whose content changed under an unchanged size and time.
    pub suspects: u64,
    /// Items that could not be read; each was told to the progress.
    pub problems: u64,
    /// The state that was recorded, if anything changed.
    pub snapshot: Option<SnapshotId>,
}

impl UpdateReport {
    /// Whether everything asked for was done.
    pub fn is_complete(&self) -> bool {
        self.problems == 0 && self.locked.is_empty() && self.suspects == 0 && self.unhashed.objects == 0
    }
}

/// What one update shares between its steps.
struct Run<'a> {
    catalog: &'a Catalog,
    writer: TreeWriter<'a>,
    options: &'a UpdateOptions,
    progress: &'a dyn Progress,
    /// When it began.
    now: Timestamp,
    /// Known files that are read again.
    rehash: Option<Oldest>,
    /// Maps that were scanned to the end, and the file system of each.
    scanned: Vec<(VPath, FileSystemId)>,
    /// What stands where a directory or a file was, by source map: recorded once that is really
    /// gone.
    replacing: Vec<(u32, FileRecord)>,
    names: record::Names,
    report: UpdateReport,
    committed: Instant,
}

/// What was read is durable after this long at the latest.
const COMMIT_EVERY: Duration = Duration::from_secs(1);

/// A change this close to the scan may have a successor with the same time.
const RACY_SECONDS: i64 = 2;

/// Brings the catalog up to what the mapped directories hold now. Needs the run lock.
pub fn update(catalog: &Catalog, options: &UpdateOptions, progress: &dyn Progress) -> Result<UpdateReport> {
    let now = os::now();
    let maps = catalog.source_maps()?;
    let Accepted { loss, source } = &options.accepted;
    if let Some(path) = loss.iter().chain(source).find(|path| maps.iter().all(|map| map.vpath != **path)) {
        let what = format!("nothing is mapped to {path}: what is accepted is said of a whole map");
        return Err(Error::new(Kind::Usage, what).next("`dsb source list` shows the maps"));
    }
    let oldest = |percent| -> Result<_> { Ok(oldest_part(&catalog.bytes_by_reading()?, percent)) };
    let rehash = options.rehash_percent.map(oldest).transpose()?.flatten();
    let mut run = Run {
        catalog,
        writer: TreeWriter::new(catalog, now, os::utc_offset(now))?,
        options,
        progress,
        now,
        rehash,
        scanned: Vec::new(),
        replacing: Vec::new(),
        names: record::Names::default(),
        report: UpdateReport::default(),
        committed: Instant::now(),
    };
    let done = run.work();
    // What was read before an interruption is kept, whatever ended the run.
    run.finish(done.is_ok())?;
    done?;
    Ok(run.report)
}

impl Run<'_> {
    fn work(&mut self) -> Result<()> {
        self.catalog.begin_scan()?;
        let sources = self.scan()?;
        self.adopt_renamed(&sources)?;
        self.guard(&sources)?;
        self.commit()?;
        if self.catalog.is_scratch() {
            // What would be read is all that a rehearsal tells of it.
            self.report.unhashed = self.catalog.pending_amount()?;
        } else {
            self.hash(&sources)?;
        }
        // Last: what vanished may be what could not be read yet under its new name. An update that
        // is interrupted takes nothing out.
        self.apply_vanished()?;
        self.commit()?;
        self.scanned = sources.into_iter().filter_map(|source| Some((source.vpath, source.file_system?))).collect();
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        self.report.problems += 1;
        self.progress.problem(problem);
    }

    /// Something that was there a moment ago and cannot be looked at; what is gone is none of the update's.
    fn unlooked(&mut self, place: &Path, error: &io::Error) {
        let place = place.as_os_str().as_bytes();
        if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            self.progress.detail(&format!("{}: vanished while the update ran", escape(place)));
        } else {
            self.problem(&Problem::new(place, reason(error)));
        }
    }

    /// Whether a change time is far enough from now. One in the future is: the next change will
    /// have another.
    fn settled(&self, changed: Timestamp) -> bool {
        changed < self.now.seconds_before(RACY_SECONDS) || changed > os::now().seconds_before(-RACY_SECONDS)
    }

    /// Commits if the last time is long ago.
    fn tick(&mut self) -> Result<()> {
        if self.committed.elapsed() >= COMMIT_EVERY { self.commit() } else { Ok(()) }
    }

    fn commit(&mut self) -> Result<()> {
        self.catalog.commit()?;
        self.committed = Instant::now();
        Ok(())
    }
}

/// What was read longest ago: every file last read before a run began, and a part of what that
/// run read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Oldest {
    run: Second,
    left: Size,
}

/// The oldest part of what was ever read, given how much was last read by which run, oldest first.
fn oldest_part(by_run: &[(Second, Size)], percent: u64) -> Option<Oldest> {
    let mut left = by_run.iter().map(|(_, bytes)| *bytes).sum::<Size>().percent(percent);
    for (run, bytes) in by_run {
        if left <= *bytes {
            return Some(Oldest { run: *run, left });
        }
        left -= *bytes;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_part_is_the_oldest_part() {
        let by_run = [(Second(1), Size(10)), (Second(5), Size(60)), (Second(9), Size(30))];
        let table = [(5, Some((1, 5))), (10, Some((1, 10))), (11, Some((5, 1))), (100, Some((9, 30)))];
        for (percent, expected) in table {
            let expected = expected.map(|(run, left)| Oldest { run: Second(run), left: Size(left) });
            assert_eq!(oldest_part(&by_run, percent), expected, "{percent}");
        }
        assert_eq!(oldest_part(&[], 5), None);
    }
}
