//! Sets of disks: one bit each, so that a million of them are a few megabytes.

/// A disk's place in every [`DiskSet`]: 0 to 63.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiskIndex(u8);

impl DiskIndex {
    /// The most disks that one catalog holds.
    pub const COUNT: u8 = 64;

    /// The index, if it is below 64.
    pub fn new(index: i64) -> Option<Self> {
        u8::try_from(index).ok().filter(|i| *i < Self::COUNT).map(Self)
    }

    /// 0 to 63.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A set of disks, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DiskSet(pub u64);

impl DiskSet {
    /// No disk.
    pub const EMPTY: Self = Self(0);

    /// Whether the disk is in it.
    pub const fn contains(self, disk: DiskIndex) -> bool {
        self.0 >> disk.0 & 1 == 1
    }

    /// With the disk in it.
    #[must_use]
    pub const fn with(self, disk: DiskIndex) -> Self {
        Self(self.0 | 1 << disk.0)
    }

    /// Without the disk.
    #[must_use]
    pub const fn without(self, disk: DiskIndex) -> Self {
        Self(self.0 & !(1 << disk.0))
    }

    /// How many disks are in it.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Copies on these disks as they protect: disks of one group fail together and count once.
    pub fn apart(self, groups: &[Self]) -> u32 {
        let together = |group: &Self| (self.0 & group.0).count_ones().saturating_sub(1);
        self.count() - groups.iter().map(together).sum::<u32>()
    }

    /// With all disks that may fail together with one of them.
    #[must_use]
    pub fn with_mates(self, groups: &[Self]) -> Self {
        let touched = groups.iter().filter(|group| group.0 & self.0 != 0);
        touched.fold(self, |all, group| Self(all.0 | group.0))
    }

    /// The disks in it, lowest index first.
    pub fn iter(self) -> impl Iterator<Item = DiskIndex> {
        (0..DiskIndex::COUNT).map(DiskIndex).filter(move |disk| self.contains(*disk))
    }
}

impl FromIterator<DiskIndex> for DiskSet {
    fn from_iter<I: IntoIterator<Item = DiskIndex>>(disks: I) -> Self {
        disks.into_iter().fold(Self::EMPTY, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_64_disks() {
        let (first, last) = (DiskIndex::new(0).unwrap(), DiskIndex::new(63).unwrap());
        let both: DiskSet = [last, first].into_iter().collect();
        assert_eq!(both.count(), 2);
        assert!(both.without(first).contains(last));
        assert_eq!(both.iter().collect::<Vec<_>>(), [first, last]);
        assert_eq!((DiskIndex::new(64), DiskIndex::new(-1)), (None, None));
    }

    #[test]
    fn disks_of_one_group_count_once() {
        let groups = [DiskSet(0b0011), DiskSet(0b1100)];
        let table = [(0b0000, 0, 0b0000), (0b0001, 1, 0b0011), (0b0011, 1, 0b0011), (0b0101, 2, 0b1111)];
        for (disks, apart, mates) in table {
            assert_eq!(DiskSet(disks).apart(&groups), apart, "{disks:b}");
            assert_eq!(DiskSet(disks).with_mates(&groups), DiskSet(mates), "{disks:b}");
        }
        assert_eq!((DiskSet(0b11111).apart(&groups), DiskSet(0b11111).apart(&[])), (3, 5));
    }
}
