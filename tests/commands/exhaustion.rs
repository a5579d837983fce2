//! Nobody's disk, catalog or document takes memory or time out of proportion to what it is: each run
//! here has an address space of two gigabytes and a minute.

use crate::kit::{Ran, Sandbox, below, hash, is_root, object_file, skipped};
use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than anything here takes on a busy machine, shorter than what has no end.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs dsb with little memory; it must end soon, in order.
fn bounded(sandbox: &Sandbox, line: &str) -> Ran {
    let begun = Instant::now();
    let plain = sandbox.command();
    let mut command = Command::new("prlimit");
    command.arg("--as=2000000000").arg(plain.get_program()).args(crate::kit::words(line)).stdin(Stdio::null());
    command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(sandbox.path(""));
    let ran = Ran::of(command);
    assert!(begun.elapsed() < PATIENCE, "dsb {line} took {:?}", begun.elapsed());
    assert!((0..=11).contains(&ran.code), "dsb {line}: {} {}", ran.code, ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

/// A disk with a few files, whose catalog copies are changed with this SQL and bear no hash any more.
fn hostile(sql: &str) -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("good", "g").file("d/victim", "v");
    sandbox.back_up("a");
    for path in copies(&sandbox) {
        rusqlite::Connection::open(&path).unwrap().execute_batch(sql).expect(sql);
        fs::remove_file(format!("{}.sha256", path.display())).unwrap();
    }
    sandbox
}

fn copies(sandbox: &Sandbox) -> Vec<std::path::PathBuf> {
    let mut files = below(&sandbox.disk("a"));
    files.retain(|path| path.extension().is_some_and(|end| end == "sqlite"));
    assert!(!files.is_empty());
    files
}

/// Restores from the disk's own copy; the one good file comes back.
fn restored_what_is_good(sandbox: &Sandbox, code: i32) -> Ran {
    let ran = bounded(sandbox, "restore --from disks/a out").expect(code, "restore");
    assert_eq!(fs::read(sandbox.path("out/s/good")).unwrap(), b"g");
    ran
}

/// Directories inside each other below the mapped one, this often.
fn chain(levels: u32, names: &str) -> String {
    format!(
        "WITH RECURSIVE c(x) AS (SELECT 1000 UNION ALL SELECT x + 1 FROM c WHERE x < 999 + {levels}), n(name) AS ({names})
         INSERT INTO entry SELECT CASE x WHEN 1000 THEN 0 ELSE x - 1 END, CAST(name AS BLOB), 1, NULL, 1, x, NULL, 0, 1, 1,
         NULL, NULL, 0, (SELECT min(id) FROM owner), NULL, NULL, NULL, 0, 1, 0 FROM c, n"
    )
}

#[test]
fn directories_without_end_inside_each_other() {
    let sandbox = hostile(&chain(60_000, "VALUES ('b')"));
    restored_what_is_good(&sandbox, 3).says("deeper than any tree");
    bounded(&sandbox, "restore --from disks/a elsewhere --noaction").expect(4, "restore --simulate");
    fs::remove_dir_all(sandbox.path("home/.config")).unwrap();
    bounded(&sandbox, "catalog recover --from disks/a");
    for line in ["info", "ls", "find *", "tree --depth 0", "restore --minset", "catalog check"] {
        assert_ne!(bounded(&sandbox, line).code, 2, "dsb {line}");
    }
}

#[test]
fn each_directory_twice_in_the_one_above_it() {
    let sandbox = hostile(&chain(60, "VALUES ('a'), ('b')"));
    restored_what_is_good(&sandbox, 3).says("elsewhere too");
    fs::remove_dir_all(sandbox.path("home/.config")).unwrap();
    bounded(&sandbox, "catalog recover --from disks/a");
    for line in ["info", "ls", "find *", "tree --depth 0", "restore --minset", "forecast"] {
        assert_ne!(bounded(&sandbox, line).code, 2, "dsb {line}");
    }
}

#[test]
fn a_source_deeper_than_any_path_is_named_and_the_rest_backed_up() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("good", "g").dir("deep");
    let script = "cd src/deep && for n in $(seq 22); do d=$(printf 'd/%.0s' $(seq 100)); mkdir -p $d && cd -P $d || exit 1; done";
    let mut deep = Command::new("bash");
    assert!(deep.args(["-c", script]).current_dir(sandbox.path("")).status().unwrap().success());
    bounded(&sandbox, "update").expect(3, "update").says("below more than 2048 other directories");
    bounded(&sandbox, "backup a").expect(0, "backup");
    restored_what_is_good(&sandbox, 0);
}

#[test]
fn objects_that_are_terabytes_of_nothing() {
    let sandbox = hostile("");
    let object = object_file(&sandbox.disk("a"), &hash(&sandbox.path("src/d/victim")));
    File::options().write(true).open(object).unwrap().set_len(1 << 43).unwrap();
    restored_what_is_good(&sandbox, 3).says("damaged");
    assert!(!sandbox.path("out/s/d/victim").exists());
    bounded(&sandbox, "restore --from disks/a out --noaction");
    bounded(&sandbox, "catalog check a").expect(4, "catalog check");
    bounded(&sandbox, "verify a").expect(4, "verify");
    bounded(&sandbox, "repair a");
    bounded(&sandbox, "disk refresh a");
}

#[test]
fn catalog_copies_that_are_terabytes_of_nothing() {
    let sandbox = hostile("");
    for path in copies(&sandbox) {
        File::options().write(true).open(path).unwrap().set_len(1 << 43).unwrap();
    }
    bounded(&sandbox, "restore --from disks/a out").expect(10, "restore").says("no catalog copy");
    bounded(&sandbox, "backup a").expect(0, "backup");
}

/// Puts something in the place of a file that never ends, or never begins.
fn endless(place: &Path, what: &str) -> bool {
    drop(fs::remove_file(place));
    match what {
        "pipe" => mknodat(CWD, place, FileType::Fifo, Mode::from_raw_mode(0o644), 0).unwrap(),
        "device" if !is_root() => return false,
        "device" => mknodat(CWD, place, FileType::CharacterDevice, Mode::from_raw_mode(0o666), makedev(1, 5)).unwrap(),
        "symlink to a device" => symlink("/dev/zero", place).unwrap(),
        "symlink to itself" => symlink(place.file_name().unwrap(), place).unwrap(),
        "directory" => fs::create_dir(place).unwrap(),
        _ => File::create(place).unwrap().set_len(1 << 43).unwrap(),
    }
    true
}

const ENDLESS: [&str; 6] = ["pipe", "device", "symlink to a device", "symlink to itself", "directory", "holes"];

#[test]
fn markers_that_never_end() {
    for what in ENDLESS {
        let sandbox = hostile("");
        if !endless(&sandbox.disk("a").join("distbackup-disk.json"), what) {
            skipped("only root makes device nodes");
            continue;
        }
        for line in ["restore --from disks/a out", "backup a", "verify a", "catalog recover --replace --from disks/a"] {
            bounded(&sandbox, line).expect(10, &format!("{line}: {what}"));
        }
        for line in ["disk list", "info", "next"] {
            bounded(&sandbox, line).expect(0, line);
        }
    }
}

#[test]
fn catalog_copies_and_hashes_that_never_end() {
    for what in ENDLESS {
        let sandbox = hostile("");
        let made = copies(&sandbox).iter().all(|path| {
            let hash = format!("{}.sha256", path.display());
            endless(path, what) && endless(Path::new(&hash), what)
        });
        if made {
            bounded(&sandbox, "restore --from disks/a out").expect(10, what);
            bounded(&sandbox, "catalog recover --replace --from disks/a").expect(10, what);
        }
    }
}

#[test]
fn objects_and_folders_that_never_end() {
    for what in ENDLESS.into_iter().filter(|what| *what != "holes") {
        let sandbox = hostile("");
        if endless(&object_file(&sandbox.disk("a"), &hash(&sandbox.path("src/d/victim"))), what) {
            restored_what_is_good(&sandbox, 3);
            assert!(!sandbox.path("out/s/d/victim").exists(), "{what}");
            bounded(&sandbox, "verify a").expect(4, what);
            bounded(&sandbox, "disk refresh a");
        }
    }
    let sandbox = hostile("");
    let objects = sandbox.disk("a").join("distbackup-objects");
    fs::remove_dir_all(&objects).unwrap();
    symlink("distbackup-objects", &objects).unwrap();
    for line in ["restore --from disks/a out", "verify a", "disk refresh a", "backup a"] {
        assert_ne!(bounded(&sandbox, line).code, 0, "{line}");
    }
}

#[test]
fn symlinks_in_a_circle_that_a_source_follows() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("good", "g").symlink("here", ".").symlink("above", "..").symlink("self", "self");
    sandbox.ok("source set /s --follow");
    bounded(&sandbox, "update");
    bounded(&sandbox, "backup a");
    restored_what_is_good(&sandbox, 0);
}

#[test]
fn patterns_that_would_try_everything() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("a".repeat(250), "g");
    let stars = "*a".repeat(100);
    for line in [format!("source set /s --ignore {stars}b"), format!("source set /s --exclude {stars}b")] {
        bounded(&sandbox, &line).expect(0, &line);
    }
    bounded(&sandbox, "update").expect(0, "update");
    for line in [format!("ls {stars}b"), format!("find {stars}b")] {
        bounded(&sandbox, &line);
    }
    bounded(&sandbox, "source set /s --ignore /(a{1000}){1000}").expect(2, "a rule of a million states");
    bounded(&sandbox, "source set /s --ignore /(((a{100}){100}){100}){100}").expect(2, "a rule of millions");
}

#[test]
fn documents_that_never_end() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.tree("").file("deep", format!("{{\"path_map\": {}", "[".repeat(5_000_000)));
    for line in ["config import deep", "config import /dev/zero", "simulate deep", "simulate /dev/zero"] {
        bounded(&sandbox, line).expect(2, line);
    }
}
