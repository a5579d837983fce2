//! What is done on the threads that list, ahead of the scan: asking the catalog what it knows of a
//! directory, and taking out of both lists what looks the same. In most directories nothing is left.

use super::COMMIT_EVERY;
use super::compare::{self, Look, Trust};
use super::scan::Tag;
use crate::catalog::{Catalog, Known};
use crate::model::{DirectoryId, FileSystemId, Kind};
use crate::source::{Child, Job, Lister, Listing};
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::time::Instant;

/// A directory as it is and as it was, without what nobody has to decide on.
pub(super) struct Arrival {
    /// What is there.
    pub(super) listing: io::Result<Listing>,
    /// What the catalog knows of it; none if that could not be asked here.
    pub(super) known: Option<Vec<Known>>,
    /// What was taken out of both.
    pub(super) same: Same,
}

/// Names that look the same as when they were last seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Same {
    /// All of them.
    pub(super) entries: u64,
    /// The regular files among them.
    pub(super) files: u64,
}

/// What all listing threads share.
pub(super) struct Ahead {
    pub(super) lister: Lister,
    /// The catalog's file, if it can be opened once more.
    pub(super) catalog: Option<PathBuf>,
    /// File systems that were seen before, by identity.
    pub(super) file_systems: HashMap<String, FileSystemId>,
    pub(super) ignore_ctime: bool,
    /// Some of what looks the same is to be read again: nothing is taken out.
    pub(super) rehash: bool,
}

/// What each of them has for itself.
pub(super) struct Reader {
    catalog: Option<Catalog>,
    since: Instant,
    buffer: Vec<u8>,
}

impl Ahead {
    pub(super) fn reader(&self) -> Reader {
        let catalog = self.catalog.as_ref().and_then(|path| Catalog::open_again(path).ok());
        Reader { catalog, since: Instant::now(), buffer: Vec::new() }
    }

    pub(super) fn look(&self, reader: &mut Reader, job: &Job<Tag>) -> Arrival {
        reader.end_old_view();
        let listing = self.lister.list(&job.root, &job.path, &mut reader.buffer);
        let known = reader.known(job.tag.id);
        match (listing, known) {
            (Ok(listing), Some(known)) if self.is_plain(job, &listing) => self.without_same(listing, known),
            (listing, known) => Arrival { listing, known, same: Same::default() },
        }
    }

    /// Whether nothing but looks decides on what is in a directory.
    fn is_plain(&self, job: &Job<Tag>, listing: &Listing) -> bool {
        let is_side = |child: &Child| child.name.as_bytes().ends_with(super::side::SUFFIX);
        !self.rehash && job.tag.path.is_none() && job.tag.scope.is_plain() && !listing.children.iter().any(is_side)
    }

    fn without_same(&self, mut listing: Listing, known: Vec<Known>) -> Arrival {
        let Some(file_system) = self.file_systems.get(&listing.identity.text).copied() else {
            return Arrival { listing: Ok(listing), known: Some(known), same: Same::default() };
        };
        let trust = Trust { file_system, stable: listing.identity.stable, ignore_ctime: self.ignore_ctime };
        let children = std::mem::take(&mut listing.children);
        let (known, children, same) = take_out_same(known, children, trust);
        Arrival { listing: Ok(Listing { children, ..listing }), known: Some(known), same }
    }
}

/// Directories stay: each has to be gone into.
fn take_out_same(known: Vec<Known>, found: Vec<Child>, trust: Trust) -> (Vec<Known>, Vec<Child>, Same) {
    let (mut left, mut same) = ((Vec::new(), Vec::new()), Same::default());
    for pair in compare::pair(known, found) {
        match (&pair.known, &pair.found) {
            (Some(known), Some(found))
                if found.stat.kind != Kind::Directory && compare::look(known, &found.stat, trust) == Look::Same =>
            {
                same.entries += 1;
                same.files += u64::from(found.stat.kind == Kind::File);
            }
            _ => {
                left.0.extend(pair.known);
                left.1.extend(pair.found);
            }
        }
    }
    (left.0, left.1, same)
}

impl Reader {
    /// What the catalog knows of a directory. A failure is no matter: who makes something of the
    /// arrival asks again, and says what is wrong.
    fn known(&mut self, directory: DirectoryId) -> Option<Vec<Known>> {
        let catalog = self.catalog.as_ref()?;
        catalog.begin_reading().ok()?;
        catalog.children(directory).ok()
    }

    /// One view of the catalog for many directories costs less than one for each; but while it lasts
    /// the journal cannot be emptied.
    fn end_old_view(&mut self) {
        if self.since.elapsed() >= COMMIT_EVERY {
            // One that cannot be ended is asked no more.
            self.catalog = self.catalog.take().filter(|catalog| catalog.commit().is_ok());
            self.since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Content, Name, Second, Size, Stat, Timestamp};

    fn child(name: &str, kind: Kind, inode: u64) -> Child {
        let stat = Stat {
            kind,
            size: Size(5),
            allocated: Size(5),
            mtime: Timestamp(10),
            ctime: Timestamp(20),
            birth: None,
            inode,
            device: 1,
            mode: 0o644,
            uid: 0,
            gid: 0,
            links: 1,
            node: 0,
        };
        Child { name: Name::new(name.as_bytes()).unwrap(), stat }
    }

    fn known(name: &str, kind: Kind, inode: u64) -> Known {
        let Child { name, stat } = child(name, kind, inode);
        let directory = (kind == Kind::Directory).then_some(DirectoryId(7));
        let (file_system, content, hashed) = (Some(FileSystemId(1)), Content::None, Second(0));
        Known { name, directory, stat, file_system, content, settled: true, hashed }
    }

    #[test]
    fn what_has_to_be_decided_on_stays() {
        use Kind::{Directory, File, Symlink};
        let was = vec![
            known("changed", File, 1),
            known("dir", Directory, 2),
            known("gone", File, 3),
            known("link", Symlink, 4),
            known("same", File, 5),
        ];
        let is = vec![
            child("changed", File, 9),
            child("dir", Directory, 2),
            child("link", Symlink, 4),
            child("new", File, 6),
            child("same", File, 5),
        ];
        let trust = Trust { file_system: FileSystemId(1), stable: true, ignore_ctime: false };
        let (was, is, same) = take_out_same(was, is, trust);
        let names: Vec<_> = was.iter().map(|known| known.name.to_string()).collect();
        assert_eq!(names, ["changed", "dir", "gone"]);
        let names: Vec<_> = is.iter().map(|child| child.name.to_string()).collect();
        assert_eq!(names, ["changed", "dir", "new"]);
        assert_eq!(same, Same { entries: 2, files: 1 });
    }
}
