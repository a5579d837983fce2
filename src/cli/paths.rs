//! `dsb source set`, `lock`, `unlock` and `reset`: what holds for paths.

use super::args::SourceSetArguments;
use super::context::Context;
use super::json;
use super::table::Table;
use crate::error::{Error, Kind, Result};
use crate::model::{Filter, Protection, Rule, Settings, VPath, escape};
use crate::ops::{self, HandlingChanges, PathState};
use serde_json::{Value, json};
use std::os::unix::ffi::OsStrExt;

/// Sets what is asked for, and shows what holds then.
pub fn set(context: &Context, arguments: &SourceSetArguments) -> Result<()> {
    let catalog = context.catalog()?;
    let settings = Settings { copies: arguments.copies, priority: arguments.priority, maxcopies: arguments.maxcopies };
    let changes = changes(arguments)?;
    context.tell_dead(&changes.said.iter().flat_map(ops::PathConfig::dead).collect::<Vec<_>>());
    for vpath in &arguments.vpaths {
        ops::set_path(&catalog, vpath, settings, &changes)?;
    }
    show(context, &ops::path_states(&catalog, &arguments.vpaths)?)
}

/// Takes away all that is set for paths.
pub fn reset(context: &Context, vpaths: &[VPath]) -> Result<()> {
    let catalog = context.catalog()?;
    vpaths.iter().try_for_each(|vpath| ops::reset_path(&catalog, vpath))?;
    show(context, &ops::path_states(&catalog, vpaths)?)
}

/// Locks paths, or lists what is locked.
pub fn lock(context: &Context, vpaths: &[VPath]) -> Result<()> {
    if !vpaths.is_empty() {
        return set_locked(context, vpaths, true);
    }
    let locked = ops::locked_paths(&context.catalog()?)?;
    let words = || locked.iter().fold(String::new(), |out, path| out + &format!("{path}\n"));
    context.show(|| json!({ "locked": json::paths(&locked) }), words)
}

/// Locks paths, or unlocks them.
pub fn set_locked(context: &Context, vpaths: &[VPath], locked: bool) -> Result<()> {
    let catalog = context.catalog()?;
    let changes = HandlingChanges { locked: Some(locked), ..HandlingChanges::default() };
    vpaths.iter().try_for_each(|vpath| ops::set_path(&catalog, vpath, Settings::NONE, &changes))?;
    show(context, &ops::path_states(&catalog, vpaths)?)
}

fn changes(arguments: &SourceSetArguments) -> Result<HandlingChanges> {
    let rule = |text: &std::ffi::OsString| {
        let next = "a rule is a name, a shell pattern, or / and a regular expression; `!` before it keeps what matches";
        Rule::new(text.as_bytes()).map_err(|error| Error::new(Kind::Usage, error).next(next))
    };
    let said = |yes: bool, no: bool| if yes || no { Some(yes) } else { None };
    let rules = arguments.ignore.iter().filter(|text| !text.is_empty()).map(rule).collect::<Result<Vec<_>>>()?;
    if arguments.append && arguments.ignore.is_empty() && arguments.set.is_none() {
        return Err(Error::new(Kind::Usage, "--append is said of rules").next("give them with --ignore"));
    }
    Ok(HandlingChanges {
        said: arguments.set.clone(),
        locked: said(arguments.lock, arguments.unlock),
        hidden: said(arguments.hide, arguments.unhide),
        follow: said(arguments.follow, arguments.nofollow),
        inherits: said(arguments.inherit, arguments.no_inherit),
        rules: (!arguments.ignore.is_empty()).then_some(rules),
        append: arguments.append,
        no_filters: arguments.no_filters,
        filters: arguments.filters.filters.clone(),
    })
}

fn show(context: &Context, paths: &[PathState]) -> Result<()> {
    context.show(|| json!({ "paths": to_json(paths) }), || words(paths))
}

/// What holds for paths, as a program reads it.
pub fn to_json(paths: &[PathState]) -> Vec<Value> {
    paths.iter().map(path_to_json).collect()
}

fn path_to_json(path: &PathState) -> Value {
    let Protection { copies, priority, maxcopies } = path.protection;
    let own = &path.handling;
    let from = |at: &VPath| at.to_string();
    let rule = |(at, rule): &(VPath, Rule)| json!({ "at": from(at), "rule": escape(rule.text()) });
    let filter = |(at, filter): &(VPath, Filter)| json!({ "at": from(at), word(filter): filter.pattern() });
    json!({
        "vpath": path.vpath.to_string(),
        "copies": copies,
        "priority": priority,
        "maxcopies": (maxcopies < u8::MAX).then_some(maxcopies),
        "present": path.present,
        "locked": path.locked.as_ref().map(from),
        "hidden": path.hidden.as_ref().map(from),
        "follow": own.follow,
        "rules": path.rules.iter().map(rule).collect::<Vec<_>>(),
        "filters": path.filters.iter().map(filter).collect::<Vec<_>>(),
        "set": {
            "copies": path.own.copies, "priority": path.own.priority, "maxcopies": path.own.maxcopies,
            "locked": own.locked, "hidden": own.hidden, "follow": own.follow, "inherits": own.inherits,
            "rules": own.rules.iter().map(|rule| escape(rule.text())).collect::<Vec<_>>(),
            "filters": own.filters.iter().map(|line| json!({ word(line): line.pattern() })).collect::<Vec<_>>(),
        },
    })
}

fn word(filter: &Filter) -> &'static str {
    if filter.includes() { "include" } else { "exclude" }
}

/// What holds for paths; in brackets what they have from above.
pub fn words(paths: &[PathState]) -> String {
    let mut table = Table::new(&["path", ">copies wanted", ">at most", ">priority"]);
    let shown = |own: Option<u8>, holds: String| if own.is_some() { holds } else { format!("({holds})") };
    for PathState { vpath, own, protection, .. } in paths {
        let most = if protection.maxcopies == u8::MAX { "any".to_owned() } else { protection.maxcopies.to_string() };
        table.row([
            vpath.to_string(),
            shown(own.copies, protection.copies.to_string()),
            shown(own.maxcopies, most),
            shown(own.priority, protection.priority.to_string()),
        ]);
    }
    paths.iter().flat_map(handling_lines).fold(table.lines(), |out, line| out + &line + "\n")
}

/// What updates do at a path, a line each.
fn handling_lines(path: &PathState) -> Vec<String> {
    let mut said = Vec::new();
    let from = |at: &VPath| if *at == path.vpath { String::new() } else { format!(" (from {at})") };
    said.extend((!path.present).then(|| "there is nothing of that name now".to_owned()));
    said.extend(path.locked.as_ref().map(|at| format!("locked{}", from(at))));
    said.extend(path.hidden.as_ref().map(|at| format!("hidden{}", from(at))));
    said.extend(path.handling.follow.then(|| "symlinks in it are followed".to_owned()));
    said.extend((!path.handling.inherits).then(|| "takes over no rules from above".to_owned()));
    said.extend(path.rules.iter().map(|(at, rule)| format!("ignore {}{}", escape(rule.text()), from(at))));
    said.extend(path.filters.iter().map(|(at, filter)| format!("{filter}{}", from(at))));
    said.into_iter().map(|line| format!("{}: {line}", path.vpath)).collect()
}
