//! What a scenario comes to: how much has how many copies, against what could be had at best.

use super::folders::FolderDisks;
use super::run::Run;
use crate::model::Class;
use crate::plan::{self, Item};

/// The figures of a scenario. All bytes are footprints.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Bytes of what is live in the end.
    pub data: u64,
    /// Bytes of live objects with at least 1, 2 ... copies; as many as disks are known in the end.
    pub bytes_at_least: Vec<u64>,
    /// The most that this could be if objects could be divided.
    pub bound: Vec<u64>,
    /// Bytes copied over the whole history, relative to `data`; 0 if that is none.
    pub written: f64,
    /// Visits of the last settling until every level is, and stays, where it ends.
    pub visits_to_settle: Option<usize>,
    /// How far folders are spread; nothing if none is on any disk.
    pub folder_disks: Option<FolderDisks>,
}

/// Differences up to this part of the data are none.
const CRUMB: u64 = 500;

impl Figures {
    /// From the end of a run.
    pub(super) fn of(run: &Run<'_>) -> Self {
        let items = run.future.items();
        let rooms: Vec<u64> = run.future.rooms().iter().map(|(_, room)| *room).collect();
        let data = live(items).map(|item| item.footprint).sum();
        let bound = plan::bound(&rooms, &demands(items, &rooms));
        let copied: u128 = run.visits.iter().map(|visit| u128::from(visit.copied.bytes.bytes())).sum();
        Self {
            data,
            bytes_at_least: levels(items, rooms.len()),
            // A bound is at most its demand, which is at most the data.
            bound: bound.into_iter().map(|bytes| u64::try_from(bytes).unwrap_or(u64::MAX)).collect(),
            written: if data == 0 { 0.0 } else { copied as f64 / data as f64 },
            visits_to_settle: visits_to_settle(&run.settling, data),
            folder_disks: FolderDisks::of(items, &rooms),
        }
    }
}

fn live(items: &[Item]) -> impl Iterator<Item = &Item> {
    items.iter().filter(|item| item.class == Class::Live)
}

/// Bytes of live objects with at least 1, 2 ... copies.
pub(super) fn levels(items: &[Item], count: usize) -> Vec<u64> {
    at_least(live(items).map(|item| (item.disks.count() as usize, item.footprint)), count)
}

/// Bytes that may have at least 1, 2 ... copies, and fit so many disks.
fn demands(items: &[Item], rooms: &[u64]) -> Vec<u128> {
    let mut rooms = rooms.to_vec();
    rooms.sort_unstable();
    let most = |item: &Item| {
        let fitting = rooms.len() - rooms.partition_point(|room| *room < item.footprint);
        (fitting.min(item.maxcopies.into()), item.footprint)
    };
    at_least(live(items).map(most), rooms.len()).into_iter().map(u128::from).collect()
}

/// Sums over what has a number, from 1 up to a count, of those with at least that number.
fn at_least(numbered: impl Iterator<Item = (usize, u64)>, count: usize) -> Vec<u64> {
    let mut sums = vec![0_u64; count];
    for (number, bytes) in numbered {
        if let Some(sum) = number.min(count).checked_sub(1).and_then(|last| sums.get_mut(last)) {
            *sum += bytes;
        }
    }
    let mut above = 0;
    for sum in sums.iter_mut().rev() {
        above += *sum;
        *sum = above;
    }
    sums
}

/// Levels that people look at; those above them keep filling as long as there is room.
const LEVELS: usize = 3;

/// The first of these states after which no level of interest differs from the last by more than a
/// crumb.
fn visits_to_settle(settling: &[Vec<u64>], data: u64) -> Option<usize> {
    let end = settling.last()?;
    let differs =
        |state: &Vec<u64>| state.iter().zip(end).take(LEVELS).any(|(bytes, end)| bytes.abs_diff(*end) > data / CRUMB);
    Some(settling.iter().rposition(differs).map_or(0, |last| last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_of_all_that_have_as_many() {
        assert_eq!(at_least([(0, 1), (1, 10), (3, 100), (9, 1000)].into_iter(), 3), [1110, 1100, 1100]);
        assert_eq!(at_least([(1, 10)].into_iter(), 0), [0_u64; 0]);
    }

    #[test]
    fn settled_is_what_no_later_visit_moves_by_more_than_a_crumb() {
        let table: [(&[&[u64]], Option<usize>); 7] = [
            (&[], None),
            (&[&[1000, 0]], Some(0)),
            (&[&[0, 0], &[1000, 0], &[1000, 500]], Some(2)),
            (&[&[998, 0], &[1000, 0], &[1000, 0]], Some(0)),
            (&[&[997, 0], &[1000, 0], &[1000, 0]], Some(1)),
            (&[&[1000, 9], &[1000, 0], &[1000, 9]], Some(2)),
            (&[&[], &[]], Some(0)),
        ];
        for (states, visits) in table {
            let states: Vec<Vec<u64>> = states.iter().map(|state| state.to_vec()).collect();
            assert_eq!(visits_to_settle(&states, 1000), visits, "{states:?}");
        }
    }
}
