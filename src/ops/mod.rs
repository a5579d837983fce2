//! The verbs: each loads, decides, does and records, and returns a report for others to show.

mod adopt;
mod attach;
mod backup;
mod check;
mod config;
mod coverage;
mod decide;
mod disks;
mod entered;
mod export;
mod figures;
mod file;
mod forecast;
mod glance;
mod handling;
mod look;
mod minset;
mod next;
mod order;
mod origins;
mod parallel;
mod past;
mod paths;
mod preset;
mod protect;
mod reach;
mod reconcile;
mod recover;
mod refresh;
mod repair;
mod restore;
mod room;
mod shelf;
mod simulate;
mod snapshot;
mod source;
mod sources;
mod standards;
mod trees;
mod update;
mod usage;
mod verify;

pub use adopt::{AdoptReport, AdoptedDisk, adopt, rehearse_adopt};
pub use attach::{catalog_on, find_attached, named_disk, see};
pub use backup::{BackupOptions, BackupReport, Carried, DiskSums, Planned, backup, plan_backup};
pub use check::{CheckReport, CheckedClaims, check};
pub use config::{
    BadDocument, ConfigChanges, DiskConfig, Document, Part, PathConfig, RetentionConfig, export_config, import_config,
};
pub use coverage::Coverage;
pub use decide::{SuspectFile, decide_suspect, set_retention, suspects};
pub use disks::{
    AddOptions, Added, Budget, DiskChanges, add_disk, delete_disk, disks_beside, drop_disk, only_here, rename_disk,
    set_disk,
};
pub use export::{ExportReport, export};
pub use file::{PathInfo, hash_file, path_info};
pub use forecast::{Change, Folder, Forecast, Full, Growth, Outcome, Supposed, forecast};
pub use glance::{Shown, Wanted, list};
pub use look::{Claim, DiskInfo, Info, Whereabouts, info, whereabouts};
pub use minset::{MinimumSet, Needed, minimum_set};
pub use next::{Next, Prospect, next};
pub use past::{Version, find, versions, was_ever};
pub use paths::{HandlingChanges, PathState, locked_paths, path_states, reset_path, set_path, set_paths};
pub use preset::{
    Facts as HookFacts, HookOutput, Hooks, Prepared, Preset, Section, Target, prepare, read_presets, run_hook,
};
pub use protect::{Protected, protect};
pub use recover::{RecoverReport, recover, rehearse_recover};
pub use refresh::{RefreshReport, TakenIn, mark_anew, refresh_disk, take_in_disk};
pub use repair::{RepairOptions, RepairReport, repair};
pub use restore::{Guidance, Remaining, RestoreOptions, RestoreReport, guided_restore, rehearse_restore, restore};
pub use shelf::{Object, Shelf};
pub use simulate::{
    Breach, Event, Figures, FolderDisks, NotAScenario, Scenario, ScenarioDisk, ScenarioObject, Simulation, Visit,
    simulate,
};
pub use snapshot::{
    Change as TreeChange, Difference, Freed, Purged, State, differences, forget_states, freed_by, hold_states, pending,
    purge, resolve, state, tag_state,
};
pub use source::{map_source, unmap_source};
pub use trees::TreeReport;
pub use update::{Accepted, UpdateOptions, UpdateReport, update};
pub use usage::{Folders, Item, Line, Selection, Sums, visit_items, walk};
pub use verify::{Damage, DamageKind, Reading, VerifyOptions, VerifyReport, verify};

use crate::catalog::Catalog;
use crate::error::{Error, Kind, Result};
use crate::model::{ObjectKey, VPath};

/// Objects named at most in a report.
const NAMED: usize = 20;

/// A path of each of the first objects.
fn first_paths(catalog: &Catalog, keys: impl IntoIterator<Item = ObjectKey>) -> Result<Vec<VPath>> {
    let paths = keys.into_iter().take(NAMED).map(|key| paths_of(catalog, key, 1));
    Ok(paths.collect::<Result<Vec<_>>>()?.concat())
}

/// What a walk ends with that comes to where no update goes.
fn too_deep() -> Error {
    let what =
        format!("the catalog holds directories below more than {} others, which no update records", VPath::DEEPEST);
    Error::new(Kind::Damage, what)
        .next("take the newest copy from a disk you trust: `dsb catalog recover --from DISK-FOLDER`")
}

/// The virtual paths that have an object's bytes in the newest state, at most `count`.
pub fn paths_of(catalog: &Catalog, key: ObjectKey, count: u32) -> Result<Vec<VPath>> {
    let mut paths = Vec::new();
    for place in catalog.places_of(key, count)? {
        paths.extend(catalog.directory_path(place.parent)?.map(|directory| directory.join(&place.name)));
    }
    Ok(paths)
}
