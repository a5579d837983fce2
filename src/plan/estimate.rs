//! What a visit could bring at most, by sums alone: for shelves too large to plan in passing.
//!
//! Content that is alike stands in tiers as single objects do: what lacks most comes first, into what is
//! free and what stands strictly above it. How large single objects are is not known here, so a plan may
//! bring less.

use super::{advise::Gain, advise::worth, view::telling};
use crate::model::{Amount, DiskIndex, DiskSet, Need, Part, Size};
use std::collections::BTreeMap;

/// What lacks one copy more, and what could give way: by whether it has what is wanted, by its copies
/// elsewhere, and by whether a copy here fails apart from those.
type Tier = (bool, u32, bool);

/// What a visit of a disk would bring at most, where so much of its room is free.
pub fn at_most(
    parts: &[Part],
    rooms: &[(DiskIndex, u64)],
    groups: &[DiskSet],
    (disk, free): (DiskIndex, Size),
) -> Gain {
    let groups = telling(groups, rooms);
    let mut waiting: BTreeMap<Tier, Amount> = BTreeMap::new();
    let mut here: BTreeMap<Tier, Size> = BTreeMap::new();
    let mut pool = free;
    for part in parts {
        let elsewhere = part.certain().without(disk);
        let (copies, beside) = (elsewhere.apart(groups), elsewhere.with_mates(groups).contains(disk));
        let tier = (copies >= part.wanted.into() || beside, copies, beside);
        match (part.holding.need, part.holding.disks.contains(disk)) {
            (Need::Live, false) if elsewhere.count() < part.maxcopies.into() => {
                *waiting.entry(tier).or_default() += part.holding.amount;
            }
            (Need::Live, true) if copies > 0 => *here.entry(tier).or_default() += part.holding.amount.bytes,
            (Need::Orphan | Need::Kept, true) => pool += part.holding.amount.bytes,
            (Need::Guaranteed, true) if copies > 0 => pool += part.holding.amount.bytes,
            _ => {}
        }
    }
    let mut gain = Gain::none(disk);
    for (tier, amount) in waiting {
        let above: Size = here.range(tier..).filter(|(other, _)| **other > tier).map(|(_, bytes)| *bytes).sum();
        let taken = part_of(amount, pool + above);
        let evicted = taken.bytes - pool;
        pool -= taken.bytes;
        gain.count_waiting(tier, taken);
        give_way(&mut here, evicted, &mut gain);
    }
    let live = parts.iter().filter(|part| part.is_live()).map(|part| u128::from(part.holding.amount.bytes.bytes()));
    gain.decide(rooms, live.sum());
    gain
}

/// As much of it as may fit. It may be one large object and many small ones, so all but one of them may
/// find a place in any room.
fn part_of(amount: Amount, room: Size) -> Amount {
    match (amount.bytes <= room, room > Size::ZERO, amount.objects) {
        (true, ..) => amount,
        (false, true, 2..) => Amount { objects: amount.objects - 1, bytes: room },
        _ => Amount::default(),
    }
}

/// Takes bytes away from the highest tiers.
fn give_way(here: &mut BTreeMap<Tier, Size>, mut evicted: Size, gain: &mut Gain) {
    for ((_, copies, beside), bytes) in here.iter_mut().rev() {
        let leaving = evicted.min(*bytes);
        (*bytes, evicted) = (*bytes - leaving, evicted - leaving);
        gain.evicted.bytes += leaving;
        gain.value -= i128::from(leaving.bytes()) * worth(*copies, !beside);
    }
}

impl Gain {
    fn count_waiting(&mut self, (is_beyond, copies, beside): Tier, amount: Amount) {
        let sum = match (copies, is_beyond) {
            (0, _) => &mut self.first,
            (_, false) => &mut self.wanted,
            _ => &mut self.beyond,
        };
        *sum += amount;
        self.value += i128::from(amount.bytes.bytes()) * worth(copies, !beside);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Holding;

    fn part(disks: u64, objects: u64, bytes: u64) -> Part {
        let amount = Amount { objects, bytes: Size(bytes) };
        let holding = Holding { need: Need::Live, disks: DiskSet(disks), amount };
        Part { holding, doubtful: DiskSet::EMPTY, wanted: 2, maxcopies: u8::MAX }
    }

    fn on_first(parts: &[Part], free: u64) -> Gain {
        let disk = |index| DiskIndex::new(index).unwrap();
        at_most(parts, &[(disk(0), 100), (disk(1), 100)], &[], (disk(0), Size(free)))
    }

    #[test]
    fn first_copies_come_first_and_then_those_that_are_wanted() {
        let parts = [part(0, 2, 20), part(0b10, 5, 50), part(0b110, 1, 10)];
        let table = [(100, (2, 20), (5, 50), (1, 10)), (45, (2, 20), (4, 25), (0, 0)), (9, (1, 9), (0, 0), (0, 0))];
        for (free, first, wanted, beyond) in table {
            let gain = on_first(&parts, free);
            let sums = [gain.first, gain.wanted, gain.beyond].map(|sum| (sum.objects, sum.bytes.bytes()));
            assert_eq!(sums, [first, wanted, beyond], "{free}");
            assert!(gain.is_worth_it, "{free}");
        }
    }

    #[test]
    fn what_has_copies_elsewhere_gives_way_and_last_copies_stay() {
        let gain = on_first(&[part(0, 4, 40), part(0b11, 3, 30), part(0b01, 9, 90)], 0);
        assert_eq!((gain.first.objects, gain.evicted.bytes), (3, Size(30)));
        assert!(gain.is_worth_it && gain.value > 0);
        assert!(!on_first(&[part(0, 4, 40), part(0b01, 9, 90)], 0).is_worth_it);
    }

    #[test]
    fn history_gives_way_but_for_the_last_copy_of_what_is_guaranteed() {
        for (need, disks, objects) in
            [(Need::Kept, 0b01, 4), (Need::Guaranteed, 0b11, 4), (Need::Guaranteed, 0b01, 0), (Need::Orphan, 0b01, 4)]
        {
            let older = part(disks, 9, 90);
            let older = Part { holding: Holding { need, ..older.holding }, ..older };
            assert_eq!(on_first(&[part(0, 4, 40), older], 0).first.objects, objects, "{need:?} {disks}");
        }
    }
}
