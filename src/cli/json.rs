//! The parts that several JSON results share.

use super::words;
use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::{Amount, Disk, DiskName, Snapshot, VPath};
use crate::ops::{Coverage, Freed, Prospect};
use crate::plan::Gain;
use serde_json::{Value, json};

/// `{"objects": n, "bytes": n}`
pub fn amount(amount: Amount) -> Value {
    json!({ "objects": amount.objects, "bytes": amount.bytes.bytes() })
}

/// A list of amounts.
pub fn amounts(amounts: &[Amount]) -> Value {
    amounts.iter().map(|sum| amount(*sum)).collect()
}

/// Paths as text, odd bytes escaped.
pub fn paths(paths: &[VPath]) -> Value {
    paths.iter().map(|path| Value::from(path.to_string())).collect()
}

/// Names of disks.
pub fn names(disks: &[DiskName]) -> Value {
    disks.iter().map(|disk| Value::from(disk.as_str())).collect()
}

/// The disk to attach next, and what it would take.
pub fn next(next: &Prospect) -> Value {
    json!({
        "disk": next.name.as_str(),
        "first": amount(next.gain.first),
        "more": amount(next.gain.more()),
        "planned": next.is_planned,
    })
}

/// What a visit of a disk would do.
pub fn gain(disk: &DiskName, gain: &Gain) -> Value {
    json!({
        "disk": disk.as_str(),
        "first": amount(gain.first),
        "wanted": amount(gain.wanted),
        "beyond": amount(gain.beyond),
        "evicted": amount(gain.evicted),
    })
}

/// How many copies there are of what.
pub fn coverage(coverage: &Coverage) -> Value {
    json!({ "levels": amounts(&coverage.levels), "below_wanted": amount(coverage.below_wanted) })
}

/// Everything that is known of a disk.
pub fn disk(catalog: &Catalog, disk: &Disk) -> Result<Value> {
    let proof = catalog.proof_span(disk.index)?;
    Ok(json!({
        "name": disk.name.as_str(),
        "uuid": disk.uuid.to_string(),
        "path": crate::model::escape(std::os::unix::ffi::OsStrExt::as_bytes(disk.path.as_os_str())),
        "budget": disk.budget.bytes(),
        "reserve": disk.reserve.bytes(),
        "group": disk.group.as_ref().map(DiskName::as_str),
        "tree": disk.tree,
        "fanout": disk.fanout.count(),
        "device": disk.medium.device,
        "size": disk.medium.size.bytes(),
        "free": disk.medium.free.bytes(),
        "label": disk.medium.label,
        "fs_uuid": disk.medium.fs_uuid,
        "fs_type": disk.medium.fs_type,
        "model": disk.medium.model,
        "serial": disk.medium.serial,
        "last_seen": words::stamp(disk.last_seen),
        "last_written": words::stamp(disk.last_written),
        "generation": disk.generation,
        "session": disk.session.number,
        "closed": disk.closed,
        "proven": proof.map(|(oldest, newest)| json!({ "oldest": words::day(oldest), "newest": words::day(newest) })),
    }))
}

/// A dated state of the tree.
pub fn snapshot(snapshot: &Snapshot) -> Value {
    json!({
        "snapshot": snapshot.id.0,
        "name": snapshot.name(),
        "taken": words::stamp(Some(snapshot.taken)),
        "complete": snapshot.complete,
        "problems": snapshot.problems,
        "kept_by_hand": snapshot.held,
        "given_up": snapshot.given_up,
        "tags": snapshot.tags,
    })
}

/// What forgetting frees, by disk.
pub fn freed(freed: &[Freed]) -> Value {
    freed.iter().map(|freed| json!({ "disk": freed.disk.as_str(), "freed": amount(freed.amount) })).collect()
}
