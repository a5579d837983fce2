//! `dsb ls`

use super::args::LsArguments;
use super::context::Context;
use super::exit::Ending;
use super::words;
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskIndex, Kind as EntryKind, Pattern, VPath, escape};
use crate::ops::{self, Shown, Wanted};
use serde_json::{Value, json};

/// Runs it: line by line, since a tree may be larger than memory.
pub fn run(context: &Context, arguments: &LsArguments) -> Result<Ending> {
    let pattern = arguments.pattern.as_deref().map(Pattern::new).transpose();
    let pattern = pattern.map_err(|error| Error::new(Kind::Usage, error))?;
    let catalog = context.catalog()?;
    let disks = catalog.disks()?;
    let only = arguments.disk.as_deref().map(|name| ops::named_disk(&catalog, name)).transpose()?;
    let only = only.map(|disk| disk.index);
    let mut printed = 0_u64;
    if context.is_json() {
        context.print("{\"entries\": [")?;
    }
    let wanted = Wanted { owner: arguments.long || context.is_json(), object: context.is_json() };
    ops::list(&catalog, pattern.as_ref(), wanted, |path, entry| {
        if only.is_some_and(|disk| !entry.disks.contains(disk)) {
            return Ok(());
        }
        printed += 1;
        if context.is_json() {
            let comma = if printed > 1 { ",\n" } else { "\n" };
            context.print(&format!("{comma}{}", to_json(path, entry, &disks)))
        } else {
            context.print(&if arguments.long { long_line(path, entry, &disks) } else { line(path, entry, &disks) })
        }
    })?;
    if context.is_json() {
        context.print("\n]}\n")?;
    }
    Ok(match (&arguments.pattern, printed) {
        (Some(_), 0) => Ending::Incomplete,
        _ => Ending::Done,
    })
}

fn names(entry: &Shown<'_>, disks: &[Disk]) -> Vec<String> {
    let name = |index: DiskIndex| disks.iter().find(|disk| disk.index == index).map(|disk| disk.name.to_string());
    entry.disks.iter().filter_map(name).collect()
}

fn to_json(path: &VPath, entry: &Shown<'_>, disks: &[Disk]) -> Value {
    let row = entry.row;
    json!({
        "path": path.to_string(),
        "kind": row.kind.word(),
        "bytes": row.size.bytes(),
        "mtime": words::stamp(Some(row.mtime)),
        "disks": names(entry, disks),
        "mode": format!("{:04o}", entry.owner.mode),
        "user": escape(&entry.owner.user),
        "uid": entry.owner.uid,
        "group": escape(&entry.owner.group),
        "gid": entry.owner.gid,
        "object": entry.object.map(|id| id.to_string()),
    })
}

fn long_line(path: &VPath, entry: &Shown<'_>, disks: &[Disk]) -> String {
    let row = entry.row;
    let copies = if row.object.is_some() { entry.disks.count().to_string() } else { "-".to_owned() };
    let on = names(entry, disks).join(" ");
    let slash = if row.kind == EntryKind::Directory { "/" } else { "" };
    let arrow = if row.target.is_empty() { String::new() } else { format!(" -> {}", escape(&row.target)) };
    format!(
        "{}  {}  {:>8}  {}  {copies:>2}  [{on}]  {path}{slash}{arrow}\n",
        words::mode(row.kind, entry.owner.mode),
        words::owner(&entry.owner),
        if row.kind == EntryKind::File { row.size.to_string() } else { "-".to_owned() },
        words::date(Some(row.mtime)),
    )
}

fn line(path: &VPath, entry: &Shown<'_>, disks: &[Disk]) -> String {
    let row = entry.row;
    let size = if row.kind == EntryKind::File { row.size.to_string() } else { row.kind.letter().to_string() };
    let on = if row.object.is_some() { format!("  [{}]", names(entry, disks).join(" ")) } else { String::new() };
    let slash = if row.kind == EntryKind::Directory { "/" } else { "" };
    format!("{size:>8}  {path}{slash}{on}\n")
}
