//! In which folders objects lie on a disk.

use super::ObjectId;
use std::fmt;
use std::str::FromStr;

/// The folders that lead to an object, by the first digits of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Fanout {
    /// One, by three digits, as distbackup has it.
    #[default]
    Three,
    /// So many below each other, by two digits each.
    Pairs(u8),
}

impl Fanout {
    /// Folders below each other, at most.
    pub const DEEPEST: u8 = 4;

    /// So many folders of two digits.
    pub fn pairs(count: i64) -> Option<Self> {
        u8::try_from(count).ok().filter(|count| *count <= Self::DEEPEST).map(Self::Pairs)
    }

    /// How many folders of two digits; none as distbackup has it.
    pub const fn count(self) -> Option<u8> {
        match self {
            Self::Three => None,
            Self::Pairs(count) => Some(count),
        }
    }

    /// The folder of an object below the one for all: `abc`, `ab/cd`, or nothing.
    pub fn folder(self, id: ObjectId) -> String {
        let digits = id.to_string();
        let (width, count) = self.digits();
        let parts = (0..count).filter_map(|at| digits.get(at * width..(at + 1) * width));
        parts.collect::<Vec<_>>().join("/")
    }

    /// How many folders so many objects have at most.
    pub fn folders(self, objects: u64) -> u64 {
        match self {
            Self::Three => 4096,
            Self::Pairs(count) => (1..=u32::from(count)).map(|depth| 256_u64.pow(depth).min(objects)).sum(),
        }
    }

    /// Folders below each other.
    pub const fn depth(self) -> usize {
        self.digits().1
    }

    /// How the name of an object's folder is made of its hash, as SQL has it: digits, then `/`.
    pub fn sql(self) -> String {
        let (width, count) = self.digits();
        let part = |at: usize| format!("lower(substr(hex(hash), {}, {width})) || '/' || ", at * width + 1);
        (0..count).map(part).collect()
    }

    /// Digits in the name of a folder, and folders.
    const fn digits(self) -> (usize, usize) {
        match self {
            Self::Three => (3, 1),
            Self::Pairs(count) => (2, count as usize),
        }
    }
}

impl FromStr for Fanout {
    type Err = NotAFanout;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "distbackup" => Ok(Self::Three),
            text => text.parse().ok().and_then(Self::pairs).ok_or(NotAFanout),
        }
    }
}

impl fmt::Display for Fanout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Three => f.write_str("distbackup"),
            Self::Pairs(count) => write!(f, "{count}"),
        }
    }
}

/// The text says nothing of folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAFanout;

impl fmt::Display for NotAFanout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fanout is 0, 1, 2, 3 or 4 folders of two digits, or distbackup: one of three")
    }
}

impl std::error::Error for NotAFanout {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_the_first_digits() {
        let id: ObjectId = format!("abcdef01{}", "0".repeat(56)).parse().unwrap();
        // text, folder, folders for 1,000 objects
        let table = [
            ("distbackup", "abc", 4096),
            ("0", "", 0),
            ("1", "ab", 256),
            ("2", "ab/cd", 1_256),
            ("4", "ab/cd/ef/01", 3_256),
        ];
        for (text, folder, folders) in table {
            let fanout: Fanout = text.parse().unwrap();
            assert_eq!((fanout.folder(id).as_str(), fanout.folders(1_000)), (folder, folders), "{text}");
            assert_eq!(fanout.to_string(), text);
        }
        for text in ["5", "-1", "abc", ""] {
            assert!(text.parse::<Fanout>().is_err(), "{text}");
        }
    }
}
