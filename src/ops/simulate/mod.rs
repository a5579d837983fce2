//! What the planner makes of a shelf that is only written down: read a scenario, play it through in
//! memory, reckon what it came to. No catalog, no disk, nothing written.

mod figures;
mod folders;
mod run;
mod scenario;

pub use figures::Figures;
pub use folders::FolderDisks;
pub use run::{Breach, Visit};
pub use scenario::{Event, NotAScenario, Scenario, ScenarioDisk, ScenarioObject};

use crate::error::{Error, Kind, Result};
use crate::model::{DiskSet, escape};
use crate::progress::Progress;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A scenario that was played through.
#[derive(Debug)]
pub struct Simulation {
    /// Every disk that the scenario knows of.
    pub disks: Vec<ScenarioDisk>,
    /// In order of attachment.
    pub visits: Vec<Visit>,
    /// What it came to.
    pub figures: Figures,
    /// What no plan may do and one did.
    pub breaches: Vec<Breach>,
    /// For each object the disks that hold it in the end.
    pub placement: Vec<DiskSet>,
}

/// No scenario is longer: a device would be read until the memory is full.
const LONGEST: u64 = 512 << 20;

fn read(path: &Path) -> Result<Scenario> {
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
    file.map_err(|error| Error::io("read", path, &error))?;
    let no_scenario = |why: &dyn std::fmt::Display| {
        let place = escape(path.as_os_str().as_bytes());
        Error::new(Kind::Usage, format_args!("{place} is no scenario: {why}"))
            .next("docs/placement.md says what one looks like")
    };
    if bytes.len() as u64 > LONGEST {
        return Err(no_scenario(&"it is longer than any"));
    }
    Scenario::parse(&bytes).map_err(|error| no_scenario(&error))
}

/// Reads a scenario and plays it through.
pub fn simulate(path: &Path, progress: &dyn Progress) -> Result<Simulation> {
    let scenario = read(path)?;
    let footprint = |index: u32, _| scenario.footprint(index);
    let ended = run::run(&scenario, &footprint, progress)?;
    let figures = Figures::of(&ended);
    let placement = ended.future.items().iter().map(|item| item.disks).collect();
    let (visits, breaches) = (ended.visits, ended.breaches);
    Ok(Simulation { visits, figures, breaches, placement, disks: scenario.disks })
}
