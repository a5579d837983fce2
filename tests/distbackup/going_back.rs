//! A catalog for distbackup, as far as that can be told without it.

use super::{Old, lines};
use crate::kit::Sandbox;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Two disks, duplicates, an empty file, settings.
fn shelf() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 40M b 40M");
    sandbox.source().files("many", 5, 3_000).file("x/same", "same").file("y/same", "same").file("empty", "");
    sandbox.source().symlink("link", "x/same").file("grün\n\"'", "odd");
    sandbox.source().file("x/only.bin", "one copy").settle();
    sandbox.ok("source set /s/x --maxcopies 1 --priority 7 --ignore *.o");
    sandbox.back_up("a b");
    sandbox
}

const FILES: &str =
    "SELECT virtual_path || ' ' || coalesce(hash, '-') || ' ' || size || ' ' || last_modified || ' ' || priority
                     FROM file_tree ORDER BY 1";

#[test]
fn all_sums_are_those_of_its_rows() {
    let sandbox = shelf();
    let report = sandbox.ok("catalog export --format distbackup-1.0.20 back.sqlite --json").json();
    assert_eq!(
        (&report["files"]["objects"], &report["disks"], &report["symlinks"]),
        (&10.into(), &2.into(), &1.into())
    );
    let file = sandbox.path("back.sqlite");
    assert_eq!(lines(&file, "SELECT CAST(user_version AS TEXT) FROM pragma_user_version"), ["31"]);
    let sums =
        "SELECT nexus || ' ' || refs || ' ' || totalsize || ' ' || saturated_size FROM nexus WHERE refs > 0 ORDER BY 1";
    let counted =
        "SELECT nexus || ' ' || count(*) || ' ' || sum(relevant_size) || ' ' || sum(saturated_size) FROM object
                   GROUP BY nexus ORDER BY 1";
    assert_eq!(lines(&file, sums), lines(&file, counted));
    assert_eq!(lines(&file, "SELECT disks FROM nexus WHERE nexus = '11'"), ["a,b"]);
    assert_eq!(lines(&file, "SELECT CAST(size_order AS TEXT) FROM object WHERE size = 3000 LIMIT 1"), ["13"]);
    let refs = "SELECT hash || refs FROM object ORDER BY 1";
    let counted = "SELECT hash || count(*) FROM file_tree WHERE hash NOTNULL GROUP BY hash ORDER BY 1";
    assert_eq!(lines(&file, refs), lines(&file, counted));
    let config = lines(&file, "SELECT virtual_path || config FROM path_config");
    assert_eq!(config, [r#"/s/x/{"maxcopies":1,"priority":7,"rules":["*.o"]}"#]);
    assert_eq!(lines(&file, "SELECT integrity_check FROM pragma_integrity_check"), ["ok"]);
}

#[test]
fn its_sums_are_kept_up() {
    let sandbox = shelf();
    sandbox.ok("catalog export --format distbackup-1.0.20 back.sqlite");
    let file = sandbox.path("back.sqlite");
    let change = "PRAGMA recursive_triggers = ON;
        INSERT OR REPLACE INTO file_tree (virtual_path, hash, size) VALUES ('/s/new', 'ff', 9);
        INSERT OR REPLACE INTO file_tree (virtual_path, hash, size) VALUES ('/s/new', 'fe', 9);
        UPDATE file_tree SET hash = 'fd' WHERE virtual_path = '/s/new';
        UPDATE object SET nexus = '01' WHERE hash = 'fd'; DELETE FROM object WHERE refs = 0 AND copies = 0;
        DELETE FROM file_tree WHERE virtual_path = '/s/x/same';";
    rusqlite::Connection::open(&file).unwrap().execute_batch(change).unwrap();
    let sums = "SELECT nexus || ' ' || refs || ' ' || totalsize FROM nexus WHERE refs > 0 ORDER BY 1";
    let counted = "SELECT nexus || ' ' || count(*) || ' ' || sum(relevant_size) FROM object GROUP BY nexus ORDER BY 1";
    assert_eq!(lines(&file, sums), lines(&file, counted));
    assert_eq!(lines(&file, "SELECT CAST(count(*) AS TEXT) FROM object WHERE hash IN ('ff', 'fe')"), ["0"]);
}

#[test]
fn what_is_no_text_is_left_out_and_named() {
    let sandbox = shelf();
    sandbox.source().file(OsStr::from_bytes(b"not \xff text"), "x").fifo("pipe").settle();
    sandbox.ok("source set /s --exclude *.tmp --copies 3");
    sandbox.ok("update");
    let ran = sandbox.code(3, "catalog export --format distbackup-1.0.20 back.sqlite");
    assert!(ran.err.contains("not \\xff text") && ran.err.contains("fifo"), "{}", ran.err);
    ran.says("no filters and no copies wanted");
    assert_eq!(lines(&sandbox.path("back.sqlite"), FILES).len(), 10);
}

#[test]
fn nothing_is_written_over() {
    let sandbox = shelf();
    std::fs::write(sandbox.path("back.sqlite"), "precious").unwrap();
    sandbox.code(5, "catalog export --format distbackup-1.0.20 back.sqlite").says("is there already");
    assert_eq!(std::fs::read(sandbox.path("back.sqlite")).unwrap(), b"precious");
    sandbox.code(2, "catalog export --format other x.sqlite");
}

#[test]
fn there_and_back_is_the_same() {
    let old = Old::new();
    let before = lines(&old.catalog(), FILES);
    old.adopt();
    old.ok("catalog export --format distbackup-1.0.20 back.sqlite");
    assert_eq!(lines(&old.path("back.sqlite"), FILES), before);
    for sql in [
        "SELECT virtual_path || config FROM path_config WHERE virtual_path NOT IN ('/docs/side.txt/', '/docs/zero/') ORDER BY 1",
        "SELECT virtual_path || real_path FROM path_map ORDER BY 1",
        "SELECT virtual_path || target FROM symbolic_link ORDER BY 1",
        "SELECT uuid || name || size FROM disk WHERE name NOTNULL ORDER BY 1",
    ] {
        let canonical =
            |lines: Vec<String>| -> Vec<String> { lines.iter().map(|line| line.replace(' ', "")).collect() };
        assert_eq!(
            canonical(lines(&old.path("back.sqlite"), sql)).len(),
            canonical(lines(&old.kept(), sql)).len(),
            "{sql}"
        );
    }
}
