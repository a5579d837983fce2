//! `verify`: the objects that the catalog places on a disk, read and hashed.
//!
//! All of them, or a part that makes up the whole in time: what was never read since it was written,
//! what could not be read, what was read longest ago, as much as fits into an hour. What is wrong
//! stops counting as a copy before it is moved aside; what is missing stops counting too, and both
//! are wanted again. What cannot be read stays where it is, in doubt: a second try may work. One bad
//! sector never ends the run; eight unreadable objects in a row make dsb ask whether the disk
//! still answers.

mod damage;
mod list;
mod read;

pub use damage::{Damage, DamageKind};
pub use list::Strangers;

use super::attach;
use crate::catalog::Catalog;
use crate::disk::{Attached, Cold};
use crate::error::Result;
use crate::model::{Amount, Chosen, Disk, ObjectKey, Portion, Size};
use crate::os;
use crate::progress::Progress;
use std::time::{Duration, Instant};

/// Which copies a verification reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// Every one.
    #[default]
    All,
    /// Those that were never read since they were written.
    New,
    /// Those that could not be read, or were only seen by name and size.
    Bad,
    /// This part of them, read longest ago.
    Oldest(Portion),
}

/// How a verification goes about its work.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// Which copies are read.
    pub reading: Reading,
    /// Threads that read; 0: one for each core, or one where the disk spins.
    pub jobs: usize,
    /// Begin with the objects whose names come behind these bytes.
    pub start: Vec<u8>,
    /// No object is begun after so long.
    pub most: Option<Duration>,
    /// Report only: nothing on the disk and no claim is changed.
    pub check: bool,
    /// Delete damaged objects instead of moving them aside.
    pub delete: bool,
}

/// What a verification found.
#[derive(Clone, Debug, Default)]
pub struct VerifyReport {
    /// What was to be read.
    pub chosen: Amount,
    /// Read and right.
    pub good: Amount,
    /// Everything that was not.
    pub damage: Vec<Damage>,
    /// What the disk has beside them; looked for where all is read.
    pub strangers: Strangers,
    /// What is wrong with the disk's copies of the catalog; looked for where all is read.
    pub catalog_damage: Vec<String>,
    /// Whether the bytes came from the medium, as far as the system allows to say so, and not from
    /// what it remembered of it.
    pub cold: bool,
    /// The time was up before everything was read.
    pub timed_out: bool,
}

/// Copies read before their proof is recorded, at most: every record is flushed.
const PAGE: u32 = 16_384;
/// The same in bytes.
const PAGE_BYTES: Size = Size(256_000_000);

struct Run<'a> {
    catalog: &'a Catalog,
    disk: Disk,
    attached: Attached,
    cold: Cold,
    options: &'a VerifyOptions,
    deadline: Option<Instant>,
    progress: &'a dyn Progress,
    in_session: bool,
    unreadable: u32,
    /// Copies that were read and right; not recorded yet.
    proven: Vec<ObjectKey>,
    report: VerifyReport,
    tell: &'a mut dyn FnMut(&Damage) -> Result<()>,
}

/// Verifies a disk, telling of all damage as it is found. Needs the run lock.
pub fn verify(
    catalog: &Catalog,
    disk: Disk,
    options: &VerifyOptions,
    tell: &mut dyn FnMut(&Damage) -> Result<()>,
    progress: &dyn Progress,
) -> Result<VerifyReport> {
    let now = os::now();
    let deadline = options.most.and_then(|most| Instant::now().checked_add(most));
    let mut disk = disk;
    let attached = attach::find_attached(catalog, &disk)?;
    attach::note_visit(catalog, &mut disk, &attached, now)?;
    let chosen = catalog.choose_copies(disk.index, chosen(catalog, &disk, options)?, &options.start)?;
    let goes_by_place = attached.turn().spins() && options.start.is_empty() && options.most.is_none();
    let listed = if goes_by_place { list::arrange(catalog, disk.index, &attached, progress)? } else { None };
    progress.task("verify", chosen.objects, chosen.bytes);
    let cold = attached.cold();
    let report = VerifyReport { chosen, cold: cold.is_certain(), ..VerifyReport::default() };
    let (in_session, unreadable, proven) = (false, 0, Vec::new());
    let mut run = Run {
        catalog,
        disk,
        attached,
        cold,
        options,
        deadline,
        progress,
        in_session,
        unreadable,
        proven,
        report,
        tell,
    };
    let read = run.read_all();
    if run.in_session {
        attach::end_session(catalog, &mut run.disk, &mut run.attached, now, progress)?;
    }
    read?;
    if options.reading == Reading::All && !run.report.timed_out {
        // A session may have claimed what it found, and taken damage out of the way.
        let listed = listed.filter(|_| !run.in_session);
        run.report.strangers = listed.map_or_else(|| run.strangers(), Ok)?;
        run.look_at_catalog_copies()?;
        if !options.check && run.disk.tree {
            // Names in the trees are no claims; whether all are there is seen to by the next backup.
            attach::doubt_trees(&mut run.disk);
            catalog.put_visit(&run.disk)?;
        }
    }
    Ok(run.report)
}

/// What ends early goes by age, so that the next run goes on where this one ended.
fn chosen(catalog: &Catalog, disk: &Disk, options: &VerifyOptions) -> Result<Chosen> {
    Ok(match options.reading {
        Reading::All if options.most.is_some() => Chosen::Oldest(Size::MAX),
        Reading::All => Chosen::All,
        Reading::New => Chosen::New,
        Reading::Bad => Chosen::Bad,
        Reading::Oldest(portion) => Chosen::Oldest(portion.of(catalog.claimed_bytes(disk.index)?)),
    })
}
