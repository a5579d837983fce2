//! Backup disks as the catalog knows them, attached or not.

use super::{Footprint, SessionStamp, Size, Timestamp};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use uuid::Uuid;

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

/// What a person calls a disk: printable, without `/` and white space, at most 64 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DiskName(String);

impl DiskName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DiskName {
    type Err = NotADiskName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = |c: char| c.is_control() || c.is_whitespace() || c == '/';
        if text.is_empty() || text.len() > 64 || text.starts_with('-') || text.contains(bad) {
            return Err(NotADiskName);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for DiskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The text cannot name a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotADiskName;

impl fmt::Display for NotADiskName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a disk's name has no spaces or slashes, does not begin with -, and is at most 64 bytes long")
    }
}

impl std::error::Error for NotADiskName {}

/// What was found out about the medium at the last visit; empty texts where the system did not say.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Medium {
    /// The file system's label.
    pub label: String,
    /// The file system's own uuid.
    pub fs_uuid: String,
    /// `ext4`, `xfs`, `exfat` ...
    pub fs_type: String,
    /// The drive's model.
    pub model: String,
    /// The drive's serial number.
    pub serial: String,
    /// Bytes of the whole file system.
    pub size: Size,
    /// Bytes of it that were free.
    pub free: Size,
}

/// One disk of the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Its place in every [`DiskSet`].
    pub index: DiskIndex,
    /// What its marker says.
    pub uuid: Uuid,
    /// What a person calls it.
    pub name: DiskName,
    /// Where its data directory was last seen.
    pub path: PathBuf,
    /// Bytes dsb may use on it.
    pub budget: Size,
    /// Bytes of the budget held back for catalog copies and folders, as last reckoned.
    pub reserve: Size,
    /// What of the reserve they took at the last visit.
    pub reserve_used: Size,
    /// How its file system allocates.
    pub footprint: Footprint,
    /// The medium as of the last visit.
    pub medium: Medium,
    /// When it was last attached and its marker read.
    pub last_seen: Option<Timestamp>,
    /// When something on it was last changed.
    pub last_written: Option<Timestamp>,
    /// The generation of the catalog copy on it; 0 before the first.
    pub generation: u64,
    /// The last session that the marker is known to carry.
    pub session: SessionStamp,
    /// A session announced but not known to have reached the marker.
    pub pending: Option<SessionStamp>,
    /// Whether that last session is known to have ended with everything on the medium.
    pub closed: bool,
    /// Whether the person agreed that it shares a file system with others.
    pub same_device: bool,
}

impl Disk {}

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
    fn names_can_be_typed() {
        for name in ["shelf-01", "Größe", "a"] {
            assert!(name.parse::<DiskName>().is_ok(), "{name}");
        }
        for name in ["", "a b", "a/b", "-x", "a\n", &"x".repeat(65)] {
            assert!(name.parse::<DiskName>().is_err(), "{name}");
        }
    }
}
