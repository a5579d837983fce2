//! Words that people put on states.

use std::fmt;

/// What cannot be such a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATag;

/// The text as a tag: one word, since tables and lists stand between spaces and commas.
pub fn tag(text: &str) -> Result<String, NotATag> {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == ',';
    if text.is_empty() || text.chars().any(is_odd) { Err(NotATag) } else { Ok(text.to_owned()) }
}

impl fmt::Display for NotATag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tag is one word without spaces, commas and control characters")
    }
}

impl std::error::Error for NotATag {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_word() {
        for word in ["release-1.0", "Ünïx", "#1", "a/b"] {
            assert_eq!(tag(word).as_deref(), Ok(word));
        }
        for odd in ["", " ", "two words", "a,b", "a\nb", "\u{1b}[31mred", "a\u{85}b"] {
            assert_eq!(tag(odd), Err(NotATag), "{odd:?}");
        }
    }
}
