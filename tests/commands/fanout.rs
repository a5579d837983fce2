//! `disk set --fanout`: objects in other folders, moved by renaming, found wherever they are.

use crate::kit::{
    Sandbox, assert_made_of_objects, assert_objects_are_whole, assert_same, assert_shows, below, latest, object_file,
    objects,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where each object lies below the folder for all.
fn folders(disk: &Path) -> Vec<PathBuf> {
    let top = disk.join("distbackup-objects");
    let files = below(&top).into_iter().filter(|path| path.is_file());
    files.map(|path| path.strip_prefix(&top).unwrap().parent().unwrap().to_owned()).collect()
}

/// All objects lie so many folders deep, of two digits each, by the first of their own; none is empty.
fn is_fanned(disk: &Path, pairs: usize) {
    for id in objects(disk) {
        let folder: PathBuf = (0..pairs).map(|at| &id[2 * at..2 * at + 2]).collect();
        assert!(disk.join("distbackup-objects").join(&folder).join(&id).exists(), "{id} not in {}", folder.display());
    }
    let empty = |path: &PathBuf| path.is_dir() && fs::read_dir(path).unwrap().next().is_none();
    assert_eq!(below(&disk.join("distbackup-objects")).into_iter().filter(empty).count(), 0);
}

fn inodes(disk: &Path) -> BTreeMap<String, u64> {
    objects(disk).into_iter().map(|id| (id.clone(), fs::metadata(object_file(disk, &id)).unwrap().ino())).collect()
}

#[test]
fn a_disk_begun_with_one_and_a_disk_changed_to_one() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.ok("disk add b disks/b --size 40M --fanout 2 --tree");
    sandbox.source().files("f", 40, 2_000);
    sandbox.back_up("a b");
    is_fanned(&sandbox.disk("b"), 2);
    for pairs in [3, 0, 1, 4] {
        let (a, before) = (sandbox.disk("a"), inodes(&sandbox.disk("a")));
        let set = sandbox.ok(&format!("disk set a --fanout {pairs} --json")).json();
        assert_eq!(set["fanout"], json!(pairs));
        sandbox.ok("backup a");
        is_fanned(&a, pairs);
        assert_eq!(inodes(&a), before, "moved, not copied");
        sandbox.source().file("new", pairs.to_string());
        sandbox.back_up("a b");
        is_fanned(&a, pairs);
        let report = sandbox.ok("verify a --json").json();
        assert_eq!((&report["damage"], &report["stranger_count"]), (&json!([]), &json!(0)));
        let plan = sandbox.ok("backup a --simulate --json").json();
        assert_eq!(plan["steps"], json!([]));
    }
    assert_shows(&latest(&sandbox.disk("b")).join("s"), &sandbox.path("src"));
    assert_made_of_objects(&sandbox.disk("b"));
    for disk in ["a", "b"] {
        sandbox.ok(&format!("restore --from disks/{disk} from-{disk}"));
        assert_same(&sandbox.path("src"), &sandbox.path(format!("from-{disk}/s")));
    }
    // And back to how distbackup has it.
    sandbox.ok("disk set a --fanout distbackup");
    sandbox.ok("backup a");
    assert!(folders(&sandbox.disk("a")).iter().all(|folder| folder.as_os_str().len() == 3));
    sandbox.ok("verify a");
    sandbox.code(2, "disk set a --fanout 5");
}

#[test]
fn a_disk_that_the_program_never_saw_says_where_its_objects_lie() {
    let sandbox = Sandbox::with_disks("");
    fs::create_dir(sandbox.path("disks")).unwrap();
    sandbox.ok("disk add a disks/a --size 40M --fanout 2");
    sandbox.source().files("f", 10, 2_000);
    sandbox.back_up("a");
    fs::remove_dir_all(sandbox.path("home/.config/distbackup")).unwrap();
    sandbox.ok("catalog recover --from disks/a");
    sandbox.ok("catalog check a");
    sandbox.ok("backup a");
    is_fanned(&sandbox.disk("a"), 2);
    // Its marker is lost: its folders tell.
    fs::remove_file(sandbox.disk("a").join("distbackup-disk.json")).unwrap();
    sandbox.ok("disk refresh a --path disks/a --new-marker");
    sandbox.ok("verify a");
    sandbox.ok("backup a");
    is_fanned(&sandbox.disk("a"), 2);
    // By hand it is as easy.
    let readme = fs::read_to_string(sandbox.disk("a").join("README.txt")).unwrap();
    assert!(
        readme.contains("distbackup-objects/ab/cd/abcdef01...") && readme.contains("substr(hex(hash), 3, 2)"),
        "{readme}"
    );
}

#[test]
fn a_change_that_was_cut_off_is_found_in_both_places_and_ended() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().files("f", 1_500, 700);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    for (round, pairs) in [2, 1, 3].into_iter().enumerate() {
        sandbox.ok(&format!("disk set a --fanout {pairs}"));
        for delay in [15, 30, 45] {
            let mut child = sandbox.spawn("backup a");
            std::thread::sleep(Duration::from_millis(delay * (round as u64 + 1)));
            child.kill().unwrap();
            child.wait().unwrap();
            assert_objects_are_whole(&disk);
            assert_eq!(objects(&disk).len(), 1_500);
            let out = format!("out-{pairs}-{delay}");
            sandbox.ok(&format!("restore --from disks/a {out}"));
            assert_same(&sandbox.path("src"), &sandbox.path(out).join("s"));
        }
        sandbox.ok("verify a");
        sandbox.ok("backup a");
        is_fanned(&disk, pairs);
        assert_eq!(sandbox.ok("backup a --simulate --json").json()["steps"], json!([]));
    }
}
