//! What a person left out of the set, or locked.

use super::compare::Pair;
use super::scan::{NO_MAP, Scan, Tag};
use crate::error::Result;
use crate::model::{Name, VPath};
use crate::ops::handling::Scope;
use crate::source::{Job, LeftOut};
use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;

/// What is set for the names of one directory.
pub(super) struct Rules {
    scope: Scope,
    /// The directory, as `a/b/`; empty while nothing is set.
    place: Vec<u8>,
    /// Names that maps stand at: they are places of their own.
    maps: BTreeSet<Name>,
}

impl Rules {
    /// Why a name is left out, if it is.
    pub(super) fn left_out(&self, name: &Name, is_directory: bool) -> Option<LeftOut> {
        if self.scope.is_plain() || self.maps.contains(name) {
            return None;
        }
        self.scope.left_out(&self.place, name, is_directory)
    }
}

impl Scan<'_, '_> {
    pub(super) fn rules(&self, job: &Job<Tag>) -> Rules {
        let scope = job.tag.scope.clone();
        if scope.is_plain() {
            return Rules { scope, place: Vec::new(), maps: BTreeSet::new() };
        }
        let is_map = |path: &VPath, name: &Name| self.places.map_at(&path.join(name)).is_some();
        let names = |path: &VPath| self.places.maps_below(path).into_iter().filter(|name| is_map(path, name)).collect();
        Rules { scope, place: self.place(job), maps: job.tag.path.as_ref().map(names).unwrap_or_default() }
    }

    /// A directory's place in the virtual tree, as `a/b/`.
    pub(super) fn place(&self, job: &Job<Tag>) -> Vec<u8> {
        let map = self.places.maps().get(job.tag.source as usize);
        let names = map.iter().flat_map(|map| map.vpath.names()).map(Name::as_bytes);
        let below = job.path.split(|byte| *byte == b'/').filter(|name| !name.is_empty());
        names.chain(below).flat_map(|name| [name, b"/"].concat()).collect()
    }

    /// Passes over a name. What is locked stays as it was last seen; all else leaves the newest
    /// state, and no guard is asked: a person wants it so. Maps below it are places of their own,
    /// and what is locked below it stays.
    pub(super) fn leave_out(&mut self, job: &Job<Tag>, pair: Pair, why: LeftOut) -> Result<()> {
        let Some(name) = pair.name().cloned() else { return Ok(()) };
        self.note_left_out(why, job.root.real_path(&job.path).join(name.as_os_str()).as_os_str().as_bytes());
        let path = job.tag.path.as_ref().map(|path| path.join(&name));
        let leads_on = path.filter(|path| !self.places.names_below(path).is_empty());
        let id = pair.known.as_ref().and_then(|known| known.directory);
        match (leads_on, id, pair.known) {
            (Some(path), Some(id), _) if why == LeftOut::Locked => self.enter_below(&path, id, true, job.tag.source),
            (Some(path), _, known) => self.enter(&path, Some((job.tag.id, name, known)), NO_MAP),
            (None, _, Some(known)) if why != LeftOut::Locked => {
                self.run.catalog.add_vanished(NO_MAP, job.tag.id, &known)
            }
            (None, ..) => Ok(()),
        }
    }
}
