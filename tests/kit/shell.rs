//! Other programs, and dsb run by them.

use super::{Ran, Sandbox, skipped};
use std::process::Command;

/// Runs a line of a shell in which `$dsb` is the program.
pub fn shell(sandbox: &Sandbox, line: &str) -> Ran {
    let dsb = sandbox.command();
    let mut command = Command::new("bash");
    command.arg("-c").arg(line).current_dir(sandbox.path("")).env_clear().env("dsb", dsb.get_program());
    for (name, value) in dsb.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    Ran::of(command)
}

/// Whether a program is there; says so if not.
pub fn has(program: &str) -> bool {
    let has = Command::new("sh").args(["-c", "command -v \"$1\"", "sh", program]).output();
    let has = has.is_ok_and(|output| output.status.success());
    if !has {
        skipped(&format!("there is no {program}"));
    }
    has
}
