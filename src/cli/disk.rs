//! `dsb disk`

use super::args::DiskCommand;
use super::context::Context;
use super::exit::Ending;
use super::json;
use super::table::Table;
use super::terminal::tell;
use super::words::{amount, counted, date, told};
use crate::error::Result;
use crate::model::{Disk, DiskName, Size, escape};
use crate::ops::{self, AddOptions, Added, Budget, DiskChanges, RefreshReport};
use serde_json::json;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// Runs it.
pub fn run(context: &Context, command: &DiskCommand) -> Result<Ending> {
    match command {
        DiskCommand::Add { name, path, size, same_device, group, tree, fanout } => {
            let (size, same_device, group, tree, fanout) = (*size, *same_device, group.clone(), *tree, *fanout);
            add(context, name, path, &AddOptions { size, same_device, group, tree, fanout })?;
        }
        DiskCommand::List => list(context)?,
        DiskCommand::Set { disk, size, path, relpath, same_device, group, no_group, tree, no_tree, fanout } => {
            let changes = DiskChanges {
                size: *size,
                path: path.clone(),
                relative: relpath.clone(),
                same_device: same_device.then_some(true),
                group: (*no_group || group.is_some()).then(|| group.clone()),
                tree: (*tree || *no_tree).then_some(*tree),
                fanout: *fanout,
            };
            let catalog = context.catalog()?;
            let mut disk = ops::named_disk(&catalog, disk)?;
            ops::set_disk(&catalog, &mut disk, &changes)?;
            let value = json::disk(&catalog, &disk)?;
            let group = disk.group.as_ref().map_or_else(String::new, |group| format!(", group {group}"));
            let folder =
                if path.is_some() || relpath.is_some() { format!(", folder {}", shown(&disk)) } else { String::new() };
            let trees = if *tree || *no_tree { words_of_trees(&disk) } else { "" };
            let moves = if fanout.is_some() { "Its next backup moves what is there into these folders.\n" } else { "" };
            if let Some(warning) = disk.exceeds_its_medium().filter(|_| size.is_some()) {
                warn(&format!("{}: {warning}", disk.name));
            }
            context
                .show(|| value, || format!("{}: budget {}{group}{folder}\n{trees}{moves}", disk.name, disk.budget))?;
        }
        DiskCommand::Rename { disk, name } => {
            let catalog = context.catalog()?;
            let mut disk = ops::named_disk(&catalog, disk)?;
            let old = disk.name.clone();
            ops::rename_disk(&catalog, &mut disk, name.clone())?;
            let value = json::disk(&catalog, &disk)?;
            context.show(|| value, || format!("{old} is now {name}\n"))?;
        }
        DiskCommand::Drop { disk, lost } => drop_disk(context, disk, *lost)?,
        DiskCommand::Del { disk } => {
            let catalog = context.catalog()?;
            let _lock = catalog.lock("disk del")?;
            let disk = ops::named_disk(&catalog, disk)?;
            ops::delete_disk(&catalog, &disk)?;
            context
                .show(|| json!({ "deleted": disk.name.as_str() }), || format!("{} is off the shelf\n", disk.name))?;
        }
        DiskCommand::Refresh { disk, path, verify, new_marker } => {
            let reading = Refreshing { path: path.as_deref(), reads: *verify, marks: *new_marker };
            return refresh(context, disk, &reading);
        }
    }
    Ok(Ending::Done)
}

fn add(context: &Context, name: &DiskName, path: &Path, options: &AddOptions) -> Result<()> {
    let catalog = context.new_catalog()?;
    let added = ops::add_disk(&catalog, name, path, options)?;
    tell_warnings(&added.disk.name, &added.warnings);
    let value = json::disk(&catalog, &added.disk)?;
    context.show(|| value, || words_of_added(&added))
}

/// Tells what makes a new disk less of a protection than it looks.
pub fn tell_warnings(name: &DiskName, warnings: &[String]) {
    warnings.iter().for_each(|warning| warn(&format!("{name}: {warning}")));
}

/// Tells of something that goes on all the same.
pub fn warn(what: &str) {
    tell(&told(format!("dsb: warning: {what}")));
}

/// A new disk as a person reads it.
pub fn words_of_added(added: &Added) -> String {
    words_of_new(&added.disk, added.budget)
}

fn words_of_new(disk: &Disk, budget: Budget) -> String {
    let how = match budget {
        Budget::Given => "as asked for".to_owned(),
        Budget::OfSize => format!("its {} less 5 %, at most 10 GB", disk.medium.size),
        Budget::OfFree => format!("all that is free of its {}", disk.medium.size),
    };
    let name = &disk.name;
    format!("Added {name}: budget {} ({how}).\n    (dsb disk set {name} --size SIZE changes it)\n", disk.budget)
}

fn list(context: &Context) -> Result<()> {
    let catalog = context.catalog()?;
    let disks = catalog.disks()?;
    let values = disks.iter().map(|disk| json::disk(&catalog, disk)).collect::<Result<Vec<_>>>()?;
    let words = || {
        if disks.is_empty() {
            return "No disk yet: `dsb disk add NAME PATH`.\n".to_owned();
        }
        let details = disks.iter().filter(|_| context.is_verbose()).map(details);
        with_folders(&disks) + &details.collect::<String>()
    };
    context.show(|| json!({ "disks": values }), words)
}

/// What becomes of its browsable trees.
fn words_of_trees(disk: &Disk) -> &'static str {
    match (disk.tree, disk.tree_taken) {
        (true, _) => "Its next backup makes snapshots/DATE there for each snapshot that is kept.\n",
        (false, Some(Size::ZERO)) => "No snapshots/ there.\n",
        (false, _) => "Its next backup removes snapshots/ there; the content stays.\n",
    }
}

/// Where a disk's folder is.
fn shown(disk: &Disk) -> String {
    escape(disk.path.as_os_str().as_bytes()).into_owned()
}

/// All of a disk that fits into no table.
fn details(disk: &Disk) -> String {
    let medium = &disk.medium;
    let known = [
        ("uuid", disk.uuid.to_string()),
        ("file system", escape(medium.fs_uuid.as_bytes()).into_owned()),
        ("label", escape(medium.label.as_bytes()).into_owned()),
        ("model", escape(medium.model.as_bytes()).into_owned()),
        ("serial", escape(medium.serial.as_bytes()).into_owned()),
        ("written", date(disk.last_written)),
        ("trees", if disk.tree { "snapshots/".to_owned() } else { String::new() }),
        ("fanout", disk.fanout.to_string()),
    ];
    let lines =
        known.iter().filter(|(_, value)| !value.is_empty()).map(|(what, value)| format!("  {what:11}  {value}\n"));
    format!("{}\n", disk.name) + &lines.collect::<String>()
}

/// The widest line that a terminal is taken to have.
const WIDTH: usize = 80;

/// The shelf, each disk with its folder: beside the rest where that fits, else below it.
fn with_folders(disks: &[Disk]) -> String {
    let table = table_of(disks).lines();
    let folders: Vec<String> = [String::from("folder")].into_iter().chain(disks.iter().map(shown)).collect();
    let widest = table.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
    let fits = folders.iter().all(|folder| widest + 2 + folder.width() <= WIDTH);
    let line = |(at, (row, folder)): (usize, (&str, &String))| match (fits, at) {
        (true, _) => format!("{row}{}  {folder}\n", " ".repeat(widest.saturating_sub(row.width()))),
        (false, 0) => format!("{row}\n"),
        (false, _) => format!("{row}\n    in {folder}\n"),
    };
    table.lines().zip(&folders).enumerate().map(line).collect()
}

/// The shelf; groups only if there are any.
fn table_of(disks: &[Disk]) -> Table {
    let grouped = disks.iter().any(|disk| disk.group.is_some());
    let mut head = vec!["disk", ">budget", ">size", "type", "last seen"];
    head.extend(grouped.then_some("group"));
    let mut table = Table::new(&head);
    for disk in disks {
        let medium = &disk.medium;
        let mut row = vec![disk.name.to_string(), disk.budget.to_string(), medium.size.to_string()];
        row.extend([medium.fs_type.clone(), date(disk.last_seen)]);
        row.extend(grouped.then(|| disk.group.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)));
        table.row(row);
    }
    table
}

fn drop_disk(context: &Context, disk: &str, lost: bool) -> Result<()> {
    let catalog = context.catalog()?;
    let _lock = catalog.lock("disk drop")?;
    let disk = ops::named_disk(&catalog, disk)?;
    let (count, paths) = ops::drop_disk(&catalog, &disk, lost)?;
    let words = || {
        let mut out = format!("Nothing counts on {} any more.\n", disk.name);
        if count > 0 {
            out += &format!("{} had the only copy there:\n", counted(count, "object"));
            paths.iter().for_each(|path| out += &format!("  {path}\n"));
        }
        out + &format!("If it is gone for good: `dsb disk del {}` takes it off the shelf.\n", disk.name)
    };
    context.show(|| json!({ "dropped": disk.name.as_str(), "lost": count, "paths": json::paths(&paths) }), words)
}

/// How a disk is counted afresh.
struct Refreshing<'a> {
    path: Option<&'a Path>,
    reads: bool,
    marks: bool,
}

fn refresh(context: &Context, word: &str, how: &Refreshing<'_>) -> Result<Ending> {
    let catalog = context.catalog()?;
    let _lock = catalog.lock("disk refresh")?;
    let taken_in = match ops::named_disk(&catalog, word) {
        Ok(_) => None,
        Err(unknown) => Some(ops::take_in_disk(&catalog, Path::new(word))?.ok_or(unknown)?),
    };
    let mut disk = taken_in.as_ref().map_or_else(|| ops::named_disk(&catalog, word), |taken| Ok(taken.disk.clone()))?;
    if let Some(taken) = &taken_in {
        tell_warnings(&disk.name, &taken.warnings);
    }
    if how.marks {
        ops::mark_anew(&catalog, &disk, how.path.unwrap_or(&disk.path))?;
    }
    let report = ops::refresh_disk(&catalog, &mut disk, how.path, how.reads, context.terminal())?;
    let damage = report.verified.as_ref().map_or(0, |verified| verified.damage.len());
    let json = || {
        json!({ "disk": disk.name.as_str(), "added": taken_in.is_some(), "found": report.found, "new": report.new,
                "missing": report.missing, "strangers": report.strangers,
                "good": report.verified.as_ref().map(|verified| json::amount(verified.good)),
                "damaged": report.verified.as_ref().map(|verified| verified.damage.len()) })
    };
    let added = || taken_in.as_ref().map_or_else(String::new, |taken| words_of_new(&taken.disk, taken.budget));
    context.show(json, || added() + &words_of_refreshed(&disk, &report))?;
    Ok(if damage > 0 { Ending::Damage } else { Ending::Done })
}

fn words_of_refreshed(disk: &Disk, report: &RefreshReport) -> String {
    let mut out = format!(
        "{}: {} there, {} of them new, {} missing, {} unknown.\n",
        disk.name,
        counted(report.found, "object"),
        report.new,
        report.missing,
        counted(report.strangers, "file")
    );
    match &report.verified {
        Some(verified) => {
            out += &format!("{} read and right, {} damaged.\n", amount(verified.good), verified.damage.len());
        }
        None if report.new > 0 => {
            out +=
                &format!("What is new there protects nothing until its bytes are proven: dsb verify {}\n", disk.name);
        }
        None => {}
    }
    out
}
