//! A disk from a stranger: whatever its catalog copy says, nothing lands outside the destination
//! and nothing runs.

use crate::kit::{Ran, Sandbox, below, is_root, skipped};
use openssl::sha::sha256;
use rustix::fs::FileType;
use std::fs;
use std::os::unix::fs::MetadataExt;

/// A disk with one good file; its catalog copies are changed with this SQL and signed again.
fn hostile(sql: &str) -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("good", "g").file("victim", "v").symlink("link", "good").dir("d");
    sandbox.back_up("a");
    for path in below(&sandbox.disk("a")).iter().filter(|path| path.extension().is_some_and(|end| end == "sqlite")) {
        let copy = rusqlite::Connection::open(path).unwrap();
        copy.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).expect(sql);
        drop(copy);
        let name = path.file_name().unwrap().to_str().unwrap();
        let hash =
            sha256(&fs::read(path).unwrap()).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        fs::write(path.with_file_name(format!("{name}.sha256")), format!("{hash}  {name}\n")).unwrap();
    }
    sandbox
}

/// Restores from it. It must end in order, and nothing may be outside the destination.
fn restored(sandbox: &Sandbox) -> Ran {
    let names = || fs::read_dir(sandbox.path("")).unwrap().count();
    fs::create_dir(sandbox.path("out")).unwrap();
    let before = (names(), fs::read_dir("/").unwrap().count());
    let ran = sandbox.run("restore --from disks/a out --json");
    assert_eq!((names(), fs::read_dir("/").unwrap().count()), before);
    assert!([0, 3, 4, 10].contains(&ran.code), "{} {}", ran.code, ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

#[test]
fn an_untouched_copy_is_taken() {
    let sandbox = hostile("");
    assert_eq!(restored(&sandbox).code, 0);
    assert_eq!(fs::read(sandbox.path("out/s/victim")).unwrap(), b"v");
}

#[test]
fn names_that_climb() {
    for name in ["'..'", "'.'", "''", "'../../escaped'", "'/tmp/escaped'", "'a/b'", "x'610062'", "'../escaped'"] {
        let sandbox =
            hostile(&format!("UPDATE entry SET name = CAST({name} AS BLOB) WHERE name = CAST('victim' AS BLOB)"));
        let ran = restored(&sandbox);
        assert!(ran.code != 0 && !sandbox.path("escaped").exists(), "{name}: {}", ran.code);
    }
}

#[test]
fn a_directory_that_climbs() {
    let sandbox = hostile("UPDATE entry SET name = CAST('..' AS BLOB) WHERE name = CAST('s' AS BLOB)");
    restored(&sandbox);
    assert!(!sandbox.path("good").exists());
}

#[test]
fn an_entry_of_nobody_is_told_of() {
    let sandbox = hostile("UPDATE entry SET owner = 999 WHERE name = CAST('victim' AS BLOB)");
    let ran = restored(&sandbox);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert_eq!(fs::read(sandbox.path("out/s/good")).unwrap(), b"g");
}

#[test]
fn a_name_of_a_megabyte() {
    let sandbox =
        hostile("UPDATE entry SET name = CAST(hex(zeroblob(500000)) AS BLOB) WHERE name = CAST('victim' AS BLOB)");
    assert_ne!(restored(&sandbox).code, 0);
    assert_eq!(fs::read(sandbox.path("out/s/good")).unwrap(), b"g");
}

#[test]
fn a_symlink_with_a_file_below_it() {
    let sql = "UPDATE entry SET kind = 2, target = CAST('../..' AS BLOB) WHERE name = CAST('d' AS BLOB);
               UPDATE entry SET parent = (SELECT directory FROM entry WHERE name = CAST('d' AS BLOB))
               WHERE name = CAST('victim' AS BLOB)";
    let sandbox = hostile(sql);
    restored(&sandbox);
    assert!(!sandbox.path("victim").exists() && !sandbox.path("out/victim").exists());
}

#[test]
fn a_symlink_and_a_directory_of_one_name() {
    let sql = "INSERT INTO entry SELECT parent, CAST('link' AS BLOB), first + 1, NULL, 1, 9999, NULL, 0, mtime, ctime,
               age, file_system, 99, owner, NULL, NULL, NULL, 0, 1, 0 FROM entry WHERE name = CAST('d' AS BLOB);
               UPDATE entry SET target = CAST('../../..' AS BLOB) WHERE kind = 2;
               UPDATE entry SET parent = 9999 WHERE name = CAST('victim' AS BLOB)";
    let sandbox = hostile(sql);
    restored(&sandbox);
    assert!(!sandbox.path("victim").exists());
}

#[test]
fn a_directory_inside_itself() {
    let sandbox = hostile("UPDATE entry SET parent = directory WHERE name = CAST('d' AS BLOB)");
    restored(&sandbox);
    let sandbox = hostile("UPDATE entry SET directory = 0 WHERE name = CAST('d' AS BLOB)");
    restored(&sandbox);
}

#[test]
fn sizes_that_are_not_true() {
    for size in ["4611686018427387904", "9223372036854775807", "-1", "-9223372036854775808", "0"] {
        let sql = format!(
            "UPDATE entry SET size = {size} WHERE name = CAST('victim' AS BLOB); UPDATE object SET size = {size}"
        );
        let sandbox = hostile(&sql);
        restored(&sandbox);
        assert!(fs::metadata(sandbox.path("out/s/victim")).map_or(true, |stat| stat.len() <= 1), "{size}");
    }
}

#[test]
fn numbers_that_mean_nothing() {
    let columns = [
        "kind = 77",
        "mtime = 9223372036854775807",
        "mtime = -9223372036854775808",
        "object = 4242",
        "owner = 4242",
        "xattr_set = 4242",
        "inode = -1",
        "marks = 7",
        "age = 5",
        "directory = -5",
    ];
    for column in columns {
        let sandbox = hostile(&format!("UPDATE entry SET {column} WHERE name = CAST('victim' AS BLOB)"));
        restored(&sandbox);
        assert_eq!(fs::read(sandbox.path("out/s/good")).unwrap_or_default(), b"g", "{column}");
    }
}

#[test]
fn tables_of_its_own_are_refused_before_anything_is_asked() {
    let all = [
        "CREATE TABLE more (x)",
        "CREATE VIEW more AS SELECT 1",
        "CREATE TRIGGER t AFTER INSERT ON object BEGIN DELETE FROM copy; END",
        "ALTER TABLE entry RENAME TO real; CREATE VIEW entry AS SELECT * FROM real",
        "CREATE INDEX i ON object (abs(size))",
        "CREATE TRIGGER \"sqlite-stat\" AFTER INSERT ON object BEGIN DELETE FROM copy; END",
    ];
    for sql in all {
        let sandbox = hostile(sql);
        let ran = restored(&sandbox);
        assert!([4, 10].contains(&ran.code), "{sql}: {}", ran.code);
        assert_eq!(below(&sandbox.path("out")).len(), 0, "{sql}");
    }
}

#[test]
fn copies_that_are_no_database() {
    for bytes in [&b""[..], b"garbage", b"SQLite format 3\0", &[0; 8192]] {
        let sandbox = hostile("");
        for path in below(&sandbox.disk("a")) {
            if path.extension().is_some_and(|end| end == "sqlite") {
                fs::write(path, bytes).unwrap();
            }
        }
        assert!([4, 10].contains(&restored(&sandbox).code));
    }
}

#[test]
fn an_older_copy_stands_in_for_a_damaged_one() {
    let sandbox = hostile("");
    sandbox.source().file("later", "l");
    sandbox.back_up("a");
    fs::write(sandbox.disk("a").join("distbackup.sqlite"), "damaged").unwrap();
    assert!([0, 3].contains(&restored(&sandbox).code));
    assert_eq!(fs::read(sandbox.path("out/s/good")).unwrap(), b"g");
}

#[test]
fn hashes_of_the_wrong_shape() {
    // The schema refuses them, and a schema without that check is not ours.
    let sandbox =
        hostile("PRAGMA ignore_check_constraints = ON; UPDATE object SET hash = x'2e2e2f2e2e2f78' WHERE id = 1");
    let report = restored(&sandbox);
    assert_ne!(report.code, 0, "{}", report.out);
    let sandbox = hostile(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (length(hash) = 32)', '') WHERE name = 'object'",
    );
    restored(&sandbox);
    sandbox.run("restore --from disks/a again").expect(4, "another schema");
}

#[test]
fn a_journal_beside_a_copy_is_not_played_back() {
    for end in ["-journal", "-wal"] {
        let sandbox = Sandbox::with_disks("a 30M");
        sandbox.source().file("good", "g");
        sandbox.back_up("a");
        let copy = sandbox.disk("a").join("distbackup.sqlite");
        let before = fs::read(&copy).unwrap();
        // A hot journal that would bring other pages back, of the shape that SQLite believes.
        let mut journal = vec![0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, 0, 0, 0, 1];
        journal.resize(8_192, 0x41);
        fs::write(sandbox.disk("a").join(format!("distbackup.sqlite{end}")), journal).unwrap();
        sandbox.ok("restore --from disks/a out");
        assert_eq!(fs::read_to_string(sandbox.path("out/s/good")).unwrap(), "g");
        assert_eq!(fs::read(&copy).unwrap(), before, "{end}");
    }
}

#[test]
fn privileges_only_for_who_trusts_it() {
    if !is_root() {
        return skipped("only root has privileges to give");
    }
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("setuid", "x").mode("setuid", 0o4755).device("null", FileType::CharacterDevice, 1, 3);
    sandbox.source().file("setgid", "y").mode("setgid", 0o2755);
    sandbox.back_up("a");
    let report = sandbox.run("restore --from disks/a out --json").json();
    assert_eq!(report["withheld"], 1, "{report}");
    for name in ["setuid", "setgid"] {
        assert_eq!(fs::metadata(sandbox.path("out/s").join(name)).unwrap().mode() & 0o7000, 0);
    }
    assert!(!sandbox.path("out/s/null").exists());
    let told = sandbox.ok("restore --from disks/a words");
    let told = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let what = "setuid, setgid and privileged attributes of 2 entries; 1 device node. With --trusted they come too.";
    assert!(told.contains(what) && !told.contains("could not hold"), "{told}");
    sandbox.ok("restore --from disks/a --trusted trusted");
    crate::kit::assert_same(&sandbox.path("src"), &sandbox.path("trusted/s"));
}
