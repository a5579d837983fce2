//! `dsb backup`

use super::args::BackupArguments;
use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::{amount, counted, date, files, wrapped};
use super::{json, simulated, update};
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, Size, VPath};
use crate::ops::{self, BackupOptions, BackupReport, DiskSums, Prospect, TreeReport, UpdateOptions, UpdateReport};
use crate::progress::Progress;
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context, arguments: &BackupArguments) -> Result<Ending> {
    let options = BackupOptions {
        jobs: arguments.jobs,
        limit: arguments.limit,
        maxcopies: arguments.maxcopies,
        evict: !arguments.no_evict,
        remove_orphans: true,
        delete_many: arguments.delete_many,
    };
    context.tell_dead(&arguments.dead());
    let catalog = context.catalog()?;
    let simulates = arguments.simulate || context.rehearses();
    let _lock = if simulates { None } else { Some(catalog.lock("backup")?) };
    let mut complete = true;
    // With --simulate alone nothing is updated either: only a scratch copy may be.
    if arguments.update && (!simulates || catalog.is_scratch()) {
        let (jobs, ignore_lock) = (arguments.jobs, arguments.ignore_lock);
        let options = UpdateOptions { jobs, ignore_lock, ..UpdateOptions::default() };
        let updated = update::update(context, &catalog, &options)?;
        complete = UpdateReport { unhashed: update::unread(context, &updated), ..updated }.is_complete();
    }
    let options = options.after(complete);
    if simulates {
        return simulated::run(context, &catalog, &arguments.disk, &options);
    }
    let report = backup(context, &catalog, &arguments.disk, &options)?;
    context.show(|| to_json(&report), || words(&report))?;
    Ok(Ending::of(complete && report.is_complete()))
}

/// Backs up, for whichever command wants it.
pub fn backup(context: &Context, catalog: &Catalog, disk: &str, options: &BackupOptions) -> Result<BackupReport> {
    let disk = ops::named_disk(catalog, disk)?;
    if !options.remove_orphans {
        let what = format!("Nothing is removed from {} and nothing makes way: this run had problems.", disk.name);
        context.terminal().note(&wrapped(&what));
    }
    ops::backup(catalog, disk, options, context.terminal())
}

/// The report as a program reads it.
pub fn to_json(report: &BackupReport) -> Value {
    let sums = |sums: &DiskSums| json!({ "held": json::amount(sums.held), "used": sums.used.bytes(), "levels": json::amounts(&sums.levels) });
    json!({
        "disk": report.disk.as_str(),
        "budget": report.budget.bytes(),
        "room": report.room.bytes(),
        "before": sums(&report.before),
        "after": sums(&report.after),
        "orphans": json::amount(report.carried.orphans),
        "evicted": json::amount(report.carried.evicted),
        "first": json::amount(report.carried.first),
        "more": json::amount(report.carried.more),
        "problems": report.carried.problems,
        "full": report.carried.full,
        "copy_is_old": report.carried.copy_is_old,
        "trees": trees(&report.carried.trees),
        "withheld": json::amount(report.withheld),
        "unhashed": json::amount(report.unhashed),
        "guaranteed": json::amount(report.guaranteed),
        "kept": json::amount(report.kept),
        "too_large": { "count": report.too_large.0, "paths": json::paths(&report.too_large.1) },
        "homeless": json::amount(report.homeless.0),
        "not_copied": json::amount(report.not_copied.0),
        "over_budget": report.over_budget.bytes(),
        "next": report.next.as_ref().map(json::next),
        "complete": report.is_complete(),
    })
}

fn trees(trees: &TreeReport) -> Value {
    json!({
        "made": trees.made, "removed": trees.removed, "no_room": trees.no_room, "left_out": trees.left_out,
        "latest_stays": trees.stays.as_ref().map(ToString::to_string),
    })
}

/// The report as a person reads it.
pub fn words(report: &BackupReport) -> String {
    let carried = &report.carried;
    let mut out = done_words(report);
    out += &before_and_after(report);
    let mut say = |text: String| out += &format!("{text}\n");
    if report.guaranteed.objects > 0 {
        say(format!("Kept for older snapshots only, guaranteed: {}.", amount(report.guaranteed)));
    }
    if report.kept.objects > 0 {
        say(format!("Kept in free room for older snapshots only: {}.", amount(report.kept)));
    }
    if report.unhashed.objects > 0 {
        say(format!("Not read yet, so not copied: {}; run `dsb update`.", files(report.unhashed)));
    }
    if report.withheld.objects > 0 {
        let what = amount(report.withheld);
        say(format!("Not removed, though nobody needs them: {what}. So many at once look like a mistake;"));
        say(format!("if it is none: dsb backup {} --delete-many", report.disk));
    }
    if report.over_budget > Size::ZERO {
        say(format!("{} more than the budget stay: {}.", report.over_budget, stays_words(report)));
    }
    if let Some(stays) = &carried.trees.stays {
        say(stays.to_string());
    }
    out += &too_large_words(&report.too_large);
    let mut say = |text: String| out += &format!("{text}\n");
    if carried.problems > 0 {
        say(format!("{} could not be done, as named above.", counted(carried.problems, "item")));
    }
    if let Some(next) = &report.next {
        say(next_words(next));
    }
    if report.homeless.0.objects > report.too_large.0 {
        say(homeless_words(&report.homeless, &full_words(report)));
    }
    if report.not_copied.0.objects > 0 {
        say(homeless_words(&report.not_copied, &not_copied_words(report)));
    }
    let disk = &report.disk;
    if carried.copy_is_old {
        say(format!("Its content is on {disk}, but the catalog copy there is of an earlier session: make room"));
        say(format!("on it and run `dsb backup {disk}` again, before it is needed to restore from alone."));
    } else {
        say(format!("Everything is on the medium: {disk} is safe to unplug once it is unmounted."));
    }
    out
}

/// Why a disk stays above its budget.
const fn stays_words(report: &BackupReport) -> &'static str {
    if report.evicts { "last copies are never removed" } else { "after a problem nothing is removed" }
}

/// Why there is no room for it, and what to do.
fn full_words(report: &BackupReport) -> String {
    if report.evicts {
        return "The shelf is full: add a disk, or give one a larger budget.".to_owned();
    }
    format!("After a problem nothing makes way for it: see to that, or run `dsb backup {}`.", report.disk)
}

/// What is on no disk, though all had their turn.
fn homeless_words((sum, paths): &(Amount, Vec<VPath>), why: &str) -> String {
    let first: Vec<_> = paths.iter().map(ToString::to_string).collect();
    let more = if sum.objects > first.len() as u64 { ", ..." } else { "" };
    // Content that waits for a decision may have no path by now.
    let names = if first.is_empty() { String::new() } else { format!(" ({}{more})", first.join(", ")) };
    wrapped(&format!("NOT on any disk: {}{names}. {why}", amount(*sum)))
}

/// Why it is on no disk though this one has room, and what to do.
fn not_copied_words(report: &BackupReport) -> String {
    let disk = &report.disk;
    if report.carried.problems > 0 {
        format!("{disk} has room for it; what is named above was in the way. `dsb backup -u {disk}` tries again.")
    } else {
        format!("{disk} has room for it: run `dsb backup {disk}` again.")
    }
}

/// What fits on no disk: how many objects, and the first of them by name.
pub fn too_large_words((count, paths): &(u64, Vec<VPath>)) -> String {
    if *count == 0 {
        return String::new();
    }
    let head = format!("{} fit on no disk of the shelf:\n", counted(*count, "object"));
    paths.iter().fold(head, |out, path| out + &format!("  {path}\n"))
}

fn done_words(report: &BackupReport) -> String {
    let carried = &report.carried;
    let parts = [
        ("removed that nobody needs", carried.orphans),
        ("made way", carried.evicted),
        ("copied for the first time", carried.first),
        ("copied once more", carried.more),
    ];
    let done: Vec<_> =
        parts.iter().filter(|(_, sum)| sum.objects > 0).map(|(what, sum)| format!("{} {what}", amount(*sum))).collect();
    match done.as_slice() {
        [] => format!("{}: nothing to do.\n", report.disk),
        done => wrapped(&format!("{}: {}.", report.disk, done.join("; "))) + "\n",
    }
}

fn before_and_after(report: &BackupReport) -> String {
    let mut table = Table::new(&["", ">before", ">after", ">objects"]);
    let (before, after) = (&report.before, &report.after);
    let on_disk = format!("on {} (room {})", report.disk, report.room);
    table.row([on_disk, before.used.to_string(), after.used.to_string(), super::words::number(after.held.objects)]);
    let level = |sums: &DiskSums, copies: usize| sums.levels.get(copies).copied().unwrap_or_default();
    for copies in 0..before.levels.len().max(after.levels.len()) {
        let (was, is) = (level(before, copies), level(after, copies));
        let name = match copies {
            0 => "without a copy".to_owned(),
            copies => format!("with {}", counted(copies as u64, "copy")),
        };
        table.row([name, was.bytes.to_string(), is.bytes.to_string(), super::words::number(is.objects)]);
    }
    table.lines()
}

/// Which disk to attach next, and why.
pub fn next_words(next: &Prospect) -> String {
    let (name, seen) = (&next.name, date(next.last_seen));
    let at_most = if next.is_planned { "" } else { " at most" };
    let mut out = format!("Next: attach {name} (last seen {seen}). It would take{at_most}");
    for (what, sum) in [("the first copy of", next.gain.first), ("a further copy of", next.gain.more())] {
        if sum.objects > 0 {
            out += &format!("\n    {what} {}", amount(sum));
        }
    }
    if !next.is_planned {
        out += "\nThat is by sums alone; `dsb next` plans it.";
    }
    out
}
