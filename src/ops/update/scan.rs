//! The scan: every directory once, against what the catalog has of it.

use super::Run;
use super::compare::{self, Pair, Trust};
use super::places::Places;
use crate::catalog::{Known, Pending};
use crate::error::{Result, reason};
use crate::model::{Content, DirectoryId, FileSystemId, Kind, Name, Problem, Stat, VPath};
use crate::source::{Child, Identity, Job, Listing, Root, Walker};
use std::collections::HashMap;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

/// A source map as this update found it.
#[derive(Debug)]
pub struct Source {
    /// Where it stands.
    pub vpath: VPath,
    /// Its directory; none while it is locked.
    pub root: Option<Arc<Root>>,
    /// The file system of its root.
    pub file_system: Option<FileSystemId>,
    /// Files of it that the catalog knows and this scan came by.
    pub known_files: u64,
}

/// What is remembered of a directory until its listing comes.
struct Tag {
    source: u32,
    id: DirectoryId,
    /// Where its own entry stands: the directory above, its name, how it was known. None for the
    /// root of the virtual tree.
    entry: Option<(DirectoryId, Name, Option<Known>)>,
    /// Its virtual path, while source maps stand at or below it.
    path: Option<VPath>,
}

/// The state of one scan.
struct Scan<'r, 'a> {
    run: &'r mut Run<'a>,
    places: Places,
    sources: Vec<Source>,
    file_systems: HashMap<u64, (FileSystemId, bool)>,
    jobs: Vec<Job<Tag>>,
}

impl Run<'_> {
    /// Scans all maps; changed entries without content are recorded, files to read and vanished
    /// entries are listed.
    pub(super) fn scan(&mut self) -> Result<Vec<Source>> {
        self.progress.task("scan", 0, crate::model::Size::ZERO);
        let places = Places::new(self.catalog.source_maps()?);
        let source = |map: &crate::catalog::SourceMap| Source {
            vpath: map.vpath.clone(),
            root: None,
            file_system: None,
            known_files: 0,
        };
        let sources = places.maps().iter().map(source).collect();
        let own = Root::open(self.catalog.folder()).and_then(|root| root.stat()).ok();
        let walker = Walker::new(self.threads(), own.as_ref());
        let mut scan = Scan { run: self, places, sources, file_systems: HashMap::new(), jobs: Vec::new() };
        scan.enter(&VPath::root(), None)?;
        let jobs = std::mem::take(&mut scan.jobs);
        walker.walk(jobs, |listed, more| {
            scan.run.progress.check()?;
            let Some((job, listing)) = listed else { return scan.run.commit() };
            scan.arrived(&job, listing)?;
            scan.run.tick()?;
            more.append(&mut scan.jobs);
            Ok(())
        })?;
        Ok(scan.sources)
    }

    pub(super) fn threads(&self) -> usize {
        match self.options.jobs {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            jobs => jobs,
        }
    }
}

impl Scan<'_, '_> {
    /// Goes into a place where a source map stands, or that leads to one. `entry`: the directory
    /// above and how this name was known there; none for the root.
    fn enter(&mut self, path: &VPath, entry: Option<(DirectoryId, Name, Option<Known>)>) -> Result<()> {
        let known = entry.as_ref().and_then(|(.., known)| known.as_ref()).and_then(|known| known.directory);
        let known = if entry.is_none() { Some(DirectoryId::ROOT) } else { known };
        if let Some((source, map)) = self.places.map_at(path) {
            match Root::open(&map.path) {
                Ok(root) => {
                    let id = known.map_or_else(|| self.run.writer.new_directory(), Ok)?;
                    let root = Arc::new(root);
                    if let Some(slot) = self.sources.get_mut(source as usize) {
                        slot.root = Some(Arc::clone(&root));
                    }
                    let tag = Tag { source, id, entry, path: Some(path.clone()) };
                    self.jobs.push(Job { root, path: Vec::new(), tag });
                    return Ok(());
                }
                Err(error) => {
                    let place = map.path.as_os_str().as_bytes().to_vec();
                    self.lock(path, place, &reason(&error));
                }
            }
        }
        let locked = self.places.map_at(path).is_some();
        let id = match (known, entry) {
            (Some(id), _) => id,
            (None, Some((parent, name, _))) => self.run.put_virtual(parent, name)?,
            (None, None) => DirectoryId::ROOT,
        };
        self.enter_below(path, id, locked)
    }

    /// Goes into the places below one that has no real directory. While a map there is locked,
    /// what it had stays.
    fn enter_below(&mut self, path: &VPath, id: DirectoryId, locked: bool) -> Result<()> {
        let names = self.places.names_below(path);
        let known = self.run.catalog.children(id)?;
        for known in known.iter().filter(|known| !locked && !names.contains(&known.name)) {
            self.run.catalog.add_vanished(u32::MAX, id, known)?;
        }
        for name in names {
            let known = known.iter().find(|known| known.name == name).cloned();
            self.enter(&path.join(&name), Some((id, name, known)))?;
        }
        Ok(())
    }

    fn lock(&mut self, path: &VPath, place: Vec<u8>, why: &str) {
        self.run.report.locked.push(path.clone());
        let what = format!("{why}; {path} stays as it was last seen (is its drive attached and mounted?)");
        self.run.progress.problem(&Problem::new(place, what));
    }

    fn arrived(&mut self, job: &Job<Tag>, listing: io::Result<Listing>) -> Result<()> {
        let listing = match listing {
            Ok(listing) => listing,
            Err(error) => return self.unreadable(job, &error),
        };
        if let Some(why) = listing.left_out {
            *self.run.report.left_out.entry(why).or_default() += 1;
            let place = job.root.real_path(&job.path);
            self.run
                .progress
                .detail(&format!("left out ({why}): {}", crate::model::escape(place.as_os_str().as_bytes())));
            return self.vanished(&job.tag);
        }
        let (file_system, stable) = self.file_system(listing.stat.device, &listing.identity)?;
        let known = self.run.catalog.children(job.tag.id)?;
        if job.path.is_empty() && self.root_is_doubtful(job, &listing, file_system, known.is_empty())? {
            return Ok(());
        }
        if self.is_bare_mount_point(job, &listing, file_system, known.is_empty()) {
            let what = "is empty, and was on another file system before; kept as last seen (is a drive unmounted?)";
            let place = job.root.real_path(&job.path);
            self.run.problem(&Problem::new(place.as_os_str().as_bytes(), what));
            return Ok(());
        }
        self.put_directory(job, &listing, file_system, stable)?;
        self.compare(job, listing, known, file_system, stable)
    }

    /// A directory that cannot be read keeps what was last known of it.
    fn unreadable(&mut self, job: &Job<Tag>, error: &io::Error) -> Result<()> {
        if error.kind() == io::ErrorKind::NotFound && !job.path.is_empty() {
            return self.vanished(&job.tag);
        }
        let place = job.root.real_path(&job.path);
        let place = place.as_os_str().as_bytes().to_vec();
        if let (true, Some(path)) = (job.path.is_empty(), &job.tag.path) {
            self.lock(path, place, &reason(error));
        } else {
            self.run.problem(&Problem::new(place, format_args!("{}; kept as last seen", reason(error))));
        }
        Ok(())
    }

    fn vanished(&mut self, tag: &Tag) -> Result<()> {
        match &tag.entry {
            Some((parent, _, Some(known))) => self.run.catalog.add_vanished(tag.source, *parent, known),
            _ => Ok(()),
        }
    }

    /// Whether a map's root is not to be believed: on another file system than before, or empty
    /// though it was not.
    fn root_is_doubtful(
        &mut self,
        job: &Job<Tag>,
        listing: &Listing,
        file_system: FileSystemId,
        was_empty: bool,
    ) -> Result<bool> {
        let (Some(path), Some(map)) = (&job.tag.path, self.places.maps().get(job.tag.source as usize)) else {
            return Ok(false);
        };
        let accepted = &self.run.options.accepted;
        let moved = map.file_system.is_some_and(|before| before != file_system);
        let emptied = listing.children.is_empty() && !was_empty;
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
        self.enter_below(&path, job.tag.id, true)?;
        Ok(true)
    }

    fn is_bare_mount_point(&self, job: &Job<Tag>, listing: &Listing, now: FileSystemId, was_empty: bool) -> bool {
        let accepted = &self.run.options.accepted.loss;
        let accepted = self.places.maps().get(job.tag.source as usize).is_some_and(|map| accepted.contains(&map.vpath));
        let known = job.tag.entry.as_ref().and_then(|(.., known)| known.as_ref());
        let moved = known.and_then(|known| known.file_system).is_some_and(|before| before != now);
        !job.path.is_empty() && moved && !accepted && listing.children.is_empty() && !was_empty
    }

    fn put_directory(
        &mut self,
        job: &Job<Tag>,
        listing: &Listing,
        file_system: FileSystemId,
        stable: bool,
    ) -> Result<()> {
        self.run.report.directories += 1;
        let Some((parent, name, known)) = &job.tag.entry else { return Ok(()) };
        let trust = Trust { file_system, stable, ignore_ctime: false };
        if known.as_ref().is_some_and(|known| compare::is_unchanged(known, &listing.stat, trust)) {
            return Ok(());
        }
        let mut record = self.run.record(*parent, name.clone(), listing.stat, file_system);
        record.directory = Some(job.tag.id);
        record.xattrs.clone_from(&listing.xattrs);
        self.run.put(&record)
    }

    fn compare(
        &mut self,
        job: &Job<Tag>,
        listing: Listing,
        known: Vec<Known>,
        file_system: FileSystemId,
        stable: bool,
    ) -> Result<()> {
        let taken = job.tag.path.as_ref().map(|path| self.places.names_below(path)).unwrap_or_default();
        let failed: Vec<Name> = listing.problems.iter().map(|(name, _)| name.clone()).collect();
        listing.problems.iter().for_each(|(_, problem)| self.run.problem(problem));
        let mut left = taken.clone();
        for pair in compare::pair(known, listing.children) {
            let Some(name) = pair.name().cloned() else { continue };
            if taken.contains(&name) {
                let path = job.tag.path.as_ref().map(|path| path.join(&name)).unwrap_or_default();
                let is_directory = pair.found.as_ref().is_some_and(|found| found.stat.kind == Kind::Directory);
                if self.places.map_at(&path).is_none() && is_directory {
                    self.one(job, pair, file_system, stable)?;
                } else {
                    self.enter(&path, Some((job.tag.id, name.clone(), pair.known)))?;
                }
                left.remove(&name);
            } else if !failed.contains(&name) {
                self.one(job, pair, file_system, stable)?;
            }
        }
        for name in left {
            let path = job.tag.path.as_ref().map(|path| path.join(&name)).unwrap_or_default();
            self.enter(&path, Some((job.tag.id, name, None)))?;
        }
        Ok(())
    }

    fn one(&mut self, job: &Job<Tag>, pair: Pair, file_system: FileSystemId, stable: bool) -> Result<()> {
        self.run.report.seen += 1;
        self.run.progress.advance(1, crate::model::Size::ZERO);
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
        self.lose_replaced_directory(job, pair.known.as_ref())?;
        let trust = Trust { file_system, stable, ignore_ctime: self.run.options.ignore_ctime };
        let unchanged = pair
            .known
            .as_ref()
            .is_some_and(|known| compare::is_unchanged(known, &found.stat, trust) && !self.run.wants_rehash(known));
        match (unchanged, found.stat.kind) {
            (true, _) => Ok(()),
            (false, Kind::File) => self.list_pending(job, found, pair.known.as_ref(), file_system),
            (false, _) => self.put_special(job, found, file_system),
        }
    }

    fn gone(&mut self, job: &Job<Tag>, known: &Known) -> Result<()> {
        self.run.catalog.add_vanished(job.tag.source, job.tag.id, known)
    }

    fn descend(&mut self, job: &Job<Tag>, found: &Child, known: Option<Known>) -> Result<()> {
        let id = known.as_ref().and_then(|known| known.directory);
        let id = id.map_or_else(|| self.run.writer.new_directory(), Ok)?;
        let below = job.tag.path.as_ref().map(|path| path.join(&found.name));
        let path = below.filter(|path| !self.places.names_below(path).is_empty());
        let tag = Tag { source: job.tag.source, id, entry: Some((job.tag.id, found.name.clone(), known)), path };
        self.jobs.push(Job { root: Arc::clone(&job.root), path: join(&job.path, &found.name), tag });
        Ok(())
    }

    /// A directory that became something else takes what it held with it: the guard must know.
    fn lose_replaced_directory(&mut self, job: &Job<Tag>, known: Option<&Known>) -> Result<()> {
        let Some(directory) = known.and_then(|known| known.directory) else { return Ok(()) };
        for child in self.run.catalog.children(directory)? {
            self.run.catalog.add_vanished(job.tag.source, directory, &child)?;
        }
        Ok(())
    }

    fn list_pending(
        &mut self,
        job: &Job<Tag>,
        found: Child,
        known: Option<&Known>,
        file_system: FileSystemId,
    ) -> Result<()> {
        let shrunk = found.stat.size.bytes() == 0 && known.is_some_and(|known| known.stat.size.bytes() > 0);
        let path = join(&job.path, &found.name);
        let source = job.tag.source;
        let pending = Pending { parent: job.tag.id, name: found.name, source, path, file_system, stat: found.stat };
        self.run.catalog.add_pending(&pending, shrunk)
    }

    fn put_special(&mut self, job: &Job<Tag>, found: Child, file_system: FileSystemId) -> Result<()> {
        let path = join(&job.path, &found.name);
        let read = job.root.xattrs(&path).and_then(|xattrs| {
            let target = if found.stat.kind == Kind::Symlink { job.root.read_link(&path)? } else { Vec::new() };
            Ok((xattrs, target))
        });
        match read {
            Ok((xattrs, target)) => {
                let record = self.run.record(job.tag.id, found.name, found.stat, file_system);
                self.run.put(&crate::catalog::FileRecord { xattrs, target, content: Content::None, ..record })
            }
            Err(error) => {
                let place = job.root.real_path(&path);
                self.run.problem(&Problem::new(place.as_os_str().as_bytes(), reason(&error)));
                Ok(())
            }
        }
    }

    fn file_system(&mut self, device: u64, identity: &Identity) -> Result<(FileSystemId, bool)> {
        if let Some(known) = self.file_systems.get(&device) {
            return Ok(*known);
        }
        let id = self.run.catalog.file_system_id(&identity.text, identity.stable)?;
        self.file_systems.insert(device, (id, identity.stable));
        Ok((id, identity.stable))
    }
}

fn join(path: &[u8], name: &Name) -> Vec<u8> {
    if path.is_empty() { name.as_bytes().to_vec() } else { [path, b"/", name.as_bytes()].concat() }
}

/// How a directory looks that only a source map makes.
pub(super) fn virtual_directory(now: crate::model::Timestamp) -> Stat {
    Stat {
        kind: Kind::Directory,
        size: crate::model::Size::ZERO,
        allocated: crate::model::Size::ZERO,
        mtime: now,
        ctime: now,
        birth: None,
        inode: 0,
        device: 0,
        mode: 0o755,
        uid: crate::os::effective_user(),
        gid: crate::os::effective_group(),
        links: 1,
        node: 0,
    }
}
