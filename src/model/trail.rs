//! Paths on a walk past very many entries, of which none is made anew for each.

use super::{Name, escape};
use std::fmt;
use std::sync::Arc;

/// The path of a directory: its name, and the directory above. However many are remembered at once, each
/// takes the room of a name.
#[derive(Clone, Default)]
pub struct Trail(Option<Arc<Step>>);

struct Step {
    above: Trail,
    name: Name,
    depth: usize,
}

impl Trail {
    /// The path of a child.
    #[must_use]
    pub fn join(&self, name: Name) -> Self {
        Self(Some(Arc::new(Step { above: self.clone(), name, depth: self.depth() + 1 })))
    }

    /// How many directories it is below the root.
    pub fn depth(&self) -> usize {
        self.0.as_ref().map_or(0, |step| step.depth)
    }

    /// Writes it out. So deep that this would not fit the stack no path is.
    fn write_to(&self, bytes: &mut Vec<u8>) {
        if let Some(step) = &self.0 {
            step.above.write_to(bytes);
            bytes.push(b'/');
            bytes.extend_from_slice(step.name.as_bytes());
        }
    }
}

/// A directory's path written out, and that of what is in it.
#[derive(Default)]
pub struct Here {
    /// The directory's, and behind it the name of a child.
    bytes: Vec<u8>,
    length: usize,
    text: String,
}

impl Here {
    /// Goes to a directory.
    pub fn go_to(&mut self, trail: &Trail) {
        self.bytes.clear();
        trail.write_to(&mut self.bytes);
        self.length = self.bytes.len();
        self.text.clear();
        self.text.push_str(&escape(&self.bytes));
    }

    /// The bytes of its path; of the root none.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// The bytes of a child's path.
    pub fn bytes_of(&mut self, child: &[u8]) -> &[u8] {
        self.bytes.truncate(self.length);
        self.bytes.push(b'/');
        self.bytes.extend_from_slice(child);
        &self.bytes
    }

    /// A child's path, to be shown.
    pub fn child<'p>(&'p self, name: &'p [u8]) -> ChildPath<'p> {
        ChildPath { above: &self.text, name }
    }
}

/// The path of something in a directory, as a person reads it.
#[derive(Clone, Copy)]
pub struct ChildPath<'p> {
    above: &'p str,
    name: &'p [u8],
}

impl ChildPath<'_> {
    /// Writes it to the end of a text, in a part of the time that formatting takes.
    pub fn push_to(&self, text: &mut String) {
        text.push_str(self.above);
        text.push('/');
        text.push_str(&escape(self.name));
    }
}

impl fmt::Display for ChildPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.above)?;
        f.write_str("/")?;
        f.write_str(&escape(self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::VPath;

    #[test]
    fn it_is_the_path_that_it_stands_for() {
        let mut here = Here::default();
        let child = Name::new(b"e\t").unwrap();
        for path in ["/", "/a", "/a/b\n\u{fc}/c", "/d"] {
            let path = VPath::from_bytes(path.as_bytes()).unwrap().join(&Name::new(b"\xff\\x").unwrap());
            let trail = path.names().iter().fold(Trail::default(), |trail, name| trail.join(name.clone()));
            here.go_to(&trail);
            assert_eq!((here.bytes(), trail.depth()), (path.to_bytes().as_slice(), path.names().len()));
            let below = path.join(&child);
            assert_eq!(here.bytes_of(child.as_bytes()), below.to_bytes());
            assert_eq!(here.child(child.as_bytes()).to_string(), below.to_string());
            let mut text = String::new();
            here.child(child.as_bytes()).push_to(&mut text);
            assert_eq!(text, below.to_string());
        }
        here.go_to(&Trail::default());
        assert_eq!((here.bytes(), here.child(b"e").to_string().as_str()), (&b""[..], "/e"));
        assert_eq!(here.bytes_of(b"e"), b"/e");
    }
}
