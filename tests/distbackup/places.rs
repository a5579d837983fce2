//! Where the old catalog lies, and runs that are cut off between two renames.

use super::{Old, lines};
use crate::kit::Sandbox;
use rusqlite::Connection;
use std::fs;

#[test]
fn every_other_command_stops_and_names_this_one() {
    let old = Old::new();
    let before = fs::read(old.catalog()).unwrap();
    for line in ["info", "update", "backup one", "source list", "source map /t tree", "disk list", "ls", "verify one"] {
        let ran = old.code(10, line).says("dsb catalog adopt");
        assert!(ran.err.contains("distbackup 1.x") && ran.err.lines().count() <= 2, "dsb {line}: {}", ran.err);
    }
    assert_eq!(fs::read(old.catalog()).unwrap(), before);
}

#[test]
fn the_folder_or_a_disk_will_do() {
    let old = Old::new();
    let folder = old.catalog().parent().unwrap().display().to_string();
    old.ok(&format!("catalog adopt {folder}"));
    let sandbox = Sandbox::new();
    super::copy(&old.path("disks"), &sandbox.path("disks"));
    let before = fs::read(sandbox.disk("two").join("distbackup.sqlite")).unwrap();
    sandbox.ok("catalog adopt disks/two");
    assert_eq!(fs::read(sandbox.disk("two").join("distbackup.sqlite")).unwrap(), before);
    assert!(!sandbox.catalog().with_file_name("distbackup-1.0.20.sqlite").exists());
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM disk"), 3);
}

#[test]
fn a_catalog_of_dsb_is_not_replaced() {
    let old = Old::new();
    let sandbox = Sandbox::with_disks("");
    let before: String = sandbox.sql("SELECT hex(uuid) FROM catalog");
    fs::copy(old.catalog(), sandbox.path("old.sqlite")).unwrap();
    sandbox.code(5, "catalog adopt old.sqlite").says("-d ANOTHER-FOLDER");
    assert_eq!(sandbox.sql::<String>("SELECT hex(uuid) FROM catalog"), before);
    sandbox.ok("-d new catalog adopt old.sqlite");
    assert!(sandbox.path("old.sqlite").exists() && sandbox.path("new/distbackup.sqlite").exists());
    sandbox.code(5, "-d other catalog adopt new/distbackup.sqlite").says("of dsb, not of distbackup");
}

#[test]
fn nothing_that_is_kept_is_written_over() {
    let old = Old::new();
    fs::write(old.kept(), "precious").unwrap();
    let place = old.catalog().display().to_string();
    old.code(5, &format!("catalog adopt {place}")).says("two old catalogs");
    assert_eq!(fs::read(old.kept()).unwrap(), b"precious");
    // Another old catalog in the way of the one that is meant.
    fs::copy(old.catalog(), old.path("other.sqlite")).unwrap();
    fs::remove_file(old.kept()).unwrap();
    old.code(5, "catalog adopt other.sqlite").says("lies in the way");
}

#[test]
fn a_run_that_was_cut_off_between_the_renames_goes_on() {
    let old = Old::new();
    let whole = Old::new();
    let expected = whole.adopt()["files"].clone();
    // The new catalog was whole, the old one renamed already.
    fs::rename(old.catalog(), old.kept()).unwrap();
    fs::write(old.catalog().with_file_name("distbackup.sqlite.adopting"), "half").unwrap();
    for line in ["info", "source map /t tree", "disk add x disks/x"] {
        old.code(10, line).says("dsb catalog adopt");
    }
    assert_eq!(old.adopt()["files"], expected);
    assert!(!old.catalog().with_file_name("distbackup.sqlite.adopting").exists());
    old.ok("info");
}

#[test]
fn what_is_in_the_journal_counts() {
    for cut_off in [false, true] {
        let old = Old::new();
        let journal = old.catalog().with_file_name("distbackup.sqlite-wal");
        let writer = Connection::open(old.catalog()).unwrap();
        writer.execute_batch("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;").unwrap();
        writer.execute_batch("DELETE FROM symbolic_link WHERE virtual_path = '/docs/link'").unwrap();
        // As a crash leaves it: the journal stays beside the catalog.
        let (catalog, log) = (fs::read(old.catalog()).unwrap(), fs::read(&journal).unwrap());
        drop(writer);
        fs::write(old.catalog(), &catalog).unwrap();
        let kept_journal = old.catalog().with_file_name("distbackup-1.0.20.sqlite-wal");
        fs::write(if cut_off { &kept_journal } else { &journal }, &log).unwrap();
        let links = old.adopt()["symlinks"].as_u64().unwrap();
        assert_eq!((fs::read(old.kept()).unwrap(), fs::read(&kept_journal).unwrap()), (catalog, log));
        assert!(!journal.exists() || fs::metadata(&journal).unwrap().len() == 0);
        assert_eq!(links, 2);
        assert_eq!(lines(&old.kept(), "SELECT target FROM symbolic_link").len(), 2, "the two belong together still");
    }
}

#[test]
fn a_file_in_the_place_of_the_folder_is_said() {
    let old = Old::new();
    let folder = old.catalog().parent().unwrap().to_owned();
    let bytes = fs::read(old.catalog()).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, &bytes).unwrap();
    old.code(10, "info").says("dsb catalog adopt");
    let place = folder.display().to_string();
    old.code(5, &format!("catalog adopt {place}")).says("mv ");
    assert_eq!(fs::read(&folder).unwrap(), bytes);
}

#[test]
fn one_at_a_time() {
    let old = Old::new();
    let _lock = old.hold_lock();
    let place = old.catalog().display().to_string();
    old.code(11, &format!("catalog adopt {place}")).says("is working with this catalog");
}

#[test]
fn killed_at_any_instant_it_goes_on() {
    let old = Old::new();
    let bytes = fs::read(old.catalog()).unwrap();
    let folder = old.catalog().parent().unwrap().display().to_string();
    for milliseconds in [0, 1, 2, 4, 6, 8, 10, 14, 20, 40] {
        drop(fs::remove_dir_all(&folder));
        fs::create_dir(&folder).unwrap();
        fs::write(old.catalog(), &bytes).unwrap();
        let mut child = old.spawn(&format!("catalog adopt {folder}"));
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        // Done before it was killed, or done now.
        let code = old.run(&format!("catalog adopt {folder}")).code;
        assert!([0, 5].contains(&code), "{code} after {milliseconds} ms");
        assert_eq!(fs::read(old.kept()).unwrap(), bytes);
        assert_eq!(old.sql::<i64>("SELECT count(*) FROM disk"), 3);
        let left = fs::read_dir(&folder).unwrap().filter_map(Result::ok).map(|entry| entry.file_name());
        assert!(!left.into_iter().any(|name| name.to_string_lossy().contains("adopting")));
    }
}
