//! Output that nobody reads to its end.

use crate::kit::{Sandbox, shell};

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
