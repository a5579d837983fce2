//! `restore --link`: no room is taken, and the backup stays what it is whatever becomes of the files.

use crate::kit::{Sandbox, assert_objects_are_whole, assert_same, hash, object_file, objects, skipped};
use serde_json::json;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

fn two_files() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("one", "1").file("twin", "1").file("d/two", vec![7; 300_000]).file("empty", "");
    sandbox.source().symlink("link", "one").mode("one", 0o640).mtime("one", 1_600_000_000, 5);
    sandbox.back_up("a");
    sandbox
}

/// What restoring may not change of the objects: their bytes, and the time of their last change.
fn facts(disk: &Path) -> Vec<(String, i64, i64, u64)> {
    let fact = |id: String| {
        let stat = fs::metadata(object_file(disk, &id)).unwrap();
        (hash(&object_file(disk, &id)), stat.mtime(), stat.mtime_nsec(), stat.size())
    };
    objects(disk).into_iter().map(fact).collect()
}

/// Does to a file whatever its owner may do without a second thought.
fn edit(path: &Path) {
    if let Ok(mut file) = File::options().write(true).truncate(true).open(path) {
        file.write_all(b"edited").unwrap();
    }
}

#[test]
fn edited_files_leave_the_backup_as_it_is() {
    let sandbox = two_files();
    let before = facts(&sandbox.disk("a"));
    sandbox.ok("restore a out --link");
    assert_eq!(fs::read(sandbox.path("out/s/d/two")).unwrap(), fs::read(sandbox.path("src/d/two")).unwrap());
    assert_eq!(fs::read_link(sandbox.path("out/s/link")).unwrap(), Path::new("one"));
    ["out/s/one", "out/s/twin", "out/s/d/two"].iter().for_each(|path| edit(&sandbox.path(path)));
    assert_eq!(facts(&sandbox.disk("a")), before);
    sandbox.ok("verify a");
}

#[test]
fn root_gets_copies_where_no_blocks_can_be_shared() {
    let sandbox = Sandbox::with_disks("");
    let Some(mounted) = sandbox.mount("ext4", 64, "disk") else { return };
    sandbox.source().file("f", "content");
    sandbox.ok("disk add m disk/data -s 30M");
    sandbox.back_up("m");
    let report = sandbox.ok("restore m disk/out --link --json").json();
    assert_eq!((&report["written"]["objects"], &report["linked"]["objects"]), (&json!(1), &json!(0)));
    assert_same(sandbox.source().root(), &mounted.path().join("out/s"));
    sandbox.ok("restore m disk/out2 --link").says("Copied all the same: 1 file");
}

#[test]
fn another_file_system_is_refused() {
    let sandbox = two_files();
    let Some(_mounted) = sandbox.mount("ext4", 8, "other") else { return };
    sandbox.code(5, "restore a other/out --link").says("file system").says("leave --link away");
    assert!(!sandbox.path("other/out").exists());
    sandbox.ok("restore a other/out");
}

#[test]
fn blocks_are_shared_where_the_file_system_can() {
    let sandbox = Sandbox::with_disks("");
    let Some(mounted) = sandbox.mount("btrfs", 160, "disk") else { return };
    sandbox.source().file("one", vec![1; 500_000]).file("two", vec![2; 400_000]).mode("one", 0o640);
    sandbox.source().xattr("one", "user.note", b"kept").mtime("one", 1_600_000_000, 5);
    sandbox.ok("disk add m disk/data -s 60M");
    sandbox.back_up("m");
    let before = facts(&mounted.path().join("data"));
    let report = sandbox.ok("restore m disk/out --link --json").json();
    assert_eq!((&report["cloned"], &report["unheld"]), (&json!({ "objects": 2, "bytes": 900_000 }), &json!({})));
    assert_same(sandbox.source().root(), &mounted.path().join("out/s"));
    edit(&mounted.path().join("out/s/one"));
    assert_eq!(facts(&mounted.path().join("data")), before);
    sandbox.ok("verify m");
}

#[test]
fn a_user_gets_names_of_objects_that_cannot_be_written_to() {
    let sandbox = two_files();
    sandbox.give_to_nobody();
    let before = facts(&sandbox.disk("a"));
    let report = sandbox.as_nobody("restore a out --link --json").expect(0, "restore --link").json();
    if report["cloned"]["objects"] != json!(0) {
        skipped("blocks are shared here, names are not needed");
        return;
    }
    assert_eq!(report["linked"]["objects"], 3, "{report}");
    assert!(report["unheld"]["permissions"].as_u64().unwrap() > 0, "what differs is told: {report}");
    let id = hash(&sandbox.path("src/one"));
    let (object, file) = (object_file(&sandbox.disk("a"), &id), sandbox.path("out/s/one"));
    let (there, here) = (fs::metadata(object).unwrap(), fs::metadata(&file).unwrap());
    assert_eq!((there.ino(), here.permissions().mode() & 0o222), (here.ino(), 0));
    assert_eq!(facts(&sandbox.disk("a")), before);
    let again = sandbox.as_nobody("restore a out --link --json").expect(0, "again").json();
    assert_eq!((&again["written"]["objects"], &again["differing"]), (&json!(0), &json!(0)), "{again}");
    sandbox.as_nobody("restore a out").expect(3, "a plain restore finds others there");
    sandbox.as_nobody("restore a out --overwrite").expect(0, "and makes files of their own");
    assert_ne!(fs::metadata(&file).unwrap().ino(), there.ino());
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
    sandbox.as_nobody("verify a").expect(0, "verify");
    sandbox.as_nobody("backup a -u").expect(0, "the disk goes on");
}

#[test]
fn nothing_is_shared_where_sources_are() {
    let sandbox = two_files();
    sandbox.give_to_nobody();
    for place in ["src/restored", "."] {
        let report = sandbox.as_nobody(&format!("restore a {place} --link --json")).expect(0, place).json();
        assert_eq!(report["linked"]["objects"], 0, "{place}");
    }
    assert_objects_are_whole(&sandbox.disk("a"));
}

#[test]
fn damaged_objects_are_not_shared() {
    let sandbox = two_files();
    let id = hash(&sandbox.path("src/one"));
    fs::write(object_file(&sandbox.disk("a"), &id), "X").unwrap();
    sandbox.give_to_nobody();
    let report = sandbox.as_nobody("restore a out --link --json").expect(3, "restore").json();
    assert_eq!(report["bad"], 2, "both names of it");
    assert!(!sandbox.path("out/s/one").exists() && sandbox.path("out/s/d/two").exists());
}

#[test]
fn a_disk_alone_gives_names_only_if_it_is_trusted() {
    let sandbox = two_files();
    sandbox.give_to_nobody();
    let shared = |options: &str, to: &str| {
        let line = format!("-d nowhere restore --from disks/a {to} -l --json {options}");
        let report = sandbox.as_nobody(&line).expect(0, &line).json();
        assert_eq!(fs::read(sandbox.path(to).join("s/twin")).unwrap(), b"1");
        (report["linked"]["objects"].as_u64().unwrap(), report["cloned"]["objects"].as_u64().unwrap())
    };
    assert_eq!(shared("", "out").0, 0);
    let (linked, cloned) = shared("--trusted", "out2");
    assert_eq!(linked + cloned, 3);
}

#[test]
fn an_object_that_is_somebody_elses_file_too_stays_as_it_is() {
    let sandbox = two_files();
    let object = object_file(&sandbox.disk("a"), &hash(&sandbox.path("src/one")));
    fs::hard_link(&object, sandbox.path("mine")).unwrap();
    sandbox.give_to_nobody();
    let mode = fs::metadata(sandbox.path("mine")).unwrap().mode();
    sandbox.as_nobody("restore a out --link").expect(0, "restore --link");
    assert_eq!(fs::metadata(sandbox.path("mine")).unwrap().mode(), mode);
    edit(&sandbox.path("out/s/one"));
    assert_eq!(fs::read(sandbox.path("mine")).unwrap(), b"1");
}
