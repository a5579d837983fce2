//! `verify`: every copy is read; what is damaged is found, set aside, and made good again.

use crate::kit::{Sandbox, is_root, object_file, objects, skipped};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// Five files on a disk, and the object files there.
fn five() -> (Sandbox, Vec<PathBuf>) {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 5, 10_000);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    let files = objects(&disk).iter().map(|id| object_file(&disk, id)).collect();
    (sandbox, files)
}

fn flip(file: &PathBuf) {
    let mut bytes = fs::read(file).unwrap();
    bytes[5_000] ^= 1;
    fs::write(file, bytes).unwrap();
}

fn kinds(report: &Value) -> Vec<&str> {
    report["damage"].as_array().unwrap().iter().map(|damage| damage["kind"].as_str().unwrap()).collect()
}

fn unprotected(sandbox: &Sandbox) -> Value {
    sandbox.ok("info --json").json()["levels"][0]["objects"].clone()
}

/// The next backup makes everything good again.
fn is_made_good(sandbox: &Sandbox, lost: u64) {
    assert_eq!(unprotected(sandbox), lost);
    assert_eq!(sandbox.ok("backup a --json").json()["first"]["objects"], lost);
    let report = sandbox.ok("verify a --json").json();
    assert_eq!((&report["good"]["objects"], kinds(&report).len()), (&json!(5), 0));
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    let (sandbox, _) = five();
    let report = sandbox.ok("verify a --json").json();
    assert_eq!(report["good"], json!({"objects": 5, "bytes": 50_000}));
    assert_eq!((&report["damage"], &report["stranger_count"]), (&json!([]), &json!(0)));
}

#[test]
fn a_flipped_bit() {
    let (sandbox, files) = five();
    flip(&files[2]);
    let damaged = fs::read(&files[2]).unwrap();
    let report = sandbox.code(4, "verify a --json").json();
    let id = files[2].file_name().unwrap().to_str().unwrap();
    assert_eq!((kinds(&report), &report["damage"][0]["object"]), (vec!["bad"], &json!(id)));
    assert!(report["damage"][0]["path"].as_str().unwrap().starts_with("/s/f/"));
    assert_eq!(fs::read(sandbox.disk("a").join("bad-objects").join(id)).unwrap(), damaged);
    assert!(!files[2].exists());
    is_made_good(&sandbox, 1);
}

#[test]
fn a_missing_one() {
    let (sandbox, files) = five();
    fs::remove_file(&files[0]).unwrap();
    assert_eq!(kinds(&sandbox.code(4, "verify a --json").json()), ["missing"]);
    is_made_good(&sandbox, 1);
}

#[test]
fn one_that_is_too_short_and_one_that_is_too_long() {
    let (sandbox, files) = five();
    fs::write(&files[0], &fs::read(&files[0]).unwrap()[..9_999]).unwrap();
    fs::write(&files[1], [fs::read(&files[1]).unwrap(), b"!".to_vec()].concat()).unwrap();
    assert_eq!(kinds(&sandbox.code(4, "verify a --json").json()), ["bad", "bad"]);
    is_made_good(&sandbox, 2);
}

#[test]
fn one_that_cannot_be_read_stays_where_it_is() {
    let (sandbox, files) = five();
    if !is_root() {
        return skipped("this needs root");
    }
    sandbox.give_to_nobody();
    sandbox.tree("disks").mode(&files[3], 0);
    let report = sandbox.as_nobody("verify a --json").expect(4, "verify").json();
    assert_eq!(kinds(&report), ["unreadable"]);
    assert!(files[3].exists());
    assert_eq!(unprotected(&sandbox), 1, "it counts as no copy");
    sandbox.tree("disks").mode(&files[3], 0o600);
    sandbox.as_nobody("verify a").expect(0, "verify");
    assert_eq!(unprotected(&sandbox), 0);
}

#[test]
fn strangers_are_listed_and_left_alone() {
    let (sandbox, files) = five();
    let folder = files[0].parent().unwrap();
    fs::write(folder.join("letter.txt"), "dear").unwrap();
    let unknown = format!("{}{}", folder.file_name().unwrap().to_str().unwrap(), "0".repeat(61));
    fs::write(folder.join(&unknown), "").unwrap();
    let report = sandbox.ok("verify a --json").json();
    assert_eq!(report["stranger_count"], 2, "{report}");
    let strangers = report["strangers"].to_string();
    assert!(strangers.contains("letter.txt") && strangers.contains(&unknown));
    sandbox.ok("backup a");
    assert_eq!(fs::read(folder.join("letter.txt")).unwrap(), b"dear");
}

#[test]
fn a_check_only_reports() {
    let (sandbox, files) = five();
    flip(&files[1]);
    let damaged = fs::read(&files[1]).unwrap();
    for flag in ["--check", "-c"] {
        assert_eq!(kinds(&sandbox.code(4, &format!("verify a {flag} --json")).json()), ["bad"]);
    }
    assert_eq!((fs::read(&files[1]).unwrap(), unprotected(&sandbox)), (damaged, json!(0)));
}

#[test]
fn damaged_ones_may_be_deleted() {
    let (sandbox, files) = five();
    flip(&files[1]);
    sandbox.code(4, "verify a --delete");
    assert!(!files[1].exists() && !sandbox.disk("a").join("bad-objects").exists());
    is_made_good(&sandbox, 1);
}

#[test]
fn it_begins_where_it_is_told_to() {
    let (sandbox, files) = five();
    flip(&files[0]);
    let start = &files[1].file_name().unwrap().to_str().unwrap()[..8];
    let report = sandbox.ok(&format!("verify a --start {start} --json")).json();
    assert_eq!(report["good"]["objects"], 4);
    sandbox.code(4, "verify a");
}

#[test]
fn errors_go_to_a_file() {
    let (sandbox, files) = five();
    flip(&files[4]);
    sandbox.code(4, "verify a --errors list.txt");
    let list = fs::read_to_string(sandbox.path("list.txt")).unwrap();
    assert!(list.lines().count() == 1 && list.contains(files[4].file_name().unwrap().to_str().unwrap()), "{list}");
    assert!(list.contains("/s/f/"), "{list}");
}

#[test]
fn the_day_of_proof_is_kept() {
    let (sandbox, _) = five();
    sandbox.tamper("UPDATE copy SET proven = 1");
    sandbox.ok("verify a");
    let today = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 86_400;
    let proven: i64 = sandbox.sql("SELECT min(proven) FROM copy");
    assert!(proven + 1 >= today as i64, "{proven}");
}

#[test]
fn what_was_set_aside_counts_in_the_budget() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("f", 18, 500_000);
    sandbox.back_up("a");
    let disk = sandbox.disk("a");
    objects(&disk).iter().take(6).for_each(|id| flip(&object_file(&disk, id)));
    sandbox.code(4, "verify a");
    sandbox.run("backup a");
    assert!(crate::kit::allocated(&disk) <= 30_000_000);
}

#[test]
fn a_copy_that_could_not_be_read_is_made_again() {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.source().file("x", "some content").settle();
    sandbox.back_up("a");
    sandbox.tamper("UPDATE copy SET doubt = 1");
    assert_eq!(sandbox.ok("info --json").json()["levels"][0]["objects"], 1);
    assert_eq!(sandbox.ok("backup a --json").json()["first"]["objects"], 1);
    assert_eq!(sandbox.sql::<i64>("SELECT doubt FROM copy"), 0);
    assert_eq!(sandbox.ok("info --json").json()["levels"][1]["objects"], 1);
    assert_eq!(sandbox.ok("backup a --simulate --json").json()["steps"], serde_json::json!([]));
}

#[test]
fn errors_go_to_a_file_descriptor() {
    let (sandbox, files) = five();
    files.iter().take(2).for_each(flip);
    let shell = |line: &str| {
        let mut command = sandbox.command();
        let dsb = command.get_program().to_owned();
        command = {
            let mut shell = std::process::Command::new("sh");
            shell.arg("-c").arg(line).arg("sh").arg(dsb).current_dir(sandbox.path(""));
            command.get_envs().for_each(|(name, value)| {
                shell.env(name, value.unwrap_or_default());
            });
            shell
        };
        crate::kit::Ran::of(command)
    };
    for line in ["-e @3 3>list", "-e @9 9>>list", "--errors=@3 3>&1 >/dev/null | cat >list"] {
        let _ = fs::remove_file(sandbox.path("list"));
        shell(&format!("\"$1\" verify a --check {line}"));
        let list = fs::read_to_string(sandbox.path("list")).unwrap();
        assert_eq!(list.lines().count(), 2, "{line}: {list}");
        // On a disk that spins they come as they lie there.
        let place = files[0].strip_prefix(sandbox.disk("a")).unwrap().to_str().unwrap();
        let fields: Vec<_> = list.lines().map(|line| line.split('\t').collect::<Vec<_>>()).collect();
        let fields = fields.iter().find(|fields| fields[1] == place).unwrap_or_else(|| panic!("{place}: {list}"));
        assert_eq!((fields.len(), fields[0]), (5, "a"));
        assert!(fields[3].starts_with("/s/f/") && fields[4].starts_with("bad"), "{list}");
    }
    // A pipe of another user's, as under sudo, cannot be opened anew; it is handed over all the same.
    sandbox.give_to_nobody();
    let ran = sandbox.as_nobody("verify a --check -e @1 -q").expect(4, "into the pipe itself");
    assert_eq!(ran.out.lines().filter(|line| line.split('\t').count() == 5).count(), 2, "{}", ran.out);
    for wrong in ["-e @7", "-e @", "-e @x", "-e @-1", "-e @+3 3>list", "-e @3 3</dev/null", "-e @4", "-e @99999999999"]
    {
        let ran = shell(&format!("\"$1\" verify a {wrong}"));
        assert_eq!(ran.code, 2, "{wrong}: {}", ran.err);
    }
    assert_eq!(sandbox.code(4, "verify a --json").json()["damage"].as_array().unwrap().len(), 2, "nothing was changed");
}

#[test]
fn reporting_and_deleting_exclude_each_other() {
    let (sandbox, files) = five();
    flip(&files[0]);
    sandbox.code(2, "verify a -c -d").says("--delete");
    assert!(files[0].exists());
    sandbox.code(4, "verify a -d");
    assert!(!files[0].exists() && !sandbox.disk("a").join("bad-objects").exists());
}

#[test]
fn a_folder_in_its_place_goes_out_of_the_way() {
    let (sandbox, files) = five();
    fs::remove_file(&files[3]).unwrap();
    fs::create_dir(&files[3]).unwrap();
    fs::write(files[3].join("mine"), "somebody's").unwrap();
    let report = sandbox.code(4, "verify a --json").json();
    assert_eq!(kinds(&report), ["bad"]);
    let aside = sandbox.disk("a").join("bad-objects").join(files[3].file_name().unwrap());
    assert_eq!(fs::read_to_string(aside.join("mine")).unwrap(), "somebody's");
    is_made_good(&sandbox, 1);
    // Nor is a symlink or a folder any that is to be deleted.
    for delete in [false, true] {
        fs::remove_file(&files[1]).unwrap();
        if delete {
            fs::create_dir(&files[1]).unwrap();
        } else {
            std::os::unix::fs::symlink("/x", &files[1]).unwrap();
        }
        let report = sandbox.code(4, if delete { "verify a -d --json" } else { "verify a --json" }).json();
        assert_eq!((kinds(&report), fs::symlink_metadata(&files[1]).is_err()), (vec!["bad"], true));
        is_made_good(&sandbox, 1);
    }
}

/// The files of the catalog on a disk, their hashes with them.
fn catalog_files(sandbox: &Sandbox) -> Vec<PathBuf> {
    let files = fs::read_dir(sandbox.disk("a")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.to_string_lossy().contains(".sqlite")).collect()
}

#[test]
fn a_damaged_catalog_copy_is_found_and_written_anew() {
    let (sandbox, _) = five();
    assert_eq!(catalog_files(&sandbox).len(), 4);
    for path in catalog_files(&sandbox).iter().filter(|path| path.extension().is_some_and(|end| end == "sqlite")) {
        flip(path);
    }
    sandbox.code(4, "verify a --check").says("damaged").says("dsb backup a");
    let report = sandbox.code(4, "verify a --json").json();
    assert_eq!((report["catalog_damage"].as_array().unwrap().len(), kinds(&report).len()), (2, 0));
    sandbox.code(4, "verify a").says("damaged");
    sandbox.ok("backup a");
    assert_eq!(sandbox.ok("verify a --json").json()["catalog_damage"], json!([]));
    sandbox.ok("restore --from disks/a out");
}

#[test]
fn catalog_copies_that_are_gone_are_written_anew() {
    let (sandbox, _) = five();
    catalog_files(&sandbox).iter().for_each(|path| fs::remove_file(path).unwrap());
    sandbox.code(4, "verify a --check").says("there is no catalog copy");
    sandbox.ok("backup a");
    sandbox.ok("restore --from disks/a out");
    sandbox.ok("verify a");
}

#[test]
fn a_disk_without_its_objects_has_no_copies() {
    for is_proven in [false, true] {
        let (sandbox, _) = five();
        // Of two sessions that ended well.
        sandbox.source().files("g", 3, 1_000);
        sandbox.back_up("a");
        if is_proven {
            sandbox.ok("verify a");
        }
        fs::rename(sandbox.disk("a").join("distbackup-objects"), sandbox.path("away")).unwrap();
        assert_eq!(sandbox.run("backup a --json").json()["first"]["objects"], 8);
        assert_eq!(sandbox.ok("verify a --json").json()["good"]["objects"], 8);
        assert!(!sandbox.ok("backup a").err.contains("Looking afresh"));
    }
}

#[test]
fn a_repair_too_looks_at_all_that_lay_in_a_folder_that_is_gone() {
    let (sandbox, _) = five();
    sandbox.ok("verify a");
    let folder = sandbox.disk("a").join("distbackup-objects");
    fs::rename(&folder, sandbox.path("away")).unwrap();
    let report = sandbox.code(4, "verify a --oldest 10% --json").json();
    assert_eq!(kinds(&report), ["missing"]);
    sandbox.run("repair a");
    sandbox.ok("backup a");
    assert_eq!(sandbox.ok("verify a --json").json()["good"]["objects"], 5);
}
