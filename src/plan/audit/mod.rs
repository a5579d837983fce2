//! Whether a plan keeps what the planner promises: a second opinion, by none of the planner's means.
//!
//! Every step is held against the shelf as the steps before it left it. What the planner orders by
//! tiers, this orders by [`claim::Claim`]; what it reckons in bands and passes, this counts.

mod claim;
mod violation;
mod visit;

pub use violation::Violation;

use super::{Future, Item, Plan, Request, Shelf};

/// What is wrong with the steps of a plan, each by itself and all together.
pub fn audit(items: &[Item], shelf: &Shelf<'_>, request: &Request, plan: &Plan) -> Vec<Violation> {
    let mut visit = visit::Visit::begin(items, shelf, request);
    plan.steps.iter().for_each(|step| visit.take(step));
    visit.end()
}

/// What the planner does not stand by: the same shelf has to give the same plan, and a plan that was
/// carried out has to leave nothing to do.
pub fn audit_again(items: &[Item], shelf: &Shelf<'_>, request: &Request, plan: &Plan) -> Vec<Violation> {
    let footprint = |index: u32, _| items.get(index as usize).map_or(0, |item| item.footprint);
    let mut future = Future::new(items.to_vec(), shelf.rooms.to_vec(), shelf.groups.to_vec(), &footprint);
    let mut found = Vec::new();
    if future.plan(shelf.attached, request) != *plan {
        found.push(Violation::Fickle);
    }
    // What a limit left over is still to be done, and an empty plan was just made again.
    if request.limit.is_none() && !plan.steps.is_empty() {
        future.carry_out(shelf.attached, plan);
        let steps = future.plan(shelf.attached, request).steps.len();
        found.extend((steps > 0).then_some(Violation::Unsettled(steps)));
    }
    found
}
