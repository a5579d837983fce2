//! The disk is attached: good copies for it from wherever they are at hand.

use super::{RepairReport, Run, Wanted};
use crate::disk::Attached;
use crate::error::{Kind, Result};
use crate::model::{Amount, Disk};
use crate::ops::attach;
use crate::ops::backup::{self, Carried, Carrier, Planned};
use crate::ops::origins::Elsewhere;
use crate::ops::shelf::Shelf;
use crate::ops::verify::{Reading, VerifyOptions, verify};
use crate::os;
use crate::plan::{Plan, Reason, Step};
use std::collections::HashSet;

impl Run<'_> {
    /// Brings good copies onto the disk.
    pub(super) fn mend(&self, disk: &Disk) -> Result<RepairReport> {
        let mut report = RepairReport { attached: true, ..RepairReport::default() };
        let options = VerifyOptions { reading: Reading::Bad, ..VerifyOptions::default() };
        report.reread = verify(self.catalog, disk.clone(), &options, &mut |_| Ok(()), self.progress)?.good;
        if !self.catalog.lost_on(disk.index, &[], 1)?.is_empty() {
            report.carried = self.in_session(disk)?;
            report.repaired = report.carried.first;
            report.problems = report.carried.problems;
        }
        self.clean_stage(disk)?;
        self.sum_up(disk, report)
    }

    /// What is wanted is asked once the session has begun: what an earlier one left that was cut off
    /// is known only then.
    fn in_session(&self, disk: &Disk) -> Result<Carried> {
        let now = os::now();
        let (catalog, progress) = (self.catalog, self.progress);
        let mut disk = attach::named_disk(catalog, disk.name.as_str())?;
        let mut attached = attach::find_attached(catalog, &disk)?;
        attach::begin_session(catalog, &mut disk, &mut attached, progress)?;
        let mut planned = self.planned(disk, &attached)?;
        let (ended, mut carried) = self.carry(&mut planned, &attached)?;
        if !ended.as_ref().is_err_and(|error| error.kind() != Kind::Interrupted) {
            let closed = backup::close(catalog, &mut planned.disk, &mut attached, now, progress)?;
            carried.problems += closed.missing;
        }
        ended.map(|()| carried)
    }

    /// Copies of all that is wanted and at hand, for which nothing goes.
    fn planned(&self, mut disk: Disk, attached: &Attached) -> Result<Planned> {
        let loaded = Shelf::load(self.catalog, os::now())?;
        let wanted = self.wanted(&loaded, &disk)?.into_iter().filter(|wanted| self.is_at_hand(wanted));
        let copy = |wanted: Wanted| Step::Copy {
            item: wanted.item,
            reason: Reason::New,
            exchange: Vec::new(),
            evict: Vec::new(),
        };
        let plan = Plan { steps: wanted.map(copy).collect(), ..Plan::default() };
        disk.footprint = attached.footprint()?;
        disk.reserve = loaded.reserve(disk.reserve, (disk.footprint, disk.fanout));
        let facts = backup::facts_now(&loaded, &disk, attached)?;
        let (room, taken, room_for_trees) = (facts.room(), facts.taken(), facts.for_trees());
        let (standing, withheld) = (self.catalog.standing()?, Amount::default());
        Ok(Planned {
            disk,
            shelf: loaded,
            room,
            taken,
            room_for_trees,
            standing,
            evicts: false,
            plan,
            linked: HashSet::new(),
            withheld,
        })
    }

    fn is_at_hand(&self, wanted: &Wanted) -> bool {
        self.is_on_a_disk(wanted) || wanted.present || self.stage.is_some_and(|stage| stage.has(wanted.id, wanted.size))
    }

    /// Copies as a backup does: in batches, claimed once they are durable, within the budget. How it
    /// ended, and what was done until then.
    fn carry(&self, planned: &mut Planned, attached: &Attached) -> Result<(Result<()>, Carried)> {
        let disks = self.others.iter().map(|(index, attached)| (*index, attached)).collect();
        let elsewhere = Elsewhere { disks, stage: self.stage };
        let carrier = Carrier::new(self.catalog, planned, attached, self.options.jobs, self.progress)?;
        let mut carrier = carrier.with(elsewhere);
        let ended = carrier.run();
        Ok((ended, carrier.carried()))
    }
}
