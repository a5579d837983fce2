//! `catalog check`: the catalog against itself, and its claims against disks, by name and size.

use super::attach;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, Disk, DiskName, Problem, Size, VPath};
use crate::progress::Progress;

/// What a check found.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    /// What SQLite finds wrong with the file.
    pub integrity: Vec<String>,
    /// Rows that refer to something that is not there, by table.
    pub dangling: Vec<(String, u64)>,
    /// Sums that were not what counting gives.
    pub wrong_sums: u64,
    /// Whether they were put right.
    pub sums_mended: bool,
    /// Claims on disks.
    pub claims: Vec<CheckedClaims>,
}

/// The claims on one disk, looked at.
#[derive(Clone, Debug)]
pub struct CheckedClaims {
    /// The disk.
    pub disk: DiskName,
    /// What is there by name and size.
    pub there: Amount,
    /// What is not.
    pub missing: Amount,
}

impl CheckReport {
    /// Whether nothing was found.
    pub fn is_sound(&self) -> bool {
        let true_claims = self.claims.iter().all(|claims| claims.missing.objects == 0);
        self.integrity.is_empty() && self.dangling.is_empty() && self.wrong_sums == 0 && true_claims
    }
}

/// Claims looked at in one go.
const PAGE: u32 = 10_000;

/// Checks the catalog, and the claims on these disks. Wrong sums are put right, since they only
/// repeat what other rows say; everything else is only told.
pub fn check(catalog: &Catalog, disks: &[Disk], progress: &dyn Progress) -> Result<CheckReport> {
    progress.task("check", 0, Size::ZERO);
    let mut report = CheckReport { integrity: catalog.integrity()?, ..CheckReport::default() };
    if !report.integrity.is_empty() {
        // Nothing that is read of a file with faults means anything.
        return Ok(report);
    }
    report.dangling = catalog.dangling()?;
    report.wrong_sums = catalog.wrong_sums()?;
    if report.wrong_sums > 0 {
        catalog.recount_holdings()?;
        report.sums_mended = !catalog.is_scratch();
    }
    for disk in disks {
        report.claims.push(check_claims(catalog, disk, progress)?);
    }
    Ok(report)
}

fn check_claims(catalog: &Catalog, disk: &Disk, progress: &dyn Progress) -> Result<CheckedClaims> {
    let attached = attach::find_attached(catalog, disk)?;
    let (mut there, mut missing) = (Amount::default(), Amount::default());
    let mut after = Vec::new();
    loop {
        let page = catalog.copies_on(disk.index, &after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id.as_bytes().to_vec();
        for copy in &page {
            progress.check()?;
            progress.advance(1, Size::ZERO);
            if attached.has_object(copy.id, copy.size).unwrap_or(false) {
                there += Amount::one(copy.size);
                continue;
            }
            missing += Amount::one(copy.size);
            let path = super::paths_of(catalog, copy.key, 1)?.pop();
            let place = path.as_ref().map_or_else(|| copy.id.to_string().into_bytes(), VPath::to_bytes);
            let what = format!("claimed on {}, and not there with its size ({})", disk.name, copy.id);
            progress.problem(&Problem::new(place, what));
        }
    }
    attached.still_there()?;
    Ok(CheckedClaims { disk: disk.name.clone(), there, missing })
}
