//! One tree, folder by folder: each name that its snapshot has and whose content the disk holds.

use super::Stopped;
use crate::catalog::{Catalog, TreeRow, View};
use crate::disk::{Attached, Folder, Tree};
use crate::error::reason;
use crate::model::{Content, DirectoryId, DiskIndex, Kind, Metadata, Size, TreeWanted, VPath, escape};
use crate::ops::room::MARGIN;
use crate::os;
use crate::progress::Progress;
use std::collections::{HashMap, HashSet};
use std::io;

/// Fills a tree that was begun, or sets one right that is there.
pub(super) struct Filler<'a, 't> {
    catalog: &'a Catalog,
    disk: DiskIndex,
    attached: &'a Attached,
    name: &'t str,
    view: View,
    room: Size,
    block: u64,
    mends: bool,
    progress: &'a dyn Progress,
    /// Bytes that its folders take.
    pub taken: Size,
    left_out: u64,
    first_left_out: Option<String>,
}

/// A folder that is still to be filled.
struct Open {
    id: DirectoryId,
    path: VPath,
    entry: Option<Metadata>,
}

impl<'a, 't> Filler<'a, 't> {
    /// For a tree of which the folders may take so much, in blocks of this size.
    pub fn of(
        catalog: &'a Catalog,
        (disk, attached): (DiskIndex, &'a Attached),
        tree: &'t TreeWanted,
        (room, block): (Size, u64),
        progress: &'a dyn Progress,
    ) -> Self {
        let view = View::At(tree.snapshot);
        let (taken, left_out, first_left_out) = (Size::ZERO, 0, None);
        let (name, mends) = (tree.name.as_str(), false);
        Self { catalog, disk, attached, name, view, room, block, mends, progress, taken, left_out, first_left_out }
    }

    /// Fills an empty tree.
    pub fn fill(&mut self, tree: &Tree) -> std::result::Result<(), Stopped> {
        let root = Open { id: DirectoryId::ROOT, path: VPath::root(), entry: None };
        let (mut open, mut entered) = (vec![root], HashSet::new());
        while let Some(next) = open.pop() {
            self.progress.check()?;
            // A catalog that came from a disk may hold a directory inside itself.
            if next.path.names().len() <= VPath::DEEPEST && entered.insert(next.id) {
                self.folder(tree, &next, &mut open)?;
            }
        }
        Ok(())
    }

    /// Sets a tree right: what should be there is, and nothing else.
    pub fn mend(&mut self, tree: &Tree) -> std::result::Result<(), Stopped> {
        self.mends = true;
        self.fill(tree)
    }

    fn folder(&mut self, tree: &Tree, here: &Open, open: &mut Vec<Open>) -> std::result::Result<(), Stopped> {
        self.has_room()?;
        let mut folder = tree.folder(&here.path)?;
        let (rows, meaningless) = self.catalog.list_readable(here.id, self.view)?;
        self.left_out += meaningless;
        if self.mends {
            self.clear_unwanted(&folder, &rows)?;
        }
        for row in rows {
            self.name(&mut folder, &here.path, &row)?;
            if let Some(id) = row.entry.directory {
                open.push(Open { id, path: here.path.join(&row.entry.name), entry: Some(row.entry.metadata) });
            }
        }
        self.taken += folder.finish(here.entry.as_ref())?.1;
        Ok(())
    }

    /// Both are asked before each folder: what is set aside for trees, and the file system.
    fn has_room(&self) -> std::result::Result<(), Stopped> {
        let free = self.attached.file_system()?.available;
        if self.taken + Size(self.block) > self.room || free < MARGIN { Err(Stopped::NoRoom) } else { Ok(()) }
    }

    /// Whether the disk holds the content of an entry, or there is none to hold.
    fn is_shown(&self, row: &TreeRow) -> bool {
        row.entry.content == Content::None || row.disks.contains(self.disk) || row.doubtful.contains(self.disk)
    }

    fn clear_unwanted(&self, folder: &Folder, rows: &[TreeRow]) -> io::Result<()> {
        let is_folder = |row: &TreeRow| row.entry.metadata.kind == Kind::Directory;
        let shown = rows.iter().filter(|row| self.is_shown(row));
        let wanted: HashMap<&[u8], bool> = shown.map(|row| (row.entry.name.as_bytes(), is_folder(row))).collect();
        for listed in folder.names()? {
            if wanted.get(&*listed.name) != Some(&(listed.kind == Kind::Directory)) {
                folder.clear(&listed)?;
            }
        }
        Ok(())
    }

    /// Gives an entry its name. What the file system cannot take is left out.
    fn name(&mut self, folder: &mut Folder, path: &VPath, row: &TreeRow) -> std::result::Result<(), Stopped> {
        if !self.is_shown(row) {
            return Ok(());
        }
        let (name, entry) = (&row.entry.name, &row.entry.metadata);
        if self.mends && row.object.is_none() && entry.kind != Kind::Directory {
            folder.take(name)?;
        }
        let named = match (entry.kind, row.object) {
            (Kind::Directory, _) => folder.folder(name),
            (Kind::File, Some(id)) => self.attached.object_to_link(id, entry.size).and_then(|object| {
                object.show(entry.owner.mode, entry.mtime)?;
                folder.link(&object, name)
            }),
            (Kind::File, None) => folder.empty(name, entry),
            (Kind::Symlink, _) => folder.symlink(name, entry),
            _ => folder.node(name, entry),
        };
        match named {
            Ok(()) => Ok(()),
            Err(error) if os::is_failure(&error) => Err(error.into()),
            // What is claimed and not there is for `verify` to tell.
            Err(error) if error.kind() == io::ErrorKind::NotFound && row.object.is_some() => Ok(()),
            Err(error) => {
                self.left_out += 1;
                let told = || format!("{}: {}", escape(&path.join(name).to_bytes()), reason(&error));
                self.first_left_out.get_or_insert_with(told);
                Ok(())
            }
        }
    }

    /// Tells what was left out, and how much that is.
    pub fn tell(&self) -> u64 {
        if let Some(first) = &self.first_left_out {
            let (name, count) = (self.name, self.left_out);
            self.progress
                .note(&format!("Not in the tree {name}, which cannot show them: {count} names, first {first}."));
        }
        self.left_out
    }
}
