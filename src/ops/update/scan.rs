//! The scan: every directory once, against what the catalog has of it.

use super::Run;
use super::ahead::{Ahead, Arrival, Same};
use super::places::Places;
use crate::catalog::{Known, SideSettings, View};
use crate::error::{Result, reason};
use crate::model::{DirectoryId, FileSystemId, Name, Problem, Size, VPath};
use crate::ops::handling::{Handlings, Scope};
use crate::ops::parallel;
use crate::source::{Identity, Job, LeftOut, Lister, Root, walk};
use std::collections::HashMap;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

/// Stands for the map of what is in none: no guard is asked about what a person unmapped or left
/// out.
pub(super) const NO_MAP: u32 = u32::MAX;

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
    /// Files of it that must be read.
    pub listed: u64,
}

/// What is remembered of a directory until its listing comes.
pub(super) struct Tag {
    pub(super) source: u32,
    pub(super) id: DirectoryId,
    /// Where its own entry stands: the directory above, its name, how it was known. None for the
    /// root of the virtual tree.
    pub(super) entry: Option<(DirectoryId, Name, Option<Known>)>,
    /// Its virtual path, while source maps or locks stand at or below it.
    pub(super) path: Option<VPath>,
    /// What is set there.
    pub(super) scope: Scope,
}

/// The state of one scan.
pub(super) struct Scan<'r, 'a> {
    pub(super) run: &'r mut Run<'a>,
    pub(super) places: Places,
    pub(super) handlings: Handlings,
    pub(super) sources: Vec<Source>,
    pub(super) file_systems: HashMap<u64, (FileSystemId, bool)>,
    pub(super) jobs: Vec<Job<Tag>>,
    /// What was said of the files of which directory when the scan began.
    pub(super) said: HashMap<DirectoryId, SideSettings>,
}

impl Run<'_> {
    /// Scans all maps; changed entries without content are recorded, files to read and vanished
    /// entries are listed.
    pub(super) fn scan(&mut self) -> Result<Vec<Source>> {
        self.progress.task("scan", 0, Size::ZERO);
        let (places, handlings) = self.places()?;
        let source = |map: &crate::catalog::SourceMap| Source {
            vpath: map.vpath.clone(),
            root: None,
            file_system: None,
            known_files: 0,
            listed: 0,
        };
        let sources = places.maps().iter().map(source).collect();
        let (ahead, threads) = (self.ahead()?, parallel::threads(self.options.jobs));
        let (said, file_systems) = (self.catalog.side_settings()?, HashMap::new());
        let mut scan = Scan { run: self, places, handlings, sources, file_systems, jobs: Vec::new(), said };
        scan.enter(&VPath::root(), None, NO_MAP)?;
        let jobs = std::mem::take(&mut scan.jobs);
        let look = |reader: &mut _, job: &_| ahead.look(reader, job);
        walk(
            threads,
            jobs,
            || ahead.reader(),
            look,
            |looked, more| {
                scan.run.progress.check()?;
                let Some((job, arrival)) = looked else { return scan.run.commit() };
                scan.arrived(&job, arrival)?;
                scan.run.tick()?;
                more.append(&mut scan.jobs);
                Ok(())
            },
        )?;
        Ok(scan.sources)
    }

    fn ahead(&self) -> Result<Ahead> {
        let own = Root::open(self.catalog.folder()).and_then(|root| root.stat()).ok();
        Ok(Ahead {
            lister: Lister::new(own.as_ref()),
            catalog: (!self.catalog.is_scratch()).then(|| self.catalog.path().to_owned()),
            file_systems: self.catalog.file_systems()?,
            ignore_ctime: self.options.ignore_ctime,
            rehash: self.rehash.is_some(),
        })
    }

    /// Where maps stand and what is set where.
    fn places(&self) -> Result<(Places, Handlings)> {
        let mut set = self.catalog.handlings()?;
        if self.options.ignore_lock {
            set.values_mut().for_each(|handling| handling.locked = false);
        }
        let maps = self.catalog.source_maps()?;
        // What a person unmapped goes, locked or not.
        let is_mapped = |path: &VPath| maps.iter().any(|map| path.starts_with(&map.vpath));
        let mut locks = Vec::new();
        for (path, _) in set.iter().filter(|(path, handling)| handling.locked && is_mapped(path)) {
            if self.catalog.look_up(path, View::Newest)?.is_some() {
                locks.push(path.clone());
            }
        }
        let handlings = Handlings::new(&set, maps.iter().map(|map| map.vpath.clone()).collect());
        Ok((Places::new(maps, locks), handlings))
    }
}

impl Scan<'_, '_> {
    pub(super) fn arrived(&mut self, job: &Job<Tag>, arrival: Arrival) -> Result<()> {
        let Arrival { listing, known, same } = arrival;
        let listing = match listing {
            Ok(listing) => listing,
            Err(error) => return self.unreadable(job, &error),
        };
        if let Some(why) = listing.left_out {
            self.note_left_out(why, job.root.real_path(&job.path).as_os_str().as_bytes());
            return self.vanished(&job.tag);
        }
        let (file_system, stable) = self.file_system(listing.stat.device, &listing.identity)?;
        let known = known.map_or_else(|| self.run.catalog.children(job.tag.id), Ok)?;
        let inner = job.tag.path.as_ref().map(|path| self.places.maps_below(path)).unwrap_or_default();
        let was_empty = same.entries == 0 && known.iter().all(|known| inner.contains(&known.name));
        let emptied = same.entries == 0 && listing.children.is_empty() && !was_empty;
        if job.path.is_empty() && self.root_is_doubtful(job, file_system, emptied)? {
            return Ok(());
        }
        if emptied && self.is_bare_mount_point(job, file_system) {
            let what = "is empty, and was on another file system before; kept as last seen (is a drive unmounted?)";
            let place = job.root.real_path(&job.path);
            self.run.problem(&Problem::new(place.as_os_str().as_bytes(), what));
            return self.enter_inner(&job.tag);
        }
        self.put_directory(job, &listing, file_system, stable)?;
        self.note_same(job, same);
        self.compare(job, listing, known, file_system, stable)
    }

    fn note_same(&mut self, job: &Job<Tag>, same: Same) {
        self.run.report.seen += same.entries;
        self.run.progress.advance(same.entries, Size::ZERO);
        if let Some(source) = self.sources.get_mut(job.tag.source as usize) {
            source.known_files += same.files;
        }
    }

    pub(super) fn note_left_out(&mut self, why: LeftOut, place: &[u8]) {
        *self.run.report.left_out.entry(why).or_default() += 1;
        self.run.progress.detail(&format!("left out ({why}): {}", crate::model::escape(place)));
    }

    /// A directory that cannot be read keeps what was last known of it.
    pub(super) fn unreadable(&mut self, job: &Job<Tag>, error: &io::Error) -> Result<()> {
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
        self.enter_inner(&job.tag)
    }

    /// A directory that is gone or left out; maps and locked entries below it are not.
    pub(super) fn vanished(&mut self, tag: &Tag) -> Result<()> {
        let inner = |path: &&VPath| self.places.map_at(path).is_none() && !self.places.names_below(path).is_empty();
        if let Some(path) = tag.path.as_ref().filter(inner) {
            return self.enter(path, tag.entry.clone(), tag.source);
        }
        match &tag.entry {
            Some((parent, _, Some(known))) => self.run.catalog.add_vanished(tag.source, *parent, known),
            _ => Ok(()),
        }
    }

    pub(super) fn file_system(&mut self, device: u64, identity: &Identity) -> Result<(FileSystemId, bool)> {
        if let Some(known) = self.file_systems.get(&device) {
            return Ok(*known);
        }
        let id = self.run.catalog.file_system_id(&identity.text, identity.stable)?;
        self.file_systems.insert(device, (id, identity.stable));
        Ok((id, identity.stable))
    }
}
