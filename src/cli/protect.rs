//! `dsb protect`: everything for who has one folder and one drive.

use super::args::ProtectArguments;
use super::context::Context;
use super::exit::Ending;
use super::{backup, disk, update};
use crate::error::Result;
use crate::ops::{self, AddOptions, BackupOptions, Protected, UpdateOptions};
use serde_json::json;

/// Runs it.
pub fn run(context: &Context, arguments: &ProtectArguments) -> Result<Ending> {
    let catalog = context.new_catalog()?;
    let _lock = catalog.lock("protect")?;
    let options = AddOptions { size: arguments.size, same_device: arguments.same_device, ..AddOptions::default() };
    let Protected { disk, added } =
        ops::protect(&catalog, &arguments.folder, &arguments.on, arguments.name.as_ref(), &options)?;
    if let Some(added) = &added {
        disk::tell_warnings(&added.disk.name, &added.warnings);
        if !context.is_json() {
            context.show(|| json!(null), || disk::words_of_added(added))?;
            context.flush()?;
        }
    }
    let updated = update::update(context, &catalog, &UpdateOptions::default())?;
    if context.rehearses() {
        context.show(
            || json!({ "update": update::to_json(&updated), "backup": null }),
            || update::words(context, &updated),
        )?;
        return Ok(Ending::of(updated.problems == 0));
    }
    let options = BackupOptions::default().after(updated.is_complete());
    let report = backup::backup(context, &catalog, disk.name.as_str(), &options)?;
    let json = || json!({ "update": update::to_json(&updated), "backup": backup::to_json(&report) });
    context.show(json, || update::words(context, &updated) + &backup::words(&report))?;
    let is_protected = report.after.levels.first().is_none_or(|without_copy| without_copy.objects == 0);
    Ok(Ending::of(updated.is_complete() && report.is_complete() && is_protected))
}
