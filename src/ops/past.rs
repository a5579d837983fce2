//! Looking back: what ever stood at which path, from the newest state to the oldest that is kept.
//!
//! The walk takes along the snapshots in which a directory was where it is looked at; what stands in it
//! was there in those of its own snapshots that are among them. An update gives a directory that was
//! renamed a new id, but a catalog from elsewhere may have one at several places.

use super::glance::Contents;
use super::order::{self, Look, in_order};
use super::reach::{Lead, Reach};
use crate::catalog::{Catalog, Glance, Hindsight, Within};
use crate::error::Result;
use crate::model::{
    ChildPath, DirectoryId, DiskSet, Here, Name, ObjectId, Search, Snapshot, SnapshotId, Span, Timestamp, Trail, VPath,
};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// One content of a path, and when it was there.
pub struct Version {
    /// What stood there: of several versions that differ in their metadata only, the last.
    pub row: Glance,
    /// The disks that hold its content now, copies in doubt not counted.
    pub disks: DiskSet,
    /// The hash of its content, if it has any and that is wanted.
    pub object: Option<ObjectId>,
    /// The oldest kept snapshot that saw it.
    pub first: Moment,
    /// The newest kept snapshot that saw it.
    pub last: Moment,
    /// Whether it is in the newest state.
    pub present: bool,
    /// The first and the last kept snapshot of each time that it was there without a break.
    pub times: Vec<(Moment, Moment)>,
}

/// A kept snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its number.
    pub id: SnapshotId,
    /// When it was taken.
    pub taken: Timestamp,
}

/// Versions of one name that have one content, and when they were seen from above.
struct Found {
    row: Glance,
    spans: Vec<Span>,
}

impl Found {
    fn is_in(&self, snapshot: SnapshotId) -> bool {
        self.spans.iter().any(|span| span.covers(snapshot))
    }

    /// Whether a row has the same content.
    fn shows(&self, row: &Glance) -> bool {
        let what = |row: &Glance| (row.kind, row.directory, row.object, row.size);
        what(&self.row) == what(row)
    }
}

/// A directory to look into.
struct Directory {
    trail: Trail,
    id: DirectoryId,
    /// When it was there.
    spans: Arc<[Span]>,
    /// Whether its path is looked for.
    matches: bool,
    /// Whether all that is below it is, too.
    brings: bool,
    /// The name from which to go on.
    from: Option<Name>,
}

/// What a thread remembers.
struct Memory {
    here: Here,
    /// Of its own: where several threads match with one they wait for each other.
    search: Search,
}

struct Finder<'f, W> {
    search: &'f Search,
    only: Option<SnapshotId>,
    sight: Hindsight,
    reach: Reach,
    teller: Teller,
    /// When directories were that were looked into.
    entered: Mutex<HashMap<DirectoryId, Arc<[Span]>>>,
    write: W,
}

/// Has every version of all that was ever at a path that is looked for written, of one state only what
/// was there in it, and tells what was written, piece by piece; `hashes`: those of contents are wanted.
pub fn find(
    catalog: &Catalog,
    search: &Search,
    only: Option<SnapshotId>,
    hashes: bool,
    write: impl Fn(&mut String, ChildPath<'_>, &Version) -> Result<()> + Sync,
    tell: impl FnMut(&str) -> Result<()>,
) -> Result<()> {
    let brings = search.brings_what_is_below() && search.matches(&VPath::root());
    let spans = Arc::new([Span::ALWAYS]);
    let root = Directory { trail: Trail::default(), id: DirectoryId::ROOT, spans, matches: brings, brings, from: None };
    let (sight, reach, teller) = (Hindsight::default(), Reach::of_search(search), Teller::new(catalog, hashes)?);
    in_order(catalog, &Finder { search, only, sight, reach, teller, entered: Mutex::default(), write }, root, tell)
}

impl<W: Fn(&mut String, ChildPath<'_>, &Version) -> Result<()> + Sync> Look for Finder<'_, W> {
    type Place = Directory;
    type Memory = Memory;

    fn memory(&self) -> Memory {
        Memory { here: Here::default(), search: self.search.clone() }
    }

    fn look(
        &self,
        catalog: &Catalog,
        memory: &mut Memory,
        directory: Directory,
        found: &mut order::Found<'_, Directory>,
    ) -> Result<()> {
        memory.here.go_to(&directory.trail);
        let (id, matches, is_begun) = (directory.id, directory.matches, directory.from.is_some());
        let is_new = || is_begun || self.is_new(&directory);
        let lead = self.reach.enter(catalog, memory.here.bytes(), (id, matches), is_new)?;
        if lead == Lead::Nowhere {
            return Ok(());
        }
        let part = self.reach.part_in(memory.here.bytes(), directory.matches).to_vec();
        let mut holds = false;
        let within = Within { directory: id, part: &part, from: directory.from.as_ref() };
        let rest = catalog.ever_in(&self.sight, within, |name, versions| {
            together(versions, &directory.spans).into_iter().try_for_each(|version| {
                holds |= version.row.directory.is_none();
                self.version(catalog, memory, &directory, (name, version), found)
            })?;
            Ok(!found.is_enough())
        })?;
        self.reach.saw(lead, holds);
        if rest.is_some() {
            found.place(Directory { from: rest, ..directory });
        }
        Ok(())
    }
}

impl<W: Fn(&mut String, ChildPath<'_>, &Version) -> Result<()>> Finder<'_, W> {
    /// Whether a directory was not looked at yet in any of its snapshots; from now on it was. At any time
    /// a directory is in one place: a hostile catalog may hold one inside itself, or each twice in the
    /// one above it, which would never end.
    fn is_new(&self, directory: &Directory) -> bool {
        let mut entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
        let overlaps = |before: &[Span]| {
            directory.spans.iter().any(|span| before.iter().any(|other| span.common(*other).is_some()))
        };
        match entered.entry(directory.id) {
            Entry::Vacant(place) => drop(place.insert(Arc::clone(&directory.spans))),
            Entry::Occupied(before) if overlaps(before.get()) => return false,
            Entry::Occupied(mut before) => {
                *before.get_mut() = before.get().iter().chain(directory.spans.iter()).copied().collect();
            }
        }
        true
    }

    fn version(
        &self,
        catalog: &Catalog,
        Memory { here, search }: &mut Memory,
        directory: &Directory,
        (name, version): (&[u8], Found),
        found: &mut order::Found<'_, Directory>,
    ) -> Result<()> {
        let matches = directory.brings || search.is_match(here.bytes_of(name), name);
        let below = version.row.directory.and_then(|id| Some((id, Name::new(name)?))).map(|(id, name)| Directory {
            trail: directory.trail.join(name),
            id,
            // Most directories were there as long as the ones above.
            spans: if *version.spans == *directory.spans {
                Arc::clone(&directory.spans)
            } else {
                version.spans.as_slice().into()
            },
            matches,
            brings: matches && self.search.brings_what_is_below(),
            from: None,
        });
        if matches
            && self.only.is_none_or(|snapshot| version.is_in(snapshot))
            && let Some(version) = self.teller.version(catalog, &version)?
        {
            (self.write)(found.text(), here.child(name), &version)?;
        }
        if directory.trail.depth() >= VPath::DEEPEST {
            return Err(super::too_deep());
        }
        below.into_iter().for_each(|below| found.place(below));
        Ok(())
    }
}

/// Every version of what was ever at one path, the oldest first.
pub fn versions(catalog: &Catalog, path: &VPath) -> Result<Vec<Version>> {
    let teller = Teller::new(catalog, true)?;
    let found = ever_at(catalog, path)?;
    let versions = found.into_iter().filter_map(|found| teller.version(catalog, &found).transpose());
    let mut versions = versions.collect::<Result<Vec<_>>>()?;
    versions.sort_by_key(|version| (version.first.id, version.last.id));
    Ok(versions)
}

/// Whether anything was ever at a path, as far back as states are kept.
pub fn was_ever(catalog: &Catalog, path: &VPath) -> Result<bool> {
    Ok(!ever_at(catalog, path)?.is_empty())
}

fn ever_at(catalog: &Catalog, path: &VPath) -> Result<Vec<Found>> {
    let mut here: Vec<(_, Vec<Span>)> = vec![(DirectoryId::ROOT, vec![Span::ALWAYS])];
    let mut last = Vec::new();
    for name in path.names() {
        last.clear();
        for (directory, spans) in &here {
            last.extend(together(&catalog.ever_named(*directory, name)?, spans));
        }
        here = last.iter().filter_map(|found| Some((found.row.directory?, found.spans.clone()))).collect();
    }
    Ok(last)
}

/// Versions of one name that were there in one of these spans, the newest content last, those of one
/// content together.
fn together(rows: &[Glance], window: &[Span]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for row in rows.iter().copied() {
        let spans: Vec<Span> = window.iter().filter_map(|span| span.common(row.span)).collect();
        if spans.is_empty() {
            continue;
        }
        match all.iter_mut().find(|found| found.shows(&row)) {
            Some(found) => {
                found.spans.extend(spans);
                found.row = row;
            }
            None => all.push(Found { row, spans }),
        }
    }
    all
}

/// Says of what was found when it was there, and who holds it.
struct Teller {
    /// The oldest first.
    snapshots: Vec<Moment>,
    contents: Contents,
}

impl Teller {
    fn new(catalog: &Catalog, hashes: bool) -> Result<Self> {
        let moment = |snapshot: Snapshot| Moment { id: snapshot.id, taken: snapshot.taken };
        let snapshots = catalog.snapshots()?.into_iter().map(moment).collect();
        Ok(Self { snapshots, contents: Contents::new(catalog, hashes)? })
    }

    /// What was found with its dates; nothing if no kept snapshot saw it there.
    fn version(&self, catalog: &Catalog, found: &Found) -> Result<Option<Version>> {
        let times = self.times(&found.spans);
        let Some(((first, _), (_, last))) = times.first().copied().zip(times.last().copied()) else { return Ok(None) };
        let present = found.spans.iter().any(|span| span.last.is_none());
        let (disks, object) = self.contents.of(catalog, found.row.object)?;
        Ok(Some(Version { row: found.row, disks, object, first, last, present, times }))
    }

    fn times(&self, spans: &[Span]) -> Vec<(Moment, Moment)> {
        let seen = spans.iter().map(|span| self.seen_in(*span));
        let mut seen: Vec<Range<usize>> = seen.filter(|range| !range.is_empty()).collect();
        seen.sort_unstable_by_key(|range| range.start);
        let mut runs: Vec<Range<usize>> = Vec::new();
        for range in seen {
            match runs.last_mut().filter(|run| run.end >= range.start) {
                Some(run) => run.end = run.end.max(range.end),
                None => runs.push(range),
            }
        }
        let ends = |run: Range<usize>| Some((*self.snapshots.get(run.start)?, *self.snapshots.get(run.end - 1)?));
        runs.into_iter().filter_map(ends).collect()
    }

    fn seen_in(&self, span: Span) -> Range<usize> {
        let start = self.snapshots.partition_point(|snapshot| snapshot.id < span.first);
        let end = self.snapshots.partition_point(|snapshot| span.last.is_none_or(|last| snapshot.id <= last));
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    type Spans = &'static [(i64, Option<i64>)];
    type Times = &'static [(i64, i64)];

    #[test]
    fn times_that_overlap_or_touch_are_one() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
        let moment = |id| Moment { id: SnapshotId(id), taken: Timestamp::new(id, 0) };
        let snapshots = [1, 2, 4, 5, 8, 9].map(moment).to_vec();
        let teller = Teller { snapshots, contents: Contents::new(&catalog, false).unwrap() };
        let table: [(Spans, Times); 6] = [
            (&[(1, Some(9)), (2, Some(2)), (5, Some(5))], &[(1, 9)]),
            (&[(1, Some(3)), (4, Some(4))], &[(1, 4)]),
            (&[(4, Some(4)), (1, Some(1))], &[(1, 1), (4, 4)]),
            (&[(3, Some(3))], &[]),
            (&[(6, None)], &[(8, 9)]),
            (&[(10, None), (0, Some(1))], &[(1, 1)]),
        ];
        for (spans, times) in table {
            let span =
                |(first, last): &(i64, Option<i64>)| Span { first: SnapshotId(*first), last: last.map(SnapshotId) };
            let found = teller.times(&spans.iter().map(span).collect::<Vec<_>>());
            let found: Vec<_> = found.iter().map(|(first, last)| (first.id.0, last.id.0)).collect();
            assert_eq!(found, times, "{spans:?}");
        }
    }
}
