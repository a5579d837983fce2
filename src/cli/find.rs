//! `dsb find`: names in everything that is catalogued, older states too.

use super::args::FindArguments;
use super::context::Context;
use super::exit::Ending;
use super::pieces::{BEFORE, Pieces};
use super::words::{self, date, put, stamp};
use crate::catalog::Catalog;
use crate::error::{Error, Kind, Result};
use crate::model::{ChildPath, Disk, DiskSet, Kind as EntryKind, Pattern, Search, Size, VPath, escape};
use crate::ops::{self, Version};
use serde_json::{Value, json};
use std::fmt::Display;
use std::os::unix::ffi::OsStrExt;

/// Runs it: piece by piece, since there may be very many.
pub fn run(context: &Context, arguments: &FindArguments) -> Result<Ending> {
    let catalog = context.catalog()?;
    let search = search(&catalog, arguments.pattern.as_bytes())?;
    let disks = catalog.disks()?;
    let at = arguments.state.at.as_ref().map(|when| ops::resolve(&catalog, when)).transpose()?;
    let is_json = context.is_json();
    let write = |out: &mut String, path: ChildPath<'_>, version: &Version| {
        if is_json {
            put(out, format_args!("{BEFORE}{}", to_json(path, version, &disks)))
        } else {
            write_line(out, path, version, &disks)
        }
    };
    let mut pieces = Pieces::begin(context, "{\"found\": [")?;
    ops::find(&catalog, &search, at.map(|snapshot| snapshot.id), is_json, write, |text| pieces.tell(text))?;
    let printed = pieces.end()?;
    if !printed && !is_json {
        context.show(Value::default, || {
            let ever = "Nothing of that name was ever in the catalog, as far back as it goes.\n";
            if arguments.state.at.is_some() { "Nothing of that name was there then.\n" } else { ever }.to_owned()
        })?;
    }
    Ok(Ending::of(printed))
}

/// What a person looks for. A path where something ever was is meant as it stands, as `ls` has it.
fn search(catalog: &Catalog, text: &[u8]) -> Result<Search> {
    let exact = VPath::from_bytes(text).ok().filter(|_| text.contains(&b'/'));
    let was_there = exact.map(|path| ops::was_ever(catalog, &path)).transpose()?.unwrap_or_default();
    let search = if was_there { Pattern::literal(text).map(Search::Path) } else { Search::new(text) };
    search.map_err(|error| Error::new(Kind::Usage, format_args!("{}: {error}", escape(text))))
}

/// As JSON has one version of what was at a path.
pub fn to_json(path: impl Display, version: &Version, disks: &[Disk]) -> Value {
    let row = &version.row;
    json!({
        "path": path.to_string(),
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

fn write_line(out: &mut String, path: ChildPath<'_>, version: &Version, disks: &[Disk]) -> Result<()> {
    let row = &version.row;
    write_place(out, row.kind, row.size, path)?;
    if row.object.is_some() {
        write_disks(out, version.disks, disks);
    }
    if !version.present {
        let (taken, id) = (date(Some(version.last.taken)), version.last.id.0);
        put(out, format_args!("  last there {taken} (snapshot {id})"))?;
    }
    out.push('\n');
    Ok(())
}

/// A size or what else it is, and its path.
pub fn write_place(out: &mut String, kind: EntryKind, size: Size, path: ChildPath<'_>) -> Result<()> {
    match kind {
        EntryKind::File => size.push_right(out, 8),
        other => put(out, format_args!("{:>8}", other.letter()))?,
    }
    out.push_str("  ");
    path.push_to(out);
    if kind == EntryKind::Directory {
        out.push('/');
    }
    Ok(())
}

/// The disks that have it.
pub fn write_disks(out: &mut String, held: DiskSet, disks: &[Disk]) {
    out.push_str("  [");
    words::push_names(out, held, disks);
    out.push(']');
}
