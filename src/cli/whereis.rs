//! `dsb where`

use super::context::Context;
use super::exit::Ending;
use super::file::{claim_json, claim_table};
use crate::error::Result;
use crate::model::VPath;
use crate::ops;
use serde_json::json;

/// Runs it.
pub fn run(context: &Context, path: &VPath) -> Result<Ending> {
    let catalog = context.catalog()?;
    let found = ops::whereabouts(&catalog, path)?;
    let json = || {
        json!({
            "path": path.to_string(),
            "object": found.object.map(|id| id.to_string()),
            "disks": found.claims.iter().map(claim_json).collect::<Vec<_>>(),
        })
    };
    let words = || {
        let Some(id) = found.object else { return format!("{path} has no content to keep on a disk\n") };
        if found.claims.is_empty() {
            return format!("{path} has no copy yet ({id})\n");
        }
        format!("{path} ({id})\n{}", claim_table(&found.claims))
    };
    context.show(json, words)?;
    Ok(Ending::Done)
}
