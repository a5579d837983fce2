//! Single states: which one is meant, what it holds, what a person decides of it.

use super::{Freed, freed_by};
use crate::catalog::{Catalog, KindSum};
use crate::error::{Error, Kind, Result};
use crate::model::{Amount, Snapshot, SnapshotId, When};
use crate::ops::decide::recount_unless_busy;

/// A state in figures.
pub struct State {
    /// The state.
    pub snapshot: Snapshot,
    /// Its entries by kind.
    pub kinds: Vec<KindSum>,
    /// Files of it whose content no disk holds.
    pub without_copy: Amount,
    /// What each disk holds for it alone.
    pub alone: Vec<Freed>,
}

/// The state that is meant.
pub fn resolve(catalog: &Catalog, when: &When) -> Result<Snapshot> {
    let snapshots = catalog.snapshots()?;
    if let Some(found) = when.of(&snapshots) {
        return Ok(found.clone());
    }
    let what = match (snapshots.first(), when) {
        (None, _) => "there is no state yet".to_owned(),
        (Some(_), When::Number(id)) => format!("there is no state {}", id.0),
        (Some(oldest), _) => format!("no state is as old as that; the oldest is {}, of {}", oldest.id.0, oldest.name()),
    };
    let next = if snapshots.is_empty() { "`dsb update` records one" } else { "`dsb snapshot list` shows all" };
    Err(Error::new(Kind::Usage, what).next(next))
}

/// What a state holds.
pub fn state(catalog: &Catalog, snapshot: Snapshot) -> Result<State> {
    let (kinds, without_copy) = catalog.sums_at(snapshot.id)?;
    let is_newest = catalog.standing()?.live.contains(&snapshot.id);
    let alone = if is_newest { Vec::new() } else { freed_by(catalog, &[snapshot.id])? };
    Ok(State { snapshot, kinds, without_copy, alone })
}

/// Lets a person keep states whatever the policy says, or leaves them to it again.
pub fn hold_states(catalog: &Catalog, states: &[Snapshot], held: bool) -> Result<()> {
    change(catalog, states, |catalog| states.iter().try_for_each(|state| catalog.hold_snapshot(state.id, held)))
}

/// Puts words on a state and takes others off it.
pub fn tag_state(catalog: &Catalog, state: &Snapshot, add: &[String], remove: &[String]) -> Result<()> {
    change(catalog, std::slice::from_ref(state), |catalog| {
        add.iter().try_for_each(|tag| catalog.tag_snapshot(state.id, tag))?;
        remove.iter().try_for_each(|tag| catalog.untag_snapshot(state.id, tag))
    })
}

/// Changes something of states that are there still: an update may have forgotten them meanwhile.
fn change(catalog: &Catalog, states: &[Snapshot], work: impl FnOnce(&Catalog) -> Result<()>) -> Result<()> {
    catalog.atomically(|catalog| {
        let known = catalog.snapshots()?;
        if let Some(gone) = states.iter().find(|state| known.iter().all(|other| other.id != state.id)) {
            let what = format!("state {} was forgotten just now; nothing was changed", gone.id.0);
            return Err(Error::new(Kind::Refused, what).next("`dsb snapshot list` shows the states there are"));
        }
        catalog.raise_generation()?;
        work(catalog)
    })?;
    recount_unless_busy(catalog)
}

/// Forgets states, and says what that frees. Not the newest, and none that a person keeps.
pub fn forget_states(catalog: &Catalog, states: &[Snapshot]) -> Result<Vec<Freed>> {
    let _lock = catalog.lock("snapshot forget")?;
    let ids: Vec<SnapshotId> = states.iter().map(|state| state.id).collect();
    refuse_needed(catalog, &ids)?;
    let freed = freed_by(catalog, &ids)?;
    catalog.forget(|catalog| {
        refuse_needed(catalog, &ids)?;
        catalog.raise_generation().map(|_| ids)
    })?;
    catalog.sum_up_holdings()?;
    Ok(freed)
}

/// Refuses to forget the newest state, and those that a person keeps by now.
fn refuse_needed(catalog: &Catalog, ids: &[SnapshotId]) -> Result<()> {
    let snapshots = catalog.snapshots()?;
    if let Some(newest) = snapshots.last().filter(|newest| ids.contains(&newest.id)) {
        let what = format!("state {} is the newest: it is what is backed up", newest.id.0);
        return Err(Error::new(Kind::Refused, what).next("it can be forgotten once an update recorded a later one"));
    }
    if let Some(state) = snapshots.iter().find(|state| state.held && ids.contains(&state.id)) {
        let what = format!("state {} is kept by hand", state.id.0);
        return Err(Error::new(Kind::Refused, what).next(format_args!("`dsb snapshot unkeep {}` first", state.id.0)));
    }
    Ok(())
}
