//! What names and files beside a file say of how it is to be protected.

use crate::kit::{Sandbox, objects};
use serde_json::{Value, json};

/// Copies wanted, priority and maxcopies that hold for a path.
fn holds(sandbox: &Sandbox, path: &str) -> Value {
    let state = sandbox.ok(&format!("source set {path} --json")).json()["paths"][0].clone();
    json!([state["copies"], state["priority"], state["maxcopies"]])
}

#[test]
fn a_file_beside_it_says_how_a_file_is_protected() {
    let sandbox = Sandbox::with_disks("a 30M");
    let source = sandbox.source();
    source.file("d/f", "f").file("d/f.meta-inf", r#"{"priority": 7, "maxcopies": 1, "hash": "ff"}"#).file("d/g", "g");
    sandbox.ok("source set /s --maxcopies 3");
    sandbox.ok("update");
    assert_eq!(holds(&sandbox, "/s/d/f"), json!([1, 7, 1]));
    assert_eq!(holds(&sandbox, "/s/d/g"), json!([2, 1, 3]));
    source.file("d/f.meta-inf", r#"{"maxcopies": "inf"}"#);
    sandbox.ok("update");
    assert_eq!(holds(&sandbox, "/s/d/f"), json!([2, 1, null]));
    sandbox.ok("source set /s/d/f --priority 9");
    assert_eq!(holds(&sandbox, "/s/d/f"), json!([2, 9, null]));
    source.remove("d/f.meta-inf");
    sandbox.ok("update");
    assert_eq!(holds(&sandbox, "/s/d/f"), json!([2, 9, 3]));
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM side_setting"), 0);
}

#[test]
fn what_it_says_goes_with_the_file() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("d/f", "f").file("d/f.meta-inf", r#"{"priority": 7}"#).file("g", "g");
    sandbox.ok("update");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM side_setting"), 1);
    sandbox.source().remove("d/f");
    sandbox.ok("update");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM side_setting"), 0);
    sandbox.source().file("d/f", "f");
    sandbox.ok("update");
    sandbox.source().remove("d");
    sandbox.ok("update");
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM side_setting"), 0);
}

#[test]
fn a_priority_of_none_leaves_a_file_out() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("f", "f").file("f.meta-inf", r#"{"priority": 0}"#).file("g", "g");
    let report = sandbox.ok("update --json").json();
    assert_eq!(report["left_out"], json!({ "ignored": 1 }));
    sandbox.ok("backup a");
    assert_eq!(objects(&sandbox.disk("a")).len(), 2, "g, and what is said of f");
    sandbox.source().file("f.meta-inf", "{}");
    sandbox.ok("update");
    sandbox.ok("ls /s/f").says("/s/f");
}

#[test]
fn what_means_nothing_is_said_and_not_heeded() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f", "f").file("f.meta-inf", "priority: 5").file("alone.meta-inf", "{").file("g", "g");
    sandbox.code(3, "update").says("f.meta-inf: no JSON");
    assert_eq!(holds(&sandbox, "/s/f"), json!([2, 1, null]));
    assert_eq!(sandbox.sql::<i64>("SELECT count(*) FROM entry WHERE kind = 0"), 4);
}

#[test]
fn a_rule_gives_a_priority() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("raw/a.raw", "a").file("raw/b.jpg", "b").file("x.raw/c", "c").file("in/d.raw", "d");
    sandbox.tree("other").file("e.raw", "e");
    sandbox.ok("source map /s/map other");
    sandbox.ok("source set /s --priority 2 -i !!!*.raw -i !*.jpg");
    sandbox.ok("source set /s/in --no-inherit");
    sandbox.ok("update");
    let table = [
        ("/s/raw/a.raw", 3),
        ("/s/raw/b.jpg", 1),
        ("/s/raw", 2),
        ("/s/x.raw/c", 3),
        ("/s/in/d.raw", 2),
        ("/s/map/e.raw", 2),
    ];
    for (path, priority) in table {
        assert_eq!(holds(&sandbox, path)[1], priority, "{path}");
    }
}

#[test]
fn what_a_rule_puts_first_has_the_room() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().files("d", 30, 200_000).file("d/z.raw", vec![7; 200_000]);
    sandbox.ok("update");
    let limited = "backup a --simulate --json --limit 1M";
    let first = |sandbox: &Sandbox| sandbox.ok(limited).json()["steps"][0]["path"].clone();
    assert_ne!(first(&sandbox), "/s/d/z.raw");
    sandbox.ok("source set /s -i !!*.raw");
    assert_eq!(first(&sandbox), "/s/d/z.raw");
}
