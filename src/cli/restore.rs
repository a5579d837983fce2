//! `dsb restore`

use super::args::RestoreArguments;
use super::context::Context;
use super::exit::Ending;
use super::ls::{pattern, view};
use super::terminal;
use super::words::{counted, date, files, stamp, wrapped};
use super::{json, minset};
use crate::catalog::{Catalog, View};
use crate::disk::{self, Attached};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, DiskIndex, Pattern, When, escape};
use crate::ops::{self, Guidance, RestoreOptions, RestoreReport};
use serde_json::{Value, json};
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Runs it.
pub fn run(context: &Context, arguments: &RestoreArguments) -> Result<Ending> {
    if arguments.minset {
        return minimum_set(context, arguments);
    }
    let (disk, destination) = words_of(arguments)?;
    let (catalog, attached) = match (&arguments.from, disk) {
        (Some(_), Some(_)) => return Err(Error::new(Kind::Usage, "give a disk or --from, not both")),
        (Some(from), None) => from_disk_alone(from)?,
        (None, disk) => from_shelf(context, disk, destination, arguments.guided)?,
    };
    let view = view(&catalog, arguments.state.at.as_ref())?;
    let options = RestoreOptions {
        filters: filters(&catalog, &arguments.filter, view)?,
        view,
        overwrite: arguments.overwrite,
        checksum: arguments.checksum,
        numeric_ids: arguments.numeric_ids,
        trusted: arguments.trusted || (arguments.from.is_none() && !context.is_on_disk()),
        existing: arguments.existing.clone(),
        link: arguments.link,
    };
    let report = if arguments.guided && !context.rehearses() {
        let mut ask = |guidance: &Guidance| context.terminal().ask(&asking(guidance));
        ops::guided_restore(&catalog, attached, destination, &options, &mut ask, context.terminal())?
    } else {
        let restore = if context.rehearses() { ops::rehearse_restore } else { ops::restore };
        restore(&catalog, &attached, destination, &options, context.terminal())?
    };
    let disks = catalog.disks()?;
    let when = arguments.state.at.clone().unwrap_or(When::Latest);
    let state = when.of(&catalog.snapshots()?).map(|snapshot| snapshot.taken);
    let json = || {
        let mut value = to_json(&report, &disks);
        value["state"] = stamp(state).into();
        value
    };
    let alone = arguments.from.is_some();
    let of = match (alone, &arguments.state.at) {
        (true, _) => format!("The state of {}, as this disk knows it.\n", date(state)),
        (false, Some(_)) => format!("The state of {}.\n", date(state)),
        (false, None) => String::new(),
    };
    let wrong = wrong_words(&report, &disks, alone);
    if context.is_quiet() && !context.is_json() && !wrong.is_empty() {
        terminal::tell(wrong.trim_end());
    }
    context.show(json, || {
        of + &words(&report, destination, options.trusted) + &wrong + &copied_words(&report, arguments.link)
    })?;
    Ok(Ending::of(report.is_complete()))
}

/// What a person is asked for between two disks.
fn asking(guidance: &Guidance) -> String {
    let mut out = format!("Still missing: {}.\n", files(guidance.missing));
    for (position, (disk, sum)) in guidance.order.iter().enumerate() {
        let (name, what) = (&disk.name, files(*sum));
        out +=
            &if position == 0 { format!("Attach {name} next: {what}.\n") } else { format!("  then {name}: {what}\n") };
    }
    out + "Waiting for it. Ctrl-C stops; the same command goes on later."
}

/// Needs no destination; one that is given may have a part of it already.
fn minimum_set(context: &Context, arguments: &RestoreArguments) -> Result<Ending> {
    let catalog = match &arguments.from {
        Some(from) => from_disk_alone(from)?.0,
        None => context.catalog()?,
    };
    let mut existing = arguments.existing.clone();
    existing.extend(arguments.words.last().filter(|destination| destination.is_dir()).cloned());
    let view = view(&catalog, arguments.state.at.as_ref())?;
    minset::show(context, &catalog, view, &filters(&catalog, &arguments.filter, view)?, &existing)
}

/// The last word is the destination; a word before it names a disk.
fn words_of(arguments: &RestoreArguments) -> Result<(Option<&Path>, &Path)> {
    match arguments.words.as_slice() {
        [destination] => Ok((None, destination)),
        [disk, destination] => Ok((Some(disk), destination)),
        _ => Err(Error::new(Kind::Usage, "dsb restore [DISK] DESTINATION")),
    }
}

fn filters(catalog: &Catalog, texts: &[OsString], view: View) -> Result<Vec<Pattern>> {
    texts.iter().map(|text| pattern(catalog, text, view)).collect()
}

/// The disk's own newest usable catalog copy; nothing on the disk is changed.
fn from_disk_alone(path: &Path) -> Result<(Catalog, Vec<Attached>)> {
    let attached = Attached::open(&disk::data_directory(path))?;
    Ok((ops::catalog_on(&attached)?, vec![attached]))
}

/// The home catalog, and one disk or all that are attached.
fn from_shelf(
    context: &Context,
    disk: Option<&Path>,
    destination: &Path,
    waits: bool,
) -> Result<(Catalog, Vec<Attached>)> {
    let catalog = context.catalog().map_err(|error| match disk {
        Some(disk) if Attached::open(&disk::data_directory(disk)).is_ok() => {
            let shown = escape(disk.as_os_str().as_bytes());
            Error::new(error.kind(), error.what())
                .next(format_args!("the disk alone is enough: `dsb restore --from {shown} DESTINATION`"))
        }
        _ => error,
    })?;
    if let Some(name) = disk {
        let disk = ops::named_disk(&catalog, &name.to_string_lossy())?;
        let attached = ops::find_attached(&catalog, &disk)?;
        return Ok((catalog, vec![attached]));
    }
    let disks = catalog.disks()?;
    if let Some(disk) = disks.iter().find(|disk| destination.as_os_str() == disk.name.as_str() && !destination.exists())
    {
        let what = format!("{0} is a disk: restore from {0} to where?", disk.name);
        return Err(Error::new(Kind::Usage, what)
            .next(format_args!("`dsb restore {0} DESTINATION`; a folder of that name is ./{0}", disk.name)));
    }
    let attached: Vec<_> = disks.iter().filter_map(|disk| ops::find_attached(&catalog, disk).ok()).collect();
    if attached.is_empty() && !waits {
        let what = "none of the shelf's disks is attached";
        return Err(
            Error::new(Kind::NotFound, what).next("attach one, or restore from one alone with --from DISK-FOLDER")
        );
    }
    Ok((catalog, attached))
}

fn name_of(disks: &[Disk], index: DiskIndex) -> String {
    disks.iter().find(|disk| disk.index == index).map_or_else(|| "?".to_owned(), |disk| disk.name.to_string())
}

fn to_json(report: &RestoreReport, disks: &[Disk]) -> Value {
    let remaining = &report.remaining;
    let to_attach: Vec<_> = remaining
        .disks_to_attach()
        .into_iter()
        .map(|(disk, sum)| json!({ "disk": name_of(disks, disk), "objects": sum.objects, "bytes": sum.bytes.bytes() }))
        .collect();
    let unheld: serde_json::Map<_, _> =
        report.unheld.iter().map(|(what, count)| (what.to_owned(), Value::from(count))).collect();
    json!({
        "written": json::amount(report.written),
        "cloned": json::amount(report.cloned),
        "linked": json::amount(report.linked),
        "elsewhere": report.elsewhere,
        "present": report.present,
        "made": report.made,
        "differing": report.differing,
        "bad": report.bad,
        "unread": report.unread,
        "faulty": faulty(report, disks).collect::<Vec<_>>(),
        "problems": report.problems,
        "unheld": unheld,
        "withheld": report.withheld,
        "remaining": {
            "objects": remaining.amount.objects,
            "bytes": remaining.amount.bytes.bytes(),
            "disks": to_attach,
            "lost": json::paths(&remaining.lost),
        },
        "complete": report.is_complete(),
    })
}

/// What could not be shared, if that was asked for.
fn copied_words(report: &RestoreReport, link: bool) -> String {
    let shared = report.cloned.objects + report.linked.objects;
    let copied = report.written.objects.saturating_sub(shared);
    if !link || copied == 0 {
        return String::new();
    }
    let what = "they cannot be shared here without danger to the backup (`dsb restore --help`)";
    format!("{}\n", wrapped(&format!("Copied all the same: {}; {what}.", counted(copied, "file"))))
}

fn words(report: &RestoreReport, destination: &Path, trusted: bool) -> String {
    let mut out = format!(
        "Restored {} to {}; {} were there already.\n",
        files(report.written),
        escape(std::os::unix::ffi::OsStrExt::as_bytes(destination.as_os_str())),
        super::words::number(report.present)
    );
    let mut say = |text: String| out += &format!("{text}\n");
    if report.elsewhere > 0 {
        say(format!("Left out, as the folders that were named have them: {}.", counted(report.elsewhere, "entry")));
    }
    if report.cloned.objects > 0 {
        say(format!("Of these on the blocks of the backup, but files of their own: {}.", files(report.cloned)));
    }
    if report.linked.objects > 0 {
        say(format!("Of these further names of the backup's own objects: {}.", files(report.linked)));
        say("They are read-only and have the objects' mode and time. Do not edit them.".to_owned());
    }
    let privileges = if trusted { 0 } else { report.unheld.privileges };
    let mut unheld = report.unheld;
    unheld.privileges -= privileges;
    for (what, count) in unheld.iter() {
        say(format!("The destination could not hold: {what} ({}).", counted(count, "entry")));
    }
    out + &withheld_words(privileges, report.withheld)
}

/// What comes from a disk only if it is trusted.
fn withheld_words(privileges: u64, devices: u64) -> String {
    let mut what = Vec::new();
    if privileges > 0 {
        what.push(format!("setuid, setgid and privileged attributes of {}", counted(privileges, "entry")));
    }
    if devices > 0 {
        what.push(counted(devices, "device node"));
    }
    if what.is_empty() {
        return String::new();
    }
    let why = "Not given by a disk that may be a stranger's";
    wrapped(&format!("{why}: {}. With --trusted they come too.", what.join("; "))) + "\n"
}

/// The names of disks that are to be looked at.
fn faulty<'r>(report: &'r RestoreReport, disks: &'r [Disk]) -> impl Iterator<Item = &'r str> {
    disks.iter().filter(|disk| report.faulty.contains(&disk.uuid)).map(|disk| disk.name.as_str())
}

/// What did not come as it was asked for, and what is next.
fn wrong_words(report: &RestoreReport, disks: &[Disk], alone: bool) -> String {
    let mut out = String::new();
    let mut say = |text: String| out += &format!("{text}\n");
    if report.differing > 0 {
        say(format!("Left as they were, and different: {}.", counted(report.differing, "file")));
    }
    if report.bad > 0 {
        say(format!("Damaged on the disk, and not restored from there: {}.", counted(report.bad, "object")));
    }
    if report.unread > 0 {
        say(format!("Not readable on the disk, and not restored from there: {}.", counted(report.unread, "object")));
    }
    for name in faulty(report, disks).filter(|_| !alone) {
        say(format!("  to make {name} good again: `dsb verify {name}`, then `dsb repair {name}`"));
    }
    if report.problems > 0 {
        say(format!("{} could not be restored, as named above.", counted(report.problems, "item")));
    }
    let remaining = &report.remaining;
    if remaining.amount.objects > 0 {
        say(format!("Still missing: {}.", files(remaining.amount)));
        let order = remaining.disks_to_attach();
        for (disk, sum) in &order {
            say(format!("  attach {} for {}", name_of(disks, *disk), files(*sum)));
        }
        if !order.is_empty() {
            let how = if alone { "--from DISK-FOLDER DESTINATION" } else { "--guided DESTINATION" };
            say(format!("and run: dsb restore {how}"));
        }
        let lost = remaining.by_disks.get(&crate::model::DiskSet::EMPTY).copied().unwrap_or_default();
        if lost.objects > 0 {
            say(format!("  on no disk: {}", files(lost)));
            remaining.lost.iter().for_each(|path| say(format!("    {path}")));
        }
    }
    out
}
