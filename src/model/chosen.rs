//! Which copies on a disk are to be read.

use super::{NotASize, Size};
use std::str::FromStr;

/// Which copies on a disk are to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// Every one.
    #[default]
    All,
    /// Those that were never read since they were written.
    New,
    /// Those that could not be read, or were only seen by name and size.
    Bad,
    /// So many bytes of those that were read longest ago; the last of them is read whole.
    Oldest(Size),
}

/// A part of a whole: `10%`, or bytes, `50G`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// Of a hundred parts.
    Percent(u8),
    /// So much.
    Bytes(Size),
}

impl Portion {
    /// How much it is of a whole; at least one byte of what is not empty.
    pub fn of(self, whole: Size) -> Size {
        match self {
            // The whole may be near the end of numbers: divided first, the rest by itself.
            Self::Percent(part) => {
                let (part, whole) = (u64::from(part), whole.bytes());
                Size(whole / 100 * part + (whole % 100 * part).div_ceil(100))
            }
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl FromStr for Portion {
    type Err = NotASize;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_suffix('%') {
            Some(percent) => percent.parse().ok().filter(|part| *part <= 100).map(Self::Percent).ok_or(NotASize),
            None => text.parse().map(Self::Bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_never_less_than_asked() {
        let table = [("10%", 1_000, 100), ("10%", 1, 1), ("0%", 5, 0), ("100%", u64::MAX, u64::MAX), ("2k", 9, 2_000)];
        for (text, whole, part) in table {
            assert_eq!(text.parse::<Portion>().unwrap().of(Size(whole)), Size(part), "{text} of {whole}");
        }
        for text in ["", "%", "101%", "-1%", "1.5%", "x"] {
            assert!(text.parse::<Portion>().is_err(), "{text}");
        }
    }
}
