//! Who stands where: one look at every item before a pass.

use super::{relocate::Relocation, stage::Staging, tier::Tier, view::View};
use crate::model::{Class, DiskSet};
use std::collections::BTreeMap;

/// The items of one tier that can be moved.
#[derive(Default)]
pub(super) struct Band {
    /// Candidates: not on the disk, and it may have them.
    pub off: Vec<u32>,
    /// On the disk, and may leave it for a lower tier.
    pub on: Vec<u32>,
    /// Bytes of `on`.
    pub on_bytes: i128,
}

/// What is known of one directory's live files.
#[derive(Clone)]
pub(super) struct Directory {
    /// Bytes of all of them.
    pub bytes: u64,
    /// Bytes of those on the attached disk.
    pub here: u64,
    /// How many.
    pub files: u32,
    /// Other disks that hold it whole.
    pub whole: DiskSet,
}

impl Default for Directory {
    fn default() -> Self {
        Self { bytes: 0, here: 0, files: 0, whole: DiskSet(u64::MAX) }
    }
}

impl Directory {
    /// A coarse logarithm of a size: two octaves are one class.
    pub fn size_class(bytes: u64) -> u8 {
        (bytes.max(1).ilog2() / 2) as u8
    }

    /// The class of its mean file.
    pub fn class(&self) -> u8 {
        Self::size_class(self.bytes / u64::from(self.files.max(1)))
    }

    /// Whether some other disk holds all of it.
    pub fn is_whole_elsewhere(&self) -> bool {
        self.whole != DiskSet::EMPTY
    }
}

/// Everything a pass asks about the items.
pub(super) struct Survey {
    /// Movable items by tier.
    pub bands: BTreeMap<Tier, Band>,
    /// By rank.
    pub directories: Vec<Directory>,
}

impl Survey {
    /// Looks at the items, taking copies beyond maxcopies out of the view.
    pub fn take(view: &mut View<'_>) -> Self {
        view.unmark_all();
        let mut relocation = Relocation::find(view);
        let mut staging = Staging::find(view);
        let last = view.indices().map(|index| view.item(index).directory).max();
        let mut survey = Self {
            bands: BTreeMap::new(),
            directories: vec![Directory::default(); last.map_or(0, |last| last as usize + 1)],
        };
        for index in view.indices() {
            let waits = view.is_excess(index) && relocation.as_ref().is_some_and(|r| r.waits(view, index));
            let dropped = view.is_here(index) && view.is_excess(index) && !waits;
            if dropped {
                view.here[index as usize] = false;
                view.took_back |= !view.was_here(index);
            }
            survey.count(view, index);
            if view.is_here(index) {
                survey.hold(view, index, waits.then_some(&relocation).and_then(Option::as_ref), &staging);
            } else if !dropped {
                survey.offer(view, index, relocation.as_mut(), &mut staging);
            }
        }
        survey
    }

    /// The directory of an item; `take` made room for the highest rank.
    pub fn directory(&self, view: &View<'_>, index: u32) -> &Directory {
        &self.directories[view.item(index).directory as usize]
    }

    fn count(&mut self, view: &View<'_>, index: u32) {
        let item = view.item(index);
        if item.class != Class::Live {
            return;
        }
        let directory = &mut self.directories[item.directory as usize];
        directory.bytes = directory.bytes.saturating_add(item.footprint);
        directory.files = directory.files.saturating_add(1);
        directory.whole.0 &= view.elsewhere(index).0;
        if view.is_here(index) {
            directory.here = directory.here.saturating_add(item.footprint);
        }
    }

    /// An item on the disk: its last copy stays, and so does everything if nothing may be evicted.
    fn hold(&mut self, view: &mut View<'_>, index: u32, waiting: Option<&Relocation>, staging: &Staging) {
        let movable = match view.item(index).class {
            Class::Live | Class::Guaranteed(_) => view.elsewhere(index).count() >= 1,
            Class::Kept(_) => true,
            Class::Orphan => false,
        };
        if !movable || !view.request.evict {
            return;
        }
        if let Some(relocation) = waiting {
            view.mark(index, relocation.tier(view, index));
        } else if staging.holds(view, index) {
            view.mark(index, Tier::staged(view.item(index).priority));
        }
        let band = self.bands.entry(view.tier(index)).or_default();
        band.on.push(index);
        band.on_bytes += i128::from(view.footprint(index));
    }

    /// An item off the disk: a candidate below maxcopies, or one to be relocated.
    fn offer(&mut self, view: &mut View<'_>, index: u32, relocation: Option<&mut Relocation>, staging: &mut Staging) {
        let item = view.item(index);
        if item.class != Class::Live || !item.obtainable || item.footprint > view.size {
            return;
        }
        if view.is_saturated(index) {
            let Some(relocation) = relocation else { return };
            if !relocation.claim(view, index) {
                return;
            }
            view.mark(index, relocation.tier(view, index));
        } else if staging.claim(view, index) {
            view.mark(index, Tier::staged(view.item(index).priority));
        }
        self.bands.entry(view.tier(index)).or_default().off.push(index);
    }
}
