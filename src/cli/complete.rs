//! What the shell may offer: disks and virtual paths, out of the catalog.
//!
//! The shell calls the program for each press of the key: only what is at the place of the cursor
//! is looked up, and what goes wrong is nothing to offer.

use super::context;
use crate::catalog::Catalog;
use crate::model::VPath;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

/// Candidates at most: more than anybody reads.
const MOST: u32 = 1_000;

/// Names of disks.
pub fn disks() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| disk_names(current))
}

/// Names of disks, and real folders.
pub fn disks_or_folders() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let mut found = disk_names(current);
        found.extend(PathCompleter::dir().complete(current));
        found
    })
}

/// Virtual paths, a name at a time.
pub fn vpaths() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| paths_below(current).unwrap_or_default())
}

/// The states there are: numbers, newest first, each with its time.
pub fn states() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let begins = current.to_string_lossy().into_owned();
        let states = catalog().and_then(|catalog| catalog.snapshots().ok()).unwrap_or_default();
        let latest = CompletionCandidate::new("latest").help(Some("the newest state".into()));
        let numbered = states.iter().rev().take(MOST as usize).map(|state| {
            let taken = super::words::date(Some(state.taken));
            CompletionCandidate::new(state.id.0.to_string()).help(Some(taken.into()))
        });
        let all = [latest].into_iter().chain(numbered);
        all.filter(|state| state.get_value().to_string_lossy().starts_with(&begins)).collect()
    })
}

fn disk_names(current: &OsStr) -> Vec<CompletionCandidate> {
    let begins = current.to_string_lossy().into_owned();
    let disks = catalog().and_then(|catalog| catalog.disks().ok()).unwrap_or_default();
    let names = disks.into_iter().map(|disk| disk.name.to_string()).filter(|name| name.starts_with(&begins));
    names.map(CompletionCandidate::new).collect()
}

fn paths_below(current: &OsStr) -> Option<Vec<CompletionCandidate>> {
    let typed = unquoted(current);
    let cut = typed.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    let (above, begins) = typed.split_at_checked(cut)?;
    let names = catalog()?.names_below(&VPath::from_bytes(above).ok()?, begins, MOST).ok()?;
    let shown = |(name, is_directory): (crate::model::Name, bool)| {
        let slash: &[u8] = if is_directory { b"/" } else { b"" };
        let path = [if above.is_empty() { b"/" } else { above }, name.as_bytes(), slash].concat();
        CompletionCandidate::new(quoted(path))
    };
    Some(names.into_iter().map(shown).collect())
}

/// The catalog that the command line being completed is about.
fn catalog() -> Option<Catalog> {
    let mut words = std::env::args_os().skip_while(|word| word != "--").skip(2).peekable();
    let mut given = None;
    while let Some(word) = words.next() {
        let joined = ["--db=", "-d"].iter().find_map(|option| word.as_bytes().strip_prefix(option.as_bytes()));
        match joined.filter(|rest| !rest.is_empty()) {
            _ if word == "-d" || word == "--db" => given = words.next().map(PathBuf::from),
            Some(rest) => given = Some(PathBuf::from(OsStr::from_bytes(rest))),
            None if word.as_bytes().starts_with(b"-") => {}
            // Behind the command -d is an option of its own.
            None => break,
        }
    }
    Catalog::open_to_look(&context::folder(given.as_deref()).ok()?).ok()
}

/// bash puts a candidate into the line as it is, and hands over the word as it stands there.
fn is_bash() -> bool {
    std::env::var_os("_CLAP_COMPLETE_COMP_TYPE").is_some()
}

fn quoted(path: Vec<u8>) -> OsString {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"/._-+,:@%".contains(byte);
    if !is_bash() {
        return OsString::from_vec(path);
    }
    let quote = |byte: u8| if is_plain(&byte) { vec![byte] } else { vec![b'\\', byte] };
    OsString::from_vec(path.into_iter().flat_map(quote).collect())
}

fn unquoted(word: &OsStr) -> Vec<u8> {
    if !is_bash() {
        return word.as_bytes().to_vec();
    }
    let mut bytes = Vec::new();
    let mut rest = word.as_bytes().iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => bytes.extend(rest.next()),
            b'\'' | b'"' => {}
            byte => bytes.push(*byte),
        }
    }
    bytes
}
