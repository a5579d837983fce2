//! `update`: scan the mapped directories, read what is new, record what changed.
//!
//! The scan compares each directory with what the catalog has of it. What looks the same costs a
//! row read and nothing else. Files that must be read go on a list, as does what vanished; both
//! lists wait until a whole source map was seen, because only then can be told a rename from a
//! loss, and a loss from a drive that is not there. Then the files are read, on all cores, and
//! recorded as they come.

mod compare;
mod finish;
mod guard;
mod hash;
mod places;
mod record;
mod scan;

use crate::catalog::{Catalog, TreeWriter};
use crate::error::Result;
use crate::model::{Amount, Day, FileSystemId, Problem, Size, SnapshotId, Timestamp, VPath};
use crate::os;
use crate::progress::Progress;
use crate::source::LeftOut;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How an update goes about its work.
#[derive(Clone, Debug, Default)]
pub struct UpdateOptions {
    /// Threads that read; 0: one for each core.
    pub jobs: usize,
    /// A file with another change time alone is the same file.
    pub ignore_ctime: bool,
    /// Reads known files again, to look for rot: those last read longest ago, up to so many
    /// percent of all bytes.
    pub rehash_percent: Option<u64>,
    /// What the person said of losses.
    pub accepted: Accepted,
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
    /// Entries that are gone, files in gone directories counted.
    pub vanished: u64,
    /// Files that were recognised under a new name.
    pub renamed: u64,
    /// What was read.
    pub hashed: Amount,
    /// What is known of but was not read.
    pub unhashed: Amount,
    /// Directories that were left out, by reason.
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
    /// Files last read on or before this day are read again.
    rehash_day: Option<Day>,
    /// Maps that were scanned to the end, and the file system of each.
    scanned: Vec<(VPath, FileSystemId)>,
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
    let mut run = Run {
        catalog,
        writer: TreeWriter::new(catalog, now),
        options,
        progress,
        now,
        rehash_day: rehash_day(catalog, options)?,
        scanned: Vec::new(),
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
        self.apply_vanished()?;
        self.commit()?;
        self.hash(&sources)?;
        self.scanned = sources.into_iter().filter_map(|source| Some((source.vpath, source.file_system?))).collect();
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        self.report.problems += 1;
        self.progress.problem(problem);
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

/// The newest day of reading that is old enough to be among the oldest part of all bytes.
fn rehash_day(catalog: &Catalog, options: &UpdateOptions) -> Result<Option<Day>> {
    let Some(percent) = options.rehash_percent else { return Ok(None) };
    let by_day = catalog.bytes_by_day()?;
    let wanted = by_day.iter().map(|(_, bytes)| *bytes).sum::<Size>().percent(percent);
    let mut sum = Size::ZERO;
    let day = by_day.into_iter().find(|(_, bytes)| {
        sum += *bytes;
        sum >= wanted
    });
    Ok(day.map(|(day, _)| day))
}
