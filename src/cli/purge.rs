//! `dsb purge`

use super::args::PurgeArguments;
use super::context::Context;
use super::exit::Ending;
use super::json;
use super::words::{amount, counted};
use crate::error::Result;
use crate::ops;
use serde_json::json;

/// Runs it.
pub fn run(context: &Context, arguments: &PurgeArguments) -> Result<Ending> {
    let catalog = context.catalog()?;
    let purged = ops::purge(&catalog, &arguments.paths)?;
    let pending = ops::pending(&catalog)?;
    let json = || {
        let pending = pending.iter().map(|(disk, sum)| json!({ "disk": disk.as_str(), "amount": json::amount(*sum) }));
        json!({
            "entries": purged.entries,
            "content": json::amount(purged.content),
            "pending": pending.collect::<Vec<_>>(),
        })
    };
    let words = || {
        let mut out = format!("Forgotten in all states: {}.\n", counted(purged.entries, "version"));
        if purged.content.objects > 0 {
            out += &format!("Nobody needs now: {}.\n", amount(purged.content));
        }
        for (disk, sum) in &pending {
            out += &format!("Still on {disk}, until its next backup: {}.\n", amount(*sum));
        }
        out
    };
    context.show(json, words)?;
    Ok(Ending::Done)
}
