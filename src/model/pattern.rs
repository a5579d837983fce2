//! Patterns over virtual paths, as distbackup and the shell write them.

use super::VPath;
use globset::{GlobBuilder, GlobMatcher};
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;

/// A shell pattern over whole virtual paths: anchored at `/`, `*` crosses `/`, and a directory
/// that matches brings all that is below it.
#[derive(Clone, Debug)]
pub struct Pattern(GlobMatcher);

impl Pattern {
    /// Reads a pattern; a missing leading `/` is added.
    pub fn new(text: &str) -> Result<Self, NotAPattern> {
        let trimmed = text.trim_matches('/');
        let glob = GlobBuilder::new(&format!("/{trimmed}")).backslash_escape(true).build();
        glob.map(|glob| Self(glob.compile_matcher())).map_err(|error| NotAPattern(error.to_string()))
    }

    /// Whether the path, or a directory above it, matches.
    pub fn matches(&self, path: &VPath) -> bool {
        let bytes = path.to_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| **byte == b'/' && *at > 0).map(|(at, _)| at);
        ends.chain([bytes.len(), 1]).any(|end| self.0.is_match(OsStr::from_bytes(&bytes[..end])))
    }
}

/// What a person looks for: names anywhere, or whole paths.
#[derive(Clone, Debug)]
pub enum Search {
    /// A pattern without `/`: the last name of a path matches.
    Name(GlobMatcher),
    /// Any other: as [`Pattern`] has it.
    Path(Pattern),
}

impl Search {
    /// Reads a pattern.
    pub fn new(text: &str) -> Result<Self, NotAPattern> {
        if text.contains('/') {
            return Pattern::new(text).map(Self::Path);
        }
        let glob = GlobBuilder::new(text).backslash_escape(true).build();
        glob.map(|glob| Self::Name(glob.compile_matcher())).map_err(|error| NotAPattern(error.to_string()))
    }

    /// Whether a path is looked for.
    pub fn matches(&self, path: &VPath) -> bool {
        match self {
            Self::Name(glob) => path.names().last().is_some_and(|name| glob.is_match(name.as_os_str())),
            Self::Path(pattern) => pattern.matches(path),
        }
    }
}

/// The text is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPattern(String);

impl fmt::Display for NotAPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAPattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_as_people_expect() {
        let table = [
            ("/photos", "/photos/a/b.jpg", true),
            ("photos/", "/photos", true),
            ("/photos", "/photos2", false),
            ("*.jpg", "/photos/a/b.jpg", true),
            ("/photos/*.jpg", "/photos/a/b.jpg", true),
            ("/p?otos", "/photos/x", true),
            ("/[ab]", "/c", false),
            ("/", "/any/thing", true),
            ("/", "/", true),
        ];
        for (pattern, path, expected) in table {
            let path = path.parse().unwrap();
            assert_eq!(Pattern::new(pattern).unwrap().matches(&path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_search_without_a_slash_is_for_names() {
        let table = [
            ("*.jpg", "/photos/a/b.jpg", true),
            ("b.jpg", "/photos/b.jpg", true),
            ("photos", "/photos/b.jpg", false),
            ("/photos", "/photos/b.jpg", true),
            ("a/b.jpg", "/photos/a/b.jpg", false),
            ("*/b.jpg", "/photos/a/b.jpg", true),
            ("*", "/", false),
        ];
        for (pattern, path, expected) in table {
            assert_eq!(Search::new(pattern).unwrap().matches(&path.parse().unwrap()), expected, "{pattern} {path}");
        }
        assert!(Search::new("[a").is_err() && Search::new("/[a").is_err());
    }

    #[test]
    fn refuses_half_a_class() {
        assert!(Pattern::new("/[a").is_err());
    }

    #[test]
    fn matches_names_that_are_not_text() {
        let path = VPath::from_bytes(b"/a/\xff.raw").unwrap();
        assert!(Pattern::new("/a/*.raw").unwrap().matches(&path));
    }
}
