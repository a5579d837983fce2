//! Rust source as far as the rules need it: without comments, strings and tests, in words.

/// A word or a sign, with the index of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    pub line: usize,
    pub text: &'t str,
}

/// The same text with comments blanked and each string and character reduced to `_`; lines stay.
pub fn stripped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (end, keep) = match special(bytes, at) {
            Some(found) => found,
            None => {
                out.push(bytes[at]);
                at += 1;
                continue;
            }
        };
        let end = end.min(bytes.len());
        let mark = usize::from(keep);
        out.extend(b"_".iter().take(mark));
        out.extend(bytes[at + mark..end].iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
        at = end;
    }
    String::from_utf8(out).unwrap()
}

/// Where a comment, string or character that begins here ends, and whether it is code.
fn special(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let rest = &bytes[at..];
    let joined = at > 0 && is_word(bytes[at - 1]);
    if rest.starts_with(b"//") {
        return Some((find(bytes, at, b"\n").unwrap_or(bytes.len()), false));
    }
    if rest.starts_with(b"/*") {
        return Some((block_comment(bytes, at), false));
    }
    if let Some((start, hashes)) = raw_string(rest).filter(|_| !joined) {
        let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
        let end = find(bytes, at + start, &close).map_or(bytes.len(), |found| found + close.len());
        return Some((end, true));
    }
    match rest[0] {
        b'"' => Some((string(bytes, at), true)),
        b'\'' => character(rest).map(|length| (at + length, true)),
        _ => None,
    }
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|at| from + at)
}

fn block_comment(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut here) = (1, at + 2);
    while here < bytes.len() && depth > 0 {
        let step = match &bytes[here..] {
            [b'/', b'*', ..] => 1,
            [b'*', b'/', ..] => -1,
            _ => 0,
        };
        depth += step;
        here += if step == 0 { 1 } else { 2 };
    }
    here
}

/// How long the beginning of a raw string is, and how many hashes it has.
fn raw_string(rest: &[u8]) -> Option<(usize, usize)> {
    let prefix = usize::from(rest.first() == Some(&b'b'));
    let after = rest.get(prefix..)?.strip_prefix(b"r")?;
    let hashes = after.iter().take_while(|byte| **byte == b'#').count();
    (after.get(hashes) == Some(&b'"')).then_some((prefix + 1 + hashes + 1, hashes))
}

fn string(bytes: &[u8], at: usize) -> usize {
    let mut here = at + 1;
    while here < bytes.len() && bytes[here] != b'"' {
        here += if bytes[here] == b'\\' { 2 } else { 1 };
    }
    here + 1
}

/// The length of a character literal; none for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    let inside = &rest[1..];
    if inside.first() == Some(&b'\\') {
        return inside.iter().skip(2).position(|byte| *byte == b'\'').map(|end| end + 4);
    }
    let text = std::str::from_utf8(&inside[..inside.len().min(8)]);
    let text = text.or_else(|error| std::str::from_utf8(&inside[..error.valid_up_to()])).ok()?;
    let first = text.chars().next()?.len_utf8();
    (inside.get(first) == Some(&b'\'')).then_some(first + 2)
}

/// Blanks what stands under `#[cfg(test)]` in a stripped text.
pub fn without_tests(stripped: &str) -> String {
    let mut lines: Vec<String> = stripped.lines().map(str::to_owned).collect();
    let mut at = 0;
    while at < lines.len() {
        if lines[at].replace(' ', "").contains("#[cfg(test)]") {
            let bodiless = || lines.iter().skip(at).position(|line| line.contains(';')).unwrap_or(0);
            let end = closing_line(&lines, at).unwrap_or_else(|| at + bodiless());
            lines[at..=end].iter_mut().for_each(String::clear);
            at = end;
        }
        at += 1;
    }
    lines.join("\n")
}

/// The line where the braces that open at or behind a line close; none if a `;` comes first.
pub fn closing_line(lines: &[String], start: usize) -> Option<usize> {
    let (mut depth, mut brackets) = (0, 0);
    for (offset, line) in lines.iter().skip(start).enumerate() {
        for c in line.chars() {
            match c {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets -= 1,
                '{' => depth += 1,
                '}' if depth == 1 => return Some(start + offset),
                '}' => depth -= 1,
                ';' if depth == 0 && brackets == 0 => return None,
                _ => {}
            }
        }
    }
    Some(lines.len().saturating_sub(1))
}

/// The words and signs of a stripped text; `::` is one sign.
pub fn tokens(stripped: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (line, text) in stripped.lines().enumerate() {
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let word = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
            let length = match word {
                0 if rest.starts_with("::") => 2,
                0 => rest.chars().next().map_or(1, char::len_utf8),
                word => word,
            };
            let (token, after) = rest.split_at(length);
            tokens.push(Token { line, text: token });
            rest = after.trim_start();
        }
    }
    tokens
}

/// All paths that begin at a token, braces expanded: `a::{b, c::d}` is `a::b` and `a::c::d`.
pub fn paths<'t>(tokens: &[Token<'t>], at: usize) -> Vec<Vec<&'t str>> {
    let mut found = Vec::new();
    expand(tokens, at, &mut Vec::new(), &mut found);
    found
}

/// Reads one branch of a path; returns the index behind it.
fn expand<'t>(tokens: &[Token<'t>], at: usize, before: &mut Vec<&'t str>, found: &mut Vec<Vec<&'t str>>) -> usize {
    let depth = before.len();
    let mut here = at;
    loop {
        match tokens.get(here).map(|token| token.text) {
            Some("{") => {
                here += 1;
                while tokens.get(here).is_some_and(|token| token.text != "}") {
                    let next = expand(tokens, here, before, found);
                    here =
                        if next == here || tokens.get(next).is_some_and(|t| t.text == ",") { next + 1 } else { next };
                }
                here += 1;
                break;
            }
            Some(word) if word.starts_with(|c: char| c == '_' || c.is_alphabetic()) => {
                before.push(word);
                here += 1;
                if tokens.get(here).is_none_or(|token| token.text != "::") {
                    found.push(before.clone());
                    if tokens.get(here).is_some_and(|token| token.text == "as") {
                        here += 2;
                    }
                    break;
                }
                here += 1;
            }
            end => {
                found.push(before.clone());
                here += usize::from(end == Some("*"));
                break;
            }
        }
    }
    before.truncate(depth);
    here
}

#[test]
fn strings_and_comments_are_no_code() {
    let table = [
        ("a // b\nc", "a     \nc"),
        ("a /* b /* c */ d */ e", "a                   e"),
        ("f(\"x\\\"y\") z", "f(_     ) z"),
        ("r#\"a\"b\"#c", "_       c"),
        ("<'a> 'b' '\\n' '\\'' '\u{e9}'", "<'a> _   _    _    _   "),
    ];
    for (text, expected) in table {
        assert_eq!(stripped(text), expected, "{text}");
    }
}

#[test]
fn tests_are_left_out() {
    let text = "a\n#[cfg(test)]\nmod tests {\n  b\n}\nc\n#[cfg(test)]\nuse d;\ne";
    assert_eq!(without_tests(text), "a\n\n\n\n\nc\n\n\ne");
}

#[test]
fn braces_are_expanded() {
    let text = "crate::{a, b::{c as d, e}, f::*}; x";
    let expected = [vec!["crate", "a"], vec!["crate", "b", "c"], vec!["crate", "b", "e"], vec!["crate", "f"]];
    assert_eq!(paths(&tokens(text), 0), expected);
}
