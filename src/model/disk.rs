//! Backup disks as the catalog knows them, attached or not.

use super::{DiskIndex, DiskSet, Fanout, Footprint, SessionStamp, Size, Timestamp};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use uuid::Uuid;

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
    /// Equal for disks on one drive or one file system; empty where the system did not say.
    pub device: String,
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
    /// What a person calls the disks that may be lost together with it, as they stand in one place.
    pub group: Option<DiskName>,
    /// Whether it shows the snapshots that are held as browsable trees.
    pub tree: bool,
    /// Bytes that the folders of its trees take; none: nobody knows, and the trees are to be held
    /// against the catalog.
    pub tree_taken: Option<Size>,
    /// In which folders its objects are to lie.
    pub fanout: Fanout,
    /// Whether what is known of it is from an older state of the catalog, or a session runs or was cut
    /// off on a file system without a journal, where that may have cost older copies: until it was
    /// looked at again its copies license no eviction elsewhere.
    pub unconfirmed: bool,
}

impl Disk {
    /// What is to be said of a budget that is more than there is.
    pub fn exceeds_its_medium(&self) -> Option<String> {
        let size = self.medium.size;
        (size > Size::ZERO && self.budget > size).then(|| format!("the whole disk has {size}"))
    }

    /// Sets of disks that may fail together, two or more in each: on one device, or in one group.
    pub fn groups(disks: &[Self]) -> Vec<DiskSet> {
        let mut groups: Vec<DiskSet> = Vec::new();
        for disk in disks {
            let with: DiskSet = disks.iter().filter(|other| disk.fails_with(other)).map(|other| other.index).collect();
            let (touched, mut apart): (Vec<DiskSet>, _) = groups.into_iter().partition(|group| group.0 & with.0 != 0);
            apart.push(touched.into_iter().fold(with, |all, group| DiskSet(all.0 | group.0)));
            groups = apart;
        }
        groups.retain(|group| group.count() > 1);
        groups
    }

    /// Whether what takes the one may take the other: true of a disk and itself.
    fn fails_with(&self, other: &Self) -> bool {
        let one_device = !self.medium.device.is_empty() && self.medium.device == other.medium.device;
        let one_group = self.group.is_some() && self.group == other.group;
        self.index == other.index || one_device || one_group
    }
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    /// A disk of a drive and in a group, or of none.
    pub(crate) fn disk(index: i64, device: &str, group: &str) -> Disk {
        Disk {
            index: DiskIndex::new(index).unwrap(),
            uuid: Uuid::nil(),
            name: "x".parse().unwrap(),
            path: PathBuf::new(),
            budget: Size::ZERO,
            reserve: Size::ZERO,
            reserve_used: Size::ZERO,
            footprint: Footprint::USUAL,
            medium: Medium { device: device.to_owned(), ..Medium::default() },
            last_seen: None,
            last_written: None,
            generation: 0,
            session: SessionStamp::default(),
            pending: None,
            closed: true,
            same_device: false,
            group: group.parse().ok(),
            tree: false,
            tree_taken: Some(Size::ZERO),
            fanout: Fanout::Three,
            unconfirmed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::disk;
    use super::*;

    #[test]
    fn what_may_fail_together_is_one_group_however_it_hangs_together() {
        let apart = [disk(0, "", ""), disk(1, "", ""), disk(2, "a", "")];
        assert_eq!(Disk::groups(&apart), []);
        // 0 and 2 stand together, 2 and 5 are one drive: none of the three protects another.
        let chained = [disk(0, "", "attic"), disk(5, "a", ""), disk(2, "a", "attic"), disk(7, "b", "cellar")];
        assert_eq!(Disk::groups(&chained), [DiskSet(0b10_0101)]);
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
