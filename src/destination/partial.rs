//! A file on its way to its name.

use super::owners::Owners;
use super::{Applying, Unheld};
use crate::digest::{self, CopyError};
use crate::model::{Metadata, ObjectId, Size};
use crate::os;
use crate::progress::Progress;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;

/// A file under a temporary name, beside the one it will have. Gone when dropped unfinished.
#[derive(Debug)]
pub struct Partial<'a> {
    owners: &'a Owners,
    parent: Arc<OwnedFd>,
    name: OsString,
    temporary: OsString,
    file: File,
    finished: bool,
}

/// Whether a name is one that a file on its way bears.
pub(super) fn is_temporary(name: &[u8]) -> bool {
    let digits = name.strip_prefix(b".dsb-").and_then(|rest| rest.strip_suffix(b".part"));
    digits.is_some_and(|hex| hex.len() == 16 && hex.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')))
}

fn temporary() -> io::Result<OsString> {
    Ok(OsString::from(format!(".dsb-{:016x}.part", os::random()?)))
}

/// Whether a name written in capitals leads to the same file.
pub(super) fn ignores_case(dir: BorrowedFd<'_>) -> io::Result<bool> {
    let name = temporary()?;
    os::create_beneath(dir, name.as_bytes(), 0o600)?;
    let found = os::stat_at(dir, &name.to_ascii_uppercase());
    os::unlink(dir, &name)?;
    Ok(found.is_ok())
}

/// Gives an open file a name, through a temporary one where another may stand in its place.
pub(super) fn link(parent: &OwnedFd, name: &OsStr, file: &File, replace: bool) -> io::Result<()> {
    if !replace {
        return os::link_open(file.as_fd(), (parent.as_fd(), name));
    }
    let temporary = temporary()?;
    os::link_open(file.as_fd(), (parent.as_fd(), &temporary))?;
    let renamed = os::rename((parent.as_fd(), &temporary), (parent.as_fd(), name));
    if renamed.is_err() {
        os::unlink(parent.as_fd(), &temporary)?;
    }
    renamed
}

impl<'a> Partial<'a> {
    pub(super) fn begin(owners: &'a Owners, parent: Arc<OwnedFd>, name: &OsStr) -> io::Result<Self> {
        let temporary = temporary()?;
        let file = os::create_beneath(parent.as_fd(), temporary.as_bytes(), 0o600)?;
        Ok(Self { owners, parent, name: name.to_owned(), temporary, file, finished: false })
    }

    /// Copies all of an open object file while hashing it, at most `limit` bytes and one more.
    /// Returns the id and the length of what was written: whoever asked compares them before
    /// finishing. `sparse`: blocks of zeros become holes. Progress is told the bytes.
    pub fn fill(
        &mut self,
        source: &mut impl Read,
        sparse: bool,
        limit: Size,
        progress: &dyn Progress,
    ) -> Result<(ObjectId, Size), CopyError> {
        digest::copy(source, &self.file, limit, sparse, progress)
    }

    /// Shares the bytes of an open object file, where the file system can: each may be changed
    /// without the other.
    pub fn share(&self, source: &File) -> io::Result<()> {
        os::clone_bytes(self.file.as_fd(), source.as_fd())
    }

    /// Gives the file its metadata, then its name. `AlreadyExists` if the name is taken and not
    /// to be replaced; a directory is never replaced.
    pub fn finish(mut self, metadata: &Metadata, how: &Applying, replace: bool) -> io::Result<Unheld> {
        let unheld = how.apply(self.file.as_fd(), metadata, self.owners)?;
        let from = (self.parent.as_fd(), self.temporary.as_os_str());
        let to = (self.parent.as_fd(), self.name.as_os_str());
        if replace {
            os::rename(from, to)?;
        } else {
            os::rename_new(from, to)?;
        }
        self.finished = true;
        Ok(unheld)
    }
}

impl Drop for Partial<'_> {
    fn drop(&mut self) {
        if !self.finished {
            // There is nobody to tell, and the name says what it is.
            let _ = os::unlink(self.parent.as_fd(), &self.temporary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::destination::Destination;
    use crate::destination::tests::{destination, path};
    use crate::model::{Kind, Owner, Timestamp};
    use crate::progress::Silent;
    use std::fs;
    use std::io::{Seek, Write};
    use std::os::unix::fs::MetadataExt;

    const HOW: Applying = Applying { numeric_ids: true, trusted: false };

    fn source(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        file
    }

    fn metadata(size: Size) -> Metadata {
        let mine = os::stat(tempfile::tempfile().unwrap().as_fd()).unwrap();
        Metadata {
            kind: Kind::File,
            size,
            mtime: Timestamp::new(1_000_000_000, 5),
            owner: Owner { mode: 0o640, uid: mine.uid, gid: mine.gid, ..Owner::default() },
            xattrs: Vec::new(),
            target: Vec::new(),
            node: 0,
            sparse: false,
        }
    }

    fn restore(to: &Destination, name: &str, bytes: &[u8], replace: bool) -> io::Result<Unheld> {
        let size = Size(bytes.len() as u64);
        let mut partial = to.begin_file(&path(name))?;
        let (id, length) = partial.fill(&mut source(bytes), false, size, &Silent).unwrap();
        assert_eq!((id.as_bytes(), length), (&openssl::sha::sha256(bytes), size));
        partial.finish(&metadata(size), &HOW, replace)
    }

    #[test]
    fn a_file_appears_whole() {
        let (keep, to) = destination();
        let real = keep.path().join("restored/file");
        assert!(restore(&to, "/file", b"one", false).unwrap().is_empty());
        let found = fs::metadata(&real).unwrap();
        assert_eq!((found.mode() & 0o7777, found.mtime(), found.mtime_nsec()), (0o640, 1_000_000_000, 5));
        assert_eq!(restore(&to, "/file", b"two", false).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&real).unwrap(), b"one");
        restore(&to, "/file", b"three", true).unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"three");
        drop(to.begin_file(&path("/other")).unwrap());
        assert_eq!(fs::read_dir(keep.path().join("restored")).unwrap().count(), 1);
    }

    #[test]
    fn what_was_cut_off_is_cleaned_and_nothing_else() {
        let (keep, to) = destination();
        let real = keep.path().join("restored");
        to.make_dir(&path("/dir")).unwrap();
        for name in [
            ".dsb-0123456789abcdef.part",
            ".dsb-0123456789abcdeX.part",
            ".dsb-1.part",
            "dir/.dsb-0123456789abcdef.part",
        ] {
            fs::write(real.join(name), "x").unwrap();
        }
        to.clean(&path("/")).unwrap();
        assert_eq!((fs::read_dir(&real).unwrap().count(), fs::read_dir(real.join("dir")).unwrap().count()), (3, 1));
        to.clean(&path("/dir")).unwrap();
        assert_eq!(fs::read_dir(real.join("dir")).unwrap().count(), 0);
        assert!(to.clean(&path("/missing")).is_err());
    }

    #[test]
    fn neither_a_directory_nor_a_symlinks_target_is_replaced() {
        let (keep, to) = destination();
        to.make_dir(&path("/dir")).unwrap();
        assert!(restore(&to, "/dir", b"x", true).is_err() && restore(&to, "/dir", b"x", false).is_err());
        let outside = keep.path().join("outside");
        fs::write(&outside, "safe").unwrap();
        to.symlink(&path("/link"), b"../outside").unwrap();
        assert!(restore(&to, "/link", b"x", false).is_err());
        restore(&to, "/link", b"x", true).unwrap();
        assert_eq!(fs::read(outside).unwrap(), b"safe");
        assert_eq!(fs::read_dir(keep.path().join("restored")).unwrap().count(), 2);
    }

    #[test]
    fn a_sparse_file_stays_sparse() {
        let (_keep, to) = destination();
        let source = tempfile::tempfile().unwrap();
        source.set_len(64 << 20).unwrap();
        let mut partial = to.begin_file(&path("/sparse")).unwrap();
        partial.fill(&mut source.try_clone().unwrap(), true, Size(64 << 20), &Silent).unwrap();
        let stat = os::stat(partial.file.as_fd()).unwrap();
        assert_eq!((stat.size, stat.allocated), (Size(64 << 20), Size::ZERO));
    }

    #[test]
    fn more_than_was_expected_is_noticed() {
        let (_keep, to) = destination();
        let mut partial = to.begin_file(&path("/file")).unwrap();
        let (_, size) = partial.fill(&mut source(&[1; 1000]), false, Size(10), &Silent).unwrap();
        assert_eq!(size, Size(11));
    }
}
