//! What reading gave: proof, or damage that counts as a copy no longer.

use super::Run;
use super::read::Answer;
use crate::catalog::Copy;
use crate::error::{Result, reason};
use crate::model::{Amount, ObjectId, Problem, Size, VPath, escape};
use crate::ops::trees::Names;
use crate::ops::{attach, paths_of};
use crate::os;
use std::io;

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
    /// The folder where it lies, below the data directory.
    pub folder: String,
    /// What is wrong.
    pub kind: DamageKind,
    /// What the system said, or how it differs.
    pub what: String,
    /// A path of the newest state that has the object.
    pub path: Option<VPath>,
    /// Where a person finds it in the newest browsable tree that shows it, below the data directory.
    pub tree: Option<Vec<u8>>,
}

/// Unreadable objects in a row after which the disk is asked whether it is there.
const IN_A_ROW: u32 = 8;

impl Run<'_> {
    /// Sees to what a page of copies gave; those that were not read stay as they were.
    pub(super) fn judge(&mut self, page: &[Copy], answers: Vec<Answer>) -> Result<()> {
        for (copy, answer) in page.iter().zip(answers) {
            let damage = match answer {
                None => continue,
                Some(Ok(id)) if id == copy.id => {
                    self.unreadable = 0;
                    self.report.good += Amount::one(copy.size);
                    if !self.options.check {
                        self.proven.push(copy.key);
                    }
                    continue;
                }
                Some(Ok(_)) => (DamageKind::Bad, "its bytes are not those of its name".to_owned()),
                Some(Err(error)) => match error.kind() {
                    io::ErrorKind::NotFound => (DamageKind::Missing, "not there".to_owned()),
                    // No file: it is to go out of the way of one.
                    io::ErrorKind::InvalidData => (DamageKind::Bad, reason(&error)),
                    _ => (DamageKind::Unreadable, reason(&error)),
                },
            };
            self.damaged(copy, damage.0, damage.1)?;
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
        let path = paths_of(self.catalog, copy.key, 1)?.into_iter().next();
        let place = path.as_ref().map_or_else(|| copy.id.to_string().into_bytes(), VPath::to_bytes);
        let tree = Names::of(self.catalog, &self.disk, &self.attached)?.path_of(copy.key)?;
        let shown = tree.as_ref().map_or_else(String::new, |tree| format!(", {}", escape(tree)));
        self.progress.problem(&Problem::new(place, format_args!("{what} ({}{shown})", copy.id)));
        let folder = self.attached.folder_of(copy.id);
        let damage = Damage { id: copy.id, size: copy.size, folder, kind, what, path, tree };
        (self.tell)(&damage)?;
        self.report.damage.push(damage);
        if self.options.check {
            return Ok(());
        }
        if kind == DamageKind::Unreadable {
            return self.catalog.mark_unreadable(self.disk.index, copy.key);
        }
        // A session that begins looks at what one left that was cut off, and claims what it finds
        // right: it must not find this one unclaimed before it is out of the way.
        let is_writable = kind == DamageKind::Bad && self.is_in_session()?;
        self.catalog.atomically(|catalog| {
            catalog.unclaim(self.disk.index, &[copy.key])?;
            catalog.note_damage(self.disk.index, copy.key, os::now().day())
        })?;
        if is_writable { self.set_aside(copy) } else { Ok(()) }
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

    /// Takes a damaged object out of the way, and out of the trees.
    fn set_aside(&mut self, copy: &Copy) -> Result<()> {
        let id = copy.id;
        Names::of(self.catalog, &self.disk, &self.attached)?.take(&[(copy.key, id)])?;
        let done = if self.options.delete {
            self.attached.remove_objects(&[id])?.pop().map_or(Ok(()), |(_, error)| Err(error))
        } else {
            self.attached.quarantine(id)
        };
        let done = match done {
            // A folder is not deleted, whatever is in it.
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => self.attached.quarantine(id),
            done => done,
        };
        if let Err(error) = done {
            self.progress.problem(&Problem::new(id.to_string(), format_args!("stays where it is: {}", reason(&error))));
        }
        Ok(())
    }
}
