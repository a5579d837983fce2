//! The FUSE side: a folder with one file for each disk, every call of which reaches its medium.
//!
//! The files are opened for direct IO: so a loop device on one passes each write on at once and
//! each flush as fsync. The threads that serve touch no path, so they wait for nobody.

use super::medium::{Failed, Media, Medium};
use fuser::{
    Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, LockOwner, OpenFlags,
    ReplyAttr, ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyWrite, Request, WriteFlags,
};
use std::ffi::OsStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, UNIX_EPOCH};

/// The inode of the first disk; the root has the one before.
const FIRST: u64 = 2;
/// `FALLOC_FL_PUNCH_HOLE` and `FALLOC_FL_ZERO_RANGE` of linux/falloc.h.
const MAKES_ZERO: i32 = 0x02 | 0x10;

/// What the threads of the server and the test share.
pub type Shared = Arc<Mutex<Media>>;

/// The media, whatever became of another thread that had them.
pub fn lock(shared: &Shared) -> MutexGuard<'_, Media> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

pub struct Server(pub Shared);

fn position(inode: INodeNo) -> Option<usize> {
    u64::from(inode).checked_sub(FIRST).map(|position| position as usize)
}

fn attributes(inode: u64, medium: Option<&Medium>) -> FileAttr {
    let size = medium.map_or(0, |medium| medium.image.size());
    let kind = if medium.is_some() { FileType::RegularFile } else { FileType::Directory };
    FileAttr {
        ino: INodeNo(inode),
        size,
        blocks: size / 512,
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind,
        perm: 0o700,
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: 4096,
        flags: 0,
    }
}

fn answer(reply: ReplyEmpty, done: Result<(), Failed>) {
    match done {
        Ok(()) => reply.ok(),
        Err(failed) => reply.error(errno(&failed)),
    }
}

fn errno(failed: &Failed) -> Errno {
    if failed.read_only { Errno::EROFS } else { Errno::EIO }
}

impl Server {
    fn wait(&self, disk: usize) {
        let delay = lock(&self.0).disks[disk].faults.delay;
        if !delay.is_zero() {
            sleep(delay);
        }
    }
}

impl Filesystem for Server {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let media = lock(&self.0);
        match media.disks.iter().position(|disk| disk.name == name) {
            Some(at) => {
                let found = attributes(FIRST + at as u64, media.disks.get(at));
                reply.entry(&Duration::ZERO, &found, Generation(0));
            }
            None => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, inode: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        let media = lock(&self.0);
        let medium = position(inode).and_then(|at| media.disks.get(at));
        reply.attr(&Duration::ZERO, &attributes(inode.into(), medium));
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::FOPEN_DIRECT_IO);
    }

    fn readdir(&self, _: &Request, _: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        for (at, disk) in lock(&self.0).disks.iter().enumerate().skip(offset as usize) {
            if reply.add(INodeNo(FIRST + at as u64), at as u64 + 1, FileType::RegularFile, disk.name) {
                break;
            }
        }
        reply.ok();
    }

    fn read(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let Some(disk) = position(inode) else { return reply.error(Errno::EISDIR) };
        match lock(&self.0).read(disk, offset, size as usize) {
            Ok(bytes) => reply.data(&bytes),
            Err(failed) => reply.error(errno(&failed)),
        }
    }

    fn write(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        bytes: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let Some(disk) = position(inode) else { return reply.error(Errno::EISDIR) };
        self.wait(disk);
        match lock(&self.0).write(disk, offset, bytes) {
            Ok(()) => reply.written(bytes.len() as u32),
            Err(failed) => reply.error(errno(&failed)),
        }
    }

    fn fsync(&self, _: &Request, inode: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        let Some(disk) = position(inode) else { return reply.ok() };
        answer(reply, lock(&self.0).flush(disk));
    }

    fn fallocate(
        &self,
        _: &Request,
        inode: INodeNo,
        _: FileHandle,
        offset: u64,
        length: u64,
        mode: i32,
        reply: ReplyEmpty,
    ) {
        match position(inode) {
            Some(disk) if mode & MAKES_ZERO != 0 => answer(reply, lock(&self.0).zero(disk, offset, length)),
            _ => reply.error(Errno::EOPNOTSUPP),
        }
    }
}
