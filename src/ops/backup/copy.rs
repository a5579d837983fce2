//! The bytes of one batch: several threads, each a file at a time.

use crate::disk::{Batch, Copied, CopyError};
use crate::error::reason;
use crate::model::{ObjectId, Size};
use crate::ops::origins::Origin;
use crate::ops::parallel;
use crate::os;
use crate::plan::Reason;
use crate::progress::Progress;
use std::collections::VecDeque;
use std::fs::File;
use std::io;

/// One copy to be made.
pub struct Task<'o> {
    /// Its index on the shelf.
    pub item: u32,
    /// The object.
    pub id: ObjectId,
    /// Its length.
    pub size: Size,
    /// What it takes on the disk.
    pub footprint: Size,
    /// Whether zeros are to become holes.
    pub sparse: bool,
    /// Where its bytes should be; the first that gave them is the last that is left.
    pub origins: VecDeque<Origin<'o>>,
    /// The first of these, open already.
    pub file: Option<File>,
    /// Why the copy is made.
    pub reason: Reason,
}

/// What became of a copy.
#[derive(Debug)]
pub enum Written {
    /// It waits for the batch to be committed.
    Done,
    /// Its source could not give it, or the disk cannot hold such a file; why.
    Skipped(String),
    /// Its source has other bytes.
    Differs,
    /// The disk has no room for it.
    Full,
    /// The disk failed; how.
    Failed(String),
    /// Not begun: the batch was full before, or the person asked to stop.
    Waiting,
}

impl Task<'_> {
    /// Where its bytes lie: tasks are best done in this order.
    pub fn place(&self) -> Option<(usize, u64)> {
        self.origins.front()?.place()
    }

    /// Opens the first origin that looks right; if none does, why the last one does not.
    pub fn open(&mut self) -> Result<(), String> {
        let mut why = "no file of the source has it any more".to_owned();
        while let (None, Some(origin)) = (&self.file, self.origins.front()) {
            match origin.open(self.size) {
                Ok(file) => self.file = Some(file),
                Err(reason) => {
                    why = reason;
                    self.origins.pop_front();
                }
            }
        }
        if self.file.is_some() { Ok(()) } else { Err(why) }
    }

    /// Copies from one origin after the other until one has the right bytes.
    fn copy(&mut self, batch: &Batch<'_>, progress: &dyn Progress) -> Written {
        loop {
            if progress.stopped() {
                return Written::Waiting;
            }
            if let Err(why) = self.open() {
                return Written::Skipped(why);
            }
            let Some((file, origin)) = self.file.take().zip(self.origins.front()) else { continue };
            let copied = {
                let mut reader = origin.turn().reader(&file, self.size);
                batch.copy(&mut reader, self.id, self.size, self.sparse, progress)
            };
            os::advise(&file, os::Advice::DontNeed);
            let failed = match copied {
                Ok(Copied::Done) => return Written::Done,
                Ok(Copied::Differs(_)) => match self.origins.front() {
                    Some(Origin::Source(_)) | None => Written::Differs,
                    Some(elsewhere) => Written::Skipped(elsewhere.differs()),
                },
                Err(CopyError::Source(error)) => Written::Skipped(reason(&error)),
                Err(CopyError::Stopped) => return Written::Waiting,
                Err(CopyError::Disk(error)) if is_full(&error) => return Written::Full,
                Err(CopyError::Disk(error)) if error.kind() == io::ErrorKind::FileTooLarge => {
                    return Written::Skipped(format!("the disk takes no file of {}", self.size));
                }
                Err(CopyError::Disk(error)) => return Written::Failed(reason(&error)),
            };
            self.origins.pop_front();
            if self.origins.is_empty() {
                return failed;
            }
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Copies tasks into a batch until it is full, answering for each in order.
pub fn copy_all(batch: &Batch<'_>, tasks: &mut [Task<'_>], threads: usize, progress: &dyn Progress) -> Vec<Written> {
    let mut written: Vec<Written> = tasks.iter().map(|_| Written::Waiting).collect();
    parallel::for_each(
        threads.min(tasks.len()),
        tasks.iter_mut().zip(written.iter_mut()),
        || !batch.is_full(),
        || (),
        |(), (task, slot)| {
            *slot = task.copy(batch, progress);
            progress.advance(1, Size::ZERO);
        },
    );
    written
}
