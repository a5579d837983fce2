//! Two trees, entry by entry: everything that a backup must bring back.

use super::facts::below;
use super::skipped;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The second tree must be the first one, its own root included.
#[track_caller]
pub fn assert_same(expected: &Path, found: &Path) {
    let differences = differences(expected, found);
    assert!(differences.is_empty(), "{} against {}:\n{}", expected.display(), found.display(), differences.join("\n"));
}

/// What rsync would do to make the second tree the first: nothing. Without rsync that is said.
#[track_caller]
pub fn assert_rsync_agrees(expected: &Path, found: &Path) {
    let mut command = Command::new("rsync");
    command.args(["-aHAXn", "--itemize-changes", "--delete"]);
    let Ok(output) = command.arg(expected.join("")).arg(found.join("")).output() else {
        skipped("there is no rsync to ask");
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.is_empty(), "rsync would do:\n{text}");
}

/// All differences between two trees, a line each.
pub fn differences(expected: &Path, found: &Path) -> Vec<String> {
    let (mut names, others) = (names(expected), names(found));
    let mut lines: Vec<_> =
        others.difference(&names).map(|name| format!("{}: only in the second", name.display())).collect();
    lines.extend(names.difference(&others).map(|name| format!("{}: only in the first", name.display())));
    names.retain(|name| others.contains(name));
    for name in &names {
        compare(&expected.join(name), &found.join(name), &mut lines);
    }
    if hard_links(expected, &names) != hard_links(found, &names) {
        lines.push(format!("hard links: {:?} | {:?}", hard_links(expected, &names), hard_links(found, &names)));
    }
    lines
}

fn names(root: &Path) -> BTreeSet<PathBuf> {
    let relative = |path: PathBuf| path.strip_prefix(root).expect("below the root").to_owned();
    below(root).into_iter().map(relative).chain([PathBuf::new()]).collect()
}

fn compare(a: &Path, b: &Path, lines: &mut Vec<String>) {
    let (Ok(x), Ok(y)) = (fs::symlink_metadata(trim(a)), fs::symlink_metadata(trim(b))) else {
        return lines.push(format!("{}: cannot be looked at", a.display()));
    };
    let mut check = |what: &str, one: &dyn Debug, other: &dyn Debug| {
        let (one, other) = (format!("{one:?}"), format!("{other:?}"));
        if one != other {
            lines.push(format!("{}: {what} {one:.200} | {other:.200}", a.display()));
        }
    };
    check("kind", &kind(&x), &kind(&y));
    check("mode", &format!("{:o}", x.mode()), &format!("{:o}", y.mode()));
    check("owner", &(x.uid(), x.gid()), &(y.uid(), y.gid()));
    check("mtime", &(x.mtime(), x.mtime_nsec()), &(y.mtime(), y.mtime_nsec()));
    check("xattrs", &xattrs(a), &xattrs(b));
    check("node", &node(&x), &node(&y));
    if x.is_file() && y.is_file() {
        check("size", &x.size(), &y.size());
        check("content", &"as it was", &if same_bytes(a, b, &x) { "as it was" } else { "other" });
        check("sparse", &is_sparse(&x), &(is_sparse(&y) && is_sparse(&x)));
    }
    check("target", &fs::read_link(a).ok(), &fs::read_link(b).ok());
}

/// Without the slash at the end that would follow a symlink.
fn trim(path: &Path) -> PathBuf {
    path.components().collect()
}

fn kind(stat: &Metadata) -> &'static str {
    let kind = stat.file_type();
    let table = [
        (kind.is_file(), "file"),
        (kind.is_dir(), "directory"),
        (kind.is_symlink(), "symlink"),
        (kind.is_fifo(), "fifo"),
        (kind.is_socket(), "socket"),
        (kind.is_char_device(), "character device"),
    ];
    table.iter().find(|(is, _)| *is).map_or("block device", |(_, word)| word)
}

fn node(stat: &Metadata) -> u64 {
    let is_node = stat.file_type().is_char_device() || stat.file_type().is_block_device();
    if is_node { stat.rdev() } else { 0 }
}

fn xattrs(path: &Path) -> BTreeMap<Vec<u8>, Option<Vec<u8>>> {
    let names = xattr::list(path).into_iter().flatten();
    names.map(|name| (name.as_bytes().to_vec(), xattr::get(path, &name).ok().flatten())).collect()
}

/// More than a few blocks of the length are holes.
fn is_sparse(stat: &Metadata) -> bool {
    stat.blocks() * 512 + (64 << 10) < stat.size()
}

/// A file with gigabytes of holes is compared by its beginning and its end.
fn same_bytes(a: &Path, b: &Path, stat: &Metadata) -> bool {
    const LARGE: u64 = 256 << 20;
    if stat.size() < LARGE {
        return fs::read(a).ok() == fs::read(b).ok();
    }
    let data = stat.blocks() * 512;
    let edges = |path: &Path| {
        use std::os::unix::fs::FileExt;
        let file = fs::File::open(path).expect("readable");
        let mut all = vec![0; 8 << 20];
        let (head, tail) = all.split_at_mut(4 << 20);
        file.read_exact_at(head, 0).and_then(|()| file.read_exact_at(tail, stat.size() - (4 << 20))).expect("readable");
        all
    };
    assert!(data <= 8 << 20, "{}: too much data for a comparison of its edges", a.display());
    edges(a) == edges(b)
}

/// Which names are one file.
fn hard_links(root: &Path, names: &BTreeSet<PathBuf>) -> BTreeSet<Vec<PathBuf>> {
    let mut groups: BTreeMap<(u64, u64), Vec<PathBuf>> = BTreeMap::new();
    for name in names {
        let stat = fs::symlink_metadata(trim(&root.join(name))).expect("it is there");
        if !stat.is_dir() && stat.nlink() > 1 {
            groups.entry((stat.dev(), stat.ino())).or_default().push(name.clone());
        }
    }
    groups.into_values().collect()
}
