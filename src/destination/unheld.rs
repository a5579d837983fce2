//! What a destination could not hold.

use std::ops::AddAssign;

/// How many entries lost what: counted one by one, told once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unheld {
    /// The owner or group is another.
    pub owner: u64,
    /// The permission bits are others.
    pub mode: u64,
    /// Set-user-id, set-group-id or privileged attributes were withheld: they are given only
    /// where that is asked for, and only to a file whose owner could be set.
    pub privileges: u64,
    /// Extended attributes or ACLs are missing.
    pub xattrs: u64,
    /// The time of the last change is another.
    pub times: u64,
}

impl Unheld {
    /// Whether everything was held.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A word for each kind of loss that occurred, and how many entries it met.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = [
            ("owner or group", self.owner),
            ("permissions", self.mode),
            ("setuid, setgid and privileged attributes", self.privileges),
            ("extended attributes and ACLs", self.xattrs),
            ("modification time", self.times),
        ];
        counts.into_iter().filter(|(_, count)| *count > 0)
    }
}

impl AddAssign for Unheld {
    fn add_assign(&mut self, other: Self) {
        self.owner += other.owner;
        self.mode += other.mode;
        self.privileges += other.privileges;
        self.xattrs += other.xattrs;
        self.times += other.times;
    }
}
