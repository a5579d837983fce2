//! `dsb catalog check` and `dsb catalog recover`

use super::context::Context;
use super::exit::Ending;
use super::json;
use super::words::{amount, counted, date, number, stamp, wrapped};
use crate::error::Result;
use crate::model::{Disk, DiskName, escape};
use crate::ops::{self, CheckReport, RecoverReport, RefreshReport};
use serde_json::{Value, json};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Runs `catalog check`.
pub fn check(context: &Context, disks: &[String]) -> Result<Ending> {
    let catalog = context.catalog()?;
    let _lock = catalog.lock("catalog check")?;
    let disks: Vec<Disk> = disks.iter().map(|name| ops::named_disk(&catalog, name)).collect::<Result<_>>()?;
    let report = ops::check(&catalog, &disks, context.terminal())?;
    context.show(|| check_json(&report), || check_words(&report))?;
    Ok(if report.is_sound() { Ending::Done } else { Ending::Damage })
}

fn check_json(report: &CheckReport) -> Value {
    let claims = report.claims.iter().map(|claims| {
        let (there, missing) = (json::amount(claims.there), json::amount(claims.missing));
        json!({ "disk": claims.disk.as_str(), "there": there, "missing": missing })
    });
    let dangling: serde_json::Map<_, _> =
        report.dangling.iter().map(|(table, count)| (table.clone(), (*count).into())).collect();
    json!({
        "integrity": report.integrity,
        "dangling": dangling,
        "wrong_sums": report.wrong_sums,
        "sums_mended": report.sums_mended,
        "claims": claims.collect::<Vec<_>>(),
        "sound": report.is_sound(),
    })
}

fn check_words(report: &CheckReport) -> String {
    let mut out = String::new();
    let mut say = |text: String| out += &format!("{}\n", wrapped(&text));
    if !report.integrity.is_empty() {
        report.integrity.iter().for_each(|fault| say(format!("damaged: {fault}")));
        say("Keep the file, and take the newest copy from a disk: dsb catalog recover --from DISK-FOLDER".to_owned());
        return out;
    }
    for (table, count) in &report.dangling {
        say(format!("{} of table {table} refer to something that is not there.", counted(*count, "row")));
    }
    if report.wrong_sums > 0 {
        let mended = if report.sums_mended { "; put right" } else { "" };
        say(format!("{} not what counting gives{mended}.", counted(report.wrong_sums, "sum")));
    }
    for claims in &report.claims {
        say(format!("{}: {} there, by name and size.", claims.disk, amount(claims.there)));
        if claims.missing.objects > 0 {
            let name = &claims.disk;
            say(format!("{name}: {} not there; `dsb verify {name}` takes these claims back.", amount(claims.missing)));
        }
    }
    if report.is_sound() {
        say("The catalog is sound.".to_owned());
    }
    out
}

/// Runs `catalog recover`.
pub fn recover(context: &Context, from: &[PathBuf], replace: bool) -> Result<Ending> {
    let (folder, terminal) = (context.folder()?, context.terminal());
    let (report, _lock) = if context.rehearses() {
        (ops::rehearse_recover(folder, from, replace, terminal)?, None)
    } else {
        let (report, lock) = ops::recover(folder, from, replace, terminal)?;
        (report, Some(lock))
    };
    context.show(|| recover_json(&report), || recover_words(folder, &report))?;
    Ok(Ending::of(report.problems == 0))
}

fn recover_json(report: &RecoverReport) -> Value {
    let disk = |(name, found): &(DiskName, RefreshReport)| json!({ "disk": name.as_str(), "found": found.found, "new": found.new, "missing": found.missing, "strangers": found.strangers });
    json!({
        "from": report.from,
        "generation": report.generation,
        "state": stamp(report.state),
        "set_aside": report.set_aside.as_ref().map(|path| escape(path.as_os_str().as_bytes())),
        "disks": report.disks.iter().map(disk).collect::<Vec<_>>(),
        "to_attach": json::names(&report.to_attach),
        "problems": report.problems,
    })
}

fn recover_words(folder: &Path, report: &RecoverReport) -> String {
    let mut out = String::new();
    let mut say = |text: String| out += &format!("{}\n", wrapped(&text));
    let folder = escape(folder.as_os_str().as_bytes()).into_owned();
    say(format!("The catalog in {folder} is that of disk {}, of the state of {}.", report.from, date(report.state)));
    if let Some(path) = &report.set_aside {
        say(format!("What lay there before is kept: {}", escape(path.as_os_str().as_bytes())));
    }
    for (name, found) in &report.disks {
        let (new, missing) = (number(found.new), number(found.missing));
        say(format!(
            "{name}: {} there; {new} that the catalog did not know, {missing} gone.",
            counted(found.found, "object")
        ));
        if found.new > 0 {
            say(format!("  What it did not know protects nothing until it was read: dsb verify {name} --bad"));
        }
    }
    if !report.to_attach.is_empty() {
        let names: Vec<_> = report.to_attach.iter().map(ToString::to_string).collect();
        say(format!(
            "Not seen yet: {}; nothing is evicted elsewhere for their sake until they were.",
            names.join(", ")
        ));
    }
    say("Next: dsb update".to_owned());
    out
}
