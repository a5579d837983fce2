//! Browsable trees: snapshots as folders of a disk that a person looks through with any program.

use super::{SnapshotId, Timestamp};

/// A tree that a disk should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeWanted {
    /// The snapshot that it shows.
    pub snapshot: SnapshotId,
    /// The name of its folder.
    pub name: String,
    /// When the snapshot was taken: the time of its folder.
    pub taken: Timestamp,
    /// Whether the update that recorded it saw everything: only then `latest` may lead to it.
    pub is_whole: bool,
}

/// A folder that bears a tree's name: it was whole when it got that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFound {
    /// Its name.
    pub name: String,
    /// Its time.
    pub stamp: Timestamp,
}

/// What stands where a disk has its trees.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TreesFound {
    /// Folders that dsb made and that bear the name of a tree.
    pub trees: Vec<TreeFound>,
    /// Trees that were being made or removed when a run was cut off, by the names they were to have or
    /// had.
    pub unfinished: Vec<String>,
    /// Where `latest` points.
    pub latest: Option<String>,
    /// What dsb did not make and that bears such a name, whole or not: it stays.
    pub foreign: Vec<String>,
    /// Whether dsb did not make what is called `latest`.
    pub foreign_latest: bool,
}

impl TreesFound {
    /// What stands in the way of a tree of that name.
    pub fn in_the_way_of(&self, name: &str) -> Option<&str> {
        let partial = partial_name(name);
        let is_in_the_way = |other: &&String| other.as_str() == name || **other == partial;
        self.foreign.iter().find(is_in_the_way).map(String::as_str)
    }
}

impl TreeWanted {
    /// Whether a folder is this tree. Names of forgotten snapshots may be given again; a file system
    /// may keep whole seconds alone.
    pub fn is(&self, found: &TreeFound) -> bool {
        let (taken, stamp) = (self.taken, found.stamp);
        self.name == found.name && (taken == stamp || stamp.nanoseconds() == 0 && stamp.seconds() == taken.seconds())
    }
}

/// What a tree is called while it is made or removed.
pub fn partial_name(name: &str) -> String {
    format!(".{name}.partial")
}

/// Whether a tree may be called so: a time as `2026-11-26_15-45-03`. It says nothing of who made it.
pub fn is_tree_name(name: &[u8]) -> bool {
    let fits = |(byte, like): (&u8, &u8)| if *like == b'0' { byte.is_ascii_digit() } else { byte == like };
    name.len() == PATTERN.len() && name.iter().zip(PATTERN).all(fits)
}

/// A digit stands for any.
const PATTERN: &[u8] = b"0000-00-00_00-00-00";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_times_are_names_of_trees() {
        let table = [
            ("2026-11-26_15-45-03", true),
            ("2026-11-26_15-45-03-17", false),
            ("2026-11-26_15-45-03x", false),
            ("2026-11-26_15-45-0x", false),
            ("2026-11-26", false),
            ("latest", false),
            ("", false),
        ];
        for (name, is) in table {
            assert_eq!(is_tree_name(name.as_bytes()), is, "{name}");
        }
    }

    #[test]
    fn what_bears_the_name_is_in_the_way() {
        let foreign = vec!["a".to_owned(), ".b.partial".to_owned()];
        let found = TreesFound { foreign, ..TreesFound::default() };
        for (name, expected) in
            [("a", Some("a")), ("b", Some(".b.partial")), ("c", None), (".b.partial", Some(".b.partial"))]
        {
            assert_eq!(found.in_the_way_of(name), expected, "{name}");
        }
    }

    #[test]
    fn a_tree_is_known_by_name_and_time() {
        let name = "2026-11-26_15-45-03".to_owned();
        let wanted =
            TreeWanted { snapshot: SnapshotId(3), name: name.clone(), taken: Timestamp::new(5, 7), is_whole: true };
        for (stamp, is) in [((5, 7), true), ((5, 0), true), ((5, 8), false), ((6, 7), false)] {
            let found = TreeFound { name: name.clone(), stamp: Timestamp::new(stamp.0, stamp.1) };
            assert_eq!(wanted.is(&found), is, "{stamp:?}");
        }
        assert!(!wanted.is(&TreeFound { name: name + "-3", stamp: Timestamp::new(5, 7) }));
    }
}
