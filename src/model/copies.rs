//! Sums over objects, by who needs them and where they are.

use super::{Day, DiskIndex, DiskSet, Kind, Size};
use std::iter::Sum;
use std::ops::AddAssign;

/// Who needs an object. Follows from the entries that refer to it; nothing stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The newest snapshot, or a suspect that waits for a decision.
    Live,
    /// Older snapshots, one of which retention guarantees: never below one copy, once it has one. The
    /// newest of those orders who gives up further copies first.
    Guaranteed(super::SnapshotId),
    /// Only snapshots that are held in free room. The newest of them orders who goes first.
    Kept(super::SnapshotId),
    /// Nobody.
    Orphan,
}

impl Class {
    /// Without the snapshot.
    pub const fn need(self) -> Need {
        match self {
            Self::Live => Need::Live,
            Self::Guaranteed(_) => Need::Guaranteed,
            Self::Kept(_) => Need::Kept,
            Self::Orphan => Need::Orphan,
        }
    }

    /// The stronger need of two: live before guaranteed before kept, the newer history before the
    /// older.
    #[must_use]
    pub fn nearer(self, other: Self) -> Self {
        match (self, other) {
            (Self::Guaranteed(a), Self::Guaranteed(b)) => Self::Guaranteed(a.max(b)),
            (Self::Kept(a), Self::Kept(b)) => Self::Kept(a.max(b)),
            (a, b) if b.need() > a.need() => b,
            (a, _) => a,
        }
    }

    /// Whether its last copy is never deleted.
    pub const fn is_pinned(self) -> bool {
        matches!(self, Self::Live | Self::Guaranteed(_))
    }
}

/// Who needs an object, without saying which snapshot; a later one is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Nobody.
    Orphan,
    /// Older snapshots that are held in free room.
    Kept,
    /// Older snapshots that are guaranteed.
    Guaranteed,
    /// The newest snapshot.
    Live,
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
    /// Who needs it.
    pub need: Need,
    /// The disks that hold it; empty: no copy anywhere.
    pub disks: DiskSet,
    /// How much it is.
    pub amount: Amount,
}

/// Content that is alike in who needs it, where it is, and how well it is to be protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Who needs it, where it is, and how much it is.
    pub holding: Holding,
    /// The disks among them where it is in doubt.
    pub doubtful: DiskSet,
    /// Copies that it should have at least.
    pub wanted: u8,
    /// Copies that it may have; 255: any number.
    pub maxcopies: u8,
}

impl Part {
    /// The disks that hold it, copies in doubt not counted.
    pub fn certain(&self) -> DiskSet {
        DiskSet(self.holding.disks.0 & !self.doubtful.0)
    }

    /// Whether the newest snapshot needs it.
    pub fn is_live(&self) -> bool {
        self.holding.need == Need::Live
    }

    /// Whether its last copy is never deleted.
    pub fn is_pinned(&self) -> bool {
        matches!(self.holding.need, Need::Live | Need::Guaranteed)
    }

    /// Whether it is live and has as many copies as it may.
    pub fn is_saturated(&self) -> bool {
        self.is_live() && self.maxcopies < u8::MAX && self.certain().count() >= self.maxcopies.into()
    }
}

/// What a disk holds of one session and one day of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The disk.
    pub disk: DiskIndex,
    /// The session that wrote it; 0: read and proven since.
    pub session: u64,
    /// The day it was last proven.
    pub day: Day,
    /// How much it is.
    pub amount: Amount,
    /// What it takes there, blocks and names counted.
    pub taken: Size,
}

/// Everything that is summed up beside the claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// By who needs it, and where it is.
    pub holdings: Vec<Holding>,
    /// By disk, session and day of proof.
    pub proofs: Vec<Proof>,
    /// Entries of the newest state by kind.
    pub entries: Vec<(Kind, u64)>,
}

impl Sums {
    /// What of a disk was last proven before that day.
    pub fn unproven(&self, disk: DiskIndex, before: Day) -> Amount {
        let old = self.proofs.iter().filter(|proof| proof.disk == disk && proof.day < before);
        old.map(|proof| proof.amount).sum()
    }

    /// What all objects of a disk take there.
    pub fn taken(&self, disk: DiskIndex) -> Size {
        self.proofs.iter().filter(|proof| proof.disk == disk).map(|proof| proof.taken).sum()
    }
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
