//! `verify`: every object that the catalog places on a disk, read and hashed.
//!
//! What is wrong stops counting as a copy before it is moved aside; what is missing stops
//! counting too. What cannot be read stays where it is, in doubt: a second try may work. One bad
//! sector never ends the run; eight unreadable objects in a row make dsb ask whether the disk
//! still answers.

use super::{attach, parallel};
use crate::catalog::{Catalog, Copy, Moved};
use crate::digest;
use crate::disk::{Attached, Found};
use crate::error::{Result, reason};
use crate::model::{Amount, Class, Disk, ObjectId, Problem, Size, VPath};
use crate::os::{self, Advice};
use crate::progress::Progress;
use std::collections::HashSet;
use std::io;

/// How a verification goes about its work.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// Threads that read; 0: one for each core.
    pub jobs: usize,
    /// Begin with the objects whose names come behind these bytes.
    pub start: Vec<u8>,
    /// Report only: nothing on the disk and no claim is changed.
    pub check: bool,
    /// Delete damaged objects instead of moving them aside.
    pub delete: bool,
}

/// What is wrong with a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// Its bytes are not those of its name.
    Bad,
    /// It is not there.
    Missing,
    /// It cannot be read.
    Unreadable,
}

/// One copy that is not what the catalog claims.
#[derive(Clone, Debug)]
pub struct Damage {
    /// The object.
    pub id: ObjectId,
    /// Its length.
    pub size: Size,
    /// What is wrong.
    pub kind: DamageKind,
    /// What the system said, or how it differs.
    pub what: String,
    /// A path of the newest state that has the object.
    pub path: Option<VPath>,
}

/// What a verification found.
#[derive(Clone, Debug, Default)]
pub struct VerifyReport {
    /// Read and right.
    pub good: Amount,
    /// Everything that was not.
    pub damage: Vec<Damage>,
    /// Files on the disk that the catalog does not place there.
    pub strangers: Vec<String>,
    /// How many strangers there are; at most a hundred are named.
    pub stranger_count: u64,
}

/// Strangers named at most.
const STRANGERS: usize = 100;
/// Copies read before their proof is recorded.
const PAGE: u32 = 256;
/// Unreadable objects in a row after which the disk is asked whether it is there.
const IN_A_ROW: u32 = 8;

struct Run<'a> {
    catalog: &'a Catalog,
    disk: Disk,
    attached: Attached,
    options: &'a VerifyOptions,
    progress: &'a dyn Progress,
    live: HashSet<crate::model::ObjectKey>,
    in_session: bool,
    unreadable: u32,
    report: VerifyReport,
    tell: &'a mut dyn FnMut(&Damage) -> Result<()>,
}

/// Verifies a disk, telling of all damage as it is found. Needs the run lock.
pub fn verify(
    catalog: &Catalog,
    disk: Disk,
    options: &VerifyOptions,
    tell: &mut dyn FnMut(&Damage) -> Result<()>,
    progress: &dyn Progress,
) -> Result<VerifyReport> {
    let now = os::now();
    let mut disk = disk;
    let attached = attach::find_attached(catalog, &disk)?;
    attach::note_visit(catalog, &mut disk, &attached, now)?;
    let mut live = HashSet::new();
    let mut amount = Amount::default();
    catalog.census(&catalog.standing()?, |item| {
        if item.disks.contains(disk.index) {
            amount += Amount::one(item.size);
            if item.class == Class::Live {
                live.insert(item.key);
            }
        }
        Ok(())
    })?;
    progress.task("verify", amount.objects, amount.bytes);
    let report = VerifyReport::default();
    let (in_session, unreadable) = (false, 0);
    let mut run = Run { catalog, disk, attached, options, progress, live, in_session, unreadable, report, tell };
    let read = run.read_all();
    if run.in_session {
        attach::end_session(catalog, &mut run.disk, &mut run.attached, now)?;
    }
    read?;
    run.list_strangers()?;
    Ok(run.report)
}

impl Run<'_> {
    fn read_all(&mut self) -> Result<()> {
        let mut after = self.options.start.clone();
        loop {
            let page = self.catalog.copies_on(self.disk.index, &after, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id.as_bytes().to_vec();
            let results = self.read_page(&page);
            self.progress.check()?;
            self.record(&page, results)?;
        }
    }

    /// Reads a page of copies on several threads; the answers come in order.
    fn read_page(&self, page: &[Copy]) -> Vec<std::result::Result<ObjectId, io::Error>> {
        let mut results: Vec<_> = page.iter().map(|_| Err(io::ErrorKind::Interrupted.into())).collect();
        let (attached, progress) = (&self.attached, self.progress);
        parallel::for_each(
            parallel::threads(self.options.jobs),
            page.iter().zip(results.iter_mut()),
            || !progress.stopped(),
            || vec![0; digest::BUFFER],
            |buffer, (copy, slot)| {
                *slot = read_copy(attached, copy, buffer, progress);
                progress.advance(1, Size::ZERO);
            },
        );
        results
    }

    fn record(&mut self, page: &[Copy], results: Vec<std::result::Result<ObjectId, io::Error>>) -> Result<()> {
        let mut proven = Vec::new();
        for (copy, result) in page.iter().zip(results) {
            let damage = match result {
                Ok(id) if id == copy.id => {
                    self.unreadable = 0;
                    self.report.good += Amount::one(copy.size);
                    proven.push(*copy);
                    continue;
                }
                Ok(_) => (DamageKind::Bad, "its bytes are not those of its name".to_owned()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => (DamageKind::Missing, "not there".to_owned()),
                Err(error) => (DamageKind::Unreadable, reason(&error)),
            };
            self.damaged(copy, damage.0, damage.1)?;
        }
        if !self.options.check {
            let today = os::now().day();
            self.catalog.atomically(|catalog| {
                proven.iter().try_for_each(|copy| catalog.mark_copy(self.disk.index, copy.key, Some(today)))
            })?;
        }
        Ok(())
    }

    fn damaged(&mut self, copy: &Copy, kind: DamageKind, what: String) -> Result<()> {
        if kind == DamageKind::Unreadable {
            self.unreadable += 1;
            if self.unreadable >= IN_A_ROW {
                self.attached.still_there()?;
                self.unreadable = 0;
            }
        }
        let path = super::paths_of(self.catalog, copy.key, 1)?.into_iter().next();
        let place = path.as_ref().map_or_else(|| copy.id.to_string().into_bytes(), VPath::to_bytes);
        self.progress.problem(&Problem::new(place, format_args!("{} ({})", what, copy.id)));
        let damage = Damage { id: copy.id, size: copy.size, kind, what, path };
        (self.tell)(&damage)?;
        self.report.damage.push(damage);
        if self.options.check {
            return Ok(());
        }
        if kind == DamageKind::Unreadable {
            return self.catalog.mark_copy(self.disk.index, copy.key, None);
        }
        // A session that begins looks at what one left that was cut off, and claims what it finds
        // right: it must not find this one unclaimed before it is out of the way.
        let is_writable = kind == DamageKind::Bad && self.is_in_session()?;
        let moved = Moved { key: copy.key, size: copy.size, live: self.live.contains(&copy.key) };
        self.catalog.atomically(|catalog| catalog.unclaim(self.disk.index, &[moved]))?;
        if is_writable { self.set_aside(copy.id) } else { Ok(()) }
    }

    /// Begins a session if none runs yet. A disk that cannot be written keeps what is damaged: it
    /// is claimed no longer, and that is what counts.
    fn is_in_session(&mut self) -> Result<bool> {
        if !self.in_session && !self.attached.file_system()?.read_only {
            attach::begin_session(self.catalog, &mut self.disk, &mut self.attached, self.progress)?;
            self.in_session = true;
        }
        Ok(self.in_session)
    }

    /// Takes a damaged object out of the way.
    fn set_aside(&mut self, id: ObjectId) -> Result<()> {
        let done = if self.options.delete {
            self.attached.remove_objects(&[id])?.pop().map_or(Ok(()), |(_, error)| Err(error))
        } else {
            self.attached.quarantine(id)
        };
        if let Err(error) = done {
            self.progress.problem(&Problem::new(id.to_string(), format_args!("stays where it is: {}", reason(&error))));
        }
        Ok(())
    }

    fn list_strangers(&mut self) -> Result<()> {
        let Self { catalog, disk, attached, report, progress, .. } = self;
        attached.list_objects(&mut |found| {
            progress.check()?;
            let stranger = match found {
                Found::Object { id, .. } => match catalog.find_object(id)? {
                    Some(key) if catalog.disks_of(key)?.contains(disk.index) => return Ok(()),
                    _ => format!("{id}: not placed here by the catalog"),
                },
                Found::Stranger { path, why } => {
                    format!("{}: {why}", crate::model::escape(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())))
                }
            };
            report.stranger_count += 1;
            if report.strangers.len() < STRANGERS {
                report.strangers.push(stranger);
            }
            Ok(())
        })
    }
}

fn read_copy(attached: &Attached, copy: &Copy, buffer: &mut [u8], progress: &dyn Progress) -> io::Result<ObjectId> {
    let mut file = attached.open_object(copy.id)?;
    // What the page cache says proves nothing of the medium.
    os::advise(&file, Advice::DontNeed);
    os::advise(&file, Advice::Sequential);
    let hashed = digest::hash_stream(&mut file, copy.size, buffer, |block| {
        progress.advance(0, Size(block.len() as u64));
        if progress.stopped() { Err(io::Error::other("stopped")) } else { Ok(()) }
    });
    os::advise(&file, Advice::DontNeed);
    hashed.map(|(id, _)| id)
}
