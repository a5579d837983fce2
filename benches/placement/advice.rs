//! Which disk to attach next.

use dsb::model::{DiskIndex, Size};
use dsb::plan::{Future, rank};

/// The disk that `dsb next` would name.
pub fn advised(future: &mut Future<'_>) -> DiskIndex {
    let disks: Vec<DiskIndex> = future.rooms().iter().map(|(disk, _)| *disk).collect();
    // On these shelves the footprint does not depend on the disk.
    let first = *disks.first().expect("a shelf has disks");
    let count = u32::try_from(future.items().len()).expect("a shelf of few objects");
    let bytes: Vec<Size> = (0..count).map(|item| Size(future.footprint(item, first))).collect();
    let gains = rank(future, &disks, &|item| bytes[item as usize]);
    gains.first().expect("a shelf has disks").disk
}
