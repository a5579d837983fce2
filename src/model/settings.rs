//! How well a part of the tree is to be protected.

/// What a person set for a path: what is not set here is inherited from above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Settings {
    /// Copies wanted, on disks that fail apart: 1 to 64.
    pub copies: Option<u8>,
    /// Higher is served first.
    pub priority: Option<u8>,
    /// Never more copies than that: 1 to 255.
    pub maxcopies: Option<u8>,
}

impl Settings {
    /// Nothing set.
    pub const NONE: Self = Self { copies: None, priority: None, maxcopies: None };

    /// These, and what they leave open from those above.
    #[must_use]
    pub fn or(self, above: Self) -> Self {
        Self {
            copies: self.copies.or(above.copies),
            priority: self.priority.or(above.priority),
            maxcopies: self.maxcopies.or(above.maxcopies),
        }
    }

    /// What holds where nothing further is set above.
    pub fn protection(self) -> Protection {
        let usual = Protection::USUAL;
        let maxcopies = self.maxcopies.unwrap_or(usual.maxcopies);
        Protection {
            copies: self.copies.unwrap_or(usual.copies).min(maxcopies),
            priority: self.priority.unwrap_or(usual.priority),
            maxcopies,
        }
    }
}

/// How well one object is to be protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protection {
    /// Copies wanted, on disks that fail apart; not above maxcopies.
    pub copies: u8,
    /// Higher is served first.
    pub priority: u8,
    /// Never more copies than that; 255: no bound.
    pub maxcopies: u8,
}

impl Protection {
    /// Of what nobody set anything for.
    pub const USUAL: Self = Self { copies: 2, priority: 1, maxcopies: u8::MAX };

    /// Of content that stands at two paths: the better of both.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            copies: self.copies.max(other.copies),
            priority: self.priority.max(other.priority),
            maxcopies: self.maxcopies.max(other.maxcopies),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_inherited() {
        let root = Settings { copies: Some(3), priority: Some(7), maxcopies: None };
        let below = Settings { copies: Some(1), maxcopies: Some(4), ..Settings::NONE };
        assert_eq!(below.or(root), Settings { copies: Some(1), priority: Some(7), maxcopies: Some(4) });
        assert_eq!(Settings::NONE.protection(), Protection::USUAL);
    }

    #[test]
    fn no_more_copies_are_wanted_than_allowed() {
        assert_eq!(Settings { maxcopies: Some(1), ..Settings::NONE }.protection().copies, 1);
    }

    #[test]
    fn content_at_two_paths_gets_the_better_of_both() {
        let capped = Settings { maxcopies: Some(1), priority: Some(9), ..Settings::NONE }.protection();
        let both = Protection { copies: 2, priority: 9, maxcopies: u8::MAX };
        assert_eq!((capped.max(Protection::USUAL), Protection::USUAL.max(capped)), (both, both));
    }
}
