//! `disk set --tree`: snapshots as folders of the disk, real names, hard links to the objects.

use crate::kit::{
    Sandbox, allocated, assert_made_of_objects, assert_shows, below, bytes, is_root, latest, object_file, objects,
    shown, skipped, temporary_files, trees,
};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk with trees, and all history.
fn showing(disks: &str) -> Sandbox {
    let sandbox = Sandbox::with_disks(disks);
    for pair in crate::kit::words(disks).chunks(2) {
        sandbox.ok(&format!("disk set {} --tree", pair[0]));
    }
    sandbox
}

/// Keeps the source as it is now.
fn copy(sandbox: &Sandbox, to: &str) -> PathBuf {
    let copied = Command::new("cp").arg("-a").arg(sandbox.path("src")).arg(sandbox.path(to)).status();
    assert!(copied.unwrap().success());
    sandbox.path(to)
}

fn inode(path: impl AsRef<Path>) -> u64 {
    fs::symlink_metadata(path).unwrap().ino()
}

#[test]
fn ten_weekly_states_with_plain_ls_and_cat() {
    let sandbox = showing("a 40M");
    sandbox.source().files("d", 20, 5_000).file("empty", "").symlink("link", "d/0000").dir("empty dir");
    let mut weeks = Vec::new();
    for week in 0..10 {
        sandbox.source().file("week", week.to_string()).remove(format!("d/{week:04}")).file(format!("n{week}"), "new");
        sandbox.back_up("a");
        weeks.push(copy(&sandbox, &format!("week{week}")));
    }
    let disk = sandbox.disk("a");
    let names = trees(&disk);
    assert_eq!(names.len(), 10);
    for (name, week) in names.iter().zip(&weeks) {
        assert_shows(&disk.join("snapshots").join(name).join("s"), week);
    }
    assert_eq!(latest(&disk), disk.join("snapshots").join(&names[9]));
    assert_made_of_objects(&disk);
    let cat = Command::new("cat").arg(disk.join("snapshots/latest/s/week")).output().unwrap();
    assert_eq!(cat.stdout, b"9");
    let again = sandbox.ok("backup a --json").json();
    assert_eq!(again["trees"], json!({"made": 0, "removed": 0, "no_room": 0, "left_out": 0, "latest_stays": null}));
}

#[test]
fn a_hundred_users_with_the_same_application_store_it_once() {
    let sandbox = showing("a 40M");
    for user in 0..100 {
        sandbox
            .source()
            .file(format!("u{user:02}/app/blob"), bytes(1, 90_000))
            .file(format!("u{user:02}/me"), user.to_string());
    }
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    assert_eq!(objects(&disk).len(), 101);
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
    let inodes: BTreeSet<_> =
        (0..100).map(|user| inode(latest(&disk).join(format!("s/u{user:02}/app/blob")))).collect();
    assert_eq!(inodes.len(), 1);
}

#[test]
fn files_are_read_only_and_folders_and_symlinks_as_they_were() {
    let sandbox = showing("a 40M");
    let tree = sandbox.source();
    tree.file("d/run", "x")
        .mode("d/run", 0o755)
        .mtime("d/run", 1_500_000_000, 5)
        .file("secret", "s")
        .mode("secret", 0o600);
    tree.symlink("l", "/nowhere").mtime("l", 1_400_000_000, 6).file("e", "").mtime("e", 1_300_000_000, 7);
    tree.mode("d", 0o750).mtime("d", 1_200_000_000, 8);
    sandbox.back_up("a");
    let shown = latest(&sandbox.disk("a")).join("s");
    let look = |name: &str| {
        let stat = fs::symlink_metadata(shown.join(name)).unwrap();
        (stat.permissions().mode() & 0o7777, stat.mtime(), stat.mtime_nsec())
    };
    assert_eq!(look("d/run"), (0o555, 1_500_000_000, 5));
    assert_eq!(look("secret").0, 0o400);
    assert_eq!(look("d"), (0o750, 1_200_000_000, 8));
    assert_eq!((look("l").1, look("l").2), (1_400_000_000, 6));
    assert_eq!((look("e").1, look("e").2), (1_300_000_000, 7));
    // The catalog keeps each: a restore brings back what the tree cannot show.
    sandbox.ok("restore out");
    crate::kit::assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn of_two_paths_the_newest_is_shown() {
    let sandbox = showing("a 40M");
    sandbox.source().file("old", "same").mtime("old", 1_000_000_000, 0).mode("old", 0o644);
    sandbox.source().file("young", "same").mtime("young", 1_600_000_000, 0).mode("young", 0o700);
    sandbox.back_up("a");
    let tree = latest(&sandbox.disk("a")).join("s");
    let stat = fs::metadata(tree.join("old")).unwrap();
    assert_eq!((stat.mtime(), stat.permissions().mode() & 0o777), (1_600_000_000, 0o500));
    assert_eq!(inode(tree.join("old")), inode(tree.join("young")));
}

#[test]
fn what_arrives_later_is_shown_in_the_trees_that_are_there() {
    let sandbox = showing("a 60M");
    sandbox.source().files("d", 20, 300_000).file("d/first", "x");
    sandbox.ok("update");
    sandbox.ok("backup a --limit 2M");
    let disk = sandbox.disk("a");
    let part = shown(&latest(&disk)).len();
    let stamp = fs::metadata(latest(&disk)).unwrap().modified().unwrap();
    let before = inode(latest(&disk));
    assert!(part < 15, "{part}");
    sandbox.ok("backup a");
    assert_eq!((inode(latest(&disk)), fs::metadata(latest(&disk)).unwrap().modified().unwrap()), (before, stamp));
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
    assert_eq!(
        fs::metadata(latest(&disk).join("s/d")).unwrap().mtime(),
        fs::metadata(sandbox.path("src/d")).unwrap().mtime()
    );
    assert_made_of_objects(&disk);
}

#[test]
fn trees_of_forgotten_snapshots_go_and_their_objects_with_them() {
    let sandbox = showing("a 40M");
    sandbox.source().files("go", 5, 9_000).files("stay", 5, 9_000);
    sandbox.back_up("a");
    sandbox.source().remove("go").file("new", "n");
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    assert_eq!((trees(&disk).len(), objects(&disk).len()), (2, 11));
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("newer", "n2");
    sandbox.ok("update");
    let report = sandbox.ok("backup a --json").json();
    assert_eq!((&report["trees"]["removed"], &report["trees"]["made"]), (&json!(2), &json!(1)), "{report}");
    assert_eq!((trees(&disk).len(), objects(&disk).len()), (1, 7));
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
    for id in objects(&disk) {
        assert_eq!(fs::metadata(object_file(&disk, &id)).unwrap().nlink(), 2, "{id}");
    }
}

#[test]
fn what_is_evicted_loses_its_names_and_its_room_in_one_step() {
    let sandbox = showing("a 30M b 30M");
    sandbox.source().files("f", 100, 100_000);
    sandbox.back_up("a b");
    let disk = sandbox.disk("a");
    let before = objects(&disk).len();
    sandbox.source().files("new", 60, 100_000);
    sandbox.ok("update");
    let report = sandbox.ok("backup a --json").json();
    let evicted = report["evicted"]["objects"].as_u64().unwrap();
    assert!(evicted > 0, "{report}");
    assert_eq!(objects(&disk).len() as u64, before as u64 - evicted + report["first"]["objects"].as_u64().unwrap());
    assert_made_of_objects(&disk);
    assert!(allocated(&disk) <= 30_000_000, "{}", allocated(&disk));
    let names = below(&latest(&disk)).into_iter().filter(|path| path.is_file()).count();
    assert_eq!(names, objects(&disk).len());
    let plan = sandbox.ok("backup a --simulate --json").json();
    assert_eq!(plan["steps"], json!([]));
    sandbox.ok("verify a");
}

#[test]
fn an_edit_through_the_tree_is_found_and_named() {
    let sandbox = showing("a 30M");
    sandbox.source().file("letter", "dear").files("f", 4, 900);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let edited = latest(&disk).join("s/letter");
    fs::set_permissions(&edited, fs::Permissions::from_mode(0o644)).unwrap();
    fs::write(&edited, "drat").unwrap();
    let tree = format!("snapshots/{}/s/letter", trees(&disk)[0]);
    let checked = sandbox.code(4, "verify a --check --json").json();
    assert_eq!(checked["damage"][0]["tree"], json!(tree));
    sandbox.code(4, "verify a").says(&tree);
    assert!(!edited.exists() && disk.join("bad-objects").is_dir());
    assert_made_of_objects(&disk);
    sandbox.ok("backup a");
    assert_eq!(fs::read_to_string(&edited).unwrap(), "dear");
    sandbox.ok("verify a");
}

#[test]
fn names_that_a_person_moved_keep_no_room() {
    let sandbox = showing("a 30M");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("go", "going").file("stay", "staying");
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let tree = latest(&disk).join("s");
    fs::rename(tree.join("go"), tree.join("moved")).unwrap();
    let outside = sandbox.path("outside");
    fs::hard_link(tree.join("moved"), &outside).unwrap();
    sandbox.source().remove("go");
    sandbox.back_up("a");
    assert_eq!((objects(&disk).len(), fs::metadata(&outside).unwrap().nlink()), (1, 1));
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
}

#[test]
fn no_tree_removes_them_and_nothing_else() {
    let sandbox = showing("a 30M");
    sandbox.source().files("f", 4, 900);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    sandbox.ok("disk set a --no-tree").says("next backup removes");
    fs::create_dir(disk.join("snapshots/mine")).unwrap();
    sandbox.ok("backup a");
    assert_eq!(fs::read_dir(disk.join("snapshots")).unwrap().count(), 1);
    fs::remove_dir(disk.join("snapshots/mine")).unwrap();
    sandbox.ok("disk set a --tree");
    sandbox.ok("backup a");
    assert_eq!(trees(&disk).len(), 1);
    sandbox.ok("disk set a --no-tree");
    sandbox.ok("backup a");
    assert!(!disk.join("snapshots").exists());
    assert_eq!(objects(&disk).len(), 4);
    sandbox.ok("verify a");
}

#[test]
fn what_an_interrupted_run_left_is_removed() {
    let sandbox = showing("a 30M");
    sandbox.source().files("f", 4, 900);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let left = disk.join("snapshots/.2020-01-01_00-00-00.partial/d");
    fs::write(disk.join("distbackup-trees/2020-01-01_00-00-00"), "").unwrap();
    fs::create_dir_all(&left).unwrap();
    fs::hard_link(latest(&disk).join("s/f/0000"), left.join("x")).unwrap();
    sandbox.ok("backup a");
    assert_eq!(temporary_files(&disk), Vec::<PathBuf>::new());
}

#[test]
fn an_older_tree_that_is_made_again_is_not_the_latest() {
    let sandbox = showing("a 30M");
    for round in 0..3 {
        sandbox.source().file("round", round.to_string());
        sandbox.back_up("a");
    }
    let disk = sandbox.disk("a");
    let names = trees(&disk);
    fs::remove_dir_all(disk.join("snapshots").join(&names[1])).unwrap();
    sandbox.ok("backup a");
    assert_eq!((trees(&disk), latest(&disk)), (names.clone(), disk.join("snapshots").join(&names[2])));
    assert_eq!(fs::read_to_string(disk.join("snapshots").join(&names[1]).join("s/round")).unwrap(), "1");
}

#[test]
fn what_is_purged_is_in_no_tree() {
    let sandbox = showing("a 30M");
    sandbox.source().file("secret", "same").file("other", "same").file("d/deep", "deep");
    sandbox.back_up("a");
    sandbox.source().remove("secret");
    sandbox.back_up("a");
    sandbox.ok("purge /s/secret");
    sandbox.ok("backup a");
    let disk = sandbox.disk("a");
    for name in trees(&disk) {
        assert_shows(&disk.join("snapshots").join(name).join("s"), &sandbox.path("src"));
    }
}

#[test]
fn a_symlink_in_place_of_the_folder_is_not_followed() {
    let sandbox = showing("a 30M");
    sandbox.source().files("f", 4, 900);
    fs::create_dir(sandbox.path("elsewhere")).unwrap();
    symlink(sandbox.path("elsewhere"), sandbox.disk("a").join("snapshots")).unwrap();
    sandbox.ok("update");
    sandbox.code(3, "backup a").says("could not be brought up to date");
    assert_eq!(fs::read_dir(sandbox.path("elsewhere")).unwrap().count(), 0);
    assert_eq!(objects(&sandbox.disk("a")).len(), 4);
}

#[test]
fn a_folder_replaced_by_a_symlink_is_not_followed() {
    let sandbox = showing("a 30M");
    sandbox.ok("retention set --keep-last 1");
    sandbox.source().file("d/f", "one").file("keep", "k");
    sandbox.back_up("a");
    let outside = sandbox.tree("outside");
    outside.file("f", "precious");
    let folder = latest(&sandbox.disk("a")).join("s/d");
    fs::remove_dir_all(&folder).unwrap();
    symlink(outside.root(), &folder).unwrap();
    sandbox.source().remove("d/f");
    sandbox.ok("update");
    sandbox.ok("backup a");
    assert_eq!(fs::read_to_string(outside.path("f")).unwrap(), "precious");
    assert_shows(&latest(&sandbox.disk("a")).join("s"), &sandbox.path("src"));
}

#[test]
fn the_oldest_give_way_where_there_is_no_room() {
    let sandbox = Sandbox::with_disks("");
    let Some(_drive) = sandbox.mount("ext4", 64, "disks") else { return };
    // Trees may take a twentieth: 1.25 MB, of folders of 4 KiB about 270.
    sandbox.ok("disk add a disks/a --tree --size 25M");
    for round in 0..4 {
        for folder in 0..80 {
            sandbox.source().file(format!("{folder}/f"), "x").file("round", round.to_string());
        }
        sandbox.ok("update");
        let code = sandbox.run("backup a").code;
        assert!(code == 0 || code == 3, "{code}");
        assert_shows(&latest(&sandbox.disk("a")).join("s"), &sandbox.path("src"));
    }
    let there = trees(&sandbox.disk("a")).len();
    assert!((1..4).contains(&there), "{there}");
    sandbox.code(3, "backup a").says("have no tree there");
    assert_eq!(trees(&sandbox.disk("a")).len(), there);
}

#[test]
fn pipes_and_sockets_are_there_too() {
    if !is_root() {
        return skipped("only root makes devices");
    }
    let sandbox = showing("a 30M");
    sandbox.source().fifo("p").socket("s").device("null", rustix::fs::FileType::CharacterDevice, 1, 3);
    sandbox.back_up("a");
    let tree = latest(&sandbox.disk("a")).join("s");
    assert_shows(&tree, &sandbox.path("src"));
    assert_eq!(fs::symlink_metadata(tree.join("null")).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_disk_counted_afresh_shows_what_is_there() {
    let sandbox = showing("a 30M");
    sandbox.source().files("f", 4, 900);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let id = objects(&disk).into_iter().next().unwrap();
    fs::remove_file(object_file(&disk, &id)).unwrap();
    sandbox.ok("disk refresh a");
    sandbox.ok("backup a");
    assert_shows(&latest(&disk).join("s"), &sandbox.path("src"));
    assert_made_of_objects(&disk);
}

#[test]
fn what_only_a_tree_has_is_not_taken_from_it() {
    let sandbox = showing("a 40M");
    sandbox.ok("retention set --keep-last 9");
    sandbox.source().file("letter", "the only one").file("other", "x");
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let shown = latest(&disk).join("s/letter");
    let id = crate::kit::hash(&shown);
    sandbox.source().remove("letter");
    sandbox.back_up("a");
    fs::remove_file(object_file(&disk, &id)).unwrap();
    sandbox.ok("disk refresh a");
    sandbox.run("backup a");
    assert_eq!(fs::read(&shown).unwrap(), b"the only one");
}
