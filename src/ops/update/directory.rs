//! One directory: its own entry, and each name in it as it was and as it is.

use super::compare::{self, Look, Pair, Trust};
use super::scan::{Scan, Tag};
use crate::catalog::{FileRecord, Known, Pending};
use crate::error::Result;
use crate::model::{Content, FileSystemId, Kind, Name, Problem, Size, VPath};
use crate::source::{Child, Job, LeftOut, Listing};
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

impl Scan<'_, '_> {
    pub(super) fn put_directory(
        &mut self,
        job: &Job<Tag>,
        listing: &Listing,
        file_system: FileSystemId,
        stable: bool,
    ) -> Result<()> {
        self.run.report.directories += 1;
        // A map's own folder is in no listing: it is looked at here.
        self.run.report.seen += u64::from(job.path.is_empty() && job.tag.entry.is_some());
        let Some((parent, name, known)) = &job.tag.entry else { return Ok(()) };
        let trust = Trust { file_system, stable, ignore_ctime: false };
        if known.as_ref().is_some_and(|known| compare::look(known, &listing.stat, trust) == Look::Same) {
            return Ok(());
        }
        let mut record = self.run.record(*parent, name.clone(), listing.stat, file_system);
        record.directory = Some(job.tag.id);
        record.xattrs.clone_from(&listing.xattrs);
        self.run.put(&record)
    }

    pub(super) fn compare(
        &mut self,
        job: &Job<Tag>,
        listing: Listing,
        known: Vec<Known>,
        file_system: FileSystemId,
        stable: bool,
    ) -> Result<()> {
        let taken = job.tag.path.as_ref().map(|path| self.places.names_below(path)).unwrap_or_default();
        let rules = self.rules(job);
        let sides = self.sides(job, &listing)?;
        let failed: Vec<Name> = listing.problems.iter().map(|(name, _)| name.clone()).collect();
        let wanted = |name| [true, false].iter().all(|directory| rules.left_out(name, *directory).is_none());
        let problems = listing.problems.iter().filter(|(name, _)| wanted(name));
        problems.for_each(|(_, problem)| self.run.problem(problem));
        let mut left = taken.clone();
        for pair in compare::pair(known, listing.children) {
            let Some(name) = pair.name().cloned() else { continue };
            let aside = sides.leave_out(&name).then_some(LeftOut::Ignored);
            if let Some(why) = rules.left_out(&name, pair.is_directory()).or(aside) {
                left.remove(&name);
                self.leave_out(job, pair, why)?;
            } else if taken.contains(&name) {
                let path = job.tag.path.as_ref().map(|path| path.join(&name)).unwrap_or_default();
                let is_directory = pair.found.as_ref().is_some_and(|found| found.stat.kind == Kind::Directory);
                let known_id = pair.known.as_ref().and_then(|known| known.directory);
                match known_id.filter(|_| failed.contains(&name)) {
                    _ if self.places.map_at(&path).is_some() => {
                        self.enter(&path, Some((job.tag.id, name.clone(), pair.known)), job.tag.source)?;
                    }
                    _ if is_directory => self.one(job, pair, file_system, stable)?,
                    Some(id) => self.enter_below(&path, id, true, job.tag.source)?,
                    None => self.enter(&path, Some((job.tag.id, name.clone(), pair.known)), job.tag.source)?,
                }
                left.remove(&name);
            } else if !failed.contains(&name) {
                self.one(job, pair, file_system, stable)?;
            }
        }
        for name in left {
            let path = job.tag.path.as_ref().map(|path| path.join(&name)).unwrap_or_default();
            self.enter(&path, Some((job.tag.id, name, None)), job.tag.source)?;
        }
        Ok(())
    }

    pub(super) fn one(&mut self, job: &Job<Tag>, pair: Pair, file_system: FileSystemId, stable: bool) -> Result<()> {
        self.run.report.seen += 1;
        self.run.progress.advance(1, Size::ZERO);
        if pair.known.as_ref().is_some_and(|known| known.stat.kind == Kind::File)
            && let Some(source) = self.sources.get_mut(job.tag.source as usize)
        {
            source.known_files += 1;
        }
        let Some(found) = pair.found else {
            return pair.known.map_or(Ok(()), |known| self.gone(job, &known));
        };
        if found.stat.kind == Kind::Directory {
            return self.descend(job, &found, pair.known);
        }
        let had_content = |known: &&Known| matches!(known.stat.kind, Kind::Directory | Kind::File);
        let replaced = pair.known.as_ref().filter(|known| known.stat.kind != found.stat.kind).filter(had_content);
        if let Some(known) = replaced {
            // What it held goes with it, if the guard believes that.
            self.gone(job, known)?;
        }
        let in_place_of_content = replaced.is_some();
        let trust = Trust { file_system, stable, ignore_ctime: self.run.options.ignore_ctime };
        let known = pair.known.as_ref().filter(|known| !self.run.wants_rehash(known));
        let look = known.map_or(Look::Different, |known| compare::look(known, &found.stat, trust));
        match (look, found.stat.kind) {
            (Look::Same, _) => Ok(()),
            (Look::Adopted | Look::Touched, _) => {
                known.map_or(Ok(()), |known| self.put_touched(job, found, known, file_system))
            }
            (Look::Different, Kind::File) => self.list_pending(job, found, pair.known.as_ref(), file_system),
            (Look::Different, _) => self.put_special(job, found, file_system, in_place_of_content),
        }
    }

    /// Records the mode, owner and attributes of a file whose content is believed to be the same.
    fn put_touched(&mut self, job: &Job<Tag>, found: Child, known: &Known, file_system: FileSystemId) -> Result<()> {
        let path = join(&job.path, &found.name);
        match job.root.xattrs(&path) {
            Ok(xattrs) => {
                let record = self.run.record(job.tag.id, found.name, found.stat, file_system);
                self.run.put(&FileRecord { xattrs, content: known.content, hashed: known.hashed, ..record })
            }
            Err(error) => {
                self.run.unlooked(&job.root.real_path(&path), &error);
                Ok(())
            }
        }
    }

    pub(super) fn gone(&mut self, job: &Job<Tag>, known: &Known) -> Result<()> {
        self.run.catalog.add_vanished(job.tag.source, job.tag.id, known)
    }

    pub(super) fn descend(&mut self, job: &Job<Tag>, found: &Child, known: Option<Known>) -> Result<()> {
        if self.depth(job) >= VPath::DEEPEST {
            let place = job.root.real_path(&join(&job.path, &found.name));
            let what = format!("below more than {} other directories: left out", VPath::DEEPEST);
            self.run.problem(&Problem::new(place.as_os_str().as_bytes(), what));
            return Ok(());
        }
        let id = known.as_ref().and_then(|known| known.directory);
        let id = id.map_or_else(|| self.run.writer.new_directory(), Ok)?;
        let below = job.tag.path.as_ref().map(|path| path.join(&found.name));
        let path = below.filter(|path| !self.places.names_below(path).is_empty());
        let scope = job.tag.scope.child(&found.name, || self.place(job))?;
        let tag = Tag { source: job.tag.source, id, entry: Some((job.tag.id, found.name.clone(), known)), path, scope };
        self.jobs.push(Job { root: Arc::clone(&job.root), path: join(&job.path, &found.name), tag });
        Ok(())
    }

    /// How many directories a directory and those above it are in the virtual tree.
    fn depth(&self, job: &Job<Tag>) -> usize {
        let map = self.places.maps().get(job.tag.source as usize).map_or(0, |map| map.vpath.names().len());
        map + job.path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()).count()
    }

    pub(super) fn list_pending(
        &mut self,
        job: &Job<Tag>,
        found: Child,
        known: Option<&Known>,
        file_system: FileSystemId,
    ) -> Result<()> {
        let lost = |known: &Known| {
            let emptied = found.stat.size == Size::ZERO && known.stat.size > Size::ZERO;
            emptied || known.stat.kind == Kind::Directory
        };
        let shrunk = known.is_some_and(lost);
        if known.is_some_and(|known| is_another(known, &found, file_system)) {
            self.run.catalog.add_replaced(job.tag.id, &found.name)?;
        }
        let path = join(&job.path, &found.name);
        let source = job.tag.source;
        if let Some(slot) = self.sources.get_mut(source as usize) {
            slot.listed += 1;
        }
        let pending = Pending { parent: job.tag.id, name: found.name, source, path, file_system, stat: found.stat };
        self.run.catalog.add_pending(&pending, shrunk)
    }

    pub(super) fn put_special(
        &mut self,
        job: &Job<Tag>,
        found: Child,
        file_system: FileSystemId,
        in_place_of_content: bool,
    ) -> Result<()> {
        let path = join(&job.path, &found.name);
        let read = job.root.xattrs(&path).and_then(|xattrs| {
            let target = if found.stat.kind == Kind::Symlink { job.root.read_link(&path)? } else { Vec::new() };
            Ok((xattrs, target))
        });
        match read {
            Ok((xattrs, target)) => {
                let record = self.run.record(job.tag.id, found.name, found.stat, file_system);
                let record = FileRecord { xattrs, target, content: Content::None, ..record };
                if in_place_of_content {
                    self.run.replacing.push((job.tag.source, record));
                    return Ok(());
                }
                self.run.put(&record)
            }
            Err(error) => {
                self.run.unlooked(&job.root.real_path(&path), &error);
                Ok(())
            }
        }
    }
}

/// Whether another file stands where a known one did, which may have another name now.
fn is_another(known: &Known, found: &Child, file_system: FileSystemId) -> bool {
    known.file_system != Some(file_system) || known.stat.inode != found.stat.inode
}

fn join(path: &[u8], name: &Name) -> Vec<u8> {
    if path.is_empty() { name.as_bytes().to_vec() } else { [path, b"/", name.as_bytes()].concat() }
}
