//! `dsb verify`

use super::args::VerifyArguments;
use super::context::Context;
use super::exit::Ending;
use super::words::{amount, counted, wrapped};
use super::{json, sink};
use crate::error::{Error, Kind, Result};
use crate::model::escape;
use crate::ops::{self, Damage, DamageKind, Reading, VerifyOptions, VerifyReport};
use serde_json::{Value, json};
use std::io::Write;

/// Runs it.
pub fn run(context: &Context, arguments: &VerifyArguments) -> Result<Ending> {
    let options = VerifyOptions {
        reading: reading(arguments),
        most: arguments.most,
        jobs: arguments.jobs,
        start: prefix(&arguments.start)?,
        check: arguments.check || context.rehearses(),
        delete: arguments.delete,
    };
    let mut errors = arguments.errors.as_ref().map(|text| sink::open(text)).transpose()?;
    let catalog = context.catalog()?;
    let _lock = catalog.lock("verify")?;
    let disk = ops::named_disk(&catalog, &arguments.disk)?;
    let name = disk.name.to_string();
    let mut tell = |damage: &Damage| match &mut errors {
        Some(file) => file.write_all(line(&name, damage).as_bytes()).map_err(|error| {
            Error::new(Kind::Failed, format_args!("the list of errors: {}", crate::error::reason(&error)))
        }),
        None => Ok(()),
    };
    let report = ops::verify(&catalog, disk, &options, &mut tell, context.terminal())?;
    context.show(|| to_json(&name, &report), || words(&name, &report, options.check))?;
    let is_well = report.damage.is_empty() && report.catalog_damage.is_empty();
    Ok(if is_well { Ending::Done } else { Ending::Damage })
}

fn reading(arguments: &VerifyArguments) -> Reading {
    match arguments {
        VerifyArguments { new: true, .. } => Reading::New,
        VerifyArguments { bad: true, .. } => Reading::Bad,
        VerifyArguments { oldest: Some(portion), .. } => Reading::Oldest(*portion),
        _ => Reading::All,
    }
}

/// The bytes of a beginning of a hash; an odd digit at the end counts as the lowest byte with it.
fn prefix(text: &str) -> Result<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() <= 64).ok_or_else(|| {
        Error::new(Kind::Usage, format_args!("{text}: --start takes the first hex digits of an object's name"))
    })?;
    Ok(digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit) << (4 * (2 - pair.len())))
        .collect())
}

fn kind(damage: &Damage) -> &'static str {
    match damage.kind {
        DamageKind::Bad => "bad",
        DamageKind::Missing => "missing",
        DamageKind::Unreadable => "unreadable",
    }
}

fn line(disk: &str, damage: &Damage) -> String {
    let path = damage.path.as_ref().map(ToString::to_string).unwrap_or_default();
    let (id, size) = (damage.id, damage.size.bytes());
    let place = format!("{}/{id}", damage.folder);
    let tree = damage.tree.as_ref().map_or_else(String::new, |tree| format!("; {}", escape(tree)));
    format!("{disk}\t{place}\t{size}\t{path}\t{}: {}{tree}\n", kind(damage), damage.what)
}

fn to_json(disk: &str, report: &VerifyReport) -> Value {
    let damage = |damage: &Damage| {
        json!({
            "object": damage.id.to_string(),
            "bytes": damage.size.bytes(),
            "kind": kind(damage),
            "what": damage.what,
            "path": damage.path.as_ref().map(ToString::to_string),
            "tree": damage.tree.as_ref().map(|tree| escape(tree)),
        })
    };
    json!({
        "disk": disk,
        "chosen": json::amount(report.chosen),
        "timed_out": report.timed_out,
        "cold": report.cold,
        "good": json::amount(report.good),
        "damage": report.damage.iter().map(damage).collect::<Vec<_>>(),
        "catalog_damage": report.catalog_damage,
        "strangers": report.strangers.named,
        "stranger_count": report.strangers.count,
    })
}

fn words(disk: &str, report: &VerifyReport, check: bool) -> String {
    let mut out = if report.chosen.objects == 0 {
        format!("{disk}: nothing to read.\n")
    } else {
        format!("{disk}: {} read and right.\n", amount(report.good))
    };
    if report.timed_out {
        let left = report.chosen.objects.saturating_sub(report.good.objects + report.damage.len() as u64);
        out += &format!("The time is up; {} for the next run.\n", counted(left, "object"));
    }
    if !report.cold && report.chosen.objects > 0 {
        let what = "Read through a cache that may hide damage on the medium: for a full test detach the disk and \
                    attach it again, or run this as root.";
        out += &format!("{}\n", wrapped(what));
    }
    let count = |kind| report.damage.iter().filter(|damage| damage.kind == kind).count() as u64;
    let [bad, missing, unreadable] = [DamageKind::Bad, DamageKind::Missing, DamageKind::Unreadable].map(count);
    if bad + missing + unreadable > 0 {
        out += &format!("Damage: {bad} bad, {missing} missing, {unreadable} unreadable.\n");
    }
    if bad + missing > 0 && !check {
        out += "They count as copies no longer.\n";
        out += &format!("`dsb backup {disk}` makes them good again from the source,\n");
        out += &format!("`dsb repair {disk}` from other disks too.\n");
    }
    if unreadable > 0 && !check {
        out += "What could not be read stays there, and protects nothing until it is read.\n";
    }
    for what in &report.catalog_damage {
        let next = format!("Of the catalog {what}: `dsb backup {disk}` writes both copies anew.");
        out += &format!("{}\n", wrapped(&next));
    }
    if report.strangers.count > 0 {
        out += &format!("{} that the catalog does not place there:\n", counted(report.strangers.count, "file"));
        report.strangers.named.iter().take(10).for_each(|stranger| out += &format!("  {stranger}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::prefix;

    #[test]
    fn a_prefix_is_the_first_digits() {
        let table: [(&str, &[u8]); 4] = [("", &[]), ("ab", &[0xab]), ("abc", &[0xab, 0xc0]), ("0", &[0])];
        for (text, bytes) in table {
            assert_eq!(prefix(text).unwrap(), bytes, "{text}");
        }
        assert!(prefix("xy").is_err() && prefix(&"a".repeat(65)).is_err());
    }
}
