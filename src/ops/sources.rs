//! From the virtual tree to real files: where an object's bytes can be read.

use super::handling::followed;
use crate::catalog::{Catalog, SourceMap};
use crate::digest::Turn;
use crate::error::{Result, reason};
use crate::model::{DirectoryId, Kind, Name, ObjectKey, Size, VPath};
use crate::os;
use crate::source::Root;
use std::collections::HashMap;
use std::fs::File;
use std::os::fd::AsFd;
use std::sync::Arc;

/// A file that should hold an object's bytes.
#[derive(Clone, Debug)]
pub struct SourceFile {
    root: Arc<Root>,
    path: Vec<u8>,
    /// The map it is below, and its inode: files in this order lie about so on the medium.
    place: (usize, u64),
}

impl SourceFile {
    /// Where it lies, to be compared with the places of others.
    pub fn place(&self) -> (usize, u64) {
        self.place
    }

    /// Whose turn it is to read it.
    pub fn turn(&self) -> &Turn {
        self.root.turn()
    }

    /// Opens it, if it still looks as if it held so many bytes.
    pub fn open(&self, size: Size) -> std::result::Result<File, String> {
        let file = self.root.open_file(&self.path).map_err(|error| reason(&error))?;
        let stat = os::stat(file.as_fd()).map_err(|error| reason(&error))?;
        if stat.kind != Kind::File || stat.size != size {
            return Err("changed since the update".to_owned());
        }
        os::advise(&file, os::Advice::Sequential);
        Ok(file)
    }
}

/// Finds real files for objects; remembers the directories it came by.
pub struct Sources<'a> {
    catalog: &'a Catalog,
    maps: Vec<(SourceMap, Option<Arc<Root>>)>,
    directories: HashMap<DirectoryId, Option<(usize, Vec<u8>)>>,
}

/// Directories remembered at most: they come in the order of the tree, so few are needed twice.
const REMEMBERED: usize = 50_000;
/// Paths tried for one object.
const TRIED: u32 = 8;

impl<'a> Sources<'a> {
    /// Opens the mapped directories that are there.
    pub fn open(catalog: &'a Catalog) -> Result<Self> {
        let mut maps = catalog.source_maps()?;
        // The innermost map of a path counts, so longer paths come first.
        maps.sort_by_key(|map| std::cmp::Reverse(map.vpath.names().len()));
        let mut set = catalog.handlings()?;
        set.retain(|_, handling| handling.follow);
        let open = |map: SourceMap| {
            let root = Root::open(&map.path).ok().map(|root| root.following(followed(set.keys(), &map.vpath)));
            let root = root.map(Arc::new);
            (map, root)
        };
        Ok(Self { catalog, maps: maps.into_iter().map(open).collect(), directories: HashMap::new() })
    }

    /// The files of the newest state that should hold an object's bytes.
    pub fn files_of(&mut self, key: ObjectKey) -> Result<Vec<SourceFile>> {
        let mut files = Vec::new();
        for place in self.catalog.places_of(key, TRIED)? {
            let Some((map, below)) = self.directory(place.parent)? else { continue };
            let Some(root) = self.maps.get(map).and_then(|(_, root)| root.clone()) else { continue };
            let name = place.name.as_bytes();
            let path = if below.is_empty() { name.to_vec() } else { [below.as_slice(), b"/", name].concat() };
            files.push(SourceFile { root, path, place: (map, place.inode) });
        }
        Ok(files)
    }

    /// Which map a directory is below, and its path there.
    fn directory(&mut self, id: DirectoryId) -> Result<Option<(usize, Vec<u8>)>> {
        if let Some(known) = self.directories.get(&id) {
            return Ok(known.clone());
        }
        let found = self.catalog.directory_path(id)?.and_then(|path| self.below_map(&path));
        if self.directories.len() >= REMEMBERED {
            self.directories.clear();
        }
        self.directories.insert(id, found.clone());
        Ok(found)
    }

    fn below_map(&self, path: &VPath) -> Option<(usize, Vec<u8>)> {
        let map = self.maps.iter().position(|(map, _)| path.starts_with(&map.vpath))?;
        let below = path.below(&self.maps.get(map)?.0.vpath)?;
        Some((map, below.iter().map(Name::as_bytes).collect::<Vec<_>>().join(&b'/')))
    }
}
