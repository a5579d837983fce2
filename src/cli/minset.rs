//! `dsb restore --minset`: which disks a restore needs, the fewest.

use super::context::Context;
use super::exit::Ending;
use super::json;
use super::table::Table;
use super::words::{counted, date, files, number, stamp, wrapped};
use crate::catalog::{Catalog, View};
use crate::error::Result;
use crate::model::Pattern;
use crate::ops::{self, MinimumSet, Needed};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Shows it. Nothing is written anywhere.
pub fn show(
    context: &Context,
    catalog: &Catalog,
    view: View,
    filters: &[Pattern],
    existing: &[PathBuf],
) -> Result<Ending> {
    let set = ops::minimum_set(catalog, view, filters, existing)?;
    context.show(|| to_json(&set), || words(&set))?;
    Ok(Ending::of(set.lost.0.objects == 0))
}

fn to_json(set: &MinimumSet) -> Value {
    let needed = |needed: &Needed| {
        json!({
            "disk": needed.disk.name.as_str(),
            "attached": needed.attached,
            "last_seen": stamp(needed.disk.last_seen),
            "files": json::amount(needed.files),
        })
    };
    json!({
        "disks": set.disks.iter().map(needed).collect::<Vec<_>>(),
        "proven": set.proven,
        "files": json::amount(set.files),
        "elsewhere": set.elsewhere,
        "doubtful": json::amount(set.doubtful),
        "lost": {
            "objects": set.lost.0.objects,
            "bytes": set.lost.0.bytes.bytes(),
            "paths": json::paths(&set.lost.1),
        },
    })
}

fn words(set: &MinimumSet) -> String {
    let mut out = String::new();
    let mut say = |text: String| out += &format!("{}\n", wrapped(&text));
    let what = files(set.files);
    match (set.disks.len() as u64, set.proven) {
        (0, _) if set.lost.0.objects > 0 => say("No disk has any of what is missing.".to_owned()),
        (0, _) => say("No disk is needed: all of it is there.".to_owned()),
        (1, true) => say(format!("1 disk is enough for {what}:")),
        (count, true) => say(format!("{count} disks are needed for {what}; fewer are not enough:")),
        (count, false) => say(format!(
            "{} are enough for {what}; whether fewer are was not found out in good time:",
            counted(count, "disk")
        )),
    }
    if !set.disks.is_empty() {
        let mut table = Table::new(&["disk", ">files", ">bytes", "last seen", ""]);
        for needed in &set.disks {
            let (name, sum) = (needed.disk.name.to_string(), needed.files);
            let attached = if needed.attached { "attached" } else { "" };
            table.row([name, number(sum.objects), sum.bytes.to_string(), date(needed.disk.last_seen), attached.into()]);
        }
        out += &table.lines();
    }
    let mut say = |text: String| out += &format!("{}\n", wrapped(&text));
    if set.elsewhere > 0 {
        say(format!("There already, and not counted: {}.", counted(set.elsewhere, "file")));
    }
    if set.doubtful.objects > 0 {
        say(format!("Every copy is in doubt of {}.", files(set.doubtful)));
    }
    if set.lost.0.objects > 0 {
        say(format!("On no disk: {}.", files(set.lost.0)));
        set.lost.1.iter().for_each(|path| out += &format!("  {path}\n"));
        let more = set.lost.0.objects - set.lost.1.len() as u64;
        if more > 0 {
            out += &format!("  and {} more: dsb tree -c 0 --files --depth 0\n", number(more));
        }
    }
    out
}
