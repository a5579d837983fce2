//! Output that nobody reads to its end.

use crate::kit::{Sandbox, hash, object_file, shell};
use std::fs;

/// Whoever looks at the first lines waits for no more, and reads of no failure.
#[test]
fn a_look_ends_where_nobody_reads_it() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().files("a", 1_500, 10);
    sandbox.ok("update");
    for look in ["ls", "ls --json", "find a", "tree", "du", "source list"] {
        let ran = shell(&sandbox, &format!("\"$dsb\" {look} | true; exit ${{PIPESTATUS[0]}}"));
        let ran = ran.expect(0, look);
        assert_eq!(ran.err, "", "{look}");
    }
    // What changes something is done whoever reads.
    sandbox.source().file("new", "x");
    let ran = shell(&sandbox, "\"$dsb\" update | true; exit ${PIPESTATUS[0]}");
    ran.expect(0, "update");
    assert!(sandbox.ok("ls").out.contains("/s/new"));
}

/// What lies behind what nobody reads is not even looked at.
#[test]
fn a_list_goes_no_further_than_its_reader() {
    let sandbox = Sandbox::with_disks("");
    let long = "a long name ".repeat(10);
    for n in 0..2_000 {
        sandbox.source().file(format!("a/{n} {long}"), "");
    }
    sandbox.source().file("z/f", "");
    sandbox.ok("update");
    sandbox.tamper("PRAGMA ignore_check_constraints = 1; UPDATE entry SET kind = 99 WHERE name = CAST('f' AS BLOB)");
    for look in ["ls", "ls --json"] {
        sandbox.code(4, look);
        shell(&sandbox, &format!("\"$dsb\" {look} | true; exit ${{PIPESTATUS[0]}}")).expect(0, look);
    }
}

#[test]
fn a_verdict_is_the_same_whoever_reads_it() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f", "x");
    sandbox.ok("update");
    shell(&sandbox, "\"$dsb\" info --check | true; exit ${PIPESTATUS[0]}").expect(3, "info --check");
    shell(&sandbox, "\"$dsb\" ls nothing | true; exit ${PIPESTATUS[0]}").expect(3, "ls nothing");
}

/// A run whose words are heard by nobody does as much, and ends as it would have.
#[test]
fn what_nobody_hears_is_done_all_the_same() {
    let sandbox = Sandbox::with_disks("a 30M");
    sandbox.source().file("good", "good").file("bad0", "bad 0").file("bad1", "bad 1");
    sandbox.back_up("a");
    for (number, unheard) in ["2> /dev/full", "2>&1 | true"].iter().enumerate() {
        let bad = hash(&sandbox.path(format!("src/bad{number}")));
        fs::write(object_file(&sandbox.disk("a"), &bad), "BAD").unwrap();
        let out = format!("out{number}");
        let table = [
            (0, format!("disk add new{number} new{number}")),
            (0, "-n update".to_owned()),
            (3, format!("restore a {out}")),
            (4, "verify a".to_owned()),
            (10, "backup nope".to_owned()),
        ];
        for (code, line) in table {
            // The reader is gone before the first word.
            let slow = format!("{{ sleep 0.1; \"$dsb\" {line}; }} {unheard}; exit ${{PIPESTATUS[0]}}");
            shell(&sandbox, &slow).expect(code, &line);
        }
        assert_eq!(fs::read_to_string(sandbox.path(out).join("s/good")).unwrap(), "good");
    }
}
