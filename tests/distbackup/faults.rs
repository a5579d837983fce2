//! The faults of distbackup 1.0.20, B1 to B31 in docs/distbackup.md: each test fails on what
//! distbackup does.

use crate::commands::apart;
use crate::kit::{Ran, Sandbox, assert_same, bytes, dump, object_file, objects, skipped, temporary_files, wait_until};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

/// The path of an object by what its file in the source holds.
fn copy_of(sandbox: &Sandbox, disk: &str, file: &str) -> std::path::PathBuf {
    object_file(&sandbox.disk(disk), &crate::kit::hash(&sandbox.source().path(file)))
}

#[test]
fn b01_symlinks_are_restored_below_the_destination() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "f").symlink("d/link", "nowhere");
    let live = sandbox.path("live");
    sandbox.ok(&format!("source map {} src", live.display()));
    sandbox.back_up("a");
    let out = sandbox.path("out");
    // The second time the broken link is there already.
    for _ in 0..2 {
        sandbox.ok("restore a out");
    }
    assert!(!live.exists(), "something was made in the live tree");
    assert_eq!(fs::read_link(out.join("s/d/link")).unwrap().to_str(), Some("nowhere"));
    assert_same(sandbox.source().root(), &out.join(live.strip_prefix("/").unwrap()));
}

#[test]
fn b02_rot_in_the_source_costs_no_good_copy() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", bytes(1, 5_000)).mtime("f", 1_000_000, 0).settle();
    sandbox.back_up("a");
    let good = copy_of(&sandbox, "a", "f");
    sandbox.source().file("f", bytes(2, 5_000)).mtime("f", 1_000_000, 0);
    sandbox.code(3, "update --rehash").says("suspect");
    sandbox.ok("backup a");
    assert!(good.exists() && copy_of(&sandbox, "a", "f").exists());
    sandbox.ok("suspect reject /s/f");
    sandbox.ok("verify a");
}

#[test]
fn b03_no_action_is_none() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 3, 500);
    sandbox.back_up("a");
    sandbox.source().file("new", "new");
    sandbox.ok("update");
    fs::write(copy_of(&sandbox, "a", "f/0000"), "rotten").unwrap();
    let before = dump(&sandbox.path(""));
    for (code, line) in [(0, "-n backup a"), (0, "-n backup b -u"), (4, "-n verify a"), (0, "-n disk add c disks/c")] {
        sandbox.code(code, line);
        assert_eq!(dump(&sandbox.path("")), before, "{line}");
    }
}

#[test]
fn b04_each_way_to_end_has_its_code() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 500);
    sandbox.back_up("a");
    sandbox.code(2, "backup");
    sandbox.code(10, "backup nosuch");
    fs::remove_file(sandbox.source().path("f/0000")).unwrap();
    sandbox.source().file("g", "g");
    sandbox.ok("update");
    fs::remove_file(sandbox.source().path("g")).unwrap();
    sandbox.code(3, "backup a").says("/s/g");
    fs::write(copy_of(&sandbox, "a", "f/0001"), "rotten").unwrap();
    sandbox.code(4, "verify a");
    fs::remove_dir_all(sandbox.disk("a")).unwrap();
    sandbox.code(10, "backup a");
    sandbox.source().sparse("endless", 1 << 43, 0, b"x");
    let mut child = sandbox.spawn("update");
    wait_until(|| {
        fs::read_to_string(sandbox.catalog().with_file_name("distbackup.lock"))
            .is_ok_and(|text| text.contains(&child.id().to_string()))
    });
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
fn b05_what_is_deleted_stays_for_a_while_and_an_empty_mount_point_deletes_nothing() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 5, 500).file("gone", "gone");
    sandbox.back_up("a");
    let copy = copy_of(&sandbox, "a", "gone");
    sandbox.source().remove("gone");
    sandbox.back_up("a");
    assert!(copy.exists(), "the only copy of what was deleted yesterday");
    sandbox.source().remove("f");
    sandbox.code(3, "update").says("is empty, and was not before");
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 6);
}

#[test]
fn b06_what_is_restored_is_what_was_backed_up() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "good").file("g", "g");
    sandbox.back_up("a");
    fs::write(copy_of(&sandbox, "a", "f"), "evil").unwrap();
    sandbox.code(3, "restore a out").says("Damaged on the disk");
    assert!(!sandbox.path("out/s/f").exists() && sandbox.path("out/s/g").exists());
}

#[test]
fn b07_a_size_that_changed_is_a_change() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "short").mtime("f", 1_000_000, 0).settle();
    sandbox.back_up("a");
    sandbox.source().file("f", "longer").mtime("f", 1_000_000, 0);
    sandbox.back_up("a");
    assert!(copy_of(&sandbox, "a", "f").exists());
}

#[test]
fn b08_nothing_is_removed_for_what_cannot_be_copied() {
    let Some((sandbox, _drives)) = apart(&[60, 60]) else { return };
    sandbox.ok("disk set a --size 24M");
    sandbox.source().files("f", 8, 400_000);
    sandbox.back_up("a");
    sandbox.ok("backup b");
    let before = objects(&sandbox.path("m-a/dsb"));
    sandbox.source().file("new", bytes(9, 3_000_000));
    sandbox.ok("update");
    assert!(
        sandbox.ok("backup a --simulate --json").json()["sums"].to_string().contains("trade"),
        "no trade is needed"
    );
    fs::remove_file(sandbox.source().path("new")).unwrap();
    sandbox.code(3, "backup a").says("/s/new");
    assert_eq!(objects(&sandbox.path("m-a/dsb")), before);
}

#[test]
fn b09_disks_not_seen_for_years_license_nothing() {
    let Some((sandbox, _drives)) = apart(&[60, 60]) else { return };
    sandbox.ok("disk set a --size 24M");
    sandbox.source().files("f", 8, 400_000);
    sandbox.back_up("a");
    sandbox.ok("backup b");
    sandbox.tamper("UPDATE disk SET last_seen = last_seen - 700 * 86400 * 1000000000 WHERE name = 'b'");
    sandbox.source().file("new", bytes(9, 3_000_000));
    sandbox.ok("update");
    let before = objects(&sandbox.path("m-a/dsb"));
    sandbox.run("backup a");
    assert!(objects(&sandbox.path("m-a/dsb")).is_superset(&before), "a copy went on the word of a disk long unseen");
}

#[test]
fn b10_what_is_claimed_is_on_the_medium() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 3, 500);
    sandbox.ok("update");
    let trace = sandbox.path("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-e", "trace=syncfs,fsync,fdatasync,rename,renameat,renameat2,openat", "-o"]).arg(&trace);
    strace.arg(env!("CARGO_BIN_EXE_dsb")).args(["backup", "a", "--jobs", "1"]);
    strace.env("HOME", sandbox.path("home")).env_remove("XDG_CONFIG_HOME").env_remove("DISTBACKUP_PATH");
    if !strace.output().is_ok_and(|output| output.status.success()) {
        return skipped("this needs strace");
    }
    let text = fs::read_to_string(&trace).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let is_name = |line: &&&str| line.contains("rename") && line.contains("distbackup-objects");
    let flushed = |lines: &[&str]| lines.iter().any(|line| line.contains("syncfs(") || line.contains("fsync("));
    let first = lines.iter().position(|line| is_name(&line)).expect("a name is given");
    let last = lines.iter().rposition(|line| is_name(&line)).unwrap();
    let commit = last
        + lines[last..].iter().position(|line| line.contains("sync") && line.contains("distbackup.sqlite")).unwrap();
    assert!(flushed(&lines[..first]), "a name was given to what was not on the medium");
    assert!(flushed(&lines[last..commit]), "a copy was claimed before its name was on the medium");
    let copies = fs::read_dir(sandbox.disk("a"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".sqlite"));
    assert_eq!(copies.count(), 2, "two generations of the catalog at rest");
}

#[test]
fn b11_a_check_sees_what_is_missing_and_goes_on_behind_what_cannot_be_read() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 6, 500);
    sandbox.back_up("a");
    let mut all = objects(&sandbox.disk("a")).into_iter().map(|id| object_file(&sandbox.disk("a"), &id));
    let (missing, unreadable) = (all.next().unwrap(), all.next().unwrap());
    fs::remove_file(missing).unwrap();
    fs::remove_file(&unreadable).unwrap();
    fs::create_dir(&unreadable).unwrap();
    let report = sandbox.code(4, "verify a --json").json();
    assert_eq!((report["good"]["objects"].as_u64(), report["damage"].as_array().unwrap().len()), (Some(4), 2));
}

#[test]
fn b12_one_file_that_cannot_be_read_blocks_no_backup() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("secret", "x").mode("secret", 0).file("f", "f");
    sandbox.give_to_nobody();
    sandbox.as_nobody("update").expect(3, "update").says("secret");
    let ran = sandbox.as_nobody("backup a --json");
    assert!([0, 3].contains(&ran.code), "{}", ran.err);
    assert_eq!(objects(&sandbox.disk("a")).len(), 1);
}

#[test]
fn b13_names_may_be_any_bytes() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file(OsStr::from_bytes(b"odd \xff\xfe"), "x").file("f", "f");
    sandbox.back_up("a");
    sandbox.ok("restore a out");
    assert_same(sandbox.source().root(), &sandbox.path("out/s"));
}

#[test]
fn b14_one_file_that_is_gone_stops_no_backup() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 5, 500);
    sandbox.ok("update");
    fs::remove_file(sandbox.source().path("f/0002")).unwrap();
    sandbox.code(3, "backup a").says("/s/f/0002");
    assert_eq!(objects(&sandbox.disk("a")).len(), 4);
    sandbox.code(3, "restore --from disks/a out");
    assert_eq!(fs::read_dir(sandbox.path("out/s/f")).unwrap().count(), 4, "the closing catalog copy is there");
}

#[test]
fn b15_a_disk_smaller_than_its_budget_is_never_overfull() {
    let sandbox = Sandbox::with_disks("");
    let Some(drive) = sandbox.mount("ext4", 40, "m") else { return };
    sandbox.ok("disk add a m/dsb --size 1G");
    sandbox.source().files("f", 30, 2_000_000).files("small", 200, 100);
    sandbox.ok("update");
    let ran = sandbox.run("backup a");
    assert!([0, 3].contains(&ran.code) && !ran.err.contains("No space left"), "{}", ran.err);
    assert!(temporary_files(drive.path()).is_empty());
    sandbox.ok("verify a");
    assert!(objects(&sandbox.path("m/dsb")).len() > 5);
}

#[test]
fn b16_content_at_a_capped_and_an_uncapped_place_is_uncapped() {
    let sandbox = Sandbox::with_disks("a 30M b 30M c 30M");
    sandbox.source().file("capped/f", "same").file("free/f", "same").file("capped/g", "g");
    sandbox.source().file("capped/g.meta-inf", r#"{"maxcopies": "inf"}"#).file("capped/h", "h");
    sandbox.ok("source set /s/capped --maxcopies 1");
    sandbox.back_up("a b c");
    let copies = |file: &str| ["a", "b", "c"].iter().filter(|disk| copy_of(&sandbox, disk, file).exists()).count();
    assert_eq!([copies("capped/f"), copies("capped/g"), copies("capped/h")], [3, 3, 1]);
}

#[test]
fn b17_a_restored_file_may_be_edited() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "precious").mode("f", 0o644).file("twin", "precious");
    sandbox.back_up("a");
    sandbox.ok("restore a out --link");
    assert_eq!(fs::read(sandbox.path("out/s/f")).unwrap(), b"precious");
    // As an editor does it that writes in place, whatever the mode says to a user without rights.
    let is_writable = fs::metadata(sandbox.path("out/s/f")).unwrap().mode() & 0o222 != 0;
    if is_writable {
        fs::write(sandbox.path("out/s/f"), "spoilt").unwrap();
        assert_eq!(fs::read(sandbox.path("out/s/twin")).unwrap(), b"precious");
    }
    sandbox.ok("verify a");
}

#[test]
fn b18_no_folder_is_taken_for_a_disk_that_is_not_there() {
    let sandbox = Sandbox::with_disks("a 30M");
    let marker = fs::read(sandbox.disk("a").join("distbackup-disk.json")).unwrap();
    sandbox.code(5, "disk add again disks/a");
    assert_eq!(fs::read(sandbox.disk("a").join("distbackup-disk.json")).unwrap(), marker);
    let bare = format!("/mnt/dsb-test-{}", std::process::id());
    let ran = sandbox.run(&format!("disk add b {bare}/dsb"));
    assert!([5, 10].contains(&ran.code) && !std::path::Path::new(&bare).exists(), "{} {}", ran.code, ran.err);
    sandbox.add_disk("c", "30M").says("together they protect like one");
}

#[test]
fn b19_the_same_inode_elsewhere_is_another_file() {
    let sandbox = Sandbox::with_disks("");
    let (Some(_one), Some(_two)) = (sandbox.mount("ext4", 20, "one"), sandbox.mount("ext4", 20, "two")) else { return };
    for (at, content) in [("one", "first one"), ("two", "other two")] {
        sandbox.tree(at).file("f", content).mtime("f", 1_000_000, 0);
    }
    let inode = |at: &str| fs::metadata(sandbox.path(at).join("f")).unwrap().ino();
    assert_eq!(inode("one"), inode("two"), "the test shows nothing");
    sandbox.ok("source map /one one");
    sandbox.ok("update");
    sandbox.ok("source map /two two");
    sandbox.ok("update");
    let object = |path: &str| sandbox.ok(&format!("where {path} --json")).json()["object"].clone();
    assert_ne!(object("/one/f"), object("/two/f"));
}

#[test]
fn b20_the_file_system_of_a_disk_is_known() {
    let Some((sandbox, _drives)) = apart(&[30]) else { return };
    let disk = sandbox.ok("disk list --json").json()["disks"][0].clone();
    assert_eq!(disk["fs_type"], "ext4");
    assert_eq!(disk["fs_uuid"].as_str().map(str::len), Some(36), "{disk}");
}

#[test]
fn b21_no_other_program_is_needed_and_the_wrong_disk_is_told() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("f", "f");
    sandbox.ok("update");
    let mut command = sandbox.command();
    command.env("PATH", "/nowhere").args(["backup", "a"]);
    Ran::of(command).expect(0, "without a PATH");
    fs::rename(sandbox.disk("a"), sandbox.path("put-away")).unwrap();
    fs::rename(sandbox.disk("b"), sandbox.disk("a")).unwrap();
    sandbox.code(10, "backup a").says("is disk b");
}

#[test]
fn b22_what_is_dead_says_so_and_verify_deletes_when_asked() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "f");
    sandbox.ok("update --nohelper").says("--nohelper does nothing");
    sandbox.ok("backup a --slack 1G --sync").says("--slack does nothing").says("--sync does nothing");
    fs::write(copy_of(&sandbox, "a", "f"), "rotten").unwrap();
    sandbox.code(4, "verify a -d");
    assert!(objects(&sandbox.disk("a")).is_empty() && !sandbox.disk("a").join("bad-objects").exists());
}

#[test]
fn b23_a_map_inside_another_hides_the_real_folder_of_that_name() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("in/real", "real").file("out", "out");
    sandbox.tree("other").file("mapped", "mapped");
    sandbox.ok("source map /s/in other");
    for _ in 0..2 {
        let listed = sandbox.run("update").expect(0, "update");
        assert!(!listed.out.contains("gone") || listed.out.contains("0 gone"), "{}", listed.out);
        let text = sandbox.ok("ls /s/in").out;
        assert!(text.contains("/s/in/mapped") && !text.contains("real"), "{text}");
    }
}

#[test]
fn b24_a_rule_may_have_alternatives_and_is_read_when_it_is_set() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("xa", "1").file("yb", "2").file("zc", "3");
    sandbox.ok("source set /s -i /a$|b$");
    sandbox.ok("update");
    assert_eq!(sandbox.ok("ls /s/*").out.lines().count(), 1);
    sandbox.code(2, "source set /s -i /(a").says("is no rule");
}

#[test]
fn b25_nothing_there_is_no_failure() {
    let sandbox = Sandbox::with_disks("");
    for line in ["disk list", "tree", "du", "ncdu -o -", "info", "ls", "next", "forecast"] {
        let ran = sandbox.run(line);
        assert!(ran.code == 0 && !ran.err.contains("panicked"), "{line}: {}", ran.err);
    }
    sandbox.source().file("f", "same").file("g", "same").file("empty", "").dir("d");
    sandbox.ok("update");
    for path in ["/s/f", "/s/empty", "/s/d"] {
        sandbox.ok(&format!("debug info {path}")).says(path);
    }
    sandbox.ok("debug info /s/f").says("/s/g");
}

#[test]
fn b26_the_first_run_makes_its_folder() {
    let sandbox = Sandbox::with_disks("");
    assert!(sandbox.catalog().is_file() && sandbox.catalog().parent().unwrap().is_dir());
    assert!(sandbox.catalog().with_file_name("log").is_dir() && !sandbox.path("home/.config/log").exists());
}

#[test]
fn b27_a_file_that_never_rests_and_links_in_a_circle_end() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("d/f", "f").symlink("d/round", "../d").symlink("d/up", "..");
    sandbox.ok("source set /s/d --follow");
    sandbox.ok("update");
    sandbox.source().file("restless", bytes(1, 30_000_000));
    let file = sandbox.source().path("restless");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0_u64;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                n += 1;
                fs::write(&file, bytes(n, 30_000_000 + (n % 100) as usize)).unwrap();
            }
        });
        let ran = sandbox.run("update");
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!([0, 3].contains(&ran.code), "{}", ran.err);
    });
}

#[test]
fn b28_a_side_file_may_say_anything() {
    let sandbox = Sandbox::with_disks("");
    let shown = || sandbox.ok("source set /s/f --json").json()["paths"][0]["present"].clone();
    for (text, code, present) in
        [(r#"{"priority": 0}"#, 0, false), ("{}", 0, true), ("[1]", 3, true), ("\"x\"", 3, true)]
    {
        sandbox.source().file("f", "f").file("f.meta-inf", text);
        sandbox.code(code, "update");
        assert_eq!(shown(), Value::from(present), "{text}");
    }
}

#[test]
fn b29_two_runs_never_decide_at_once() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().file("f", "f");
    sandbox.back_up("a");
    let _lock = sandbox.hold_lock();
    for line in ["backup b", "update", "verify a"] {
        sandbox.code(11, line);
    }
}

#[test]
fn b30_what_is_missing_is_named_and_the_fewest_disks_are_found() {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 3, 5_000);
    sandbox.back_up("a");
    let cut = copy_of(&sandbox, "a", "f/0001");
    fs::write(&cut, "short").unwrap();
    assert_eq!(sandbox.ok("disk refresh a --json").json()["found"], 2);
    let missing = sandbox.code(3, "restore a out --json").json()["remaining"].clone();
    assert_eq!((&missing["objects"], &missing["lost"]), (&json!(1), &json!(["/s/f/0001"])));
    sandbox.ok("update");
    sandbox.ok("backup b");
    sandbox.ok("restore --minset").says("b");
    let said = sandbox.ok("restore --minset --json").json();
    assert_eq!(said["disks"].as_array().map(Vec::len), Some(1), "{said}");
}

#[test]
fn b31_backslashes_editors_with_options_and_binary_sizes() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("back\\slash", "x");
    sandbox.ok("update");
    let mut command = sandbox.command();
    command.args(["where", "/s/back\\slash"]);
    Ran::of(command).expect(0, "where").says("has no copy yet");
    let mut command = sandbox.command();
    command.env("EDITOR", "sed -i s/30,000,000/31,000,000/").args(["config", "edit"]);
    Ran::of(command).expect(0, "config edit").says("1 disk");
    for (size, bytes) in [("32MiB", 32 << 20), ("32M", 32_000_000), ("33,000,000", 33_000_000_u64)] {
        sandbox.ok(&format!("disk set a --size {size}"));
        assert_eq!(sandbox.ok("disk list --json").json()["disks"][0]["budget"], bytes, "{size}");
    }
}
