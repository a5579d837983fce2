//! `restore`: what comes back, what is left alone, what never lands.

use crate::kit::{Sandbox, assert_same, below, hash, object_file, objects};
use serde_json::json;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

/// `/s/one`, `/s/d/two`, `/s/d/three.txt` on disk `a`.
fn three_files() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("one", "1").file("d/two", "22").file("d/three.txt", "333").dir("d/empty");
    sandbox.back_up("a");
    sandbox
}

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

#[test]
fn a_second_one_finds_everything_there() {
    let sandbox = three_files();
    sandbox.ok("restore a out");
    let again = sandbox.ok("restore a out --json").json();
    assert_eq!((&again["written"]["objects"], &again["present"]), (&json!(0), &json!(3)));
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_file_that_differs_is_named_and_left() {
    let sandbox = three_files();
    sandbox.tree("out/s").file("one", "mine");
    let ran = sandbox.code(3, "restore a out --json").says("/s/one");
    assert_eq!((&ran.json()["differing"], read(&sandbox, "out/s/one")), (&json!(1), "mine".to_owned()));
    assert_eq!(read(&sandbox, "out/s/d/two"), "22");
    sandbox.ok("restore a out --overwrite");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_checksum_sees_what_size_and_time_hide() {
    let sandbox = three_files();
    sandbox.ok("restore a out");
    let stat = fs::metadata(sandbox.path("out/s/one")).unwrap();
    fs::write(sandbox.path("out/s/one"), "X").unwrap();
    fs::File::options()
        .write(true)
        .open(sandbox.path("out/s/one"))
        .unwrap()
        .set_modified(stat.modified().unwrap())
        .unwrap();
    sandbox.ok("restore a out");
    sandbox.code(3, "restore a out --checksum").says("/s/one");
    assert_eq!(read(&sandbox, "out/s/one"), "X");
    sandbox.ok("restore a out --checksum --overwrite");
    assert_eq!(read(&sandbox, "out/s/one"), "1");
}

#[test]
fn a_symlink_that_differs_is_left_too() {
    let sandbox = three_files();
    sandbox.source().symlink("link", "one");
    sandbox.back_up("a");
    fs::create_dir_all(sandbox.path("out/s")).unwrap();
    symlink("mine", sandbox.path("out/s/link")).unwrap();
    sandbox.code(3, "restore a out").says("/s/link");
    assert_eq!(fs::read_link(sandbox.path("out/s/link")).unwrap(), PathBuf::from("mine"));
    sandbox.ok("restore a out --overwrite");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_symlink_that_points_elsewhere_at_the_same_time_differs() {
    let sandbox = three_files();
    sandbox.source().symlink("link", "one").mtime("link", 1_600_000_000, 0);
    sandbox.back_up("a");
    sandbox.tree("out/s").symlink("link", "two").mtime("link", 1_600_000_000, 0);
    sandbox.code(3, "restore a out").says("/s/link");
}

#[test]
fn only_what_is_asked_for() {
    let sandbox = three_files();
    sandbox.ok("restore a out --filter /s/d/*.txt");
    assert_eq!(below(&sandbox.path("out")).into_iter().filter(|path| path.is_file()).count(), 1);
    assert_eq!(read(&sandbox, "out/s/d/three.txt"), "333");
    sandbox.ok("restore a two -f /s/one -f /s/d/two");
    assert_eq!(below(&sandbox.path("two")).into_iter().filter(|path| path.is_file()).count(), 2);
}

#[test]
fn a_damaged_object_never_lands() {
    let sandbox = three_files();
    let disk = sandbox.disk("a");
    for id in objects(&disk) {
        let file = object_file(&disk, &id);
        fs::write(&file, vec![b'#'; fs::read(&file).unwrap().len()]).unwrap();
    }
    for from in ["a", "--from disks/a"] {
        let report = sandbox.code(3, &format!("restore {from} out --json")).json();
        assert_eq!((&report["bad"], &report["written"]["objects"]), (&json!(3), &json!(0)), "{report}");
        assert!(below(&sandbox.path("out")).iter().all(|path| path.is_dir()), "{:?}", below(&sandbox.path("out")));
    }
}

#[test]
fn a_second_disk_stands_in_for_a_damaged_object() {
    let sandbox = three_files();
    sandbox.add_disk("b", "30M");
    sandbox.ok("backup b");
    let disk = sandbox.disk("a");
    objects(&disk).iter().for_each(|id| fs::write(object_file(&disk, id), "#").unwrap());
    sandbox.run("restore out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

/// What one disk cannot give and another did is no loss, but that disk is to be looked at.
#[test]
fn what_came_from_another_disk_is_told_as_that() {
    let sandbox = three_files();
    sandbox.add_disk("b", "30M");
    sandbox.ok("backup b");
    let object = object_file(&sandbox.disk("a"), &hash(&sandbox.path("src/one")));
    fs::remove_file(&object).unwrap();
    fs::create_dir(&object).unwrap();
    let ran = sandbox.code(3, "restore out");
    assert!(ran.err.contains("cannot be read: a directory stands"), "{}", ran.err);
    assert!(ran.err.contains("came from another disk"), "{}", ran.err);
    assert!(ran.out.contains("`dsb verify a`") && !ran.out.contains("could not be restored"), "{}", ran.out);
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
    let report = sandbox.code(3, "restore out2 --json").json();
    assert_eq!((&report["unread"], &report["faulty"]), (&json!(1), &json!(["a"])), "{report}");
    assert_eq!((&report["problems"], &report["written"]["objects"]), (&json!(0), &json!(3)), "{report}");
    // From that disk alone it does not come.
    let ran = sandbox.code(3, "restore a out3");
    assert!(ran.err.contains("not restored from there") && ran.out.contains("Still missing: 1 file"), "{}", ran.out);
}

#[test]
fn a_missing_object_is_named_and_the_rest_comes() {
    let sandbox = three_files();
    let disk = sandbox.disk("a");
    let id = sandbox.ok("where /s/one --json").json()["object"].as_str().unwrap().to_owned();
    fs::remove_file(object_file(&disk, &id)).unwrap();
    let report = sandbox.code(3, "restore a out --json").json();
    assert_eq!((&report["written"]["objects"], &report["remaining"]["objects"]), (&json!(2), &json!(1)));
}

/// Whoever wants to hear little has to hear why something is not there.
#[test]
fn a_quiet_one_tells_what_did_not_come() {
    let sandbox = three_files();
    let ran = sandbox.ok("restore a well -q");
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    let id = hash(&sandbox.path("src/one"));
    fs::remove_file(object_file(&sandbox.disk("a"), &id)).unwrap();
    let ran = sandbox.code(3, "restore a out -q");
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("Still missing: 1 file") && ran.err.contains("/s/one"), "{}", ran.err);
    assert!(!ran.err.contains("Restored"), "{}", ran.err);
}

#[test]
fn nothing_lands_behind_a_symlink_that_is_there() {
    let sandbox = three_files();
    sandbox.tree("outside").file("two", "untouched");
    for target in ["../../outside", "/tmp", "../.."] {
        sandbox.tree("out/s").symlink("d", target);
        sandbox.code(3, "restore a out").says("symlink");
        sandbox.code(3, "restore a out --overwrite");
        fs::remove_dir_all(sandbox.path("out")).unwrap();
        assert_eq!((read(&sandbox, "outside/two"), below(&sandbox.path("outside")).len()), ("untouched".to_owned(), 1));
    }
}

#[test]
fn a_symlink_in_a_files_place_is_replaced_and_not_followed() {
    let sandbox = three_files();
    sandbox.tree("outside").file("victim", "untouched");
    sandbox.tree("out/s").symlink("one", "../../outside/victim");
    sandbox.code(3, "restore a out").says("/s/one");
    sandbox.ok("restore a out --overwrite");
    assert_eq!((read(&sandbox, "outside/victim"), read(&sandbox, "out/s/one")), ("untouched".into(), "1".into()));
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
}

#[test]
fn a_file_in_a_directorys_place_costs_only_what_is_in_it() {
    let sandbox = three_files();
    sandbox.tree("out/s").file("d", "a file");
    sandbox.code(3, "restore a out").says("/s/d");
    assert_eq!((read(&sandbox, "out/s/d"), read(&sandbox, "out/s/one")), ("a file".into(), "1".into()));
}

#[test]
fn the_source_itself_may_be_the_destination() {
    let sandbox = three_files();
    sandbox.source().remove("d");
    let report = sandbox.ok("restore a . --json").json();
    assert_eq!(report["written"]["objects"], 3);
    assert_eq!(read(&sandbox, "s/d/two"), "22");
}

#[test]
fn a_destination_that_is_full_keeps_what_fits() {
    let sandbox = Sandbox::with_disks("a 60M");
    let Some(small) = sandbox.mount("ext4", 8, "small") else { return };
    sandbox.source().files("f", 20, 1_000_000).file("tiny", "t");
    sandbox.back_up("a");
    let ran = sandbox.run("restore a small");
    assert!(ran.code == 3 || ran.code == 1, "{}: {}", ran.code, ran.err);
    let landed = below(&small.path().join("s")).into_iter().filter(|path| path.is_file());
    for path in landed {
        let name = path.strip_prefix(small.path().join("s")).unwrap().to_owned();
        assert_eq!(fs::read(&path).unwrap(), fs::read(sandbox.path("src").join(name)).unwrap());
    }
}

#[test]
fn a_copy_in_doubt_is_worth_a_try() {
    let sandbox = Sandbox::with_disks("a 40M b 40M");
    sandbox.source().file("f", "content");
    sandbox.back_up("a");
    sandbox.tamper("UPDATE copy SET doubt = 1");
    sandbox.code(3, "restore b out").says("attach a");
}

#[test]
fn a_folder_in_a_files_place_is_left_and_named() {
    let sandbox = Sandbox::with_disks("a 40M");
    sandbox.source().file("f", "content");
    sandbox.back_up("a");
    sandbox.tree("out").file("s/f/mine", "precious");
    sandbox.code(3, "restore a out").says("--overwrite");
    sandbox.code(3, "restore a out --overwrite").says("move it away");
    assert!(sandbox.path("out/s/f/mine").exists());
}

#[test]
fn a_backup_disk_is_no_destination() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("x", "content").settle();
    sandbox.back_up("a");
    for place in ["disks/a", "disks/a/deeper", "disks/a/distbackup-objects"] {
        sandbox.code(5, &format!("restore a {place}")).says("inside backup disk a");
    }
    assert!(!sandbox.disk("a").join("s").exists());
    sandbox.ok("restore a out");
}

#[test]
fn a_filter_that_matches_nothing_is_a_mistake() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("x", "content").settle();
    sandbox.back_up("a");
    sandbox.code(2, "restore a out -f /nothing").says("dsb ls");
    sandbox.ok("restore a out -f /s/x");
}

#[test]
fn a_disk_may_be_named_by_its_folder() {
    let sandbox = three_files();
    sandbox.ok("restore disks/a out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
    sandbox.code(10, "-d nowhere restore disks/a out").says("restore --from disks/a DESTINATION");
}
