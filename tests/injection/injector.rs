//! The injector `inject.c`: built once, and the program run under it.

use crate::kit::{Ran, Sandbox, skipped, words};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use std::fmt;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What happens at a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// As `inject.c` calls it.
    kind: &'static str,
    /// All later calls as well.
    lasts: bool,
    /// Only calls on files below this place of the sandbox; nothing: all calls.
    below: &'static str,
    /// Only calls of this function; nothing: all functions.
    only: &'static str,
}

const fn fault(kind: &'static str, lasts: bool, below: &'static str) -> Fault {
    Fault { kind, lasts, below, only: "" }
}

impl Fault {
    /// Stops the program at a call of this function on a file below this place.
    pub const fn stop(only: &'static str, below: &'static str) -> Self {
        Self { only, ..fault("STOP", false, below) }
    }

    /// An I/O error at a call of this function.
    pub const fn fails(only: &'static str) -> Self {
        Self { only, ..fault("EIO", false, "") }
    }
}

/// The end without a word.
pub const KILL: Fault = fault("KILL", false, "");

/// All faults that a run is tried with.
pub const FAULTS: [Fault; 12] = [
    KILL,
    fault("EIO", false, ""),
    fault("EIO", true, ""),
    fault("EIO", true, "disks/a"),
    fault("EIO", true, "home"),
    fault("ENOSPC", false, ""),
    fault("ENOSPC", true, ""),
    fault("ENOSPC", true, "disks/a"),
    fault("ENOSPC", true, "home"),
    fault("SHORT", false, ""),
    fault("SHORT", true, ""),
    fault("EINTR", false, ""),
];

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        f.write_str(if self.lasts { " for good" } else { "" })?;
        if self.below.is_empty() { Ok(()) } else { write!(f, " in {}", self.below) }
    }
}

/// The library, if there is a compiler to build it.
fn library() -> Option<&'static PathBuf> {
    static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
    BUILT.get_or_init(build).as_ref()
}

/// Whether faults can be injected here; says so if not.
pub fn is_there() -> bool {
    let there = library().is_some();
    if !there {
        skipped("there is no cc to build the fault injector with");
    }
    there
}

fn build() -> Option<PathBuf> {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let built = place.join(format!("inject.{}.so", std::process::id()));
    let mut compiler = Command::new("cc");
    compiler.args(["-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o"]).arg(&built);
    compiler.args(["tests/injection/inject.c", "tests/injection/calls.c", "-ldl"]);
    let output = compiler.output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // Two test programs may build it at once: whoever renames last wins, with the same bytes.
    let library = place.join("inject.so");
    fs::rename(built, &library).expect("cannot name the library");
    Some(library)
}

/// Runs dsb with this fault at this call; 0: nowhere.
pub fn run(sandbox: &Sandbox, line: &str, fault: Fault, at: u64) -> Ran {
    Ran::of(command(sandbox, line, fault, at))
}

fn command(sandbox: &Sandbox, line: &str, fault: Fault, at: u64) -> Command {
    let mut command = sandbox.command();
    command.args(words(line)).env("LD_PRELOAD", library().expect("it is there"));
    command.env("INJECT_FAULT", fault.kind).env("INJECT_AT", at.to_string());
    command.env("INJECT_COUNT", sandbox.path("calls"));
    if fault.lasts {
        command.env("INJECT_STICKY", "1");
    }
    if !fault.below.is_empty() {
        command.env("INJECT_BELOW", sandbox.path(fault.below));
    }
    if !fault.only.is_empty() {
        command.env("INJECT_ONLY", fault.only);
    }
    command
}

/// Runs dsb, stops it at this call, lets something happen, and has it go on.
#[track_caller]
pub fn interrupted(sandbox: &Sandbox, line: &str, stop: Fault, at: u64, happens: impl FnOnce(Pid)) -> Ran {
    let mut command = command(sandbox, line, stop, at);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("cannot start dsb");
    let id = Pid::from_child(&child);
    let status = waitpid(Some(id), WaitOptions::UNTRACED).expect("cannot wait").expect("its status");
    assert!(status.1.stopped(), "it never came to the call that it was to be stopped at");
    // Whatever a test finds wrong meanwhile, no stopped process stays behind.
    let happened = catch_unwind(AssertUnwindSafe(|| happens(id)));
    let _ = kill_process(id, Signal::CONT);
    let output = child.wait_with_output().expect("cannot wait");
    happened.unwrap_or_else(|panic| resume_unwind(panic));
    Ran::from(output)
}

/// How many calls of a run this fault could happen at.
pub fn calls(sandbox: &Sandbox, line: &str, fault: Fault) -> u64 {
    run(sandbox, line, fault, 0);
    let text = fs::read_to_string(sandbox.path("calls")).expect("the program ended by itself");
    text.trim().parse().expect("a number")
}
