//! `dsb ls`

use super::args::LsArguments;
use super::context::Context;
use super::exit::Ending;
use super::words;
use crate::catalog::TreeRow;
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskIndex, Kind as EntryKind, Pattern, VPath, escape};
use crate::ops;
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
    ops::list(&catalog, pattern.as_ref(), |path, row| {
        if only.is_some_and(|disk| !row.disks.contains(disk)) {
            return Ok(());
        }
        printed += 1;
        if context.is_json() {
            let comma = if printed > 1 { ",\n" } else { "\n" };
            context.print(&format!("{comma}{}", to_json(path, row, &disks)))
        } else {
            context.print(&if arguments.long { long_line(path, row, &disks) } else { line(path, row, &disks) })
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

fn names(row: &TreeRow, disks: &[Disk]) -> Vec<String> {
    let name = |index: DiskIndex| disks.iter().find(|disk| disk.index == index).map(|disk| disk.name.to_string());
    row.disks.iter().filter_map(name).collect()
}

fn to_json(path: &VPath, row: &TreeRow, disks: &[Disk]) -> Value {
    let metadata = &row.entry.metadata;
    json!({
        "path": path.to_string(),
        "kind": metadata.kind.word(),
        "bytes": metadata.size.bytes(),
        "mtime": words::stamp(Some(metadata.mtime)),
        "disks": names(row, disks),
        "mode": format!("{:04o}", metadata.owner.mode),
        "user": escape(&metadata.owner.user),
        "uid": metadata.owner.uid,
        "group": escape(&metadata.owner.group),
        "gid": metadata.owner.gid,
        "object": row.object.map(|id| id.to_string()),
    })
}

fn long_line(path: &VPath, row: &TreeRow, disks: &[Disk]) -> String {
    let metadata = &row.entry.metadata;
    let copies = if row.object.is_some() { row.disks.count().to_string() } else { "-".to_owned() };
    let on = names(row, disks).join(" ");
    let slash = if metadata.kind == EntryKind::Directory { "/" } else { "" };
    let arrow = if metadata.target.is_empty() { String::new() } else { format!(" -> {}", escape(&metadata.target)) };
    format!(
        "{}  {}  {:>8}  {}  {copies:>2}  [{on}]  {path}{slash}{arrow}\n",
        words::mode(metadata.kind, metadata.owner.mode),
        words::owner(&metadata.owner),
        if metadata.kind == EntryKind::File { metadata.size.to_string() } else { "-".to_owned() },
        words::date(Some(metadata.mtime)),
    )
}

fn line(path: &VPath, row: &TreeRow, disks: &[Disk]) -> String {
    let metadata = &row.entry.metadata;
    let size =
        if metadata.kind == EntryKind::File { metadata.size.to_string() } else { metadata.kind.letter().to_string() };
    let on = if row.object.is_some() { format!("  [{}]", names(row, disks).join(" ")) } else { String::new() };
    let slash = if metadata.kind == EntryKind::Directory { "/" } else { "" };
    format!("{size:>8}  {path}{slash}{on}\n")
}
