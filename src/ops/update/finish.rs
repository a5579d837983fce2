//! The end of an update, whichever way it came.

use super::Run;
use crate::error::Result;

impl Run<'_> {
    /// Records how the update ended. Only one that came to its end without any problem forgets
    /// what no policy holds: a bad day never costs an old state.
    pub(super) fn finish(&mut self, done: bool) -> Result<()> {
        let complete = done && self.report.is_complete();
        if let Some(snapshot) = self.writer.snapshot() {
            self.catalog.begin()?;
            // Of a suspect both contents are kept: the state is whole.
            let problems = self.report.problems + self.report.locked.len() as u64;
            self.catalog.finish_snapshot(snapshot, done, problems)?;
            self.options.tags.iter().try_for_each(|tag| self.catalog.tag_snapshot(snapshot, tag))?;
            self.catalog.raise_generation()?;
            if done {
                self.writer.sum_up()?;
            }
            self.report.snapshot = Some(snapshot);
        } else {
            if self.report.completed > 0 {
                self.catalog.begin()?;
                self.catalog.raise_generation()?;
            }
            if complete && self.has_seen_all()? {
                self.catalog.note_whole()?;
            }
            if done && !self.options.tags.is_empty() {
                self.tag_newest()?;
            }
        }
        if done {
            let (scanned, now) = (std::mem::take(&mut self.scanned), self.now);
            for (vpath, file_system) in scanned {
                self.catalog.begin()?;
                self.catalog.mark_scanned(&vpath, file_system, now)?;
            }
            self.catalog.forget_side_settings()?;
            self.catalog.set_unhashed(self.report.unhashed)?;
        }
        self.catalog.commit()?;
        if complete && !self.options.keeps_all && !self.is_leap()? {
            self.catalog.forget(|catalog| Ok(catalog.standing_with_last_copies()?.forgotten))?;
        }
        if done {
            self.catalog.sum_up_holdings()?;
            self.catalog.note_growth(self.now.day())?;
        }
        Ok(())
    }

    /// Where nothing changed the newest state is still the one that is meant.
    fn tag_newest(&self) -> Result<()> {
        let Some(newest) = self.catalog.snapshots()?.pop() else { return Ok(()) };
        self.catalog.begin()?;
        self.options.tags.iter().try_for_each(|tag| self.catalog.tag_snapshot(newest.id, tag))?;
        self.catalog.raise_generation().map(|_| ())
    }

    /// Whether it looked at every map there is.
    fn has_seen_all(&self) -> Result<bool> {
        let Some(only) = &self.options.only else { return Ok(true) };
        Ok(self.catalog.source_maps()?.iter().all(|map| only.contains(&map.vpath)))
    }

    fn is_leap(&self) -> Result<bool> {
        Ok(self.catalog.retention()?.is_leap(&self.catalog.snapshots()?))
    }
}
