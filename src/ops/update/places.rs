//! Where source maps stand in the virtual tree, and which names they, and locks, take from what is
//! real there.

use crate::catalog::SourceMap;
use crate::model::{Name, VPath};
use std::collections::BTreeSet;

/// The source maps, ordered by virtual path, and what is locked.
#[derive(Clone, Debug)]
pub struct Places {
    maps: Vec<SourceMap>,
    locks: Vec<VPath>,
}

impl Places {
    /// The places of these maps, and of locked entries of the newest state.
    pub fn new(maps: Vec<SourceMap>, locks: Vec<VPath>) -> Self {
        Self { maps, locks }
    }

    /// Whether an entry of the newest state is locked here.
    pub fn is_locked(&self, path: &VPath) -> bool {
        self.locks.contains(path)
    }

    /// All maps; their position names them.
    pub fn maps(&self) -> &[SourceMap] {
        &self.maps
    }

    /// The map that stands exactly here.
    pub fn map_at(&self, path: &VPath) -> Option<(u32, &SourceMap)> {
        let position = self.maps.iter().position(|map| map.vpath == *path)?;
        Some((position as u32, self.maps.get(position)?))
    }

    /// The names in a directory that lead to something that stays, whatever becomes of the
    /// directory: maps and locked entries.
    pub fn names_below(&self, path: &VPath) -> BTreeSet<Name> {
        let locks = self.locks.iter().filter_map(|lock| lock.below(path)?.first());
        self.maps_below(path).into_iter().chain(locks.cloned()).collect()
    }

    /// The names in a directory that maps stand at, or lead through.
    pub fn maps_below(&self, path: &VPath) -> BTreeSet<Name> {
        let below = self.maps.iter().filter_map(|map| map.vpath.below(path));
        below.filter_map(|names| names.first().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_maps_take_their_names() {
        let map = |vpath: &str| SourceMap {
            vpath: vpath.parse().unwrap(),
            path: "/x".into(),
            file_system: None,
            scanned: None,
        };
        let places =
            Places::new(vec![map("/photos"), map("/photos/raw"), map("/a/b/c")], vec!["/a/k/f".parse().unwrap()]);
        let names = |path: &str| {
            let names = places.names_below(&path.parse().unwrap());
            names.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(names("/"), ["a", "photos"]);
        assert_eq!(names("/photos"), ["raw"]);
        assert_eq!(names("/a"), ["b", "k"]);
        assert_eq!(places.maps_below(&"/a".parse().unwrap()).len(), 1);
        assert!(names("/photos/raw").is_empty());
        assert_eq!(places.map_at(&"/photos/raw".parse().unwrap()).unwrap().0, 1);
        assert!(places.map_at(&"/a".parse().unwrap()).is_none());
    }
}
