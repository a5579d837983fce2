//! What stands in the virtual tree.

use super::{DirectoryId, FileSystemId, Name, ObjectKey, Size, Timestamp};

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A named pipe.
    Fifo,
    /// A Unix socket.
    Socket,
    /// A character device.
    CharDevice,
    /// A block device.
    BlockDevice,
}

impl Kind {
    /// In the order of the numbers that the catalog stores.
    pub const ALL: [Self; 7] =
        [Self::File, Self::Directory, Self::Symlink, Self::Fifo, Self::Socket, Self::CharDevice, Self::BlockDevice];

    /// The one letter of `ls -l`.
    pub const fn letter(self) -> char {
        match self {
            Self::File => '-',
            Self::Directory => 'd',
            Self::Symlink => 'l',
            Self::Fifo => 'p',
            Self::Socket => 's',
            Self::CharDevice => 'c',
            Self::BlockDevice => 'b',
        }
    }

    /// A word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Fifo => "fifo",
            Self::Socket => "socket",
            Self::CharDevice => "character device",
            Self::BlockDevice => "block device",
        }
    }
}

/// What the kernel says of one path (statx), before the catalog knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Its length in bytes; 0 for all but regular files.
    pub size: Size,
    /// Bytes that are allocated for it.
    pub allocated: Size,
    /// Last change of the content.
    pub mtime: Timestamp,
    /// Last change of content or metadata.
    pub ctime: Timestamp,
    /// When it was made, where the file system says.
    pub birth: Option<Timestamp>,
    /// Its inode number.
    pub inode: u64,
    /// The device number (`st_dev`) it was seen under: good for one run only.
    pub device: u64,
    /// Permission bits with setuid, setgid and sticky: 0 to 0o7777.
    pub mode: u32,
    /// The owner's number.
    pub uid: u32,
    /// The group's number.
    pub gid: u32,
    /// How many names it has.
    pub links: u64,
    /// The device number that a device node stands for, else 0.
    pub node: u64,
}

impl Stat {
    /// Whether a regular file has holes.
    pub fn is_sparse(&self) -> bool {
        self.kind == Kind::File && self.allocated < self.size
    }
}

/// Who owns an entry, and what they may do: shared by most entries of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Owner {
    /// Permission bits with setuid, setgid and sticky: 0 to 0o7777.
    pub mode: u32,
    /// The owner's number.
    pub uid: u32,
    /// The group's number.
    pub gid: u32,
    /// The owner's name, empty if the system knew none.
    pub user: Vec<u8>,
    /// The group's name, empty if the system knew none.
    pub group: Vec<u8>,
}

/// One extended attribute; POSIX ACLs are among them (`system.posix_acl_access`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Xattr {
    /// Its name with the namespace, `user.comment`.
    pub name: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
}

/// All that a restore brings back of an entry beside its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// What it is.
    pub kind: Kind,
    /// Length in bytes; 0 for all but regular files.
    pub size: Size,
    /// Last change of the content.
    pub mtime: Timestamp,
    /// Mode, owner and group.
    pub owner: Owner,
    /// Extended attributes, ordered by name.
    pub xattrs: Vec<Xattr>,
    /// Where a symlink points, else empty.
    pub target: Vec<u8>,
    /// What a device node stands for, else 0.
    pub node: u64,
    /// Whether a regular file has holes.
    pub sparse: bool,
}

/// The bytes of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// Not a regular file, or one of length 0: nothing to keep on a disk.
    None,
    /// A row of the object table.
    Object(ObjectKey),
}

/// One entry of the newest or of an older state of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The directory it stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
    /// Its own id, if it is a directory.
    pub directory: Option<DirectoryId>,
    /// Its bytes.
    pub content: Content,
    /// What a restore brings back.
    pub metadata: Metadata,
    /// Which file it was on the source: entries with the same pair are names of one file.
    /// Nothing if it had a single name, or if inodes mean nothing there.
    pub hard_link: Option<(FileSystemId, u64)>,
}
