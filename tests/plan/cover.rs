//! The fewest disks for a restore, against trying all of them.

use dsb::model::{DiskIndex, DiskSet};
use dsb::plan::fewest_disks;
use proptest::prelude::*;

fn disk(index: i64) -> DiskIndex {
    DiskIndex::new(index).unwrap()
}

/// Whether every set that is not empty has one of the disks.
fn is_enough(sets: &[DiskSet], disks: u64) -> bool {
    sets.iter().all(|set| set.0 == 0 || set.0 & disks != 0)
}

/// Of the smallest choices among the first `count` disks the first in an order of preference.
fn by_trying_all(sets: &[DiskSet], count: u32, preferred: &[DiskIndex]) -> u64 {
    let order = |disks: u64| preferred.iter().map(|disk| disks >> disk.get() & 1 == 0).collect::<Vec<_>>();
    let enough = (0..1_u64 << count).filter(|disks| is_enough(sets, *disks));
    enough.min_by_key(|disks| (disks.count_ones(), order(*disks))).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_the_best_of_all_choices(
        sets in prop::collection::vec(0_u64..1 << 10, 0..25),
        preferred in Just((0..10).map(disk).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let sets: Vec<_> = sets.into_iter().map(DiskSet).collect();
        let found = fewest_disks(&sets, &preferred);
        prop_assert!(found.proven);
        prop_assert_eq!(found.disks.0, by_trying_all(&sets, 10, &preferred), "{:?} {:?}", sets, preferred);
    }

    #[test]
    fn sparse_sets_too(
        pairs in prop::collection::vec((0_i64..14, 0_i64..14), 0..40),
        last in 0_i64..14,
    ) {
        let sets: Vec<DiskSet> = pairs.iter().map(|(a, b)| [disk(*a), disk(*b)].into_iter().collect()).collect();
        let mut preferred: Vec<_> = (0..14).map(disk).collect();
        preferred.rotate_left(last as usize);
        let found = fewest_disks(&sets, &preferred);
        prop_assert_eq!(found.disks.0, by_trying_all(&sets, 14, &preferred));
    }
}

#[test]
fn examples() {
    let of = |sets: &[u64], preferred: &[i64]| {
        let sets: Vec<_> = sets.iter().copied().map(DiskSet).collect();
        let preferred: Vec<_> = preferred.iter().copied().map(disk).collect();
        fewest_disks(&sets, &preferred).disks.0
    };
    let table: [(&[u64], &[i64], u64); 7] = [
        (&[], &[0, 1], 0),
        (&[0], &[0], 0),
        (&[0b11], &[1, 0], 0b10),
        (&[0b11], &[], 0b01),
        (&[0b011, 0b110, 0b101], &[2, 1, 0], 0b110),
        // What is in most sets is not always in the best choice.
        (&[0b1_0001, 0b1_0010, 0b0_0001, 0b0_0010, 0b1_0011], &[], 0b0_0011),
        (&[1 << 63, 1 << 63 | 1], &[], 1 << 63),
    ];
    for (sets, preferred, expected) in table {
        assert_eq!(of(sets, preferred), expected, "{sets:?} {preferred:?}");
    }
}

#[test]
fn every_pair_of_64_disks_wants_all_but_one() {
    let pairs = (0..64).flat_map(|a| (0..a).map(move |b| [disk(a), disk(b)].into_iter().collect()));
    let sets: Vec<DiskSet> = pairs.collect();
    let preferred: Vec<_> = (0..64).map(disk).collect();
    let found = fewest_disks(&sets, &preferred);
    assert!(found.proven && found.disks.0 == u64::MAX >> 1);
}

#[test]
fn a_shelf_of_64_disks_with_a_thousand_combinations_is_proven() {
    let mut state = 1_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as i64 % 64
    };
    let sets: Vec<DiskSet> = (0..1_000).map(|_| [disk(random()), disk(random())].into_iter().collect()).collect();
    let found = fewest_disks(&sets, &[]);
    assert!(found.proven && is_enough(&sets, found.disks.0));
}
