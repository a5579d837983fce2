//! Looking back: what ever stood at which path, from the newest state to the oldest that is kept.
//!
//! The walk takes along the snapshots in which a directory was where it is looked at; what stands in it
//! was there in those of its own snapshots that are among them. An update gives a directory that was
//! renamed a new id, but a catalog from elsewhere may have one at several places.

use super::glance::{Facts, Step, Wanted};
use super::reach::Reach;
use super::relay::relay;
use crate::catalog::{Catalog, Glance};
use crate::error::Result;
use crate::model::{DirectoryId, DiskSet, ObjectId, Search, Snapshot, SnapshotId, Span, Trail, VPath};
use std::collections::HashMap;

/// One content of a path, and when it was there.
pub struct Version {
    /// The path.
    pub path: VPath,
    /// What stood there: of several versions that differ in their metadata only, the last.
    pub row: Glance,
    /// The disks that hold its content now, copies in doubt not counted.
    pub disks: DiskSet,
    /// The hash of its content, if it has any and that is wanted.
    pub object: Option<ObjectId>,
    /// The oldest kept snapshot that saw it.
    pub first: Snapshot,
    /// The newest kept snapshot that saw it.
    pub last: Snapshot,
    /// Whether it is in the newest state.
    pub present: bool,
    /// The first and the last kept snapshot of each time that it was there without a break.
    pub times: Vec<(Snapshot, Snapshot)>,
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

    /// Whether a row has the same name and the same content.
    fn shows(&self, row: &Glance) -> bool {
        let what = |row: &Glance| (row.kind, row.directory, row.object, row.size);
        self.row.name == row.name && what(&self.row) == what(row)
    }
}

/// Visits every version of all that was ever at a path that is looked for; of one state only what was
/// there in it.
pub fn find(
    catalog: &Catalog,
    search: &Search,
    only: Option<SnapshotId>,
    wanted: Wanted,
    mut visit: impl FnMut(&Version) -> Result<()>,
) -> Result<()> {
    let (mut trail, mut teller) = (Trail::default(), Teller::new(catalog, wanted)?);
    relay(
        catalog,
        |catalog, give| walk(catalog, search, give),
        |step: &Step<Found>| {
            step.follow(
                &mut trail,
                |found| &found.row.name,
                |trail, found| match only {
                    Some(snapshot) if !found.is_in(snapshot) => Ok(()),
                    _ => teller.version(trail.path(), found)?.iter().try_for_each(&mut visit),
                },
            )
        },
    )
}

fn walk(catalog: &Catalog, search: &Search, give: &mut dyn FnMut(Step<Found>) -> Result<()>) -> Result<()> {
    let mut reach = Reach::of_search(catalog, search);
    let always = vec![Span::ALWAYS];
    let mut trail = Trail::default();
    let root = together(catalog.ever_in(DirectoryId::ROOT, b"")?, &always);
    let is_all = search.brings_what_is_below() && search.matches(&VPath::root());
    let mut open = vec![(is_all, root.into_iter())];
    let mut entered = HashMap::from([(DirectoryId::ROOT, always)]);
    while let Some((matched, items)) = open.last_mut() {
        let Some(found) = items.next() else {
            open.pop();
            trail.pop();
            give(Step::Out)?;
            continue;
        };
        let name = &found.row.name;
        let matches = *matched || search.is_match(trail.bytes_of(name), name);
        let below = found.row.directory.map(|id| (id, name.clone(), found.spans.clone()));
        if matches {
            give(Step::Hit(found))?;
        }
        if open.len() > VPath::DEEPEST {
            return Err(super::too_deep());
        }
        let Some((id, name, spans)) = below else { continue };
        trail.push(name.clone());
        // At any time a directory is in one place. A hostile catalog may hold one inside itself, or
        // each twice in the one above it, which would never end.
        if reach.leads_into(trail.path(), id, matches)? && is_new(&mut entered, id, &spans) {
            let rows = catalog.ever_in(id, reach.part_in(trail.bytes(), matches))?;
            reach.saw(rows.iter().any(|row| row.directory.is_none()));
            give(Step::Into(name))?;
            let brings = matches && search.brings_what_is_below();
            open.push((brings, together(rows, &spans).into_iter()));
        } else {
            trail.pop();
        }
    }
    Ok(())
}

/// Whether a directory was not looked at yet in any of these snapshots; from now on it was.
fn is_new(entered: &mut HashMap<DirectoryId, Vec<Span>>, id: DirectoryId, spans: &[Span]) -> bool {
    let before = entered.entry(id).or_default();
    let is_new = spans.iter().all(|span| before.iter().all(|other| span.common(*other).is_none()));
    if is_new {
        before.extend_from_slice(spans);
    }
    is_new
}

/// Every version of what was ever at one path, the oldest first.
pub fn versions(catalog: &Catalog, path: &VPath) -> Result<Vec<Version>> {
    let mut teller = Teller::new(catalog, Wanted { object: true, ..Wanted::default() })?;
    let mut here = vec![(DirectoryId::ROOT, vec![Span::ALWAYS])];
    let mut last = Vec::new();
    for name in path.names() {
        last.clear();
        for (directory, spans) in &here {
            last.extend(together(catalog.ever_named(*directory, name)?, spans));
        }
        here = last.iter().filter_map(|found| Some((found.row.directory?, found.spans.clone()))).collect();
    }
    let versions = last.iter().filter_map(|found| teller.version(path, found).transpose());
    let mut versions = versions.collect::<Result<Vec<_>>>()?;
    versions.sort_by_key(|version| (version.first.id, version.last.id));
    Ok(versions)
}

/// Rows that were there in one of these spans, those of one name and one content together.
fn together(rows: Vec<Glance>, window: &[Span]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for row in rows {
        let spans: Vec<Span> = window.iter().filter_map(|span| span.common(row.span)).collect();
        if spans.is_empty() {
            continue;
        }
        // Of one name the versions stand together, the newest content last.
        let same_name = all.iter().rev().take_while(|found| found.row.name == row.name).count();
        let start = all.len() - same_name;
        match all.iter_mut().skip(start).find(|found| found.shows(&row)) {
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
struct Teller<'c> {
    snapshots: Vec<Snapshot>,
    facts: Facts<'c>,
}

impl<'c> Teller<'c> {
    fn new(catalog: &'c Catalog, wanted: Wanted) -> Result<Self> {
        Ok(Self { snapshots: catalog.snapshots()?, facts: Facts::new(catalog, wanted)? })
    }

    /// What was found with its dates; nothing if no kept snapshot saw it there.
    fn version(&mut self, path: &VPath, found: &Found) -> Result<Option<Version>> {
        let is_in = |snapshot: &&Snapshot| found.is_in(snapshot.id);
        let dates = self.snapshots.iter().find(is_in).zip(self.snapshots.iter().rev().find(is_in));
        let Some((first, last)) = dates.map(|(first, last)| (first.clone(), last.clone())) else { return Ok(None) };
        let present = found.spans.iter().any(|span| span.last.is_none());
        let times = if found.spans.len() > 1 { self.times(found) } else { vec![(first.clone(), last.clone())] };
        let (disks, object) = self.facts.content(&found.row)?;
        Ok(Some(Version { path: path.clone(), row: found.row.clone(), disks, object, first, last, present, times }))
    }

    fn times(&self, found: &Found) -> Vec<(Snapshot, Snapshot)> {
        let runs = self.snapshots.chunk_by(|one, next| found.is_in(one.id) == found.is_in(next.id));
        let seen = runs.filter_map(|run| run.first().zip(run.last())).filter(|(first, _)| found.is_in(first.id));
        seen.map(|(first, last)| (first.clone(), last.clone())).collect()
    }
}
