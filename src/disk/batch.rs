//! Objects on their way to a disk: many written, then flushed together, named, flushed again.

use super::folders::open_folder;
use super::store::again;
use super::{Attached, OBJECTS, temporary};
use crate::digest;
use crate::error::Result;
use crate::model::{Fanout, ObjectId, Size};
use crate::os;
use crate::progress::Progress;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A batch that holds so many objects is to be committed.
pub const BATCH_OBJECTS: usize = 8192;
/// A batch that holds so many bytes is to be committed.
pub const BATCH_BYTES: Size = Size(256_000_000);
/// A batch that is so old is to be committed.
pub const BATCH_TIME: Duration = Duration::from_secs(5);

/// From this size on room is taken first, so that a full disk is met before the writing.
const ALLOCATE_FROM: Size = Size(1 << 20);

/// What became of one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// It waits for the batch to be committed.
    Done,
    /// The source holds other bytes, of this id as far as they were read; nothing was kept.
    Differs(ObjectId),
}

/// What ended one copy; nothing of it was kept.
#[derive(Debug)]
pub enum CopyError {
    /// The source could not be read.
    Source(io::Error),
    /// The disk could not be written.
    Disk(io::Error),
    /// The person asked to stop.
    Stopped,
}

impl From<digest::CopyError> for CopyError {
    fn from(error: digest::CopyError) -> Self {
        match error {
            digest::CopyError::Source(error) => Self::Source(error),
            digest::CopyError::Target(error) => Self::Disk(error),
            digest::CopyError::Stopped => Self::Stopped,
        }
    }
}

/// What a commit made durable.
#[derive(Debug, Default)]
pub struct Committed {
    /// These are wholly and durably in their places, each once, in order.
    pub ids: Vec<ObjectId>,
    /// These could not be given their names, and why.
    pub failed: Vec<(ObjectId, io::Error)>,
}

/// Objects written but not yet named. Several threads may copy into it at once. Dropped
/// without a commit it leaves nothing behind.
#[derive(Debug)]
pub struct Batch<'a> {
    disk: &'a Attached,
    dir: OwnedFd,
    since: Instant,
    gathered: Mutex<Gathered>,
}

#[derive(Debug, Default)]
struct Gathered {
    objects: Vec<Waiting>,
    bytes: Size,
}

/// An object under its temporary name.
#[derive(Debug)]
struct Waiting {
    id: ObjectId,
    name: OsString,
}

impl Attached {
    /// Begins an empty batch.
    pub fn begin_batch(&self) -> Result<Batch<'_>> {
        let failed = |error| self.failed("write to", &error);
        self.open_or_make(OBJECTS).map_err(failed)?;
        let dir = self.temporary_dir().map_err(failed)?;
        Ok(Batch { disk: self, dir, since: Instant::now(), gathered: Mutex::default() })
    }
}

impl Batch<'_> {
    /// Copies one object from an open file while hashing it.
    ///
    /// `sparse`: blocks of zeros become holes, if the disk keeps holes. What was copied counts
    /// only once the batch is committed. Progress is told the bytes as they are written.
    pub fn copy(
        &self,
        source: &mut impl Read,
        id: ObjectId,
        size: Size,
        sparse: bool,
        progress: &dyn Progress,
    ) -> std::result::Result<Copied, CopyError> {
        let name = temporary::name().map_err(CopyError::Disk)?;
        let target = os::create_beneath(self.dir.as_fd(), name.as_bytes(), 0o600).map_err(CopyError::Disk)?;
        let written = self.write(source, &target, size, sparse && self.disk.habits.keeps_holes, progress);
        drop(target);
        match written {
            Ok(found) if found == (id, size) => {
                self.gather(Waiting { id, name }, size);
                Ok(Copied::Done)
            }
            other => {
                self.discard(&name);
                other.map(|(found, _)| Copied::Differs(found))
            }
        }
    }

    fn write(
        &self,
        source: &mut impl Read,
        target: &File,
        size: Size,
        holes: bool,
        progress: &dyn Progress,
    ) -> std::result::Result<(ObjectId, Size), CopyError> {
        if !holes && size >= ALLOCATE_FROM {
            os::allocate(target, size.bytes()).map_err(CopyError::Disk)?;
        }
        let found = digest::copy(source, target, size, holes, progress)?;
        if !self.disk.habits.flushes_whole {
            // The flush has to be on this very descriptor, which alone is sure to hear of errors.
            target.sync_all().map_err(CopyError::Disk)?;
        }
        Ok(found)
    }

    fn gather(&self, waiting: Waiting, size: Size) {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.objects.push(waiting);
        gathered.bytes += size;
    }

    fn discard(&self, name: &OsStr) {
        // What stays behind is removed when the disk is next used.
        let _ = os::unlink(self.dir.as_fd(), name);
    }

    /// How many objects have gathered.
    pub fn len(&self) -> usize {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner).objects.len()
    }

    /// Whether nothing has gathered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes have gathered.
    pub fn bytes(&self) -> Size {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// How long ago it was begun.
    pub fn age(&self) -> Duration {
        self.since.elapsed()
    }

    /// Whether one of the limits is reached and the batch is to be committed.
    pub fn is_full(&self) -> bool {
        self.len() >= BATCH_OBJECTS || self.bytes() >= BATCH_BYTES || self.age() >= BATCH_TIME
    }

    /// Makes the data durable, gives all objects their names, makes the names durable, and
    /// looks whether the disk is still there. An object of the same name is replaced.
    ///
    /// After an error nothing of the batch may be claimed: it is to be copied again.
    pub fn commit(self) -> Result<Committed> {
        if self.is_empty() {
            return Ok(Committed::default());
        }
        let flush = || if self.disk.habits.flushes_whole { os::syncfs(self.disk.root()) } else { Ok(()) };
        let failed = |error| self.disk.failed("flush", &error);
        flush().map_err(failed)?;
        let committed = self.give_names().map_err(|error| self.disk.failed("name the objects on", &error))?;
        flush().map_err(failed)?;
        self.disk.still_there()?;
        Ok(committed)
    }

    /// Moves the objects to their places, folder by folder.
    fn give_names(&self) -> io::Result<Committed> {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.objects.sort_unstable_by_key(|object| object.id);
        let (objects, _) = self.disk.open_or_make(OBJECTS)?;
        let mut committed = Committed::default();
        let mut any_made = false;
        let fanout = self.disk.marker().fanout;
        for some in gathered.objects.chunk_by(|a, b| fanout.folder(a.id) == fanout.folder(b.id)) {
            any_made |= self.fill_folder(objects.as_fd(), fanout, some, &mut committed)?;
        }
        if any_made && !self.disk.habits.flushes_whole {
            os::fsync(objects.as_fd())?;
        }
        // What is still listed when the batch is dropped is unlinked.
        gathered.objects.clear();
        committed.ids.dedup();
        Ok(committed)
    }

    /// Moves the objects of one folder and says whether it had to be made. Fails only if what
    /// was moved cannot be made durable.
    fn fill_folder(
        &self,
        objects: BorrowedFd<'_>,
        fanout: Fanout,
        waiting: &[Waiting],
        committed: &mut Committed,
    ) -> io::Result<bool> {
        let Some(first) = waiting.first() else { return Ok(false) };
        let opened = open_folder(objects, &fanout.folder(first.id), !self.disk.habits.flushes_whole);
        let (folder, made) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                for object in waiting {
                    self.discard(&object.name);
                    committed.failed.push((object.id, again(&error)));
                }
                return Ok(false);
            }
        };
        for object in waiting {
            let place = object.id.to_string();
            match os::rename((self.dir.as_fd(), &object.name), (folder.as_fd(), OsStr::new(&place))) {
                Ok(()) => committed.ids.push(object.id),
                Err(error) => {
                    self.discard(&object.name);
                    committed.failed.push((object.id, error));
                }
            }
        }
        if !self.disk.habits.flushes_whole {
            os::fsync(folder.as_fd())?;
        }
        Ok(made)
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let objects = std::mem::take(&mut self.gathered.lock().unwrap_or_else(PoisonError::into_inner).objects);
        for object in objects {
            self.discard(&object.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::attached::tests::{disk, plain_disk};
    use crate::progress::Silent;
    use std::fs;
    use std::io::{Seek, Write};

    fn source(bytes: &[u8]) -> (File, ObjectId, Size) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        (file, ObjectId::new(openssl::sha::sha256(bytes)), Size(bytes.len() as u64))
    }

    fn copy(batch: &Batch<'_>, bytes: &[u8]) -> ObjectId {
        let (mut file, id, size) = source(bytes);
        assert_eq!(batch.copy(&mut file, id, size, false, &Silent).unwrap(), Copied::Done);
        id
    }

    fn temporary_files(disk: &Attached) -> usize {
        fs::read_dir(disk.path().join("distbackup-tmp")).unwrap().count()
    }

    #[test]
    fn a_commit_names_all() {
        for (_keep, disk) in [disk(), plain_disk()] {
            let batch = disk.begin_batch().unwrap();
            let mut ids: Vec<_> = (0..50_u8).map(|n| copy(&batch, &[n; 100])).collect();
            copy(&batch, &[3; 100]);
            assert_eq!((batch.len(), batch.bytes()), (51, Size(5100)));
            let committed = batch.commit().unwrap();
            ids.sort();
            assert_eq!(committed.ids, ids);
            for id in ids {
                let mut bytes = Vec::new();
                disk.open_object(id).unwrap().read_to_end(&mut bytes).unwrap();
                assert_eq!(id.as_bytes(), &openssl::sha::sha256(&bytes));
            }
            assert_eq!(temporary_files(&disk), 0);
        }
    }

    #[test]
    fn what_differs_is_not_kept() {
        let (_keep, disk) = disk();
        let batch = disk.begin_batch().unwrap();
        let (mut file, found, size) = source(b"new");
        let copied = batch.copy(&mut file, ObjectId::new([1; 32]), size, false, &Silent).unwrap();
        assert_eq!(copied, Copied::Differs(found));
        let (mut file, id, size) = source(b"longer than thought");
        assert!(matches!(batch.copy(&mut file, id, size - Size(1), false, &Silent), Ok(Copied::Differs(_))));
        assert!(batch.is_empty());
        assert_eq!(temporary_files(&disk), 0);
    }

    #[test]
    fn an_uncommitted_batch_leaves_nothing() {
        let (_keep, disk) = disk();
        let batch = disk.begin_batch().unwrap();
        let id = copy(&batch, b"x");
        drop(batch);
        assert_eq!(temporary_files(&disk), 0);
        assert!(!disk.has_object(id, Size(1)).unwrap());
    }

    #[test]
    fn threads_share_a_batch() {
        let (_keep, disk) = disk();
        let batch = disk.begin_batch().unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4_u8 {
                let batch = &batch;
                scope.spawn(move || {
                    for n in 0..20_u8 {
                        copy(batch, &[thread, n]);
                    }
                });
            }
        });
        assert_eq!(batch.commit().unwrap().ids.len(), 80);
    }

    #[test]
    fn a_folder_that_is_none_fails_only_its_own() {
        let (_keep, disk) = disk();
        let batch = disk.begin_batch().unwrap();
        let (bad, good) = (copy(&batch, b"a"), copy(&batch, b"b"));
        fs::write(disk.path().join(OBJECTS).join(Fanout::Three.folder(bad)), "").unwrap();
        let committed = batch.commit().unwrap();
        assert_eq!(committed.ids, [good]);
        assert_eq!(committed.failed.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [bad]);
        assert_eq!(temporary_files(&disk), 0);
    }

    #[test]
    fn nothing_is_claimed_of_a_disk_that_is_gone() {
        let (keep, disk) = disk();
        let batch = disk.begin_batch().unwrap();
        copy(&batch, b"a");
        fs::rename(disk.path(), keep.path().join("moved")).unwrap();
        assert!(batch.commit().is_err());
    }

    #[test]
    fn holes_stay_holes() {
        let (_keep, disk) = disk();
        let bytes = vec![0; 1 << 20];
        let (mut file, id, size) = source(&bytes);
        let batch = disk.begin_batch().unwrap();
        batch.copy(&mut file, id, size, true, &Silent).unwrap();
        batch.commit().unwrap();
        let stat = os::stat(disk.open_object(id).unwrap().as_fd()).unwrap();
        assert_eq!((stat.size, stat.allocated), (size, if disk.habits.keeps_holes { Size::ZERO } else { size }));
    }
}
