//! Patterns over virtual paths, as distbackup and the shell write them.

use super::{VPath, escape};
use globset::GlobBuilder;
use regex::bytes::{Regex, RegexBuilder};
use std::fmt;

/// A shell pattern over bytes. What is not UTF-8 in it stands for itself.
#[derive(Clone, Debug)]
pub struct Glob(Regex);

impl Glob {
    fn new(glob: &[u8]) -> Result<Self, NotAPattern> {
        let not = |error: &dyn fmt::Display| NotAPattern(escape(error.to_string().as_bytes()).into_owned());
        if glob.contains(&0) {
            return Err(not(&"no name has a NUL in it"));
        }
        // A glob is text: NUL, which no name has, keeps the place of each byte that is none.
        let (mut text, mut bytes) = (String::new(), Vec::new());
        for chunk in glob.utf8_chunks() {
            text += chunk.valid();
            text.extend(chunk.invalid().iter().map(|_| '\0'));
            bytes.extend_from_slice(chunk.invalid());
        }
        let glob = GlobBuilder::new(&text).backslash_escape(true).build().map_err(|error| not(error.kind()))?;
        if glob.regex().matches('\0').count() != bytes.len() {
            return Err(not(&"a range ends with what is no character"));
        }
        let mut parts = glob.regex().split('\0');
        let mut regex = parts.next().unwrap_or_default().to_owned();
        for (part, byte) in parts.zip(bytes) {
            regex += &format!("\\x{byte:02x}{part}");
        }
        RegexBuilder::new(&regex).dot_matches_new_line(true).build().map(Self).map_err(|error| not(&error))
    }

    /// Whether bytes match as a whole.
    pub fn is_match(&self, bytes: &[u8]) -> bool {
        self.0.is_match(bytes)
    }
}

/// A shell pattern over whole virtual paths: anchored at `/`, `*` crosses `/`, and a directory
/// that matches brings all that is below it.
#[derive(Clone, Debug)]
pub struct Pattern {
    glob: Glob,
    text: Vec<u8>,
}

impl Pattern {
    /// Reads a pattern; a missing leading `/` is added.
    pub fn new(text: impl AsRef<[u8]>) -> Result<Self, NotAPattern> {
        let is_slash = |byte: &u8| *byte == b'/';
        let mut text: Vec<u8> = text.as_ref().iter().copied().skip_while(is_slash).collect();
        while text.pop_if(|byte| is_slash(byte)).is_some() {}
        text.insert(0, b'/');
        Ok(Self { glob: Glob::new(&text)?, text })
    }

    /// The pattern that only this path matches, and what is below it.
    pub fn literal(path: &[u8]) -> Result<Self, NotAPattern> {
        let escape = |byte: &u8| if b"*?[]{}\\!,".contains(byte) { vec![b'\\', *byte] } else { vec![*byte] };
        Self::new(path.iter().flat_map(escape).collect::<Vec<_>>())
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
        let end = self.text.iter().rposition(|byte| *byte != b'*').map_or(0, |last| last + 1);
        let end = self.text.get(..end).unwrap_or_default();
        let slashes = self.text.split(|byte| *byte == b'/').skip(1).count();
        if end.iter().any(|byte| b"[{?\\".contains(byte)) || self.begins().len() == slashes {
            return Vec::new();
        }
        let plain = pieces.get(..end.len()).unwrap_or_default();
        let last = plain.rsplit(|piece| matches!(piece, None | Some(b'/'))).next().unwrap_or_default();
        last.iter().copied().flatten().collect()
    }

    /// Whether the path itself matches, as it is written out.
    pub fn is_match(&self, path: &[u8]) -> bool {
        self.glob.is_match(path)
    }

    /// Whether the path, or a directory above it, matches.
    pub fn matches(&self, path: &VPath) -> bool {
        let bytes = path.to_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| **byte == b'/' && *at > 0).map(|(at, _)| at);
        ends.chain([bytes.len(), 1]).any(|end| self.glob.is_match(&bytes[..end]))
    }
}

/// What a person looks for: names anywhere, or whole paths.
#[derive(Clone, Debug)]
pub enum Search {
    /// A pattern without `/`: the last name of a path matches; and what is part of all that do.
    Name(Glob, Vec<u8>),
    /// Any other: as [`Pattern`] has it.
    Path(Pattern),
}

impl Search {
    /// Reads a pattern.
    pub fn new(text: impl AsRef<[u8]>) -> Result<Self, NotAPattern> {
        let text = text.as_ref();
        if text.contains(&b'/') {
            return Pattern::new(text).map(Self::Path);
        }
        Ok(Self::Name(Glob::new(text)?, longest_part(text, 0)))
    }

    /// Whether what is below a path that is looked for is looked for too.
    pub fn brings_what_is_below(&self) -> bool {
        matches!(self, Self::Path(_))
    }

    /// Whether a path itself is looked for, as it is written out and by its last name.
    pub fn is_match(&self, path: &[u8], last: &[u8]) -> bool {
        match self {
            Self::Name(glob, _) => glob.is_match(last),
            Self::Path(pattern) => pattern.is_match(path),
        }
    }

    /// Whether a path is looked for.
    pub fn matches(&self, path: &VPath) -> bool {
        match self {
            Self::Name(glob, _) => path.names().last().is_some_and(|name| glob.is_match(name.as_bytes())),
            Self::Path(pattern) => pattern.matches(path),
        }
    }
}

/// The pieces of a glob that stand for themselves; `None` between them for what may be anything.
fn pieces(glob: &[u8]) -> Vec<Option<u8>> {
    let mut pieces = Vec::new();
    let mut rest = glob.iter().copied();
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
fn longest_part(glob: &[u8], behind: usize) -> Vec<u8> {
    let pieces = pieces(glob);
    let names = pieces.split(|piece| *piece == Some(b'/')).skip(if behind > 0 { behind + 1 } else { 0 });
    let parts = names.flat_map(|name| name.split(Option::is_none));
    parts.max_by_key(|part| part.len()).unwrap_or_default().iter().copied().flatten().collect()
}

/// The names with which every match begins: those that end before anything may be anything.
fn plain_names(glob: &[u8]) -> Vec<Vec<u8>> {
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
        let table: [(&[u8], bool); 7] = [
            (b"/a/*.raw", true),
            (b"/a/\xff.raw", true),
            (b"/a/\xff*", true),
            (b"/*/[\xfe\xff].{jpg,raw}", true),
            (b"/a/\xfe.raw", false),
            (b"/a/\xff\xff.raw", false),
            (b"/a/\\xff.raw", false),
        ];
        for (text, expected) in table {
            assert_eq!(Pattern::new(text).unwrap().matches(&path), expected, "{}", text.escape_ascii());
        }
        assert!(Pattern::literal(b"a/\xff.raw").unwrap().matches(&path));
        assert!(Search::new(b"\xff.*").unwrap().matches(&path));
        assert_eq!(Pattern::new(b"/a/\xff/*").unwrap().begins(), [b"a".to_vec(), b"\xff".to_vec()]);
        for text in [&b"/a\0b"[..], b"/[\xfe-\xff]", b"/[a-\xff]", b"/[\xfe-a]"] {
            assert!(Pattern::new(text).is_err(), "{}", text.escape_ascii());
        }
    }
}
