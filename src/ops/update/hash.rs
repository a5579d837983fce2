//! Reading what is new, on all cores; recording as it comes.

use super::scan::Source;
use super::{COMMIT_EVERY, Run};
use crate::catalog::Pending;
use crate::digest;
use crate::error::{Error, Result, reason};
use crate::model::{Amount, Content, Problem, Size};
use crate::ops::parallel;
use crate::progress::Progress;
use crate::source::{FileRead, ReadError, Root, read_file};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::thread;

/// All names of one file, to be read once.
struct Group {
    root: Arc<Root>,
    names: Vec<Pending>,
    /// Names that were not there any more when it was to be read.
    gone: Vec<Pending>,
}

type Answer = (Group, std::result::Result<FileRead, ReadError>);

/// Files handed to each reader ahead of time.
const AHEAD: usize = 16;
/// Files taken from the list at a time.
const PAGE: u32 = 512;

impl Run<'_> {
    /// Reads and records every file on the list.
    pub(super) fn hash(&mut self, sources: &[Source]) -> Result<()> {
        let amount = self.catalog.pending_amount()?;
        self.report.unhashed = amount;
        if amount.objects == 0 {
            return Ok(());
        }
        self.catalog.begin()?;
        self.catalog.set_unhashed(amount)?;
        self.progress.task("hash", amount.objects, amount.bytes);
        let progress = self.progress;
        thread::scope(|scope| {
            let threads = parallel::threads(self.options.jobs);
            let (give, groups) = bounded::<Group>(threads * AHEAD);
            let (answers, take) = bounded::<Answer>(threads * AHEAD);
            let mut started = 0;
            for _ in 0..threads {
                let (groups, answers) = (groups.clone(), answers.clone());
                let read = move || read_groups(&groups, &answers, progress);
                started += usize::from(thread::Builder::new().spawn_scoped(scope, read).is_ok());
            }
            if started == 0 {
                return Err(Error::no_thread());
            }
            drop((groups, answers));
            self.feed(sources, give, &take)
        })
    }

    /// Hands out all groups and records all answers.
    fn feed(&mut self, sources: &[Source], give: Sender<Group>, take: &Receiver<Answer>) -> Result<()> {
        let mut page: Vec<Pending> = Vec::new();
        let mut last: Option<Pending> = None;
        loop {
            if page.len() <= 1 || same_file(page.first(), page.last()) {
                let more = self.catalog.pending_after(last.as_ref(), PAGE)?;
                last = more.last().cloned().or(last);
                let at_end = more.is_empty();
                page.splice(0..0, more.into_iter().rev());
                if at_end && page.is_empty() {
                    break;
                }
                if !at_end {
                    continue;
                }
            }
            let names = next_group(&mut page);
            let root = names.first().and_then(|name| sources.get(name.source as usize)).and_then(|s| s.root.clone());
            let Some(root) = root else { continue };
            self.hand_out(Group { root, names, gone: Vec::new() }, &give, take)?;
        }
        drop(give);
        while self.await_answer(take)? {}
        Ok(())
    }

    /// Records the next answer; says whether more may come. While a large file is read, others
    /// have their turn with the catalog.
    fn await_answer(&mut self, take: &Receiver<Answer>) -> Result<bool> {
        match take.recv_timeout(COMMIT_EVERY) {
            Ok(answer) => self.answered(answer)?,
            Err(RecvTimeoutError::Timeout) => self.commit()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
        }
        Ok(true)
    }

    /// Hands one group to a reader; while all are busy, records what they have done.
    fn hand_out(&mut self, group: Group, give: &Sender<Group>, take: &Receiver<Answer>) -> Result<()> {
        let mut waiting = group;
        while let Err(TrySendError::Full(group)) = give.try_send(waiting) {
            waiting = group;
            self.await_answer(take)?;
        }
        Ok(())
    }

    fn answered(&mut self, (group, answer): Answer) -> Result<()> {
        self.progress.check()?;
        self.note_gone(&group.root, &group.gone);
        match answer {
            Ok(read) => self.record_read(group, &read)?,
            Err(ReadError::Stopped) => return Err(crate::error::Error::interrupted()),
            Err(error) => self.unread(&group, &error),
        }
        self.tick()
    }

    fn record_read(&mut self, group: Group, read: &FileRead) -> Result<()> {
        self.catalog.begin()?;
        let content = if read.stat.size == Size::ZERO {
            Content::None
        } else {
            Content::Object(self.catalog.object_key(read.id, read.stat.size, read.data)?)
        };
        for (position, name) in group.names.into_iter().enumerate() {
            if position > 0 && name.stat.inode != read.stat.inode {
                continue;
            }
            self.report.hashed += Amount::one(if position == 0 { read.stat.size } else { Size::ZERO });
            self.report.unhashed.objects = self.report.unhashed.objects.saturating_sub(1);
            self.report.unhashed.bytes -= if position == 0 { name.stat.size } else { Size::ZERO };
            let mut record = self.record(name.parent, name.name, read.stat, name.file_system);
            record.xattrs.clone_from(&read.xattrs);
            record.content = content;
            record.hashed = self.now.second();
            self.put(&record)?;
        }
        self.progress.advance(1, Size::ZERO);
        self.catalog.set_unhashed(self.report.unhashed)
    }

    /// A file that could not be read keeps what was last known of it. One that is gone is none: files
    /// come and go while an update runs, and the next one sees what is left.
    fn unread(&mut self, group: &Group, error: &ReadError) {
        let what = match error {
            ReadError::Gone => {
                self.note_gone(&group.root, &group.names);
                self.report.unhashed.bytes -= group.names.first().map_or(Size::ZERO, |name| name.stat.size);
                return self.progress.advance(1, Size::ZERO);
            }
            ReadError::Changing => "kept changing while it was read; left for the next update".to_owned(),
            ReadError::Stopped => "not read".to_owned(),
            ReadError::Io(error) => reason(error),
        };
        for name in &group.names {
            let place = group.root.real_path(&name.path);
            self.problem(&Problem::new(place.as_os_str().as_bytes(), &what));
        }
        self.progress.advance(1, Size::ZERO);
    }
}

impl Run<'_> {
    fn note_gone(&mut self, root: &Root, names: &[Pending]) {
        for name in names {
            let place = root.real_path(&name.path);
            let place = crate::model::escape(place.as_os_str().as_bytes()).into_owned();
            self.progress.detail(&format!("{place}: vanished while the update ran"));
        }
        let unhashed = &mut self.report.unhashed;
        unhashed.objects = unhashed.objects.saturating_sub(names.len() as u64);
    }
}

/// Takes the next file and its other names off a page that is ordered backwards.
fn next_group(page: &mut Vec<Pending>) -> Vec<Pending> {
    let mut names: Vec<Pending> = page.pop().into_iter().collect();
    while names.first().is_some_and(|first| first.stat.links > 1 && same_file(Some(first), page.last())) {
        names.extend(page.pop());
    }
    names
}

fn same_file(a: Option<&Pending>, b: Option<&Pending>) -> bool {
    let key = |file: &Pending| (file.file_system, file.stat.inode, file.source);
    a.is_some() && a.map(key) == b.map(key)
}

fn read_groups(groups: &Receiver<Group>, answers: &Sender<Answer>, progress: &dyn Progress) {
    let mut buffer = vec![0; digest::BUFFER];
    for mut group in groups {
        let answer = read_group(&mut group, &mut buffer, progress);
        if answers.send((group, answer)).is_err() {
            return;
        }
    }
}

/// Reads a file by the first of its names that is still there: programs give a new file its name and
/// then take away the one that it was written under.
fn read_group(
    group: &mut Group,
    buffer: &mut [u8],
    progress: &dyn Progress,
) -> std::result::Result<FileRead, ReadError> {
    let mut gone = 0;
    let answer = loop {
        let path = group.names.get(gone).map(|name| name.path.as_slice()).unwrap_or_default();
        match read_file(&group.root, path, buffer, progress) {
            Err(ReadError::Gone) if gone + 1 < group.names.len() => gone += 1,
            answer => break answer,
        }
    };
    group.gone = group.names.drain(..gone).collect();
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DirectoryId, FileSystemId, Name};
    use crate::os;
    use crate::progress::Silent;

    #[test]
    fn a_file_is_read_by_a_name_that_is_still_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("final"), "content").unwrap();
        let file = std::fs::File::open(folder.path().join("final")).unwrap();
        let stat = os::stat(std::os::fd::AsFd::as_fd(&file)).unwrap();
        let name = |name: &str| Pending {
            source: 0,
            parent: DirectoryId::ROOT,
            name: Name::new(name.as_bytes()).unwrap(),
            path: name.as_bytes().to_vec(),
            stat,
            file_system: FileSystemId(1),
        };
        let read = |names: &[&str]| {
            let root = Arc::new(Root::open(folder.path()).unwrap());
            let mut group = Group { root, names: names.iter().copied().map(name).collect(), gone: Vec::new() };
            let answer = read_group(&mut group, &mut vec![0; digest::BUFFER], &Silent);
            (answer.map(|read| read.stat.size).ok(), group.names.len(), group.gone.len())
        };
        assert_eq!(read(&["tmp", "final", "other"]), (Some(Size(7)), 2, 1));
        assert_eq!(read(&["final"]), (Some(Size(7)), 1, 0));
        assert_eq!(read(&["tmp", "tmp-2"]), (None, 1, 1));
    }
}
