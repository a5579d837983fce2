//! What would free nothing if it went: files that have a name of somebody else on the disk.

use super::Planned;
use super::carry::Carrier;
use crate::catalog::Catalog;
use crate::disk::Attached;
use crate::error::Result;
use crate::model::{Amount, Class, Disk, Problem};
use crate::ops::shelf::Shelf;
use crate::ops::trees::Names;
use crate::plan::{Plan, Request, Step};
use crate::progress::Progress;
use std::collections::{HashMap, HashSet};

/// Plans are made anew so often, at most, without what the last one found to be linked.
const PLANS: u32 = 8;

/// Plans a visit of an attached disk so that nothing is to make way that would free nothing. Returns
/// what stays therefore.
pub(super) fn plan(
    catalog: &Catalog,
    shelf: &Shelf,
    (disk, attached): (&Disk, &Attached),
    rooms: &[(crate::model::DiskIndex, u64)],
    request: &Request,
) -> Result<(Plan, HashSet<u32>)> {
    let mut staying = HashSet::new();
    let mut plan = shelf.plan(disk, rooms, request, &staying);
    for _ in 1..PLANS {
        let linked = linked(catalog, shelf, &Names::of(catalog, disk, attached)?, &going(&plan))?;
        if linked.is_empty() {
            break;
        }
        staying.extend(linked);
        plan = shelf.plan(disk, rooms, request, &staying);
    }
    Ok((plan, staying))
}

/// All that may make way in a plan.
fn going(plan: &Plan) -> Vec<u32> {
    let of = |step: &Step| match step {
        Step::Remove { item, .. } => vec![*item],
        Step::Copy { exchange, evict, .. } => exchange.iter().chain(evict).copied().collect(),
    };
    plan.steps.iter().flat_map(of).collect()
}

/// Those of these items that somebody else named on the disk as well, but for what nobody needs.
fn linked(catalog: &Catalog, shelf: &Shelf, names: &Names<'_, '_>, items: &[u32]) -> Result<HashSet<u32>> {
    let census = |item: &u32| shelf.objects.get(*item as usize).map(|object| object.census);
    let mut known = Vec::new();
    let mut by_id = HashMap::new();
    for (item, census) in items.iter().filter_map(|item| Some((*item, census(item)?))) {
        if census.class != Class::Orphan {
            let id = catalog.object(census.key)?.0;
            known.push((census.key, id));
            by_id.insert(id, item);
        }
    }
    Ok(names.elsewhere(&known)?.iter().filter_map(|id| by_id.get(id).copied()).collect())
}

impl Carrier<'_, '_> {
    /// Of what is to go those whose room becomes free, and what nobody needs anyway. The others keep
    /// their claims: nothing would be won by giving them up.
    pub(super) fn that_free_room(&mut self, items: &[u32]) -> Result<Vec<u32>> {
        let staying = linked(self.catalog, &self.planned.shelf, &self.names, items);
        let staying = staying.map_err(|error| self.disk_failed(error.what()))?;
        for item in &staying {
            if self.linked.insert(*item) {
                self.carried.linked += Amount::one(self.size(*item));
            }
        }
        Ok(items.iter().copied().filter(|item| !staying.contains(item)).collect())
    }
}

impl Planned {
    /// What stays because nothing would be won if it went.
    pub(super) fn linked_amount(&self) -> Amount {
        self.linked.iter().map(|item| Amount::one(self.shelf.size(*item))).sum()
    }
}

/// Says once what did not go, and what to do.
pub(super) fn tell(planned: &Planned, attached: &Attached, linked: Amount, progress: &dyn Progress) {
    if linked.objects == 0 {
        return;
    }
    let objects = if linked.objects == 1 { "object" } else { "objects" };
    let what = format!(
        "{} {objects} ({}) were to make way and have other names on the disk, outside of the trees that dsb made: \
         nothing would be won, so they stay. Remove these names: `find {} -xdev -type f -links +1` lists them, \
         below snapshots/ those of the trees as well",
        linked.objects,
        linked.bytes,
        place(attached)
    );
    progress.problem(&Problem::new(planned.disk.name.as_str(), what));
}

fn place(attached: &Attached) -> String {
    let mount_point = crate::disk::place(attached.path()).map(|place| place.mount_point);
    let path = mount_point.unwrap_or_else(|_| attached.path().to_owned());
    crate::model::escape(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str())).into_owned()
}
