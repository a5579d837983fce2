//! The verbs: each loads, decides, does and records, and returns a report for others to show.

mod update;

pub use update::{Accepted, UpdateOptions, UpdateReport, update};
