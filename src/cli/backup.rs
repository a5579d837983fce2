//! `dsb backup`

use super::args::BackupArguments;
use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::{amount, counted, date, files, wrapped};
use super::{json, update};
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, Size, VPath};
use crate::ops::{self, BackupOptions, BackupReport, DiskSums, Planned, Prospect, UpdateOptions};
use crate::plan::{Reason, Step};
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context, arguments: &BackupArguments) -> Result<Ending> {
    let options = BackupOptions {
        jobs: arguments.jobs,
        limit: arguments.limit,
        maxcopies: arguments.maxcopies,
        evict: !arguments.no_evict,
        delete_many: arguments.delete_many,
    };
    let catalog = context.catalog()?;
    if arguments.simulate {
        return simulate(context, &catalog, &arguments.disk, &options);
    }
    let _lock = catalog.lock("backup")?;
    let mut complete = true;
    if arguments.update {
        let options = UpdateOptions { jobs: arguments.jobs, ..UpdateOptions::default() };
        complete = update::update(context, &catalog, &options)?.is_complete();
    }
    let report = backup(context, &catalog, &arguments.disk, &options)?;
    context.show(|| to_json(&report), || words(&report))?;
    Ok(Ending::of(complete && report.is_complete()))
}

/// Backs up, for whichever command wants it.
pub fn backup(context: &Context, catalog: &Catalog, disk: &str, options: &BackupOptions) -> Result<BackupReport> {
    let disk = ops::named_disk(catalog, disk)?;
    ops::backup(catalog, disk, options, context.terminal())
}

fn simulate(context: &Context, catalog: &Catalog, disk: &str, options: &BackupOptions) -> Result<Ending> {
    let disk = ops::named_disk(catalog, disk)?;
    let attached = ops::find_attached(catalog, &disk).ok();
    let planned = ops::plan_backup(catalog, disk, attached.as_ref(), options)?;
    let steps = planned.plan.steps.iter().map(|step| Line::of(catalog, &planned, step)).collect::<Result<Vec<_>>>()?;
    let too_large = planned.too_large(catalog)?;
    let json = || {
        json!({
            "disk": planned.disk.name.as_str(),
            "room": planned.room.bytes(),
            "steps": steps.iter().map(Line::to_json).collect::<Vec<_>>(),
            "over_budget": planned.plan.over_budget,
            "too_large": { "count": too_large.0, "paths": json::paths(&too_large.1) },
            "withheld": json::amount(planned.withheld),
        })
    };
    context.show(json, || simulated(&planned, &steps) + &too_large_words(&too_large))?;
    Ok(Ending::Done)
}

/// One step of a plan, with what a person knows it by.
struct Line {
    copies: bool,
    object: String,
    size: Size,
    path: Option<String>,
    reason: String,
    evict: Vec<String>,
}

impl Line {
    fn of(catalog: &Catalog, planned: &Planned, step: &Step) -> Result<Self> {
        let key = |item: u32| planned.shelf.objects.get(item as usize).map(|object| object.census);
        let (item, reason, evict) = match step {
            Step::Remove { item, reason } => (*item, *reason, Vec::new()),
            Step::Copy { item, reason, exchange, evict } => (*item, *reason, [exchange.as_slice(), evict].concat()),
        };
        let census = key(item);
        let named = |census: crate::catalog::CensusItem| catalog.object(census.key).map(|(id, _)| id.to_string());
        let path = census.map(|census| ops::paths_of(catalog, census.key, 1)).transpose()?;
        Ok(Self {
            copies: matches!(step, Step::Copy { .. }),
            object: census.map(named).transpose()?.unwrap_or_default(),
            size: census.map_or(Size::ZERO, |census| census.size),
            path: path.unwrap_or_default().first().map(ToString::to_string),
            reason: reason_word(reason),
            evict: evict.into_iter().filter_map(key).map(named).collect::<Result<_>>()?,
        })
    }

    fn to_json(&self) -> Value {
        json!({
            "do": if self.copies { "copy" } else { "remove" },
            "object": self.object,
            "bytes": self.size.bytes(),
            "path": self.path,
            "reason": self.reason,
            "evict": self.evict,
        })
    }
}

/// Why a step is taken, in a word or two.
fn reason_word(reason: Reason) -> String {
    match reason {
        Reason::Orphan => "orphan".to_owned(),
        Reason::Excess => "beyond maxcopies".to_owned(),
        Reason::OverBudget => "over budget".to_owned(),
        Reason::New => "new".to_owned(),
        Reason::Copies(2) => "second copy".to_owned(),
        Reason::Copies(3) => "third copy".to_owned(),
        Reason::Copies(n) => format!("copy {n}"),
        Reason::Relocation => "relocation".to_owned(),
    }
}

fn simulated(planned: &Planned, steps: &[Line]) -> String {
    let mut table = Table::new(&["", ">size", "why", "file"]);
    let (mut copied, mut removed) = (Amount::default(), Amount::default());
    for step in steps {
        let word = if step.copies { "copy" } else { "remove" };
        *(if step.copies { &mut copied } else { &mut removed }) += Amount::one(step.size);
        let place = step.path.clone().unwrap_or_else(|| step.object.clone());
        let why = match step.evict.len() {
            0 => step.reason.clone(),
            count => format!("{}, for {}", step.reason, counted(count as u64, "copy")),
        };
        table.row([word.to_owned(), step.size.to_string(), why, place]);
    }
    let lines = if steps.is_empty() { String::new() } else { table.lines() };
    let (name, copied, removed) = (&planned.disk.name, amount(copied), amount(removed));
    let sums = format!("{name}: would copy {copied}; would remove {removed}. Nothing was done.");
    lines + &wrapped(&sums) + "\n"
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
        "withheld": json::amount(report.withheld),
        "unhashed": json::amount(report.unhashed),
        "kept": json::amount(report.kept),
        "too_large": { "count": report.too_large.0, "paths": json::paths(&report.too_large.1) },
        "over_budget": report.over_budget.bytes(),
        "next": report.next.as_ref().map(json::next),
        "complete": report.is_complete(),
    })
}

/// The report as a person reads it.
pub fn words(report: &BackupReport) -> String {
    let carried = &report.carried;
    let mut out = done_words(report);
    out += &before_and_after(report);
    let mut say = |text: String| out += &format!("{text}\n");
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
        say(format!("{} more than the budget stay: last copies are never removed.", report.over_budget));
    }
    out += &too_large_words(&report.too_large);
    let mut say = |text: String| out += &format!("{text}\n");
    if carried.problems > 0 {
        say(format!("{} could not be done, as named above.", counted(carried.problems, "item")));
    }
    if let Some(next) = &report.next {
        say(next_words(next));
    }
    say(format!("Everything is on the medium: {} is safe to unplug once it is unmounted.", report.disk));
    out
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
    let mut out = format!("Next: attach {} (last seen {}). It would take", next.name, date(next.last_seen));
    for (what, sum) in [("the first copy of", next.gain.first), ("a further copy of", next.gain.more())] {
        if sum.objects > 0 {
            out += &format!("\n    {what} {}", amount(sum));
        }
    }
    out
}
