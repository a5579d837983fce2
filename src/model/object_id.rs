//! The name of content: its SHA-256.

use std::fmt;
use std::str::FromStr;

/// SHA-256 of an object's bytes. Ordered bytewise, printed as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 32]);

impl ObjectId {
    /// The id made of a finished digest.
    pub const fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<&[u8]> for ObjectId {
    type Error = NotAnObjectId;

    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        bytes.try_into().map(Self).map_err(|_| NotAnObjectId)
    }
}

impl FromStr for ObjectId {
    type Err = NotAnObjectId;

    /// Takes exactly 64 lower-case hex digits: an upper-case or shortened name is not an object's.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut digest = [0; 32];
        if text.len() != 64 {
            return Err(NotAnObjectId);
        }
        for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = pair.iter().try_fold(0, |sum, digit| Some(sum * 16 + nibble(*digit)?)).ok_or(NotAnObjectId)?;
        }
        Ok(Self(digest))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// The text or bytes are not a SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnObjectId;

impl fmt::Display for NotAnObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object is named by 64 lower-case hex digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses() {
        let id = ObjectId::new([0xab; 32]);
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn refuses_other_texts() {
        for text in ["", "ab", &"AB".repeat(32), &"g0".repeat(32), &"ab".repeat(33), &"é".repeat(32)] {
            assert_eq!(text.parse::<ObjectId>(), Err(NotAnObjectId), "{text}");
        }
    }
}
