//! `dsb ls`

use super::args::LsArguments;
use super::context::Context;
use super::exit::Ending;
use super::find::{write_disks, write_place};
use super::pieces::{BEFORE, Pieces};
use super::words::{self, put, wrapped};
use crate::catalog::{Catalog, View};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, Kind as EntryKind, Pattern, VPath, When, escape};
use crate::ops::{self, Shown, Wanted};
use crate::progress::Progress;
use serde_json::json;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// Runs it: piece by piece, since a tree may be larger than memory.
pub fn run(context: &Context, arguments: &LsArguments) -> Result<Ending> {
    let catalog = context.catalog()?;
    let disks = catalog.disks()?;
    let only = arguments.disk.as_deref().map(|name| ops::named_disk(&catalog, name)).transpose()?;
    let only = only.map(|disk| disk.index);
    let wanted = Wanted { details: arguments.long || context.is_json(), object: context.is_json() };
    let view = view(&catalog, arguments.state.at.as_ref())?;
    let pattern = arguments.pattern.as_deref().map(|text| pattern(&catalog, text, view)).transpose()?;
    let is_json = context.is_json();
    let write = |out: &mut String, entry: &Shown<'_>| match only {
        Some(disk) if !entry.disks.contains(disk) => Ok(()),
        _ if is_json => write_json(out, entry, &disks),
        _ if arguments.long => write_long_line(out, entry, &disks),
        _ => write_line(out, entry, &disks),
    };
    let mut pieces = Pieces::begin(context, "{\"entries\": [")?;
    ops::list(&catalog, pattern.as_ref(), view, wanted, write, |text| pieces.tell(text))?;
    let printed = pieces.end()?;
    Ok(match &arguments.pattern {
        Some(text) if !printed => {
            context.terminal().note(&wrapped(&nothing_matches(&catalog, text)?));
            Ending::Incomplete
        }
        _ => Ending::Done,
    })
}

/// What a person means by a pattern. A path that is there is meant as it stands, whatever signs are in
/// its names.
pub fn pattern(catalog: &Catalog, text: &OsStr, view: View) -> Result<Pattern> {
    let text = text.as_bytes();
    let exact = VPath::from_bytes(text).ok();
    let is_there = exact.map(|path| catalog.look_up(&path, view)).transpose()?.flatten().is_some();
    let pattern = if is_there { Pattern::literal(text) } else { Pattern::new(text) };
    pattern.map_err(|error| Error::new(Kind::Usage, format_args!("{}: {error}", escape(text))))
}

/// Why, where a real path stands in place of a virtual one.
fn nothing_matches(catalog: &Catalog, text: &OsStr) -> Result<String> {
    let maps = catalog.source_maps()?;
    let real = std::path::absolute(text).unwrap_or_default();
    let text = escape(text.as_bytes());
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

fn write_json(out: &mut String, entry: &Shown<'_>, disks: &[Disk]) -> Result<()> {
    let row = entry.row;
    let member = json!({
        "path": entry.path.to_string(),
        "kind": row.kind.word(),
        "bytes": row.size.bytes(),
        "mtime": words::stamp(Some(row.mtime()?)),
        "disks": words::names(entry.disks, disks),
        "mode": format!("{:04o}", entry.owner.mode),
        "user": escape(&entry.owner.user),
        "uid": entry.owner.uid,
        "group": escape(&entry.owner.group),
        "gid": entry.owner.gid,
        "object": entry.object.map(|id| id.to_string()),
    });
    put(out, format_args!("{BEFORE}{member}"))
}

fn write_long_line(out: &mut String, entry: &Shown<'_>, disks: &[Disk]) -> Result<()> {
    let row = entry.row;
    let copies = if row.object.is_some() { entry.disks.count().to_string() } else { "-".to_owned() };
    put(
        out,
        format_args!(
            "{}  {}  {:>8}  {}  {copies:>2}  [",
            words::mode(row.kind, entry.owner.mode),
            words::owner(entry.owner),
            if row.kind == EntryKind::File { row.size.to_string() } else { "-".to_owned() },
            words::date(Some(row.mtime()?)),
        ),
    )?;
    words::push_names(out, entry.disks, disks);
    out.push_str("]  ");
    entry.path.push_to(out);
    if row.kind == EntryKind::Directory {
        out.push('/');
    }
    let target = row.target()?;
    if !target.is_empty() {
        put(out, format_args!(" -> {}", escape(target)))?;
    }
    out.push('\n');
    Ok(())
}

fn write_line(out: &mut String, entry: &Shown<'_>, disks: &[Disk]) -> Result<()> {
    let row = entry.row;
    write_place(out, row.kind, row.size, entry.path)?;
    if row.object.is_some() {
        write_disks(out, entry.disks, disks);
    }
    out.push('\n');
    Ok(())
}
