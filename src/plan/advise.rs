//! Which disk to attach next, and how far the shelf gets if all are attached in the best order.

use super::{Future, Item, Plan, Request, Step, view::telling};
use crate::model::{Amount, Class, DiskIndex, DiskSet, Size};

/// What a visit of a disk would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gain {
    /// The disk.
    pub disk: DiskIndex,
    /// What would get its first copy.
    pub first: Amount,
    /// What would get a further copy that is wanted, on a disk that fails apart from the others.
    pub wanted: Amount,
    /// What would get a copy beyond those.
    pub beyond: Amount,
    /// Copies of live content that would make way.
    pub evicted: Amount,
    /// What the visit takes off the loss to be expected, in bytes times [`SCALE`].
    pub value: i128,
    /// Whether it is worth the walk to the shelf: crumbs beyond what is wanted are not.
    pub is_worth_it: bool,
}

/// One byte that is certain to be lost.
pub const SCALE: i128 = 20_i128.pow(6);

/// A disk fails with one chance in twenty while the source is gone: old disks on a shelf, taken
/// with care. Content with c copies that fail apart is lost with the c-th power of that.
fn risk(copies: u32) -> i128 {
    SCALE / 20_i128.pow(copies.min(6))
}

/// Copies beyond what is wanted are worth a walk if they are such a part of the disk, or of all data.
const WORTH_PART: u128 = 1000;

/// Disks by what a visit would gain, best first. `bytes` gives the length of an item.
pub fn rank(future: &mut Future<'_>, disks: &[DiskIndex], bytes: &dyn Fn(u32) -> Size) -> Vec<Gain> {
    let data = data(future, bytes);
    let mut gains: Vec<Gain> = disks.iter().map(|disk| look(future, *disk, bytes, data).0).collect();
    gains.sort_by_key(Gain::order);
    gains
}

/// Visits disks, each time the one that gains most, until no visit is worth it; `most` visits at
/// most. Begins with what [`rank`] says of the same future. Returns the visits in order.
///
/// What a disk would gain is asked again only when it stands first: visits of others nearly always
/// lower it.
pub fn tour(future: &mut Future<'_>, ranked: Vec<Gain>, bytes: &dyn Fn(u32) -> Size, most: usize) -> Vec<Gain> {
    let data = data(future, bytes);
    let mut known: Vec<(Gain, bool)> = ranked.into_iter().map(|gain| (gain, true)).collect();
    let (mut visits, mut last_looked) = (Vec::new(), None);
    while visits.len() < most {
        known.sort_by_key(|(gain, _)| gain.order());
        let none_is_worth_it = known.first().is_none_or(|(gain, is_fresh)| *is_fresh && !gain.is_worth_it);
        let next = known.iter_mut().find(|(_, is_fresh)| !none_is_worth_it || !is_fresh);
        let Some((gain, is_fresh)) = next else { break };
        let plan = last_looked.take().filter(|(disk, _): &(DiskIndex, Plan)| *disk == gain.disk);
        if *is_fresh {
            let plan = plan.map_or_else(|| look(future, gain.disk, bytes, data).1, |(_, plan)| plan);
            future.carry_out(gain.disk, &plan);
            visits.push(gain.clone());
            known.iter_mut().for_each(|(_, is_fresh)| *is_fresh = false);
        } else {
            let (looked, plan) = look(future, gain.disk, bytes, data);
            last_looked = Some((gain.disk, plan));
            (*gain, *is_fresh) = (looked, true);
        }
    }
    visits
}

fn look(future: &mut Future<'_>, disk: DiskIndex, bytes: &dyn Fn(u32) -> Size, data: u128) -> (Gain, Plan) {
    let plan = future.plan(disk, &Request::default());
    let groups = telling(future.groups(), future.rooms());
    let mut tally = Tally { items: future.items(), groups, bytes, gain: Gain::none(disk) };
    plan.steps.iter().for_each(|step| tally.count(step));
    let mut gain = tally.gain;
    gain.decide(future.rooms(), data);
    (gain, plan)
}

/// Live bytes.
fn data(future: &Future<'_>, bytes: &dyn Fn(u32) -> Size) -> u128 {
    let live = (0..).zip(future.items()).filter(|(_, item)| item.class == Class::Live);
    live.map(|(index, _)| u128::from(bytes(index).bytes())).sum()
}

impl Gain {
    /// Decides whether it is worth it, where the disks have these rooms and so many bytes are live.
    pub(super) fn decide(&mut self, rooms: &[(DiskIndex, u64)], data: u128) {
        let room = rooms.iter().find(|(known, _)| *known == self.disk).map_or(0, |(_, room)| *room);
        let (beyond, of) = (self.beyond.bytes, data.min(room.into()));
        let fills = self.beyond.objects > 0 && u128::from(beyond.bytes()) * WORTH_PART >= of;
        self.is_worth_it = self.first.objects + self.wanted.objects > 0 || fills;
    }

    pub(super) const fn none(disk: DiskIndex) -> Self {
        let nothing = Amount { objects: 0, bytes: Size::ZERO };
        Self { disk, first: nothing, wanted: nothing, beyond: nothing, evicted: nothing, value: 0, is_worth_it: false }
    }

    /// What would get a further copy, wanted or not.
    pub fn more(&self) -> Amount {
        [self.wanted, self.beyond].into_iter().sum()
    }

    /// The best first: what is worth it before what is not, and then by value.
    pub fn order(&self) -> (std::cmp::Reverse<(bool, i128)>, DiskIndex) {
        (std::cmp::Reverse((self.is_worth_it, self.value)), self.disk)
    }
}

/// Sums over the steps of a plan.
struct Tally<'t> {
    items: &'t [Item],
    groups: &'t [DiskSet],
    bytes: &'t dyn Fn(u32) -> Size,
    gain: Gain,
}

impl Tally<'_> {
    fn count(&mut self, step: &Step) {
        match step {
            Step::Remove { item, .. } => self.leaves(*item),
            Step::Copy { item, exchange, evict, .. } => {
                exchange.iter().chain(evict).for_each(|leaving| self.leaves(*leaving));
                self.comes(*item);
            }
        }
    }

    /// Copies that an item has elsewhere, as they protect, and whether one more here is apart.
    fn copies(&self, item: u32) -> (u32, bool) {
        let disks = self.items.get(item as usize).map_or(DiskSet::EMPTY, |item| item.disks);
        let elsewhere = disks.without(self.gain.disk);
        (elsewhere.apart(self.groups), !elsewhere.with_mates(self.groups).contains(self.gain.disk))
    }

    fn comes(&mut self, item: u32) {
        let (copies, is_apart) = self.copies(item);
        let wanted = self.items.get(item as usize).map_or(0, |item| u32::from(item.wanted));
        let (bytes, gain) = ((self.bytes)(item), &mut self.gain);
        let sum = match (copies, is_apart) {
            (0, _) => &mut gain.first,
            (copies, true) if copies < wanted => &mut gain.wanted,
            _ => &mut gain.beyond,
        };
        *sum += Amount::one(bytes);
        gain.value += i128::from(bytes.bytes()) * worth(copies, is_apart);
    }

    fn leaves(&mut self, item: u32) {
        let is_live = self.items.get(item as usize).is_some_and(|item| item.class == Class::Live);
        if is_live {
            let (copies, is_apart) = self.copies(item);
            let bytes = (self.bytes)(item);
            self.gain.evicted += Amount::one(bytes);
            self.gain.value -= i128::from(bytes.bytes()) * worth(copies, is_apart);
        }
    }
}

/// What one more copy takes off the loss to be expected of a byte; little, but something, where it
/// may fail with another one.
pub(super) fn worth(copies: u32, is_apart: bool) -> i128 {
    if is_apart { risk(copies) - risk(copies + 1) } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(index: i64) -> DiskIndex {
        DiskIndex::new(index).unwrap()
    }

    fn all() -> [DiskIndex; 3] {
        [disk(0), disk(1), disk(2)]
    }

    fn item(footprint: u64, disks: u64, wanted: u8) -> Item {
        Item {
            footprint,
            disks: DiskSet(disks),
            untrusted: DiskSet::EMPTY,
            directory: 0,
            priority: 1,
            wanted,
            maxcopies: u8::MAX,
            class: Class::Live,
            obtainable: true,
        }
    }

    /// Three disks of these rooms; items by size and holders.
    fn with(items: &[(u64, u64)], rooms: [u64; 3], groups: &[DiskSet], test: impl FnOnce(&mut Future<'_>, &[Size])) {
        let sizes: Vec<Size> = items.iter().map(|(size, _)| Size(*size)).collect();
        let footprint = |item: u32, _| items[item as usize].0;
        let rooms = (0..).zip(rooms).map(|(index, room)| (disk(index), room)).collect();
        let items = items.iter().map(|(size, disks)| item(*size, *disks, 2)).collect();
        test(&mut Future::new(items, rooms, groups.to_vec(), &footprint), &sizes);
    }

    #[test]
    fn the_disk_that_lowers_the_loss_most_stands_first() {
        // Nothing is on disk 0 yet; disk 1 lacks what disk 2 has, and disk 2 lacks nothing.
        with(&[(8, 0b100), (2, 0b110)], [10, 10, 10], &[], |future, sizes| {
            let ranked = rank(future, &all(), &|item| sizes[item as usize]);
            let order: Vec<_> = ranked.iter().map(|gain| gain.disk.get()).collect();
            assert_eq!(order, [0, 1, 2]);
            assert_eq!((ranked[0].wanted, ranked[0].beyond), (Amount::one(Size(8)), Amount::one(Size(2))));
            assert!(!ranked[2].is_worth_it && ranked[2].value == 0);
        });
    }

    #[test]
    fn beside_first_copies_the_further_ones_count() {
        // Disks 0 and 1 could take the crumb without a copy; disk 1 has room for more.
        with(&[(1, 0), (1000, 0b100)], [1, 1001, 1000], &[], |future, sizes| {
            let ranked = rank(future, &all(), &|item| sizes[item as usize]);
            assert_eq!(ranked.iter().map(|gain| gain.disk.get()).collect::<Vec<_>>(), [1, 0, 2]);
        });
    }

    #[test]
    fn a_tour_ends_when_nothing_is_gained() {
        with(&[(6, 0), (6, 0), (6, 0)], [12, 12, 12], &[], |future, sizes| {
            let bytes = |item| sizes[item as usize];
            let ranked = rank(future, &all(), &bytes);
            let visits = tour(future, ranked, &bytes, 20);
            assert_eq!(visits.len(), 3);
            assert!(future.items().iter().all(|item| item.disks.count() == 2));
            let ranked = rank(future, &all(), &bytes);
            assert_eq!(tour(future, ranked, &bytes, 20), []);
        });
    }

    #[test]
    fn a_copy_beside_another_of_its_group_is_worth_little() {
        with(&[(6, 0b001)], [9, 9, 9], &[DiskSet(0b011)], |future, sizes| {
            let ranked = rank(future, &all(), &|item| sizes[item as usize]);
            assert_eq!(ranked[0].disk.get(), 2);
            assert_eq!((ranked[1].disk.get(), ranked[1].wanted, ranked[1].beyond.objects), (1, Amount::default(), 1));
        });
    }

    #[test]
    fn risk_falls_to_nothing_and_never_below() {
        assert_eq!((risk(0), risk(1), risk(6), risk(64)), (SCALE, SCALE / 20, 1, 1));
        assert_eq!(worth(64, true), 0);
    }
}
