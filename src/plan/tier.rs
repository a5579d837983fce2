//! The order in which objects have a right to room.

/// What one more copy would be for an object: what protects most comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Among the copies that are wanted, on a disk that fails apart from those of the others.
    Wanted,
    /// Apart from the others, beyond what is wanted.
    Beyond,
    /// Wanted, but on a disk that may fail together with one that has it already.
    Doubled,
    /// Neither apart nor wanted.
    DoubledBeyond,
}

impl Rank {
    /// Of a copy, given how many there are beside it, and whether one of those may fail with it.
    pub fn of(copies: u32, wanted: u8, doubled: bool) -> Self {
        match (doubled, copies < u32::from(wanted)) {
            (false, true) => Self::Wanted,
            (false, false) => Self::Beyond,
            (true, true) => Self::Doubled,
            (true, false) => Self::DoubledBeyond,
        }
    }
}

/// Who comes first: rank, then fewer copies elsewhere, then higher priority. A smaller tier is
/// served before and held against a larger one. Kept history stands above all that is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tier(u32);

const KEPT: u32 = 1 << 31;
const AGE_BITS: u32 = 24;
const RANK: u32 = 20;
const COPIES: u32 = 10;
/// The lowest two bits order what has the same copies and priority.
const PLAIN: u32 = 1;
const LATE: u32 = 2;
const WITHIN: u32 = 3;

impl Tier {
    /// A live object with so many trusted copies on other disks (at most 64).
    pub fn live(rank: Rank, copies: u32, priority: u8) -> Self {
        Self((rank as u32) << RANK | copies << COPIES | u32::from(u8::MAX - priority) << 2 | PLAIN)
    }

    /// Kept history: the age is the rank of its newest snapshot, 0 being the newest of all.
    pub fn kept(age: usize, elsewhere: u32) -> Self {
        let age = u32::try_from(age).unwrap_or(u32::MAX).min((1 << AGE_BITS) - 1);
        Self(KEPT | age << 7 | elsewhere)
    }

    /// A second copy that lets another disk evict the first: before all other second copies.
    pub fn staged(priority: u8) -> Self {
        Self::live(Rank::Wanted, 1, priority).urgent()
    }

    /// A saturated object on its way from a disk that is contended at a level: whatever it displaces
    /// stands behind that level, and behind the place that it will have here in the end.
    pub fn relocation(contended: Self, settled: Self) -> Self {
        contended.urgent().max(Self(settled.0 & !WITHIN | LATE))
    }

    /// The same tier, but before all others of it.
    fn urgent(self) -> Self {
        Self(self.0 & !WITHIN)
    }

    /// Rank, of a live tier.
    pub fn rank(self) -> Rank {
        match self.0 >> RANK & 3 {
            0 => Rank::Wanted,
            1 => Rank::Beyond,
            2 => Rank::Doubled,
            _ => Rank::DoubledBeyond,
        }
    }

    /// Copies elsewhere, of a live tier.
    pub fn copies(self) -> usize {
        (self.0 >> COPIES & ((1 << (RANK - COPIES)) - 1)) as usize
    }

    /// Priority, of a live tier.
    pub fn priority(self) -> usize {
        usize::from(u8::MAX) - (self.0 >> 2 & 0xff) as usize
    }

    /// Whether copies of a live tier are wanted.
    pub fn is_wanted(self) -> bool {
        matches!(self.rank(), Rank::Wanted | Rank::Doubled)
    }

    /// Whether a big newcomer may take the place of few others of the tier: their last copy it is not.
    pub fn exchanges(self) -> bool {
        self.0 & KEPT == 0 && self.0 & WITHIN == PLAIN && self.copies() >= 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_protects_most_before_priority_before_history() {
        let wanted = |copies, priority| Tier::live(Rank::Wanted, copies, priority);
        let beyond = |copies, priority| Tier::live(Rank::Beyond, copies, priority);
        let ascending = [
            wanted(0, 255),
            wanted(0, 1),
            Tier::staged(9),
            wanted(1, 9),
            wanted(1, 0),
            wanted(2, 255),
            beyond(0, 9),
            Tier::relocation(beyond(2, 255), beyond(0, 9)),
            beyond(2, 255),
            beyond(2, 9),
            Tier::relocation(wanted(2, 255), beyond(2, 9)),
            beyond(2, 8),
            Tier::live(Rank::Doubled, 1, 255),
            Tier::live(Rank::DoubledBeyond, 1, 255),
            Tier::live(Rank::DoubledBeyond, 64, 0),
            Tier::kept(0, 0),
            Tier::kept(0, 64),
            Tier::kept(1, 0),
            Tier::kept(usize::MAX, 0),
        ];
        assert!(ascending.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn says_what_it_was_made_of() {
        for rank in [Rank::Wanted, Rank::Beyond, Rank::Doubled, Rank::DoubledBeyond] {
            let tier = Tier::live(rank, 64, 7);
            assert_eq!((tier.rank(), tier.copies(), tier.priority()), (rank, 64, 7));
        }
        let plain = Tier::live(Rank::Wanted, 1, 7);
        let others = [plain, Tier::staged(7), Tier::live(Rank::Wanted, 0, 7), Tier::kept(0, 1)];
        assert_eq!(others.map(Tier::exchanges), [true, false, false, false]);
        let ranks = [Rank::Wanted, Rank::Beyond, Rank::Doubled, Rank::DoubledBeyond];
        assert_eq!(ranks.map(|rank| Tier::live(rank, 1, 7).is_wanted()), [true, false, true, false]);
    }

    #[test]
    fn copies_that_fail_together_come_behind_all_others() {
        let table = [
            ((1, 2, false), Rank::Wanted),
            ((2, 2, false), Rank::Beyond),
            ((1, 2, true), Rank::Doubled),
            ((2, 2, true), Rank::DoubledBeyond),
        ];
        for ((copies, wanted, doubled), rank) in table {
            assert_eq!(Rank::of(copies, wanted, doubled), rank, "{copies} {wanted} {doubled}");
        }
    }
}
