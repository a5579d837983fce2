//! Browsable trees: `snapshots/<time>/...`, real names that are hard links to the objects.
//!
//! What a tree shows is decided elsewhere; here names are given and taken, always relative to a
//! directory held open and never through a symlink, whatever stands there. A tree is made, and
//! removed, under the name `.<time>.partial`: what bears its own name is whole. Only what dsb made, as a
//! list on the disk says, is looked at or touched: a person may keep dated folders beside it.

mod folder;
mod latest;
mod links;
mod object;
mod own;
mod remove;

pub use folder::Folder;
pub use object::{Linkable, Linked};

use super::{Attached, temporary};
use crate::model::{Kind, Size, Timestamp, TreeFound, TreesFound, VPath, is_tree_name, partial_name as partial};
use crate::os::{self, OFlags};
use latest::Latest;
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The folder of all trees.
const SNAPSHOTS: &str = "snapshots";

/// The folder of a disk's trees, held open.
#[derive(Debug)]
pub struct Trees<'d> {
    disk: &'d Attached,
    root: OwnedFd,
}

/// One tree, held open.
#[derive(Debug)]
pub struct Tree {
    root: OwnedFd,
    each_is_flushed: bool,
}

impl Attached {
    /// The folder of its trees; none if there is none.
    pub fn trees(&self) -> io::Result<Option<Trees<'_>>> {
        match os::open_dir_beneath(self.root(), SNAPSHOTS.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            root => Ok(Some(Trees { disk: self, root: root? })),
        }
    }

    /// The folder of its trees, made if there is none.
    pub fn make_trees(&self) -> io::Result<Trees<'_>> {
        Ok(Trees { disk: self, root: self.open_or_make(SNAPSHOTS)?.0 })
    }
}

/// Whether the file system of a directory has hard links and symlinks: tried there, with files that are
/// gone again.
pub fn keeps_links(directory: &Path) -> io::Result<bool> {
    let dir = os::open_dir(directory)?;
    let [file, link, symlink] = [temporary::name()?, temporary::name()?, temporary::name()?];
    drop(os::create_beneath(dir.as_fd(), file.as_bytes(), 0o600)?);
    let linked = os::link((dir.as_fd(), &file), (dir.as_fd(), &link));
    let pointed = os::make_symlink(dir.as_fd(), &symlink, &file);
    for name in [&file, &link, &symlink] {
        // What the file system has none of is not there to be removed.
        let _ = os::unlink(dir.as_fd(), name);
    }
    match linked.and(pointed) {
        Err(error) if os::is_failure(&error) => Err(error),
        made => Ok(made.is_ok()),
    }
}

impl Trees<'_> {
    /// What stands there.
    pub fn list(&self) -> io::Result<TreesFound> {
        let (own, latest) = (self.disk.own_trees()?, self.latest()?);
        let mut found = TreesFound { foreign_latest: latest == Latest::Foreign, ..TreesFound::default() };
        if let Latest::To(name) = latest {
            found.latest = Some(name);
        }
        let dir = os::open_dir_beneath(self.root.as_fd(), b"")?;
        for listed in os::listed(dir.as_fd(), &mut Vec::new())? {
            let Some((name, is_whole)) = whole_or_not(&listed.name) else { continue };
            let is_own = listed.kind == Kind::Directory && own.contains(name);
            match (is_own, is_whole) {
                (true, true) => {
                    let stamp = os::stat_at(self.root.as_fd(), OsStr::new(name))?.mtime;
                    found.trees.push(TreeFound { name: name.to_owned(), stamp });
                }
                (true, false) => found.unfinished.push(name.to_owned()),
                (false, true) => found.foreign.push(name.to_owned()),
                (false, false) => found.foreign.push(partial(name)),
            }
        }
        found.trees.sort_by(|a, b| a.name.cmp(&b.name));
        found.unfinished.sort();
        found.foreign.sort();
        Ok(found)
    }

    /// Begins a tree: an empty folder that does not bear its name yet. Refused where somebody else has
    /// something of that name.
    pub fn begin(&self, name: &str) -> io::Result<Tree> {
        self.own(name)?;
        let partial = partial(name);
        os::make_dir(self.root.as_fd(), OsStr::new(&partial), 0o755)?;
        self.at(&partial)
    }

    /// Opens a tree that is there.
    pub fn open(&self, name: &str) -> io::Result<Tree> {
        self.at(name)
    }

    fn at(&self, name: &str) -> io::Result<Tree> {
        let root = os::open_dir_beneath(self.root.as_fd(), name.as_bytes())?;
        Ok(Tree { root, each_is_flushed: !self.disk.habits.flushes_whole })
    }

    /// Makes a tree that was begun durable and gives it its name and time.
    pub fn finish(&self, tree: &Tree, name: &str, taken: Timestamp) -> io::Result<()> {
        os::change_times(tree.root.as_fd(), taken)?;
        self.flush()?;
        os::rename_new((self.root.as_fd(), OsStr::new(&partial(name))), (self.root.as_fd(), OsStr::new(name)))?;
        os::fsync(self.root.as_fd())
    }

    /// Makes all that was done durable.
    pub fn flush(&self) -> io::Result<()> {
        if self.disk.habits.flushes_whole { os::syncfs(self.root.as_fd()) } else { Ok(()) }
    }

    /// Bytes that the folder of all trees itself takes, and the list of them.
    pub fn own_size(&self) -> io::Result<Size> {
        Ok(taken(self.root.as_fd())? + self.own_list_size()?)
    }
}

impl Tree {
    /// A folder of it.
    pub fn folder(&self, path: &VPath) -> io::Result<Folder> {
        let below = path.to_bytes();
        let dir = os::open_dir_beneath(self.root.as_fd(), below.strip_prefix(b"/").unwrap_or(&below))?;
        Folder::over(dir, self.each_is_flushed)
    }
}

/// What a folder takes: its blocks, and an inode on a file system that allocates these as well.
fn taken(dir: BorrowedFd<'_>) -> io::Result<Size> {
    Ok(os::blocks(dir)? + INODE)
}

/// An inode on the most generous file system.
const INODE: Size = Size(512);

fn tree_name(name: &[u8]) -> Option<&str> {
    std::str::from_utf8(name).ok().filter(|_| is_tree_name(name))
}

/// The name of a tree, whether it is whole or not.
fn whole_or_not(name: &[u8]) -> Option<(&str, bool)> {
    let unfinished = || tree_name(name.strip_prefix(b".")?.strip_suffix(b".partial")?);
    tree_name(name).map(|name| (name, true)).or_else(|| unfinished().map(|name| (name, false)))
}

/// Opens what bears a name, if only for asking; a symlink is not followed.
fn open_itself(dir: BorrowedFd<'_>, name: &OsStr) -> io::Result<OwnedFd> {
    os::open_beneath(dir, name.as_bytes(), OFlags::PATH | OFlags::NOFOLLOW, 0)
}
