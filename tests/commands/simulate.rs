//! A shelf that is only written down: what becomes of it, in figures that are known beforehand.

use crate::kit::{Ran, Sandbox};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A scenario of the fixtures, by the beginning of its name.
fn fixture(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/placement");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files = files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(name));
    serde_json::from_slice(&fs::read(files.next().unwrap()).unwrap()).unwrap()
}

fn run(scenario: &Value, flags: &str) -> Ran {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("s.json"), scenario.to_string()).unwrap();
    let ran = sandbox.run(&format!("simulate s.json {flags}"));
    assert!(!sandbox.path("home/.config").exists(), "no catalog is touched");
    ran
}

fn simulated(scenario: &Value) -> Value {
    run(scenario, "--json --placement").expect(0, "simulate").json()
}

/// The same scenario, broken off after so many events.
fn after(scenario: &Value, events: usize) -> Value {
    let mut begun = scenario.clone();
    begun["events"].as_array_mut().unwrap().truncate(events);
    simulated(&begun)
}

/// How many copies each object has.
fn copies(report: &Value) -> Vec<usize> {
    report["copies"].as_array().unwrap().iter().map(|disks| disks.as_array().unwrap().len()).collect()
}

/// Bytes that all visits copied.
fn written(report: &Value) -> u64 {
    report["visits"].as_array().unwrap().iter().map(|visit| visit["copied"]["bytes"].as_u64().unwrap()).sum()
}

/// A scenario of two disks with room for four units, two folders of two objects of a unit.
fn small() -> Value {
    json!({
        "format": "dsb-placement-scenario/1",
        "disks": [
            { "id": 0, "name": "a", "size": 4 * UNIT, "initial": true },
            { "id": 7, "name": "b", "size": 4 * UNIT, "initial": false },
        ],
        "dirs": ["/a", "/b"],
        "objects": [[UNIT - 4096, 0, 1, 0], [UNIT - 4096, 0, 1, 0], [UNIT - 4096, 1, 1, 1], [UNIT - 4096, 1, 1, 0]],
        "events": [["add", 0, 4], ["attach", 0], ["add_disk", 7], ["attach", 7], ["delete", [[0, 1]]], ["settle"]],
    })
}

const UNIT: u64 = 1 << 20;

#[test]
fn the_least_copied_takes_the_room_of_the_most_copied() {
    let scenario = fixture("m01");
    assert_eq!(copies(&after(&scenario, 4)), [3, 3, 0]);
    let traded = copies(&after(&scenario, 6));
    assert_eq!((traded[2], traded[0] + traded[1]), (1, 5));
    let even = after(&scenario, 7);
    assert_eq!(copies(&even), [2, 2, 2]);
    let settled = simulated(&scenario);
    assert_eq!((copies(&settled), written(&settled)), (vec![2, 2, 2], written(&even)));
    assert_eq!(
        settled["final"],
        json!({
            "data": 6 * UNIT, "bytes_at_least": [6 * UNIT, 6 * UNIT, 0], "bound": [6 * UNIT, 6 * UNIT, 0],
        })
    );
    assert_eq!((&settled["visits_to_settle"], &settled["violations"]), (&json!(0), &json!(0)));
}

#[test]
fn one_big_object_displaces_as_many_small_ones_as_it_needs() {
    let scenario = fixture("m02");
    assert_eq!(copies(&after(&scenario, 4))[..8], [3; 8]);
    let traded = copies(&after(&scenario, 6));
    let small = |n| traded[..8].iter().filter(|copies| **copies == n).count();
    assert_eq!((traded[8], small(2), small(3)), (1, 6, 2));
    let settled = simulated(&scenario);
    assert!(copies(&settled)[8] == 2 && copies(&settled).iter().all(|copies| *copies >= 1));
    assert_eq!(settled["final"]["bytes_at_least"], json!([14 * UNIT, 10 * UNIT, 0]));
    assert_eq!(settled["final"]["bound"], json!([14 * UNIT, 10 * UNIT, 0]));
}

#[test]
fn last_copies_stay_whatever_waits() {
    let scenario = fixture("m03");
    let full = after(&scenario, 3);
    assert_eq!(copies(&full)[..6], [1; 6]);
    let settled = simulated(&scenario);
    assert_eq!((copies(&settled), written(&settled)), (vec![1, 1, 1, 1, 1, 1, 0], written(&full)));
    assert_eq!(settled["final"]["data"], 7 * UNIT);
}

#[test]
fn orphans_make_room_in_the_same_visit() {
    let settled = after(&fixture("m04"), 5);
    assert_eq!(settled["copies"], json!([[], [0], [0]]));
    let one = json!({ "objects": 1, "bytes": 2 * UNIT });
    assert_eq!(settled["visits"][1], json!({ "disk": 0, "deleted": one, "copied": one }));
}

#[test]
fn directories_stay_together() {
    let settled = simulated(&fixture("m05"));
    assert_eq!(copies(&settled), [1; 8]);
    assert_eq!(settled["folder_disks"], json!({ "mean": 1.0, "worst": 1.0 }));
    assert_eq!(settled["copies"][0], settled["copies"][2]);
}

/// docs/placement.md shows this shelf before the film comes, and after.
#[test]
fn the_drawing_in_the_documentation_is_true() {
    let before = self::after(&fixture("drawing"), 4);
    assert_eq!(before["copies"], json!([[], [0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 1]]));
    let after = simulated(&fixture("drawing"));
    assert_eq!(after["copies"], json!([[0, 1], [0, 2], [0, 2], [2], [1, 2], [0, 1]]));
    assert_eq!(after["final"]["bytes_at_least"], json!([8 * UNIT, 7 * UNIT, 0]));
    assert_eq!(after["final"]["bound"], after["final"]["bytes_at_least"]);
    let drawn = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/placement.md")).unwrap();
    let rows = ["[l1][l2][p1][p2][p3][  ]   [   film   ][l1][l2][p3]", "[   film   ][p2][p3]", "[l1][l2][p1][p2]  "];
    assert!(rows.iter().all(|row| drawn.contains(row)));
}

#[test]
fn the_report_is_what_the_readme_says() {
    let report = simulated(&small());
    let amount = |objects: u64| json!({ "objects": objects, "bytes": objects * UNIT });
    let visit = |disk, deleted, copied| json!({ "disk": disk, "deleted": amount(deleted), "copied": amount(copied) });
    let visits = [visit(0, 0, 4), visit(7, 0, 3), visit(0, 1, 0), visit(7, 1, 0), visit(0, 0, 0), visit(7, 0, 0)];
    assert_eq!(
        report,
        json!({
            "visits": visits,
            "final": { "data": 3 * UNIT, "bytes_at_least": [3 * UNIT, 2 * UNIT], "bound": [3 * UNIT, 2 * UNIT] },
            "written": 7.0 / 3.0,
            "visits_to_settle": 0,
            "folder_disks": { "mean": 1.0, "worst": 1.0 },
            "violations": 0,
            "copies": [[], [0, 7], [0], [0, 7]],
        })
    );
    let mut never = small();
    never["events"] = json!([["add", 0, 4]]);
    let report = run(&never, "--json").expect(0, "simulate").json();
    assert_eq!(report["final"], json!({ "data": 4 * UNIT, "bytes_at_least": [0], "bound": [4 * UNIT] }));
    assert_eq!((&report["visits_to_settle"], &report["folder_disks"]["mean"]), (&Value::Null, &Value::Null));
    assert_eq!((&report["written"], report.get("copies")), (&json!(0.0), None));
}

#[test]
fn a_disk_may_be_lost_and_come_back_empty() {
    let mut scenario = small();
    scenario["events"] =
        json!([["add", 0, 4], ["attach", 0], ["lose_disk", 0], ["add_disk", 7], ["add_disk", 0], ["settle"]]);
    let report = simulated(&scenario);
    assert_eq!(report["copies"], json!([[0, 7], [0, 7], [0], [0, 7]]));
    assert_eq!(report["visits_to_settle"], 2);
    scenario["events"].as_array_mut().unwrap().truncate(3);
    let report = simulated(&scenario);
    assert_eq!(report["final"], json!({ "data": 4 * UNIT, "bytes_at_least": [], "bound": [] }));
}

#[test]
fn the_same_scenario_comes_to_the_same() {
    for name in ["m01", "m02", "m03", "m04", "m05"] {
        let scenario = fixture(name);
        for flags in ["--json --placement", ""] {
            assert_eq!(run(&scenario, flags).out, run(&scenario, flags).out, "{name}");
        }
    }
}

#[test]
fn people_get_two_tables_and_what_it_came_to() {
    let ran = run(&fixture("m02"), "").expect(0, "simulate");
    let expected = "\
visit  disk                     copied           deleted
    1  disk00                        8  8.39 MB        -
    2  disk01                        8  8.39 MB        -
    3  disk02                        8  8.39 MB        -
    4  disk00                        1  6.29 MB        6  6.29 MB
    5  disk01                        1  6.29 MB        6  6.29 MB
  6-8  3 visits, nothing to do       -                 -

content                 reached    bound  of the bound  of the data
all that is live        14.7 MB        -             -            -
with at least 1 copy    14.7 MB  14.7 MB      100.00 %     100.00 %
with at least 2 copies  10.5 MB  10.5 MB      100.00 %      71.42 %
Written: 2.571 times the data.
Settled after 0 visits of the last settling.
A folder comes back from 1.00 times as many disks as it has to, 1.00 at worst.
No plan broke a rule.
";
    assert_eq!((ran.out.as_str(), ran.err.as_str()), (expected, ""));
    assert_eq!(run(&fixture("m02"), "-q").out, "");
}

#[test]
fn names_from_a_file_cannot_forge_a_line() {
    let mut scenario = small();
    scenario["disks"][0]["name"] = json!("\u{1b}[2J\nvisit 9");
    scenario["disks"][1]["name"] = json!("ü".repeat(300));
    let out = run(&scenario, "").expect(0, "simulate").out;
    assert!(out.contains("\\x1b[2J\\nvisit 9") && out.lines().all(|line| line.chars().count() <= 80), "{out}");
}

#[test]
fn what_is_no_scenario_is_usage() {
    let change = |key: &str, value: Value| {
        let mut scenario = small();
        scenario[key] = value;
        scenario.to_string()
    };
    let object = |line: Value| change("objects", json!([line]));
    let event = |line: Value| change("events", json!([["add_disk", 7], line]));
    let disk = |id: i64| json!({ "id": id, "name": "x", "size": 1, "initial": true });
    let table = [
        (String::new(), "EOF"),
        ("[]".into(), "expected an object with a format"),
        ("{\"format\": 1}".into(), "line 1"),
        (change("format", json!("other/1")), "other/1"),
        (small().to_string().replace("format", "form"), "format"),
        (change("alloc_rule", json!("size")), "alloc_rule"),
        (change("disks", json!([disk(3), disk(3)])), "disk 3: two"),
        (change("disks", json!([disk(64)])), "disk 64"),
        (change("disks", json!([disk(-1)])), "disk -1"),
        (change("disks", (0..65).map(disk).collect()), "65 disks"),
        (change("disks", json!([{ "id": 0, "size": -1, "initial": true }])), "-1"),
        (change("disks", json!([{ "id": 0, "initial": true }])), "size"),
        (change("dirs", json!([1])), "string"),
        (object(json!([1, 2, 1, 0])), "object 0: folder 2"),
        (object(json!([1, u64::MAX, 1, 0])), "object 0: folder"),
        (object(json!([1, 0, 256, 0])), "priority"),
        (object(json!([1, 0, 1, 300])), "maxcopies"),
        (object(json!([u64::MAX, 0, 1, 0])), "object 0: a size"),
        (object(json!([u64::MAX - 8191, 0, 1, 0])), "event 0"),
        (object(json!([1, 0, 1])), "line"),
        (object(json!([1, 0, 1, 0, 0])), "line"),
        (object(json!([-1, 0, 1, 0])), "-1"),
        (object(json!([0.5, 0, 1, 0])), "0.5"),
        (change("objects", json!(vec![[1_u64 << 63, 0, 1, 0]; 2])), "object 1: up to it"),
        (event(json!(["add", 0, 5])), "event 1, [\"add\",0,5]: 0 to 5"),
        (event(json!(["add", 3, 2])), "3 to 2"),
        (event(json!(["add", 0])), "no such event"),
        (event(json!(["add", "0", 1])), "no range"),
        (event(json!(["delete", [[0, 5]]])), "0 to 5"),
        (event(json!(["delete", [0, 1]])), "is no range"),
        (event(json!(["delete", 0])), "list of ranges"),
        (event(json!(["attach", 1])), "no disk 1"),
        (event(json!(["attach", "a"])), "no disk"),
        (event(json!(["attach", 64])), "no disk 64"),
        (event(json!(["add_disk", 7])), "disk 7 is on the shelf already"),
        (change("events", json!([["attach", 7]])), "disk 7 is not on the shelf then"),
        (change("events", json!([["lose_disk", 0], ["attach", 0]])), "event 1"),
        (change("events", json!([["lose_disk", 7]])), "disk 7 is not on the shelf then"),
        (event(json!(["settle", 0])), "no such event"),
        (event(json!(["explode\n"])), "no such event"),
        (event(json!({ "settle": true })), "no such event"),
        (event(json!([])), "no such event"),
        (small().to_string() + "x", "trailing"),
    ];
    let sandbox = Sandbox::new();
    for (text, says) in table {
        fs::write(sandbox.path("s.json"), &text).unwrap();
        let ran = sandbox.code(2, "simulate s.json --json");
        assert!(ran.out.is_empty() && ran.err.contains("s.json") && ran.err.contains(says), "{text}\n{}", ran.err);
    }
    fs::write(sandbox.path("s.json"), [0xff, 0xfe]).unwrap();
    sandbox.code(2, "simulate s.json");
    sandbox.code(2, "simulate");
}

#[test]
fn what_cannot_be_read_is_a_failure() {
    let sandbox = Sandbox::new();
    sandbox.code(1, "simulate none.json").says("none.json");
    sandbox.code(1, "simulate .");
}

#[test]
fn the_largest_numbers_and_the_emptiest_shelves_do_no_harm() {
    let huge = (u64::MAX / 4096 - 1) * 4096 - 4096;
    let mut scenario = small();
    scenario["disks"][0]["size"] = json!(u64::MAX);
    scenario["objects"] = json!([[huge, 0, 1, 0], [0, 0, 255, 255]]);
    scenario["events"] = json!([["add", 0, 2], ["settle"], ["add_disk", 7], ["settle"]]);
    let report = simulated(&scenario);
    assert_eq!(report["copies"], json!([[0], [0, 7]]));
    let empty = json!({
        "format": "dsb-placement-scenario/1", "disks": [], "dirs": [], "objects": [], "events": [["settle"]],
    });
    assert_eq!(simulated(&empty)["final"], json!({ "data": 0, "bytes_at_least": [], "bound": [] }));
    run(&empty, "").expect(0, "simulate");
}
