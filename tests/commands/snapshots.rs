//! `snapshot`, `versions` and `--at`: going back in time.

use crate::kit::{Sandbox, assert_same, below, hash};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Four states: each a change of every kind, copied aside as it was.
fn four_states() -> (Sandbox, Vec<PathBuf>) {
    let sandbox = Sandbox::with_disks("a 60M");
    sandbox.ok("retention set --keep-last 9");
    let source = sandbox.source();
    source.file("two", "first").file("old/a", "a").file("old/deep/b", "b").file("gone", "gone").symlink("link", "two");
    let mut copies = vec![state(&sandbox, 1)];
    sandbox.source().file("two", "second!").rename("old", "new").remove("gone");
    copies.push(state(&sandbox, 2));
    sandbox.source().remove("link").file("link", "no link").mode("new/a", 0o600).file("gone", "again");
    copies.push(state(&sandbox, 3));
    sandbox.source().remove("new").file("two", "first").file("empty", "");
    copies.push(state(&sandbox, 4));
    (sandbox, copies)
}

fn state(sandbox: &Sandbox, number: u32) -> PathBuf {
    sandbox.source().settle();
    let copy = sandbox.path(format!("then-{number}"));
    let copied = std::process::Command::new("cp").arg("-a").args([&sandbox.path("src"), &copy]).status().unwrap();
    assert!(copied.success());
    sandbox.back_up("a");
    copy
}

fn listed(sandbox: &Sandbox, line: &str) -> Vec<String> {
    let listed = sandbox.ok(line).json();
    let mut paths: Vec<_> =
        listed["entries"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap().to_owned()).collect();
    paths.sort();
    paths
}

fn in_folder(folder: &Path) -> Vec<String> {
    let path = |path: PathBuf| format!("/s/{}", path.strip_prefix(folder).unwrap().display());
    let mut paths: Vec<_> = below(folder).into_iter().map(path).chain(["/s".to_owned()]).collect();
    paths.sort();
    paths
}

#[test]
fn every_state_is_listed_and_restored_as_it_was() {
    let (sandbox, copies) = four_states();
    for (number, copy) in (1..).zip(&copies) {
        assert_eq!(listed(&sandbox, &format!("ls --at {number} --json")), in_folder(copy), "state {number}");
        sandbox.ok(&format!("restore --at {number} a out-{number}")).says("The state of ");
        assert_same(copy, &sandbox.path(format!("out-{number}/s")));
        sandbox.ok(&format!("restore --at {number} --from disks/a alone-{number}"));
        assert_same(copy, &sandbox.path(format!("alone-{number}/s")));
    }
    assert_eq!(listed(&sandbox, "ls --at latest --json"), listed(&sandbox, "ls --json"));
    assert_eq!(listed(&sandbox, "ls --at 1 /s/old --json"), ["/s/old", "/s/old/a", "/s/old/deep", "/s/old/deep/b"]);
    sandbox.code(3, "ls --at 2 /s/old");
    sandbox.ok("restore --at 1 --minset out-5").says("a");
}

#[test]
fn states_are_called_by_number_name_and_time() {
    let (sandbox, _) = four_states();
    let states = sandbox.ok("snapshot list --json").json();
    let name = states["snapshots"][1]["name"].as_str().unwrap().to_owned();
    for when in ["2", "#2", &name] {
        assert_eq!(sandbox.ok(&format!("snapshot show {when} --json")).json()["snapshot"], 2, "{when}");
    }
    assert_eq!(sandbox.ok("snapshot show today --json").json()["snapshot"], 4);
    sandbox.code(2, "snapshot show 9").says("there is no state 9");
    sandbox.code(2, "ls --at 2020-01-01").says("the oldest is 1, of");
    sandbox.code(2, "ls --at whenever").says("3 weeks ago");
    sandbox.code(2, "ls --at yesterday");
}

#[test]
fn what_changed_is_told_path_by_path() {
    let (sandbox, _) = four_states();
    let lines = |line: &str| {
        let out = sandbox.ok(line).out;
        let mut lines: Vec<String> = out.lines().filter(|line| line.contains(" /")).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(
        lines("snapshot diff 1 2"),
        [
            "+ /s/new/",
            "+ /s/new/deep/",
            "- /s/gone",
            "- /s/old/",
            "- /s/old/deep/",
            "M /s/two",
            "R /s/old/a -> /s/new/a",
            "R /s/old/deep/b -> /s/new/deep/b",
            "U /s/"
        ]
        .map(str::to_owned)
        .to_vec()
        .tap_sort()
    );
    assert_eq!(
        lines("snapshot diff 2 3"),
        ["+ /s/gone", "T /s/link", "U /s/", "U /s/new/a"].map(str::to_owned).to_vec().tap_sort()
    );
    assert_eq!(
        lines("snapshot diff 3"),
        ["+ /s/empty", "- /s/new/", "- /s/new/a", "- /s/new/deep/", "- /s/new/deep/b", "M /s/two", "U /s/"]
            .map(str::to_owned)
            .to_vec()
            .tap_sort()
    );
    let json = sandbox.ok("snapshot diff 1 2 --json").json();
    let renamed = json["changes"].as_array().unwrap().iter().find(|change| change["change"] == "renamed").unwrap();
    assert_eq!((&renamed["path"], &renamed["from"]), (&json!("/s/new/a"), &json!("/s/old/a")));
    assert!(lines("snapshot diff 4 4").is_empty());
    sandbox.code(2, "snapshot diff 3 1").says("older");
}

/// Sorted, in one expression.
trait TapSort {
    fn tap_sort(self) -> Self;
}

impl TapSort for Vec<String> {
    fn tap_sort(mut self) -> Self {
        self.sort();
        self
    }
}

#[test]
fn the_versions_of_a_path_are_told_with_their_disks() {
    let (sandbox, _) = four_states();
    let versions = sandbox.ok("versions /s/two --json").json();
    let told = |version: &Value| {
        (version["first"]["snapshot"].as_i64(), version["present"].as_bool(), version["disks"].clone())
    };
    let told: Vec<_> = versions["versions"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(told.len(), 2, "{versions}");
    assert_eq!(told[0], (Some(1), Some(true), json!(["a"])), "the same content again is the same version");
    assert_eq!(told[1], (Some(2), Some(false), json!(["a"])));
    assert_eq!(sandbox.ok("versions /s/old/a --json").json()["versions"].as_array().unwrap().len(), 1);
    sandbox.code(3, "versions /s/never").says("Nothing was ever");
    sandbox.ok("versions /s/gone").says("#1").says("now");
    let found = sandbox.ok("find --at 2 two --json").json();
    assert_eq!(found["found"].as_array().unwrap().len(), 1);
    sandbox.code(3, "find --at 2 gone").says("was there then");
}

#[test]
fn a_person_keeps_and_forgets_states() {
    let (sandbox, _) = four_states();
    sandbox.ok("snapshot keep 1 2").says("by hand");
    sandbox.ok("snapshot tag 3 --add trip");
    sandbox.ok("retention set --keep-last 1 --keep-tag trip -n").says("tag trip");
    sandbox.ok("retention set --keep-last 1 --keep-tag trip");
    sandbox.source().file("more", "more");
    sandbox.ok("update --tag now");
    let numbers = |sandbox: &Sandbox| {
        let list = sandbox.ok("snapshot list --json").json();
        let rows = list["snapshots"].as_array().unwrap().clone();
        rows.iter().map(|row| row["snapshot"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&sandbox), [1, 2, 3, 5]);
    assert_eq!(sandbox.ok("snapshot show --json").json()["tags"], json!(["now"]));
    sandbox.ok("update --tag again");
    assert_eq!(sandbox.ok("snapshot show --json").json()["tags"], json!(["again", "now"]), "nothing changed since");
    sandbox.code(5, "snapshot forget 1").says("unkeep");
    sandbox.code(5, "snapshot forget latest").says("newest");
    sandbox.ok("snapshot unkeep 1");
    let show = sandbox.ok("snapshot show 1 --json").json();
    assert_eq!(
        show["alone"],
        json!([{ "disk": "a", "freed": { "objects": 1, "bytes": 4 } }]),
        "the file `gone` as it was"
    );
    assert_eq!(sandbox.ok("snapshot forget 1 --json").json()["freed"], show["alone"]);
    sandbox.ok("snapshot tag 3 --remove trip");
    sandbox.ok("snapshot unkeep 2");
    sandbox.ok("retention show").says("until the next update").says("Frees on a");
    sandbox.ok("catalog check");
    sandbox.code(2, "snapshot tag 3");
}

#[test]
fn states_say_what_was_wrong_with_them() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "x");
    sandbox.give_to_nobody();
    sandbox.source().mode("f", 0o000).owner("f", 65_534, 65_534).file("g", "y");
    sandbox.as_nobody("update").expect(3, "update");
    sandbox.ok("snapshot list").says("1 problem");
    assert_eq!(sandbox.ok("snapshot show --json").json()["problems"], 1);
    let empty = Sandbox::with_disks("");
    empty.ok("snapshot list").says("There is no state yet");
    empty.code(2, "snapshot show");
}

#[test]
fn a_state_that_gives_up_content_does_not_end_the_backup_that_it_makes_way_for() {
    let sandbox = Sandbox::with_disks("a 33M");
    sandbox.ok("retention set --fill");
    sandbox.source().files("w", 900, 10_000);
    sandbox.back_up("a");
    sandbox.source().remove("w").files("w", 900, 10_001);
    sandbox.ok("update");
    sandbox.ok("backup a");
    assert_eq!(sandbox.ok("info --json").json()["levels"][0]["objects"], 0);
    sandbox.ok("snapshot list").says("partly given up");
    sandbox.ok("catalog check");
}

#[test]
fn as_much_history_as_the_disk_holds_the_oldest_given_up_first() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.ok("retention set --fill");
    let mut first = None;
    for week in 0..10 {
        if week > 0 {
            sandbox.source().remove("w");
        }
        sandbox.source().files("w", 4, 500_000 + week);
        first = first.or_else(|| Some(hash(&sandbox.path("src/w/0000"))));
        sandbox.back_up("a");
        assert_eq!(sandbox.ok("info --json").json()["levels"][0]["objects"], 0, "week {week}");
    }
    let list = sandbox.ok("snapshot list --json").json();
    let rows = list["snapshots"].as_array().unwrap();
    let whole: Vec<bool> = rows.iter().map(|row| !row["given_up"].as_bool().unwrap()).collect();
    assert!(rows.len() > 2 && rows.len() < 10 && whole.is_sorted(), "{list}");
    let oldest = rows.iter().find(|row| !row["given_up"].as_bool().unwrap()).unwrap()["snapshot"].as_i64().unwrap();
    sandbox.ok(&format!("restore --at {oldest} a out"));
    assert!(!crate::kit::objects(&sandbox.disk("a")).contains(&first.unwrap()));
    sandbox.ok("catalog check");
}

#[test]
fn what_came_back_after_something_else_is_told_once_more() {
    let sandbox = Sandbox::with_disks("");
    sandbox.ok("retention set --keep-last 9");
    for content in ["one", "two2", "one", "one"] {
        sandbox.source().file("f", content).settle();
        sandbox.ok("update");
    }
    let told = sandbox.ok("versions /s/f --json").json();
    let of = |version: &Value| json!([version["bytes"], version["times"]]);
    let told: Vec<_> = told["versions"].as_array().unwrap().iter().map(of).collect();
    assert_eq!(told, [json!([3, [[1, 1], [3, 4]]]), json!([4, [[2, 2]]])]);
    let lines = sandbox.ok("versions /s/f").out;
    let starts: Vec<_> = lines.lines().skip(1).map(|line| line[..2].to_owned()).collect();
    assert_eq!(starts, ["#1", "#2", "#3"], "{lines}");
    assert_eq!(lines.matches("now").count(), 1, "{lines}");
}

#[test]
fn a_file_that_took_the_place_of_another_is_told_at_both_places() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("a", "aaa").file("b", "bbbbbb").file("c", "c").settle();
    sandbox.ok("update");
    sandbox.source().rename("a", "b").rename("c", "d");
    sandbox.ok("update");
    let changes = sandbox.ok("snapshot diff 1 2 --json").json();
    let of = |change: &Value| format!("{} {}", change["change"].as_str().unwrap(), change["path"].as_str().unwrap());
    let mut told: Vec<_> = changes["changes"].as_array().unwrap().iter().map(of).collect();
    told.sort();
    assert_eq!(told, ["content /s/b", "metadata /s", "removed /s/a", "renamed /s/d"]);
}

#[test]
fn a_policy_that_keeps_nothing_is_said_in_so_many_words() {
    let sandbox = Sandbox::with_disks("");
    for line in ["retention set", "retention set --history guaranteed"] {
        sandbox.code(2, line).says("nothing says which older states").says("--keep-last 1");
    }
    assert_eq!(sandbox.ok("retention show --json").json()["keep_within"], "30d");
    sandbox.ok("retention set --fill");
    sandbox.ok("retention set --keep-last 1");
}

#[test]
fn a_tag_is_one_word() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f", "f");
    sandbox.ok("update");
    let command = |tag: &str| {
        let mut command = sandbox.command();
        command.args(["snapshot", "tag", "latest", "--add", tag]);
        crate::kit::Ran::of(command).code
    };
    assert_eq!(["two words", "", "a,b", "\u{1b}[31mred"].map(command), [2; 4]);
    assert_eq!(command("release-1.0"), 0);
    // What an older catalog has is shown, but does nothing to a terminal.
    sandbox.tamper("UPDATE snapshot_tag SET tag = 'a' || char(27) || '[31m'");
    assert!(!sandbox.ok("snapshot list").out.contains('\u{1b}'));
}

#[test]
fn the_oldest_of_all_is_said_to_be_kept_as_such() {
    let sandbox = Sandbox::with_disks("");
    sandbox.ok("retention set --keep-daily 7");
    for content in ["one", "two", "three"] {
        sandbox.source().file("f", content).settle();
        sandbox.ok("update");
    }
    sandbox.ok("retention show").says("oldest daily").says("newest, daily");
}
