//! `dsb source`

use super::args::SourceCommand;
use super::context::Context;
use super::disk::warn;
use super::exit::Ending;
use super::paths;
use super::table::Table;
use super::words::date;
use crate::error::Result;
use crate::model::escape;
use crate::ops;
use serde_json::json;
use std::os::unix::ffi::OsStrExt;

/// Runs it.
pub fn run(context: &Context, command: &SourceCommand) -> Result<Ending> {
    match command {
        SourceCommand::Map { vpath, path } => {
            let catalog = context.new_catalog()?;
            let map = ops::map_source(&catalog, vpath, path)?;
            for disk in ops::disks_beside(&catalog, &map.path)? {
                warn(&format!("{vpath} is on the same device as disk {disk}: no protection if that fails"));
            }
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
        SourceCommand::Lock { vpaths } => paths::lock(context, vpaths)?,
        SourceCommand::Unlock { vpaths } => paths::set_locked(context, vpaths, false)?,
        SourceCommand::Set(arguments) => paths::set(context, arguments)?,
        SourceCommand::Reset { vpaths } => paths::reset(context, vpaths)?,
    }
    Ok(Ending::Done)
}

fn list(context: &Context) -> Result<()> {
    let catalog = context.catalog()?;
    let (maps, set) = (catalog.source_maps()?, ops::set_paths(&catalog)?);
    let shown = |path: &std::path::Path| escape(path.as_os_str().as_bytes()).into_owned();
    let json = || {
        let rows = maps.iter().map(|map| json!({ "vpath": map.vpath.to_string(), "path": shown(&map.path) }));
        json!({ "sources": rows.collect::<Vec<_>>(), "paths": paths::to_json(&set) })
    };
    let words = || {
        let mut table = Table::new(&["virtual path", "folder", "last update"]);
        maps.iter().for_each(|map| table.row([map.vpath.to_string(), shown(&map.path), date(map.scanned)]));
        let none = "No folder is mapped yet: `dsb source map /NAME FOLDER`.\n".to_owned();
        (if maps.is_empty() { none } else { table.lines() })
            + &if set.is_empty() { String::new() } else { paths::words(&set) }
    };
    context.show(json, words)
}
