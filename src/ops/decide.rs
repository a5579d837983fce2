//! What a person decides: suspects, and how much history is held.

use crate::catalog::{Catalog, Suspect};
use crate::error::{Error, Kind, Result};
use crate::model::{Retention, Timestamp, VPath};

/// A file whose content changed without a trace.
pub struct SuspectFile {
    /// Where it stands.
    pub path: VPath,
    /// When it was noticed.
    pub found: Timestamp,
    suspect: Suspect,
}

/// All files that wait for a decision, by path.
pub fn suspects(catalog: &Catalog) -> Result<Vec<SuspectFile>> {
    let mut files = Vec::new();
    for suspect in catalog.suspects()? {
        // Of a directory that is forgotten in every state its file's name is left.
        let directory = catalog.last_directory_path(suspect.parent)?.unwrap_or_default();
        files.push(SuspectFile { path: directory.join(&suspect.name), found: suspect.found, suspect });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// Decides for the new content, or for the old one.
pub fn decide_suspect(catalog: &Catalog, path: &VPath, accept: bool) -> Result<()> {
    let file = suspects(catalog)?.into_iter().find(|file| file.path == *path).ok_or_else(|| {
        Error::new(Kind::Usage, format_args!("{path} is no suspect")).next("`dsb suspect list` shows them")
    })?;
    let _lock = catalog.lock("suspect")?;
    catalog.atomically(|catalog| {
        catalog.raise_generation()?;
        if accept {
            return catalog.accept_suspect(&file.suspect);
        }
        if catalog.reject_suspect(&file.suspect)? { Ok(()) } else { Err(went_on(path)) }
    })?;
    catalog.recount_holdings()
}

/// What there is now is neither of the two contents: putting the old one in its place would lose it.
fn went_on(path: &VPath) -> Error {
    let what = format!("{path} was changed or removed since; its old content is kept beside what is there now");
    Error::new(Kind::Refused, what).next(format_args!("`dsb suspect accept {path}` lets the old content go"))
}

/// Sets the policy for older snapshots. What it holds no longer goes at the next update.
pub fn set_retention(catalog: &Catalog, policy: &Retention) -> Result<()> {
    catalog.atomically(|catalog| catalog.raise_generation().and_then(|_| catalog.set_retention(policy)))?;
    recount_unless_busy(catalog)
}

/// Counts the sums afresh that a setting made untrue. While a run works with the catalog they stay in
/// doubt: what it has not booked yet cannot be counted.
pub(super) fn recount_unless_busy(catalog: &Catalog) -> Result<()> {
    match catalog.lock_to_count() {
        Ok(_lock) => catalog.recount_holdings(),
        Err(error) if error.kind() == Kind::Locked => Ok(()),
        Err(error) => Err(error),
    }
}
