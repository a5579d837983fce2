//! What is on the disk for good is claimed, and named in its trees.

use super::carry::Carrier;
use super::copy::Task;
use crate::error::Result;
use crate::model::{Amount, ObjectKey};
use crate::ops::origins::Origin;
use crate::plan::Reason;

impl Carrier<'_, '_> {
    /// Claims copies that are durable, then gives them their names.
    pub(super) fn claim(&mut self, done: &[Task<'_>]) -> Result<()> {
        let items: Vec<u32> = done.iter().map(|task| task.item).collect();
        let keys = self.keys(&items);
        let disk = &self.planned.disk;
        self.catalog.atomically(|catalog| catalog.claim(disk.index, disk.session.number, self.today, &keys))?;
        self.planned.shelf.note(disk.index, &items, true);
        for task in done {
            self.free -= i128::from(task.footprint.bytes());
            let sum = if task.reason == Reason::New { &mut self.carried.first } else { &mut self.carried.more };
            *sum += Amount::one(task.size);
            match task.origins.front() {
                Some(Origin::Disk(..)) => self.carried.from_disks += Amount::one(task.size),
                Some(Origin::Stage(..)) => self.carried.from_stage += Amount::one(task.size),
                Some(Origin::Source(_)) | None => {}
            }
        }
        self.give_names(&keys)
    }

    /// Where not all can be named, the trees are looked through before the run ends.
    fn give_names(&mut self, keys: &[ObjectKey]) -> Result<()> {
        let Some(taken) = self.planned.disk.tree_taken else { return Ok(()) };
        let room = self.planned.room_for_trees - taken;
        let growth = self.names.give(keys, room).map_err(|error| self.disk_failed(error.what()))?;
        self.planned.disk.tree_taken = growth.map(|growth| taken + growth);
        Ok(())
    }
}
