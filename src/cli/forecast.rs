//! `dsb forecast`

use super::args::ForecastArguments;
use super::context::Context;
use super::coverage::{self, State};
use super::exit::Ending;
use super::json;
use super::table::Table;
use super::words::{amount, counted, day, number, wrapped};
use crate::error::Result;
use crate::model::{Amount, Disk, DiskName, Size, VPath};
use crate::ops::{self, Change, Folder, Forecast, Full, Growth, Outcome, Supposed};
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context, arguments: &ForecastArguments) -> Result<Ending> {
    let catalog = context.catalog()?;
    let mut lost: Vec<Disk> = Vec::new();
    for name in &arguments.lose {
        let disk = ops::named_disk(&catalog, name)?;
        // A disk is lost once, however often and by whatever name it is given.
        if lost.iter().all(|known| known.index != disk.index) {
            lost.push(disk);
        }
    }
    let supposed = Supposed { added: arguments.add.clone(), lost };
    let forecast = ops::forecast(&catalog, &supposed, context.terminal())?;
    let lost: Vec<DiskName> = supposed.lost.iter().map(|disk| disk.name.clone()).collect();
    let shown = if context.is_verbose() { usize::MAX } else { SHOWN };
    context.show(|| to_json(&forecast, &supposed.added, &lost), || words(&forecast, &supposed.added, &lost, shown))?;
    Ok(Ending::Done)
}

/// Lost files that are named without `-v`.
const SHOWN: usize = 20;

fn to_json(forecast: &Forecast, added: &[Size], lost: &[DiskName]) -> Value {
    let folder = |folder: &Folder| {
        json!({
            "path": folder.path.to_string(),
            "files": json::amount(folder.files),
            "below": json::amounts(&folder.below),
            "below_wanted": json::amount(folder.below_wanted),
        })
    };
    let growth = |growth: Growth| json!({ "days": growth.days, "bytes": growth.bytes });
    let change = |change: &Change| {
        json!({
            "added": added.iter().map(|size| size.bytes()).collect::<Vec<_>>(),
            "lost": json::names(lost),
            "gone": { "objects": change.without_copy.objects, "bytes": change.without_copy.bytes.bytes(),
                      "paths": json::paths(&change.gone) },
            "for_good": json::amount(change.for_good),
            "older": json::amount(change.older),
            "at_once": json::coverage(&change.at_once),
            "outcome": outcome(&change.outcome),
        })
    };
    json!({
        "folders": forecast.folders.iter().map(folder).collect::<Vec<_>>(),
        "now": json::coverage(&forecast.now),
        "outcome": outcome(&forecast.outcome),
        "growth": forecast.growth.map(growth),
        "change": forecast.change.as_ref().map(change),
    })
}

fn outcome(outcome: &Outcome) -> Value {
    let full = |full: &Full| json!({ "copies": full.copies, "room": full.room.bytes(), "full": full.day.map(day) });
    json!({
        "then": json::coverage(&outcome.then),
        "attachments": outcome.visits,
        "full": outcome.full.iter().map(full).collect::<Vec<_>>(),
    })
}

fn words(forecast: &Forecast, added: &[Size], lost: &[DiskName], shown: usize) -> String {
    let now = State { name: "now", coverage: &forecast.now, visits: None };
    let attached = State::after("all attached", &forecast.outcome);
    let mut out = folders(&forecast.folders) + "\n";
    let Some(change) = &forecast.change else {
        out += &coverage::table(&[now, attached]);
        return out + "\n" + &room(&[("room for", &forecast.outcome)], forecast.growth);
    };
    let name = if lost.is_empty() { "with it" } else { "after the loss" };
    let at_once = State { name, coverage: &change.at_once, visits: None };
    out += &format!("{}.\n", supposed(added, lost));
    out += &coverage::table(&[now, attached, at_once, State::after("then all attached", &change.outcome)]);
    out += "\n";
    out += &room(&[("room now", &forecast.outcome), ("room then", &change.outcome)], forecast.growth);
    if lost.is_empty() { out } else { out + "\n" + &gone(change, shown) }
}

/// What is supposed, in words.
fn supposed(added: &[Size], lost: &[DiskName]) -> String {
    let new = added.iter().map(|size| format!("a new disk of {size}"));
    let gone = lost.iter().map(|name| format!("{name} lost"));
    format!("Supposed: {}", new.chain(gone).collect::<Vec<_>>().join(", "))
}

/// How far each top folder is from each number of copies.
fn folders(folders: &[Folder]) -> String {
    let mut table = Table::new(&["folder", ">no copy", ">files", ">below 2", ">files", ">below 3", ">files"]);
    for folder in folders {
        let cells = folder.below.iter().flat_map(|below| [below.bytes.to_string(), number(below.objects)]);
        table.row([shortened(&folder.path)].into_iter().chain(cells));
    }
    if folders.len() > 1 {
        let sum = |level: usize| folders.iter().filter_map(|folder| folder.below.get(level).copied()).sum::<Amount>();
        let sums = (0..3).map(sum).flat_map(|below| [below.bytes.to_string(), number(below.objects)]);
        table.row(["together".to_owned()].into_iter().chain(sums));
    }
    table.lines()
}

/// A path that leaves room for the columns beside it.
fn shortened(path: &VPath) -> String {
    let text = path.to_string();
    if text.chars().count() <= FOLDER { text } else { text.chars().take(FOLDER - 3).collect::<String>() + "..." }
}

const FOLDER: usize = 20;

/// What has room, and until when.
fn room(outcomes: &[(&str, &Outcome)], growth: Option<Growth>) -> String {
    let mut head = vec!["copies of all".to_owned()];
    for (name, _) in outcomes {
        head.extend([format!(">{name}"), ">until".to_owned()]);
    }
    let mut table = Table::new(&head.iter().map(String::as_str).collect::<Vec<_>>());
    let most = outcomes.iter().map(|(_, outcome)| outcome.full.len()).max().unwrap_or(0);
    for level in 0..most {
        let mut row = vec![(level + 1).to_string()];
        for (_, outcome) in outcomes {
            let full = outcome.full.get(level);
            row.push(full.map_or_else(|| "-".to_owned(), |full| full.room.to_string()));
            row.push(full.and_then(|full| full.day).map_or_else(|| "-".to_owned(), day));
        }
        table.row(row);
    }
    table.lines() + &growth_words(growth)
}

fn growth_words(growth: Option<Growth>) -> String {
    let Some(Growth { days, bytes }) = growth else {
        return "How it grows is not known before updates on two different days.\n".to_owned();
    };
    let by = Size(bytes.unsigned_abs());
    let year = Size((u128::from(bytes.unsigned_abs()) * 365 / u128::from(days.unsigned_abs().max(1))) as u64);
    let how = if bytes < 0 { "shrank" } else { "grew" };
    format!("In the last {} it {how} by {by}: {year} a year.\n", counted(days.unsigned_abs(), "day"))
}

/// What is lost with disks, by name.
fn gone(change: &Change, shown: usize) -> String {
    let older = if change.older.objects > 0 {
        format!("Only there, of older states that are guaranteed, and gone with it: {}.\n", amount(change.older))
    } else {
        String::new()
    };
    if change.without_copy.objects == 0 {
        return if older.is_empty() { "Nothing has its only copy there.\n".to_owned() } else { older };
    }
    let mut out = format!("Only there, and gone if the source is gone too: {}:\n", amount(change.without_copy));
    change.gone.iter().take(shown).for_each(|path| out += &format!("  {path}\n"));
    if change.gone.len() > shown {
        out += &format!("  and {} more (-v names all)\n", counted((change.gone.len() - shown) as u64, "file"));
    }
    let rest = if change.for_good.objects == 0 {
        "The other disks have room for all of it, from the source.".to_owned()
    } else {
        format!("Of these, {} would stay without a copy: no room, or no source.", amount(change.for_good))
    };
    out + &wrapped(&rest) + "\n" + &older
}
