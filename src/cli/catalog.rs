//! `dsb catalog`

use super::args::{CatalogCommand, Format};
use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::{amount, counted, files, number};
use super::{json, recover};
use crate::error::Result;
use crate::model::escape;
use crate::ops::{self, AdoptReport, AdoptedDisk, ExportReport};
use serde_json::{Value, json};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Runs it.
pub fn run(context: &Context, command: &CatalogCommand) -> Result<Ending> {
    match command {
        CatalogCommand::Adopt { path } => {
            let adopt = if context.rehearses() { ops::rehearse_adopt } else { ops::adopt };
            let report = adopt(context.folder()?, path, context.terminal())?;
            context.show(|| to_json(&report), || words(&report))?;
            Ok(Ending::of(report.is_complete()))
        }
        CatalogCommand::Check { disks } => recover::check(context, disks),
        CatalogCommand::Recover { from, replace } => recover::recover(context, from, *replace),
        CatalogCommand::Export { format: Format::Distbackup, file } => {
            let report = ops::export(&context.catalog()?, file, context.terminal())?;
            context.show(|| exported_json(&report), || exported_words(&report, file))?;
            Ok(Ending::of(report.is_complete()))
        }
    }
}

fn exported_json(report: &ExportReport) -> Value {
    json!({
        "maps": report.maps,
        "settings": report.settings,
        "files": json::amount(report.files),
        "symlinks": report.symlinks,
        "disks": report.disks,
        "without_counterpart": report.without_counterpart,
        "left_out": report.left_out,
        "complete": report.is_complete(),
    })
}

fn exported_words(report: &ExportReport, file: &Path) -> String {
    let mut out = format!(
        "Written for distbackup 1.0.20: {}, {},\n    {}, {}, {}.\n",
        counted(report.maps, "source map"),
        counted(report.settings, "path") + " with settings",
        files(report.files),
        counted(report.symlinks, "symlink"),
        counted(report.disks, "disk"),
    );
    if report.without_counterpart > 0 {
        let paths = counted(report.without_counterpart, "path");
        out += &format!("distbackup has no filters and no copies wanted: left away at {paths}.\n");
    }
    if report.left_out > 0 {
        out += &format!("{} could not be written, as named above.\n", counted(report.left_out, "item"));
    }
    out + &format!("Next: distbackup -d {} info\n", escape(file.as_os_str().as_bytes()))
}

fn to_json(report: &AdoptReport) -> Value {
    let disk = |disk: &AdoptedDisk| json!({ "name": disk.name.as_str(), "budget": disk.budget.bytes(), "held": json::amount(disk.held) });
    json!({
        "old": escape(report.old.as_os_str().as_bytes()),
        "maps": report.maps,
        "settings": report.settings,
        "files": json::amount(report.files),
        "symlinks": report.symlinks,
        "objects": json::amount(report.objects),
        "orphans": json::amount(report.orphans),
        "copies": report.copies,
        "disks": report.disks.iter().map(disk).collect::<Vec<_>>(),
        "unhashed": json::amount(report.unhashed),
        "unplaced": report.unplaced,
        "left_out": report.left_out,
        "complete": report.is_complete(),
    })
}

fn words(report: &AdoptReport) -> String {
    let mut out = format!(
        "Taken over: {}, {},\n    {}, {}, {}.\n",
        counted(report.maps, "source map"),
        counted(report.settings, "path") + " with settings",
        files(report.files),
        counted(report.symlinks, "symlink"),
        amount(report.objects),
    );
    if !report.disks.is_empty() {
        let mut table = Table::new(&["disk", ">objects", ">bytes", ">budget"]);
        for AdoptedDisk { name, budget, held } in &report.disks {
            table.row([name.to_string(), number(held.objects), held.bytes.to_string(), budget.to_string()]);
        }
        out += &table.lines();
    }
    if report.orphans.objects > 0 {
        out += &format!("No file has it any more, disks do: {}.\n", amount(report.orphans));
    }
    if report.unhashed.objects > 0 {
        out += &format!("Never read: {}; the next update reads them.\n", files(report.unhashed));
    }
    if report.unplaced > 0 {
        out += &format!("{} on disks that are off the shelf do not count.\n", counted(report.unplaced, "copy"));
    }
    if report.left_out > 0 {
        out += &format!("{} could not be taken over, as named above.\n", counted(report.left_out, "item"));
    }
    out += &format!("The old catalog is as it was: {}\n", escape(report.old.as_os_str().as_bytes()));
    out += "Next: dsb update";
    if !report.disks.is_empty() {
        out += ", then dsb backup DISK for each disk";
    }
    out + "\n"
}
