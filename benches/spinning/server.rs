//! The drive as one file of a FUSE file system, for a loop device to lie on.

use super::drive::{Drive, Work};
use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo,
    LockOwner, MountOption, OpenFlags, ReplyAttr, ReplyData, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyWrite, Request,
    Session, SessionACL, WriteFlags,
};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant, UNIX_EPOCH};

const NAME: &str = "drive";
const FILE: u64 = 2;

struct Server(Arc<Mutex<Drive>>);

/// A drive that is there until the value goes.
pub struct Served {
    drive: Arc<Mutex<Drive>>,
    point: PathBuf,
    _session: BackgroundSession,
}

impl Served {
    pub fn at(point: &Path, drive: Drive) -> io::Result<Self> {
        std::fs::create_dir_all(point)?;
        let drive = Arc::new(Mutex::new(drive));
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("dsb-spinning".to_owned())];
        config.acl = SessionACL::All;
        let session = Session::new(Server(drive.clone()), point, &config)?.spawn()?;
        Ok(Self { drive, point: point.to_owned(), _session: session })
    }

    pub fn file(&self) -> PathBuf {
        self.point.join(NAME)
    }

    /// What the drive did since it was last asked.
    pub fn work(&self) -> Work {
        std::mem::take(&mut lock(&self.drive).work)
    }
}

fn lock(drive: &Mutex<Drive>) -> MutexGuard<'_, Drive> {
    drive.lock().unwrap_or_else(PoisonError::into_inner)
}

fn until(then: Instant) {
    sleep(then.saturating_duration_since(Instant::now()));
}

impl Server {
    fn attributes(&self, inode: u64) -> FileAttr {
        let is_file = inode == FILE;
        let size = if is_file { lock(&self.0).size() } else { 0 };
        FileAttr {
            ino: INodeNo(inode),
            size,
            blocks: size / 512,
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind: if is_file { FileType::RegularFile } else { FileType::Directory },
            perm: 0o700,
            nlink: 1,
            uid: 0,
            gid: 0,
            rdev: 0,
            blksize: 4096,
            flags: 0,
        }
    }
}

impl Filesystem for Server {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        if name == NAME {
            reply.entry(&Duration::MAX, &self.attributes(FILE), Generation(0));
        } else {
            reply.error(Errno::ENOENT);
        }
    }

    fn getattr(&self, _: &Request, inode: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        reply.attr(&Duration::MAX, &self.attributes(inode.into()));
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::FOPEN_DIRECT_IO);
    }

    fn read(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let read = lock(&self.0).read(offset, size as usize);
        match read {
            Ok((bytes, then)) => {
                until(then);
                reply.data(&bytes);
            }
            Err(error) => reply.error(error.into()),
        }
    }

    fn write(
        &self,
        _: &Request,
        _: INodeNo,
        _: FileHandle,
        offset: u64,
        bytes: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let written = lock(&self.0).write(offset, bytes);
        match written {
            Ok(then) => {
                until(then);
                reply.written(bytes.len() as u32);
            }
            Err(error) => reply.error(error.into()),
        }
    }

    fn fsync(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        let then = lock(&self.0).flush();
        until(then);
        reply.ok();
    }
}
