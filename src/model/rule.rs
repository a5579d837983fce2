//! Rules over names, as distbackup writes them.

use regex::{Regex, RegexBuilder};
use std::borrow::Cow;
use std::fmt;

/// A rule over the last component of a path: `*.tmp`, `!keep.tmp`, `:what?`, `/[0-9]+$`.
///
/// Written `[!...][type]pattern`. How many `!` there are is its class; what is in class 0 is left
/// out. The type is `:` for the very name, `?` for a shell pattern, `/` for a regular expression
/// that may match anywhere in the name; without one it is a shell pattern if it has `*`, `?` or
/// `[` in it, else the very name.
#[derive(Clone, Debug)]
pub struct Rule {
    text: Vec<u8>,
    class: usize,
    matcher: Matcher,
}

#[derive(Clone, Debug)]
enum Matcher {
    Name(Vec<u8>),
    Expression(Regex),
}

impl Rule {
    /// Reads a rule; spaces around it and behind the `!` mean nothing.
    pub fn new(text: &[u8]) -> Result<Self, NotARule> {
        let text = text.trim_ascii();
        let class = text.iter().take_while(|byte| **byte == b'!').count();
        let rest = text.get(class..).unwrap_or_default().trim_ascii_start();
        let matcher = match rest.split_first() {
            None => return Err(NotARule::new(text, "there is no pattern in it")),
            Some((b':', name)) => Ok(Matcher::Name(name.to_vec())),
            Some((b'?', pattern)) => expression(&of_shell_pattern(&characters(pattern))),
            Some((b'/', pattern)) => expression(&characters(pattern)),
            Some(_) if rest.iter().any(|byte| b"*?[".contains(byte)) => {
                expression(&of_shell_pattern(&characters(rest)))
            }
            Some(_) => Ok(Matcher::Name(rest.to_vec())),
        };
        let matcher = matcher.map_err(|error| NotARule::new(text, error))?;
        Ok(Self { text: text.to_vec(), class, matcher })
    }

    /// As it was written.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// How many `!` it begins with.
    pub const fn class(&self) -> usize {
        self.class
    }

    /// Whether it speaks of a name.
    pub fn matches(&self, name: &[u8]) -> bool {
        match &self.matcher {
            Matcher::Name(own) => own == name,
            Matcher::Expression(regex) => regex.is_match(&characters(name)),
        }
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Rule {}

/// The class that a name is in: that of the first rule that speaks of it.
pub fn class_of(rules: &[Rule], name: &[u8]) -> Option<usize> {
    rules.iter().find(|rule| rule.matches(name)).map(Rule::class)
}

fn expression(pattern: &str) -> Result<Matcher, String> {
    let built = RegexBuilder::new(pattern).dot_matches_new_line(true).build();
    // The last line says what is wrong; those before it only point at it.
    let last = |text: &str| text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
    built.map(Matcher::Expression).map_err(|error| last(&error.to_string()))
}

/// A name as characters, so that `?` and `.` stand for one of them, whatever the bytes: a byte that
/// is not text becomes a character that no name has.
fn characters(name: &[u8]) -> Cow<'_, str> {
    const STRAY: u32 = 0x0010_FE00;
    if let Ok(text) = std::str::from_utf8(name) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(name.len() * 2);
    for chunk in name.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().filter_map(|byte| char::from_u32(STRAY + u32::from(*byte))));
    }
    Cow::Owned(text)
}

/// The regular expression of a shell pattern over a whole name. Nothing is escaped in it; a `[`
/// that is never closed is only a `[`.
fn of_shell_pattern(pattern: &str) -> String {
    let mut out = String::from("\\A(?:");
    let mut rest = pattern.chars();
    while let Some(next) = rest.next() {
        match next {
            '*' => out.push_str(".*"),
            '?' => out.push('.'),
            '[' => match set(rest.as_str()) {
                Some((expression, after)) => {
                    out.push_str(&expression);
                    rest = after.chars();
                }
                None => out.push_str("\\["),
            },
            other => out.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    out + ")\\z"
}

/// The set of characters that begins behind a `[`, and what follows its `]`. A `]` that comes
/// first belongs to it; a range from a later to an earlier character is empty.
fn set(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('!').unwrap_or(text);
    let from = inside.strip_prefix(']').map_or(0, |_| 1);
    let end = inside.get(from..)?.find(']')? + from;
    let (members, after) = (inside.get(..end)?, inside.get(end + 1..)?);
    let members = members_of(&members.chars().collect::<Vec<_>>());
    let expression = match (members.is_empty(), inside.len() < text.len()) {
        (true, false) => "[^\\s\\S]".to_owned(),
        (true, true) => ".".to_owned(),
        (false, negated) => format!("[{}{members}]", if negated { "^" } else { "" }),
    };
    Some((expression, after))
}

fn members_of(characters: &[char]) -> String {
    let code = |c: char| format!("\\x{{{:x}}}", u32::from(c));
    let mut out = String::new();
    let mut rest = characters;
    loop {
        rest = match rest {
            [] => return out,
            [from, '-', to, after @ ..] => {
                if from <= to {
                    out += &format!("{}-{}", code(*from), code(*to));
                }
                after
            }
            [one, after @ ..] => {
                out += &code(*one);
                after
            }
        }
    }
}

/// The text is not a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotARule(String);

impl NotARule {
    fn new(text: &[u8], why: impl fmt::Display) -> Self {
        Self(format!("{} is no rule: {why}", super::escape(text)))
    }
}

impl fmt::Display for NotARule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotARule {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(text: &str) -> Rule {
        Rule::new(text.as_bytes()).unwrap()
    }

    #[test]
    fn matches_as_distbackup_does() {
        let table: [(&str, &[u8], bool); 27] = [
            ("core", b"core", true),
            ("core", b"score", false),
            ("*.tmp", b"a.tmp", true),
            ("*.tmp", b".tmp", true),
            ("*.tmp", b"a.tmp2", false),
            ("*.tmp", b"a\n.tmp", true),
            ("a?c", "a\u{e4}c".as_bytes(), true),
            ("a?c", b"a\xffc", true),
            ("?a*", b"ab", true),
            ("??a", b"xa", true),
            (":*", b"*", true),
            (":*", b"x", false),
            (":what?", b"what?", true),
            ("/^a.*z$", b"a--z", true),
            ("/b", b"abc", true),
            ("/(?i)B", b"abc", true),
            ("/a|b", b"xbx", true),
            ("[ab]x", b"bx", true),
            ("[!ab]x", b"bx", false),
            ("[^a]x", b"^x", true),
            ("[]]x", b"]x", true),
            ("[a-c]x", b"bx", true),
            ("[c-a]x", b"bx", false),
            ("[a", b"[a", true),
            ("{a,b}*", b"{a,b}c", true),
            ("a\\*", b"a\\b", true),
            ("*.raw", b"\xff\xfe.raw", true),
        ];
        for (text, name, expected) in table {
            assert_eq!(rule(text).matches(name), expected, "{text} {name:?}");
        }
    }

    #[test]
    fn classes_are_counted() {
        let table = [("a", 0), ("!a", 1), ("!! a", 2), ("!:!a", 1), (" a ", 0)];
        for (text, class) in table {
            assert_eq!(rule(text).class(), class, "{text}");
        }
        assert!(rule("! *.tmp").matches(b"x.tmp") && rule("!:!a").matches(b"!a"));
    }

    #[test]
    fn the_first_that_speaks_of_a_name_decides() {
        let rules = ["!keep.tmp", "*.tmp", "!!*"].map(rule);
        assert_eq!(class_of(&rules, b"keep.tmp"), Some(1));
        assert_eq!(class_of(&rules, b"other.tmp"), Some(0));
        assert_eq!(class_of(&rules, b"x"), Some(2));
        assert_eq!(class_of(&rules[..2], b"x"), None);
    }

    #[test]
    fn what_is_no_rule_is_refused_by_name() {
        for text in ["", "!!", "  ", "/(", "/a(?=b)", "/(a)\\1", "/a\\Z"] {
            let error = Rule::new(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(&*crate::model::escape(text.trim().as_bytes())), "{error}");
            assert!(error.contains("is no rule") && !error.contains('\n'), "{error}");
        }
    }

    /// A shell pattern read one character at a time.
    fn naive(pattern: &[char], name: &[char]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            (['*', rest @ ..], _) => (0..=name.len()).any(|taken| naive(rest, &name[taken..])),
            (['?', rest @ ..], [_, after @ ..]) => naive(rest, after),
            ([one, rest @ ..], [first, after @ ..]) => one == first && naive(rest, after),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn shell_patterns_match_what_a_naive_matcher_does(
            pattern in "[ab*?.\u{e4}]{1,6}", name in "[ab.\u{e4}\n]{0,8}",
        ) {
            let of = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = naive(&of(&pattern), &of(&name));
            prop_assert_eq!(rule(&format!("?{pattern}")).matches(name.as_bytes()), expected);
        }

        #[test]
        fn nothing_panics(text in prop::collection::vec(any::<u8>(), 0..12), name in prop::collection::vec(any::<u8>(), 0..12)) {
            if let Ok(rule) = Rule::new(&text) {
                rule.matches(&name);
            }
        }
    }
}
