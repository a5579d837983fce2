//! `dsb completions`: the scripts in completions/ come from here.

use super::args::{Arguments, Shell};
use super::context::Context;
use super::exit::Ending;
use crate::error::Result;
use clap::CommandFactory;
use clap_complete::{Shell as Target, generate};

/// Runs it.
pub fn run(context: &Context, shell: Shell) -> Result<Ending> {
    let target = match shell {
        Shell::Bash => Target::Bash,
        Shell::Zsh => Target::Zsh,
        Shell::Fish => Target::Fish,
        Shell::Elvish => Target::Elvish,
        Shell::Powershell => Target::PowerShell,
    };
    let mut script = Vec::new();
    generate(target, &mut Arguments::command(), "dsb", &mut script);
    context.print(&String::from_utf8_lossy(&script))?;
    Ok(Ending::Done)
}
