//! The path of a walk, which grows and shrinks by a name at a time.

use super::{Name, VPath};

/// A path and its bytes: a walk past very many entries makes neither anew for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    path: VPath,
    bytes: Vec<u8>,
}

impl Trail {
    /// Goes to a child.
    pub fn push(&mut self, name: Name) {
        self.bytes.push(b'/');
        self.bytes.extend_from_slice(name.as_bytes());
        self.path.push(name);
    }

    /// Goes back to the directory above; stays in the root.
    pub fn pop(&mut self) {
        let name = self.path.pop();
        let length = name.map_or(0, |name| name.as_bytes().len() + 1);
        self.bytes.truncate(self.bytes.len().saturating_sub(length));
    }

    /// Where it is.
    pub fn path(&self) -> &VPath {
        &self.path
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
        for name in [&b"a"[..], b"bc"] {
            trail.push(Name::new(name).unwrap());
        }
        assert_eq!((trail.bytes(), trail.path().to_bytes()), (&b"/a/bc"[..], b"/a/bc".to_vec()));
        trail.pop();
        trail.push(Name::new(b"d").unwrap());
        assert_eq!(trail.bytes(), b"/a/d");
        (0..3).for_each(|_| trail.pop());
        assert_eq!(trail, Trail::default());
    }
}
