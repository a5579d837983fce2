//! `dsb completions`: the scripts in completions/ come from here. They ask the program itself at each
//! press of the key, so they know its disks and paths.

use super::args::Shell;
use super::context::Context;
use super::exit::Ending;
use crate::error::{Error, Kind, Result};
use clap_complete::env::Shells;

/// The variable by which a script says that it wants to know what may follow.
pub const VARIABLE: &str = "COMPLETE";

/// Runs it.
pub fn run(context: &Context, shell: Shell) -> Result<Ending> {
    let name = match shell {
        Shell::Bash => "bash",
        Shell::Zsh => "zsh",
        Shell::Fish => "fish",
        Shell::Elvish => "elvish",
        Shell::Powershell => "powershell",
    };
    let shells = Shells::builtins();
    let writer = shells.completer(name).ok_or_else(|| Error::new(Kind::Usage, format_args!("no script for {name}")))?;
    let mut script = Vec::new();
    let written = writer.write_registration(VARIABLE, "dsb", "dsb", "dsb", &mut script);
    written.map_err(|error| Error::new(Kind::Failed, error))?;
    context.print(&String::from_utf8_lossy(&script))?;
    Ok(Ending::Done)
}
