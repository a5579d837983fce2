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

#[test]
fn a_verdict_is_the_same_whoever_reads_it() {
    let sandbox = Sandbox::with_disks("");
    sandbox.source().file("f", "x");
    sandbox.ok("update");
    shell(&sandbox, "\"$dsb\" info --check | true; exit ${PIPESTATUS[0]}").expect(3, "info --check");
    shell(&sandbox, "\"$dsb\" ls nothing | true; exit ${PIPESTATUS[0]}").expect(3, "ls nothing");
}
