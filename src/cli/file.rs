//! `dsb info FILE`: all that is known of one path.

use super::context::Context;
use super::exit::Ending;
use super::find::to_json as version_json;
use super::table::Table;
use super::words::{self, date, day, number, stamp};
use crate::error::{Error, Kind, Result};
use crate::model::{Disk, Kind as EntryKind, VPath, escape};
use crate::ops::{self, Claim, PathInfo, Version};
use serde_json::{Value, json};

/// Shows it.
pub fn show(context: &Context, path: &VPath) -> Result<Ending> {
    let catalog = context.catalog()?;
    if path.names().is_empty() {
        let what = "/ is all of the backup set and has no entry of its own";
        return Err(Error::new(Kind::Usage, what).next("`dsb info` says what is known of everything"));
    }
    let info = ops::path_info(&catalog, path)?;
    let disks = catalog.disks()?;
    context.show(|| to_json(path, &info, &disks), || words(path, &info, &disks))?;
    Ok(Ending::Done)
}

/// A claim as JSON has it.
pub fn claim_json(claim: &Claim) -> Value {
    json!({
        "disk": claim.disk.name.as_str(),
        "last_seen": stamp(claim.disk.last_seen),
        "proven": day(claim.proven),
        "doubt": claim.doubt,
    })
}

/// The disks that have a file, as a table.
pub fn claim_table(claims: &[Claim]) -> String {
    let mut table = Table::new(&["disk", "last seen", "proven", ""]);
    for claim in claims {
        let doubt = if claim.doubt { "in doubt" } else { "" };
        table.row([claim.disk.name.to_string(), date(claim.disk.last_seen), day(claim.proven), doubt.to_owned()]);
    }
    table.lines()
}

fn to_json(path: &VPath, info: &PathInfo, disks: &[Disk]) -> Value {
    let (metadata, file) = (&info.row.entry.metadata, &info.file);
    let owner = &metadata.owner;
    json!({
        "path": path.to_string(),
        "kind": metadata.kind.word(),
        "object": info.row.object.map(|id| id.to_string()),
        "bytes": metadata.size.bytes(),
        "on_disk": info.footprint.bytes(),
        "mtime": stamp(Some(metadata.mtime)),
        "mode": format!("{:04o}", owner.mode),
        "user": escape(&owner.user),
        "uid": owner.uid,
        "group": escape(&owner.group),
        "gid": owner.gid,
        "inode": file.inode,
        "hard_linked": info.row.entry.hard_link.is_some(),
        "target": (metadata.kind == EntryKind::Symlink).then(|| escape(&metadata.target)),
        "names": file.names,
        "identical": super::json::paths(&info.identical),
        "disks": info.claims.iter().map(claim_json).collect::<Vec<_>>(),
        "versions": info.versions.iter().map(|version| version_json(path, version, disks)).collect::<Vec<_>>(),
    })
}

fn words(path: &VPath, info: &PathInfo, disks: &[Disk]) -> String {
    let (metadata, file) = (&info.row.entry.metadata, &info.file);
    let owner = &metadata.owner;
    let mut out = format!("{path}\n");
    let mut say = |what: &str, value: String| out += &format!("  {what:9}  {value}\n");
    say("kind", metadata.kind.word().to_owned());
    if metadata.kind == EntryKind::Symlink {
        say("target", escape(&metadata.target).into_owned());
    }
    if metadata.kind == EntryKind::File {
        let size = metadata.size;
        say("size", format!("{size} ({} bytes); about {} on a disk", number(size.bytes()), info.footprint));
    }
    say("changed", date(Some(metadata.mtime)));
    let numbers = format!("({}:{})", owner.uid, owner.gid);
    say("mode", format!("{}  {} {numbers}", words::mode(metadata.kind, owner.mode), words::owner(owner)));
    let linked = if info.row.entry.hard_link.is_some() { ", one of several names of one file" } else { "" };
    say("inode", format!("{}{linked}", file.inode));
    if let Some(id) = info.row.object {
        say("object", id.to_string());
    }
    if file.names > 1 {
        let more = file.names - 1 - info.identical.len() as u64;
        info.identical.iter().for_each(|other| say("identical", other.to_string()));
        if more > 0 {
            say("identical", format!("and {more} more"));
        }
    }
    out += &match (info.row.object, info.claims.is_empty()) {
        (None, _) if metadata.kind == EntryKind::Directory => {
            format!("What is in it, and how well that is protected: `dsb du {path}`, `dsb ls {path}`.\n")
        }
        (None, _) => "Nothing of it needs a copy: the catalog on each disk has all there is.\n".to_owned(),
        (Some(_), true) => "It has no copy yet.\n".to_owned(),
        (Some(_), false) => claim_table(&info.claims),
    };
    if info.versions.len() > 1 || info.versions.iter().any(|version| !version.present) {
        out += "What was there, as far as older states are kept:\n";
        out += &versions(&info.versions, disks);
    }
    out
}

fn versions(versions: &[Version], disks: &[Disk]) -> String {
    let mut table = Table::new(&["first seen", "last seen", ">size", "object", "disks"]);
    for version in versions {
        let row = &version.row;
        let id =
            version.object.map_or_else(|| row.kind.word().to_owned(), |id| id.to_string().chars().take(12).collect());
        let last = if version.present { "newest state".to_owned() } else { date(Some(version.last.taken)) };
        let on = words::names(version.disks, disks).join(" ");
        table.row([date(Some(version.first.taken)), last, row.size.to_string(), id, on]);
    }
    table.lines()
}
