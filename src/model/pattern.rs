//! Patterns over virtual paths, as distbackup and the shell write them.

use super::VPath;
use globset::{Glob, GlobBuilder, GlobMatcher};
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;

/// A shell pattern over whole virtual paths: anchored at `/`, `*` crosses `/`, and a directory
/// that matches brings all that is below it.
#[derive(Clone, Debug)]
pub struct Pattern {
    glob: GlobMatcher,
    text: String,
}

impl Pattern {
    /// Reads a pattern; a missing leading `/` is added.
    pub fn new(text: &str) -> Result<Self, NotAPattern> {
        let trimmed = text.trim_matches('/');
        let text = format!("/{trimmed}");
        let glob = GlobBuilder::new(&text).backslash_escape(true).build();
        glob.map(|glob| Self { glob: glob.compile_matcher(), text }).map_err(|error| NotAPattern(error.to_string()))
    }

    /// The pattern that only this path matches, and what is below it.
    pub fn literal(path: &str) -> Result<Self, NotAPattern> {
        let escape = |c: char| if "*?[]{}\\!,".contains(c) { vec!['\\', c] } else { vec![c] };
        Self::new(&path.chars().flat_map(escape).collect::<String>())
    }

    /// The names with which every match begins.
    pub fn begins(&self) -> Vec<Vec<u8>> {
        plain_names(&self.text)
    }

    /// What is part of a name behind those, in every match; empty: nothing is known of them.
    pub fn part(&self) -> Vec<u8> {
        longest_part(&self.text, self.begins().len())
    }

    /// What is part of the last name of every path that matches while none above it does; empty:
    /// nothing is known of it. The last plain piece, if nothing but `*` stands behind it: were it all
    /// in the names above, these would match.
    pub fn last_part(&self) -> Vec<u8> {
        let pieces = pieces(&self.text);
        let end = self.text.trim_end_matches('*');
        if end.contains(['[', '{', '?', '\\']) || self.begins().len() == self.text.matches('/').count() {
            return Vec::new();
        }
        let plain = pieces.get(..end.len()).unwrap_or_default();
        let last = plain.rsplit(|piece| matches!(piece, None | Some(b'/'))).next().unwrap_or_default();
        last.iter().copied().flatten().collect()
    }

    /// Whether the path itself matches, as it is written out.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.glob.is_match(OsStr::from_bytes(path))
    }

    /// Whether the path, or a directory above it, matches.
    pub fn matches(&self, path: &VPath) -> bool {
        let bytes = path.to_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| **byte == b'/' && *at > 0).map(|(at, _)| at);
        ends.chain([bytes.len(), 1]).any(|end| self.glob.is_match(OsStr::from_bytes(&bytes[..end])))
    }
}

/// What a person looks for: names anywhere, or whole paths.
#[derive(Clone, Debug)]
pub enum Search {
    /// A pattern without `/`: the last name of a path matches; and what is part of all that do.
    Name(GlobMatcher, Vec<u8>),
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
        let named = |glob: Glob| Self::Name(glob.compile_matcher(), longest_part(text, 0));
        glob.map(named).map_err(|error| NotAPattern(error.to_string()))
    }

    /// Whether what is below a path that is looked for is looked for too.
    pub fn brings_what_is_below(&self) -> bool {
        matches!(self, Self::Path(_))
    }

    /// Whether a path itself is looked for, as it is written out and by its last name.
    pub fn is_match(&self, path: &[u8], last: &[u8]) -> bool {
        match self {
            Self::Name(glob, _) => glob.is_match(OsStr::from_bytes(last)),
            Self::Path(pattern) => pattern.is_match(path),
        }
    }

    /// Whether a path is looked for.
    pub fn matches(&self, path: &VPath) -> bool {
        match self {
            Self::Name(glob, _) => path.names().last().is_some_and(|name| glob.is_match(name.as_os_str())),
            Self::Path(pattern) => pattern.matches(path),
        }
    }
}

/// The pieces of a glob that stand for themselves; `None` between them for what may be anything.
fn pieces(glob: &str) -> Vec<Option<u8>> {
    let mut pieces = Vec::new();
    let mut rest = glob.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => pieces.extend(rest.next().map(Some)),
            b'*' | b'?' => pieces.push(None),
            // Of choices nothing is known, nor of what stands behind the first: it may be one of them.
            b'[' | b'{' => {
                pieces.push(None);
                break;
            }
            byte => pieces.push(Some(byte)),
        }
    }
    pieces
}

/// The longest piece of a name that is plain, behind so many names; a name begins behind each `/`.
fn longest_part(glob: &str, behind: usize) -> Vec<u8> {
    let pieces = pieces(glob);
    let names = pieces.split(|piece| *piece == Some(b'/')).skip(if behind > 0 { behind + 1 } else { 0 });
    let parts = names.flat_map(|name| name.split(Option::is_none));
    parts.max_by_key(|part| part.len()).unwrap_or_default().iter().copied().flatten().collect()
}

/// The names with which every match begins: those that end before anything may be anything.
fn plain_names(glob: &str) -> Vec<Vec<u8>> {
    let pieces = pieces(glob);
    let plain: Vec<u8> = pieces.iter().map_while(|piece| *piece).collect();
    let mut names: Vec<_> = plain.split(|byte| *byte == b'/').skip(1).map(<[u8]>::to_vec).collect();
    if plain.len() < pieces.len() {
        names.pop();
    }
    names.retain(|name| !name.is_empty());
    names
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
    fn what_every_match_has() {
        let table: [(&str, &str, &[&str]); 10] = [
            ("/a/b", "", &["a", "b"]),
            ("/s/*letter*99*", "letter", &["s"]),
            ("/photos/2024/IMG*", "IMG", &["photos", "2024"]),
            ("/a/x?longer", "longer", &["a"]),
            ("/a/{b,c}/name", "", &["a"]),
            ("/a[b/]c/name", "a", &[]),
            ("/we\\*ird\\[/x*", "x", &["we*ird["]),
            ("*old/a*.txt", ".txt", &[]),
            ("/*", "", &[]),
            ("/", "", &[]),
        ];
        for (text, part, begins) in table {
            let pattern = Pattern::new(text).unwrap();
            let begins: Vec<_> = begins.iter().map(|name| name.as_bytes().to_vec()).collect();
            assert_eq!((pattern.part(), pattern.begins()), (part.as_bytes().to_vec(), begins), "{text}");
        }
    }

    #[test]
    fn what_the_last_name_of_a_match_has() {
        let table = [
            ("/s/*letter*99*", "99"),
            ("/s/*.jpg", ".jpg"),
            ("/s/2024/IMG**", "IMG"),
            ("/s/a*/b", "b"),
            ("/s/a*/", "a"),
            ("/s/a?b", ""),
            ("/s/*", ""),
            ("/a/b", ""),
            ("/{a,b}c", ""),
        ];
        for (text, last) in table {
            assert_eq!(Pattern::new(text).unwrap().last_part(), last.as_bytes(), "{text}");
        }
    }

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
