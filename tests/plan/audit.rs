//! The judge of plans: nothing that is wrong gets past it, and it never blames what is right.

use crate::rules::{UNIT, copy, item, remove};
use crate::world::disk;
use dsb::model::{Class, DiskIndex, DiskSet, SnapshotId};
use dsb::plan::{Item, Plan, Reason, Request, Shelf, Step, Violation, audit, audit_again, plan};
use std::slice::from_ref;

/// What is said of these steps on disk 0, which has room for ten units, as the other two have.
fn judged(items: &[Item], steps: &[Step]) -> Vec<Violation> {
    judged_for(items, steps, &Request::default())
}

const ROOMS: [u64; 3] = [10 * UNIT; 3];

fn rooms() -> Vec<(DiskIndex, u64)> {
    (0..).map(disk).zip(ROOMS).collect()
}

fn judged_for(items: &[Item], steps: &[Step], request: &Request) -> Vec<Violation> {
    judged_in(items, steps, request, &[])
}

fn judged_in(items: &[Item], steps: &[Step], request: &Request, groups: &[DiskSet]) -> Vec<Violation> {
    let shelf = Shelf { attached: disk(0), rooms: &rooms(), groups };
    audit(items, &shelf, request, &Plan { steps: steps.to_vec(), ..Plan::default() })
}

fn exchange(item: u32, victims: &[u32]) -> Step {
    Step::Copy { item, reason: Reason::Copies(2), exchange: victims.to_vec(), evict: vec![] }
}

/// A disk that is full of second copies, each two units large, and one object of so many units off it.
fn full(units: u64, holders: &[usize]) -> Vec<Item> {
    let mut items = vec![item(2, &[0, 1]); 5];
    items.push(item(units, holders));
    items
}

#[test]
fn what_is_wrong_with_a_removal_is_named() {
    let live = [item(1, &[0]), item(1, &[0, 1]), item(1, &[1])];
    let orphan = Item { class: Class::Orphan, ..item(1, &[0]) };
    let excess = Item { maxcopies: 1, ..item(1, &[0, 1]) };
    let wrong = Violation::WrongReason;
    let table: [(&[Item], &[Step], &[Violation]); 9] = [
        (&live, &[remove(3, Reason::Excess)], &[Violation::NoSuchItem(3)]),
        (&live, &[remove(0, Reason::OverBudget)], &[wrong(0, Reason::OverBudget), Violation::LastCopy(0)]),
        (&live, &[remove(1, Reason::Excess)], &[wrong(1, Reason::Excess), Violation::Worse(2, 100)]),
        (&live, &[remove(1, Reason::Orphan)], &[wrong(1, Reason::Orphan), Violation::Worse(2, 100)]),
        (&live, &[remove(1, Reason::New)], &[wrong(1, Reason::New), Violation::Worse(2, 100)]),
        (&live, &[remove(2, Reason::Excess)], &[wrong(2, Reason::Excess), Violation::NotHere(2)]),
        (&[orphan], &[], &[Violation::OrphanLeft(0)]),
        (&[orphan, excess], &[remove(1, Reason::Excess), remove(0, Reason::Orphan)], &[Violation::OrphanLate(0)]),
        (&[orphan, excess], &[remove(0, Reason::Orphan), remove(1, Reason::Excess)], &[]),
    ];
    for (items, steps, violations) in table {
        assert_eq!(judged(items, steps), violations, "{steps:?}");
    }
}

#[test]
fn what_is_wrong_with_a_newcomer_is_named() {
    let items = [
        item(1, &[0]),
        Item { class: Class::Kept(SnapshotId(1)), ..item(1, &[1]) },
        Item { obtainable: false, ..item(1, &[1]) },
        Item { maxcopies: 2, ..item(1, &[1, 2]) },
        item(11, &[1]),
        Item { maxcopies: 2, ..item(1, &[1]) },
    ];
    let (second, third) = (Reason::Copies(2), Reason::Copies(3));
    let wrong = Violation::WrongReason;
    let table: [(Step, &[Violation]); 11] = [
        (copy(6, Reason::New, &[]), &[Violation::NoSuchItem(6)]),
        (copy(0, Reason::New, &[]), &[Violation::AlreadyHere(0)]),
        (copy(1, second, &[]), &[Violation::NotLive(1)]),
        (copy(2, second, &[]), &[Violation::Unobtainable(2)]),
        (copy(3, third, &[]), &[Violation::BeyondMaxcopies(3)]),
        (copy(3, Reason::Relocation, &[]), &[]),
        (copy(4, second, &[]), &[Violation::OverRoom(4, 2 * u128::from(UNIT))]),
        (copy(5, Reason::New, &[]), &[wrong(5, Reason::New)]),
        (copy(5, third, &[]), &[wrong(5, third)]),
        (copy(5, Reason::Relocation, &[]), &[wrong(5, Reason::Relocation)]),
        (copy(5, second, &[]), &[]),
    ];
    for (step, violations) in table {
        assert_eq!(judged(&items, from_ref(&step)), violations, "{step:?}");
    }
    let asked = Request { maxcopies: Some(1), ..Request::default() };
    assert_eq!(judged_for(&items, &[copy(5, second, &[])], &asked), [Violation::BeyondMaxcopies(5)]);
}

#[test]
fn what_is_wrong_with_an_eviction_is_named() {
    let second = Reason::Copies(2);
    let last = [vec![item(10, &[0])], vec![item(1, &[])]].concat();
    let important = |priority| [vec![item(10, &[0, 1])], vec![Item { priority, ..item(1, &[1]) }]].concat();
    let kept = |newcomer| vec![Item { class: Class::Kept(SnapshotId(1)), ..item(10, &[0]) }, newcomer];
    let excess = vec![Item { maxcopies: 1, ..item(10, &[0, 1]) }, item(10, &[1, 2])];
    let relocated = vec![item(10, &[0, 1]), Item { maxcopies: 2, ..item(10, &[1, 2]) }];
    let no_better = Violation::NoBetterClaim(0, 1);
    let table: [(Vec<Item>, Step, &[Violation]); 8] = [
        (last, copy(1, Reason::New, &[0]), &[no_better, Violation::LastCopy(0), Violation::Worse(1, 100)]),
        (important(99), copy(1, second, &[0]), &[no_better, Violation::Worse(2, 100)]),
        (important(100), copy(1, second, &[0]), &[no_better, Violation::Worse(2, 100)]),
        (important(101), copy(1, second, &[0]), &[]),
        (kept(item(1, &[1, 2])), copy(1, Reason::Copies(3), &[0]), &[]),
        (kept(item(0, &[1, 2])), copy(1, Reason::Copies(3), &[0]), &[Violation::Needless(0, 1)]),
        (excess, copy(1, Reason::Copies(3), &[0]), &[]),
        (relocated, copy(1, Reason::Relocation, &[0]), &[]),
    ];
    for (items, step, violations) in table {
        assert_eq!(judged(&items, from_ref(&step)), violations, "{step:?}");
    }
}

#[test]
fn what_is_wanted_and_fails_apart_has_the_better_claim() {
    let judged = |victim, newcomer, groups: &[DiskSet]| {
        let steps = [copy(1, Reason::Copies(3), &[0])];
        judged_in(&[victim, newcomer], &steps, &Request::default(), groups)
    };
    let (victim, newcomer) = (item(10, &[0, 1]), item(10, &[1, 2]));
    let no_better = Violation::NoBetterClaim(0, 1);
    assert_eq!(judged(victim, newcomer, &[]), [no_better, Violation::Worse(2, 100)]);
    let more_wanted = Item { wanted: 3, ..newcomer };
    assert_eq!(judged(Item { wanted: 1, ..victim }, more_wanted, &[]), []);
    // Disks 1 and 2 fail together: this is the second copy of the newcomer that fails apart from others.
    let important = Item { priority: 101, ..newcomer };
    assert_eq!(judged(victim, important, &[DiskSet(0b110)]), []);
    assert_eq!(judged(victim, newcomer, &[DiskSet(0b110)]), [no_better, Violation::Worse(2, 100)]);
    // Disks 0 and 1 fail together: both would be doubled, the victim with fewer copies beside it.
    assert_eq!(judged(victim, important, &[DiskSet(0b011)]), [no_better, Violation::Worse(2, 100)]);
    // Disks 0 and 2 fail together, and then only the newcomer would be doubled.
    assert_eq!(judged(victim, important, &[DiskSet(0b101)]), [no_better, Violation::Worse(2, 100)]);
    // A group of all disks says nothing.
    assert_eq!(judged(victim, important, &[DiskSet(0b111)]), judged(victim, important, &[]));
}

#[test]
fn more_victims_than_a_copy_needs_are_too_many() {
    let items = full(3, &[]);
    assert_eq!(judged(&items, &[copy(5, Reason::New, &[0, 1])]), []);
    assert_eq!(judged(&items, &[copy(5, Reason::New, &[0, 1, 2])]), [Violation::Needless(2, 5)]);
    assert_eq!(judged(&items, &[copy(5, Reason::New, &[0])]), [Violation::OverRoom(5, UNIT.into())]);
}

#[test]
fn only_equals_are_exchanged_and_only_for_much_more() {
    assert_eq!(judged(&full(5, &[1]), &[exchange(5, &[0, 1])]), [Violation::OverRoom(5, UNIT.into())]);
    assert_eq!(judged(&full(7, &[1]), &[exchange(5, &[0, 1, 2])])[..], [Violation::OverRoom(5, UNIT.into())]);
    let half_free = || full(5, &[1]).split_off(2);
    assert_eq!(judged(&half_free(), &[exchange(3, &[0])]), []);
    let dear = [item(4, &[0, 1]), item(4, &[0, 1]), item(4, &[1])];
    let bytes = 4 * u128::from(UNIT);
    assert_eq!(judged(&dear, &[exchange(2, &[0])]), [Violation::DearExchange(2, bytes)]);
    let mut unequal = half_free();
    unequal[0].disks = unequal[0].disks.with(disk(2));
    assert_eq!(judged(&unequal, &[exchange(3, &[0])]), [Violation::UnequalExchange(0, 3)]);
}

#[test]
fn equals_make_way_for_what_is_staged_only_while_something_is_bare() {
    let staged = [item(10, &[0, 1]), item(5, &[2]), item(9, &[])];
    let step = copy(1, Reason::Copies(2), &[0]);
    assert_eq!(judged(&staged, from_ref(&step)), []);
    let unstaged = [Violation::NoBetterClaim(0, 1), Violation::Worse(2, 100)];
    assert_eq!(judged(&staged[..2], from_ref(&step)), unstaged);
    // Once nothing is bare any more there is nothing to stage for.
    let covered = [item(9, &[0, 1]), item(5, &[2]), item(1, &[])];
    assert_eq!(judged(&covered, &[copy(2, Reason::New, &[]), step]), [Violation::NoBetterClaim(0, 1)]);
}

#[test]
fn a_lowered_room_forces_out_what_it_must_and_nothing_comes() {
    let items = [item(8, &[0]), item(4, &[0, 1]), item(2, &[0, 1]), item(1, &[])];
    let over = |item| remove(item, Reason::OverBudget);
    assert_eq!(judged(&items, &[over(1)]), []);
    let too_many = [Violation::WrongReason(2, Reason::OverBudget)];
    assert_eq!(judged(&items, &[over(1), over(2)]), too_many);
    let coming = judged(&items, &[copy(3, Reason::New, &[])]);
    assert_eq!(coming, [Violation::OverRoom(3, 5 * u128::from(UNIT))]);
    assert_eq!(judged(&items, &[copy(3, Reason::New, &[2])]), [Violation::OverRoom(3, 3 * u128::from(UNIT))]);
}

#[test]
fn copies_in_doubt_count_for_nothing() {
    let doubted = Item { untrusted: DiskSet::EMPTY.with(disk(1)), ..item(10, &[0]) };
    let steps = [copy(1, Reason::New, &[0])];
    let violations = [Violation::NoBetterClaim(0, 1), Violation::LastCopy(0), Violation::Worse(1, 100)];
    assert_eq!(judged(&[doubted, item(1, &[])], &steps), violations);
}

#[test]
fn another_plan_and_a_plan_left_unfinished_are_named() {
    let items = [item(1, &[1]), item(1, &[])];
    let (rooms, request) = (rooms(), Request::default());
    let shelf = Shelf { attached: disk(0), rooms: &rooms, groups: &[] };
    let whole = plan(&items, &shelf, &request);
    assert_eq!(audit_again(&items, &shelf, &request, &whole), []);
    let part = Plan { steps: whole.steps[..1].to_vec(), ..whole.clone() };
    assert_eq!(audit_again(&items, &shelf, &request, &part), [Violation::Fickle, Violation::Unsettled(1)]);
    assert_eq!(audit_again(&items, &shelf, &request, &Plan::default()), [Violation::Fickle]);
}

#[test]
fn every_violation_has_its_words() {
    let all = [
        (Violation::LastCopy(3), "object 3 loses its last copy"),
        (Violation::Needless(1, 2), "object 1 makes way for object 2, which fits without that"),
        (Violation::WrongReason(1, Reason::Excess), "Excess is no reason for what is done to object 1"),
    ];
    for (violation, words) in all {
        assert_eq!(violation.to_string(), words);
    }
}
