//! Places in the virtual source tree.

use super::Name;
use std::fmt;
use std::str::FromStr;

/// An absolute path of the virtual tree: a list of names, the root being the empty list.
///
/// Ordered component by component, so that a directory stands directly before what it holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct VPath(Vec<Name>);

impl VPath {
    /// Directories below each other, at most: as many as a path has that the kernel takes in one call.
    /// A walk holds the path of every directory above the one it is in, so without a bound a small
    /// catalog could fill the memory.
    pub const DEEPEST: usize = 2048;

    /// The root, `/`.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// Takes raw bytes: `/a/b`, `a/b` and `/a//b/` are the same path; `.` and `..` are refused, and
    /// what is deeper than any.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAVPath> {
        let parts = bytes.split(|b| *b == b'/').filter(|part| !part.is_empty());
        let names: Vec<_> = parts.map(|part| Name::new(part).ok_or(NotAVPath)).collect::<Result<_, _>>()?;
        // A file may stand in the deepest directory.
        if names.len() > Self::DEEPEST + 1 { Err(NotAVPath) } else { Ok(Self(names)) }
    }

    /// The bytes, with a leading `/` and none at the end.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self.0.as_slice() {
            [] => b"/".to_vec(),
            names => names.iter().flat_map(|name| [b"/", name.as_bytes()].concat()).collect(),
        }
    }

    /// The path of a child.
    #[must_use]
    pub fn join(&self, name: &Name) -> Self {
        let mut names = self.0.clone();
        names.push(name.clone());
        Self(names)
    }

    /// The directory that holds it and its name there; nothing for the root.
    pub fn split_last(&self) -> Option<(Self, &Name)> {
        let (name, parent) = self.0.split_last()?;
        Some((Self(parent.to_vec()), name))
    }

    /// Its names from the root down.
    pub fn names(&self) -> &[Name] {
        &self.0
    }

    /// Whether it is `ancestor` or lies below it.
    pub fn starts_with(&self, ancestor: &Self) -> bool {
        self.0.starts_with(&ancestor.0)
    }

    /// What remains below `ancestor`, if it is there.
    pub fn below(&self, ancestor: &Self) -> Option<&[Name]> {
        self.0.strip_prefix(ancestor.0.as_slice())
    }
}

impl FromIterator<Name> for VPath {
    fn from_iter<I: IntoIterator<Item = Name>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}

impl FromStr for VPath {
    type Err = NotAVPath;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_bytes(text.as_bytes())
    }
}

impl fmt::Display for VPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("/");
        }
        self.0.iter().try_for_each(|name| write!(f, "/{name}"))
    }
}

impl fmt::Debug for VPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The bytes hold `.`, `..` or NUL, or too many names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAVPath;

impl fmt::Display for NotAVPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a virtual path is written /like/this, without `.` or `..` in it")
    }
}

impl std::error::Error for NotAVPath {}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> VPath {
        text.parse().unwrap()
    }

    #[test]
    fn one_path_one_form() {
        for text in ["/a/b", "a/b", "/a//b/"] {
            assert_eq!(path(text).to_bytes(), b"/a/b");
        }
        assert_eq!(path("/"), VPath::root());
        assert_eq!(VPath::root().to_string(), "/");
    }

    #[test]
    fn refuses_climbing() {
        for text in ["/a/../b", "..", "/./a", "/a\0"] {
            assert_eq!(text.parse::<VPath>(), Err(NotAVPath), "{text}");
        }
    }

    #[test]
    fn depth_has_an_end() {
        assert!("/a".repeat(VPath::DEEPEST + 1).parse::<VPath>().is_ok());
        assert!("/a".repeat(VPath::DEEPEST + 2).parse::<VPath>().is_err());
    }

    #[test]
    fn a_directory_stands_before_its_content() {
        let mut paths = [path("/a-b"), path("/a/z"), path("/a"), path("/")];
        paths.sort();
        assert_eq!(paths.map(|p| p.to_string()), ["/", "/a", "/a/z", "/a-b"]);
    }

    #[test]
    fn knows_what_is_below() {
        assert!(path("/a/b").starts_with(&path("/a")));
        assert!(!path("/ab").starts_with(&path("/a")));
        assert_eq!(path("/a/b").below(&path("/a")).unwrap().len(), 1);
    }
}
