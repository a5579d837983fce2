//! A restore over several disks as one job: the fewest disks, one after the other, as they are
//! attached.
//!
//! Each disk that comes gets one walk of the tree, in which what is there already is passed over by
//! size and time; so no byte is fetched twice, and a job that was cut off goes on with the next run.

use super::{RestoreOptions, RestoreReport, restore};
use crate::catalog::Catalog;
use crate::disk::Attached;
use crate::error::{Kind, Result};
use crate::model::{Amount, Disk, DiskIndex, DiskSet, Problem, Size};
use crate::ops::attach;
use crate::progress::Progress;
use std::collections::HashSet;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// What a person is asked for between two disks.
#[derive(Clone, Debug)]
pub struct Guidance {
    /// What is still missing.
    pub missing: Amount,
    /// The fewest disks that have it, the one to attach next first, each with what it brings that
    /// those before it do not.
    pub order: Vec<(Disk, Amount)>,
}

/// How often it is looked whether a disk has come.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a wish to stop may go unheard.
const LISTEN_EVERY: Duration = Duration::from_millis(100);

/// Restores from the disks at hand, then asks for one disk after the other and goes on with each,
/// until nothing is missing that any disk should have. The report is of the whole job.
pub fn guided_restore(
    catalog: &Catalog,
    disks: Vec<Attached>,
    destination: &Path,
    options: &RestoreOptions,
    ask: &mut dyn FnMut(&Guidance),
    progress: &dyn Progress,
) -> Result<RestoreReport> {
    let mut tried = super::known(catalog, &disks)?;
    let mut report = restore(catalog, &disks, destination, options, progress)?;
    drop(disks);
    loop {
        report.remaining.leave_out(tried);
        let guidance = guidance(catalog, &report)?;
        if guidance.order.is_empty() {
            return Ok(report);
        }
        ask(&guidance);
        progress.task("wait", 0, Size::ZERO);
        let useful = report.remaining.disks();
        let came = wait(catalog, useful, progress)?;
        let known = super::known(catalog, &came)?;
        tried = DiskSet(tried.0 | known.0);
        let more = restore(catalog, &came, destination, options, progress)?;
        report.go_on(more);
    }
}

fn guidance(catalog: &Catalog, report: &RestoreReport) -> Result<Guidance> {
    let disks = catalog.disks()?;
    let named =
        |(index, amount): (DiskIndex, Amount)| Some((disks.iter().find(|disk| disk.index == index)?.clone(), amount));
    let order: Vec<_> = report.remaining.disks_to_attach().into_iter().filter_map(named).collect();
    Ok(Guidance { missing: order.iter().map(|(_, amount)| *amount).sum(), order })
}

/// Waits until one of the disks is attached: who has another one at hand than was asked for is served
/// too. One that is refused is told of once.
fn wait(catalog: &Catalog, useful: DiskSet, progress: &dyn Progress) -> Result<Vec<Attached>> {
    let mut told = HashSet::new();
    loop {
        let mut came = Vec::new();
        for disk in catalog.disks()?.into_iter().filter(|disk| useful.contains(disk.index)) {
            match attach::find_attached(catalog, &disk) {
                Ok(attached) => came.push(attached),
                Err(error) if error.kind() == Kind::NotFound => {}
                Err(error) => {
                    if told.insert(disk.index) {
                        progress.problem(&Problem::new(disk.name.as_str(), error));
                    }
                }
            }
        }
        if !came.is_empty() {
            return Ok(came);
        }
        let mut waited = Duration::ZERO;
        while waited < LOOK_EVERY {
            progress.check()?;
            sleep(LISTEN_EVERY);
            waited += LISTEN_EVERY;
        }
    }
}

impl RestoreReport {
    /// Adds what the next disk brought. What is missing, different or a problem is what it is now.
    fn go_on(&mut self, next: Self) {
        let before = std::mem::replace(self, next);
        self.written += before.written;
        self.cloned += before.cloned;
        self.linked += before.linked;
        self.made += before.made;
        self.bad += before.bad;
        self.unread += before.unread;
        self.faulty.extend(before.faulty);
        self.present = before.present;
    }
}
