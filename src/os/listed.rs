//! What a directory says of the names in it, without a look at each.

use super::{NAMES_BUFFER, kind_of_type, stat_at};
use crate::model::Kind;
use rustix::fs;
use std::ffi::OsStr;
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt;

/// A name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name.
    pub name: Box<[u8]>,
    /// The number of its inode.
    pub inode: u64,
    /// What it is.
    pub kind: Kind,
}

/// The names in a directory that was opened for this and is listed by nobody else, in the order the
/// system gives them. `buffer` may be used again.
pub fn listed(dir: BorrowedFd<'_>, buffer: &mut Vec<u8>) -> io::Result<Vec<Listed>> {
    let mut found = Vec::new();
    buffer.clear();
    buffer.reserve(NAMES_BUFFER);
    let mut entries = fs::RawDir::new(dir, buffer.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if matches!(name, b"." | b"..") {
            continue;
        }
        // Some file systems do not say what a name is: then it is looked at.
        let kind = match kind_of_type(entry.file_type()) {
            Ok(kind) => kind,
            Err(_) => stat_at(dir, OsStr::from_bytes(name))?.kind,
        };
        found.push(Listed { name: name.into(), inode: entry.ino(), kind });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsFd;
    use std::os::unix::fs::{MetadataExt, symlink};

    #[test]
    fn names_come_with_what_they_are() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("file"), "").unwrap();
        std::fs::create_dir(root.path().join("folder")).unwrap();
        symlink("nowhere", root.path().join("link")).unwrap();
        let dir = crate::os::open_dir(root.path()).unwrap();
        let mut found = listed(dir.as_fd(), &mut Vec::new()).unwrap();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        let kinds: Vec<_> = found.iter().map(|listed| listed.kind).collect();
        assert_eq!(kinds, [Kind::File, Kind::Directory, Kind::Symlink]);
        assert_eq!(found[0].inode, std::fs::metadata(root.path().join("file")).unwrap().ino());
    }
}
