//! Everything that an entry has, there and back.

use crate::kit::{Sandbox, Tree, allocated, assert_rsync_agrees, assert_same, bytes, is_root, skipped};
use rustix::fs::{FileType, Mode, OFlags};
use std::ffi::OsStr;
use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;

/// Backs up `src` to `a` and restores it three ways; each must be the source again.
fn there_and_back(sandbox: &Sandbox) {
    sandbox.back_up("a");
    for (line, to) in
        [("restore a", "home"), ("restore --numeric-ids a", "ids"), ("restore --from disks/a --trusted", "from")]
    {
        sandbox.ok(&format!("{line} {to}"));
        assert_same(&sandbox.path("src"), &sandbox.path(to).join("s"));
        assert_rsync_agrees(&sandbox.path("src"), &sandbox.path(to).join("s"));
    }
}

#[test]
fn kinds_that_anybody_can_make() {
    let sandbox = Sandbox::with_disks("a 40M");
    let tree = sandbox.source();
    tree.file("file", "content").file("empty", "").dir("empty dir").file("d/e/f/deep", "x");
    tree.symlink("relative", "file").symlink("absolute", "/etc/passwd").symlink("dangling", "no/where");
    tree.symlink("loop", "loop").symlink("to a directory", "d").symlink("long", "t".repeat(1_000));
    tree.fifo("fifo").socket("socket").hard_link("d/second", "file").hard_link("third", "file");
    tree.hard_link("d/fifo too", "fifo").hard_link("link too", "dangling");
    tree.sparse("sparse", 10 << 20, 5 << 20, &bytes(1, 10_000)).sparse("all hole", 3 << 20, 0, b"");
    there_and_back(&sandbox);
}

#[test]
fn modes_and_times() {
    let sandbox = Sandbox::with_disks("a 40M");
    let tree = sandbox.source();
    for mode in [0o000, 0o400, 0o644, 0o777, 0o1777] {
        tree.file(format!("file {mode:o}"), "x").mode(format!("file {mode:o}"), mode);
        tree.dir(format!("dir {mode:o}")).mode(format!("dir {mode:o}"), mode | 0o700);
    }
    let times =
        [("early", -5, 0), ("epoch", 0, 1), ("now", 1_700_000_000, 123_456_789), ("late", 4_294_967_400, 999_999_999)];
    for (name, seconds, nanoseconds) in times {
        tree.file(format!("{name} file"), "x").mtime(format!("{name} file"), seconds, nanoseconds);
        tree.symlink(format!("{name} link"), "x").mtime(format!("{name} link"), seconds, nanoseconds);
        tree.file(format!("{name} dir/in it"), "x").mtime(format!("{name} dir"), seconds, nanoseconds);
        tree.fifo(format!("{name} fifo")).mtime(format!("{name} fifo"), seconds, nanoseconds);
    }
    tree.mtime("", 1_500_000_000, 42);
    if !is_root() {
        tree.remove("file 0");
    }
    there_and_back(&sandbox);
}

#[test]
fn attributes_and_acls() {
    let sandbox = Sandbox::with_disks("a 40M");
    let tree = sandbox.source();
    tree.file("file", "x").xattr("file", "user.comment", b"hello").xattr("file", "user.empty", b"");
    tree.xattr("file", "user.binary", &bytes(3, 2_000)).dir("dir").xattr("dir", "user.on a directory", b"\0\xff");
    tree.file("empty", "").xattr("empty", "user.a", b"1");
    if !tree.acl("file", "u:12345:rwx,g:54321:r--,m::rw-") || !tree.acl("dir", "d:u:12345:rwx,u:12345:r-x") {
        skipped("there is no setfacl");
    }
    there_and_back(&sandbox);
}

#[test]
fn what_only_root_can_make() {
    if !is_root() {
        return skipped("only root can make devices and give files away");
    }
    let sandbox = Sandbox::with_disks("a 40M");
    let tree = sandbox.source();
    tree.device("null", FileType::CharacterDevice, 1, 3).device("disk", FileType::BlockDevice, 259, 1_000);
    tree.file("theirs", "x").owner("theirs", 12_345, 54_321).dir("dir").owner("dir", 1, 2);
    tree.symlink("link", "x").owner("link", 3, 4).fifo("fifo").owner("fifo", 65_534, 65_534);
    tree.file("setuid", "x").owner("setuid", 99, 99).mode("setuid", 0o6755).dir("setgid").mode("setgid", 0o2775);
    tree.file("trusted", "x").xattr("trusted", "trusted.secret", b"1");
    tree.file("capable", "x").xattr("capable", "security.capability", &CAPABILITY);
    there_and_back(&sandbox);
}

/// `cap_net_raw=ep`, as the kernel stores it.
const CAPABILITY: [u8; 20] = [1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

#[test]
fn names_of_every_kind() {
    let sandbox = Sandbox::with_disks("a 40M");
    let long = "n".repeat(255);
    let names: [&[u8]; 16] = [
        b"\xff\xfe not utf-8",
        b"new\nline",
        b"\x1b[31mred",
        b"-rf",
        b" leading",
        b"trailing ",
        b"*?[a]{b}",
        b"back\\slash",
        b"\"quoted\"",
        b"Case",
        b"case",
        "e\u{301}".as_bytes(),
        "\u{e9}".as_bytes(),
        long.as_bytes(),
        b"...",
        b"\x01\x7f",
    ];
    for (n, name) in names.iter().enumerate() {
        sandbox.source().file(OsStr::from_bytes(name), bytes(n as u64, 100));
        let below = [name, &b"/file"[..]].concat();
        sandbox.tree("src/dirs").file(OsStr::from_bytes(&below), bytes(n as u64 + 100, 100));
        sandbox.tree("src/links").symlink(OsStr::from_bytes(name), OsStr::from_bytes(name));
    }
    sandbox.source().file(OsStr::from_bytes(&[0xe4; 255]), "255 bytes that are no text");
    there_and_back(&sandbox);
}

#[test]
fn a_path_longer_than_any_call_takes() {
    let sandbox = Sandbox::with_disks("a 40M");
    let name = "d".repeat(200);
    let mut dir = descend(&sandbox.source(), &[]);
    for _ in 0..30 {
        rustix::fs::mkdirat(&dir, &name, Mode::RWXU).unwrap();
        dir = open(&dir, &name);
    }
    let file = rustix::fs::openat(&dir, "bottom", OFlags::CREATE | OFlags::WRONLY, Mode::RUSR | Mode::WUSR).unwrap();
    rustix::io::write(&file, b"deep").unwrap();
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    let bottom = descend(&sandbox.tree("out/s"), &vec![name.as_str(); 30]);
    let file = rustix::fs::openat(&bottom, "bottom", OFlags::RDONLY, Mode::empty()).unwrap();
    let mut content = [0; 9];
    assert_eq!((rustix::io::read(&file, &mut content).unwrap(), &content[..4]), (4, &b"deep"[..]));
}

fn descend(tree: &Tree, names: &[&str]) -> OwnedFd {
    let root: OwnedFd = fs::File::open(tree.root()).unwrap().into();
    names.iter().fold(root, |dir, name| open(&dir, name))
}

fn open(dir: &OwnedFd, name: &str) -> OwnedFd {
    rustix::fs::openat(dir, name, OFlags::DIRECTORY | OFlags::RDONLY, Mode::empty()).unwrap()
}

#[test]
fn five_gigabytes_of_hole_stay_a_hole() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().sparse("image", 5 << 30, (5 << 30) - 5_000, &bytes(9, 5_000));
    sandbox.back_up("a");
    assert!(allocated(&sandbox.disk("a")) < 10_000_000, "on the disk it takes {}", allocated(&sandbox.disk("a")));
    sandbox.ok("restore a out");
    assert!(fs::metadata(sandbox.path("out/s/image")).unwrap().blocks() * 512 < 1_000_000);
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_user_without_rights_gets_what_may_be_given() {
    if !is_root() {
        return skipped("this needs root to make another's files");
    }
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("theirs", "x").owner("theirs", 12_345, 54_321).file("mine", "y");
    sandbox.back_up("a");
    sandbox.give_to_nobody();
    let report = sandbox.as_nobody("restore a out --json").expect(0, "restore").json();
    assert!(!report["unheld"].as_object().unwrap().is_empty(), "{report}");
    assert_eq!(fs::read(sandbox.path("out/s/theirs")).unwrap(), b"x");
}
