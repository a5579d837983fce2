//! What an update does at a path, as a person set it.

use super::{Filter, Rule};

/// What is set for one path. Only `rules` and `filters` reach below it by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handling {
    /// Not scanned: it and all below it stay as they were last seen.
    pub locked: bool,
    /// Not in the set, nor is what lies below it.
    pub hidden: bool,
    /// Symlinks in this very folder stand for what they point to.
    pub follow: bool,
    /// Whether rules and filters of folders above hold here too.
    pub inherits: bool,
    /// Over names in it and below, in the order in which they are asked.
    pub rules: Vec<Rule>,
    /// Over paths below it; the last that matches counts.
    pub filters: Vec<Filter>,
}

impl Handling {
    /// Nothing set.
    pub const NONE: Self =
        Self { locked: false, hidden: false, follow: false, inherits: true, rules: Vec::new(), filters: Vec::new() };
}

impl Default for Handling {
    fn default() -> Self {
        Self::NONE
    }
}
