//! Which files count, by their copies and the disks that hold them.

use crate::model::DiskSet;

/// What a person asks for; nothing set: everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only what has so many copies at least.
    pub least: Option<u32>,
    /// Only what has so many copies at most.
    pub most: Option<u32>,
    /// Only what is on all of these disks.
    pub on: DiskSet,
    /// Only what is on none of these.
    pub off: DiskSet,
    /// Copies are counted as if nothing on these counted any more.
    pub dropped: DiskSet,
}

impl Selection {
    /// How many copies there are of what these disks hold; none if that is not selected.
    ///
    /// Which disks hold it is asked as things are, how many copies there are as they would be: so
    /// it can be asked what the loss of a disk makes of what is on it.
    pub fn copies(&self, disks: DiskSet) -> Option<u32> {
        let copies = DiskSet(disks.0 & !self.dropped.0).count();
        let is_there = disks.0 & self.on.0 == self.on.0 && disks.0 & self.off.0 == 0;
        let is_asked = self.least.is_none_or(|least| copies >= least) && self.most.is_none_or(|most| copies <= most);
        (is_there && is_asked).then_some(copies)
    }

    /// Whether every file is selected.
    pub fn is_all(&self) -> bool {
        *self == Self { dropped: self.dropped, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_as_they_are_and_copies_as_they_would_be() {
        let on = |on: u64, off: u64, dropped: u64| Selection {
            on: DiskSet(on),
            off: DiskSet(off),
            dropped: DiskSet(dropped),
            ..Selection::default()
        };
        let table = [
            (on(0, 0, 0), 0b11, Some(2)),
            (on(0b01, 0, 0), 0b10, None),
            (on(0b11, 0, 0), 0b01, None),
            (on(0, 0b10, 0), 0b11, None),
            (on(0, 0b10, 0), 0b01, Some(1)),
            (on(0b01, 0, 0b01), 0b01, Some(0)),
            (Selection { most: Some(0), ..on(0b01, 0, 0b01) }, 0b11, None),
            (Selection { least: Some(2), ..on(0, 0, 0b01) }, 0b11, None),
            (Selection { least: Some(1), most: Some(1), ..on(0, 0, 0b01) }, 0b11, Some(1)),
        ];
        for (selection, disks, copies) in table {
            assert_eq!(selection.copies(DiskSet(disks)), copies, "{selection:?} {disks:b}");
        }
        assert!(on(0, 0, 1).is_all() && !on(1, 0, 0).is_all());
    }
}
