//! The arguments of `dsb run`.

use clap::Args;
use std::path::PathBuf;

/// `run`
#[derive(Debug, Args)]
#[command(after_help = "A preset is a section of an INI or TOML file:\n\n  \
    [home]                        the folder at the top of the virtual tree\n  \
    source = /home/me             a folder; several: one line each, in TOML a list\n  \
    destination = /mnt/shelf-01   a disk's name or a folder on it; several likewise\n\n\
    and, if wanted:\n\n  \
    exclude = *.tmp               as in .gitignore; from / on: a real path in a source, or else from\n                                \
    each source on; several; in place of the filters that are set for\n                                \
    its folders\n  \
    exclude_defaults = system     /proc, /sys ... where a source is the root of a system, mounted\n                                \
    anywhere (it has etc and usr); also caches, trash\n  \
    tree = true                   its disks show the snapshots as folders\n  \
    size, group, same_device      of a disk that is new\n  \
    keep_last ... keep_yearly, keep_within, keep_tag, history, fill\n                                \
    which older states are kept, as `dsb retention set` has it\n  \
    before, after, failed         a line for a shell each: before all, and a failure stops the preset;\n                                \
    after what went wholly well; failed where anything was wanting\n\n\
    A hook finds DSB_PRESET, DSB_CATALOG and DSB_DISKS in its environment, after and failed also\n\
    DSB_EXIT, DSB_SNAPSHOT, DSB_ADDED, DSB_CHANGED, DSB_GONE, DSB_PROBLEMS, DSB_OBJECTS and\n\
    DSB_BYTES (copied). What it prints goes to the log, and with -v to the terminal.\n\n\
    Once anything had a problem the run forgets, deletes and evicts nothing more, presets behind it\n\
    included. Exit code 3 if a preset was skipped or not all of it could be done; the others are run.")]
pub struct RunArguments {
    /// Files of presets
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Only these presets; repeatable
    #[arg(short, long, value_name = "NAME")]
    pub only: Vec<String>,
    /// Tell what is done to the system's log too (syslog, and so the journal)
    #[arg(long)]
    pub syslog: bool,
}
