//! Which disk to attach next.

use super::figures::expected_loss;
use dsb::model::DiskIndex;
use dsb::plan::{Future, Request};

/// The disk whose visit lowers the expected loss most.
pub fn advised(future: &mut Future<'_>) -> DiskIndex {
    let disks: Vec<DiskIndex> = future.rooms().iter().map(|(disk, _)| *disk).collect();
    let losses = disks.into_iter().map(|disk| (loss_after(future, disk), disk));
    let least = losses.min_by(|(one, _), (other, _)| one.total_cmp(other));
    least.expect("a shelf has disks").1
}

fn loss_after(future: &Future<'_>, disk: DiskIndex) -> f64 {
    let mut then = future.clone();
    let plan = then.plan(disk, &Request::default());
    then.carry_out(disk, &plan);
    expected_loss(&then)
}
