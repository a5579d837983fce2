//! One shelf under each rule and each order of visits.

use crate::placement::figures::{best, data, expected_loss, fetched, reached};
use crate::placement::history::{History, Spec};
use crate::placement::peer;
use crate::placement::random::Random;
use crate::placement::run::{Moment, Order, Outcome, Visit, carry_out};
use dsb::model::{Class, DiskIndex};
use dsb::plan::{Future, Request};
use std::time::{Duration, Instant};

/// All that is said of one shelf.
pub struct Shelf {
    pub spec: Spec,
    pub dsb: Figures,
    pub peer: Figures,
    /// Milliseconds of planning per million objects: each visit's on average.
    pub planning: f64,
    /// By order of visits: in turn, mostly in turn, as advised.
    pub waits: [Wait; 3],
}

/// How a shelf stands at the end, and what that took.
pub struct Figures {
    /// Bytes reached at the deciding level, in parts of the bound.
    pub reached: f64,
    /// Objects at that level, in parts of all.
    pub objects: f64,
    /// The most bytes short of the bound at any level, in parts of the data.
    pub short: f64,
    /// Disks to a folder, absolute and in units of the least possible.
    pub folder: [f64; 2],
    /// Disks to the first two components of a path.
    pub subtree: f64,
    pub loss: f64,
    pub written: f64,
    pub visits: Option<usize>,
}

/// Averages over the visits of the year.
#[derive(Clone, Copy, Default)]
pub struct Wait {
    /// Bytes short of the bound with 1, 2 copies, in parts of the data.
    pub levels: [f64; 2],
    pub loss: f64,
    /// Beyond what no placement could have avoided.
    pub avoidable: f64,
}

pub fn measure(spec: Spec) -> Shelf {
    let history = History::draw(spec);
    let footprint = |item: u32, _| history.objects[item as usize].footprint;
    let mut planning = (Duration::ZERO, 0);
    let mut dsb = |future: &mut Future<'_>, disk| visit(future, disk, &mut planning);
    let mostly = carry_out(&history, &footprint, Order::MostlyInTurn, &mut dsb);
    let in_turn = carry_out(&history, &footprint, Order::InTurn, &mut dsb);
    let advised = carry_out(&history, &footprint, Order::Advised, &mut dsb);
    let mut random = Random::new(spec.seed);
    let rule = |future: &mut Future<'_>, disk| peer::visit(future, disk, &history.objects, &mut random);
    let peer = carry_out(&history, &footprint, Order::MostlyInTurn, rule);
    Shelf {
        spec,
        dsb: figures(&history, &mostly),
        peer: figures(&history, &peer),
        planning: planning.0.as_secs_f64() * 1e9 / f64::from(planning.1) / history.objects.len() as f64,
        waits: [wait(&in_turn), wait(&mostly), wait(&advised)],
    }
}

fn visit(future: &mut Future<'_>, disk: DiskIndex, planning: &mut (Duration, u32)) -> Visit {
    let start = Instant::now();
    let plan = future.plan(disk, &Request::default());
    *planning = (planning.0 + start.elapsed(), planning.1 + 1);
    future.carry_out(disk, &plan);
    Visit::of(future, &plan)
}

/// The level that a capacity decides about.
pub fn deciding(spec: &Spec) -> usize {
    (spec.capacity.ceil() as usize).min(3).min(spec.disks)
}

fn figures(history: &History, outcome: &Outcome<'_>) -> Figures {
    let future = &outcome.future;
    let (level, data) = (deciding(&history.spec), data(future) as f64);
    let (best, reached) = (best(future), reached(future));
    let live = || future.items().iter().filter(|item| item.class == Class::Live);
    let raised = live().filter(|item| item.disks.count() as usize >= level).count();
    let short = best.iter().zip(&reached).map(|(best, reached)| best.saturating_sub(*reached)).max();
    let folder = fetched(future, &history.objects, |object| object.directory);
    Figures {
        reached: reached[level - 1] as f64 / best[level - 1].max(1) as f64,
        objects: raised as f64 / live().count() as f64,
        short: short.unwrap_or(0) as f64 / data,
        folder: [folder.disks, folder.relative],
        subtree: fetched(future, &history.objects, |object| object.subtree).disks,
        loss: expected_loss(future) / data,
        written: outcome.written as f64 / data,
        visits: outcome.visits,
    }
}

fn wait(outcome: &Outcome<'_>) -> Wait {
    let count = outcome.moments.len() as f64;
    let mean = |of: &dyn Fn(&Moment) -> f64| outcome.moments.iter().map(of).sum::<f64>() / count;
    Wait {
        levels: [0, 1].map(|level| mean(&|moment| moment.waiting[level])),
        loss: mean(&|moment| moment.loss),
        avoidable: mean(&|moment| moment.loss - moment.unavoidable),
    }
}
