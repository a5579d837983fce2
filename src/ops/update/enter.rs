//! Going into the places where source maps stand, and doubting what does not look like before.

use super::scan::{NO_MAP, Scan, Tag};
use crate::catalog::Known;
use crate::error::{Result, reason};
use crate::model::{DirectoryId, FileSystemId, Kind, Name, Problem, Size, Stat, Timestamp, VPath};
use crate::os;
use crate::source::{Job, LeftOut, Root};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

/// Where an entry stands: the directory above, its name, how it was known.
type Place = (DirectoryId, Name, Option<Known>);

/// What became of a map's own directory.
enum Entered {
    /// Nothing is left to do here.
    Done,
    /// What was known of it stays.
    Kept,
    /// What was known of it goes, unless the guard of this map does not believe that.
    Gone(u32),
}

impl Scan<'_, '_> {
    /// Goes into a place where a source map stands, or that leads to one or to something locked.
    /// `entry`: none for the root. `source`: the map around it, whose guard decides on what would
    /// be lost here.
    pub(super) fn enter(&mut self, path: &VPath, entry: Option<Place>, source: u32) -> Result<()> {
        let known = entry.as_ref().and_then(|(.., known)| known.as_ref()).and_then(|known| known.directory);
        let known = if entry.is_none() { Some(DirectoryId::ROOT) } else { known };
        let (kept, source) = match self.places.map_at(path) {
            None => (self.places.is_locked(path), source),
            Some(_) => match self.enter_map(path, entry.as_ref(), known, source)? {
                Entered::Done => return Ok(()),
                Entered::Kept => (true, source),
                Entered::Gone(source) => (false, source),
            },
        };
        let id = match (known, entry) {
            (Some(id), _) => id,
            (None, Some((parent, name, _))) => self.run.put_virtual(parent, name)?,
            (None, None) => DirectoryId::ROOT,
        };
        self.enter_below(path, id, kept, source)
    }

    fn enter_map(
        &mut self,
        path: &VPath,
        entry: Option<&Place>,
        known: Option<DirectoryId>,
        source: u32,
    ) -> Result<Entered> {
        let Some((own, map)) = self.places.map_at(path) else { return Ok(Entered::Kept) };
        if self.run.options.only.as_ref().is_some_and(|only| !only.contains(path)) {
            return Ok(Entered::Kept);
        }
        let folder = map.path.clone();
        let (scope, left_out) = self.handlings.of_map(path)?;
        if let Some(why) = left_out {
            return self.leave_map_out(path, entry, why);
        }
        match Root::open(&folder) {
            Ok(root) => {
                let id = known.map_or_else(|| self.run.writer.new_directory(), Ok)?;
                let root = Arc::new(root.following(self.handlings.followed(path)));
                if let Some(slot) = self.sources.get_mut(own as usize) {
                    slot.root = Some(Arc::clone(&root));
                }
                let tag = Tag { source: own, id, entry: entry.cloned(), path: Some(path.clone()), scope };
                self.jobs.push(Job { root, path: Vec::new(), tag });
                Ok(Entered::Done)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.is_loss_accepted(path) => {
                self.map_is_gone(path, entry, own, source)
            }
            Err(error) => {
                let why =
                    format!("{} (gone for good? --accept-loss {path}, then `dsb source unmap {path}`)", reason(&error));
                self.lock(path, folder.as_os_str().as_bytes().to_vec(), &why);
                Ok(if self.is_loss_accepted(path) { Entered::Gone(source) } else { Entered::Kept })
            }
        }
    }

    /// A map that is gone: what was known of it goes with it, but not what stays below it. `guard`:
    /// the map whose guard is asked about all of it, `around`: about the rest.
    fn map_is_gone(&mut self, path: &VPath, entry: Option<&Place>, guard: u32, around: u32) -> Result<Entered> {
        match entry {
            Some((parent, _, Some(known))) if self.places.names_below(path).is_empty() => {
                self.run.catalog.add_vanished(guard, *parent, known)?;
                Ok(Entered::Done)
            }
            _ => Ok(Entered::Gone(around)),
        }
    }

    fn leave_map_out(&mut self, path: &VPath, entry: Option<&Place>, why: LeftOut) -> Result<Entered> {
        self.note_left_out(why, &path.to_bytes());
        let never_seen = entry.is_some_and(|(.., known)| known.is_none());
        if never_seen && self.places.names_below(path).is_empty() {
            return Ok(Entered::Done);
        }
        if why == LeftOut::Locked { Ok(Entered::Kept) } else { self.map_is_gone(path, entry, NO_MAP, NO_MAP) }
    }

    fn is_loss_accepted(&self, path: &VPath) -> bool {
        self.run.options.accepted.loss.contains(path)
    }

    /// Goes into the places below a directory that cannot be looked at itself and stays as it was
    /// last seen.
    pub(super) fn enter_inner(&mut self, tag: &Tag) -> Result<()> {
        let Some(path) = tag.path.as_ref().filter(|path| !self.places.names_below(path).is_empty()) else {
            return Ok(());
        };
        let id = match &tag.entry {
            Some((parent, name, known)) if known.as_ref().and_then(|known| known.directory).is_none() => {
                self.run.put_virtual(*parent, name.clone())?
            }
            _ => tag.id,
        };
        self.enter_below(path, id, true, tag.source)
    }

    /// Goes into the places below one that has no real directory. While a map there is locked,
    /// what it had stays.
    pub(super) fn enter_below(&mut self, path: &VPath, id: DirectoryId, locked: bool, source: u32) -> Result<()> {
        let names = self.places.names_below(path);
        let known = self.run.catalog.children(id)?;
        for known in known.iter().filter(|known| !locked && !names.contains(&known.name)) {
            self.run.catalog.add_vanished(source, id, known)?;
        }
        for name in names {
            let known = known.iter().find(|known| known.name == name).cloned();
            self.enter(&path.join(&name), Some((id, name, known)), source)?;
        }
        Ok(())
    }

    pub(super) fn lock(&mut self, path: &VPath, place: Vec<u8>, why: &str) {
        self.run.report.locked.push(path.clone());
        let what = format!("{why}; {path} stays as it was last seen (is its drive attached and mounted?)");
        self.run.progress.problem(&Problem::new(place, what));
    }

    /// Whether a map's root is not to be believed: on another file system than before, or empty
    /// though it was not.
    pub(super) fn root_is_doubtful(
        &mut self,
        job: &Job<Tag>,
        file_system: FileSystemId,
        emptied: bool,
    ) -> Result<bool> {
        let (Some(path), Some(map)) = (&job.tag.path, self.places.maps().get(job.tag.source as usize)) else {
            return Ok(false);
        };
        let accepted = &self.run.options.accepted;
        let moved = map.file_system.is_some_and(|before| before != file_system);
        let why = if moved && !accepted.source.contains(path) {
            format!("is on another file system than before (a replaced drive? --accept-source {path})")
        } else if emptied && !accepted.loss.contains(path) {
            format!("is empty, and was not before (really emptied? --accept-loss {path})")
        } else {
            if let Some(source) = self.sources.get_mut(job.tag.source as usize) {
                source.file_system = Some(file_system);
            }
            return Ok(false);
        };
        let (path, place) = (path.clone(), map.path.as_os_str().as_bytes().to_vec());
        self.lock(&path, place, &why);
        if let Some(source) = self.sources.get_mut(job.tag.source as usize) {
            source.root = None;
        }
        self.enter_inner(&job.tag)?;
        Ok(true)
    }

    /// Whether an emptied directory is one that something was mounted on before.
    pub(super) fn is_bare_mount_point(&self, job: &Job<Tag>, now: FileSystemId) -> bool {
        let accepted = &self.run.options.accepted.loss;
        let accepted = self.places.maps().get(job.tag.source as usize).is_some_and(|map| accepted.contains(&map.vpath));
        let known = job.tag.entry.as_ref().and_then(|(.., known)| known.as_ref());
        let moved = known.and_then(|known| known.file_system).is_some_and(|before| before != now);
        !job.path.is_empty() && moved && !accepted
    }
}

/// How a directory looks that only a source map makes.
pub(super) fn virtual_directory(now: Timestamp) -> Stat {
    Stat {
        kind: Kind::Directory,
        size: Size::ZERO,
        allocated: Size::ZERO,
        mtime: now,
        ctime: now,
        birth: None,
        inode: 0,
        device: 0,
        mode: 0o755,
        uid: os::effective_user(),
        gid: os::effective_group(),
        links: 1,
        node: 0,
    }
}
