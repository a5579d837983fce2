//! After a session that was cut off: catalog and disk brought to say the same.
//!
//! What the session claimed and is not there is claimed no longer. What is there and not claimed,
//! because the run ended between the disk and the catalog, is read: the right bytes become a copy
//! like any other, wrong ones go. So nothing on the disk takes room that no sum knows of.
//!
//! The first session on a disk taken over from distbackup begins the same way: what distbackup
//! claimed is looked at, all of it.

use crate::catalog::{Catalog, Copy};
use crate::digest;
use crate::disk::{Attached, Found};
use crate::error::Result;
use crate::model::{Day, Disk, ObjectId, ObjectKey, Problem, Size};
use crate::os;
use crate::progress::Progress;

/// Claims looked at in one go.
const PAGE: u32 = 10_000;

/// Brings catalog and disk to say the same.
pub fn reconcile(catalog: &Catalog, disk: &Disk, attached: &Attached, progress: &dyn Progress) -> Result<()> {
    progress.note(&format!("Looking afresh at what is on {}.", disk.name));
    progress.task("look", 0, Size::ZERO);
    // A session that was cut off may have left anything: what is true is counted at the end.
    catalog.doubt_holdings()?;
    drop_lost(catalog, disk, attached, progress)?;
    let mut unclaimed = Vec::new();
    attached.list_objects(&mut |found| {
        progress.check()?;
        progress.advance(1, Size::ZERO);
        if let Found::Object { id, size } = found
            && let Some(key) = catalog.find_object(id)?
            && !catalog.disks_of(key)?.contains(disk.index)
        {
            unclaimed.push((key, id, size));
        }
        Ok(())
    })?;
    take_in(catalog, disk, attached, &unclaimed, progress)?;
    catalog.recount_holdings()
}

fn drop_lost(catalog: &Catalog, disk: &Disk, attached: &Attached, progress: &dyn Progress) -> Result<()> {
    let mut after = Vec::new();
    loop {
        let page = catalog.copies_on(disk.index, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id.as_bytes().to_vec();
        // What distbackup claimed is as little proven as what a session did that was cut off.
        let is_adopted = |copy: &Copy| copy.proven == Day::NEVER && !copy.doubt;
        let is_lost = |copy: &&Copy| {
            (copy.session == disk.session.number || is_adopted(copy))
                && !attached.has_object(copy.id, copy.size).unwrap_or(false)
        };
        let gone: Vec<_> = page.iter().filter(is_lost).collect();
        for copy in &gone {
            let what = if is_adopted(copy) {
                "not there, or not as long as it should be; wanted again"
            } else {
                "lost when the last session was cut off; wanted again"
            };
            progress.problem(&Problem::new(copy.id.to_string(), what));
        }
        let keys: Vec<_> = gone.iter().map(|copy| copy.key).collect();
        catalog.atomically(|catalog| catalog.unclaim(disk.index, &keys))?;
    }
}

fn take_in(
    catalog: &Catalog,
    disk: &Disk,
    attached: &Attached,
    unclaimed: &[(ObjectKey, ObjectId, Size)],
    progress: &dyn Progress,
) -> Result<()> {
    let bytes = unclaimed.iter().map(|(.., size)| *size).sum();
    if !unclaimed.is_empty() {
        progress.task("look", unclaimed.len() as u64, bytes);
    }
    let mut buffer = vec![0; digest::BUFFER];
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for (key, id, size) in unclaimed {
        progress.check()?;
        let read = attached.open_object(*id).and_then(|mut file| {
            digest::hash_stream(&mut file, *size, &mut buffer, |block| {
                progress.advance(0, Size(block.len() as u64));
                Ok(())
            })
        });
        match read {
            Ok((found, _)) if found == *id => right.push(*key),
            Ok(_) => wrong.push(*id),
            Err(error) => progress.problem(&Problem::new(id.to_string(), crate::error::reason(&error))),
        }
    }
    attached.remove_objects(&wrong)?;
    let today = os::now().day();
    catalog.atomically(|catalog| catalog.claim(disk.index, 0, today, &right))
}
