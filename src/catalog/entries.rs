//! An entry as an update found it, and as its newest version is stored.

use super::scan::is_adopted;
use super::{TreeWriter, rows};
use crate::error::Result;
use crate::model::{
    Content, DirectoryId, FileSystemId, Kind, Name, ObjectKey, Owner, Second, Size, SnapshotId, Stat, Timestamp, Xattr,
};
use rusqlite::OptionalExtension;

/// An entry as an update found it.
#[derive(Clone, Debug)]
pub struct FileRecord {
    /// The directory it stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
    /// Its own id, if it is a directory.
    pub directory: Option<DirectoryId>,
    /// How it looks.
    pub stat: Stat,
    /// Where it stands; none for a directory that only a source map makes.
    pub file_system: Option<FileSystemId>,
    /// Mode and owner.
    pub owner: Owner,
    /// Extended attributes, ordered by name.
    pub xattrs: Vec<Xattr>,
    /// Where a symlink points, else empty.
    pub target: Vec<u8>,
    /// Its bytes.
    pub content: Content,
    /// Whether its times are old enough to be believed.
    pub settled: bool,
    /// When the run began that last read its bytes.
    pub hashed: Second,
}

/// The version that stood there before, as far as a decision needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Previous {
    /// Its length.
    pub size: Size,
    /// Its time.
    pub mtime: Timestamp,
    /// Its bytes.
    pub object: Option<ObjectKey>,
    /// Whether its times could be believed.
    pub settled: bool,
    /// Whether it was a regular file.
    pub is_file: bool,
    /// Whether it was taken over from distbackup: its time is one of whole milliseconds.
    pub adopted: bool,
}

impl Previous {
    /// Whether a file with this time has, as far as was known, not been written since.
    pub fn is_of(&self, mtime: Timestamp) -> bool {
        self.mtime == mtime || self.adopted && mtime.is_of_milliseconds(self.mtime)
    }
}

/// What recording did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Nothing that a restore would show; only how to recognise it next time.
    Same,
    /// What was taken over from distbackup is as it was, and now all of it is known.
    Completed,
    /// A name that was not there.
    Added,
    /// Another version of what was there.
    Changed(Previous),
}

/// The stored row of the newest version.
pub(super) struct Row {
    pub(super) first: SnapshotId,
    pub(super) kind: Kind,
    pub(super) directory: Option<DirectoryId>,
    pub(super) previous: Previous,
    pub(super) owner: i64,
    pub(super) xattr_set: Option<i64>,
    pub(super) target: Option<Vec<u8>>,
    pub(super) node: Option<i64>,
    pub(super) link: Option<(Option<FileSystemId>, i64)>,
}

impl TreeWriter<'_> {
    /// The newest version of a name.
    pub(super) fn row(&self, parent: DirectoryId, name: &Name) -> Result<Option<Row>> {
        let sql = "SELECT first, kind, directory, size, mtime, object, settled, owner, xattr_set, target, node,
                          marks & 1, file_system, inode, hashed
                   FROM entry WHERE parent = ?1 AND name = ?2 AND last IS NULL";
        let mut statement = self.catalog.connection.prepare_cached(sql)?;
        let row = statement.query_row((parent, name.as_bytes()), |row| {
            let kind = rows::kind_of(row.get(1)?)?;
            let (is_file, file_system) = (kind == Kind::File, row.get(12)?);
            Ok(Row {
                first: row.get(0)?,
                kind,
                directory: row.get(2)?,
                previous: Previous {
                    size: row.get(3)?,
                    mtime: row.get(4)?,
                    object: row.get(5)?,
                    settled: row.get(6)?,
                    is_file,
                    adopted: is_adopted(file_system, row.get(14)?),
                },
                owner: row.get(7)?,
                xattr_set: row.get(8)?,
                target: row.get(9)?,
                node: row.get(10)?,
                link: if row.get(11)? { Some((file_system, row.get(13)?)) } else { None },
            })
        });
        Ok(row.optional()?)
    }
}

pub(super) fn shows_the_same(row: &Row, record: &FileRecord, owner: i64, xattr_set: Option<i64>) -> bool {
    let link = is_linked(&record.stat).then_some((record.file_system, record.stat.inode as i64));
    row.kind == record.stat.kind
        && row.previous.object == object_of(record.content)
        && row.previous.size == record.stat.size
        && row.previous.mtime == record.stat.mtime
        && row.owner == owner
        && row.xattr_set == xattr_set
        && row.target.as_deref() == target_of(record)
        && row.node == node_of(&record.stat)
        && row.link == link
}

/// Whether an entry is, as far as distbackup knew it, what was taken over. It kept no time of
/// directories and symlinks.
pub(super) fn is_what_was_adopted(row: &Row, record: &FileRecord) -> bool {
    row.kind == record.stat.kind
        && row.directory == record.directory
        && row.previous.object == object_of(record.content)
        && row.previous.size == record.stat.size
        && row.target.as_deref() == target_of(record)
        && (row.kind != Kind::File || row.previous.is_of(record.stat.mtime))
}

pub(super) fn object_of(content: Content) -> Option<ObjectKey> {
    match content {
        Content::None => None,
        Content::Object(key) => Some(key),
    }
}

/// Nanoseconds from when it was made to its ctime.
pub(super) fn age_of(stat: &Stat) -> Option<i64> {
    stat.birth.and_then(|birth| stat.ctime.0.checked_sub(birth.0))
}

/// `entry.marks` of a file with other names, and of one with holes.
const LINKED: i64 = 1;
pub(super) const SPARSE: i64 = 2;

/// What is marked of an entry.
pub(super) fn marks_of(stat: &Stat) -> i64 {
    i64::from(is_linked(stat)) * LINKED + i64::from(stat.is_sparse()) * SPARSE
}

pub(super) fn is_linked(stat: &Stat) -> bool {
    stat.kind != Kind::Directory && stat.links > 1
}

pub(super) fn node_of(stat: &Stat) -> Option<i64> {
    matches!(stat.kind, Kind::CharDevice | Kind::BlockDevice).then_some(stat.node as i64)
}

pub(super) fn target_of(record: &FileRecord) -> Option<&[u8]> {
    (record.stat.kind == Kind::Symlink).then_some(record.target.as_slice())
}
