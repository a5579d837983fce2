//! `dsb simulate`: what the planner makes of a shelf that is only written down.

use super::args::SimulateArguments;
use super::context::Context;
use super::exit::Ending;
use super::json;
use super::table::Table;
use super::words::{counted, number};
use crate::error::Result;
use crate::model::{Amount, DiskIndex, DiskSet, Problem, Size, escape};
use crate::ops::{self, Breach, Figures, Simulation, Visit};
use crate::progress::Progress;
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context, arguments: &SimulateArguments) -> Result<Ending> {
    let simulation = ops::simulate(&arguments.scenario, context.terminal())?;
    for breach in &simulation.breaches {
        context.terminal().problem(&problem(&simulation, breach));
    }
    let placement = arguments.placement.then_some(&*simulation.placement);
    context.show(|| to_json(&simulation, placement), || words(&simulation))?;
    Ok(if simulation.breaches.is_empty() { Ending::Done } else { Ending::Damage })
}

fn problem(simulation: &Simulation, breach: &Breach) -> Problem {
    let disk = breach.visit.checked_sub(1).and_then(|position| simulation.visits.get(position));
    let name = disk.map(|visit| name(simulation, visit.disk)).unwrap_or_default();
    Problem::new(format!("visit {} of {name}", breach.visit), breach.violation)
}

fn to_json(simulation: &Simulation, placement: Option<&[DiskSet]>) -> Value {
    let figures = &simulation.figures;
    let visit = |visit: &Visit| {
        json!({
            "disk": visit.disk.get(),
            "deleted": json::amount(visit.deleted),
            "copied": json::amount(visit.copied),
        })
    };
    let mut value = json!({
        "visits": simulation.visits.iter().map(visit).collect::<Value>(),
        "final": { "data": figures.data, "bytes_at_least": figures.bytes_at_least, "bound": figures.bound },
        "written": figures.written,
        "visits_to_settle": figures.visits_to_settle,
        "folder_disks": {
            "mean": figures.folder_disks.map(|disks| disks.mean),
            "worst": figures.folder_disks.map(|disks| disks.worst),
        },
        "violations": simulation.breaches.len(),
    });
    if let Some(placement) = placement {
        let ids = |disks: &DiskSet| disks.iter().map(DiskIndex::get).collect::<Value>();
        value["copies"] = placement.iter().map(ids).collect();
    }
    value
}

fn words(simulation: &Simulation) -> String {
    let figures = &simulation.figures;
    let mut out = visits(simulation) + "\n" + &levels(figures);
    let mut say = |text: String| out += &format!("{text}\n");
    say(format!("Written: {:.3} times the data.", figures.written));
    if let Some(visits) = figures.visits_to_settle {
        say(format!("Settled after {} of the last settling.", counted(visits as u64, "visit")));
    }
    if let Some(disks) = figures.folder_disks {
        let (mean, worst) = (disks.mean, disks.worst);
        say(format!("A folder comes back from {mean:.2} times as many disks as it has to, {worst:.2} at worst."));
    }
    say(match simulation.breaches.len() as u64 {
        0 => "No plan broke a rule.".to_owned(),
        count => format!("{} of what no plan may do; each is named above.", counted(count, "violation")),
    });
    out
}

/// All visits; those in a row that had nothing to do on one line.
fn visits(simulation: &Simulation) -> String {
    let mut table = Table::new(&[">visit", "disk", ">copied", ">", ">deleted", ">"]);
    let numbered: Vec<(usize, &Visit)> = (1..).zip(&simulation.visits).collect();
    for row in numbered.chunk_by(|(_, a), (_, b)| is_idle(a) && is_idle(b)) {
        let (Some((first, visit)), Some((last, _))) = (row.first(), row.last()) else { continue };
        let [copied, copied_bytes] = cells(visit.copied);
        let [deleted, deleted_bytes] = cells(visit.deleted);
        let (visits, disk) = match last - first {
            0 => (number(*first as u64), name(simulation, visit.disk)),
            more => (format!("{first}-{last}"), counted(more as u64 + 1, "visit") + ", nothing to do"),
        };
        table.row([visits, disk, copied, copied_bytes, deleted, deleted_bytes]);
    }
    table.lines()
}

fn is_idle(visit: &Visit) -> bool {
    visit.copied.objects == 0 && visit.deleted.objects == 0
}

/// Nothing is a dash, so that what was done stands out.
fn cells(amount: Amount) -> [String; 2] {
    match amount.objects {
        0 => ["-".to_owned(), String::new()],
        objects => [number(objects), amount.bytes.to_string()],
    }
}

/// The longest name that is shown whole.
const NAME: usize = 24;

/// The name of a disk, fit for a column.
fn name(simulation: &Simulation, index: DiskIndex) -> String {
    let disk = simulation.disks.iter().find(|disk| disk.index == index);
    let name = disk.map_or_else(String::new, |disk| escape(disk.name.as_bytes()).into_owned());
    if name.chars().count() <= NAME { name } else { name.chars().take(NAME - 3).chain("...".chars()).collect() }
}

/// By number of copies, up to the first that nothing could have.
fn levels(figures: &Figures) -> String {
    let mut table = Table::new(&["content", ">reached", ">bound", ">of the bound", ">of the data"]);
    let dash = || "-".to_owned();
    table.row(["all that is live".to_owned(), Size(figures.data).to_string(), dash(), dash(), dash()]);
    let rows = figures.bytes_at_least.iter().zip(&figures.bound).zip(1_u64..);
    for ((reached, bound), copies) in rows.take_while(|((reached, bound), _)| **reached > 0 || **bound > 0) {
        let name = format!("with at least {}", counted(copies, "copy"));
        let parts = [*bound, figures.data].map(|whole| percent(*reached, whole));
        table.row([name, Size(*reached).to_string(), Size(*bound).to_string()].into_iter().chain(parts));
    }
    table.lines()
}

/// Rounded down: what is not complete is not called 100 %.
fn percent(part: u64, whole: u64) -> String {
    match (u128::from(part) * 10_000).checked_div(whole.into()) {
        Some(hundredths) => format!("{}.{:02} %", hundredths / 100, hundredths % 100),
        None => "-".to_owned(),
    }
}
