//! What forgetting states would free on each disk.

use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, Class, Disk, DiskName, DiskSet, SnapshotId, Standing};

/// What a disk holds that nobody will need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freed {
    /// The disk.
    pub disk: DiskName,
    /// What goes from it at its next backup.
    pub amount: Amount,
}

/// What of each disk only these snapshots need; disks that would get nothing are left out.
pub fn freed_by(catalog: &Catalog, snapshots: &[SnapshotId]) -> Result<Vec<Freed>> {
    if snapshots.is_empty() {
        return Ok(Vec::new());
    }
    let standing = without(&catalog.standing()?, snapshots);
    let disks = catalog.disks()?;
    let mut sums = vec![Amount::default(); disks.len()];
    catalog.census(&standing, |item| {
        // It is of a forgotten one only where nothing else needs it.
        if matches!(item.class, Class::Kept(id) if snapshots.contains(&id)) {
            add(&mut sums, &disks, item.disks, Amount::one(item.size));
        }
        Ok(())
    })?;
    let sums = disks.into_iter().zip(sums).filter(|(_, amount)| amount.objects > 0);
    Ok(sums.map(|(disk, amount)| Freed { disk: disk.name, amount }).collect())
}

fn add(sums: &mut [Amount], disks: &[Disk], holders: DiskSet, amount: Amount) {
    let held = sums.iter_mut().zip(disks).filter(|(_, disk)| holders.contains(disk.index));
    held.for_each(|(sum, _)| *sum += amount);
}

/// What holds, were these to be forgotten.
fn without(standing: &Standing, snapshots: &[SnapshotId]) -> Standing {
    let rest = |ids: &[SnapshotId]| ids.iter().copied().filter(|id| !snapshots.contains(id)).collect::<Vec<_>>();
    let mut forgotten = snapshots.to_vec();
    forgotten.sort_unstable_by(|a, b| b.cmp(a));
    Standing {
        live: rest(&standing.live),
        guaranteed: rest(&standing.guaranteed),
        // Another that is to be forgotten at the next update still holds what it holds.
        kept: merged(rest(&standing.kept), rest(&standing.forgotten)),
        forgotten,
    }
}

fn merged(mut one: Vec<SnapshotId>, other: Vec<SnapshotId>) -> Vec<SnapshotId> {
    one.extend(other);
    one.sort_unstable_by(|a, b| b.cmp(a));
    one
}
