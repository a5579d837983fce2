//! `dsb versions`: what was at one path in all states, and which disks have it.

use super::args::VersionsArguments;
use super::context::Context;
use super::exit::Ending;
use super::find::to_json;
use super::table::Table;
use super::words;
use crate::error::Result;
use crate::model::{Disk, Kind as EntryKind};
use crate::ops::{self, Version};
use serde_json::json;

/// Runs it.
pub fn run(context: &Context, arguments: &VersionsArguments) -> Result<Ending> {
    let catalog = context.catalog()?;
    let versions = ops::versions(&catalog, &arguments.path)?;
    let disks = catalog.disks()?;
    let json = || json!({ "versions": versions.iter().map(|version| to_json(&arguments.path, version, &disks)).collect::<Vec<_>>() });
    context.show(json, || words(&versions, &disks))?;
    Ok(Ending::of(!versions.is_empty()))
}

fn words(versions: &[Version], disks: &[Disk]) -> String {
    if versions.is_empty() {
        return "Nothing was ever at that path, as far back as the states go.\n".to_owned();
    }
    let mut table = Table::new(&["from", "to", ">size", "changed", "disks"]);
    let mut times: Vec<_> =
        versions.iter().flat_map(|version| version.times.iter().map(move |time| (time, version))).collect();
    times.sort_by_key(|((first, _), _)| first.id);
    for ((first, last), version) in times {
        let row = &version.row;
        let size = if row.kind == EntryKind::File { row.size.to_string() } else { row.kind.word().to_owned() };
        let is_now = version.present && last.id == version.last.id;
        let to = if is_now { "now".to_owned() } else { state(last.id.0, last.taken) };
        let on = words::names(version.disks, disks).join(" ");
        let on = if row.object.is_some() && on.is_empty() { "none".to_owned() } else { on };
        table.row([state(first.id.0, first.taken), to, size, words::date(Some(row.mtime)), on]);
    }
    table.lines()
}

/// `#3 2026-01-31 14:05`
fn state(number: i64, taken: crate::model::Timestamp) -> String {
    format!("#{number} {}", words::date(Some(taken)))
}
