//! `dsb run`: presets, one after the other.

mod around;
mod preset;

use super::args::RunArguments;
use super::context::Context;
use super::exit::Ending;
use super::words::{counted, wrapped};
use crate::error::{Error, Kind, Result};
use crate::model::{Problem, Retention};
use crate::ops::{self, Preset};
use crate::progress::Progress;
use preset::{Run, run_preset};
use serde_json::json;

/// Runs them. What is wrong with one does not keep the others from their turn.
pub fn run(context: &Context, arguments: &RunArguments) -> Result<Ending> {
    let reached = if arguments.syslog { context.terminal().log().begin_system() } else { Ok(()) };
    let catalog = context.new_catalog()?;
    // The backup matters more than who hears of it.
    let is_heard = reached.map_err(|error| context.terminal().problem(&Problem::new("--syslog", error))).is_ok();
    let (presets, mut skipped) = readable(context, arguments);
    let mut runs = Vec::new();
    let mut policy: Option<(&str, &Retention)> = None;
    for preset in &presets {
        context.terminal().check()?;
        if let Some(why) = other_policy(&mut policy, preset) {
            skip(context, &preset.name, &why);
            skipped += 1;
            continue;
        }
        let is_sound = skipped == 0 && runs.iter().all(Run::is_sound);
        runs.push(run_preset(context, &catalog, preset, is_sound)?);
    }
    context.terminal().check()?;
    let json = || json!({ "presets": runs.iter().map(Run::json).collect::<Vec<_>>(), "skipped": skipped });
    context.show(json, || runs.iter().map(Run::words).collect::<String>() + &skipped_words(skipped))?;
    Ok(Ending::of(is_heard && skipped == 0 && runs.iter().all(Run::is_complete)))
}

/// All presets that can be read, and how many are skipped, each told.
fn readable(context: &Context, arguments: &RunArguments) -> (Vec<Preset>, u64) {
    let (mut presets, mut skipped) = (Vec::<Preset>::new(), 0);
    for path in &arguments.files {
        let sections = match ops::read_presets(path) {
            Ok(sections) => sections,
            Err(error) => {
                context.terminal().warn(&wrapped(&format!("dsb: skipped: {error}")));
                skipped += 1;
                continue;
            }
        };
        for section in sections {
            let is_wanted = arguments.only.is_empty() || arguments.only.contains(&section.name);
            match section.preset {
                _ if !is_wanted => {}
                Ok(preset) if presets.iter().any(|other| other.name == preset.name) => {
                    skip(context, &section.name, "there is another preset of this name");
                    skipped += 1;
                }
                Ok(preset) => presets.push(preset),
                Err(why) => {
                    skip(context, &section.name, &why);
                    skipped += 1;
                }
            }
        }
    }
    for name in &arguments.only {
        if !presets.iter().any(|preset| preset.name == *name) {
            skip(context, name, "there is no such preset, or it is wrong");
            skipped += 1;
        }
    }
    (presets, skipped)
}

fn skip(context: &Context, name: &str, why: &str) {
    let place = crate::model::escape(name.as_bytes()).into_owned();
    context.terminal().problem(&Problem::new(format!("[{place}]"), format_args!("skipped: {why}")));
}

/// Which older states are kept is one setting of the catalog: two presets that disagree would set it
/// back and forth.
fn other_policy<'p>(policy: &mut Option<(&'p str, &'p Retention)>, preset: &'p Preset) -> Option<String> {
    let own = preset.retention.as_ref()?;
    match policy {
        Some((name, other)) if *other != own => {
            Some(format!("[{name}] wants other states kept; that is one setting for all of a catalog"))
        }
        _ => {
            *policy = Some((&preset.name, own));
            None
        }
    }
}

fn skipped_words(skipped: u64) -> String {
    if skipped == 0 { String::new() } else { format!("{} skipped, as named above.\n", counted(skipped, "preset")) }
}

/// What stops all of it, not only one preset.
fn ends_all(error: &Error) -> bool {
    matches!(error.kind(), Kind::Interrupted | Kind::Locked | Kind::Damage)
}
