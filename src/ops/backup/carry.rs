//! Carrying a plan out: removals, then copies in batches, each with what makes room for it.
//!
//! The order within a batch keeps every promise at every instant. What will be copied is opened
//! first, if anything must go for it. Then the claims of what goes are taken back, durably; then
//! it is unlinked, durably; only then its room counts as free. Then the batch is copied, made
//! durable and named, and only then claimed.

use super::copy::{Task, Written, copy_all};
use super::{Planned, publish, unless_full};
use crate::catalog::{Catalog, CensusItem};
use crate::disk::{Attached, BATCH_BYTES, BATCH_OBJECTS};
use crate::error::{Error, Result};
use crate::model::{Amount, Day, ObjectKey, Problem, Size};
use crate::ops::origins::{Elsewhere, Origin};
use crate::ops::parallel;
use crate::ops::sources::Sources;
use crate::ops::trees::{Names, TreeReport};
use crate::os;
use crate::plan::{Reason, Step};
use crate::progress::Progress;
use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    /// Orphans removed.
    pub orphans: Amount,
    /// Copies taken away for others, or because the budget shrank.
    pub evicted: Amount,
    /// First copies written.
    pub first: Amount,
    /// Further copies written.
    pub more: Amount,
    /// Of all copies, those whose bytes came from other disks.
    pub from_disks: Amount,
    /// Of all copies, those whose bytes came from the stage.
    pub from_stage: Amount,
    /// Copies that had no room.
    pub no_room: Amount,
    /// Copies that were to go and whose files have names elsewhere on the disk.
    pub linked: Amount,
    /// Objects that could not be copied or removed; each was told to the progress.
    pub problems: u64,
    /// The catalog copy on the disk is of an earlier session: there was no room for a new one.
    pub copy_is_old: bool,
    /// The disk was full before its budget was used.
    pub full: bool,
    /// What was done with its browsable trees.
    pub trees: TreeReport,
}

impl Carried {
    /// Whether nothing was in the way of anything.
    pub fn is_well(&self) -> bool {
        self.problems == 0 && self.linked.objects == 0 && !self.full
    }
}

/// The catalog copy on the disk is never older than this while a run lasts.
const PUBLISH_EVERY: Duration = Duration::from_secs(15 * 60);

/// Copies in a batch for which others must go: the files of all are held open before.
const BATCH_OPEN: usize = 200;

/// A copy of the plan, by its position there.
type PlannedCopy<'s> = (usize, &'s Step);

/// A run on one disk.
pub struct Carrier<'r, 'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) planned: &'r mut Planned,
    pub(super) attached: &'r Attached,
    pub(super) progress: &'r dyn Progress,
    pub(super) today: Day,
    /// Bytes of the disk's room that nothing takes; below zero after the budget was lowered.
    pub(super) free: i128,
    pub(super) carried: Carried,
    /// The names that objects have in the trees that are there.
    pub(super) names: Names<'a, 'r>,
    /// What is not to go, because that frees nothing.
    pub(super) linked: HashSet<u32>,
    sources: Sources<'a>,
    elsewhere: Elsewhere<'r>,
    threads: usize,
    /// What may go for the copies to come, in this order.
    victims: VecDeque<u32>,
    published: Instant,
}

impl<'r, 'a> Carrier<'r, 'a> {
    /// Makes ready to carry out a plan on its disk.
    pub fn new(
        catalog: &'a Catalog,
        planned: &'r mut Planned,
        attached: &'r Attached,
        jobs: usize,
        progress: &'r dyn Progress,
    ) -> Result<Self> {
        let used = planned.shelf.used(&planned.disk);
        let (staying, linked) = (planned.linked.clone(), planned.linked_amount());
        Ok(Self {
            catalog,
            attached,
            progress,
            today: os::now().day(),
            free: i128::from(planned.room.bytes()) - i128::from(used.bytes()),
            names: Names::of(catalog, &planned.disk, attached)?,
            planned,
            carried: Carried { linked, ..Carried::default() },
            linked: staying,
            sources: Sources::open(catalog)?,
            threads: parallel::threads(jobs),
            elsewhere: Elsewhere::default(),
            victims: VecDeque::new(),
            published: Instant::now(),
        })
    }

    /// The same, with bytes from other places too.
    #[must_use]
    pub fn with(mut self, elsewhere: Elsewhere<'r>) -> Self {
        self.elsewhere = elsewhere;
        self
    }

    /// What was done so far.
    pub fn carried(self) -> Carried {
        self.carried
    }

    /// Carries the plan out. After an error what was done until then is recorded.
    pub fn run(&mut self) -> Result<()> {
        let steps = std::mem::take(&mut self.planned.plan.steps);
        let removals: Vec<_> = steps.iter().filter_map(removal).collect();
        let copies: Vec<_> = steps.iter().enumerate().filter(|(_, step)| removal(step).is_none()).collect();
        self.remove(&removals).and_then(|()| self.copy(&copies))
    }

    fn remove(&mut self, removals: &[(u32, Reason)]) -> Result<()> {
        if !removals.is_empty() {
            self.progress.task("remove", removals.len() as u64, Size::ZERO);
        }
        for chunk in removals.chunks(BATCH_OBJECTS) {
            self.progress.check()?;
            let items: Vec<u32> = chunk.iter().map(|(item, _)| *item).collect();
            self.take_away(&items)?;
            self.progress.advance(items.len() as u64, Size::ZERO);
        }
        Ok(())
    }

    fn copy(&mut self, copies: &[PlannedCopy<'_>]) -> Result<()> {
        let bytes = copies.iter().map(|(_, step)| self.size(item_of(step))).sum();
        if !copies.is_empty() {
            self.progress.task("copy", copies.len() as u64, bytes);
        }
        let mut rest = copies;
        while !rest.is_empty() && !self.carried.full {
            self.progress.check()?;
            let (batch, after) = rest.split_at(self.batch_length(rest));
            rest = after;
            self.copy_batch(batch)?;
            if self.published.elapsed() >= PUBLISH_EVERY {
                unless_full(publish(self.catalog, &mut self.planned.disk, self.attached))?;
                self.published = Instant::now();
            }
        }
        Ok(())
    }

    /// How many of these copies make the next batch: few enough objects and bytes, and no more
    /// than can be held open where others must go for them.
    fn batch_length(&self, copies: &[PlannedCopy<'_>]) -> usize {
        let mut bytes = Size::ZERO;
        let mut evicts = false;
        let fits = |(position, (_, step)): &(usize, &PlannedCopy<'_>)| {
            bytes += self.size(item_of(step));
            evicts |= matches!(step, Step::Copy { exchange, evict, .. } if !exchange.is_empty() || !evict.is_empty());
            let most = if evicts { BATCH_OPEN } else { BATCH_OBJECTS };
            *position == 0 || (bytes <= BATCH_BYTES && *position < most)
        };
        copies.iter().enumerate().take_while(fits).count()
    }

    fn copy_batch(&mut self, batch: &[PlannedCopy<'_>]) -> Result<()> {
        let mut going = Vec::new();
        let mut room = self.free;
        let mut tasks = Vec::new();
        for copy in batch {
            tasks.extend(self.make_room(copy, &mut room, &mut going)?);
        }
        if !going.is_empty() {
            self.take_away(&going)?;
        }
        // What could not be removed makes no room: the last copies of the batch wait.
        let mut free = self.free;
        tasks.retain(|task| {
            free -= i128::from(task.footprint.bytes());
            free >= 0
        });
        // Within what is done for one reason: should the disk be full early, what comes first is there.
        tasks.chunk_by_mut(|a, b| a.reason == b.reason).for_each(|alike| alike.sort_by_key(Task::place));
        while !tasks.is_empty() {
            tasks = self.write(tasks)?;
        }
        Ok(())
    }

    /// Decides whether a copy of the plan has room and a file to come from, and what goes for it.
    fn make_room(&mut self, copy: &PlannedCopy<'_>, room: &mut i128, going: &mut Vec<u32>) -> Result<Option<Task<'r>>> {
        let (position, Step::Copy { item, reason, exchange, evict }) = copy else { return Ok(None) };
        if *position >= self.planned.plan.fill {
            self.victims.clear();
        }
        self.victims.extend(evict);
        // A plan may evict a copy and make it again; where what it was to go for failed, it is still here.
        if self.is_here(*item) {
            return Ok(None);
        }
        let Some(mut task) = self.task(*item, *reason)? else { return Ok(None) };
        let needed = i128::from(task.footprint.bytes());
        if needed > *room {
            let Some((chosen, from_queue)) = self.choose_victims(exchange, needed - *room) else {
                self.carried.no_room += Amount::one(task.size);
                return Ok(None);
            };
            if let Err(why) = task.open() {
                self.skipped(*item, &why)?;
                return Ok(None);
            }
            self.victims.drain(..from_queue);
            *room += chosen.iter().map(|victim| i128::from(self.footprint(*victim).bytes())).sum::<i128>();
            going.extend(chosen);
        }
        *room -= needed;
        Ok(Some(task))
    }

    /// What goes for one copy: what the plan exchanges for it, then the victims that wait, and how
    /// many of these. None if that is not enough, as happens where earlier copies failed.
    fn choose_victims(&self, exchange: &[u32], wanted: i128) -> Option<(Vec<u32>, usize)> {
        let disk = self.planned.disk.index;
        let is_there = |victim: &u32| {
            !self.linked.contains(victim) && self.census(*victim).is_some_and(|census| census.disks.contains(disk))
        };
        let mut missing = wanted;
        let mut chosen = Vec::new();
        for (position, victim) in exchange.iter().chain(&self.victims).copied().enumerate() {
            if is_there(&victim) {
                missing -= i128::from(self.footprint(victim).bytes());
                chosen.push(victim);
            }
            if missing <= 0 {
                return Some((chosen, (position + 1).saturating_sub(exchange.len())));
            }
        }
        None
    }

    /// Whether the disk has a copy that can be read, as far as is known.
    fn is_here(&self, item: u32) -> bool {
        let disk = self.planned.disk.index;
        self.census(item).is_some_and(|census| census.disks.contains(disk) && !census.unreadable.contains(disk))
    }

    fn task(&mut self, item: u32, reason: Reason) -> Result<Option<Task<'r>>> {
        let Some(census) = self.census(item) else { return Ok(None) };
        let (id, size) = self.catalog.object(census.key)?;
        let files = self.sources.files_of(census.key)?.into_iter().map(Origin::Source);
        let origins = files.chain(self.elsewhere.origins(id, size, census.disks)).collect();
        let footprint = self.footprint(item);
        Ok(Some(Task { item, id, size, footprint, sparse: census.data < size, origins, file: None, reason }))
    }

    /// Copies a batch, makes it durable, and only then claims it. Returns what is left: a slow
    /// medium fills a batch by time.
    fn write(&mut self, mut tasks: Vec<Task<'r>>) -> Result<Vec<Task<'r>>> {
        let batch = self.attached.begin_batch()?;
        let written = copy_all(&batch, &mut tasks, self.threads, self.progress);
        let (mut done, mut left, mut full) = (Vec::new(), Vec::new(), Vec::new());
        for (task, written) in tasks.into_iter().zip(written) {
            match written {
                Written::Done => done.push(task),
                Written::Waiting => left.push(task),
                Written::Skipped(why) => self.skipped(task.item, &why)?,
                Written::Differs => self.differs(task.item)?,
                Written::Full => full.push(task),
                Written::Failed(why) => return Err(self.disk_failed(&why)),
            }
        }
        let committed = batch.commit().map_err(|error| self.disk_failed(error.what()))?;
        for (id, error) in &committed.failed {
            let what =
                format!("could not be put into {}: {}", self.attached.folder_of(*id), crate::error::reason(error));
            self.problem(&Problem::new(id.to_string(), what));
        }
        done.retain(|task| committed.ids.binary_search(&task.id).is_ok());
        self.claim(&done)?;
        if done.is_empty() {
            full.iter().try_for_each(|task| self.disk_full(task))?;
        } else {
            // What is not on the medium yet may take more room than it will there (XFS): now it is.
            left.append(&mut full);
        }
        self.progress.check()?;
        if self.carried.full { Ok(Vec::new()) } else { Ok(left) }
    }

    fn skipped(&mut self, item: u32, why: &str) -> Result<()> {
        let Some(census) = self.census(item) else { return Ok(()) };
        let place = crate::ops::paths_of(self.catalog, census.key, 1)?.first().map(crate::model::VPath::to_bytes);
        self.problem(&Problem::new(place.unwrap_or_default(), format_args!("not copied: {why}")));
        Ok(())
    }

    /// A file that has other bytes than its entry says, whether its size and time tell of it or not:
    /// the next update reads it.
    fn differs(&mut self, item: u32) -> Result<()> {
        if let Some(census) = self.census(item) {
            self.catalog.read_again(census.key)?;
        }
        self.skipped(item, "changed since the update; run `dsb update`, and `dsb update --rehash` if that sees nothing")
    }

    fn disk_full(&mut self, task: &Task<'_>) -> Result<()> {
        self.carried.full = true;
        let free = self.attached.file_system()?.available;
        let what = format!("the disk is full: {} wanted, {free} free; other files take its room", task.size);
        self.problem(&Problem::new(self.planned.disk.name.as_str(), what));
        Ok(())
    }

    pub(super) fn disk_failed(&self, why: &str) -> Error {
        let safe = self.carried.first.objects + self.carried.more.objects;
        let name = &self.planned.disk.name;
        let what = format!("disk {name} stopped answering after {safe} objects ({why}); these {safe} are safe");
        Error::new(crate::error::Kind::Failed, what).next("connect and mount it, and run the same command again")
    }

    pub(super) fn problem(&mut self, problem: &Problem) {
        self.carried.problems += 1;
        self.progress.problem(problem);
    }

    pub(super) fn census(&self, item: u32) -> Option<CensusItem> {
        self.planned.shelf.objects.get(item as usize).map(|object| object.census)
    }

    pub(super) fn keys(&self, items: &[u32]) -> Vec<ObjectKey> {
        items.iter().filter_map(|item| Some(self.census(*item)?.key)).collect()
    }

    pub(super) fn footprint(&self, item: u32) -> Size {
        self.census(item).map_or(Size::ZERO, |census| self.planned.disk.footprint.of(census.size, census.data))
    }

    pub(super) fn size(&self, item: u32) -> Size {
        self.census(item).map_or(Size::ZERO, |census| census.size)
    }
}

fn removal(step: &Step) -> Option<(u32, Reason)> {
    match step {
        Step::Remove { item, reason } => Some((*item, *reason)),
        Step::Copy { .. } => None,
    }
}

fn item_of(step: &Step) -> u32 {
    match step {
        Step::Remove { item, .. } | Step::Copy { item, .. } => *item,
    }
}
