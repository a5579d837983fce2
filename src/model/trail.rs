//! The path of a walk, which grows and shrinks by a name at a time.

use super::{Name, VPath, escape};

/// A path, its bytes and its text: a walk past very many entries makes none of them anew for each.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    path: VPath,
    bytes: Vec<u8>,
    text: String,
    /// Where the bytes of children are put together.
    scratch: Vec<u8>,
    /// How long the text was before each name.
    lengths: Vec<usize>,
}

impl Trail {
    /// Goes to a child.
    pub fn push(&mut self, name: Name) {
        self.lengths.push(self.text.len());
        self.text.push('/');
        self.text.push_str(&escape(name.as_bytes()));
        self.bytes.push(b'/');
        self.bytes.extend_from_slice(name.as_bytes());
        self.path.push(name);
    }

    /// Goes back to the directory above; stays in the root.
    pub fn pop(&mut self) {
        let name = self.path.pop();
        let length = name.map_or(0, |name| name.as_bytes().len() + 1);
        self.bytes.truncate(self.bytes.len().saturating_sub(length));
        self.text.truncate(self.lengths.pop().unwrap_or_default());
    }

    /// Where it is.
    pub fn path(&self) -> &VPath {
        &self.path
    }

    /// The same as a person reads it; of the root nothing.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of a child's path.
    pub fn bytes_of(&mut self, child: &Name) -> &[u8] {
        self.scratch.clear();
        self.scratch.extend_from_slice(&self.bytes);
        self.scratch.push(b'/');
        self.scratch.extend_from_slice(child.as_bytes());
        &self.scratch
    }

    /// The bytes of that; of the root none.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let mut trail = Trail::default();
        trail.pop();
        for name in [&b"a"[..], b"b\n"] {
            trail.push(Name::new(name).unwrap());
        }
        assert_eq!((trail.bytes(), trail.path().to_bytes()), (&b"/a/b\n"[..], b"/a/b\n".to_vec()));
        assert_eq!(trail.text(), trail.path().to_string());
        trail.pop();
        trail.push(Name::new(b"d").unwrap());
        assert_eq!((trail.bytes(), trail.text()), (&b"/a/d"[..], "/a/d"));
        (0..3).for_each(|_| trail.pop());
        assert_eq!((trail.path(), trail.bytes(), trail.text()), (&VPath::root(), &b""[..], ""));
        assert_eq!(trail.bytes_of(&Name::new(b"e").unwrap()), b"/e");
    }
}
