//! What must hold after a power cut, before the program has run again.

use super::disk_facts::DiskFacts;
use super::facts::{Facts, unsound};
use crate::kit::object_file;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

/// Objects that the file system has still got, whether its folders list them or not; nothing where that
/// cannot be said.
pub type Recorded<'a> = dyn Fn() -> Option<BTreeSet<String>> + 'a;

/// What was told to the person before a power cut, and what the run that it hit was about to reach.
pub struct Span<'a> {
    /// The state that the last run acknowledged.
    pub before: &'a Facts,
    /// The state that the next would have acknowledged; the same if there is none.
    pub after: &'a Facts,
    /// Objects on disks without power cuts.
    pub elsewhere: &'a BTreeSet<String>,
    /// Whether the disk's file system keeps several writes together. Without that, a name that is being
    /// given or taken may stand for nothing, and a new folder may be none: what matters is that nothing
    /// claims it, and that the next run clears it away.
    pub journaled: bool,
    pub recorded: &'a Recorded<'a>,
}

/// What a look at home and disk showed.
#[derive(Default)]
pub struct Look {
    /// Everything that does not hold, a line each.
    pub wrong: Vec<String>,
    /// Claimed objects that are there and that the file system does not give.
    pub hidden: usize,
}

/// Looks for everything that does not hold.
pub fn look(catalog: &Path, data: &Path, span: &Span<'_>) -> Look {
    let mut wrong = unsound(catalog);
    let now = match Facts::of(catalog) {
        Ok(now) => now,
        Err(why) => return Look { wrong: vec![why], hidden: 0 },
    };
    let mut disk = DiskFacts::of(data);
    let hidden = hidden(&now, &disk, data, span);
    let count = hidden.len();
    wrong.extend(undoubted(&now, &hidden));
    disk.whole.extend(hidden);
    if span.journaled {
        wrong.extend(disk.broken.iter().map(|object| format!("{object} is on the disk and broken")));
        wrong.extend_from_slice(&disk.unreadable);
    }
    wrong.extend(untrue(&now, &disk, span));
    wrong.extend(forgotten(&now, span));
    wrong.extend(lost(&now, &disk, span));
    wrong.extend(unmarked(&now, &disk));
    wrong.extend(unpublished(&disk, span));
    Look { wrong, hidden: count }
}

/// After a run that a broken file system has ended: what it did and did not get to may be anything that it
/// was to do, as long as each claim is true.
pub fn false_claims(catalog: &Path, data: &Path, span: &Span<'_>) -> Vec<String> {
    let now = match Facts::of(catalog) {
        Ok(now) => now,
        Err(why) => return vec![why],
    };
    let mut disk = DiskFacts::of(data);
    let hidden = hidden(&now, &disk, data, span);
    let mut wrong = unsound(catalog);
    wrong.extend(undoubted(&now, &hidden));
    disk.whole.extend(hidden);
    wrong.extend(untrue(&now, &disk, span));
    wrong
}

/// Claimed objects that are there and that the file system does not give. A folder of many is rewritten in
/// several places: without a journal a power cut between two of them leaves it unreadable, or without
/// names that were durable long before, until `chkdsk` puts it together again from what it has of each
/// file. Nothing that a program does with its own files prevents that.
fn hidden(now: &Facts, disk: &DiskFacts, data: &Path, span: &Span<'_>) -> BTreeSet<String> {
    let here = now.claims.iter().filter(|(name, object)| name == "a" && !disk.whole.contains(object));
    let missing: BTreeSet<_> = here.map(|(_, object)| object.clone()).collect();
    if span.journaled || missing.is_empty() {
        return BTreeSet::new();
    }
    let recorded = (span.recorded)();
    let is_hidden =
        |object: &String| recorded.as_ref().map_or_else(|| is_refused(data, object), |all| all.contains(object));
    missing.into_iter().filter(is_hidden).collect()
}

/// Neither given nor said not to be there.
fn is_refused(data: &Path, object: &str) -> bool {
    File::open(object_file(data, object)).is_err_and(|error| error.kind() != ErrorKind::NotFound)
}

/// What the file system does not give protects nothing until it was looked at again.
fn undoubted(now: &Facts, hidden: &BTreeSet<String>) -> Vec<String> {
    let claims = now.claims.difference(&now.doubted).filter(|(name, object)| name == "a" && hidden.contains(object));
    claims.map(|(_, object)| format!("{object} is claimed on a, hidden there, and not in doubt")).collect()
}

/// Claims without a whole object.
fn untrue(now: &Facts, disk: &DiskFacts, span: &Span<'_>) -> Vec<String> {
    let is_true = |(name, object): &(String, String)| {
        if name == "a" { disk.whole.contains(object) } else { span.elsewhere.contains(object) }
    };
    let claims = now.claims.iter().filter(|claim| !is_true(claim));
    claims.map(|(name, object)| format!("{object} is claimed on {name} and not there")).collect()
}

/// What was acknowledged, was to stay, and is not known any more.
fn forgotten(now: &Facts, span: &Span<'_>) -> Vec<String> {
    let (before, after) = (span.before, span.after);
    let entries = before.lasting.intersection(&after.lasting).filter(|entry| !now.lasting.contains(*entry));
    let mut wrong: Vec<_> = entries.map(|entry| format!("acknowledged and forgotten: {entry}")).collect();
    let claims = before.claims.intersection(&after.claims).filter(|claim| !now.claims.contains(*claim));
    wrong.extend(claims.map(|(name, object)| format!("acknowledged and forgotten: {object} on {name}")));
    if now.generation < before.generation {
        wrong.push(format!("generation {} was acknowledged, this is {}", before.generation, now.generation));
    }
    wrong
}

/// Live content with fewer true copies than it had and was to have.
fn lost(now: &Facts, disk: &DiskFacts, span: &Span<'_>) -> Vec<String> {
    let copies = |object: &String| [&disk.whole, span.elsewhere].iter().filter(|set| set.contains(object)).count();
    let live = span.before.live.intersection(&span.after.live).filter(|object| now.live.contains(*object));
    let least = |object: &String| span.before.copies(object).min(span.after.copies(object));
    let fewer = live.filter(|object| copies(object) < least(object));
    fewer.map(|object| format!("{object} has {} copies, not {}", copies(object), least(object))).collect()
}

/// A marker that is not the one the catalog knows, and claims that are younger than it.
fn unmarked(now: &Facts, disk: &DiskFacts) -> Vec<String> {
    let Some(marker) = disk.marker else { return vec!["no marker can be read".to_owned()] };
    let mut wrong = Vec::new();
    if !now.sessions.contains(&marker) {
        wrong.push(format!("the marker is of session {marker:?}, the catalog knows {:?}", now.sessions));
    }
    if now.claimed_in > marker.0 {
        wrong.push(format!("session {} claims what the marker's {} does not know", now.claimed_in, marker.0));
    }
    wrong
}

/// The catalog copy that was acknowledged is not there, nor a newer one.
fn unpublished(disk: &DiskFacts, span: &Span<'_>) -> Vec<String> {
    let found = disk.copy.as_ref().map_or(0, |copy| copy.generation);
    let expected = span.before.published;
    let is_there = found >= expected;
    if is_there {
        Vec::new()
    } else {
        vec![format!("the newest catalog copy is {found}, and {expected} was published")]
    }
}
