//! Carries a history out under some rule for what goes onto a disk and for which disk is next.

use super::advice::advised;
use super::figures::{best, data, expected_loss, least_loss, reached};
use super::history::{History, disk};
use super::random::Random;
use super::tree::ROUNDS;
use dsb::model::{Class, DiskIndex};
use dsb::plan::{Future, Plan, Step};

/// What a visit did.
pub struct Visit {
    pub written: u64,
    pub changed: bool,
}

impl Visit {
    /// What a plan that was carried out comes to.
    pub fn of(future: &Future<'_>, plan: &Plan) -> Self {
        let copied = plan.steps.iter().filter_map(|step| match step {
            Step::Copy { item, .. } => Some(future.items()[*item as usize].footprint),
            Step::Remove { .. } => None,
        });
        Self { written: copied.sum(), changed: !plan.steps.is_empty() }
    }
}

/// Which disk is attached next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The next in turn.
    InTurn,
    /// Mostly the next in turn, but in three of ten cases any.
    MostlyInTurn,
    /// The one that promises most.
    Advised,
}

/// The shelf after one visit of its year, in parts of the data that is live then.
pub struct Moment {
    /// By level: short of the bound.
    pub waiting: Vec<f64>,
    pub loss: f64,
    /// Of that, what no placement on these disks could have avoided.
    pub unavoidable: f64,
}

/// A history that was carried out.
pub struct Outcome<'a> {
    /// How the shelf stands at the end.
    pub future: Future<'a>,
    /// After each visit of the year, before the shelf settles.
    pub moments: Vec<Moment>,
    /// Visits in turn after the year until every level is within 0.2 % of the data of the bound.
    pub visits: Option<usize>,
    pub written: u64,
}

/// How near to the bound is near enough, as a part of the data.
const NEAR: f64 = 0.002;

/// Levels that have to be near: who wants more than three copies of everything?
const LEVELS: usize = 3;

/// Rounds in turn until nothing changes, at most.
const PASSES: usize = 8;

/// A history under way.
struct Year<'a, R> {
    history: &'a History,
    rule: R,
    future: Future<'a>,
    random: Random,
    written: u64,
    /// The place in the turns of who came last.
    last: usize,
}

type Footprint<'a> = &'a (dyn Fn(u32, DiskIndex) -> u64 + Sync);

/// Carries out everything; `rule` makes the visits.
pub fn carry_out<'a>(
    history: &'a History,
    footprint: Footprint<'a>,
    order: Order,
    rule: impl FnMut(&mut Future<'a>, DiskIndex) -> Visit,
) -> Outcome<'a> {
    let future = Future::new(history.items(), Vec::new(), Vec::new(), footprint);
    let random = Random::new(history.spec.seed);
    let mut year = Year { history, rule, future, random, written: 0, last: history.turns.len() - 1 };
    let mut moments = Vec::new();
    for round in 0..=ROUNDS {
        year.begin(round);
        for visit in 0..history.attachments(round) {
            let disk = year.next(order, round, visit);
            year.visit(disk);
            moments.push(moment(&year.future));
        }
    }
    let visits = year.settle();
    Outcome { future: year.future, moments, visits, written: year.written }
}

impl<'a, R: FnMut(&mut Future<'a>, DiskIndex) -> Visit> Year<'a, R> {
    /// Files and disks come and go.
    fn begin(&mut self, round: u8) {
        for (item, object) in self.future.items_mut().iter_mut().zip(&self.history.objects) {
            item.footprint = object.footprint;
            item.class = if object.is_live(round) { Class::Live } else { Class::Orphan };
        }
        for index in self.history.known(round) {
            self.future.put_disk(disk(index), self.history.rooms[index]);
        }
        if let Some((index, _)) = self.history.lost.filter(|(_, from)| *from == round) {
            self.future.lose_disk(disk(index));
        }
    }

    fn next(&mut self, order: Order, round: u8, visit: usize) -> DiskIndex {
        let known = self.history.known(round);
        let new = self.history.late.filter(|(_, from)| *from == round && visit == 0);
        match (order, new) {
            (Order::Advised, _) => advised(&mut self.future),
            (_, Some((late, _))) => disk(late),
            (Order::MostlyInTurn, None) if round > 0 && self.random.chance(0.3) => {
                disk(known[self.random.below(known.len())])
            }
            _ => self.in_turn(&known),
        }
    }

    fn in_turn(&mut self, known: &[usize]) -> DiskIndex {
        let turns = &self.history.turns;
        let places = (1..=turns.len()).map(|step| (self.last + step) % turns.len());
        self.last = places.into_iter().find(|place| known.contains(&turns[*place])).expect("a shelf has disks");
        disk(turns[self.last])
    }

    fn visit(&mut self, disk: DiskIndex) -> bool {
        let Visit { written, changed } = (self.rule)(&mut self.future, disk);
        self.written += written;
        changed
    }

    /// Visits in turn until a whole round changes nothing. Returns how many until all was near.
    fn settle(&mut self) -> Option<usize> {
        let known = self.history.known(ROUNDS);
        let mut near = is_near(&self.future).then_some(0);
        let mut visits = 0;
        for _ in 0..PASSES {
            let mut changed = false;
            for index in &known {
                changed |= self.visit(disk(*index));
                visits += 1;
                near = near.or_else(|| is_near(&self.future).then_some(visits));
            }
            if !changed {
                break;
            }
        }
        near
    }
}

fn is_near(future: &Future<'_>) -> bool {
    moment(future).waiting.iter().take(LEVELS).all(|short| *short <= NEAR)
}

fn moment(future: &Future<'_>) -> Moment {
    let (data, best) = (data(future), best(future));
    let part = |bytes: f64| bytes / data as f64;
    let short = |(best, reached): (&u64, u64)| part(best.saturating_sub(reached) as f64);
    let waiting = best.iter().zip(reached(future)).map(short).collect();
    Moment { waiting, loss: part(expected_loss(future)), unavoidable: part(least_loss(data, &best)) }
}
