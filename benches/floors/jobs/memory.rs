//! The most memory that an update takes: as much with many files as with few.

use crate::command::memory as most;
use crate::generate::home::Spec;
use crate::generate::tree;
use crate::ground::Ground;
use crate::table::{Goal, Row, Value};

const GOAL: Goal = Goal::Most(Value::Bytes(64e6));

/// The first update, and one that finds nothing.
pub fn memory(ground: &Ground) -> Vec<Row> {
    let counts = [ground.options.size(100_000, 5000), ground.options.size(1_000_000, 20_000)];
    counts.iter().flat_map(|files| with(ground, *files)).collect()
}

fn with(ground: &Ground, files: u64) -> Vec<Row> {
    let home = ground.path("tiny");
    // Each file takes a block whatever is in it.
    tree::write(&Spec::new(3, files, Some(48)), &home).expect("room for the tree");
    let dsb = ground.mapped(&home);
    let row = |what: &str| Row {
        job: format!("memory, {} k {what}", files / 1000),
        dsb: Value::Bytes(most(dsb.command().arg("update")) as f64),
        beside: None,
        goal: GOAL,
    };
    let rows = vec![row("new"), row("unchanged")];
    ground.clear(&home);
    rows
}
