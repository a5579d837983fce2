//! `run`: presets, hooks, and the rule that a run with problems deletes nothing.

use crate::kit::{Ran, Sandbox, assert_same, objects, wait_until};
use serde_json::json;
use std::fs;
use std::os::unix::process::CommandExt;

/// A sandbox with an empty catalog, and this file of presets: `@` stands for the sandbox's folder.
pub(super) fn with(text: &str) -> Sandbox {
    let sandbox = Sandbox::with_disks("");
    sandbox.ok("source unmap /s");
    sandbox.source().file("letter", "dear all").file("photos/one", "1").settle();
    for folder in ["other", "drive", "drive-2"] {
        fs::create_dir(sandbox.path(folder)).unwrap();
    }
    write(&sandbox, "presets", text);
    sandbox
}

pub(super) fn write(sandbox: &Sandbox, name: &str, text: &str) {
    fs::write(sandbox.path(name), text.replace('@', sandbox.path("").to_str().unwrap().trim_end_matches('/'))).unwrap();
}

fn log(sandbox: &Sandbox) -> String {
    let folder = sandbox.catalog().parent().unwrap().join("log");
    let files = fs::read_dir(folder).into_iter().flatten();
    files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

pub(super) const TWO_LINES: &str = "[name]\nsource = @/src\ndestination = @/drive\n";

#[test]
fn two_lines_are_a_backup() {
    let sandbox = with(TWO_LINES);
    sandbox.ok("run presets").says("[name]").says("copied for the first time").says("Added drive");
    sandbox.ok("ls /name/letter");
    sandbox.ok("restore --from drive out");
    assert_same(&sandbox.path("src"), &sandbox.path("out/name"));
    sandbox.source().file("more", "more");
    let again = sandbox.ok("run presets --json").json();
    let preset = &again["presets"][0];
    assert_eq!(
        (&preset["preset"], &preset["update"]["added"], &preset["complete"]),
        (&json!("name"), &json!(1), &json!(true))
    );
    assert_eq!(preset["backups"][0]["first"]["objects"], 1);
    assert_eq!(again["skipped"], 0);
}

#[test]
fn several_files_and_sections_and_a_bad_one_is_named() {
    let sandbox =
        with("[one]\nsource = @/src\ndestination = @/drive\n\n[two]\nsource = @/other\ndestination = @/drive\n");
    fs::write(sandbox.path("other/x"), "x").unwrap();
    write(&sandbox, "more", "[three]\nsource = @/nowhere\ndestination = @/drive\n[four]\nsource = @/src\n");
    write(&sandbox, "junk", "this is a letter");
    let ran = sandbox.code(3, "run presets more junk missing").says("[one]").says("[two]");
    for word in ["[three]", "[four]: skipped: it has no destination", "skipped: ", "junk", "missing"] {
        assert!(ran.err.contains(word), "{word}: {}", ran.err);
    }
    sandbox.ok("ls /one/letter");
    sandbox.ok("ls /two/x");
    assert_eq!(sandbox.ok("disk list --json").json()["disks"].as_array().unwrap().len(), 1);
    let ran = sandbox.ok("run presets more --only two");
    assert!(!ran.out.contains("[one]") && ran.out.contains("[two]"), "{}", ran.out);
    sandbox.code(3, "run presets --only five").says("[five]");
    sandbox.code(3, "run presets presets").says("another preset of this name");
    assert!(sandbox.code(3, "-q run junk").err.contains("skipped: "), "who wants to hear little hears that");
}

#[test]
fn each_preset_looks_at_its_own_folders_only() {
    let sandbox =
        with("[one]\nsource = @/src\ndestination = @/drive\n[two]\nsource = @/other\ndestination = @/drive\n");
    fs::write(sandbox.path("other/x"), "x").unwrap();
    sandbox.ok("run presets");
    fs::remove_dir_all(sandbox.path("other")).unwrap();
    sandbox.source().file("new", "new");
    sandbox.ok("run presets --only one");
    sandbox.ok("ls /two/x");
    sandbox.code(3, "run presets --only two").says("other");
    sandbox.ok("ls /two/x");
}

#[test]
fn hooks_have_the_facts_and_their_say_goes_to_the_log() {
    let told =
        "echo told: $DSB_PRESET $DSB_DISKS exit $DSB_EXIT snapshot $DSB_SNAPSHOT $DSB_ADDED $DSB_OBJECTS $DSB_BYTES";
    let sandbox = with(&format!(
        "{TWO_LINES}before = echo before > @/before; test -f \"$DSB_CATALOG\"\nafter = {told}\nfailed = echo failed {told}\n"
    ));
    let ran = sandbox.ok("run presets -v");
    let drive = sandbox.path("drive");
    let words = format!("told: name {} exit 0 snapshot 1 4 2 9", drive.display());
    assert!(ran.err.contains(&words), "{}", ran.err);
    assert!(log(&sandbox).contains(&words) && !log(&sandbox).contains("failed told"));
    assert!(sandbox.path("before").exists());
    assert!(!sandbox.ok("run presets").err.contains("told:"), "it is for the log");
}

#[test]
fn a_failing_before_stops_its_preset_and_no_other() {
    let sandbox = with(&format!(
        "{TWO_LINES}before = echo no network; exit 7\nafter = touch @/after\nfailed = echo $DSB_EXIT > @/failed\n\n\
         [other]\nsource = @/other\ndestination = @/drive\n"
    ));
    fs::write(sandbox.path("other/x"), "x").unwrap();
    let ran = sandbox.code(3, "run presets");
    assert!(ran.err.contains("[name]: before ended with 7: no network"), "{}", ran.err);
    assert_eq!(fs::read_to_string(sandbox.path("failed")).unwrap(), "3\n");
    assert!(!sandbox.path("after").exists());
    sandbox.code(3, "ls /name");
    sandbox.ok("ls /other/x");
}

#[test]
fn a_run_that_had_problems_deletes_nothing() {
    let sandbox = with(&format!("{TWO_LINES}keep_last = 1\nfailed = touch @/failed\nafter = touch @/after\n"));
    sandbox.source().file("secret", "seen once");
    sandbox.give_to_nobody();
    let run = |sandbox: &Sandbox, code: i32| -> Ran { sandbox.as_nobody("run presets").expect(code, "run presets") };
    run(&sandbox, 0);
    fs::remove_file(sandbox.path("after")).unwrap();
    let before = objects(&sandbox.path("drive"));
    sandbox.source().remove("photos").file("letter", "changed").mode("secret", 0o000).owner("secret", 0, 0);
    run(&sandbox, 3);
    assert!(objects(&sandbox.path("drive")).is_superset(&before));
    assert!(sandbox.path("failed").exists() && !sandbox.path("after").exists());
    sandbox.source().remove("secret");
    run(&sandbox, 0);
    assert_eq!(objects(&sandbox.path("drive")).len(), 1, "now the policy holds");
}

#[test]
fn beside_another_run_no_hook_takes_away_what_it_works_with() {
    let sandbox = with(&format!("{TWO_LINES}before = touch @/before\nfailed = touch @/failed\n"));
    let lock = sandbox.hold_lock();
    sandbox.code(11, "run presets");
    drop(lock);
    assert!(!sandbox.path("before").exists() && !sandbox.path("failed").exists());
}

#[test]
fn what_is_kept_is_one_setting_of_the_catalog() {
    let sandbox =
        with(&format!("{TWO_LINES}keep_daily = 7\n\n[b]\nsource = @/other\ndestination = @/drive\nkeep_daily = 8\n"));
    sandbox.code(3, "run presets").says("wants other states kept");
    sandbox.ok("retention show").says("7 daily");
    write(&sandbox, "presets", TWO_LINES);
    sandbox.ok("run presets");
    sandbox.ok("retention show").says("7 daily");
}

#[test]
fn several_sources_and_disks_of_which_one_is_away() {
    let sandbox = with(
        "['set']\nsource = ['@/src', '@/other']\ndestination = ['@/drive', '@/drive-2']\nsize = '50M'\ngroup = 'desk'\n",
    );
    fs::write(sandbox.path("other/x"), "x").unwrap();
    sandbox.ok("run presets");
    sandbox.ok("ls /set/src/letter");
    sandbox.ok("ls /set/other/x");
    let disks = sandbox.ok("disk list --json").json();
    assert_eq!((&disks["disks"][1]["budget"], &disks["disks"][1]["group"]), (&json!(50_000_000), &json!("desk")));
    fs::rename(sandbox.path("drive"), sandbox.path("drawer")).unwrap();
    fs::create_dir(sandbox.path("drive")).unwrap();
    let report = sandbox.ok("run presets --json").json();
    assert_eq!(report["presets"][0]["not_attached"], json!(["drive"]));
    assert!(fs::read_dir(sandbox.path("drive")).unwrap().next().is_none(), "an empty mount point is no new disk");
    fs::rename(sandbox.path("drive-2"), sandbox.path("drawer-2")).unwrap();
    sandbox.code(3, "run presets").says("none of its disks is attached");
}

#[test]
fn a_disk_that_is_refused_is_told_and_the_others_have_their_turn() {
    let sandbox = with("['set']\nsource = '@/src'\ndestination = ['@/drive', '@/drive-2']\n");
    sandbox.ok("run presets");
    sandbox.tamper("UPDATE disk SET session = session - 1 WHERE name = 'drive'");
    sandbox.source().file("more", "more");
    let ran = sandbox.code(3, "run presets");
    assert!(ran.err.contains("drive is newer than this catalog"), "{}", ran.err);
    assert_eq!(objects(&sandbox.path("drive-2")).len(), 3);
}

#[test]
fn a_rehearsal_runs_no_hook_and_changes_nothing() {
    let sandbox = with(&format!("{TWO_LINES}before = touch @/before\n"));
    sandbox.ok("run presets -n").says("[name]");
    assert!(!sandbox.path("before").exists() && fs::read_dir(sandbox.path("drive")).unwrap().next().is_none());
    sandbox.code(3, "ls /name");
    let lock = sandbox.hold_lock();
    sandbox.code(11, "run presets");
    drop(lock);
}

#[test]
fn a_new_destination_that_is_not_there_is_told_and_the_others_have_their_turn() {
    let sandbox = with("[p]\nsource = @/src\ndestination = @/not-mounted\ndestination = @/drive\n");
    sandbox.code(3, "run presets").says("not-mounted is neither a disk nor a folder").says("copied for the first time");
    assert_eq!(objects(&sandbox.path("drive")).len(), 2);
}

#[test]
fn maps_of_an_earlier_form_are_told_and_a_folder_that_is_named_twice_is_one() {
    let sandbox = with("[p]\nsource = @/src\nsource = @/src/../src\ndestination = @/drive\n");
    fs::write(sandbox.path("other/x"), "x").unwrap();
    sandbox.ok("run presets");
    assert_eq!(sandbox.sql::<u32>("SELECT count(*) FROM source_map"), 1);
    write(&sandbox, "presets", "[p]\nsource = @/src\nsource = @/other\ndestination = @/drive\n");
    sandbox.code(3, "run presets").says("/p is still mapped to").says("dsb source unmap /p");
    sandbox.ok("source unmap /p");
    sandbox.ok("run presets");
    sandbox.ok("ls /p/other/x");
}

#[test]
fn a_word_that_is_spelled_wrong_is_named_before_what_seems_to_be_missing() {
    let sandbox = with(
        "[p]\nsource = @/src\ndestinaton = @/drive\n[q]\nsource = @/src\ndestination = @/drive\nhistory = guaranteed\n",
    );
    sandbox.code(3, "run presets").says("destinaton means nothing").says("nothing says which older states");
}

#[test]
fn a_hook_that_cannot_begin_or_says_odd_things_fails_alone() {
    let sandbox = with(
        "[a]\nsource = '@/src'\ndestination = '@/drive'\nbefore = \"echo a\\u0000b\"\nfailed = 'echo told > @/told'\n\n\
         [b]\nsource = '@/src'\ndestination = '@/drive'\nafter = \"printf '\\\\033[31m\\\\007x'; exit 3\"\n",
    );
    let ran = sandbox.code(3, "run presets -v").says("[a]").says("copied for the first time");
    assert!(
        !ran.err.contains('\u{1b}') && !ran.out.contains('\u{1b}') && !log(&sandbox).contains('\u{1b}'),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("after ended with 3") && sandbox.path("told").exists());
}

#[test]
fn who_interrupts_a_hook_interrupts_the_run() {
    for hook in ["before", "after"] {
        let text = format!("[p]\nsource = @/src\ndestination = @/drive\n{hook} = touch @/begun; sleep 20\n");
        let sandbox = with(&(text + "failed = echo $DSB_EXIT > @/told\n"));
        let mut command = sandbox.command();
        command.args(["run", "presets"]).process_group(0);
        let mut running = command.spawn().unwrap();
        wait_until(|| sandbox.path("begun").exists());
        let group = format!("-{}", running.id());
        assert!(std::process::Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
        assert_eq!(running.wait().unwrap().code(), Some(130), "{hook}");
        let told = fs::read_to_string(sandbox.path("told")).unwrap_or_default();
        assert_eq!(told.trim(), if hook == "before" { "130" } else { "" });
    }
}
