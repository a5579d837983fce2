//! Names as file systems have them: bytes, not text.

use std::borrow::{Borrow, Cow};
use std::ffi::OsStr;
use std::fmt::{self, Write};
use std::os::unix::ffi::OsStrExt;

/// One component of a path: raw bytes, never empty, `.`, `..`, nor with `/` or NUL in it.
///
/// Every name read from a source, a disk or a catalog becomes one of these first, so nothing
/// behind it can climb out of a root.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<[u8]>);

/// Names are found by their bytes.
impl Borrow<[u8]> for Name {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl Name {
    /// The name, or nothing if the bytes cannot be one.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        Self::is_one(bytes).then(|| Self(bytes.into()))
    }

    /// The same of bytes that are nobody else's: they are not copied.
    pub fn from_box(bytes: Box<[u8]>) -> Option<Self> {
        Self::is_one(&bytes).then_some(Self(bytes))
    }

    /// Whether bytes can be a name.
    pub fn is_one(bytes: &[u8]) -> bool {
        // Without stopping at the first: so it is done for many bytes at once.
        let is_free = bytes.iter().fold(true, |free, byte| free & !matches!(byte, 0 | b'/'));
        is_free && !matches!(bytes, b"" | b"." | b"..")
    }

    /// The raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as the system's calls take them.
    pub fn as_os_str(&self) -> &OsStr {
        OsStr::from_bytes(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape(&self.0))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Bytes as a terminal can show them: control characters, backslashes and what is not UTF-8
/// become `\n`, `\t`, `\\` or `\xNN`, so that no name can forge a line or move the cursor.
pub fn escape(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_plain(text) => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.utf8_chunks().fold(String::new(), |mut out, chunk| {
            chunk.valid().chars().for_each(|c| push_escaped(&mut out, c));
            push_hex(&mut out, chunk.invalid());
            out
        })),
    }
}

/// The bytes that [`escape`] shows so; none if a backslash in it means nothing.
pub fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, left) = match (first, after) {
            (b'\\', [b'n', left @ ..]) => (b'\n', left),
            (b'\\', [b't', left @ ..]) => (b'\t', left),
            (b'\\', [b'\\', left @ ..]) => (b'\\', left),
            (b'\\', [b'x', high, low, left @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
                (digit(high)? * 16 + digit(low)?, left)
            }
            (b'\\', _) => return None,
            (byte, left) => (*byte, left),
        };
        bytes.push(byte);
        rest = left;
    }
    Some(bytes)
}

/// Most names are of ASCII, which is seen without taking it apart.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_simple = bytes.iter().fold(true, |simple, byte| simple & matches!(byte, b' '..=b'[' | b']'..=b'~'));
    is_simple || !text.chars().any(needs_escape)
}

fn needs_escape(c: char) -> bool {
    // The bidirectional overrides can make one name look like another.
    c.is_control() || c == '\\' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\\' => out.push_str("\\\\"),
        c if needs_escape(c) => {
            let mut utf8 = [0; 4];
            push_hex(out, c.encode_utf8(&mut utf8).as_bytes());
        }
        c => out.push(c),
    }
}

fn push_hex(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(out, "\\x{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_name() {
        for bytes in [&b""[..], b".", b"..", b"a/b", b"a\0b"] {
            assert!(Name::new(bytes).is_none(), "{bytes:?}");
        }
        for bytes in [&b"a"[..], b"...", b" ", b"\n", b"\xff", b"-rf"] {
            assert_eq!(Name::new(bytes).unwrap().as_bytes(), bytes);
        }
    }

    #[test]
    fn escapes_for_the_terminal() {
        let table: &[(&[u8], &str)] = &[
            (b"plain", "plain"),
            ("grün".as_bytes(), "grün"),
            (b"a\nb", "a\\nb"),
            (b"\x1b[2J", "\\x1b[2J"),
            (b"\xff!", "\\xff!"),
            (b"a\\b", "a\\\\b"),
            ("\u{202e}gpj".as_bytes(), "\\xe2\\x80\\xaegpj"),
        ];
        for (bytes, shown) in table {
            assert_eq!(escape(bytes), *shown);
            assert_eq!(unescape(shown).as_deref(), Some(*bytes));
        }
        for text in ["\\", "a\\b", "\\x1", "\\xg0"] {
            assert_eq!(unescape(text), None, "{text}");
        }
    }
}
