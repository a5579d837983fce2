//! `dsb snapshot`: the dated states.

use super::args::SnapshotCommand;
use super::context::Context;
use super::exit::Ending;
use super::json;
use super::pieces::{BEFORE, Pieces};
use super::retention::{freed_words, held};
use super::table::Table;
use super::words::{amount, counted, files, number, second};
use crate::catalog::{Catalog, KindSum};
use crate::error::{Error, Kind, Result};
use crate::model::{Kind as EntryKind, Size, Snapshot, Standing, When, escape};
use crate::ops::{self, Difference, Freed, State, TreeChange};
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context, command: &SnapshotCommand) -> Result<Ending> {
    let catalog = context.catalog()?;
    match command {
        SnapshotCommand::List => list(context, &catalog),
        SnapshotCommand::Show { when } => show(context, &catalog, when),
        SnapshotCommand::Diff { from, to } => diff(context, &catalog, from, to),
        SnapshotCommand::Forget { when } => forget(context, &catalog, when),
        SnapshotCommand::Keep { when } => hold(context, &catalog, when, true),
        SnapshotCommand::Unkeep { when } => hold(context, &catalog, when, false),
        SnapshotCommand::Tag { when, add, remove } => {
            ops::tag_state(&catalog, &ops::resolve(&catalog, when)?, add, remove)?;
            list(context, &catalog)
        }
    }
}

fn list(context: &Context, catalog: &Catalog) -> Result<Ending> {
    let (snapshots, standing) = (catalog.snapshots()?, catalog.standing_with_last_copies()?);
    let json = || {
        let row = |snapshot| {
            let mut row = json::snapshot(snapshot);
            row["held"] = held(&standing, snapshot.id).into();
            row
        };
        json!({ "snapshots": snapshots.iter().map(row).collect::<Vec<_>>() })
    };
    context.show(json, || table(&snapshots, &standing))?;
    Ok(Ending::Done)
}

fn table(snapshots: &[Snapshot], standing: &Standing) -> String {
    if snapshots.is_empty() {
        return "There is no state yet: `dsb update` records one.\n".to_owned();
    }
    let mut table = Table::new(&[">number", "taken", "held", "tags", ""]);
    for snapshot in snapshots {
        let held = if snapshot.held { "by hand" } else { held(standing, snapshot.id) }.to_owned();
        let (number, taken) = (snapshot.id.0.to_string(), second(snapshot.taken));
        table.row([number, taken, held, escape(snapshot.tags.join(" ").as_bytes()).into_owned(), marks(snapshot)]);
    }
    table.lines()
}

/// What is not as it should be with a state.
fn marks(snapshot: &Snapshot) -> String {
    let problems = (snapshot.problems > 0).then(|| counted(snapshot.problems, "problem"));
    let marks = [
        (!snapshot.complete).then(|| "interrupted".to_owned()),
        problems,
        snapshot.given_up.then(|| "partly given up".to_owned()),
    ];
    marks.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn show(context: &Context, catalog: &Catalog, when: &When) -> Result<Ending> {
    let state = ops::state(catalog, ops::resolve(catalog, when)?)?;
    let json = || {
        let mut value = json::snapshot(&state.snapshot);
        let kinds = state.kinds.iter().map(|sum| (sum.kind.word().to_owned(), Value::from(sum.entries)));
        value["entries"] = kinds.collect::<serde_json::Map<_, _>>().into();
        value["bytes"] = bytes(&state.kinds).bytes().into();
        value["without_copy"] = json::amount(state.without_copy);
        value["alone"] = json::freed(&state.alone);
        value
    };
    context.show(json, || state_words(&state))?;
    Ok(Ending::Done)
}

fn bytes(kinds: &[KindSum]) -> Size {
    kinds.iter().map(|sum| sum.bytes).sum()
}

fn state_words(state: &State) -> String {
    let snapshot = &state.snapshot;
    let mut out = format!("State {}, taken {}, called {}\n", snapshot.id.0, second(snapshot.taken), snapshot.name());
    for (what, is_said) in [(marks(snapshot), true), ("kept by hand".to_owned(), snapshot.held)] {
        out += &if is_said && !what.is_empty() { format!("{what}\n") } else { String::new() };
    }
    if !snapshot.tags.is_empty() {
        out += &format!("tagged {}\n", escape(snapshot.tags.join(", ").as_bytes()));
    }
    let count = |kind| state.kinds.iter().find(|sum| sum.kind == kind).map_or(0, |sum| sum.entries);
    let (files_there, directories) = (count(EntryKind::File), count(EntryKind::Directory));
    let held = format!("{} in {}", counted(files_there, "file"), counted(directories, "directory"));
    out += &format!("{held}, {}\n", bytes(&state.kinds));
    if state.without_copy.objects > 0 {
        out += &format!("Without a copy: {}.\n", files(state.without_copy));
    }
    out + &alone_words(&state.alone)
}

fn alone_words(alone: &[Freed]) -> String {
    let line = |freed: &Freed| format!("Needed by no other state, on {}: {}.", freed.disk, amount(freed.amount));
    alone.iter().map(line).fold(String::new(), |out, line| out + &line + "\n")
}

/// Line by line, since there may be very many.
fn diff(context: &Context, catalog: &Catalog, from: &When, to: &When) -> Result<Ending> {
    let (from, to) = (ops::resolve(catalog, from)?, ops::resolve(catalog, to)?);
    if from.id > to.id {
        let what = format!("state {} is older than state {}", to.id.0, from.id.0);
        return Err(Error::new(Kind::Usage, what).next("give the older one first"));
    }
    let mut sums = Sums::default();
    let head = format!("{{\"from\": {}, \"to\": {}, \"changes\": [", from.id.0, to.id.0);
    let mut pieces = Pieces::begin(context, &head)?;
    ops::differences(catalog, (from.id, to.id), |difference| {
        sums.count(difference);
        let json = || format!("{BEFORE}{}", difference_json(difference));
        pieces.tell(&if context.is_json() { json() } else { difference_line(difference) })
    })?;
    pieces.end()?;
    if !context.is_json() && !context.is_quiet() {
        context.print(&sums.words())?;
    }
    Ok(Ending::Done)
}

/// How many paths were added, removed and changed.
#[derive(Default)]
struct Sums {
    added: (u64, Size),
    removed: (u64, Size),
    changed: u64,
}

impl Sums {
    fn count(&mut self, difference: &Difference) {
        let size = if difference.kind == EntryKind::File { difference.size } else { Size::ZERO };
        match difference.change {
            TreeChange::Added => self.added = (self.added.0 + 1, self.added.1 + size),
            TreeChange::Removed => self.removed = (self.removed.0 + 1, self.removed.1 + size),
            _ => self.changed += 1,
        }
    }

    fn words(&self) -> String {
        let of = |(count, size): (u64, Size)| format!("{} ({size})", number(count));
        format!("{} added, {} removed, {} changed\n", of(self.added), of(self.removed), number(self.changed))
    }
}

fn word(change: &TreeChange) -> (&'static str, char) {
    match change {
        TreeChange::Added => ("added", '+'),
        TreeChange::Removed => ("removed", '-'),
        TreeChange::Content => ("content", 'M'),
        TreeChange::Metadata => ("metadata", 'U'),
        TreeChange::Kind => ("kind", 'T'),
        TreeChange::Renamed(_) => ("renamed", 'R'),
    }
}

fn difference_line(difference: &Difference) -> String {
    let slash = if difference.kind == EntryKind::Directory { "/" } else { "" };
    let (_, letter) = word(&difference.change);
    match &difference.change {
        TreeChange::Renamed(from) => format!("{letter} {from}{slash} -> {}{slash}\n", difference.path),
        _ => format!("{letter} {}{slash}\n", difference.path),
    }
}

fn difference_json(difference: &Difference) -> Value {
    let from = if let TreeChange::Renamed(from) = &difference.change { Some(from.to_string()) } else { None };
    json!({
        "path": difference.path.to_string(),
        "change": word(&difference.change).0,
        "kind": difference.kind.word(),
        "bytes": difference.size.bytes(),
        "from": from,
    })
}

fn forget(context: &Context, catalog: &Catalog, when: &[When]) -> Result<Ending> {
    let states = resolve_all(catalog, when)?;
    let freed = ops::forget_states(catalog, &states)?;
    let numbers: Vec<i64> = states.iter().map(|state| state.id.0).collect();
    let json = || json!({ "forgotten": numbers, "freed": json::freed(&freed) });
    context.show(json, || format!("Forgot {}.\n", counted(states.len() as u64, "state")) + &freed_words(&freed))?;
    Ok(Ending::Done)
}

fn hold(context: &Context, catalog: &Catalog, when: &[When], held: bool) -> Result<Ending> {
    ops::hold_states(catalog, &resolve_all(catalog, when)?, held)?;
    list(context, catalog)
}

/// The states that are meant, each once.
fn resolve_all(catalog: &Catalog, when: &[When]) -> Result<Vec<Snapshot>> {
    let mut states = when.iter().map(|when| ops::resolve(catalog, when)).collect::<Result<Vec<_>>>()?;
    states.sort_by_key(|state| state.id);
    states.dedup_by_key(|state| state.id);
    Ok(states)
}
