//! Reading copies from the medium, several at a time, until all are read or the time is up.

use super::{PAGE, PAGE_BYTES, Run};
use crate::catalog::{Catalog, Copy};
use crate::digest;
use crate::disk::Attached;
use crate::error::Result;
use crate::model::{DiskIndex, ObjectId, ObjectKey, Size};
use crate::ops::parallel;
use crate::os::{self, Advice};
use crate::progress::Progress;
use std::io;
use std::time::Instant;

/// The hash that a copy has; none if it was not read.
pub(super) type Answer = Option<io::Result<ObjectId>>;

impl Run<'_> {
    /// Reads what was chosen, page by page. What was read is recorded, whatever ends the run.
    pub(super) fn read_all(&mut self) -> Result<()> {
        let read = self.read_pages();
        self.record_proven()?;
        read
    }

    fn read_pages(&mut self) -> Result<()> {
        let mut after = 0;
        loop {
            let mut page = self.catalog.chosen_copies(self.disk.index, after, PAGE)?;
            page.truncate(together(&page));
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = *last;
            let page: Vec<_> = page.into_iter().map(|(_, copy)| copy).collect();
            self.cold.forget();
            let answers = self.read_page(&page)?;
            self.report.timed_out = !self.progress.stopped() && answers.iter().any(Option::is_none);
            self.judge(&page, answers)?;
            self.progress.check()?;
            if self.report.timed_out {
                return Ok(());
            }
        }
    }

    /// Reads a page of copies on several threads, while what the last one gave is recorded; the answers
    /// come in order.
    fn read_page(&mut self, page: &[Copy]) -> Result<Vec<Answer>> {
        let mut answers: Vec<Answer> = page.iter().map(|_| None).collect();
        let mut recorded = Ok(());
        let (attached, progress, deadline) = (&self.attached, self.progress, self.deadline);
        let record = || recorded = record(self.catalog, self.disk.index, &mut self.proven);
        parallel::for_each_while(
            parallel::readers(self.options.jobs, attached.turn().spins()),
            page.iter().zip(answers.iter_mut()),
            || !progress.stopped() && deadline.is_none_or(|deadline| Instant::now() < deadline),
            || vec![0; digest::BUFFER],
            |buffer, (copy, slot)| {
                let read = read_copy(attached, copy, buffer, progress);
                *slot = (!progress.stopped()).then_some(read);
                progress.advance(1, Size::ZERO);
            },
            record,
        );
        recorded.map(|()| answers)
    }

    fn record_proven(&mut self) -> Result<()> {
        record(self.catalog, self.disk.index, &mut self.proven)
    }
}

/// Records what was read and right, and empties the list.
fn record(catalog: &Catalog, disk: DiskIndex, proven: &mut Vec<ObjectKey>) -> Result<()> {
    let (proven, today) = (std::mem::take(proven), os::now().day());
    if proven.is_empty() {
        return Ok(());
    }
    catalog.atomically(|catalog| catalog.mark_proven(disk, proven.into_iter(), today))
}

/// How many copies are read before that is recorded.
fn together(page: &[(i64, Copy)]) -> usize {
    let mut bytes = Size::ZERO;
    let begins_in_time = |(_, copy): &&(i64, Copy)| {
        let before = bytes;
        bytes += copy.size;
        before < PAGE_BYTES
    };
    page.iter().take_while(begins_in_time).count()
}

fn read_copy(attached: &Attached, copy: &Copy, buffer: &mut [u8], progress: &dyn Progress) -> io::Result<ObjectId> {
    let file = attached.open_object(copy.id)?;
    // What the page cache says proves nothing of the medium.
    os::advise(&file, Advice::DontNeed);
    os::advise(&file, Advice::Sequential);
    let hashed = digest::hash_stream(&mut attached.turn().reader(&file, copy.size), copy.size, buffer, |block| {
        progress.advance(0, Size(block.len() as u64));
        if progress.stopped() { Err(io::Error::other("stopped")) } else { Ok(()) }
    });
    os::advise(&file, Advice::DontNeed);
    hashed.map(|(id, _)| id)
}
