//! The arguments of `dsb automate`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `automate`
#[derive(Debug, Args)]
#[command(after_help = "Prints what runs dsb by itself, filled in for this machine; nothing is installed. The first\n\
    lines of each say where it belongs: dsb automate timer > /etc/systemd/system/dsb.timer")]
pub struct AutomateArguments {
    /// What to print [default: all, one after the other]
    pub what: Option<Automation>,
    /// The files of presets that are to be run
    #[arg(short, long = "preset", value_name = "FILE", default_value = "/etc/dsb/presets.ini")]
    pub presets: Vec<PathBuf>,
}

/// What runs dsb by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Automation {
    /// A service of systemd that runs the presets
    Service,
    /// A timer of systemd that starts it every night
    Timer,
    /// A rule of udev that starts a backup when a disk of the shelf is plugged in
    Udev,
    /// The service of systemd that the rule starts
    Plugged,
    /// The script that this service runs: backs up, and says when it is safe to unplug
    Script,
    /// A line for cron
    Cron,
}
