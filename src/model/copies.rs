//! Sums over objects, by who needs them and where they are.

use super::{DiskSet, Size};
use std::iter::Sum;
use std::ops::AddAssign;

/// Who needs an object. Follows from the entries that refer to it; nothing stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The newest snapshot, or an older one that retention guarantees, or a suspect that waits
    /// for a decision.
    Live,
    /// Only snapshots that are held in free room. The newest of them orders who goes first.
    Kept(super::SnapshotId),
    /// Nobody.
    Orphan,
}

/// A number of objects and their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Amount {
    /// How many.
    pub objects: u64,
    /// Their lengths, summed.
    pub bytes: Size,
}

impl Amount {
    /// One object of this length.
    pub const fn one(bytes: Size) -> Self {
        Self { objects: 1, bytes }
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        // The numbers of a stranger's catalog may be any.
        self.objects = self.objects.saturating_add(other.objects);
        self.bytes += other.bytes;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), |mut sum, amount| {
            sum += amount;
            sum
        })
    }
}

/// What is held by exactly these disks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Whether the newest or a guaranteed snapshot needs it.
    pub live: bool,
    /// The disks that hold it; empty: no copy anywhere.
    pub disks: DiskSet,
    /// How much it is.
    pub amount: Amount,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_end_at_the_end_of_numbers() {
        let most = Amount { objects: u64::MAX, bytes: Size::MAX };
        assert_eq!([most, Amount::one(Size(1))].into_iter().sum::<Amount>(), most);
    }
}
