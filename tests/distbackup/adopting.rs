//! What was there is there: files, copies, settings; nothing is read again, nothing copied again.

use super::{DISKS, Old, PATHS, lines};
use crate::kit::{assert_objects_are_whole, assert_same, dump, objects};
use std::fs;

/// One line a file: path, content, length, disks.
fn files_of_old(old: &Old) -> Vec<String> {
    let sql = "SELECT f.virtual_path || ' ' || coalesce(f.hash, '-') || ' ' || f.size || ' ' || coalesce((
                 SELECT group_concat(name, ',') FROM (SELECT name FROM disk
                   WHERE substr(o.nexus, nexus_index + 1, 1) = '1' ORDER BY name)), '')
               FROM file_tree f LEFT JOIN object o ON o.hash = f.hash ORDER BY f.virtual_path";
    lines(&old.kept(), sql)
}

fn files_of_new(old: &Old) -> Vec<String> {
    let sql = format!(
        "{PATHS} SELECT p.path || '/' || CAST(e.name AS TEXT) || ' ' || iif(o.hash ISNULL, '-', lower(hex(o.hash))) || ' ' ||
           e.size || ' ' || coalesce((SELECT group_concat(name, ',') FROM (SELECT name FROM disk d
             JOIN copy c ON c.disk = d.id WHERE c.object = o.id ORDER BY name)), '')
         FROM entry e JOIN place p ON p.id = e.parent LEFT JOIN object o ON o.id = e.object
         WHERE e.kind = 0 AND e.last IS NULL"
    );
    let mut files = lines(&old.catalog(), &sql);
    files.sort();
    files
}

#[test]
fn every_file_and_copy_is_as_the_old_catalog_says() {
    let old = Old::new();
    let before = fs::read(old.catalog()).unwrap();
    let report = old.adopt();
    assert_eq!(fs::read(old.kept()).unwrap(), before, "the old catalog keeps its bytes");
    let files = files_of_old(&old);
    assert!(files.len() > 20 && files.iter().any(|line| line.contains("one,three,two")));
    assert_eq!(files_of_new(&old), files);
    assert_eq!(report["files"]["objects"].as_u64().unwrap() as usize, files.len());
    let links = "SELECT virtual_path || ' ' || target FROM symbolic_link ORDER BY 1";
    let new = format!(
        "{PATHS} SELECT p.path || '/' || CAST(e.name AS TEXT) || ' ' || CAST(e.target AS TEXT) FROM entry e
         JOIN place p ON p.id = e.parent WHERE e.kind = 2 ORDER BY 1"
    );
    assert_eq!(lines(&old.catalog(), &new), lines(&old.kept(), links));
    let copies: i64 = old.sql("SELECT count(*) FROM copy WHERE proven = 0 AND NOT doubt");
    assert_eq!(report["copies"], copies);
}

#[test]
fn every_setting_is_as_it_was() {
    let old = Old::new();
    let report = old.adopt();
    let list = old.ok("source list --json").json();
    let maps: Vec<_> = list["sources"].as_array().unwrap().iter().map(|map| map["vpath"].as_str().unwrap()).collect();
    assert_eq!(maps, ["/docs", "/photos", "/photos/raw"]);
    let set =
        "SELECT CAST(vpath AS TEXT) || ' ' || concat_ws(',', copies, priority, maxcopies) || ' ' || locked || hidden
                 || follow || inherits FROM path_setting ORDER BY 1";
    let expected = [
        "/docs  0001",
        "/docs/follow  0011",
        "/docs/free  0000",
        "/docs/hidden  0101",
        "/docs/locked  1001",
        "/docs/once 1 0001",
        "/docs/zero  0101",
        "/photos 5,2 0001",
        "/photos/raw 1,255 0001",
    ];
    assert_eq!(lines(&old.catalog(), set), expected);
    let side = "SELECT CAST(name AS TEXT) || ' ' || priority || ',' || maxcopies FROM side_setting";
    assert_eq!(lines(&old.catalog(), side), ["side.txt 7,2"]);
    assert_eq!(report["settings"], expected.len(), "and the side file, less the map inside, which inherits nothing");
    let rules =
        "SELECT CAST(vpath AS TEXT) || ' ' || kind || ' ' || CAST(pattern AS TEXT) FROM path_rule ORDER BY position";
    assert_eq!(lines(&old.catalog(), rules), ["/docs 0 !keep.tmp", "/docs 0 *.tmp", "/docs 0 /^~.*$"]);
    let disks = "SELECT name || ' ' || budget || ' ' || lower(hex(uuid)) FROM disk ORDER BY 1";
    let known = "SELECT name || ' ' || size || ' ' || replace(uuid, '-', '') FROM disk WHERE name NOTNULL ORDER BY 1";
    assert_eq!(lines(&old.catalog(), disks), lines(&old.kept(), known));
}

#[test]
fn info_counts_the_copies_at_once() {
    let old = Old::new();
    old.adopt();
    let info = old.ok("info --json").json();
    let levels: Vec<u64> =
        info["levels"].as_array().unwrap().iter().map(|level| level["objects"].as_u64().unwrap()).collect();
    let sql =
        "SELECT CAST(count(*) AS TEXT) FROM (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)
               LEFT JOIN object ON copies = n AND refs > 0 GROUP BY n ORDER BY n";
    let sql = sql.replace("count(*)", "count(hash)");
    let expected: Vec<u64> = lines(&old.kept(), &sql).iter().map(|count| count.parse().unwrap()).collect();
    assert_eq!(levels, expected);
}

#[test]
fn nothing_is_read_and_nothing_copied_again() {
    let old = Old::new();
    old.adopt();
    let known: i64 = old.sql("SELECT count(*) FROM entry");
    let before = DISKS.map(|name| dump(&old.disk(name).join("distbackup-objects")));
    let orphans: Vec<String> = lines(&old.kept(), "SELECT hash FROM object WHERE refs = 0");
    assert_eq!(orphans.len(), 1);
    for (name, before) in DISKS.iter().zip(before) {
        let backup = old.ok(&format!("backup {name} --json")).json();
        let counts = ["first", "more", "evicted", "orphans"].map(|what| backup[what]["objects"].as_u64().unwrap());
        assert_eq!(counts, [0, 0, 0, 1], "{name}");
        let after = dump(&old.disk(name).join("distbackup-objects"));
        let is_kept = |path: &&std::path::PathBuf| !path.ends_with(&orphans[0]) && path.is_file();
        let kept = before.keys().filter(is_kept);
        assert!(kept.clone().count() > 10 && kept.clone().all(|path| before[path] == after[path]), "{name}");
    }
    let update = old.ok("update --json").json();
    // The side file itself, which distbackup leaves out and dsb keeps like any other file.
    assert_eq!((&update["hashed"]["objects"], &update["added"]), (&1.into(), &1.into()), "{update}");
    assert_eq!((&update["changed"], &update["vanished"], &update["suspects"]), (&0.into(), &0.into(), &0.into()));
    assert!(update["completed"].as_u64().unwrap() > 30, "{update}");
    assert_eq!(old.sql::<i64>("SELECT count(*) FROM entry"), known + 1, "no second version of anything");
    let again = old.ok("update --json").json();
    assert_eq!((&again["completed"], &again["hashed"]["objects"]), (&0.into(), &0.into()));
    assert!(again["snapshot"].is_null());
}

#[test]
fn the_tree_is_restored_from_one_disk() {
    let old = Old::new();
    old.adopt();
    old.back_up("three one two");
    DISKS.iter().for_each(|name| assert_objects_are_whole(&old.disk(name)));
    old.ok("restore --from disks/three out");
    for (real, restored) in [
        ("docs/a", "docs/a"),
        ("docs/grün", "docs/grün"),
        ("docs/日本", "docs/日本"),
        ("elsewhere/folder", "docs/follow/folder"),
    ] {
        assert_same(&old.path("tree").join(real), &old.path("out").join(restored));
    }
    old.ok("restore out2");
    assert_same(&old.path("tree/raw"), &old.path("out2/photos/raw"));
    assert_same(&old.path("tree/photos/2019"), &old.path("out2/photos/2019"));
    for name in
        ["new\nline", "tab\there", "back\\slash", "$(touch x)`y`;z", "quo\"te'", "with space", "empty", "keep.tmp"]
    {
        let read = |root: &str| fs::read(old.path(root).join("docs").join(name)).unwrap();
        assert_eq!(read("tree"), read("out2"), "{name}");
    }
    for name in ["work.tmp", "hidden", "zero", "skip", "locked/new"] {
        assert!(!old.path("out2/docs").join(name).exists(), "{name}");
    }
    assert_eq!(
        fs::read(old.path("out2/docs/locked/old")).unwrap(),
        fs::read(old.path("tree/docs/locked/old")).unwrap()
    );
}

#[test]
fn what_changed_since_is_read() {
    let old = Old::new();
    old.adopt();
    let tree = old.tree("tree/docs");
    tree.file("plain.txt", "another length");
    let time = fs::metadata(tree.path("-dash")).unwrap().modified().unwrap();
    // Same length, same time: nobody can tell, unless it is read for another reason.
    tree.file("-dash", "looks like an OPTION");
    fs::File::options().write(true).open(tree.path("-dash")).unwrap().set_modified(time).unwrap();
    tree.rename("a/z", "a/y").settle();
    let update = old.code(0, "update --json").json();
    assert_eq!(update["hashed"]["objects"], 3, "the side file, the new length, the new name: {update}");
    assert_eq!((&update["changed"], &update["vanished"]), (&1.into(), &1.into()));
    let rehash = old.code(3, "update --rehash --json").json();
    assert_eq!(rehash["suspects"], 1, "{rehash}");
    old.ok("suspect list").says("-dash");
}

#[test]
fn what_is_read_before_it_is_completed_may_be_suspect() {
    let old = Old::new();
    old.adopt();
    let tree = old.tree("tree/docs");
    let time = fs::metadata(tree.path("-dash")).unwrap().modified().unwrap();
    tree.file("-dash", "looks like an OPTION");
    fs::File::options().write(true).open(tree.path("-dash")).unwrap().set_modified(time).unwrap();
    tree.settle();
    let update = old.code(3, "update --rehash --json").json();
    assert_eq!((&update["suspects"], &update["changed"]), (&1.into(), &1.into()), "{update}");
    assert_eq!(
        old.sql::<i64>("SELECT count(*) FROM entry WHERE hashed = -1 AND object NOTNULL AND last IS NULL"),
        1,
        "the locked one"
    );
}

#[test]
fn a_source_that_is_not_there_keeps_what_was_known() {
    let old = Old::new();
    old.adopt();
    fs::rename(old.path("tree/photos"), old.path("away")).unwrap();
    old.code(3, "update").says("stays as it was last seen");
    fs::create_dir(old.path("tree/photos")).unwrap();
    old.code(3, "update").says("is empty, and was not before");
    assert_eq!(old.sql::<i64>("SELECT count(*) FROM entry WHERE name = x'6f6e652e6a7067' AND last IS NULL"), 1);
    fs::remove_dir(old.path("tree/photos")).unwrap();
    fs::rename(old.path("away"), old.path("tree/photos")).unwrap();
    let update = old.ok("update --json").json();
    assert_eq!((&update["hashed"]["objects"], &update["changed"]), (&0.into(), &0.into()), "{update}");
}

#[test]
fn what_the_first_update_knows_is_on_the_disks_afterwards() {
    let old = Old::new();
    old.adopt();
    old.back_up("one");
    let copy = old.disk("one").join("distbackup.sqlite");
    assert!(lines(&copy, "SELECT 'x' FROM entry WHERE hashed = -1 AND file_system IS NULL AND kind = 0").len() <= 1);
    assert!(objects(&old.disk("one")).len() > 10);
}
