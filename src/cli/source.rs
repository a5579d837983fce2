//! `dsb source`

use super::args::{SourceCommand, SourceSetArguments};
use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::date;
use crate::error::Result;
use crate::model::{Protection, Settings, escape};
use crate::ops::{self, PathProtection};
use serde_json::{Value, json};
use std::os::unix::ffi::OsStrExt;

/// Runs it.
pub fn run(context: &Context, command: &SourceCommand) -> Result<Ending> {
    match command {
        SourceCommand::Map { vpath, path } => {
            let map = ops::map_source(&context.new_catalog()?, vpath, path)?;
            let path = escape(map.path.as_os_str().as_bytes()).into_owned();
            let json = || json!({ "vpath": map.vpath.to_string(), "path": path });
            context.show(json, || format!("{vpath} shows {path}; next: dsb update\n"))?;
        }
        SourceCommand::Unmap { vpath } => {
            ops::unmap_source(&context.catalog()?, vpath)?;
            let words = || format!("{vpath} is unmapped; the next update takes its files out of the set\n");
            context.show(|| json!({ "vpath": vpath.to_string() }), words)?;
        }
        SourceCommand::List => list(context)?,
        SourceCommand::Set(arguments) => set(context, arguments)?,
    }
    Ok(Ending::Done)
}

fn set(context: &Context, arguments: &SourceSetArguments) -> Result<()> {
    let catalog = context.catalog()?;
    let changes = Settings { copies: arguments.copies, priority: arguments.priority, maxcopies: arguments.maxcopies };
    let mut paths = Vec::new();
    for vpath in &arguments.vpaths {
        ops::set_path(&catalog, vpath, changes)?;
        paths.push(ops::path_protection(&catalog, vpath)?);
    }
    context.show(|| json!({ "paths": paths.iter().map(to_json).collect::<Vec<_>>() }), || table_of(&paths))
}

fn to_json(path: &PathProtection) -> Value {
    let Protection { copies, priority, maxcopies } = path.protection;
    json!({
        "vpath": path.vpath.to_string(),
        "copies": copies,
        "priority": priority,
        "maxcopies": (maxcopies < u8::MAX).then_some(maxcopies),
        "present": path.present,
        "set": { "copies": path.own.copies, "priority": path.own.priority, "maxcopies": path.own.maxcopies },
    })
}

/// What holds for paths; in brackets what they have from above.
fn table_of(paths: &[PathProtection]) -> String {
    let mut table = Table::new(&["path", ">copies wanted", ">at most", ">priority"]);
    let shown = |own: Option<u8>, holds: String| if own.is_some() { holds } else { format!("({holds})") };
    for PathProtection { vpath, own, protection, .. } in paths {
        let most = if protection.maxcopies == u8::MAX { "any".to_owned() } else { protection.maxcopies.to_string() };
        table.row([
            vpath.to_string(),
            shown(own.copies, protection.copies.to_string()),
            shown(own.maxcopies, most),
            shown(own.priority, protection.priority.to_string()),
        ]);
    }
    let absent = paths.iter().filter(|path| !path.present);
    absent.fold(table.lines(), |out, path| out + &format!("{}: there is nothing of that name now\n", path.vpath))
}

fn list(context: &Context) -> Result<()> {
    let catalog = context.catalog()?;
    let (maps, paths) = (catalog.source_maps()?, ops::set_paths(&catalog)?);
    let shown = |path: &std::path::Path| escape(path.as_os_str().as_bytes()).into_owned();
    let json = || {
        let rows = maps.iter().map(|map| json!({ "vpath": map.vpath.to_string(), "path": shown(&map.path) }));
        json!({ "sources": rows.collect::<Vec<_>>(), "paths": paths.iter().map(to_json).collect::<Vec<_>>() })
    };
    let words = || {
        let mut table = Table::new(&["virtual path", "folder", "last update"]);
        maps.iter().for_each(|map| table.row([map.vpath.to_string(), shown(&map.path), date(map.scanned)]));
        table.lines() + &if paths.is_empty() { String::new() } else { table_of(&paths) }
    };
    context.show(json, words)
}
