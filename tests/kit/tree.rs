//! Trees to back up, with everything that a file system can hold.

use rustix::fs::{AtFlags, CWD, FileType, Mode, Timespec, Timestamps, mknodat, utimensat};
use std::fs::{self, File, Permissions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{PermissionsExt, lchown, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

/// A directory being filled. Names below it may be any bytes; folders above are made.
pub struct Tree {
    root: PathBuf,
}

impl Tree {
    pub fn new(root: PathBuf) -> Self {
        fs::create_dir_all(&root).expect("cannot make the tree");
        Self { root }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.join(name)
    }

    /// The place of a new entry.
    fn place(&self, name: impl AsRef<Path>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a name below the root")).expect("cannot make folders");
        path
    }

    pub fn file(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        fs::write(self.place(name), content).expect("cannot write");
        self
    }

    /// `count` files `FOLDER/0000` ... of so many bytes each, no two alike.
    pub fn files(&self, folder: &str, count: u64, size: usize) -> &Self {
        let seed = folder.bytes().fold(7_u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        (0..count).for_each(|n| {
            self.file(format!("{folder}/{n:04}"), bytes(seed.wrapping_mul(100_003).wrapping_add(n), size));
        });
        self
    }

    pub fn dir(&self, name: impl AsRef<Path>) -> &Self {
        fs::create_dir_all(self.path(name)).expect("cannot make a directory");
        self
    }

    pub fn symlink(&self, name: impl AsRef<Path>, target: impl AsRef<Path>) -> &Self {
        symlink(target, self.place(name)).expect("cannot make a symlink");
        self
    }

    pub fn hard_link(&self, name: impl AsRef<Path>, first: impl AsRef<Path>) -> &Self {
        fs::hard_link(self.path(first), self.place(name)).expect("cannot link");
        self
    }

    pub fn fifo(&self, name: impl AsRef<Path>) -> &Self {
        self.node(name, FileType::Fifo, 0)
    }

    pub fn socket(&self, name: impl AsRef<Path>) -> &Self {
        drop(UnixListener::bind(self.place(name)).expect("cannot make a socket"));
        self
    }

    pub fn device(&self, name: impl AsRef<Path>, kind: FileType, major: u32, minor: u32) -> &Self {
        self.node(name, kind, rustix::fs::makedev(major, minor))
    }

    fn node(&self, name: impl AsRef<Path>, kind: FileType, device: u64) -> &Self {
        mknodat(CWD, self.place(name), kind, Mode::from_raw_mode(0o640), device).expect("cannot make a node");
        self
    }

    /// A file of this length with these bytes at this place, and holes elsewhere.
    pub fn sparse(&self, name: impl AsRef<Path>, length: u64, at: u64, content: &[u8]) -> &Self {
        let mut file = File::create(self.place(name)).expect("cannot make a file");
        file.set_len(length).expect("cannot set the length");
        file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(content)).expect("cannot write");
        self
    }

    pub fn mode(&self, name: impl AsRef<Path>, mode: u32) -> &Self {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).expect("cannot set the mode");
        self
    }

    pub fn owner(&self, name: impl AsRef<Path>, uid: u32, gid: u32) -> &Self {
        lchown(self.path(name), Some(uid), Some(gid)).expect("cannot set the owner");
        self
    }

    /// Sets the time of the last change, symlinks not followed.
    pub fn mtime(&self, name: impl AsRef<Path>, seconds: i64, nanoseconds: i64) -> &Self {
        let time = Timespec { tv_sec: seconds, tv_nsec: nanoseconds };
        let times = Timestamps { last_access: time, last_modification: time };
        utimensat(CWD, self.path(name), &times, AtFlags::SYMLINK_NOFOLLOW).expect("cannot set the time");
        self
    }

    pub fn xattr(&self, name: impl AsRef<Path>, attribute: &str, value: &[u8]) -> &Self {
        xattr::set(self.path(name), attribute, value).expect("cannot set an attribute");
        self
    }

    /// Sets ACL entries as `setfacl -m` takes them; says whether there is a setfacl.
    pub fn acl(&self, name: impl AsRef<Path>, entries: &str) -> bool {
        let done = Command::new("setfacl").arg("-m").arg(entries).arg(self.path(name)).status();
        done.is_ok_and(|status| status.success())
    }

    pub fn remove(&self, name: impl AsRef<Path>) -> &Self {
        let path = self.path(name);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("cannot remove");
        self
    }

    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) -> &Self {
        fs::rename(self.path(from), self.place(to)).expect("cannot rename");
        self
    }

    /// Waits until nothing here is as young as a scan that begins now.
    pub fn settle(&self) -> &Self {
        sleep(Duration::from_millis(2_200));
        self
    }
}

/// Bytes that no compression makes smaller and no other seed gives.
pub fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut all = Vec::with_capacity(length + 8);
    while all.len() < length {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        all.extend((mixed ^ (mixed >> 31)).to_le_bytes());
    }
    all.truncate(length);
    all
}
