//! Lines over whole paths, as `.gitignore` has them.

use super::escape;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;

/// One line over paths below a folder: it leaves out, or takes in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pattern: String,
    includes: bool,
}

impl Filter {
    /// Reads a pattern in the syntax of `.gitignore`; a `!` before it turns it round, and a second one
    /// is the first character of a name, as git has it.
    pub fn new(pattern: &str, includes: bool) -> Result<Self, NotAFilter> {
        let (pattern, includes) = pattern.strip_prefix('!').map_or((pattern, includes), |rest| (rest, !includes));
        // Only the first sign means something; escaped, what is kept says the same when it is read again.
        let escape = if pattern.starts_with('!') { "\\" } else { "" };
        let filter = Self { pattern: format!("{escape}{pattern}"), includes };
        Filters::new(std::slice::from_ref(&filter)).map(|_| filter)
    }

    /// The pattern, without a `!` before it.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether it takes in what lines before it leave out.
    pub const fn includes(&self) -> bool {
        self.includes
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.includes { "include" } else { "exclude" };
        write!(f, "{word} {}", escape(self.pattern.as_bytes()))
    }
}

/// All lines of one folder; of those that match a path the last counts.
#[derive(Clone, Debug)]
pub struct Filters(Gitignore);

impl Filters {
    /// Makes a matcher of lines.
    pub fn new(lines: &[Filter]) -> Result<Self, NotAFilter> {
        let mut builder = GitignoreBuilder::new(".");
        for (before, filter) in lines.iter().enumerate() {
            let refused = |why: &dyn fmt::Display| {
                NotAFilter(format!("{} is no pattern: {why}", escape(filter.pattern.as_bytes())))
            };
            let line = format!("{}{}", if filter.includes { "!" } else { "" }, filter.pattern);
            if filter.pattern.contains('\n') {
                return Err(refused(&"a pattern is one line"));
            }
            builder.add_line(None, &line).map_err(|error| refused(&error))?;
            let made = builder.build().map_err(|error| refused(&error))?;
            // What .gitignore takes for a comment or an empty line would never match anything.
            if made.len() <= before || filter.pattern.trim_matches(['/', ' ']).is_empty() {
                return Err(refused(&"there is nothing in it to match"));
            }
        }
        Ok(Self(builder.build().map_err(|error| NotAFilter(error.to_string()))?))
    }

    /// What these lines say of a path below their folder, without a leading `/`: whether it is
    /// left out, if they speak of it. Folders above it are asked about separately.
    pub fn leaves_out(&self, path: &[u8], is_directory: bool) -> Option<bool> {
        match self.0.matched(OsStr::from_bytes(path), is_directory) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        }
    }
}

/// The text is not a line of `.gitignore`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAFilter(String);

impl fmt::Display for NotAFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAFilter {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filters(lines: &[&str]) -> Filters {
        let lines: Vec<_> = lines.iter().map(|line| Filter::new(line, false).unwrap()).collect();
        Filters::new(&lines).unwrap()
    }

    #[test]
    fn matches_as_git_does() {
        type Case = (&'static [&'static str], &'static [u8], bool, Option<bool>);
        let table: [Case; 13] = [
            (&["*.o"], b"a/b/c.o", false, Some(true)),
            (&["/*.o"], b"a/c.o", false, None),
            (&["build/"], b"x/build", true, Some(true)),
            (&["build/"], b"x/build", false, None),
            (&["a/b"], b"a/b", false, Some(true)),
            (&["a/b"], b"x/a/b", false, None),
            (&["**/b"], b"x/a/b", false, Some(true)),
            (&["a/**"], b"a/b/c", false, Some(true)),
            (&["*.o", "!keep.o"], b"keep.o", false, Some(false)),
            (&["!keep.o", "*.o"], b"keep.o", false, Some(true)),
            (&["*.raw"], b"a/\xff.raw", false, Some(true)),
            (&["/a"], b"a", true, Some(true)),
            (&["\\#a"], b"#a", false, Some(true)),
        ];
        for (lines, path, is_directory, expected) in table {
            assert_eq!(filters(lines).leaves_out(path, is_directory), expected, "{lines:?} {path:?}");
        }
    }

    #[test]
    fn a_sign_turns_a_line_round() {
        let line = Filter::new("!a", true).unwrap();
        assert_eq!((line.pattern(), line.includes()), ("a", false));
        assert_eq!(Filter::new("!a", false).unwrap().to_string(), "include a");
        for includes in [false, true] {
            let line = Filter::new("!!a", includes).unwrap();
            assert_eq!(Filter::new(line.pattern(), line.includes()).as_ref(), Ok(&line), "kept, it says the same");
            let says = Filters::new(std::slice::from_ref(&line)).unwrap().leaves_out(b"!a", false);
            assert_eq!((line.includes(), says), (!includes, Some(includes)));
        }
    }

    #[test]
    fn what_would_never_match_is_refused_by_name() {
        for text in ["", "#a", "/", "a\nb", "a[z-a]", "   "] {
            let error = Filter::new(text, false).unwrap_err().to_string();
            assert!(error.contains("is no pattern"), "{text:?} {error}");
        }
    }

    proptest! {
        #[test]
        fn of_plain_names_the_last_that_matches_counts(
            lines in prop::collection::vec(("[abc]", any::<bool>()), 1..6), name in "[abc]", above in "[xy]{0,2}",
        ) {
            let made: Vec<_> = lines.iter().map(|(name, includes)| Filter::new(name, *includes).unwrap()).collect();
            let expected = lines.iter().rev().find(|line| line.0 == name).map(|line| !line.1);
            let path = if above.is_empty() { name } else { format!("{above}/{name}") };
            prop_assert_eq!(Filters::new(&made).unwrap().leaves_out(path.as_bytes(), false), expected);
        }
    }
}
