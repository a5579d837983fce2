//! `dsb find`: names in everything that is catalogued, older states too.

use super::args::FindArguments;
use super::context::Context;
use super::exit::Ending;
use super::words::{self, date, stamp};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, Kind as EntryKind, Search};
use crate::ops::{self, Version, Wanted};
use serde_json::{Value, json};

/// Runs it: line by line, since there may be very many.
pub fn run(context: &Context, arguments: &FindArguments) -> Result<Ending> {
    let search = Search::new(&arguments.pattern).map_err(|error| Error::new(Kind::Usage, error))?;
    let catalog = context.catalog()?;
    let disks = catalog.disks()?;
    let mut printed = 0_u64;
    if context.is_json() {
        context.print("{\"found\": [")?;
    }
    let wanted = Wanted { object: context.is_json(), ..Wanted::default() };
    let at = arguments.state.at.as_ref().map(|when| ops::resolve(&catalog, when)).transpose()?;
    ops::find(&catalog, &search, at.map(|snapshot| snapshot.id), wanted, |version| {
        printed += 1;
        if context.is_json() {
            let comma = if printed > 1 { ",\n" } else { "\n" };
            context.list(&format!("{comma}{}", to_json(version, &disks)))
        } else {
            context.list(&line(version, &disks))
        }
    })?;
    if context.is_json() {
        context.print("\n]}\n")?;
    } else if printed == 0 {
        context.show(Value::default, || {
            let ever = "Nothing of that name was ever in the catalog, as far back as it goes.\n";
            if arguments.state.at.is_some() { "Nothing of that name was there then.\n" } else { ever }.to_owned()
        })?;
    }
    Ok(Ending::of(printed > 0))
}

/// As JSON has one version.
pub fn to_json(version: &Version, disks: &[Disk]) -> Value {
    let row = &version.row;
    json!({
        "path": version.path.to_string(),
        "kind": row.kind.word(),
        "bytes": row.size.bytes(),
        "mtime": stamp(Some(row.mtime)),
        "object": version.object.map(|id| id.to_string()),
        "disks": words::names(version.disks, disks),
        "present": version.present,
        "first": { "snapshot": version.first.id.0, "taken": stamp(Some(version.first.taken)) },
        "last": { "snapshot": version.last.id.0, "taken": stamp(Some(version.last.taken)) },
        "times": version.times.iter().map(|(first, last)| [first.id.0, last.id.0]).collect::<Vec<_>>(),
    })
}

fn line(version: &Version, disks: &[Disk]) -> String {
    let row = &version.row;
    let size = if row.kind == EntryKind::File { row.size.to_string() } else { row.kind.letter().to_string() };
    let slash = if row.kind == EntryKind::Directory { "/" } else { "" };
    let on = if row.object.is_some() {
        format!("  [{}]", words::names(version.disks, disks).join(" "))
    } else {
        String::new()
    };
    let gone = if version.present {
        String::new()
    } else {
        format!("  last there {} (snapshot {})", date(Some(version.last.taken)), version.last.id.0)
    };
    format!("{size:>8}  {}{slash}{on}{gone}\n", version.path)
}
