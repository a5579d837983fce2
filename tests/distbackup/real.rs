//! There and back with the real distbackup 1.0.20. `DSB_DISTBACKUP` names a python that has it;
//! without it these tests say that they are skipped.

use super::lines;
use crate::kit::{Ran, Sandbox, assert_same, objects, skipped};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The real program, with its catalog in a file of the sandbox.
struct Real<'s> {
    sandbox: &'s Sandbox,
    python: String,
    catalog: String,
}

impl<'s> Real<'s> {
    fn of(sandbox: &'s Sandbox, catalog: &Path) -> Option<Self> {
        let Ok(python) = std::env::var("DSB_DISTBACKUP") else {
            skipped("DSB_DISTBACKUP names no python with distbackup 1.0.20");
            return None;
        };
        Some(Self { sandbox, python, catalog: catalog.display().to_string() })
    }

    /// Runs it; it says of everything that it went well, so its words are looked at.
    #[track_caller]
    fn ok(&self, words: &[&str]) -> String {
        let mut command = Command::new(&self.python);
        command.args(["-m", "distbackup", "-L", "-d", &self.catalog]).args(words).current_dir(self.sandbox.path(""));
        command.env("HOME", self.sandbox.path("home"));
        let ran = Ran::of(command).expect(0, &words.join(" "));
        let text = ran.out + &ran.err;
        assert!(
            !["Traceback", "ERROR", "WARNING", "Exception"].iter().any(|bad| text.contains(bad)),
            "{words:?}: {text}"
        );
        text
    }
}

/// Ordinary files: distbackup restores symlinks into the live root, so there are none.
fn fill(sandbox: &Sandbox) {
    let tree = sandbox.tree("src");
    tree.files("many", 20, 5_000).file("a/b/c/deep", "deep").file("same", "twice").file("a/same", "twice");
    tree.file("grün ü", "umlauts").file("new\nline", "two lines").file("quo\"te'", "quotes").file("empty", "");
    tree.mtime("a/same", 1_600_000_000, 123_456_789).mtime("same", 1_500_000_001, 999_999_999).settle();
}

fn disks(sandbox: &Sandbox) {
    ["one", "two"].iter().for_each(|name| fs::create_dir_all(sandbox.disk(name)).unwrap());
}

#[test]
fn distbackup_writes_and_dsb_goes_on() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.catalog().parent().unwrap()).unwrap();
    let Some(real) = Real::of(&sandbox, &sandbox.catalog()) else { return };
    fill(&sandbox);
    disks(&sandbox);
    real.ok(&["source", "map", "/s", "src"]);
    real.ok(&["update"]);
    for name in ["one", "two"] {
        real.ok(&["disk", "add", name, &sandbox.disk(name).display().to_string(), "-s", "60000000"]);
        real.ok(&["backup", name]);
    }
    let folder = sandbox.catalog().parent().unwrap().display().to_string();
    sandbox.ok(&format!("catalog adopt {folder}"));
    let update = sandbox.ok("update --json").json();
    assert_eq!((&update["hashed"]["objects"], &update["changed"]), (&0.into(), &0.into()), "{update}");
    for name in ["one", "two"] {
        let backup = sandbox.ok(&format!("backup {name} --json")).json();
        assert_eq!((&backup["first"]["objects"], &backup["more"]["objects"]), (&0.into(), &0.into()), "{backup}");
        sandbox.ok(&format!("verify {name}"));
        sandbox.ok(&format!("restore --from disks/{name} from-{name}"));
        assert_same(&sandbox.path("src"), &sandbox.path(format!("from-{name}/s")));
    }
}

#[test]
fn dsb_writes_and_distbackup_goes_on() {
    let sandbox = Sandbox::new();
    let back = sandbox.path("back.sqlite");
    let Some(real) = Real::of(&sandbox, &back) else { return };
    fill(&sandbox);
    sandbox.ok("source map /s src");
    sandbox.add_disk("one", "40M");
    sandbox.add_disk("two", "40M");
    sandbox.back_up("one two");
    sandbox.ok("catalog export --format distbackup-1.0.20 back.sqlite");
    for name in ["one", "two"] {
        let (disk, to) = (sandbox.disk(name).display().to_string(), sandbox.path(format!("from-{name}")));
        real.ok(&["restore", &disk, &to.display().to_string()]);
        same_files(&sandbox.path("src"), &to.join("s"));
    }
    assert!(real.ok(&["info"]).contains("one"));
    // Nothing is read again, nothing copied again.
    assert!(!real.ok(&["-v", "update"]).contains("need hash"));
    let held = ["one", "two"].map(|name| objects(&sandbox.disk(name)));
    let before = lines(&back, "SELECT hash || nexus FROM object ORDER BY 1");
    for name in ["one", "two"] {
        let text = real.ok(&["backup", &sandbox.disk(name).display().to_string()]);
        assert!(!text.contains("copy /s") && !text.contains("delete "), "{text}");
    }
    assert_eq!(["one", "two"].map(|name| objects(&sandbox.disk(name))), held);
    assert_eq!(lines(&back, "SELECT hash || nexus FROM object ORDER BY 1"), before);
    // And what is new goes where it should.
    sandbox.tree("src").file("many/new", "new content");
    real.ok(&["update"]);
    real.ok(&["backup", &sandbox.disk("one").display().to_string()]);
    assert_eq!(objects(&sandbox.disk("one")).len(), held[0].len() + 1);
}

/// Content and time, to the millisecond: more distbackup does not keep.
fn same_files(expected: &Path, found: &Path) {
    let files = crate::kit::below(expected).into_iter().filter(|path| path.is_file());
    for path in files {
        let other = found.join(path.strip_prefix(expected).unwrap());
        assert_eq!(fs::read(&path).unwrap(), fs::read(&other).unwrap(), "{}", path.display());
        let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        let away = time(&path).duration_since(time(&other)).unwrap_or_else(|error| error.duration());
        let is_empty = fs::metadata(&path).unwrap().len() == 0;
        assert!(is_empty || away.as_millis() <= 2, "{}: {away:?}", path.display());
    }
}
