//! What a person keeps in a disk's folder is theirs, whatever it is called.

use crate::kit::{Sandbox, assert_shows, latest, trees};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

const THEIRS: &str = "2020-01-01_00-00-00";

/// A person's own folder of dated states in what becomes a disk.
fn kept_by_a_person(below: &Path) -> PathBuf {
    let thesis = below.join("snapshots").join(THEIRS).join("home/thesis");
    fs::create_dir_all(thesis.parent().unwrap()).unwrap();
    fs::write(&thesis, "x").unwrap();
    fs::create_dir_all(below.join("snapshots/.2020-01-02_00-00-00.partial/home")).unwrap();
    symlink(THEIRS, below.join("snapshots/latest")).unwrap();
    thesis
}

#[track_caller]
fn is_untouched(below: &Path) {
    assert_eq!(fs::read_to_string(below.join("snapshots").join(THEIRS).join("home/thesis")).unwrap(), "x");
    assert!(below.join("snapshots/.2020-01-02_00-00-00.partial/home").is_dir());
    assert_eq!(fs::read_link(below.join("snapshots/latest")).unwrap(), Path::new(THEIRS));
}

#[test]
fn dated_folders_in_the_destination_of_a_preset_stay() {
    let sandbox = Sandbox::new();
    sandbox.tree("home").file("letter", "dear");
    let bk = sandbox.path("d/bk");
    kept_by_a_person(&bk);
    let preset =
        format!("[home]\nsource = {}\ndestination = {}\ntree = true\n", sandbox.path("home").display(), bk.display());
    fs::write(sandbox.path("p.ini"), preset).unwrap();
    let ran = sandbox.run("run p.ini").says("snapshots/latest");
    assert_eq!(ran.err.matches("dsb did not make").count(), 1, "{}", ran.err);
    is_untouched(&bk);
    let made = trees(&bk).into_iter().find(|name| !name.starts_with("2020") && !name.starts_with('.')).unwrap();
    assert_eq!(fs::read_to_string(bk.join("snapshots").join(made).join("home/letter")).unwrap(), "dear");
}

#[test]
fn dated_folders_stay_when_trees_come_and_go() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f", "one");
    let disk = sandbox.path("disks/a");
    kept_by_a_person(&disk);
    sandbox.ok("disk add a disks/a --size 30M --tree");
    sandbox.ok("update");
    sandbox.code(3, "backup a").says("dsb did not make");
    is_untouched(&disk);
    for change in ["--no-tree", "--tree"] {
        sandbox.ok(&format!("disk set a {change}"));
        sandbox.run("backup a");
        is_untouched(&disk);
    }
    fs::remove_file(disk.join("snapshots/latest")).unwrap();
    sandbox.ok("backup a");
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
}

#[test]
fn a_folder_where_a_tree_is_to_be_stays_and_is_named() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "one");
    sandbox.back_up("a");
    sandbox.ok("disk set a --tree");
    sandbox.ok("backup a");
    let disk = sandbox.disk("a");
    let name = trees(&disk).remove(0);
    let theirs = disk.join("snapshots").join(&name);
    sandbox.ok("disk set a --no-tree");
    sandbox.ok("backup a");
    assert!(!disk.join("distbackup-trees").exists());
    for what in [name.clone(), format!(".{name}.partial")] {
        let folder = disk.join("snapshots").join(&what);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("mine"), "m").unwrap();
        sandbox.ok("disk set a --tree");
        for _ in 0..2 {
            sandbox.code(3, "backup a").says(&format!("snapshots/{what}")).says("dsb did not make");
        }
        assert_eq!(fs::read_to_string(folder.join("mine")).unwrap(), "m");
        fs::rename(&folder, sandbox.path("mine")).unwrap();
        sandbox.ok("backup a");
        assert_shows(&theirs.join("s"), &sandbox.path("src"));
        sandbox.ok("disk set a --no-tree");
        sandbox.ok("backup a");
        fs::remove_dir_all(sandbox.path("mine")).unwrap();
    }
}

#[test]
fn a_copy_of_a_tree_is_a_persons_own() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.ok("disk set a --tree");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("go", "going").file("stay", "staying");
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let mine = disk.join("snapshots/2019-05-05_05-05-05");
    fs::create_dir(&mine).unwrap();
    fs::hard_link(latest(&disk).join("s/go"), mine.join("go")).unwrap();
    sandbox.source().remove("go");
    sandbox.back_up("a");
    assert_eq!(fs::read_to_string(mine.join("go")).unwrap(), "going");
}

#[test]
fn a_readme_of_somebody_else_stays() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f", "one");
    let readme = sandbox.path("disks/a/README.txt");
    fs::create_dir_all(sandbox.path("disks/a")).unwrap();
    fs::write(&readme, "My notes.\n").unwrap();
    sandbox.ok("disk add a disks/a --size 30M");
    sandbox.back_up("a");
    assert_eq!(fs::read_to_string(&readme).unwrap(), "My notes.\n");
}
