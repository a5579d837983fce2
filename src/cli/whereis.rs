//! `dsb where`

use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::{date, day, stamp};
use crate::error::Result;
use crate::model::VPath;
use crate::ops;
use serde_json::json;

/// Runs it.
pub fn run(context: &Context, path: &VPath) -> Result<Ending> {
    let catalog = context.catalog()?;
    let found = ops::whereabouts(&catalog, path)?;
    let json = || {
        let claims = found.claims.iter().map(|claim| {
            json!({
                "disk": claim.disk.name.as_str(),
                "last_seen": stamp(claim.disk.last_seen),
                "proven": day(claim.proven),
                "doubt": claim.doubt,
            })
        });
        json!({
            "path": path.to_string(),
            "object": found.object.map(|id| id.to_string()),
            "disks": claims.collect::<Vec<_>>(),
        })
    };
    let words = || {
        let Some(id) = found.object else { return format!("{path} has no content to keep on a disk\n") };
        if found.claims.is_empty() {
            return format!("{path} has no copy yet ({id})\n");
        }
        let mut table = Table::new(&["disk", "last seen", "proven", ""]);
        for claim in &found.claims {
            let doubt = if claim.doubt { "in doubt" } else { "" };
            table.row([claim.disk.name.to_string(), date(claim.disk.last_seen), day(claim.proven), doubt.to_owned()]);
        }
        format!("{path} ({id})\n{}", table.lines())
    };
    context.show(json, words)?;
    Ok(Ending::Done)
}
