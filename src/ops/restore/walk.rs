//! The tree from the top, without recursion: a hostile catalog may be deeper than any stack.

use super::Run;
use crate::catalog::TreeRow;
use crate::error::{Result, reason};
use crate::model::{DirectoryId, FileSystemId, Kind, Metadata, ObjectId, Stat, VPath};
use crate::os;
use std::collections::HashSet;
use std::io;

/// A directory that is being restored.
pub(super) struct Frame {
    /// Its entry; none for the root of the tree.
    row: Option<TreeRow>,
    path: VPath,
    /// Whether it is there: directories above what is wanted are made when something is.
    made: bool,
    rows: std::vec::IntoIter<TreeRow>,
}

impl Run<'_> {
    /// Restores all that is wanted.
    pub(super) fn walk(&mut self) -> Result<()> {
        let rows = self.list(&VPath::root(), DirectoryId::ROOT)?;
        let mut frames = vec![Frame { row: None, path: VPath::root(), made: true, rows }];
        // A hostile catalog may hold a directory inside itself, or each one twice in the one above it:
        // sixty levels of that would be more than any disk holds.
        let mut entered: HashSet<DirectoryId> = HashSet::from([DirectoryId::ROOT]);
        while let Some(frame) = frames.last_mut() {
            self.progress.check()?;
            let Some(row) = frame.rows.next() else {
                frames.pop().into_iter().for_each(|frame| self.leave(frame));
                continue;
            };
            let path = frame.path.join(&row.entry.name);
            let wanted = self.wants(&path);
            self.matched += u64::from(wanted);
            let wanted = wanted && !self.is_elsewhere(&path, &row) && self.has_place(&path);
            if wanted && !make_above(self, &mut frames) {
                continue;
            }
            match row.entry.directory.filter(|_| row.entry.metadata.kind == Kind::Directory) {
                Some(_) if frames.len() > VPath::DEEPEST => {
                    self.problem(&path, "it lies deeper than any tree that dsb backs up: left out");
                }
                Some(id) if !entered.insert(id) => {
                    self.problem(&path, "the catalog has this directory elsewhere too, or inside itself: left out");
                }
                Some(id) => {
                    let rows = self.list(&path, id)?;
                    let mut frame = Frame { row: Some(row), path, made: false, rows };
                    if !wanted || self.make(&mut frame) {
                        frames.push(frame);
                    }
                }
                None if wanted => self.entry(&path, row),
                None => {}
            }
            if self.has_gathered() {
                self.fetch_gathered()?;
            }
        }
        self.fetch_gathered()
    }

    /// Leaves a directory: it is finished when all files of it are there.
    fn leave(&mut self, frame: Frame) {
        if self.gathered.is_empty() {
            self.finish(&frame);
        } else {
            self.waiting.push(frame);
        }
    }

    /// What stands in a directory; what means nothing there is a problem, and no more than that.
    fn list(&mut self, path: &VPath, id: DirectoryId) -> Result<std::vec::IntoIter<TreeRow>> {
        let (rows, meaningless) = self.catalog.list_readable(id, self.options.view)?;
        if meaningless > 0 {
            self.problem(path, format_args!("{meaningless} entries of it in the catalog mean nothing: left out"));
        }
        Ok(rows.into_iter())
    }

    /// Makes one directory; says whether it is there now.
    fn make(&mut self, frame: &mut Frame) -> bool {
        if !frame.made {
            match self.destination.make_dir(&frame.path) {
                Ok(new) => {
                    frame.made = true;
                    self.report.made += u64::from(new);
                    if !new {
                        self.clean(&frame.path);
                    }
                }
                Err(error) => self.problem(&frame.path, format_args!("cannot make the directory: {}", reason(&error))),
            }
        }
        frame.made
    }

    /// Removes what a restore that was cut off left in a directory.
    pub(super) fn clean(&mut self, path: &VPath) {
        if let Err(error) = self.destination.clean(path) {
            self.problem(path, format_args!("cannot be cleaned of an earlier restore: {}", reason(&error)));
        }
    }

    /// Gives a directory its metadata once all it holds is there.
    pub(super) fn finish(&mut self, frame: &Frame) {
        let Some(row) = frame.row.as_ref().filter(|_| frame.made) else { return };
        match self.destination.apply(&frame.path, &row.entry.metadata, &self.applying) {
            Ok(unheld) => self.report.unheld += unheld,
            Err(error) => self.problem(&frame.path, reason(&error)),
        }
    }

    fn entry(&mut self, path: &VPath, row: TreeRow) {
        let done = match row.entry.metadata.kind {
            Kind::Directory => Ok(()),
            Kind::File => self.file(path, row),
            _ => self.special(path, &row),
        };
        if let Err(error) = done {
            self.problem(path, reason(&error));
        }
    }

    /// Makes a symlink, pipe, socket or device node.
    fn special(&mut self, path: &VPath, row: &TreeRow) -> io::Result<()> {
        let metadata = &row.entry.metadata;
        if self.link_to_first(path, row)? {
            return Ok(());
        }
        if let Some(found) = self.destination.look(path)? {
            let same = self.is_same_special(path, metadata, &found)?;
            if !same && !self.options.overwrite {
                self.left(path, row);
                return Ok(());
            }
            if same && found.mtime == metadata.mtime {
                self.report.present += 1;
                return Ok(());
            }
            self.destination.remove(path)?;
        }
        let made = match metadata.kind {
            Kind::Symlink => self.destination.symlink(path, &metadata.target),
            kind => self.destination.make_node(path, kind, metadata.node, &self.applying),
        };
        match made {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && !self.options.trusted => {
                self.report.withheld += 1;
                return Ok(());
            }
            made => made?,
        }
        self.report.made += 1;
        self.report.unheld += self.destination.apply(path, metadata, &self.applying)?;
        self.first_of_links(path, row);
        Ok(())
    }

    /// Whether what is there is the special: of its kind, and standing for the same.
    fn is_same_special(&self, path: &VPath, metadata: &Metadata, found: &Stat) -> io::Result<bool> {
        Ok(match found.kind {
            kind if kind != metadata.kind => false,
            Kind::Symlink => self.destination.read_link(path)? == metadata.target,
            _ => found.node == metadata.node,
        })
    }

    /// Names what is there and differs, and leaves it.
    pub(super) fn left(&mut self, path: &VPath, row: &TreeRow) {
        self.report.differing += 1;
        let what = if self.options.overwrite {
            "a folder is there already; left as it is (move it away and restore again)"
        } else {
            "another one is there already; left as it is (--overwrite replaces it)"
        };
        self.progress.problem(&crate::model::Problem::new(path.to_bytes(), what));
        self.advance(row.entry.metadata.size);
    }

    /// Gives a further name to a file that this run has come by under another one.
    pub(super) fn link_to_first(&mut self, path: &VPath, row: &TreeRow) -> io::Result<bool> {
        let Some(first) = link_of(row).and_then(|key| self.linked.get(&key)).cloned() else { return Ok(false) };
        match (self.destination.look(path)?, self.destination.look(&first)?) {
            (Some(here), Some(there)) if here.inode == there.inode => {
                self.report.present += 1;
                return Ok(true);
            }
            (Some(_), Some(_)) if self.has_bytes(path, row) => return Ok(self.name_again(&first, path)),
            (Some(_), _) if !self.options.overwrite => return Ok(false),
            (Some(_), Some(_)) => self.destination.remove(path)?,
            (_, None) => return Ok(false),
            (None, Some(_)) => {}
        }
        match self.destination.link(&first, path) {
            Err(error) if os::is_failure(&error) => return Err(error),
            // Where the destination has no hard links, each name gets a file of its own.
            Err(_) => return Ok(false),
            Ok(()) => {}
        }
        self.report.made += 1;
        self.advance(row.entry.metadata.size);
        Ok(true)
    }

    /// Makes what stands there, with the same bytes, one file with the first again: an earlier run
    /// that failed in between wrote the two one by one.
    fn name_again(&mut self, first: &VPath, path: &VPath) -> bool {
        let linked = self.destination.open_file(first).and_then(|file| self.destination.link_file(path, &file, true));
        self.report.present += u64::from(linked.is_ok());
        linked.is_ok()
    }

    /// Remembers where a file with several names stands.
    pub(super) fn first_of_links(&mut self, path: &VPath, row: &TreeRow) {
        if let Some(key) = link_of(row) {
            self.linked.entry(key).or_insert_with(|| path.clone());
        }
    }
}

/// What all names of one file have in common.
fn link_of(row: &TreeRow) -> Option<(FileSystemId, u64, Kind, Option<ObjectId>)> {
    row.entry.hard_link.map(|(file_system, inode)| (file_system, inode, row.entry.metadata.kind, row.object))
}

fn make_above(run: &mut Run<'_>, frames: &mut [Frame]) -> bool {
    frames.iter_mut().all(|frame| frame.made || run.make(frame))
}
