//! After a session that was cut off: catalog and disk brought to say the same.
//!
//! What the session claimed and is not there is claimed no longer. What is there and not claimed,
//! because the run ended between the disk and the catalog, is read: the right bytes become a copy
//! like any other, wrong ones go. So nothing on the disk takes room that no sum knows of.
//!
//! The first session on a disk taken over from distbackup begins the same way: what distbackup
//! claimed is looked at, all of it. So is everything where the file system has no journal: a folder
//! that was taking names when the power went may have lost others that were durable for years.

use crate::catalog::{Catalog, Copy};
use crate::digest;
use crate::disk::{Attached, Found};
use crate::error::Result;
use crate::model::{Day, Disk, ObjectId, ObjectKey, Problem, Size};
use crate::os;
use crate::progress::Progress;
use std::thread::sleep;
use std::time::Duration;

/// Claims looked at in one go.
const PAGE: u32 = 10_000;

/// For a second the kernel answers itself what it has asked a FUSE driver.
const ANSWERS_LAST: Duration = Duration::from_millis(1_100);

/// Brings catalog and disk to say the same.
pub fn reconcile(catalog: &Catalog, disk: &Disk, attached: &Attached, progress: &dyn Progress) -> Result<()> {
    progress.note(&format!("Looking afresh at what is on {}.", disk.name));
    progress.task("look", 0, Size::ZERO);
    // A session that was cut off may have left anything: what is true is counted at the end.
    catalog.doubt_holdings()?;
    let lost = drop_lost(catalog, disk, attached, &|copy| Origin::of(copy, disk), progress)?;
    if attached.has_objects()? {
        advise_repair(disk, lost, progress);
    }
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

/// Looks once more at all claims, where folders may be damaged: what was written since may have gone too.
/// Returns how many were not true.
pub fn look_again(catalog: &Catalog, disk: &Disk, attached: &Attached, progress: &dyn Progress) -> Result<u64> {
    progress.task("look", 0, Size::ZERO);
    sleep(ANSWERS_LAST);
    let lost = drop_lost(catalog, disk, attached, &|_| Origin::Earlier, progress)?;
    advise_repair(disk, lost, progress);
    Ok(lost)
}

/// How a claim came about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// distbackup made it, and nobody has looked at it yet.
    Adopted,
    /// The session that was cut off made it.
    LastSession,
    /// A session that ended well made it.
    Earlier,
}

impl Origin {
    fn of(copy: &Copy, disk: &Disk) -> Self {
        // What distbackup claimed is as little proven as what a session did that was cut off.
        if copy.proven == Day::NEVER && !copy.doubt {
            Self::Adopted
        } else if copy.session == disk.session.number {
            Self::LastSession
        } else {
            Self::Earlier
        }
    }
}

/// What is wrong with a claim.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Loss {
    Gone,
    /// Nobody can say: its folder cannot be read.
    Hidden,
}

/// `keeps_names`: what sessions left that ended well is there.
fn loss(copy: &Copy, origin: Origin, attached: &Attached, keeps_names: bool) -> Result<Option<Loss>> {
    if origin == Origin::Earlier && keeps_names {
        return Ok(None);
    }
    match attached.has_object(copy.id, copy.size) {
        Ok(true) => Ok(None),
        // Once its file system is mended such a folder gives back what it had.
        Err(_) if origin == Origin::Earlier => attached.still_there().map(|()| Some(Loss::Hidden)),
        _ => Ok(Some(Loss::Gone)),
    }
}

/// `is_gone`: the folder of all objects is.
const fn words(loss: Loss, origin: Origin, is_gone: bool) -> &'static str {
    match (loss, origin) {
        (Loss::Gone, _) if is_gone => "not there any more; wanted again",
        (Loss::Hidden, _) => "cannot be looked at since the last session was cut off; in doubt",
        (_, Origin::Adopted) => "not there, or not as long as it should be; wanted again",
        (_, Origin::LastSession) => "lost when the last session was cut off; wanted again",
        (_, Origin::Earlier) => "not there any more since the last session was cut off; wanted again",
    }
}

/// Looks at claims that may not be true. Returns how many were not that a session had made which ended
/// well.
fn drop_lost(
    catalog: &Catalog,
    disk: &Disk,
    attached: &Attached,
    origin_of: &dyn Fn(&Copy) -> Origin,
    progress: &dyn Progress,
) -> Result<u64> {
    let (mut after, mut earlier) = (Vec::new(), 0);
    // Somebody may have taken all of them away.
    let is_gone = !attached.has_objects()?;
    let keeps_names = attached.is_journaled() && !is_gone;
    loop {
        let page = catalog.copies_on(disk.index, &after, PAGE)?;
        let Some(last) = page.last() else { return Ok(earlier) };
        after = last.id.as_bytes().to_vec();
        let (mut gone, mut hidden) = (Vec::new(), Vec::new());
        for copy in &page {
            progress.check()?;
            let origin = origin_of(copy);
            let Some(loss) = loss(copy, origin, attached, keeps_names)? else { continue };
            progress.problem(&Problem::new(copy.id.to_string(), words(loss, origin, is_gone)));
            earlier += u64::from(origin == Origin::Earlier);
            if loss == Loss::Gone { &mut gone } else { &mut hidden }.push(copy.key);
        }
        catalog.atomically(|catalog| {
            hidden.iter().try_for_each(|key| catalog.mark_unreadable(disk.index, *key))?;
            catalog.unclaim(disk.index, &gone)
        })?;
    }
}

/// What only the file system's own repair brings back.
fn advise_repair(disk: &Disk, lost: u64, progress: &dyn Progress) {
    if lost == 0 {
        return;
    }
    let name = &disk.name;
    progress.note(&format!(
        "{lost} copies on {name} cannot be found any more: its file system has no journal, and lost their names with \
         the session that was cut off. Their bytes may still be there: have it repaired (NTFS: chkdsk of Windows, \
         exFAT: fsck.exfat), then `dsb disk refresh {name} --verify`."
    ));
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
