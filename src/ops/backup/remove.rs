//! Taking copies off a disk without ever claiming what is not there.

use super::carry::Carrier;
use crate::catalog::CensusItem;
use crate::error::{Error, Kind, Result, reason};
use crate::model::{Amount, Class, Day, ObjectId, ObjectKey, Problem, Standing};
use std::collections::HashSet;

/// What came of taking claims back.
struct Unclaimed {
    /// What is claimed no more.
    going: Vec<u32>,
    /// Last copies of content that is needed.
    staying: Vec<ObjectKey>,
    /// How firmly older states are held now: one that gave up content is not only held to fill the disk.
    standing: Standing,
}

/// What became of objects that were to be unlinked.
struct Unlinked {
    /// These are still there.
    stayed: HashSet<u32>,
    /// These went, but other names keep their room.
    elsewhere: HashSet<u32>,
}

impl Carrier<'_, '_> {
    /// Takes copies away: first the claims, durably, then the objects, durably. Only what is
    /// really gone makes room.
    pub(super) fn take_away(&mut self, items: &[u32]) -> Result<()> {
        let items = &self.that_free_room(items)?;
        // Asked and done in one: what a person decides of older states or of other disks meanwhile
        // comes before all of it or after.
        let Unclaimed { going, staying, standing } = self.catalog.atomically(|_| self.unclaim(items))?;
        self.planned.standing = standing;
        for key in staying {
            let id = self.catalog.object(key)?.0;
            self.problem(&Problem::new(id.to_string(), "is the last copy of content that is needed, and stays"));
        }
        let items = &going;
        let Unlinked { stayed, elsewhere } = self.unlink(items)?;
        let gone: Vec<u32> = items.iter().copied().filter(|item| !stayed.contains(item)).collect();
        let freed = gone.iter().filter(|item| !elsewhere.contains(item));
        self.free += freed.map(|item| i128::from(self.footprint(*item).bytes())).sum::<i128>();
        self.planned.shelf.note(self.planned.disk.index, &gone, false);
        self.count(&gone);
        self.forget_orphans(&gone)
    }

    fn unclaim(&self, items: &[u32]) -> Result<Unclaimed> {
        if self.catalog.standing()? != self.planned.standing {
            let what = "which older states are kept was changed while this ran: nothing more is removed by what was";
            return Err(Error::new(Kind::Failed, what).next("run the same command again"));
        }
        let (going, staying) = self.without_last_copies(items)?;
        self.catalog.unclaim(self.planned.disk.index, &self.keys(&going))?;
        Ok(Unclaimed { going, staying, standing: self.catalog.standing()? })
    }

    /// Whatever a plan says, the last copy of content that is needed stays: the catalog is asked once more.
    fn without_last_copies(&self, items: &[u32]) -> Result<(Vec<u32>, Vec<ObjectKey>)> {
        let (mut going, mut staying) = (Vec::new(), Vec::new());
        for item in items {
            let Some(census) = self.census(*item) else { continue };
            let here = self.planned.disk.index;
            let others = self.catalog.claims_of(census.key)?;
            if !census.class.is_pinned() || others.iter().any(|(disk, _, doubt)| *disk != here && !doubt) {
                going.push(*item);
            } else {
                staying.push(census.key);
            }
        }
        Ok((going, staying))
    }

    /// Unlinks objects, their names in trees first. Those that could not be are claimed again, as never
    /// proven.
    fn unlink(&mut self, items: &[u32]) -> Result<Unlinked> {
        let mut ids = Vec::new();
        for item in items {
            if let Some(census) = self.census(*item) {
                ids.push((self.catalog.object(census.key)?.0, *item, census.key));
            }
        }
        ids.sort_unstable();
        let item_of = |id: &ObjectId| {
            let at = ids.binary_search_by_key(id, |(id, ..)| *id).ok();
            at.and_then(|at| ids.get(at)).map(|(_, item, _)| *item)
        };
        let named: Vec<_> = ids.iter().map(|(id, _, key)| (*key, *id)).collect();
        let elsewhere = self.names.take(&named).map_err(|error| self.disk_failed(error.what()))?;
        let elsewhere = elsewhere.iter().filter_map(item_of).collect();
        let removed = self.attached.remove_objects(&ids.iter().map(|(id, ..)| *id).collect::<Vec<_>>());
        let failed = removed.map_err(|error| self.disk_failed(error.what()))?;
        let mut stayed = HashSet::new();
        for (id, error) in &failed {
            self.problem(&Problem::new(id.to_string(), format_args!("could not be removed: {}", reason(error))));
            stayed.extend(item_of(id));
        }
        if !stayed.is_empty() {
            let keys = self.keys(&stayed.iter().copied().collect::<Vec<_>>());
            let disk = &self.planned.disk;
            self.catalog.atomically(|catalog| catalog.claim(disk.index, disk.session.number, Day(0), &keys))?;
        }
        Ok(Unlinked { stayed, elsewhere })
    }

    fn count(&mut self, gone: &[u32]) {
        for census in gone.iter().filter_map(|item| self.census(*item)).collect::<Vec<_>>() {
            let is_orphan = census.class == Class::Orphan;
            let sum = if is_orphan { &mut self.carried.orphans } else { &mut self.carried.evicted };
            *sum += Amount::one(census.size);
        }
    }

    /// An orphan whose last copy went is known no more.
    fn forget_orphans(&self, gone: &[u32]) -> Result<()> {
        let is_unknown = |census: &CensusItem| census.class == Class::Orphan && census.disks.count() == 0;
        let orphans = gone.iter().filter_map(|item| self.census(*item)).filter(is_unknown);
        let keys: Vec<Option<ObjectKey>> = orphans.map(|census| Some(census.key)).collect();
        if keys.is_empty() { Ok(()) } else { self.catalog.atomically(|catalog| catalog.drop_if_unused(&keys)) }
    }
}
