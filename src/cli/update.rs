//! `dsb update`

use super::args::UpdateArguments;
use super::context::Context;
use super::exit::Ending;
use super::json;
use super::words::{counted, files};
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::Amount;
use crate::ops::{self, Accepted, UpdateOptions, UpdateReport};
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context, arguments: &UpdateArguments) -> Result<Ending> {
    let options = UpdateOptions {
        jobs: arguments.jobs,
        ignore_ctime: arguments.ignore_ctime,
        ignore_lock: arguments.ignore_lock,
        rehash_percent: arguments.rehash.then(|| arguments.oldest.unwrap_or(100)),
        accepted: Accepted { loss: arguments.accept_loss.clone(), source: arguments.accept_source.clone() },
        only: None,
        tags: arguments.tag.clone(),
        keeps_all: false,
    };
    context.tell_dead(if arguments.nohelper { &["--nohelper"] } else { &[] });
    let catalog = context.catalog()?;
    let _lock = catalog.lock("update")?;
    let report = update(context, &catalog, &options)?;
    context.show(|| to_json(&report), || words(context, &report))?;
    // A rehearsal reads nothing, and that is as it should be.
    Ok(Ending::of(UpdateReport { unhashed: unread(context, &report), ..report }.is_complete()))
}

/// Updates, for whichever command wants it.
pub fn update(context: &Context, catalog: &Catalog, options: &UpdateOptions) -> Result<UpdateReport> {
    ops::update(catalog, options, context.terminal())
}

/// The report as a program reads it.
pub fn to_json(report: &UpdateReport) -> Value {
    let left_out: serde_json::Map<_, _> =
        report.left_out.iter().map(|(why, count)| (why.to_string(), Value::from(*count))).collect();
    json!({
        "seen": report.seen,
        "directories": report.directories,
        "added": report.added,
        "changed": report.changed,
        "completed": report.completed,
        "vanished": report.vanished,
        "renamed": report.renamed,
        "hashed": json::amount(report.hashed),
        "unhashed": json::amount(report.unhashed),
        "left_out": left_out,
        "locked": json::paths(&report.locked),
        "suspects": report.suspects,
        "problems": report.problems,
        "snapshot": report.snapshot.map(|id| id.0),
        "complete": report.is_complete(),
    })
}

/// What should have been read and was not.
pub fn unread(context: &Context, report: &UpdateReport) -> Amount {
    if context.rehearses() { Amount::default() } else { report.unhashed }
}

/// The report as a person reads it.
pub fn words(context: &Context, report: &UpdateReport) -> String {
    let mut out = format!(
        "Looked at {} in {}: {} new, {} changed, {} gone, {} renamed.\n",
        counted(report.seen, "entry"),
        counted(report.directories, "directory"),
        report.added,
        report.changed,
        report.vanished,
        report.renamed
    );
    if report.completed > 0 {
        let known = counted(report.completed, "entry");
        out += &format!("Taken over from distbackup and as it was, now fully known: {known}.\n");
    }
    if report.hashed.objects > 0 {
        out += &format!("Read {}.\n", files(report.hashed));
    }
    match report.snapshot {
        Some(_) if context.rehearses() => out += "That would be a new snapshot.\n",
        Some(id) => out += &format!("Recorded as snapshot {}.\n", id.0),
        None if report.unhashed.objects > 0 => {}
        None => out += "Nothing changed.\n",
    }
    let left_out: Vec<_> = report.left_out.iter().map(|(why, count)| format!("{count} {why}")).collect();
    if !left_out.is_empty() {
        out += &format!("Left out: {}.\n", left_out.join(", "));
    }
    if report.unhashed.objects > 0 {
        let what = if context.rehearses() { "To be read" } else { "Not read" };
        out += &format!("{what}: {}.\n", files(report.unhashed));
    }
    if report.suspects > 0 {
        out += &format!("{} changed without a trace: `dsb suspect list`.\n", counted(report.suspects, "file"));
    }
    if report.problems > 0 {
        out += &format!("{} could not be done, as named above.\n", counted(report.problems, "item"));
    }
    out
}
