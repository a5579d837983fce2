//! `dsb backup --simulate`: the plan that a run would carry out, and why.

use super::backup::too_large_words;
use super::context::Context;
use super::exit::Ending;
use super::json;
use super::table::Table;
use super::words::{amount, number, wrapped};
use crate::catalog::Catalog;
use crate::error::{Kind, Result};
use crate::model::{Amount, Class, ObjectId, Size, VPath};
use crate::ops::{self, BackupOptions, Planned};
use crate::os;
use crate::plan::{Reason, Step};
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context, catalog: &Catalog, disk: &str, options: &BackupOptions) -> Result<Ending> {
    let mut disk = ops::named_disk(catalog, disk)?;
    let attached = match ops::find_attached(catalog, &disk) {
        Err(error) if error.kind() == Kind::NotFound => None,
        found => Some(found?),
    };
    if let Some(attached) = &attached {
        ops::see(&mut disk, attached, os::now())?;
    }
    let planned = ops::plan_backup(catalog, disk, attached.as_ref(), options)?;
    let mut lines = Vec::new();
    for step in &planned.plan.steps {
        Reader { catalog, planned: &planned }.read(step, &mut lines)?;
    }
    let too_large = planned.too_large(catalog)?;
    let json = || {
        json!({
            "disk": planned.disk.name.as_str(),
            "room": planned.room.bytes(),
            "steps": lines.iter().map(Line::to_json).collect::<Vec<_>>(),
            "sums": sums(&lines).iter().map(Sum::to_json).collect::<Vec<_>>(),
            "over_budget": planned.plan.over_budget,
            "too_large": { "count": too_large.0, "paths": json::paths(&too_large.1) },
            "withheld": json::amount(planned.withheld),
        })
    };
    context.show(json, || words(&planned, &lines) + &too_large_words(&too_large))?;
    Ok(Ending::Done)
}

/// One copy that comes or goes, with what a person knows it by.
struct Line {
    copies: bool,
    object: ObjectId,
    size: Size,
    path: Option<VPath>,
    why: &'static str,
    /// What a copy makes way for.
    newcomer: Option<VPath>,
    /// The copies that make way for this one.
    evict: Vec<ObjectId>,
}

impl Line {
    fn to_json(&self) -> Value {
        json!({
            "do": if self.copies { "copy" } else { "remove" },
            "object": self.object.to_string(),
            "bytes": self.size.bytes(),
            "path": self.path.as_ref().map(ToString::to_string),
            "reason": self.why,
            "for": self.newcomer.as_ref().map(ToString::to_string),
            "evict": self.evict.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    /// The path, or where nothing knows one any more the beginning of the object's name.
    fn place(&self) -> String {
        self.path.as_ref().map_or_else(|| self.object.to_string().chars().take(12).collect(), ToString::to_string)
    }

    fn reason(&self) -> String {
        match &self.newcomer {
            Some(newcomer) if self.why == TRADE => {
                let name = newcomer.split_last().map_or_else(String::new, |(_, name)| name.to_string());
                format!("{TRADE} for {name}")
            }
            _ => self.why.to_owned(),
        }
    }
}

const TRADE: &str = "trade";
const HISTORY: &str = "kept history gives way";

/// Reads steps with the catalog at hand.
struct Reader<'r> {
    catalog: &'r Catalog,
    planned: &'r Planned,
}

impl Reader<'_> {
    /// What makes way stands before what it makes way for.
    fn read(&self, step: &Step, lines: &mut Vec<Line>) -> Result<()> {
        match step {
            Step::Remove { item, reason } => lines.extend(self.line(*item, word(*reason))?),
            Step::Copy { item, reason, exchange, evict } => {
                let Some(mut newcomer) = self.line(*item, word(*reason))? else { return Ok(()) };
                newcomer.copies = true;
                for leaving in exchange.iter().chain(evict) {
                    let Some(line) = self.line(*leaving, self.why_leaves(*leaving))? else { continue };
                    newcomer.evict.push(line.object);
                    lines.push(Line { newcomer: newcomer.path.clone(), ..line });
                }
                lines.push(newcomer);
            }
        }
        Ok(())
    }

    fn line(&self, item: u32, why: &'static str) -> Result<Option<Line>> {
        let Some(object) = self.planned.shelf.objects.get(item as usize) else { return Ok(None) };
        let key = object.census.key;
        Ok(Some(Line {
            copies: false,
            object: self.catalog.object(key)?.0,
            size: object.census.size,
            path: self.catalog.last_path_of(key)?,
            why,
            newcomer: None,
            evict: Vec::new(),
        }))
    }

    fn why_leaves(&self, item: u32) -> &'static str {
        let class = self.planned.shelf.objects.get(item as usize).map(|object| object.census.class);
        if matches!(class, Some(Class::Kept(_) | Class::Guaranteed(_))) { HISTORY } else { TRADE }
    }
}

/// Why a step is taken, in a word or two.
fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Orphan => "orphan",
        Reason::Excess => "beyond maxcopies",
        Reason::OverBudget => "over budget",
        Reason::New => "new",
        Reason::Copies(2) => "second copy",
        Reason::Copies(3) => "third copy",
        Reason::Copies(_) => "further copy",
        Reason::Relocation => "relocation",
    }
}

/// What goes or comes for one reason.
struct Sum {
    copies: bool,
    why: &'static str,
    amount: Amount,
}

impl Sum {
    fn to_json(&self) -> Value {
        let mut value = json::amount(self.amount);
        value["do"] = if self.copies { "copy" } else { "remove" }.into();
        value["reason"] = self.why.into();
        value
    }
}

/// By reason, in the order in which each first occurs; removals first.
fn sums(lines: &[Line]) -> Vec<Sum> {
    let mut sums: Vec<Sum> = Vec::new();
    for line in lines {
        let one = Amount::one(line.size);
        match sums.iter_mut().find(|sum| sum.why == line.why) {
            Some(sum) => sum.amount += one,
            None => sums.push(Sum { copies: line.copies, why: line.why, amount: one }),
        }
    }
    sums.sort_by_key(|sum| sum.copies);
    sums
}

fn words(planned: &Planned, lines: &[Line]) -> String {
    let does = |copies: bool| if copies { "copy" } else { "remove" }.to_owned();
    let mut table = Table::new(&["", ">size", "why", "file"]);
    lines.iter().for_each(|line| table.row([does(line.copies), line.size.to_string(), line.reason(), line.place()]));
    let mut by_reason = Table::new(&["", "why", ">objects", ">size"]);
    let sums = sums(lines);
    for sum in &sums {
        let (objects, size) = (number(sum.amount.objects), sum.amount.bytes.to_string());
        by_reason.row([does(sum.copies), sum.why.to_owned(), objects, size]);
    }
    let tables = if lines.is_empty() { String::new() } else { table.lines() + "\n" + &by_reason.lines() };
    let all = |copies: bool| amount(sums.iter().filter(|sum| sum.copies == copies).map(|sum| sum.amount).sum());
    let (name, copied, removed) = (&planned.disk.name, all(true), all(false));
    tables + &wrapped(&format!("{name}: would copy {copied}; would remove {removed}. Nothing was done.")) + "\n"
}
