//! `restore`: the tree, or a part of it, from the disks at hand.
//!
//! The tree is walked from the top; each directory gets its metadata when all it holds is there,
//! so that writing into it does not spoil its times. A file's bytes are hashed while they are
//! written to a temporary name; only right ones get the file's own. What no disk at hand has is
//! counted, with the disks that should have it, so that the next run with the next disk goes on.

mod case;
mod fetch;
mod file;
mod guide;
mod rehearse;
mod remaining;
mod share;
mod walk;

pub use guide::{Guidance, guided_restore};
pub use rehearse::rehearse_restore;
pub use remaining::Remaining;

use crate::catalog::{Catalog, TreeRow, View};
use crate::destination::{Applying, Destination, Existing, Unheld};
use crate::disk::{self, Attached};
use crate::error::{self, Error, Result};
use crate::model::{Amount, Disk, DiskSet, FileSystemId, Kind, Need, ObjectId, Pattern, Problem, Size, VPath, escape};
use crate::progress::Progress;
use case::Taken;
use fetch::Wanted;
use share::Sharing;
use std::collections::{BTreeSet, HashMap};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use uuid::Uuid;
use walk::Frame;

/// How a restore goes about its work.
#[derive(Clone, Debug)]
pub struct RestoreOptions {
    /// Only paths that match one of these; none: everything.
    pub filters: Vec<Pattern>,
    /// Which state of the tree.
    pub view: View,
    /// Files that are there and differ are replaced.
    pub overwrite: bool,
    /// Files that are there are read, not only looked at.
    pub checksum: bool,
    /// Owners and groups by number, not by name.
    pub numeric_ids: bool,
    /// Set-user-id bits and device nodes are restored.
    pub trusted: bool,
    /// Folders in which a part of the tree is already: that is left out.
    pub existing: Vec<PathBuf>,
    /// Bytes are shared with the disk where that is safe.
    pub link: bool,
}

/// What a restore did.
#[derive(Clone, Debug, Default)]
pub struct RestoreReport {
    /// Files written.
    pub written: Amount,
    /// Of these, files of their own on the blocks of the disk's objects.
    pub cloned: Amount,
    /// Of these, further names of the disk's objects.
    pub linked: Amount,
    /// Files that were there already.
    pub present: u64,
    /// What was left out, because a folder that was named has it.
    pub elsewhere: u64,
    /// Directories, symlinks and specials made.
    pub made: u64,
    /// Files that were there and differ: left as they are.
    pub differing: u64,
    /// Objects whose bytes on a disk are not right.
    pub bad: u64,
    /// Objects that could not be read on a disk.
    pub unread: u64,
    /// The disks that have these.
    pub faulty: BTreeSet<Uuid>,
    /// Items that could not be restored; each was told to the progress.
    pub problems: u64,
    /// What the destination could not hold.
    pub unheld: Unheld,
    /// Device nodes that were not made, because the disk is not trusted.
    pub withheld: u64,
    /// What no disk at hand has.
    pub remaining: Remaining,
}

impl RestoreReport {
    /// Whether everything asked for is there, and came without a disk that wants to be looked at.
    pub fn is_complete(&self) -> bool {
        self.differing + self.bad + self.unread + self.problems == 0 && self.remaining.amount.objects == 0
    }
}

/// What one restore shares between its steps.
struct Run<'a> {
    catalog: &'a Catalog,
    disks: &'a [Attached],
    /// The same as the catalog knows them.
    at_hand: DiskSet,
    destination: Destination,
    options: &'a RestoreOptions,
    applying: Applying,
    existing: Vec<Existing>,
    sharing: Option<Sharing>,
    /// Whether one of the disks spins.
    spins: bool,
    progress: &'a dyn Progress,
    /// What has its place, where the destination ignores case.
    taken: Option<Taken>,
    /// The first path of each file with several names. Names that were last seen with another
    /// content are no names of it, whatever their inode says.
    linked: HashMap<(FileSystemId, u64, Kind, Option<ObjectId>), VPath>,
    /// Files that wait to be fetched together, and directories that wait for them.
    gathered: Vec<Wanted>,
    /// Entries that were asked for.
    matched: u64,
    gathered_bytes: Size,
    waiting: Vec<Frame>,
    report: RestoreReport,
}

/// Restores into a directory from the disks at hand.
pub fn restore(
    catalog: &Catalog,
    disks: &[Attached],
    destination: &Path,
    options: &RestoreOptions,
    progress: &dyn Progress,
) -> Result<RestoreReport> {
    refuse_backup_disk(destination)?;
    let existing = options.existing.iter().map(|path| Existing::open(path)).collect::<Result<Vec<_>>>()?;
    let sharing = if options.link { Some(Sharing::with(catalog, disks, destination, options.trusted)?) } else { None };
    let destination = Destination::open(destination)?;
    let taken = destination.ignores_case().then(Taken::default);
    let applying = Applying { numeric_ids: options.numeric_ids, trusted: options.trusted };
    let (linked, gathered, gathered_bytes, waiting, report) = Default::default();
    let mut run = Run {
        catalog,
        disks,
        at_hand: known(catalog, disks)?,
        destination,
        options,
        applying,
        existing,
        sharing,
        spins: disks.iter().any(|disk| disk.turn().spins()),
        progress,
        taken,
        linked,
        gathered,
        matched: 0,
        gathered_bytes,
        waiting,
        report,
    };
    let wanted = run.measure();
    progress.task("restore", wanted.objects, wanted.bytes);
    run.clean(&VPath::root());
    let walked = run.walk();
    run.destination
        .sync()
        .map_err(|error| Error::new(error::Kind::Failed, format_args!("the destination: {error}")))?;
    walked?;
    if run.matched == 0 && !options.filters.is_empty() {
        return Err(nothing_matches());
    }
    Ok(run.report)
}

/// Disks that are attached, as the catalog knows them.
fn known(catalog: &Catalog, attached: &[Attached]) -> Result<DiskSet> {
    let is_at_hand = |disk: &Disk| attached.iter().any(|attached| attached.marker().uuid == disk.uuid);
    Ok(catalog.disks()?.iter().filter(|disk| is_at_hand(disk)).map(|disk| disk.index).collect())
}

/// What a restore says whose filters match nothing.
fn nothing_matches() -> Error {
    Error::new(error::Kind::Usage, "nothing in the catalog matches what was asked for")
        .next("`dsb ls PATTERN` shows what there is")
}

/// A tree restored into a disk's folder would take its room, and no budget would know of it.
pub(super) fn refuse_backup_disk(destination: &Path) -> Result<()> {
    let existing = disk::place(destination)?.existing;
    let Some(attached) = existing.ancestors().find_map(|folder| Attached::open(folder).ok()) else { return Ok(()) };
    let (place, name) = (escape(destination.as_os_str().as_bytes()), escape(attached.marker().name.as_bytes()));
    Err(Error::new(error::Kind::Refused, format_args!("{place} is inside backup disk {name}"))
        .next("give a destination beside the disk's folder"))
}

impl Run<'_> {
    fn problem(&mut self, path: &VPath, what: impl std::fmt::Display) {
        self.report.problems += 1;
        self.progress.problem(&Problem::new(path.to_bytes(), what));
    }

    fn wants(&self, path: &VPath) -> bool {
        self.options.filters.is_empty() || self.options.filters.iter().any(|filter| filter.matches(path))
    }

    /// Whether a folder that was named has the entry. One that has another file there has it too: that
    /// is told, and left to the person. Folders are only passed through, and made if they must be.
    fn is_elsewhere(&mut self, path: &VPath, row: &TreeRow) -> bool {
        let (metadata, object) = (&row.entry.metadata, row.object);
        let checksum = self.options.checksum;
        let found =
            self.existing.iter().find_map(|folder| Some((folder, folder.has(path, metadata, object, checksum)?)));
        let Some((folder, is_same)) = found else { return false };
        let is_folder = metadata.kind == Kind::Directory;
        if !is_same && !is_folder {
            let what = format!("another one is in {}; left out", escape(folder.path().as_os_str().as_bytes()));
            self.report.differing += 1;
            self.progress.problem(&Problem::new(path.to_bytes(), what));
        } else if !is_folder {
            self.report.elsewhere += 1;
        }
        is_same || !is_folder
    }

    /// The disks that should have a file, but for those that just gave nothing right.
    fn elsewhere(&self, row: &TreeRow) -> DiskSet {
        DiskSet((row.disks.0 | row.doubtful.0) & !self.at_hand.0)
    }

    /// How much there is to do at most: what the sums say, or nothing where only a part is wanted.
    fn measure(&self) -> Amount {
        if !self.options.filters.is_empty() || !self.existing.is_empty() {
            return Amount::default();
        }
        // It only says how much is left to do: no reason to give up.
        let live = self.catalog.holdings().unwrap_or_default().into_iter().filter(|holding| holding.need == Need::Live);
        live.map(|holding| holding.amount).sum()
    }

    fn advance(&self, bytes: Size) {
        self.progress.advance(1, bytes);
    }
}
