//! A scenario played through: event after event, visit after visit, each plan audited.

use super::figures::levels;
use super::scenario::{Event, Scenario, ScenarioObject};
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, Class, DiskIndex, DiskSet, Protection, Size};
use crate::plan::{Future, Item, Plan, Request, Shelf, Step, Violation, audit, audit_again};
use crate::progress::Progress;
use std::ops::Range;

/// Rounds of a settling at most.
const ROUNDS: usize = 8;

/// One attachment of a disk. Bytes are footprints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Which disk.
    pub disk: DiskIndex,
    /// What was taken off it.
    pub deleted: Amount,
    /// What was put onto it.
    pub copied: Amount,
}

/// Something that no plan may do.
#[derive(Clone, Copy, Debug)]
pub struct Breach {
    /// In which visit, counted from 1.
    pub visit: usize,
    /// What it was.
    pub violation: Violation,
}

/// A scenario at its end.
pub(super) struct Run<'a> {
    /// The shelf.
    pub future: Future<'a>,
    /// In order of attachment.
    pub visits: Vec<Visit>,
    /// What the audit found.
    pub breaches: Vec<Breach>,
    /// Bytes with at least 1, 2 ... copies before the last settling and after each of its visits.
    pub settling: Vec<Vec<u64>>,
    scenario: &'a Scenario,
}

/// Plays all events.
pub(super) fn run<'a>(
    scenario: &'a Scenario,
    footprint: &'a (dyn Fn(u32, DiskIndex) -> u64 + Sync),
    progress: &dyn Progress,
) -> Result<Run<'a>> {
    let items = scenario.objects.iter().map(item).collect();
    let initial = scenario.disks.iter().filter(|disk| disk.initial);
    let rooms = initial.map(|disk| (disk.index, disk.room)).collect();
    let future = Future::new(items, rooms, Vec::new(), footprint);
    let mut run = Run { future, visits: Vec::new(), breaches: Vec::new(), settling: Vec::new(), scenario };
    progress.task("simulate", scenario.events.len() as u64, Size::ZERO);
    for event in &scenario.events {
        run.happen(event, progress)?;
        progress.advance(1, Size::ZERO);
    }
    Ok(run)
}

/// Nobody needs an object before it is added.
fn item(object: &ScenarioObject) -> Item {
    Item {
        footprint: object.footprint,
        disks: DiskSet::EMPTY,
        untrusted: DiskSet::EMPTY,
        directory: object.directory,
        priority: object.priority,
        wanted: Protection::USUAL.copies,
        maxcopies: object.maxcopies,
        class: Class::Orphan,
        obtainable: true,
    }
}

impl Run<'_> {
    fn happen(&mut self, event: &Event, progress: &dyn Progress) -> Result<()> {
        match event {
            Event::Add(objects) => self.classify(objects, Class::Live),
            Event::Delete(ranges) => ranges.iter().for_each(|objects| self.classify(objects, Class::Orphan)),
            Event::Attach(disk) => drop(self.attach(*disk, progress)?),
            Event::AddDisk(disk) => self.add_disk(*disk),
            Event::LoseDisk(disk) => self.future.lose_disk(*disk),
            Event::Settle => self.settle(progress)?,
        }
        Ok(())
    }

    fn classify(&mut self, objects: &Range<usize>, class: Class) {
        let items = self.future.items_mut().get_mut(objects.clone()).unwrap_or_default();
        items.iter_mut().for_each(|item| item.class = class);
    }

    fn add_disk(&mut self, index: DiskIndex) {
        if let Some(disk) = self.scenario.disks.iter().find(|disk| disk.index == index) {
            self.future.put_disk(index, disk.room);
        }
    }

    /// One visit. Says whether it changed anything.
    fn attach(&mut self, attached: DiskIndex, progress: &dyn Progress) -> Result<bool> {
        if progress.stopped() {
            return Err(Error::new(Kind::Interrupted, "interrupted"));
        }
        let request = Request::default();
        let plan = self.future.plan(attached, &request);
        let around = Shelf { attached, rooms: self.future.rooms(), groups: self.future.groups() };
        let visit = self.visits.len() + 1;
        for judge in [audit, audit_again] {
            let found = judge(self.future.items(), &around, &request, &plan);
            self.breaches.extend(found.into_iter().map(|violation| Breach { visit, violation }));
        }
        self.future.carry_out(attached, &plan);
        self.visits.push(self.account(attached, &plan));
        Ok(!plan.steps.is_empty())
    }

    fn account(&self, disk: DiskIndex, plan: &Plan) -> Visit {
        let amount = |index: &u32| Amount::one(Size(self.scenario.footprint(*index)));
        let mut visit = Visit { disk, deleted: Amount::default(), copied: Amount::default() };
        for step in &plan.steps {
            match step {
                Step::Remove { item, .. } => visit.deleted += amount(item),
                Step::Copy { item, exchange, evict, .. } => {
                    visit.copied += amount(item);
                    visit.deleted += exchange.iter().chain(evict).map(amount).sum();
                }
            }
        }
        visit
    }

    fn settle(&mut self, progress: &dyn Progress) -> Result<()> {
        let known: Vec<DiskIndex> = self.future.rooms().iter().map(|(disk, _)| *disk).collect();
        self.settling = vec![levels(self.future.items(), known.len())];
        for _ in 0..ROUNDS {
            let mut changed = false;
            for disk in &known {
                changed |= self.attach(*disk, progress)?;
                self.settling.push(levels(self.future.items(), known.len()));
            }
            if !changed {
                break;
            }
        }
        Ok(())
    }
}
