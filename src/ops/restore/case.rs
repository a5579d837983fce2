//! Names that differ in case alone, where the destination takes them for one: the first has the
//! place, and the others are told. Nothing of the tree is written over another part of it.

use super::Run;
use crate::model::VPath;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The paths that were restored, without their case; only as numbers, since there may be millions.
#[derive(Debug, Default)]
pub(super) struct Taken(HashSet<u64>);

impl Taken {
    /// Takes a path; whether nobody had it.
    fn take(&mut self, path: &VPath) -> bool {
        let mut hasher = DefaultHasher::new();
        String::from_utf8_lossy(&path.to_bytes()).to_lowercase().hash(&mut hasher);
        self.0.insert(hasher.finish())
    }
}

impl Run<'_> {
    /// Whether no other entry of this restore has the place; tells if one has.
    pub(super) fn has_place(&mut self, path: &VPath) -> bool {
        let has_place = self.taken.as_mut().is_none_or(|taken| taken.take(path));
        if !has_place {
            self.problem(path, "the destination takes it for another name of this restore that differs only in case");
        }
        has_place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_taken_once() {
        let mut taken = Taken::default();
        let table = [("/a/Name", true), ("/a/name", false), ("/A/NAME", false), ("/b/name", true), ("/a/ÄRA", true)];
        for (path, free) in table.into_iter().chain([("/a/ära", false)]) {
            assert_eq!(taken.take(&path.parse().unwrap()), free, "{path}");
        }
    }
}
