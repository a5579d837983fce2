//! `dsb repair`

use super::args::RepairArguments;
use super::context::Context;
use super::exit::Ending;
use super::json;
use super::words::{amount, wrapped};
use crate::error::Result;
use crate::model::{Disk, DiskName, DiskSet};
use crate::ops::{self, RepairOptions, RepairReport};
use serde_json::{Value, json};

/// Runs it.
pub fn run(context: &Context, arguments: &RepairArguments) -> Result<Ending> {
    let catalog = context.catalog()?;
    let _lock = catalog.lock("repair")?;
    let disk = ops::named_disk(&catalog, &arguments.disk)?;
    let options = RepairOptions { jobs: arguments.jobs, stage: arguments.stage.clone(), limit: arguments.limit };
    let report = ops::repair(&catalog, &disk, &options, context.terminal())?;
    let disks = catalog.disks()?;
    context.show(|| to_json(&disk.name, &report, &disks), || words(&disk.name, &report, &disks))?;
    Ok(Ending::of(report.is_complete()))
}

fn to_json(name: &DiskName, report: &RepairReport, disks: &[Disk]) -> Value {
    let to_attach = report.remaining.disks_to_attach().into_iter().map(|(disk, sum)| {
        let name = disks.iter().find(|known| known.index == disk).map(|disk| disk.name.as_str());
        json!({ "disk": name, "objects": sum.objects, "bytes": sum.bytes.bytes() })
    });
    json!({
        "disk": name.as_str(),
        "attached": report.attached,
        "reread": json::amount(report.reread),
        "repaired": json::amount(report.repaired),
        "from_disks": json::amount(report.carried.from_disks),
        "from_stage": json::amount(report.carried.from_stage),
        "no_room": json::amount(report.carried.no_room),
        "staged": json::amount(report.staged),
        "stage_full": report.stage_full,
        "remaining": {
            "objects": report.remaining.amount.objects,
            "bytes": report.remaining.amount.bytes.bytes(),
            "disks": to_attach.collect::<Vec<_>>(),
            "lost": json::paths(&report.remaining.lost),
        },
        "problems": report.problems,
        "complete": report.is_complete(),
    })
}

fn words(name: &DiskName, report: &RepairReport, disks: &[Disk]) -> String {
    let mut out = String::new();
    let mut say = |text: String| out += &format!("{}\n", wrapped(&text));
    if report.reread.objects > 0 {
        say(format!("{name}: {} could be read after all.", amount(report.reread)));
    }
    if report.repaired.objects > 0 {
        let carried = &report.carried;
        let elsewhere = carried.from_disks.objects + carried.from_stage.objects;
        let source = report.repaired.objects.saturating_sub(elsewhere);
        let (disks, stage) = (carried.from_disks.objects, carried.from_stage.objects);
        let from = [(source, "the source"), (disks, "other disks"), (stage, "the stage")];
        let from: Vec<_> =
            from.iter().filter(|(count, _)| *count > 0).map(|(n, of)| format!("{n} from {of}")).collect();
        say(format!("{name}: {} made good: {}.", amount(report.repaired), from.join(", ")));
    }
    if report.carried.no_room.objects > 0 {
        say(format!(
            "No room on {name} for {}: `dsb backup {name}` decides what goes.",
            amount(report.carried.no_room)
        ));
    }
    if report.problems > 0 {
        say(format!("{} could not be brought, as named above.", super::words::counted(report.problems, "object")));
    }
    if report.remaining.amount.objects == 0 {
        say(format!("{name} lacks nothing that was found damaged or missing there."));
        return out;
    }
    say(format!("Still wanted on {name}: {}.", amount(report.remaining.amount)));
    if report.staged.objects > 0 {
        let full = if report.stage_full { " The stage is full." } else { "" };
        say(format!("On the stage: {}.{full} Attach {name} and run the same command.", amount(report.staged)));
    } else if report.stage_full {
        say("The stage has no room for any of it: raise --limit, or give another folder.".to_owned());
    }
    for (disk, sum) in report.remaining.disks_to_attach() {
        let name = disks.iter().find(|known| known.index == disk).map_or("?", |disk| disk.name.as_str());
        say(format!("  {name} should have {}", amount(sum)));
    }
    let lost = report.remaining.by_disks.get(&DiskSet::EMPTY).copied().unwrap_or_default();
    if lost.objects > 0 {
        say(format!("  on no other disk: {}", amount(lost)));
        report.remaining.lost.iter().for_each(|path| out += &format!("    {path}\n"));
    } else if report.attached && report.staged.objects == 0 {
        let how = "attach such a disk beside it and run the same command, or bring the bytes over with --stage FOLDER";
        say(format!("Next: {how}."));
    }
    out
}
