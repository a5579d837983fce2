//! One rule each: what a single plan must say about a shelf of few objects.

use crate::world::disk;
use dsb::model::{Class, DiskSet, SnapshotId};
use dsb::plan::{Item, Plan, Reason, Request, Shelf, Step, plan};

pub const UNIT: u64 = 1 << 20;

/// A live object of so many units, held by these disks.
pub fn item(units: u64, holders: &[usize]) -> Item {
    Item {
        footprint: units * UNIT,
        disks: holders.iter().map(|index| disk(*index)).collect(),
        untrusted: DiskSet::EMPTY,
        directory: 0,
        priority: 100,
        wanted: 2,
        maxcopies: u8::MAX,
        class: Class::Live,
        obtainable: true,
    }
}

fn kept(units: u64, snapshot: i64) -> Item {
    Item { class: Class::Kept(SnapshotId(snapshot)), ..item(units, &[0]) }
}

/// Disk 0 is attached; rooms in units, by disk.
fn planned(items: &[Item], rooms: &[u64], request: &Request) -> Plan {
    grouped(items, rooms, &[], request)
}

fn grouped(items: &[Item], rooms: &[u64], groups: &[DiskSet], request: &Request) -> Plan {
    let rooms: Vec<_> = rooms.iter().enumerate().map(|(index, room)| (disk(index), room * UNIT)).collect();
    plan(items, &Shelf { attached: disk(0), rooms: &rooms, groups }, request)
}

fn usual(items: &[Item], rooms: &[u64]) -> Plan {
    planned(items, rooms, &Request::default())
}

pub fn copy(item: u32, reason: Reason, evict: &[u32]) -> Step {
    Step::Copy { item, reason, exchange: vec![], evict: evict.to_vec() }
}

pub fn remove(item: u32, reason: Reason) -> Step {
    Step::Remove { item, reason }
}

#[test]
fn first_copies_come_first_then_priority() {
    let items = [item(1, &[1]), item(1, &[]), Item { priority: 200, ..item(1, &[]) }];
    let steps = [copy(2, Reason::New, &[]), copy(1, Reason::New, &[]), copy(0, Reason::Copies(2), &[])];
    assert_eq!(usual(&items, &[9, 9]).steps, steps);
}

#[test]
fn copies_that_are_wanted_come_before_those_that_are_not() {
    let (one, three) = (Item { wanted: 1, ..item(1, &[1]) }, Item { wanted: 3, ..item(1, &[1, 2]) });
    let steps = [copy(1, Reason::Copies(3), &[]), copy(0, Reason::Copies(2), &[])];
    assert_eq!(usual(&[one, three], &[9, 9, 9]).steps, steps);
    let here = Item { disks: one.disks.with(disk(0)), ..one };
    assert_eq!(usual(&[here, three], &[1, 9, 9]).steps, [copy(1, Reason::Copies(3), &[0])]);
    assert_eq!(usual(&[Item { wanted: 3, ..here }, three], &[1, 9, 9]).steps, []);
}

#[test]
fn copies_spread_over_groups_before_they_double_within_one() {
    // Disks 0 and 1 fail together.
    let groups = [DiskSet(0b11)];
    let plan = |items: &[Item], room| grouped(items, &[room, 9, 9, 9], &groups, &Request::default()).steps;
    let (doubled, apart) = (item(1, &[1]), item(1, &[2, 3]));
    assert_eq!(plan(&[doubled, apart], 9), [copy(1, Reason::Copies(3), &[]), copy(0, Reason::Copies(2), &[])]);
    assert_eq!(plan(&[Item { disks: DiskSet(0b11), ..doubled }, apart], 1), [copy(1, Reason::Copies(3), &[0])]);
    // What a mate has too is no protection from here, but no last copy either.
    assert_eq!(plan(&[Item { disks: DiskSet(0b01), ..doubled }, apart], 1), []);
}

#[test]
fn a_saturated_group_lets_another_disk_have_its_copy() {
    // Both copies are on disks that fail together: one beyond the bound comes here, and one there goes.
    let twice = |holders: &[usize]| Item { maxcopies: 2, ..item(1, holders) };
    let rooms = [9, 9, 9];
    let comes = grouped(&[twice(&[1, 2])], &rooms, &[DiskSet(0b110)], &Request::default());
    assert_eq!(comes.steps, [copy(0, Reason::Relocation, &[])]);
    let goes = grouped(&[twice(&[0, 1, 2])], &rooms, &[DiskSet(0b011)], &Request::default());
    assert_eq!(goes.steps, [remove(0, Reason::Excess)]);
}

#[test]
fn history_goes_oldest_first_and_only_when_room_is_needed() {
    let mut items = vec![kept(2, 7), kept(2, 3), kept(2, 5)];
    assert_eq!(usual(&items, &[6]).steps, []);
    items.push(item(3, &[]));
    assert_eq!(usual(&items, &[6]).steps, [copy(3, Reason::New, &[1, 2])]);
}

#[test]
fn history_goes_before_any_live_copy() {
    let items = [item(2, &[0, 1, 2]), kept(2, 7), item(2, &[])];
    assert_eq!(usual(&items, &[4, 9, 9]).steps, [copy(2, Reason::New, &[1])]);
}

#[test]
fn a_lowered_budget_costs_history_then_the_most_copied_and_no_last_copy() {
    let items = [item(2, &[0]), item(2, &[0, 1]), item(2, &[0, 1, 2]), kept(2, 4)];
    let over = |item| remove(item, Reason::OverBudget);
    assert_eq!(usual(&items, &[6, 0, 0]).steps, [over(3)]);
    assert_eq!(usual(&items, &[4, 0, 0]).steps, [over(3), over(2)]);
    let plan = usual(&items, &[1, 0, 0]);
    assert_eq!((plan.steps, plan.over_budget), (vec![over(3), over(2), over(1)], UNIT));
}

#[test]
fn copies_in_doubt_license_nothing() {
    let doubted = Item { untrusted: DiskSet::EMPTY.with(disk(1)), ..item(2, &[0]) };
    let plan = usual(&[doubted, item(2, &[])], &[2, 0]);
    assert_eq!((plan.steps, plan.waiting), (vec![], vec![1]));
}

#[test]
fn beyond_maxcopies_a_copy_goes_unless_it_is_the_last() {
    let twice = Item { maxcopies: 1, ..item(1, &[0, 1]) };
    let unwanted = Item { maxcopies: 0, ..item(1, &[0]) };
    assert_eq!(usual(&[twice, unwanted], &[9, 9]).steps, [remove(0, Reason::Excess)]);
}

#[test]
fn a_request_for_fewer_copies_removes_none() {
    let request = Request { maxcopies: Some(1), ..Request::default() };
    let items = [item(1, &[1]), item(1, &[]), item(1, &[0, 1])];
    assert_eq!(planned(&items, &[9, 9], &request).steps, [copy(1, Reason::New, &[])]);
}

#[test]
fn a_limit_cuts_the_list_and_passes_over_what_is_larger_than_itself() {
    let request = Request { limit: Some(3 * UNIT), ..Request::default() };
    let items = [item(4, &[]), item(2, &[]), item(2, &[]), item(1, &[1])];
    let plan = planned(&items, &[20, 9], &request);
    assert_eq!((plan.steps, plan.waiting), (vec![copy(1, Reason::New, &[])], vec![0, 2]));
}

#[test]
fn without_evictions_only_orphans_go() {
    let request = Request { evict: false, ..Request::default() };
    let orphan = Item { class: Class::Orphan, ..item(1, &[0]) };
    let items = [orphan, kept(2, 1), item(2, &[0, 1]), Item { maxcopies: 1, ..item(1, &[0, 1]) }, item(3, &[])];
    let plan = planned(&items, &[6, 9], &request);
    assert_eq!((plan.steps, plan.waiting), (vec![remove(0, Reason::Orphan)], vec![4]));
}

#[test]
fn orphans_that_are_withheld_take_room() {
    let request = Request { remove_orphans: false, ..Request::default() };
    let orphan = Item { class: Class::Orphan, ..item(2, &[0]) };
    assert_eq!(planned(&[orphan, item(2, &[])], &[3], &request).steps, []);
    assert_eq!(planned(&[orphan, item(1, &[])], &[3], &request).steps, [copy(1, Reason::New, &[])]);
}

#[test]
fn what_cannot_be_had_is_no_candidate() {
    let locked = Item { obtainable: false, ..item(1, &[]) };
    let plan = usual(&[locked, item(30, &[]), item(8, &[])], &[4, 9]);
    assert_eq!((plan.steps, plan.too_large, plan.waiting), (vec![], vec![1], vec![0, 2]));
}

#[test]
fn a_big_object_takes_the_place_of_a_few_of_its_tier() {
    // Three units are free; the fourth comes from one of the small ones.
    let items = [item(1, &[0, 1]), item(1, &[0, 1]), item(4, &[1])];
    let steps = usual(&items, &[5, 6]).steps;
    assert_eq!(steps, [Step::Copy { item: 2, reason: Reason::Copies(2), exchange: vec![0], evict: vec![] }]);
}

#[test]
fn room_is_made_elsewhere_for_what_fits_nowhere() {
    // Disk 1 is the only one that is large enough, and full of last copies: here they get a second one
    // before what would otherwise come first.
    let items = [item(2, &[2]), item(2, &[2]), item(5, &[1]), item(3, &[1]), item(6, &[])];
    assert_eq!(usual(&items, &[5, 9, 4]).steps, [copy(2, Reason::Copies(2), &[])]);
}

#[test]
fn a_saturated_object_moves_off_the_disk_that_others_need() {
    // Item 1 can have its second copy on disk 1 only, where a saturated one sits; disk 0 idles.
    let items = [Item { maxcopies: 1, ..item(4, &[1]) }, item(4, &[0])];
    let steps = usual(&items, &[8, 4]).steps;
    assert_eq!(steps, [copy(0, Reason::Relocation, &[])]);
}

#[test]
fn no_disk_at_all_is_no_room() {
    let plan = plan(&[item(1, &[])], &Shelf { attached: disk(0), rooms: &[], groups: &[] }, &Request::default());
    assert_eq!((plan.steps, plan.too_large), (vec![], vec![0]));
    assert_eq!(usual(&[], &[5]), Plan::default());
}

#[test]
fn absurd_sizes_do_not_wrap() {
    let huge = Item { footprint: u64::MAX, ..item(0, &[0, 1]) };
    let items = [huge; 3];
    let rooms = [(disk(0), u64::MAX), (disk(1), u64::MAX)];
    let plan = plan(&items, &Shelf { attached: disk(0), rooms: &rooms, groups: &[] }, &Request::default());
    assert_eq!(plan.steps.len(), 2);
}
