//! Who leaves when a tier has to give up a part of its room.

use super::{pack::bytes, survey::Survey, view::View};
use std::cmp::Reverse;

/// Items whose bytes cover the need: whole directories, and a few files of one more. Directories
/// that are in pieces here go first, then those that another disk also has whole.
pub(super) fn victims(view: &View<'_>, survey: &Survey, items: &[u32], mut need: u64) -> Vec<u32> {
    let mut sorted = items.to_vec();
    sorted.sort_unstable_by_key(|index| (view.item(*index).directory, *index));
    let mut units: Vec<&[u32]> = sorted.chunk_by(|a, b| view.item(*a).directory == view.item(*b).directory).collect();
    units.sort_by_cached_key(|unit| unit.first().map(|first| loss(view, survey, *first)));
    let mut leaving = Vec::new();
    for unit in units {
        let whole = bytes(view, unit);
        if need == 0 {
            break;
        }
        if whole > u128::from(need) {
            let mut pool = unit.to_vec();
            pool.sort_unstable_by_key(|index| (view.footprint(*index), *index));
            leaving.extend(cover(view, &pool, need));
            break;
        }
        need -= whole as u64;
        leaving.extend_from_slice(unit);
    }
    leaving
}

/// What it means for a directory to lose files: smallest first.
fn loss(view: &View<'_>, survey: &Survey, first: u32) -> (u8, Reverse<u8>, Reverse<u32>) {
    let directory = survey.directory(view, first);
    let pain = match (directory.here < directory.bytes, directory.is_whole_elsewhere()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    };
    (pain, Reverse(directory.class()), Reverse(view.item(first).directory))
}

/// Items of a pool, ascending by footprint, that together reach the need with little excess; all
/// of them if they do not reach it.
pub(super) fn cover(view: &View<'_>, pool: &[u32], mut need: u64) -> Vec<u32> {
    let size = |position: usize| pool.get(position).map(|index| view.footprint(*index));
    let mut taken = Vec::new();
    // Below `low` nothing is taken yet; the smallest untaken item above it stands at `above`.
    let (mut low, mut above) = (pool.len(), pool.len());
    while need > 0 {
        let sufficient = pool.partition_point(|index| view.footprint(*index) < need).min(low);
        if sufficient < low {
            above = sufficient;
        }
        let close = size(above).is_some_and(|size| size <= need.saturating_add(need / 8));
        let position = if close || sufficient == 0 { above } else { sufficient - 1 };
        let Some(index) = pool.get(position) else { break };
        taken.push(*index);
        need = need.saturating_sub(view.footprint(*index));
        low = sufficient.saturating_sub(1);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::super::view::samples::{shelf, with};
    use super::*;

    #[test]
    fn covers_a_need_with_little_excess() {
        let table: [(&[u64], u64, &[u32]); 7] = [
            (&[1, 2, 3, 9], 3, &[2]),
            (&[1, 2, 3, 9], 5, &[2, 1]),
            (&[1, 2, 3, 9], 8, &[3]),
            (&[1, 2, 3, 9], 7, &[2, 1, 0, 3]),
            (&[8, 9], 3, &[0]),
            (&[1, 2], 9, &[1, 0]),
            (&[1, 2], 0, &[]),
        ];
        for (sizes, need, taken) in table {
            let items = shelf(sizes.iter().map(|size| (*size, 0, true)));
            let pool: Vec<u32> = (0..sizes.len() as u32).collect();
            with(&items, 100, |view| assert_eq!(cover(view, &pool, need), taken, "{sizes:?} {need}"));
        }
    }

    #[test]
    fn directories_in_pieces_go_first_and_whole() {
        let items = shelf([(4, 0, true), (4, 0, true), (2, 1, true), (2, 1, true), (2, 1, false)]);
        with(&items, 100, |view| {
            let survey = Survey::take(view);
            assert_eq!(victims(view, &survey, &[0, 1, 2, 3], 4), [2, 3]);
            assert_eq!(victims(view, &survey, &[0, 1, 2, 3], 5), [2, 3, 0]);
            assert_eq!(victims(view, &survey, &[0, 1], 0), [0_u32; 0]);
        });
    }
}
