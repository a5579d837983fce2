//! `dsb info`: from the catalog alone; no mount is touched.

use super::args::InfoArguments;
use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::{amount, counted, date, files, number, wrapped};
use super::{backup, file, json};
use crate::error::Result;
use crate::model::{Amount, DiskName, Kind, escape};
use crate::ops::{self, DiskInfo, Info};
use serde_json::{Value, json};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Runs it.
pub fn run(context: &Context, arguments: &InfoArguments) -> Result<Ending> {
    if let Some(path) = &arguments.path {
        return file::show(context, path);
    }
    let catalog = context.catalog()?;
    let info = ops::info(&catalog, arguments.no_saturated)?;
    let mut disks = Vec::new();
    for sums in &info.disks {
        let mut disk = json::disk(&catalog, &sums.disk)?;
        disk["held"] = json::amount(sums.held);
        disk["only_here"] = json::amount(sums.only_here);
        disk["levels"] = json::amounts(&sums.levels);
        disk["unproven"] = json::amount(sums.unproven);
        disk["damaged"] = json::amount(sums.damaged);
        disk["room_left"] = sums.room_left.bytes().into();
        disks.push(disk);
    }
    let entries: serde_json::Map<_, _> =
        info.entries.iter().map(|(kind, count)| (kind.word().to_owned(), (*count).into())).collect();
    let json = || {
        json!({
            "catalog": info.uuid.to_string(),
            "generation": info.generation,
            "snapshots": info.snapshots,
            "entries": entries,
            "levels": json::amounts(&info.levels),
            "wanted": { "least": info.wanted.0, "most": info.wanted.1 },
            "below_wanted": json::amount(info.below_wanted),
            "groups": info.groups.iter().map(|group| json::names(group)).collect::<Vec<_>>(),
            "saturated": json::amount(info.saturated),
            "guaranteed": json::amount(info.guaranteed),
            "kept": json::amount(info.kept),
            "purge_pending": purge_json(&info),
            "unhashed": json::amount(info.unhashed),
            "unscanned": json::paths(&info.unscanned),
            "suspects": info.suspects,
            "too_large": { "count": info.too_large.0, "paths": json::paths(&info.too_large.1) },
            "disks": disks,
            "next": info.next.as_ref().map(json::next),
        })
    };
    context.show(json, || words(context, catalog.folder(), &info))?;
    Ok(Ending::of(!arguments.check || info.is_protected()))
}

fn words(context: &Context, folder: &Path, info: &Info) -> String {
    let count = |kind| info.entries.iter().find(|(known, _)| *known == kind).map_or(0, |(_, count)| *count);
    let mut out = format!(
        "{} in {}, {}; catalog in {}\n",
        counted(count(Kind::File), "file"),
        counted(count(Kind::Directory), "directory"),
        counted(info.snapshots, "snapshot"),
        escape(folder.as_os_str().as_bytes())
    );
    out += &levels(info);
    if total(info) > 0 {
        out += &wanted_words(info);
    }
    if !info.disks.is_empty() {
        out += &shelf(info);
        out += &if context.is_verbose() { levels_by_disk(info) } else { String::new() };
    }
    let mut say = |text: String| out += &format!("{text}\n");
    if info.saturated.objects > 0 {
        say(format!("With as many copies as they may have: {}.", amount(info.saturated)));
    }
    if info.guaranteed.objects > 0 {
        say(format!("Kept for older snapshots only, guaranteed: {}.", amount(info.guaranteed)));
    }
    if info.kept.objects > 0 {
        say(format!("Kept in free room for older snapshots only: {}.", amount(info.kept)));
    }
    for (disk, sum) in &info.purge_pending {
        say(format!("Purged, and still on {disk} until its next backup: {}.", amount(*sum)));
    }
    if info.unhashed.objects > 0 {
        say(format!("Known but not read yet: {}; run `dsb update`.", files(info.unhashed)));
    }
    for vpath in &info.unscanned {
        say(format!("{vpath} was never looked at: run `dsb update`."));
    }
    if info.suspects > 0 {
        say(format!("{} changed without a trace: `dsb suspect list`.", counted(info.suspects, "file")));
    }
    out += &backup::too_large_words(&info.too_large);
    let cut_off = cut_off_words(info);
    out += &cut_off;
    let mut say = |text: String| out += &format!("{text}\n");
    match (&info.next, info.disks.is_empty()) {
        (_, true) => say("No disk yet: `dsb disk add NAME PATH`.".to_owned()),
        (Some(next), _) => say(backup::next_words(next)),
        (None, _) if homeless(info).objects > info.too_large.0 => {
            say(format!("The shelf is full, and {} have no copy:", amount(homeless(info))));
            say("add a disk, or give one a larger budget.".to_owned());
        }
        (None, _) if !cut_off.is_empty() => {}
        (None, _) if info.below_wanted.objects > info.too_large.0 => {
            say("No disk would gain anything, and not everything has the copies wanted: add a".to_owned());
            say("disk (`dsb forecast --add SIZE` says what it would bring), or want fewer copies.".to_owned());
        }
        (None, _) => say("No disk of the shelf would gain anything from being attached.".to_owned()),
    }
    out
}

/// Copies of a session that did not come to its end count as none until it does, or somebody looks.
fn cut_off_words(info: &Info) -> String {
    let is_open = |disk: &&DiskInfo| !disk.disk.closed && disk.disk.session.number > 0 && disk.held.objects > 0;
    let words = |disk: &DiskInfo| {
        let name = &disk.disk.name;
        let what = "did not come to its end: if nothing runs now, it was cut off, and";
        wrapped(&format!("What was begun on {name} {what} `dsb backup {name}` finds out what came of it.")) + "\n"
    };
    info.disks.iter().filter(is_open).map(words).collect()
}

fn purge_json(info: &Info) -> Value {
    let of = |(disk, sum): &(DiskName, Amount)| json!({ "disk": disk.as_str(), "amount": json::amount(*sum) });
    info.purge_pending.iter().map(of).collect()
}

fn total(info: &Info) -> u64 {
    info.levels.iter().map(|level| level.objects).sum()
}

/// How the copies there are stand to those that are wanted.
fn wanted_words(info: &Info) -> String {
    let wanted = match info.wanted {
        (least, most) if least == most => counted(least.into(), "copy"),
        (least, most) => format!("{least} to {most} copies"),
    };
    let mut out = match info.below_wanted {
        below if below.objects == 0 => format!("Everything has the {wanted} wanted.\n"),
        below => format!("Wanted: {wanted}. Below that: {}.\n", amount(below)),
    };
    for group in &info.groups {
        let names: Vec<_> = group.iter().map(ToString::to_string).collect();
        out += &wrapped(&format!("Copies on {} count once: these disks may fail together.", names.join(", ")));
        out.push('\n');
    }
    out
}

/// Content without any copy.
fn homeless(info: &Info) -> Amount {
    info.levels.first().copied().unwrap_or_default()
}

fn levels(info: &Info) -> String {
    let mut table = Table::new(&["content", ">objects", ">bytes"]);
    for (copies, sum) in info.levels.iter().enumerate().filter(|(copies, sum)| *copies == 0 || sum.objects > 0) {
        let name = match copies {
            0 => "without a copy".to_owned(),
            copies => format!("with {}", counted(copies as u64, "copy")),
        };
        table.row([name, number(sum.objects), sum.bytes.to_string()]);
    }
    table.lines()
}

/// What each disk holds by the number of its copies.
fn levels_by_disk(info: &Info) -> String {
    let most = info.disks.iter().map(|sums| sums.levels.len()).max().unwrap_or(0);
    let heads: Vec<_> = (1..=most as u64).map(|copies| format!(">{}", counted(copies, "copy"))).collect();
    let heads: Vec<&str> = ["disk", ">room left"].into_iter().chain(heads.iter().map(String::as_str)).collect();
    let mut table = Table::new(&heads);
    for sums in &info.disks {
        let level = |at: usize| sums.levels.get(at).copied().unwrap_or_default().bytes.to_string();
        let first = [sums.disk.name.to_string(), sums.room_left.to_string()];
        table.row(first.into_iter().chain((0..most).map(level)));
    }
    table.lines()
}

fn shelf(info: &Info) -> String {
    let mut table = Table::new(&["disk", ">holds", ">budget", ">only here", "last seen", ">proven"]);
    for sums in &info.disks {
        let disk = &sums.disk;
        table.row([
            disk.name.to_string(),
            sums.held.bytes.to_string(),
            disk.budget.to_string(),
            sums.only_here.bytes.to_string(),
            date(disk.last_seen),
            proven(sums),
        ]);
    }
    table.lines() + &proof_words(info)
}

/// The part of what a disk holds that was read and hashed within a year.
fn proven(sums: &DiskInfo) -> String {
    let (whole, unproven) = (sums.held.bytes.bytes(), sums.unproven.bytes.bytes());
    if whole == 0 {
        return "-".to_owned();
    }
    // Never a hundred while something is left, and never none while something was read.
    let percent = whole.saturating_sub(unproven).saturating_mul(100) / whole;
    let most = if unproven > 0 { 99 } else { 100 };
    format!("{} %", percent.min(most).max(u64::from(unproven < whole)))
}

/// What waits for a person with a disk in hand: damage, and what nobody read for a year.
fn proof_words(info: &Info) -> String {
    let mut out = String::new();
    for DiskInfo { disk, damaged, .. } in info.disks.iter().filter(|sums| sums.damaged.objects > 0) {
        let what = format!(
            "Damaged or missing on {}: {}; `dsb repair {}` brings them back.",
            disk.name,
            amount(*damaged),
            disk.name
        );
        out += &format!("{}\n", wrapped(&what));
    }
    let overdue: Vec<_> = info.disks.iter().filter(|sums| sums.unproven.objects > 0).collect();
    if let Some(most) = overdue.iter().max_by_key(|sums| sums.unproven.bytes) {
        let bytes = overdue.iter().map(|sums| sums.unproven.bytes).sum::<crate::model::Size>();
        let what = format!(
            "Not read and proven for a year, or never: {bytes}; most of it on {}: `dsb verify {} --oldest 10%`.",
            most.disk.name, most.disk.name
        );
        out += &format!("{}\n", wrapped(&what));
    }
    out
}
