//! What stands in a file of presets, and what is left out by it.

use super::run::{TWO_LINES, with, write};

#[test]
fn what_is_left_out_is_said_by_pattern_path_and_word() {
    let sandbox = with(&format!(
        "{TWO_LINES}exclude = *.tmp\nexclude = @/src/photos\nexclude = /nowhere/letter\nexclude_defaults = caches\n"
    ));
    sandbox.source().file("a.tmp", "x").file("deep/photos/two", "2").file(".cache/y", "y");
    sandbox.ok("run presets");
    let listed = sandbox.ok("ls --json").json();
    let paths: Vec<_> =
        listed["entries"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["/name", "/name/deep", "/name/deep/photos", "/name/deep/photos/two", "/name/letter"]);
    write(&sandbox, "presets", TWO_LINES);
    sandbox.ok("run presets");
    sandbox.ok("ls /name/a.tmp");
}

#[test]
fn what_is_left_out_of_a_system_is_left_out_wherever_that_is_mounted() {
    // The excludes of a script that was written for the machine itself.
    let sandbox = with(&format!(
        "{TWO_LINES}exclude = /run/*\nexclude = /home/ben/.gvfs\nexclude_defaults = system\nexclude_defaults = trash\n"
    ));
    sandbox.source().file("run/user/x", "x").file("home/ben/.gvfs/x", "x").file("home/ben/run/x", "x");
    sandbox.source().file("proc/1", "x").file("home/ben/.local/share/Trash/files/x", "x");
    sandbox.ok("run presets");
    for gone in ["run/user", "home/ben/.gvfs", "home/ben/.local/share/Trash"] {
        sandbox.code(3, &format!("ls /name/{gone}"));
    }
    sandbox.ok("ls /name/home/ben/run/x");
    sandbox.ok("ls /name/proc/1");
    sandbox.source().file("etc/fstab", "x").file("usr/bin/x", "x");
    sandbox.ok("run presets");
    sandbox.code(3, "ls /name/proc/1");
    sandbox.ok("ls /name/proc");
}

#[test]
fn a_path_that_is_left_out_is_known_by_the_name_that_the_source_is_given() {
    let sandbox = with("[name]\nsource = @/link\ndestination = @/drive\nexclude = @/link/photos\n");
    std::os::unix::fs::symlink("src", sandbox.path("link")).unwrap();
    sandbox.ok("run presets");
    sandbox.ok("ls /name/letter");
    sandbox.code(3, "ls /name/photos");
    write(&sandbox, "presets", "[name]\nsource = @/src\ndestination = @/drive\nexclude = @/*/letter\n");
    sandbox.ok("run presets");
    sandbox.code(3, "ls /name/letter");
}
