//! The source: what cannot be listed, changes while it is copied, changed without a trace.

use super::{amid, claims_are_true};
use crate::kit::{Mounted, Sandbox, has, hash, objects, shell};
use serde_json::json;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{FileExt, MetadataExt};

#[test]
fn d04_a_folder_that_cannot_be_listed() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("good", 3, 100).files("bad", 3, 100);
    sandbox.back_up("a");
    sandbox.source().remove("bad/0001").remove("good/0001");
    if !has("strace") {
        return;
    }
    let inject = format!("-P {} -e inject=getdents64:error=EIO", sandbox.path("src/bad").display());
    let line = format!("exec strace -f -qq -o /dev/null -e trace=getdents64 {inject} \"$dsb\" update --json");
    let report =
        shell(&sandbox, &line).expect(3, "update").says("src/bad: Input/output error; kept as last seen").json();
    assert_eq!((&report["problems"], &report["vanished"]), (&json!(1), &json!(1)), "{report}");
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 6);
    assert_eq!(sandbox.ok("update --json").json()["vanished"], 1);
}

#[test]
fn d07_a_file_that_changes_while_it_is_copied() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", crate::kit::bytes(1, 3_000_000)).file("other", "o");
    sandbox.back_up("a");
    let old = hash(&sandbox.path("src/f"));
    sandbox.source().file("f", crate::kit::bytes(2, 4_000_000));
    sandbox.ok("update");
    let grow = |_| OpenOptions::new().append(true).open(sandbox.path("src/f")).unwrap().write_all(b"more").unwrap();
    let Some(ran) = amid(&sandbox, "backup a --jobs 1", ("fallocate64", "disks/a"), 1, grow) else { return };
    ran.expect(3, "backup a").says("/s/f: not copied: changed since the update").says("dsb update");
    assert!(objects(&sandbox.disk("a")).contains(&old), "what it was before stays");
    claims_are_true(&sandbox, &sandbox.disk("a"));
    sandbox.ok("update");
    sandbox.ok("backup a");
    assert!(objects(&sandbox.disk("a")).contains(&hash(&sandbox.path("src/f"))));
}

#[test]
fn d08_an_inode_that_is_used_again() {
    let sandbox = Sandbox::with_disks("a 40M");
    let Some(drive) = sandbox.mount("ext4", 16, "drive") else { return };
    sandbox.ok("source map /drive drive");
    let tree = sandbox.tree("drive");
    tree.file("one", "1111").mtime("one", 1_600_000_000, 0).settle();
    sandbox.ok("update");
    let inode = |name: &str| fs::metadata(drive.path().join(name)).unwrap().ino();
    let first = inode("one");
    tree.remove("one").file("two", "2222").mtime("two", 1_600_000_000, 0).settle();
    assert_eq!(inode("two"), first, "ext4 uses an inode at once");
    let report = sandbox.ok("update --json").json();
    assert_eq!((&report["renamed"], &report["hashed"]["objects"]), (&json!(0), &json!(1)), "{report}");
    let listed = sandbox.ok("ls /drive/two --json").json();
    assert_eq!(listed["entries"][0]["object"], hash(&drive.path().join("two")).as_str());
}

/// Changes a byte of a file on an image that is not mounted, as a failing drive does.
fn rot(sandbox: &Sandbox, image: &str, content: &[u8]) {
    let path = sandbox.path(image);
    let bytes = fs::read(&path).unwrap();
    let at = bytes.windows(64).step_by(512).position(|window| window == &content[..64]).unwrap() * 512;
    File::options().write(true).open(path).unwrap().write_all_at(b"ROT", at as u64 + 1_000).unwrap();
}

#[test]
fn d09_bytes_that_changed_without_a_trace() {
    let sandbox = Sandbox::with_disks("a 40M b 40M");
    let Some(drive) = sandbox.mount("ext4", 16, "drive") else { return };
    let content = crate::kit::bytes(3, 100_000);
    sandbox.ok("source map /drive drive");
    sandbox.tree("drive").file("f", &content).settle();
    sandbox.back_up("a");
    let good = hash(&drive.path().join("f"));
    Mounted::unmount(&drive);
    rot(&sandbox, "drive.img", &content);
    assert!(drive.mount());
    assert_ne!(fs::read(drive.path().join("f")).unwrap(), content);
    assert_eq!(sandbox.ok("update --json").json()["changed"], 0, "nothing tells of it");
    sandbox.code(3, "backup b").says("/drive/f: not copied: changed since the update").says("--rehash");
    assert!(objects(&sandbox.disk("b")).is_empty() && objects(&sandbox.disk("a")).contains(&good));
    // The next update knows where to look.
    let report = sandbox.code(3, "update --json").says("both contents are kept").json();
    assert_eq!(report["suspects"], 1, "{report}");
    sandbox.ok("backup b");
    sandbox.ok("backup a");
    assert!(objects(&sandbox.disk("a")).contains(&good), "the good one stays until a person decides");
    sandbox.ok("suspect reject /drive/f");
    sandbox.ok("restore a out");
    assert_eq!(fs::read(sandbox.path("out/drive/f")).unwrap(), content);
}

#[test]
fn d12_a_terabyte_of_hole_can_be_left_at_any_time() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().sparse("huge", 1 << 40, 5, b"data").file("small", "s");
    let ran = shell(&sandbox, "exec timeout --foreground --preserve-status -s INT 3 \"$dsb\" update");
    ran.expect(130, "update").says("run the same command again");
    sandbox.source().remove("huge");
    sandbox.back_up("a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 1);
}

#[test]
fn d12_a_million_names_in_one_folder() {
    if std::env::var_os("DSB_LONG").is_none_or(|value| value.is_empty()) {
        return crate::kit::skipped("a million files: DSB_LONG=1 tries it");
    }
    let sandbox = Sandbox::with_disks("a 40M");
    let folder = sandbox.path("src/d");
    fs::create_dir(&folder).unwrap();
    (0..1_000_000).for_each(|n| drop(File::create(folder.join(n.to_string())).unwrap()));
    let limited = |line: &str| shell(&sandbox, &format!("ulimit -v 2000000; exec \"$dsb\" {line}")).expect(0, line);
    let report = limited("update --json").json();
    assert_eq!(report["added"], 1_000_002, "{report}");
    limited("backup a");
    assert!(limited("ls --json").out.len() > 10_000_000);
}

#[test]
fn d14_one_folder_mapped_twice() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().files("f", 5, 1_000);
    sandbox.ok("source map /t src");
    sandbox.ok("source map /s/within src");
    sandbox.back_up("a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 5, "the bytes are there once");
    sandbox.ok("restore a out");
    for place in ["out/s/f", "out/t/f", "out/s/within/f"] {
        assert_eq!(fs::read_dir(sandbox.path(place)).unwrap().count(), 5, "{place}");
    }
}
