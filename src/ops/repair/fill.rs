//! The disk is not attached: what it lacks is brought from other disks onto the stage.

use super::{RepairReport, Run, Wanted};
use crate::disk::{CopyError, Stage};
use crate::error::{Result, reason};
use crate::model::{Disk, Problem, Size};
use crate::ops::origins::Elsewhere;
use crate::ops::shelf::Shelf;
use crate::os;

/// Bytes that the stage leaves free on this machine.
const LEFT_FREE: Size = Size(256 << 20);

impl Run<'_> {
    /// Brings what the disk lacks from those that are attached onto the stage.
    pub(super) fn fill(&self, disk: &Disk, stage: &Stage) -> Result<RepairReport> {
        let mut report = RepairReport::default();
        let mut coming = self.wanted(&Shelf::load(self.catalog, os::now())?, disk)?;
        coming.retain(|wanted| self.is_on_a_disk(wanted) && !stage.has(wanted.id, wanted.size));
        self.progress.task("stage", coming.len() as u64, coming.iter().map(|wanted| wanted.size).sum());
        let mut used: Size = stage.objects()?.into_iter().map(|(_, size)| size).sum();
        for wanted in &coming {
            self.progress.check()?;
            self.progress.advance(1, Size::ZERO);
            if !self.fits(stage, used, wanted.size)? {
                report.stage_full = true;
                continue;
            }
            match self.put(stage, wanted) {
                Ok(()) => used += wanted.size,
                Err(_) if self.progress.stopped() => {}
                Err(why) => {
                    report.problems += 1;
                    self.progress.problem(&Problem::new(wanted.id.to_string(), format_args!("not staged: {why}")));
                }
            }
        }
        self.progress.check()?;
        self.sum_up(disk, report)
    }

    fn fits(&self, stage: &Stage, used: Size, size: Size) -> Result<bool> {
        let is_within_limit = self.options.limit.is_none_or(|limit| used + size <= limit);
        Ok(is_within_limit && stage.free()? >= size + LEFT_FREE)
    }

    /// Copies one object from the first disk that has it right; if none does, why the last one does
    /// not.
    fn put(&self, stage: &Stage, wanted: &Wanted) -> std::result::Result<(), String> {
        let disks = self.others.iter().map(|(index, attached)| (*index, attached)).collect();
        let mut last = String::new();
        for origin in (Elsewhere { disks, stage: None }).origins(wanted.id, wanted.size, wanted.held) {
            let put = |mut file| stage.put(&mut file, wanted.id, wanted.size, self.progress);
            last = match origin.open(wanted.size).map(put) {
                Ok(Ok(true)) => return Ok(()),
                Ok(Ok(false)) => origin.differs(),
                Ok(Err(CopyError::Source(error) | CopyError::Disk(error))) => reason(&error),
                Ok(Err(CopyError::Stopped)) => return Err(last),
                Err(why) => why,
            };
        }
        Err(last)
    }

    /// Takes from the stage what the disk does not lack.
    pub(super) fn clean_stage(&self, disk: &Disk) -> Result<()> {
        let Some(stage) = self.stage else { return Ok(()) };
        for (id, _) in stage.objects()? {
            let key = self.catalog.find_object(id)?;
            let is_there =
                key.map(|key| self.catalog.disks_of(key)).transpose()?.is_some_and(|on| on.contains(disk.index));
            if is_there {
                stage.remove(id)?;
            }
        }
        Ok(())
    }
}
