//! What is asked of a catalog with very many files: the same as of a small one, from sums and in one pass.

use crate::kit::Sandbox;
use serde_json::Value;

/// Files that the catalog is made to hold: more than are planned in passing.
const FILES: u32 = 60_000;

/// A source and two disks, and beside them very many files of which each object is on one disk, on both
/// or on none: what an update and backups would leave, written straight into the catalog.
fn vast() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 3, 10);
    sandbox.back_up("a");
    sandbox.tamper(&format!(
        "UPDATE disk SET budget = 1 << 40, size = 1 << 42, free = 1 << 41, device = id;
         CREATE TEMP TABLE i AS WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT {FILES}) SELECT i FROM c;
         INSERT INTO object SELECT 100 + i, randomblob(32), i * 7 % 9000, NULL FROM i;
         INSERT INTO entry SELECT 0, CAST(printf('d%d', i) AS BLOB), 1, NULL, 1, 100 + i, NULL, 0, 0, 0, NULL, NULL, 0,
           1, NULL, NULL, NULL, 0, 1, 0 FROM i WHERE i % 100 = 0;
         INSERT INTO entry SELECT 100 + (i + 99) / 100 * 100, CAST(printf('%s-%d.jpg', iif(i % 9, 'pic', 'song'), i) AS BLOB), 1,
           NULL, 0, NULL, 100 + i, i * 7 % 9000, 0, 0, NULL, NULL, 0, 1, NULL, NULL, NULL, 0, 1, 1 FROM i;
         INSERT INTO copy SELECT 100 + i, 0, 0, 20000 + i % 50, 0 FROM i WHERE i % 3 > 0;
         INSERT INTO copy SELECT 100 + i, 1, 0, 20000, 0 FROM i WHERE i % 3 = 2;
         UPDATE catalog SET next_directory = 100 + {FILES} + 1, holdings_true = 0;"
    ));
    sandbox
}

/// What `info` says, but for what every session raises.
fn info(sandbox: &Sandbox) -> Value {
    let mut info = sandbox.ok("info --json").json();
    info["generation"] = Value::Null;
    info
}

#[test]
fn sums_say_what_counting_says() {
    let sandbox = vast();
    let counted = info(&sandbox);
    sandbox.ok("retention set --keep-last 1");
    assert_eq!(sandbox.sql::<u32>("SELECT holdings_true FROM catalog"), 1);
    assert_eq!(info(&sandbox), counted);
    // A path with a number of its own, though it is the usual one, makes all of it be counted.
    sandbox.ok("source set /d100 --copies 2");
    assert_eq!(info(&sandbox), counted);
    sandbox.ok("source set /d100 --copies 3 --maxcopies 3");
    let below = &info(&sandbox)["below_wanted"]["objects"];
    assert!(below.as_u64() > counted["below_wanted"]["objects"].as_u64(), "{below}");
    sandbox.ok("source reset /d100");
    // Single copies in doubt are asked about one by one, and many make all of it be counted.
    for object in ["object % 5000 = 0", "object % 3 = 0"] {
        sandbox.tamper(&format!("UPDATE copy SET doubt = 1 WHERE {object}"));
        let doubted = info(&sandbox);
        assert!(doubted["levels"][0]["objects"].as_u64() > counted["levels"][0]["objects"].as_u64());
        sandbox.tamper("UPDATE catalog SET holdings_true = 0; UPDATE disk SET closed = 0, session = 7");
        sandbox.tamper("UPDATE copy SET session = 7 WHERE doubt");
        let all = info(&sandbox);
        assert_eq!(all["levels"], doubted["levels"], "{object}");
        sandbox.tamper("UPDATE catalog SET holdings_true = 1; UPDATE disk SET closed = 1");
    }
}

#[test]
fn no_plan_brings_more_than_the_sums_say() {
    let sandbox = vast();
    sandbox.ok("retention set --keep-last 1");
    let (at_most, planned) = (sandbox.ok("info --json").json(), sandbox.ok("next --json").json());
    assert_eq!((&at_most["next"]["disk"], &at_most["next"]["planned"]), (&planned["next"], &Value::Bool(false)));
    let first = &planned["disks"][0];
    for part in ["objects", "bytes"] {
        assert_eq!(at_most["next"]["first"][part], first["first"][part]);
        let more = first["wanted"][part].as_u64().unwrap() + first["beyond"][part].as_u64().unwrap();
        assert!(at_most["next"]["more"][part].as_u64().unwrap() >= more, "{part}");
    }
    sandbox.ok("info").says("at most").says("by sums alone");
}

#[test]
fn what_is_looked_for_is_found_wherever_it_is() {
    let sandbox = vast();
    let lines = |command: &str| sandbox.run(command).out.lines().map(str::to_owned).collect::<Vec<_>>();
    let all = lines("ls");
    let chosen =
        |is_meant: &dyn Fn(&str) -> bool| all.iter().filter(|line| is_meant(line)).cloned().collect::<Vec<_>>();
    // Of what is nowhere `find` says nothing on its standard output but that.
    let finds = |pattern: &str| lines(&format!("find {pattern}")).iter().filter(|line| line.contains('/')).count();
    let is_in = |part: &'static str| move |line: &str| line.contains(part);
    for (pattern, is_meant) in [
        (
            "/d*/song-*77.jpg",
            &(|line: &str| line.contains("/song-") && line.contains("77.jpg")) as &dyn Fn(&str) -> bool,
        ),
        ("/*5000*", &is_in("5000")),
        ("/d60000/*-59911*", &is_in("-59911")),
        ("/d4[23]00/*song*", &|line| line.contains("00/song") && (line.contains("d4200/") || line.contains("d4300/"))),
        ("/d100", &|line| line.ends_with("/d100/") || line.contains("/d100/")),
        ("/*no-such-name*", &|_| false),
    ] {
        assert_eq!(lines(&format!("ls {pattern}")), chosen(is_meant), "{pattern}");
        assert_eq!(finds(pattern), chosen(is_meant).len(), "{pattern}");
    }
    assert_eq!(lines("find song-4500.jpg").len(), 1);
    assert_eq!(lines("find pic-?.jpg").len(), 8);
}

#[test]
fn sums_are_not_counted_in_the_midst_of_a_run() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 10);
    sandbox.back_up("a");
    let is_true = || sandbox.sql::<u32>("SELECT holdings_true FROM catalog") == 1;
    let lock = sandbox.hold_lock();
    sandbox.ok("retention set --keep-last 2");
    assert!(!is_true(), "an update may have entered half of what it found");
    assert_eq!(sandbox.ok("info --json").json()["levels"][1]["objects"], 3);
    drop(lock);
    sandbox.ok("retention set --keep-last 3");
    assert!(is_true());
    // An update that changes something counts, whatever others have said meanwhile.
    sandbox.tamper("DELETE FROM holding");
    sandbox.source().file("g", "new");
    sandbox.ok("update");
    let info = sandbox.ok("info --json").json();
    assert_eq!([&info["levels"][0]["objects"], &info["levels"][1]["objects"]], [1, 3]);
}

#[test]
fn sums_that_cannot_be_stop_nothing() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 10);
    sandbox.back_up("a");
    sandbox.tamper("INSERT INTO holding VALUES (1, 6, -1, -500)");
    sandbox.ok("info");
    sandbox.ok("restore a out");
    sandbox.code(4, "catalog check");
}

#[test]
fn one_object_too_large_does_not_make_a_shelf_full() {
    let sandbox = vast();
    // Four without a copy, one of which fits nowhere; everything else has both.
    sandbox.tamper(
        "DELETE FROM copy WHERE object > 104; INSERT INTO copy SELECT id, 0, 0, 20000, 0 FROM object WHERE id > 104;
         INSERT INTO copy SELECT id, 1, 0, 20000, 0 FROM object WHERE id > 104;
         DELETE FROM copy WHERE object BETWEEN 101 AND 104;
         UPDATE object SET size = 1 << 43 WHERE id = 101; UPDATE entry SET size = 1 << 43 WHERE object = 101;",
    );
    sandbox.ok("retention set --keep-last 1");
    let told = sandbox.ok("info");
    assert!(!told.out.contains("The shelf is full"), "{}", told.out);
    told.says("Next: attach");
}

#[test]
fn what_is_answered_at_once_passes_over_no_table_of_files_or_copies() {
    let sandbox = vast();
    // Sums that are not true are counted anew, once.
    sandbox.ok("retention set --keep-last 1");
    let path = "/d100/song-9.jpg";
    let looks =
        ["info", "disk list", "snapshot list", "retention show", "source list", "suspect list"].map(str::to_owned);
    for look in looks.into_iter().chain(["info", "where", "versions"].map(|verb| format!("{verb} {path}"))) {
        let ran = sandbox.ok(&format!("--explain {look}"));
        let scans = ran.err.lines().map(str::trim).filter(|line| line.starts_with("SCAN "));
        // An index over what is in doubt, or was purged, holds that alone.
        let passes: Vec<_> = scans.filter(|line| !line.contains("USING")).collect();
        let tables = ["entry", "object", "copy", "e", "o", "c"];
        assert!(!passes.iter().any(|line| tables.contains(&&line["SCAN ".len()..])), "{look}: {passes:?}");
    }
}

#[test]
fn a_directory_of_very_many_is_told_whole_and_in_order() {
    let sandbox = vast();
    sandbox.tamper(
        "UPDATE entry SET parent = 200 WHERE parent >= 100;
         CREATE TEMP TABLE next AS SELECT * FROM snapshot; UPDATE next SET id = 2, taken = taken + 1;
         INSERT INTO snapshot SELECT * FROM next;
         CREATE TEMP TABLE now AS SELECT * FROM entry WHERE parent = 200; UPDATE now SET first = 2, size = size + 1;
         UPDATE entry SET last = 1 WHERE parent = 200; INSERT INTO entry SELECT * FROM now;",
    );
    let listed = |command: &str| -> Vec<String> {
        let ran = sandbox.ok(command);
        let below = ran.out.lines().filter_map(|line| line.split("/d100/").nth(1));
        let names = below.filter_map(|rest| rest.split(' ').next());
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let names = |sql: &str| -> Vec<String> {
        let joined: String = sandbox.sql(&format!("SELECT group_concat(name, '/') FROM ({sql} ORDER BY name)"));
        joined.split('/').map(str::to_owned).collect()
    };
    let now = names("SELECT name FROM entry WHERE parent = 200 AND last IS NULL");
    assert_eq!(now.len(), FILES as usize);
    assert!(listed("ls") == now && listed("ls --at 1 /d100") == now && listed("ls -l /d*") == now);
    let songs = names("SELECT name FROM entry WHERE parent = 200 AND instr(name, 'song') AND last IS NULL");
    assert!(listed("ls *song*") == songs && listed("ls --at 1 *song*") == songs);
    let ever = names("SELECT name FROM entry WHERE parent = 200");
    assert_eq!(ever.len(), 2 * now.len());
    assert!(listed("find *") == ever && listed("find --at 1 *") == now);
}

#[test]
fn a_name_that_stands_twice_where_a_list_is_cut_is_told_twice() {
    let sandbox = vast();
    // What no update writes: every name once more in the newest state.
    sandbox.tamper(
        "UPDATE entry SET parent = 200 WHERE parent >= 100;
         CREATE TEMP TABLE again AS SELECT * FROM entry WHERE parent = 200; UPDATE again SET first = 2;
         INSERT INTO entry SELECT * FROM again;",
    );
    let lines = sandbox.ok("ls /d100").out.lines().filter(|line| line.contains("/d100/")).count();
    assert_eq!(lines, 1 + 2 * FILES as usize);
}

#[test]
fn a_directory_of_very_many_is_purged_whole() {
    let sandbox = vast();
    // Two versions of each name but the first: where the rows are read on, a name has one on each side.
    sandbox.tamper(
        "UPDATE entry SET parent = 200, last = 1 WHERE parent >= 100; UPDATE entry SET last = 1 WHERE directory = 200;
         CREATE TEMP TABLE again AS SELECT * FROM entry WHERE parent = 200; UPDATE again SET first = 2, last = 2;
         DELETE FROM again WHERE name = (SELECT min(name) FROM again); INSERT INTO entry SELECT * FROM again;",
    );
    let rows = || sandbox.sql::<u32>("SELECT count(*) FROM entry WHERE parent = 200 OR directory = 200");
    assert_eq!(rows(), 2 * FILES);
    sandbox.ok("purge /d100");
    assert_eq!(rows(), 0);
}

#[test]
fn all_looks_agree_on_what_leads_to_others() {
    let sandbox = vast();
    // What no update writes: a directory that is said to be a file, and a file's content in a directory.
    sandbox.tamper(
        "UPDATE entry SET kind = 0 WHERE directory = 200; UPDATE entry SET object = 101 WHERE directory = 300;",
    );
    let disks = |command: &str| -> Vec<String> {
        let ran = sandbox.ok(command);
        let path = |line: &str| Some(line.split_once('/')?.1.trim_end_matches(" []").replace("/  [", "  ["));
        ran.out.lines().filter_map(path).collect()
    };
    let (listed, found) = (disks("ls"), disks("find *"));
    assert!(listed.iter().any(|line| line.starts_with("d100/")));
    assert!(listed == found, "{listed:.200?} {found:.200?}");
}
