//! System calls that change directories and metadata. A `dir` may be open for its path only.

use crate::model::{Kind, Timestamp};
use rustix::fs::{self, AtFlags, FallocateFlags, FileType, Gid, Mode, RenameFlags, Timespec, Timestamps, Uid};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::path::PathBuf;

/// Makes a directory.
pub fn make_dir(dir: BorrowedFd<'_>, name: &OsStr, mode: u32) -> io::Result<()> {
    Ok(fs::mkdirat(dir, name, Mode::from_raw_mode(mode))?)
}

/// Makes a symlink that points at `target`.
pub fn make_symlink(dir: BorrowedFd<'_>, name: &OsStr, target: &OsStr) -> io::Result<()> {
    Ok(fs::symlinkat(target, dir, name)?)
}

/// Makes a pipe, socket or device node that only its owner may use; `node` is the device number.
pub fn make_node(dir: BorrowedFd<'_>, name: &OsStr, kind: Kind, node: u64) -> io::Result<()> {
    let file_type = match kind {
        Kind::Fifo => FileType::Fifo,
        Kind::Socket => FileType::Socket,
        Kind::CharDevice => FileType::CharacterDevice,
        Kind::BlockDevice => FileType::BlockDevice,
        Kind::File | Kind::Directory | Kind::Symlink => return Err(io::ErrorKind::InvalidInput.into()),
    };
    Ok(fs::mknodat(dir, name, file_type, Mode::from_raw_mode(0o600), node)?)
}

/// Gives a file another name; symlinks are not followed.
pub fn link(from: (BorrowedFd<'_>, &OsStr), to: (BorrowedFd<'_>, &OsStr)) -> io::Result<()> {
    Ok(fs::linkat(from.0, from.1, to.0, to.1, AtFlags::empty())?)
}

/// Gives an open file a further name, whatever has become of the names it had.
pub fn link_open(file: BorrowedFd<'_>, to: (BorrowedFd<'_>, &OsStr)) -> io::Result<()> {
    Ok(fs::linkat(fs::CWD, itself(file), to.0, to.1, AtFlags::SYMLINK_FOLLOW)?)
}

/// Makes an empty file share the bytes of another, each to be changed without the other.
pub fn clone_bytes(to: BorrowedFd<'_>, from: BorrowedFd<'_>) -> io::Result<()> {
    Ok(fs::ioctl_ficlone(to, from)?)
}

/// Whether who runs this may write to something open, whatever it was opened for.
pub fn may_write(file: BorrowedFd<'_>) -> bool {
    fs::accessat(fs::CWD, itself(file), fs::Access::WRITE_OK, AtFlags::EACCESS).is_ok()
}

/// Removes a name that is not a directory's.
pub fn unlink(dir: BorrowedFd<'_>, name: &OsStr) -> io::Result<()> {
    Ok(fs::unlinkat(dir, name, AtFlags::empty())?)
}

/// Removes an empty directory.
pub fn remove_dir(dir: BorrowedFd<'_>, name: &OsStr) -> io::Result<()> {
    Ok(fs::unlinkat(dir, name, AtFlags::REMOVEDIR)?)
}

/// Renames, replacing what bears the new name.
pub fn rename(from: (BorrowedFd<'_>, &OsStr), to: (BorrowedFd<'_>, &OsStr)) -> io::Result<()> {
    Ok(fs::renameat(from.0, from.1, to.0, to.1)?)
}

/// Renames to a name that is free; fails with `AlreadyExists` if it is not.
///
/// Where the file system cannot ask for that in one call (ntfs-3g, exfat-fuse), a hard link
/// can; where it has no hard links either, looking first has to do.
pub fn rename_new(from: (BorrowedFd<'_>, &OsStr), to: (BorrowedFd<'_>, &OsStr)) -> io::Result<()> {
    match fs::renameat_with(from.0, from.1, to.0, to.1, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
        done => return Ok(done?),
    }
    match fs::linkat(from.0, from.1, to.0, to.1, AtFlags::empty()) {
        Err(Errno::EXIST) => return Err(Errno::EXIST.into()),
        Err(_) => {}
        Ok(()) => return unlink(from.0, from.1),
    }
    match fs::statat(to.0, to.1, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => rename(from, to),
        Err(error) => Err(error.into()),
        Ok(_) => Err(Errno::EXIST.into()),
    }
}

/// Flushes one file or directory. After a failure nothing is known of it: never flush it again.
pub fn fsync(file: BorrowedFd<'_>) -> io::Result<()> {
    Ok(fs::fsync(file)?)
}

/// Takes room for a file of `size` bytes; `false` where the file system cannot.
pub fn allocate(file: &File, size: u64) -> io::Result<bool> {
    match fs::fallocate(file, FallocateFlags::empty(), 0, size) {
        Ok(()) => Ok(true),
        Err(Errno::NOTSUP | Errno::NOSYS | Errno::INVAL) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Sets the owner or the group or both of something open, if only for its path.
pub fn change_owner(file: BorrowedFd<'_>, user: Option<u32>, group: Option<u32>) -> io::Result<()> {
    let (user, group) = (user.map(Uid::from_raw), group.map(Gid::from_raw));
    Ok(fs::chownat(file, "", user, group, AtFlags::EMPTY_PATH)?)
}

/// Sets the permission bits of something open, if only for its path; not of a symlink.
pub fn change_mode(file: BorrowedFd<'_>, mode: u32) -> io::Result<()> {
    Ok(fs::chmod(itself(file), Mode::from_raw_mode(mode))?)
}

/// Sets the time of the last change of something open, if only for its path.
pub fn change_times(file: BorrowedFd<'_>, mtime: Timestamp) -> io::Result<()> {
    let omit = Timespec { tv_sec: 0, tv_nsec: fs::UTIME_OMIT };
    let mtime = Timespec { tv_sec: mtime.seconds(), tv_nsec: mtime.nanoseconds() };
    let times = Timestamps { last_access: omit, last_modification: mtime };
    Ok(fs::utimensat(fs::CWD, itself(file), &times, AtFlags::empty())?)
}

/// Sets one extended attribute of something open, if only for its path.
pub fn set_xattr(file: BorrowedFd<'_>, name: &OsStr, value: &[u8]) -> io::Result<()> {
    xattr::set_deref(itself(file), name, value)
}

/// A path that reaches exactly what is open: a symlink itself, not where it points.
fn itself(file: BorrowedFd<'_>) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os;
    use std::os::fd::AsFd;

    #[test]
    fn a_taken_name_is_not_replaced() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("a"), "a").unwrap();
        std::fs::write(root.path().join("b"), "b").unwrap();
        let dir = os::open_dir(root.path()).unwrap();
        let at = |name| (dir.as_fd(), OsStr::new(name));
        assert_eq!(rename_new(at("a"), at("b")).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        rename_new(at("a"), at("c")).unwrap();
        assert_eq!(std::fs::read(root.path().join("c")).unwrap(), b"a");
    }

    #[test]
    fn a_symlink_itself_is_changed() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("file"), "").unwrap();
        let dir = os::open_dir(root.path()).unwrap();
        make_symlink(dir.as_fd(), OsStr::new("link"), OsStr::new("file")).unwrap();
        let link = os::open_beneath(dir.as_fd(), b"link", os::OFlags::PATH | os::OFlags::NOFOLLOW, 0).unwrap();
        change_times(link.as_fd(), Timestamp::new(5, 7)).unwrap();
        assert_eq!(os::stat(link.as_fd()).unwrap().mtime, Timestamp::new(5, 7));
        assert_ne!(os::stat_at(dir.as_fd(), OsStr::new("file")).unwrap().mtime, Timestamp::new(5, 7));
    }
}
