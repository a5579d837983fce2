//! The order in which objects have a right to room.

/// Who comes first: fewer copies elsewhere, then higher priority. A smaller tier is served before
/// and held against a larger one. Kept history stands above all that is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tier(u32);

const KEPT: u32 = 1 << 31;
const AGE_BITS: u32 = 24;
/// The lowest two bits order what has the same copies and priority.
const PLAIN: u32 = 1;
const LATE: u32 = 2;
const WITHIN: u32 = 3;

impl Tier {
    /// A live object with so many trusted copies on other disks (at most 64).
    pub fn live(elsewhere: u32, priority: u8) -> Self {
        Self(elsewhere << 10 | u32::from(u8::MAX - priority) << 2 | PLAIN)
    }

    /// Kept history: the age is the rank of its newest snapshot, 0 being the newest of all.
    pub fn kept(age: usize, elsewhere: u32) -> Self {
        let age = u32::try_from(age).unwrap_or(u32::MAX).min((1 << AGE_BITS) - 1);
        Self(KEPT | age << 7 | elsewhere)
    }

    /// A saturated object on its way from a disk that is contended at a level: whatever it displaces
    /// keeps `level` copies, and comes after the place that it will have here in the end.
    pub fn relocation(level: u32, maxcopies: u8, priority: u8) -> Self {
        let settled = Self::live(u32::from(maxcopies.saturating_sub(1)), priority);
        Self::live(level, u8::MAX).urgent().max(Self(settled.0 & !WITHIN | LATE))
    }

    /// The same tier, but before all others of it.
    #[must_use]
    pub fn urgent(self) -> Self {
        Self(self.0 & !WITHIN)
    }

    /// Copies elsewhere, of a live tier.
    pub fn elsewhere(self) -> usize {
        (self.0 >> 10) as usize
    }

    /// Priority, of a live tier.
    pub fn priority(self) -> usize {
        usize::from(u8::MAX) - (self.0 >> 2 & 0xff) as usize
    }

    /// Whether a big newcomer may take the place of few others of the tier: their last copy it is not.
    pub fn exchanges(self) -> bool {
        self.0 & KEPT == 0 && self.0 & WITHIN == PLAIN && self.elsewhere() >= 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_copies_before_priority_before_history() {
        let ascending = [
            Tier::live(0, 255),
            Tier::live(0, 1),
            Tier::live(1, 9).urgent(),
            Tier::live(1, 9),
            Tier::live(1, 0),
            Tier::relocation(2, 1, 9),
            Tier::live(2, 255),
            Tier::live(2, 9),
            Tier::relocation(2, 3, 9),
            Tier::live(2, 8),
            Tier::live(64, 0),
            Tier::kept(0, 0),
            Tier::kept(0, 64),
            Tier::kept(1, 0),
            Tier::kept(usize::MAX, 0),
        ];
        assert!(ascending.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn says_what_it_was_made_of() {
        let tier = Tier::live(64, 7);
        assert_eq!((tier.elsewhere(), tier.priority()), (64, 7));
        let exchanging = [tier, tier.urgent(), Tier::live(0, 7), Tier::kept(0, 1)].map(Tier::exchanges);
        assert_eq!(exchanging, [true, false, false, false]);
    }
}
