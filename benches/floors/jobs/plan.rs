//! The planner alone: a million objects on twelve disks.

use crate::command::field;
use crate::ground::Ground;
use crate::rounds::{Runner, take_turns};
use crate::shelf::{State, shelf};
use crate::table::{Goal, Row, Value};
use dsb::plan::{Request, Shelf, plan as planned};
use std::hint::black_box;
use std::path::Path;

/// The slowest of the shelves that `cargo bench --bench plan` has, and the most memory of any.
pub fn plan(ground: &Ground) -> Vec<Row> {
    let objects = ground.options.size(1_000_000, 50_000) as u32;
    let measured: Vec<_> = State::ALL.iter().map(|state| of(*state, objects, ground.options.rounds)).collect();
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    let seconds = most(&mut measured.iter().map(|(seconds, _)| *seconds));
    let bytes = most(&mut measured.iter().map(|(_, bytes)| *bytes));
    let row = |job: String, dsb, goal| Row { job, dsb, beside: None, goal: Goal::Most(goal) };
    vec![
        row(format!("plan, {} k objects", objects / 1000), Value::Seconds(seconds), Value::Seconds(0.25)),
        row("plan, of each object".to_owned(), Value::Bytes(bytes), Value::Bytes(100.0)),
    ]
}

/// Seconds, and bytes for each object.
fn of(state: State, objects: u32, rounds: usize) -> (f64, f64) {
    let (items, rooms, attached) = shelf(state, objects);
    let once =
        || drop(black_box(planned(&items, &Shelf { attached, rooms: &rooms, groups: &[] }, &Request::default())));
    let bytes = grown(once) / f64::from(objects);
    let times = take_turns(rounds, vec![Runner::new("plan", || {}, once)]);
    (times.first().map_or(0.0, |(_, seconds)| *seconds), bytes)
}

/// How much memory this program has at most, beyond what it had before. What the allocator kept from
/// earlier is not seen; `cargo bench --bench plan` counts every byte.
fn grown(run: impl FnOnce()) -> f64 {
    let status = Path::new("/proc/self/status");
    // From here on the kernel's peak begins anew.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before = field(status, "VmRSS:").unwrap_or_default();
    run();
    field(status, "VmHWM:").unwrap_or_default().saturating_sub(before) as f64
}
