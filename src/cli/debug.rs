//! `dsb debug`

use super::args::DebugCommand;
use super::context::Context;
use super::exit::Ending;
use super::file;
use crate::error::Result;
use crate::model::escape;
use crate::ops;
use serde_json::json;
use std::os::unix::ffi::OsStrExt;

/// Runs it.
pub fn run(context: &Context, command: &DebugCommand) -> Result<Ending> {
    match command {
        DebugCommand::Info { vpath } => file::show(context, vpath),
        DebugCommand::Hash { path } => {
            let (id, size) = ops::hash_file(path, context.terminal())?;
            let path = escape(path.as_os_str().as_bytes());
            let json = || json!({ "path": path, "object": id.to_string(), "bytes": size.bytes() });
            context.show(json, || format!("{id}  {path}\n"))?;
            Ok(Ending::Done)
        }
    }
}
