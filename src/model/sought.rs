//! What a pass over all names looks for.

use super::{Glob, Name, Pattern};

/// Names that have a part, as far as they are meant. Each thread wants a clone: where several match with
/// one they wait for each other.
#[derive(Clone)]
pub struct Sought {
    /// What is part of every name.
    pub part: Vec<u8>,
    /// Which of those that have it.
    pub meant: Meant,
}

/// Which names are meant.
#[derive(Clone)]
pub enum Meant {
    /// All.
    Any,
    /// Those that match.
    Name(Glob),
    /// Those whose whole path matches.
    Path(Pattern),
}

impl Sought {
    /// Whether a name is meant in a directory of this path; where that is not known, it may be.
    pub fn is_meant<E>(&self, name: &[u8], path: impl FnOnce() -> Result<Option<Vec<u8>>, E>) -> Result<bool, E> {
        Ok(match &self.meant {
            Meant::Any => true,
            Meant::Name(glob) => Name::new(name).is_some_and(|name| glob.is_match(name.as_bytes())),
            Meant::Path(pattern) => {
                path()?.is_none_or(|path| pattern.is_match(&[path.as_slice(), b"/", name].concat()))
            }
        })
    }
}
