//! The planner against a naive shelf: examples with a known answer, and random histories.

#[path = "plan/audit.rs"]
mod audit;
#[path = "plan/bounds.rs"]
mod bounds;
#[path = "plan/cover.rs"]
mod cover;
#[path = "plan/examples.rs"]
mod examples;
#[path = "../benches/placement/mod.rs"]
mod placement;
#[path = "plan/random.rs"]
mod random;
#[path = "plan/rules.rs"]
mod rules;
#[path = "plan/scenario.rs"]
mod scenario;
#[path = "plan/shelves.rs"]
mod shelves;
#[path = "plan/world.rs"]
mod world;
