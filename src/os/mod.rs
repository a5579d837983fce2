//! Thin wrappers over the system calls that std lacks. Nothing here decides anything.

use crate::model::{Kind, Size, Stat, Timestamp, Xattr};
use rustix::fs::{self, AtFlags, Mode, ResolveFlags, StatxFlags};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

mod change;
mod device;
mod forget;
mod listed;
mod spinning;
mod users;

pub use change::{
    allocate, change_mode, change_owner, change_times, clone_bytes, fsync, link, link_open, make_dir, make_node,
    make_symlink, may_write, remove_dir, rename, rename_new, set_xattr, unlink,
};
pub use device::{effective_group, effective_user, fs_label, fs_uuid, random};
pub use forget::ReadOnce;
pub use listed::{Listed, listed};
pub use rustix::fs::{Advice, FlockOperation, OFlags, major, makedev, minor};
pub use spinning::is_rotational;
pub use users::{group_name, group_number, own_name, user_name, user_number};

/// The longest path the kernel takes in one call, with room for the final NUL.
const PATH_MAX: usize = 4000;

/// Names taken from the kernel at a time, in bytes.
const NAMES_BUFFER: usize = 64 << 10;

/// Opens a directory by path, following symlinks on the way.
pub fn open_dir(path: &Path) -> io::Result<OwnedFd> {
    Ok(fs::open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
}

/// Opens a path for asking about it only: no permission to read it is needed.
pub fn open_path(path: &Path) -> io::Result<OwnedFd> {
    Ok(fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?)
}

/// Whether opening failed because a symlink stood where none may be.
pub fn met_symlink(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::LOOP.raw_os_error())
}

/// Whether the file system has a limit that this would go beyond: links of one file, length of a name.
pub fn is_beyond_limits(error: &io::Error) -> bool {
    [Errno::MLINK, Errno::NAMETOOLONG].iter().any(|e| error.raw_os_error() == Some(e.raw_os_error()))
}

/// Whether it was the medium that failed: not a refusal, and not something that it does not keep.
pub fn is_failure(error: &io::Error) -> bool {
    [Errno::IO, Errno::NOSPC, Errno::DQUOT, Errno::ROFS].iter().any(|e| error.raw_os_error() == Some(e.raw_os_error()))
}

/// Whether nothing is known now of what is there: the medium failed, or the system had no means.
pub fn is_passing(error: &io::Error) -> bool {
    [Errno::IO, Errno::MFILE, Errno::NFILE, Errno::NOMEM].iter().any(|e| error.raw_os_error() == Some(e.raw_os_error()))
}

/// Opens what lies below `root`, never following a symlink and never leaving it.
///
/// A path longer than the kernel takes is walked in pieces.
pub fn open_beneath(root: BorrowedFd<'_>, path: &[u8], flags: OFlags, mode: u32) -> io::Result<OwnedFd> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let open = |from: BorrowedFd<'_>, path: &[u8], flags| {
        let path = if path.is_empty() { b"." } else { path };
        fs::openat2(from, path, flags | OFlags::CLOEXEC, Mode::from_raw_mode(mode), resolve)
    };
    let mut here: Option<OwnedFd> = None;
    let mut rest = path;
    while rest.len() > PATH_MAX {
        let cut = rest.iter().take(PATH_MAX).rposition(|b| *b == b'/').ok_or(Errno::NAMETOOLONG)?;
        let (head, tail) = rest.split_at(cut);
        here = Some(open(here.as_ref().map_or(root, AsFd::as_fd), head, OFlags::PATH | OFlags::DIRECTORY)?);
        rest = tail.strip_prefix(b"/").unwrap_or(tail);
    }
    Ok(open(here.as_ref().map_or(root, AsFd::as_fd), rest, flags)?)
}

/// Opens a directory below `root` for reading.
pub fn open_dir_beneath(root: BorrowedFd<'_>, path: &[u8]) -> io::Result<OwnedFd> {
    open_beneath(root, path, OFlags::RDONLY | OFlags::DIRECTORY, 0)
}

/// Opens a regular file below `root` for reading; never blocks on a pipe or device.
pub fn open_file_beneath(root: BorrowedFd<'_>, path: &[u8]) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    Ok(File::from(open_beneath(root, path, flags, 0)?))
}

/// Makes a new file below `root`; fails if the name is taken by anything.
pub fn create_beneath(root: BorrowedFd<'_>, path: &[u8], mode: u32) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
    Ok(File::from(open_beneath(root, path, flags, mode)?))
}

/// What the kernel says of a name in a directory; symlinks are not followed.
pub fn stat_at(dir: BorrowedFd<'_>, name: &OsStr) -> io::Result<Stat> {
    statx(dir, name, AtFlags::SYMLINK_NOFOLLOW)
}

/// What the kernel says of something open.
pub fn stat(file: BorrowedFd<'_>) -> io::Result<Stat> {
    statx(file, OsStr::new(""), AtFlags::EMPTY_PATH)
}

/// Bytes allocated for something open, whatever it is: a directory's own blocks, too.
pub fn blocks(file: BorrowedFd<'_>) -> io::Result<Size> {
    Ok(Size(fs::statx(file, "", AtFlags::EMPTY_PATH, StatxFlags::BLOCKS)?.stx_blocks).times(512))
}

fn statx(dir: BorrowedFd<'_>, name: &OsStr, flags: AtFlags) -> io::Result<Stat> {
    let wanted = StatxFlags::BASIC_STATS | StatxFlags::BTIME;
    let raw = fs::statx(dir, name, flags, wanted)?;
    let time = |t: fs::StatxTimestamp| Timestamp::new(t.tv_sec, t.tv_nsec.into());
    let kind = kind_of(raw.stx_mode.into())?;
    let is_file = kind == Kind::File;
    Ok(Stat {
        kind,
        size: if is_file { Size(raw.stx_size) } else { Size::ZERO },
        allocated: if is_file { Size(raw.stx_blocks).times(512) } else { Size::ZERO },
        mtime: time(raw.stx_mtime),
        ctime: time(raw.stx_ctime),
        birth: (raw.stx_mask & StatxFlags::BTIME.bits() != 0).then(|| time(raw.stx_btime)),
        inode: raw.stx_ino,
        device: fs::makedev(raw.stx_dev_major, raw.stx_dev_minor),
        mode: u32::from(raw.stx_mode) & 0o7777,
        uid: raw.stx_uid,
        gid: raw.stx_gid,
        links: raw.stx_nlink.into(),
        node: match kind {
            Kind::CharDevice | Kind::BlockDevice => fs::makedev(raw.stx_rdev_major, raw.stx_rdev_minor),
            _ => 0,
        },
    })
}

fn kind_of(mode: u32) -> io::Result<Kind> {
    kind_of_type(fs::FileType::from_raw_mode(mode))
}

fn kind_of_type(kind: fs::FileType) -> io::Result<Kind> {
    Ok(match kind {
        fs::FileType::RegularFile => Kind::File,
        fs::FileType::Directory => Kind::Directory,
        fs::FileType::Symlink => Kind::Symlink,
        fs::FileType::Fifo => Kind::Fifo,
        fs::FileType::Socket => Kind::Socket,
        fs::FileType::CharacterDevice => Kind::CharDevice,
        fs::FileType::BlockDevice => Kind::BlockDevice,
        fs::FileType::Unknown => return Err(io::Error::other("a kind of file that the system does not name")),
    })
}

/// The names in a directory, in the order the system gives them, without `.` and `..`.
pub fn names(dir: BorrowedFd<'_>) -> io::Result<Vec<Box<[u8]>>> {
    let mut names = Vec::new();
    for entry in fs::Dir::read_from(dir)? {
        match entry?.file_name().to_bytes() {
            b"." | b".." => {}
            name => names.push(name.into()),
        }
    }
    Ok(names)
}

/// A name in a directory, and the number of its inode as the directory has it.
pub type Numbered = (u64, Box<[u8]>);

/// The names in a directory that was opened for this and is listed by nobody else, ordered by inode:
/// about the order in which what they stand for lies on the medium. `buffer` may be used again.
pub fn names_by_inode(dir: BorrowedFd<'_>, buffer: &mut Vec<u8>) -> io::Result<Vec<Numbered>> {
    let mut names = Vec::new();
    buffer.clear();
    buffer.reserve(NAMES_BUFFER);
    let mut entries = fs::RawDir::new(dir, buffer.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        let entry = entry?;
        match entry.file_name().to_bytes() {
            b"." | b".." => {}
            name => names.push((entry.ino(), name.into())),
        }
    }
    names.sort_unstable_by_key(|(inode, _)| *inode);
    Ok(names)
}

/// Where a symlink points.
pub fn read_link(dir: BorrowedFd<'_>, name: &OsStr) -> io::Result<Vec<u8>> {
    Ok(fs::readlinkat(dir, name, Vec::new())?.into_bytes())
}

/// The extended attributes of something open, ordered by name; none where the file system has none.
pub fn xattrs(file: &File) -> io::Result<Vec<Xattr>> {
    use xattr::FileExt;
    read_xattrs(|| file.list_xattr(), |name| file.get_xattr(name))
}

/// The extended attributes of a name in a directory, symlinks not followed, ordered by name.
pub fn xattrs_at(dir: BorrowedFd<'_>, name: &OsStr) -> io::Result<Vec<Xattr>> {
    let path = path_at(dir, name);
    read_xattrs(|| xattr::list(&path), |name| xattr::get(&path, name))
}

/// A path that reaches a name in an open directory whatever happens to the directory's own path.
pub fn path_at(dir: BorrowedFd<'_>, name: &OsStr) -> PathBuf {
    Path::new("/proc/self/fd").join(dir.as_raw_fd().to_string()).join(name)
}

fn read_xattrs(
    list: impl FnOnce() -> io::Result<xattr::XAttrs>,
    get: impl Fn(&OsStr) -> io::Result<Option<Vec<u8>>>,
) -> io::Result<Vec<Xattr>> {
    let names = match list() {
        Err(error) if error.raw_os_error() == Some(Errno::NOTSUP.raw_os_error()) => return Ok(Vec::new()),
        names => names?,
    };
    let mut found = Vec::new();
    for name in names {
        if let Some(value) = get(&name)? {
            found.push(Xattr { name: name.as_bytes().to_vec(), value });
        }
    }
    found.sort();
    Ok(found)
}

/// Tells the page cache how a file is used.
pub fn advise(file: &File, advice: Advice) {
    // A hint: a file system that cannot take it works all the same.
    let _ = fs::fadvise(file, 0, None, advice);
}

/// Flushes the whole file system that holds something open.
pub fn syncfs(file: BorrowedFd<'_>) -> io::Result<()> {
    Ok(fs::syncfs(file)?)
}

/// Takes or tries to take a lock on an open file; the kernel drops it with the process.
pub fn flock(file: BorrowedFd<'_>, operation: FlockOperation) -> io::Result<()> {
    Ok(fs::flock(file, operation)?)
}

/// The magic number of the file system (`statfs.f_type`), its id, its size and what is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSystem {
    /// `f_type`, as in `linux/magic.h`.
    pub magic: u64,
    /// Bytes of one allocation unit.
    pub block: u64,
    /// Bytes in all.
    pub size: Size,
    /// Bytes that this user may still write.
    pub available: Size,
    /// Whether it is mounted read-only.
    pub read_only: bool,
    /// The id the system gives it (`f_fsid`): lasting on some file systems, until the next mount on others.
    pub id: u64,
}

/// Asks the file system that holds something open.
pub fn file_system(file: BorrowedFd<'_>) -> io::Result<FileSystem> {
    let raw = fs::fstatfs(file)?;
    let vfs = fs::fstatvfs(file)?;
    let block = vfs.f_frsize.max(1);
    Ok(FileSystem {
        magic: raw.f_type as u64,
        block,
        size: Size(vfs.f_blocks).times(block),
        available: Size(vfs.f_bavail).times(block),
        read_only: vfs.f_flag.contains(fs::StatVfsMountFlags::RDONLY),
        id: vfs.f_fsid,
    })
}

/// The number the kernel gives to this mount of a file system (`mnt_id`).
pub fn mount_id(file: BorrowedFd<'_>) -> io::Result<u64> {
    let raw = fs::statx(file, "", AtFlags::EMPTY_PATH, StatxFlags::MNT_ID)?;
    Ok(raw.stx_mnt_id)
}

/// An open file of this very process by its number, sharing its place in the file; where the system
/// does not give that, what it stands for is opened anew, to be written at its end.
pub fn open_by_number(number: u32) -> io::Result<File> {
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    let number = i32::try_from(number).map_err(|_| Errno::BADF)?;
    let given =
        pidfd_open(getpid(), PidfdFlags::empty()).and_then(|own| pidfd_getfd(own, number, PidfdGetfdFlags::empty()));
    match given {
        Ok(file) => Ok(File::from(file)),
        Err(_) => File::options().append(true).open(format!("/proc/self/fd/{number}")),
    }
}

/// The time now.
pub fn now() -> Timestamp {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Realtime);
    Timestamp::new(now.tv_sec, now.tv_nsec)
}

/// Seconds that the clocks here are ahead of UTC at a time.
pub fn utc_offset(time: Timestamp) -> i32 {
    let stamp = jiff::Timestamp::from_second(time.seconds()).unwrap_or_default();
    jiff::tz::TimeZone::system().to_offset(stamp).seconds()
}
