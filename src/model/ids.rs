//! Small numbers by which the catalog names its rows.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);
    };
}

id! {
    /// A directory of the virtual tree; it outlives the versions of that directory's metadata.
    DirectoryId
}
id! {
    /// A file system that a source was seen on.
    FileSystemId
}
id! {
    /// A row of the object table: shorter than the hash it stands for.
    ObjectKey
}
id! {
    /// A dated state of the virtual tree; later ones have larger numbers.
    SnapshotId
}

impl DirectoryId {
    /// The root of the virtual tree.
    pub const ROOT: Self = Self(0);
}

impl SnapshotId {
    /// The number before it: the last state without what it brought.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}
