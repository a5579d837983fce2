//! Presets: what is backed up, to where and how, written down in a file that a timer can run.
//!
//! A file is TOML or INI; each section is one preset, called by its name. One that is wrong is named
//! and left out, the others are run.

mod defaults;
mod hook;
mod prepare;
mod text;
mod values;

pub use hook::{Facts, HookOutput, run_hook};
pub use prepare::{Prepared, Target, prepare};
pub use text::{Section, read_presets};

use crate::model::{DiskName, Filter, Retention, Size};
use std::path::PathBuf;

/// One preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The section's name: the folder at the top of the virtual tree.
    pub name: String,
    /// Real folders.
    pub sources: Vec<PathBuf>,
    /// Disks by name, or folders on disks.
    pub destinations: Vec<PathBuf>,
    /// What hardly anybody wants, of the sets that were chosen.
    pub exclude_defaults: Vec<Filter>,
    /// What is left out, as `.gitignore` has it; a pattern that begins with `/` is a real path below a
    /// source, or else begins at each source.
    pub exclude: Vec<Filter>,
    /// The budget of a disk that is new.
    pub size: Option<Size>,
    /// Where a disk that is new stands.
    pub group: Option<DiskName>,
    /// A new disk may share a file system with others.
    pub same_device: bool,
    /// Whether its disks show the snapshots as browsable trees; none: as is set for each.
    pub tree: Option<bool>,
    /// Which older states the catalog keeps.
    pub retention: Option<Retention>,
    /// What else is to be run.
    pub hooks: Hooks,
}

/// Commands around a preset, each a line for a shell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hooks {
    /// Before anything is looked at; if it fails the preset is not run.
    pub before: Option<String>,
    /// After all went well.
    pub after: Option<String>,
    /// After something did not.
    pub failed: Option<String>,
}
