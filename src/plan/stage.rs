//! Room made elsewhere for an object that has no copy and fits no disk because of last copies.

use super::view::View;
use crate::model::{Class, DiskIndex, DiskSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The disk whose last copies get a second copy here first, so that its next visit can evict them.
#[derive(Default)]
pub(super) struct Staging {
    disk: Option<DiskIndex>,
    /// The other disks that such objects count on, this one among them: what has its second copy
    /// here keeps it, or the room would be gone again before the object came.
    promised: DiskSet,
    /// Bytes that still have to become evictable there.
    deficit: u64,
}

/// So many of the largest objects are looked at.
const LOOKED_AT: usize = 16;

/// Smaller objects than this part of the disk find room without help.
const SMALL_PART: u64 = 256;

impl Staging {
    /// Hands the big objects without a copy, largest first, to the disk with most room around its
    /// last copies, until one does not fit.
    pub fn find(view: &View<'_>) -> Self {
        let mut large: Vec<u32> = view.indices().filter(|index| is_large_and_bare(view, *index)).collect();
        if large.is_empty() {
            return Self::default();
        }
        large.sort_unstable_by_key(|index| (Reverse(view.footprint(*index)), *index));
        let (mut room, mut staging) = (room_around_last_copies(view), Self::default());
        let relieved = relieved(view);
        for index in large.into_iter().take(LOOKED_AT) {
            let bytes = view.footprint(index);
            let fitting = view.rooms.iter().filter(|(_, size)| *size >= bytes);
            // Where none has the room, what this disk relieves the others of is left aside: it changes
            // with what is planned, and the choice would change with it, back and forth.
            let rooms = fitting.filter_map(|(disk, _)| {
                let (left, ours) = (*room.get(disk)?, relieved.get(disk).copied().unwrap_or(0));
                let fits = left >= i128::from(bytes);
                Some(((fits, if fits { left } else { left - ours }, Reverse(*disk)), (left, ours)))
            });
            let Some(((_, _, Reverse(disk)), (left, ours))) = rooms.max() else { continue };
            let other = disk != view.attached;
            if other && left > 0 && left - ours < i128::from(bytes) {
                staging.promised = staging.promised.with(disk);
            }
            if left >= i128::from(bytes) {
                room.insert(disk, left - i128::from(bytes));
            } else if other && left > 0 {
                staging.disk = Some(disk);
                staging.deficit = bytes.saturating_sub(left as u64);
                break;
            }
        }
        staging
    }

    /// Whether an item on this disk is what lets the other disk evict it.
    pub fn holds(&self, view: &View<'_>, index: u32) -> bool {
        let elsewhere = view.elsewhere(index);
        view.item(index).class == Class::Live && elsewhere.count() == 1 && elsewhere.0 & self.promised.0 != 0
    }

    /// Takes a candidate whose only copy is on that disk, until the deficit is covered.
    pub fn claim(&mut self, view: &View<'_>, index: u32) -> bool {
        let only_there = self.disk.is_some_and(|disk| view.elsewhere(index) == DiskSet::EMPTY.with(disk));
        let taken = self.deficit > 0 && only_there;
        if taken {
            self.deficit = self.deficit.saturating_sub(view.footprint(index));
        }
        taken
    }
}

fn is_large_and_bare(view: &View<'_>, index: u32) -> bool {
    let item = view.item(index);
    let bare = item.class == Class::Live && view.holders(index) == DiskSet::EMPTY;
    bare && item.obtainable && view.cap(item) > 0 && item.footprint >= view.size / SMALL_PART
}

/// By other disk: bytes that are no last copies there only because this disk has them too.
fn relieved(view: &View<'_>) -> BTreeMap<DiskIndex, i128> {
    let mut relieved = BTreeMap::new();
    for index in view.indices().filter(|index| view.is_here(*index) && view.item(*index).class == Class::Live) {
        let elsewhere = view.elsewhere(index);
        if let (1, Some(disk)) = (elsewhere.count(), elsewhere.iter().next()) {
            *relieved.entry(disk).or_insert(0) += i128::from(view.footprint(index));
        }
    }
    relieved
}

fn room_around_last_copies(view: &View<'_>) -> BTreeMap<DiskIndex, i128> {
    let mut room: BTreeMap<_, _> = view.rooms.iter().map(|(disk, bytes)| (*disk, i128::from(*bytes))).collect();
    for index in view.indices().filter(|index| view.item(*index).class.is_pinned()) {
        let holders = view.holders(index);
        if holders.count() == 1
            && let Some(left) = holders.iter().next().and_then(|disk| room.get_mut(&disk))
        {
            *left -= i128::from(view.footprint(index));
        }
    }
    room
}
