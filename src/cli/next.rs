//! `dsb next`

use super::backup::next_words;
use super::context::Context;
use super::coverage::{self, State};
use super::exit::Ending;
use super::json;
use super::table::Table;
use super::words::{amount, stamp, wrapped};
use crate::error::Result;
use crate::model::Size;
use crate::ops::{self, Next, Prospect};
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context) -> Result<Ending> {
    let next = ops::next(&context.catalog()?, context.terminal())?;
    context.show(|| to_json(&next), || words(&next))?;
    Ok(Ending::Done)
}

fn to_json(next: &Next) -> Value {
    let disk = |prospect: &Prospect| {
        let mut value = json::gain(&prospect.name, &prospect.gain);
        value["free"] = prospect.free.bytes().into();
        value["unproven"] = json::amount(prospect.unproven);
        value["last_seen"] = stamp(prospect.last_seen).into();
        value["worth_it"] = prospect.gain.is_worth_it.into();
        value
    };
    json!({
        "next": next.first().map(|prospect| prospect.name.as_str()),
        "prove": next.to_prove().map(|prospect| prospect.name.as_str()),
        "disks": next.ranked.iter().map(disk).collect::<Vec<_>>(),
        "order": next.visits.iter().map(|(name, gain)| json::gain(name, gain)).collect::<Vec<_>>(),
        "attachments": next.visits.len(),
        "now": json::coverage(&next.now),
        "then": json::coverage(&next.then),
    })
}

fn words(next: &Next) -> String {
    if next.ranked.is_empty() {
        return "No disk yet: `dsb disk add NAME PATH`.\n".to_owned();
    }
    let mut out = table(next);
    match (next.first(), next.to_prove()) {
        (Some(first), overdue) => {
            out += &(next_words(first) + "\n" + &order(next) + &overdue.map(proof_words).unwrap_or_default());
        }
        (None, Some(waiting)) => {
            out += &format!("No disk would gain anything from a backup.\n{}", proof_words(waiting));
        }
        (None, None) => out += "No disk of the shelf would gain anything from being attached.\n",
    }
    let missing = next.then.below_wanted;
    if missing.objects > 0 {
        let rest = "`dsb forecast --add SIZE` says what one more disk would bring.";
        out += &wrapped(&format!("These disks leave {} below the copies wanted: {rest}", amount(missing)));
        out.push('\n');
    }
    out
}

/// Why a disk should be attached that gains nothing from a backup.
fn proof_words(waiting: &Prospect) -> String {
    let (name, bytes) = (&waiting.name, waiting.unproven.bytes);
    wrapped(&format!("Attach {name} to prove {bytes} that nobody read for a year: dsb verify {name}")) + "\n"
}

/// The disks, best first, and why.
fn table(next: &Next) -> String {
    let overdue = next.ranked.iter().any(|prospect| prospect.unproven.objects > 0);
    let mut head = vec!["attach", ">first copies", ">wanted", ">beyond", ">free"];
    head.extend(overdue.then_some(">unproven"));
    head.push("last seen");
    let mut table = Table::new(&head);
    for prospect in &next.ranked {
        let gain = &prospect.gain;
        let sums = [gain.first.bytes, gain.wanted.bytes, gain.beyond.bytes];
        let mut row = vec![prospect.name.to_string()];
        row.extend(sums.map(|bytes| if bytes == Size::ZERO { "-".to_owned() } else { bytes.to_string() }));
        row.push(prospect.free.to_string());
        row.extend(overdue.then(|| prospect.unproven.bytes.to_string()));
        row.push(super::words::date(prospect.last_seen));
        table.row(row);
    }
    table.lines()
}

/// All visits that are worth it, and where they lead.
fn order(next: &Next) -> String {
    let names: Vec<_> = next.visits.iter().map(|(name, _)| name.to_string()).collect();
    let now = State { name: "now", coverage: &next.now, visits: None };
    let then = State { name: "then", coverage: &next.then, visits: Some(names.len()) };
    let head = format!("The best order until nothing more is gained: {}", names.join(", "));
    wrapped(&head) + "\n" + &coverage::table(&[now, then])
}
