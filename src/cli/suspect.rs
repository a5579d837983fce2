//! `dsb suspect`

use super::args::SuspectCommand;
use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::{date, stamp};
use crate::error::Result;
use crate::ops;
use serde_json::json;

/// Runs it.
pub fn run(context: &Context, command: &SuspectCommand) -> Result<Ending> {
    let catalog = context.catalog()?;
    match command {
        SuspectCommand::List => {
            let suspects = ops::suspects(&catalog)?;
            let json = || {
                let rows = suspects
                    .iter()
                    .map(|found| json!({ "path": found.path.to_string(), "found": stamp(Some(found.found)) }));
                json!({ "suspects": rows.collect::<Vec<_>>() })
            };
            let words = || {
                let mut table = Table::new(&["noticed", "file"]);
                suspects.iter().for_each(|found| table.row([date(Some(found.found)), found.path.to_string()]));
                if suspects.is_empty() { "No file changed without a trace.\n".to_owned() } else { table.lines() }
            };
            context.show(json, words)?;
        }
        SuspectCommand::Accept { path } => {
            ops::decide_suspect(&catalog, path, true)?;
            context.show(|| json!({ "accepted": path.to_string() }), || format!("{path}: the new content counts\n"))?;
        }
        SuspectCommand::Reject { path } => {
            ops::decide_suspect(&catalog, path, false)?;
            let words = || format!("{path}: the old content counts, whatever the file holds until it changes\n");
            context.show(|| json!({ "rejected": path.to_string() }), words)?;
        }
    }
    Ok(Ending::Done)
}
