//! `dsb ls`

use super::args::LsArguments;
use super::context::Context;
use super::exit::Ending;
use super::words::{self, wrapped};
use crate::catalog::{Catalog, View};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskIndex, DiskSet, Kind as EntryKind, Pattern, Trail, VPath, When, escape};
use crate::ops::{self, Shown, Wanted};
use crate::progress::Progress;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;

/// Runs it: line by line, since a tree may be larger than memory.
pub fn run(context: &Context, arguments: &LsArguments) -> Result<Ending> {
    let catalog = context.catalog()?;
    let disks = catalog.disks()?;
    let only = arguments.disk.as_deref().map(|name| ops::named_disk(&catalog, name)).transpose()?;
    let only = only.map(|disk| disk.index);
    let mut printed = 0_u64;
    let mut known: HashMap<DiskSet, String> = HashMap::new();
    if context.is_json() {
        context.print("{\"entries\": [")?;
    }
    let wanted = Wanted { owner: arguments.long || context.is_json(), object: context.is_json() };
    let view = view(&catalog, arguments.state.at.as_ref())?;
    let pattern = arguments.pattern.as_deref().map(|text| pattern(&catalog, text, view)).transpose()?;
    ops::list(&catalog, pattern.as_ref(), view, wanted, |at, entry| {
        if only.is_some_and(|disk| !entry.disks.contains(disk)) {
            return Ok(());
        }
        printed += 1;
        if context.is_json() {
            let comma = if printed > 1 { ",\n" } else { "\n" };
            context.list(&format!("{comma}{}", to_json(at, entry, &disks)))
        } else {
            // The same few sets of disks stand in very many lines.
            let on = known.entry(entry.disks).or_insert_with(|| names(entry.disks, &disks).join(" "));
            context.list(&if arguments.long { long_line(at, entry, on) } else { line(at, entry, on) })
        }
    })?;
    if context.is_json() {
        context.print("\n]}\n")?;
    }
    Ok(match (&arguments.pattern, printed) {
        (Some(text), 0) => {
            context.terminal().note(&wrapped(&nothing_matches(&catalog, text)?));
            Ending::Incomplete
        }
        _ => Ending::Done,
    })
}

/// What a person means by a pattern. A path that is there is meant as it stands, whatever signs are in
/// its names.
pub fn pattern(catalog: &Catalog, text: &str, view: View) -> Result<Pattern> {
    let exact = VPath::from_bytes(format!("/{}", text.trim_matches('/')).as_bytes()).ok();
    let is_there = exact.map(|path| catalog.look_up(&path, view)).transpose()?.flatten().is_some();
    let pattern = if is_there { Pattern::literal(text) } else { Pattern::new(text) };
    pattern.map_err(|error| Error::new(Kind::Usage, format_args!("{text}: {error}")))
}

/// Why, where a real path stands in place of a virtual one.
fn nothing_matches(catalog: &Catalog, text: &str) -> Result<String> {
    let maps = catalog.source_maps()?;
    let real = std::path::absolute(text).unwrap_or_default();
    if let Some(map) = maps.iter().find(|map| real.starts_with(&map.path)) {
        let rest = real.strip_prefix(&map.path).map(|rest| escape(rest.as_os_str().as_bytes()).into_owned());
        let slash = if map.vpath.names().is_empty() { "" } else { "/" };
        let vpath = format!("{}{slash}{}", map.vpath, rest.unwrap_or_default());
        return Ok(format!("dsb: nothing matches {text}; in the backup set it is {}", vpath.trim_end_matches('/')));
    }
    let places: Vec<_> = maps.iter().take(5).map(|map| map.vpath.to_string()).collect();
    Ok(format!("dsb: nothing matches {text}; what is backed up stands below {}", places.join(", ")))
}

/// The state that is asked for.
pub fn view(catalog: &Catalog, at: Option<&When>) -> Result<View> {
    Ok(at.map(|when| ops::resolve(catalog, when)).transpose()?.map_or(View::Newest, |snapshot| View::At(snapshot.id)))
}

fn names(set: DiskSet, disks: &[Disk]) -> Vec<String> {
    let name = |index: DiskIndex| disks.iter().find(|disk| disk.index == index).map(|disk| disk.name.to_string());
    set.iter().filter_map(name).collect()
}

fn to_json(at: &Trail, entry: &Shown<'_>, disks: &[Disk]) -> Value {
    let row = entry.row;
    json!({
        "path": at.text(),
        "kind": row.kind.word(),
        "bytes": row.size.bytes(),
        "mtime": words::stamp(Some(row.mtime)),
        "disks": names(entry.disks, disks),
        "mode": format!("{:04o}", entry.owner.mode),
        "user": escape(&entry.owner.user),
        "uid": entry.owner.uid,
        "group": escape(&entry.owner.group),
        "gid": entry.owner.gid,
        "object": entry.object.map(|id| id.to_string()),
    })
}

fn long_line(at: &Trail, entry: &Shown<'_>, on: &str) -> String {
    let row = entry.row;
    let copies = if row.object.is_some() { entry.disks.count().to_string() } else { "-".to_owned() };
    let slash = if row.kind == EntryKind::Directory { "/" } else { "" };
    let arrow = if row.target.is_empty() { String::new() } else { format!(" -> {}", escape(&row.target)) };
    format!(
        "{}  {}  {:>8}  {}  {copies:>2}  [{on}]  {}{slash}{arrow}\n",
        words::mode(row.kind, entry.owner.mode),
        words::owner(entry.owner),
        if row.kind == EntryKind::File { row.size.to_string() } else { "-".to_owned() },
        words::date(Some(row.mtime)),
        at.text(),
    )
}

fn line(at: &Trail, entry: &Shown<'_>, on: &str) -> String {
    let row = entry.row;
    let size = if row.kind == EntryKind::File { row.size.to_string() } else { row.kind.letter().to_string() };
    let on = if row.object.is_some() { format!("  [{on}]") } else { String::new() };
    let slash = if row.kind == EntryKind::Directory { "/" } else { "" };
    format!("{size:>8}  {}{slash}{on}\n", at.text())
}
