//! Catalogs that are not what they should be, each a case: refused by name, or told row by row.

use super::{Old, lines};
use crate::kit::Sandbox;
use rusqlite::Connection;
use std::fs;

/// What is said of an old catalog that was changed so, and the code.
#[track_caller]
fn refused(sql: &str, code: i32, word: &str) {
    let old = Old::new();
    old.spoil(sql);
    let (before, place) = (fs::read(old.catalog()).unwrap(), old.catalog().display().to_string());
    let ran = old.code(code, &format!("catalog adopt {place}")).says(word);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    assert_eq!(fs::read(old.catalog()).unwrap(), before);
    assert!(!old.kept().exists());
}

#[test]
fn other_schemas_are_refused_by_number() {
    refused("PRAGMA user_version = 30", 10, "schema 30");
    refused("PRAGMA user_version = 32", 10, "schema 32");
}

#[test]
fn what_only_says_that_it_is_one() {
    refused("DROP TABLE symbolic_link", 4, "symbolic_link");
    refused(
        "DROP TABLE symbolic_link; CREATE VIEW symbolic_link AS SELECT '/x' AS virtual_path, 'y' AS target",
        4,
        "symbolic_link",
    );
    refused(
        "DROP TABLE path_config; CREATE TABLE path_config (virtual_path, config AS (virtual_path))",
        4,
        "path_config",
    );
    let sandbox = Sandbox::new();
    for (name, bytes) in [("letter", b"a letter".to_vec()), ("zeros", vec![0; 5_000])] {
        fs::write(sandbox.path(name), bytes).unwrap();
        let ran = sandbox.run(&format!("catalog adopt {name}"));
        assert!([4, 10].contains(&ran.code), "{name}: {} {}", ran.code, ran.err);
    }
    Connection::open(sandbox.path("songs")).unwrap().execute_batch("CREATE TABLE songs (x)").unwrap();
    sandbox.code(10, "catalog adopt songs").says("another program");
    sandbox.code(10, "catalog adopt nowhere").says("there is no catalog of distbackup");
}

#[test]
fn values_that_no_catalog_of_its_own_has() {
    let none = "zeroblob(2000000)";
    refused(
        &format!(
            "DROP TABLE path_map; CREATE TABLE path_map (virtual_path, real_path); INSERT INTO path_map VALUES ({none}, 1)"
        ),
        1,
        "too big",
    );
}

const HASH: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Rows that are named and left out, with what is said of them.
#[test]
fn rows_that_cannot_be_are_named_and_left_out() {
    let file = |path: &str, hash: &str, size: &str| {
        format!(
            "INSERT INTO file_tree (virtual_path, last_modified, hash, ino, size) VALUES ({path}, 5, {hash}, 1, {size})"
        )
    };
    let good = &*format!("'{HASH}'");
    let table = [
        (file("'/docs/../../etc/passwd'", good, "1"), "would lead elsewhere"),
        (file("'/docs//x'", good, "1"), "no file can have"),
        (file("'docs/x'", good, "1"), "is no path"),
        (file("'/docs/a' || char(0) || 'b'", good, "1"), "would lead elsewhere"),
        ("INSERT INTO file_tree (virtual_path, last_modified, hash, ino, size) SELECT '/docs/plain.txt/below', 5, hash, 1, size
            FROM file_tree WHERE virtual_path = '/docs/-dash'".to_owned(), "something else stands there"),
        (file("'/docs/x'", "'ABC'", "1"), "its hash is none"),
        (file("'/docs/x'", good, "-1"), "no length that can be"),
        (file("'/docs/x'", "NULL", "7"), "has a length, but no content"),
        (file("'/docs/x'", good, "0"), "has content, but no length"),
        (
            "UPDATE file_tree SET size = size + 1 WHERE virtual_path = '/docs/-dash'".to_owned(),
            "its length is not that of its content",
        ),
        (
            "UPDATE file_tree SET last_modified = 9223372036854775807 WHERE virtual_path = '/docs/-dash'".to_owned(),
            "no time that can be",
        ),
        ("UPDATE object SET nexus = '1x1' WHERE last_path = '/docs/-dash'".to_owned(), "cannot be read"),
        ("INSERT INTO symbolic_link VALUES ('/docs/..', 'x')".to_owned(), "would lead elsewhere"),
        ("INSERT INTO symbolic_link VALUES ('/docs/nil', '')".to_owned(), "points nowhere"),
        ("INSERT INTO path_map VALUES ('/bad/', 'relative/path')".to_owned(), "no absolute path"),
        ("INSERT INTO path_map VALUES ('/../', '/x')".to_owned(), "would lead elsewhere"),
        ("INSERT INTO disk (uuid, name, nexus_index, size) VALUES ('no uuid', 'odd', 9, 5)".to_owned(), "has no uuid"),
        ("UPDATE disk SET size = -5 WHERE name = 'one'".to_owned(), "no size that can be"),
        ("UPDATE path_config SET config = '{not json' WHERE virtual_path = '/docs/'".to_owned(), "it is locked"),
        ("UPDATE path_config SET config = '[1]' WHERE virtual_path = '/docs/'".to_owned(), "it is locked"),
        (
            r#"UPDATE path_config SET config = '{"rules":["/(?=x)y"]}' WHERE virtual_path = '/docs/'"#.to_owned(),
            "does not understand",
        ),
        (
            r#"UPDATE path_config SET config = '{"priority":300}' WHERE virtual_path = '/docs/'"#.to_owned(),
            "priority 300 is 255",
        ),
        (
            r#"UPDATE path_config SET config = '{"maxcopies":300}' WHERE virtual_path = '/docs/'"#.to_owned(),
            "maxcopies 300 is 255",
        ),
    ];
    let old = Old::new();
    for (sql, word) in table {
        let sandbox = Sandbox::new();
        fs::copy(old.catalog(), sandbox.path("old.sqlite")).unwrap();
        let spoil = Connection::open(sandbox.path("old.sqlite")).unwrap();
        // A stranger's catalog need not have kept its own rules.
        spoil.execute_batch("DROP TRIGGER file_tree_insert; DROP TRIGGER object_update;").unwrap();
        spoil.execute_batch(&sql).unwrap();
        drop(spoil);
        let ran = sandbox.code(3, "catalog adopt old.sqlite").says(word);
        assert!(!ran.err.contains("panicked"), "{sql}: {}", ran.err);
        sandbox.ok("info");
    }
}

#[test]
fn what_is_left_out_costs_no_copy() {
    let old = Old::new();
    let hash = lines(&old.catalog(), "SELECT hash FROM file_tree WHERE virtual_path = '/docs/-dash'").remove(0);
    // The file's length changed within a second, and distbackup kept the hash.
    old.spoil("UPDATE file_tree SET size = size + 1 WHERE virtual_path = '/docs/-dash'");
    let report = old.adopt_with(3);
    assert_eq!(report["left_out"], 1);
    old.ok("backup one");
    assert!(crate::kit::object_file(&old.disk("one"), &hash).exists(), "nobody has looked at the file yet");
    old.ok("update");
    let backup = old.ok("backup two --json").json();
    assert_eq!(backup["orphans"]["objects"], 1);
    assert!(crate::kit::object_file(&old.disk("two"), &hash).exists());
}

#[test]
fn what_nobody_has_read_is_counted() {
    let old = Old::new();
    old.spoil("UPDATE file_tree SET hash = '' WHERE virtual_path IN ('/docs/-dash', '/docs/a-b')");
    let report = old.adopt();
    assert_eq!(report["unhashed"]["objects"], 2);
    assert_eq!(old.ok("info --json").json()["unhashed"]["objects"], 2);
    assert_eq!(old.ok("update --json").json()["hashed"]["objects"], 3);
    assert_eq!(old.ok("info --json").json()["unhashed"]["objects"], 0);
}

#[test]
fn a_hash_from_a_side_file_is_believed_only_of_what_was_copied() {
    let old = Old::new();
    old.spoil(&format!(
        "INSERT INTO file_tree (virtual_path, last_modified, hash, ino, size, metadata)
           VALUES ('/docs/given', 5, '{HASH}', 1, 3, '{{\"hash\":\"{HASH}\"}}');"
    ));
    assert_eq!(old.adopt()["unhashed"]["objects"], 1);
    assert_eq!(old.sql::<i64>("SELECT count(*) FROM object WHERE hex(hash) LIKE 'AAAA%'"), 0);
}

#[test]
fn more_disks_than_there_are_places_are_refused() {
    let disk = |n: u32| {
        let uuid = format!("00000000-0000-0000-0000-0000000000{n}");
        format!("INSERT INTO disk (uuid, name, nexus_index, size) VALUES ('{uuid}', 'd{n}', {n}, 5);")
    };
    let disks = (10..80).map(disk).collect::<Vec<_>>().concat();
    refused(&disks, 5, "more than 64 disks");
}
