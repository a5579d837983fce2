//! The damage matrix: every kind of harm to every kind of file that dsb stands on. What is found,
//! what still works, and what makes it good again.

use crate::kit::{Sandbox, assert_same, object_file, objects};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// What may happen to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harm {
    Missing,
    Truncated,
    Grown,
    FirstByte,
    LastByte,
    BitInTheMiddle,
    /// A folder stands in its place: whoever reads it gets an error, root too.
    Unreadable,
}

use Harm::{BitInTheMiddle, FirstByte, Grown, LastByte, Missing, Truncated, Unreadable};

const ALL: [Harm; 7] = [Missing, Truncated, Grown, FirstByte, LastByte, BitInTheMiddle, Unreadable];

impl Harm {
    fn befalls(self, file: &Path) {
        let mut bytes = fs::read(file).unwrap();
        let (middle, last) = (bytes.len() / 2, bytes.len() - 1);
        match self {
            Missing | Unreadable => {}
            Truncated => bytes.truncate(middle),
            Grown => bytes.push(0),
            FirstByte => bytes[0] ^= 0xff,
            LastByte => bytes[last] ^= 0xff,
            BitInTheMiddle => bytes[middle] ^= 1,
        }
        fs::remove_file(file).unwrap();
        match self {
            Missing => {}
            Unreadable => fs::create_dir(file).unwrap(),
            _ => fs::write(file, bytes).unwrap(),
        }
    }
}

/// Ten files on two disks, each visited twice, so that there are two catalog copies on each.
fn lived_in() -> Sandbox {
    let sandbox = Sandbox::with_disks("a 30M b 30M");
    sandbox.source().files("f", 9, 10_000);
    sandbox.back_up("a b");
    sandbox.source().file("later", "x");
    sandbox.back_up("a b a");
    sandbox
}

/// After two more visits nothing shows that anything was wrong.
fn all_is_good_again(sandbox: &Sandbox, harm: Harm) {
    for disk in ["a", "b"] {
        sandbox.ok(&format!("backup {disk}"));
        let report = sandbox.ok(&format!("verify {disk} --json")).json();
        assert_eq!(report["good"]["objects"], 10, "{harm:?}");
    }
    sandbox.ok("catalog check a b");
    sandbox.ok("restore out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
    fs::remove_dir_all(sandbox.path("out")).unwrap();
}

#[test]
fn an_object() {
    let sandbox = lived_in();
    let disk = sandbox.disk("a");
    for harm in ALL {
        let id = objects(&disk).into_iter().next().unwrap();
        harm.befalls(&object_file(&disk, &id));
        // The other disk has it, so a restore brings everything, and says what is wrong.
        let restored = sandbox.run("restore out");
        assert!([0, 3].contains(&restored.code), "{harm:?}: {}", restored.err);
        assert_same(&sandbox.path("src"), &sandbox.path("out/s"));
        fs::remove_dir_all(sandbox.path("out")).unwrap();
        let report = sandbox.code(4, "verify a --json").json();
        // A folder in its place is no object, and goes out of the way like a damaged one.
        let kind = if harm == Missing { "missing" } else { "bad" };
        assert_eq!((&report["damage"][0]["kind"], &report["damage"][0]["object"]), (&json!(kind), &json!(id)));
        sandbox.ok("repair a");
        all_is_good_again(&sandbox, harm);
    }
}

#[test]
fn the_newest_catalog_copy_of_a_disk() {
    for harm in ALL {
        let sandbox = lived_in();
        harm.befalls(&sandbox.disk("a").join("distbackup.sqlite"));
        stands_on_the_older_copy(&sandbox, harm);
    }
}

#[test]
fn its_hash() {
    for harm in ALL {
        let sandbox = lived_in();
        harm.befalls(&sandbox.disk("a").join("distbackup.sqlite.sha256"));
        stands_on_the_older_copy(&sandbox, harm);
    }
}

/// The disk alone restores what one of its copies knows, the home catalog is made anew from it, and
/// the next visit leaves two good copies.
fn stands_on_the_older_copy(sandbox: &Sandbox, harm: Harm) {
    sandbox.ok("restore --from disks/a alone");
    assert_eq!(fs::read_dir(sandbox.path("alone/s/f")).unwrap().count(), 9, "{harm:?}");
    let home = sandbox.path("home/.config/distbackup");
    fs::rename(&home, sandbox.path("kept-home")).unwrap();
    sandbox.ok("catalog recover --from disks/a");
    fs::remove_dir_all(&home).unwrap();
    fs::rename(sandbox.path("kept-home"), &home).unwrap();
    if harm == Unreadable {
        // What is no file of ours is left for a person to look at.
        let disk = sandbox.disk("a");
        let folders = ["distbackup.sqlite", "distbackup.sqlite.sha256"].map(|name| disk.join(name));
        folders.iter().filter(|path| path.is_dir()).for_each(|path| fs::remove_dir(path).unwrap());
    }
    sandbox.source().file("newest", "y");
    sandbox.ok("update");
    sandbox.ok("backup a");
    assert_eq!(good_copies(&sandbox.disk("a")), 2, "{harm:?}");
}

/// Catalog copies whose SHA-256 is the one beside them.
fn good_copies(disk: &Path) -> usize {
    let files = fs::read_dir(disk).unwrap().map(|entry| entry.unwrap().path());
    let copies = files.filter(|path| path.extension().is_some_and(|end| end == "sqlite"));
    let is_good = |path: &PathBuf| {
        let noted = fs::read_to_string(format!("{}.sha256", path.display())).unwrap_or_default();
        noted.starts_with(&crate::kit::hash(path))
    };
    copies.filter(is_good).count()
}

#[test]
fn a_marker() {
    for harm in ALL {
        let sandbox = lived_in();
        let (disk, marker) = (sandbox.disk("a"), sandbox.disk("a").join("distbackup-disk.json"));
        let before = objects(&disk);
        harm.befalls(&marker);
        for command in ["backup a", "verify a", "repair a"] {
            let ran = sandbox.code(10, command);
            assert!(
                ran.err.contains("--new-marker") && ran.err.contains("distbackup-disk.json"),
                "{harm:?}: {}",
                ran.err
            );
        }
        assert_eq!(objects(&disk), before, "{harm:?}");
        if harm == Unreadable {
            sandbox.code(1, "disk refresh a --new-marker").says("directory");
            fs::remove_dir(&marker).unwrap();
        }
        sandbox.ok("disk refresh a --new-marker");
        sandbox.code(5, "disk refresh a --new-marker").says("usable marker");
        all_is_good_again(&sandbox, harm);
    }
}

#[test]
fn only_a_folder_with_objects_gets_a_marker() {
    let sandbox = lived_in();
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.code(5, "disk refresh a --path empty --new-marker").says("holds no objects");
    sandbox.code(5, "disk refresh a --path disks/b --new-marker").says("it is disk b");
    assert_eq!(fs::read_dir(sandbox.path("empty")).unwrap().count(), 0);
}

/// Of a folder only these can be: it is gone, a file stands there, a stranger is in it.
#[test]
fn a_folder_of_objects() {
    for harm in [Missing, Truncated, Grown] {
        let sandbox = lived_in();
        let id = objects(&sandbox.disk("a")).into_iter().next().unwrap();
        let folder = object_file(&sandbox.disk("a"), &id).parent().unwrap().to_owned();
        if harm == Grown {
            fs::write(folder.join("note"), "mine").unwrap();
            let report = sandbox.ok("verify a --json").json();
            assert_eq!(report["stranger_count"], 1);
            assert_eq!(fs::read_to_string(folder.join("note")).unwrap(), "mine");
        } else {
            fs::remove_dir_all(&folder).unwrap();
            if harm == Truncated {
                fs::write(&folder, "").unwrap();
            }
            assert_eq!(sandbox.code(4, "verify a --json").json()["good"]["objects"], 9, "{harm:?}");
            if harm == Truncated {
                sandbox.code(3, "repair a").says("Not a directory");
                fs::remove_file(&folder).unwrap();
            }
            sandbox.ok("repair a");
        }
        all_is_good_again(&sandbox, harm);
    }
}

#[test]
fn the_home_catalog() {
    for harm in ALL {
        let sandbox = lived_in();
        let before = [objects(&sandbox.disk("a")), objects(&sandbox.disk("b"))];
        harm.befalls(&sandbox.catalog());
        let ran = sandbox.run("info");
        // SQLite has no checksums: a bit may flip where nobody can see it.
        let silent = [Grown, LastByte, BitInTheMiddle].contains(&harm) && ran.code == 0;
        assert!([1, 4, 10].contains(&ran.code) || silent, "{harm:?}: {} {}", ran.code, ran.err);
        let checked = sandbox.run("catalog check");
        assert!([1, 4, 10].contains(&checked.code) || silent, "{harm:?}: {}", checked.err);
        if harm == Unreadable {
            fs::remove_dir(sandbox.catalog()).unwrap();
        }
        sandbox.ok("catalog recover --from disks/a disks/b --replace");
        assert_eq!([objects(&sandbox.disk("a")), objects(&sandbox.disk("b"))], before, "{harm:?}");
        all_is_good_again(&sandbox, harm);
    }
}
