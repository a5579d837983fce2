//! `dsb config`: all that is set as one JSON document.

use super::args::{ConfigCommand, EditPart};
use super::context::Context;
use super::editor::Editor;
use super::exit::Ending;
use super::words::counted;
use crate::catalog::Catalog;
use crate::error::{Error, Kind, Result};
use crate::model::{VPath, escape};
use crate::ops::{self, ConfigChanges, Document, Part};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Runs it.
pub fn run(context: &Context, command: &ConfigCommand) -> Result<Ending> {
    match command {
        ConfigCommand::Export { path, path_prefix } => export(context, path, path_prefix.as_ref())?,
        ConfigCommand::Import { path } => {
            let text = read(path)?;
            let changes = import(context, &context.new_catalog()?, &text)?;
            context.show(|| to_json(changes), || words(changes))?;
        }
        ConfigCommand::Edit { editor, part } => {
            let (part, below) = match part {
                None => (Part::All, None),
                Some(EditPart::Map) => (Part::Maps, None),
                Some(EditPart::Path { vpath }) => (Part::Paths, vpath.as_ref()),
                Some(EditPart::Disks) => (Part::Disks, None),
            };
            let changes = edit(context, &Editor::new(editor.as_deref()), part, below)?;
            context.show(|| to_json(changes), || words(changes))?;
        }
    }
    Ok(Ending::Done)
}

fn export(context: &Context, path: &Path, below: Option<&VPath>) -> Result<()> {
    let text = print(&ops::export_config(&context.catalog()?, Part::All, below)?)?;
    if path == Path::new("-") {
        return context.print(&text);
    }
    std::fs::File::create(path)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|error| Error::io("write", path, &error))
}

fn print(document: &Document) -> Result<String> {
    let text = serde_json::to_string_pretty(document).map_err(|error| Error::new(Kind::Failed, error))?;
    Ok(text + "\n")
}

/// No document is longer: a device would be read until the memory is full.
const LONGEST: u64 = 64 << 20;

fn read(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    let done = if path == Path::new("-") {
        std::io::stdin().take(LONGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
    };
    done.map_err(|error| Error::io("read", path, &error))?;
    if bytes.len() as u64 > LONGEST {
        let what = format!("{} is longer than any document of `dsb config`", escape(path.as_os_str().as_bytes()));
        return Err(Error::new(Kind::Usage, what).next("nothing was changed"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        Error::new(Kind::Usage, format_args!("line {line}: this is no text")).next("nothing was changed")
    })
}

fn import(context: &Context, catalog: &Catalog, text: &str) -> Result<ConfigChanges> {
    if let Ok(document) = text.parse::<Document>() {
        let said = document.path_config.iter().flat_map(|paths| paths.0.values());
        let mut dead: Vec<_> = said.flat_map(ops::PathConfig::dead).collect();
        dead.sort_unstable();
        dead.dedup();
        context.tell_dead(&dead);
    }
    ops::import_config(catalog, text)
}

/// Edits until the document is right, or the person gives up; what they wrote is never lost.
fn edit(context: &Context, editor: &Editor, part: Part, below: Option<&VPath>) -> Result<ConfigChanges> {
    let catalog = context.catalog()?;
    let before = print(&ops::export_config(&catalog, part, below)?)?;
    let mut text = before.clone();
    loop {
        text = editor.edit(&text)?;
        let now = print(&ops::export_config(&catalog, part, below)?)?;
        let done = if now == before {
            import(context, &catalog, &text)
        } else {
            let what = "what is set changed meanwhile";
            Err(Error::new(Kind::Refused, what).next("nothing was changed; look at it anew with `dsb config edit`"))
        };
        let Err(error) = done else { return done };
        if !matches!(error.kind(), Kind::Usage) || !Editor::again(&error, &mut text, &before) {
            return Err(error.next(format_args!("nothing was changed; what you wrote is in {}", editor.keep(&text)?)));
        }
    }
}

fn to_json(changes: ConfigChanges) -> Value {
    json!({ "maps": changes.maps, "paths": changes.paths, "disks": changes.disks, "retention": changes.retention })
}

fn words(changes: ConfigChanges) -> String {
    if changes.is_empty() {
        return "Nothing is other than before.\n".to_owned();
    }
    let counts = [(changes.maps, "map"), (changes.paths, "path"), (changes.disks, "disk")];
    let mut parts: Vec<_> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| counted(*n, what)).collect();
    parts.extend(changes.retention.then(|| "which older states are kept".to_owned()));
    format!("Changed: {}.\n", parts.join(", "))
}
