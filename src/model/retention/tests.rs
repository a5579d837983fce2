use super::samples::{at, of};
use super::*;

const DAY: i64 = 86_400;

fn snapshots(days: &[i64]) -> Vec<Snapshot> {
    days.iter().zip(1..).map(|(day, id)| at(id, day * DAY, 0)).collect()
}

fn ids(ids: &[SnapshotId]) -> Vec<i64> {
    ids.iter().map(|id| id.0).collect()
}

/// The numbers of those that a policy holds, newest first.
fn held(policy: &Retention, snapshots: &[Snapshot]) -> Vec<i64> {
    let held = policy.decide(snapshots).into_iter().filter(|verdict| !verdict.because.is_empty());
    held.map(|verdict| verdict.snapshot.0).collect()
}

fn keeping(bucket: Bucket, count: u32) -> Retention {
    let mut policy = Retention::NEWEST;
    for (kept, left) in Bucket::ALL.iter().zip(&mut policy.keep) {
        *left = if *kept == bucket { count } else { 0 };
    }
    policy
}

#[test]
fn the_default_keeps_thirty_days_in_free_room() {
    let standing = Retention::default().sort(&snapshots(&[0, 60, 69, 70, 100]));
    assert_eq!(ids(&standing.live), [5]);
    assert_eq!(ids(&standing.kept), [4]);
    assert_eq!(ids(&standing.forgotten), [3, 2, 1]);
}

#[test]
fn a_pause_costs_nothing_before_the_next_snapshot() {
    assert_eq!(ids(&Retention::default().sort(&snapshots(&[0, 10, 20])).kept), [2, 1]);
}

#[test]
fn a_clock_set_back_forgets_nothing() {
    let standing = Retention::default().sort(&snapshots(&[100, 101, 5]));
    assert_eq!((ids(&standing.live), ids(&standing.kept)), (vec![3], vec![2, 1]));
}

#[test]
fn a_leap_is_no_day_to_forget() {
    let table = [
        (&[0, 10][..], false),
        (&[0, 10, 31], false),
        (&[0, 10, 41], true),
        (&[0, 41, 82], false),
        (&[0, 41], true),
        (&[400, 5], false),
        (&[5], false),
    ];
    for (days, leap) in table {
        assert_eq!(Retention::default().is_leap(&snapshots(days)), leap, "{days:?}");
    }
    assert!(!Retention::NEWEST.is_leap(&snapshots(&[0, 1000])));
}

#[test]
fn how_firmly_is_one_word_for_all_but_what_a_person_holds() {
    let mut states = snapshots(&[0, 1, 2, 3]);
    states[0].held = true;
    for (history, guaranteed, kept) in
        [(History::Guaranteed, vec![3, 2, 1], vec![]), (History::BestEffort, vec![1], vec![3, 2])]
    {
        let standing = Retention { keep_last: 3, history, ..Retention::NEWEST }.sort(&states);
        assert_eq!((ids(&standing.live), ids(&standing.guaranteed), ids(&standing.kept)), (vec![4], guaranteed, kept));
    }
}

#[test]
fn fill_keeps_all_the_rest_in_free_room() {
    let policy = Retention { keep_last: 2, fill: true, ..Retention::NEWEST };
    let standing = policy.sort(&snapshots(&[0, 1, 2, 900]));
    assert_eq!((ids(&standing.guaranteed), ids(&standing.kept)), (vec![3], vec![2, 1]));
    assert!(standing.forgotten.is_empty());
    let mut states = snapshots(&[0, 1, 2, 900]);
    (states[0].given_up, states[2].given_up) = (true, true);
    let standing = policy.sort(&states);
    assert_eq!((ids(&standing.guaranteed), ids(&standing.kept), ids(&standing.forgotten)), (vec![3], vec![2], vec![1]));
}

#[test]
fn tags_keep() {
    let mut states = snapshots(&[0, 1, 2]);
    states[0].tags = vec!["wedding".to_owned()];
    states[1].tags = vec!["other".to_owned()];
    let policy = Retention { keep_tags: BTreeSet::from(["wedding".to_owned()]), ..Retention::NEWEST };
    assert_eq!(held(&policy, &states), [3, 1]);
    assert_eq!(policy.decide(&states)[2].because, [Because::Tag("wedding".to_owned())]);
}

#[test]
fn buckets_keep_the_newest_of_each() {
    let states = of(&[
        "2025-12-28 10:00", // 1: a Sunday
        "2025-12-29 10:00", // 2: Monday of week 1 of 2026
        "2025-12-31 23:00", // 3
        "2025-12-31 23:30", // 4
        "2026-01-01 00:10", // 5
        "2026-01-04 12:00", // 6: Sunday of week 1
        "2026-01-05 12:00", // 7: Monday of week 2
        "2026-02-01 12:00", // 8
        "2026-02-01 12:59", // 9
        "2026-02-01 13:00", // 10
    ]);
    let table = [
        (Bucket::Hourly, 2, vec![10, 9]),
        (Bucket::Hourly, 4, vec![10, 9, 7, 6]),
        (Bucket::Daily, 2, vec![10, 7]),
        (Bucket::Daily, 5, vec![10, 7, 6, 5, 4]),
        (Bucket::Weekly, 3, vec![10, 7, 6]),
        (Bucket::Weekly, 4, vec![10, 7, 6, 1]),
        (Bucket::Monthly, 3, vec![10, 7, 4]),
        (Bucket::Yearly, 1, vec![10]),
        (Bucket::Yearly, 2, vec![10, 4]),
    ];
    for (bucket, count, kept) in table {
        assert_eq!(held(&keeping(bucket, count), &states), kept, "{count} {bucket}");
    }
}

#[test]
fn one_that_was_cut_off_stands_for_no_day_that_has_a_whole_one() {
    let mut states = of(&["2026-03-01 02:00", "2026-03-01 14:00", "2026-03-02 02:00", "2026-03-03 02:00"]);
    (states[1].complete, states[2].complete) = (false, false);
    assert_eq!(held(&keeping(Bucket::Daily, 3), &states), [4, 3, 1]);
    states[1].complete = true;
    assert_eq!(held(&keeping(Bucket::Daily, 3), &states), [4, 3, 2]);
}

#[test]
fn the_oldest_is_kept_while_a_count_is_not_used_up() {
    let states = of(&["2025-03-01 00:00", "2025-06-01 00:00", "2026-01-01 00:00"]);
    assert_eq!(held(&keeping(Bucket::Yearly, 2), &states), [3, 2]);
    assert_eq!(held(&keeping(Bucket::Yearly, 3), &states), [3, 2, 1]);
}

#[test]
fn each_is_of_the_day_that_it_was_where_it_was_taken() {
    // The same night as two days in Berlin and as one in Lisbon, and a summer time that ends: 02:30 twice.
    let night = of(&["2026-03-09 23:30+1", "2026-03-10 00:30+1"]);
    assert_eq!(held(&keeping(Bucket::Daily, 2), &night), [2, 1]);
    let lisbon = of(&["2026-03-09 22:30", "2026-03-09 23:30"]);
    assert_eq!(held(&keeping(Bucket::Daily, 1), &lisbon), [2]);
    let twice = of(&["2026-10-25 02:30+2", "2026-10-25 02:30+1", "2026-10-25 03:30+1"]);
    assert_eq!(held(&keeping(Bucket::Hourly, 2), &twice), [3, 2]);
    assert_eq!(held(&keeping(Bucket::Daily, 1), &twice), [3]);
}

#[test]
fn a_clock_that_steps_keeps_more_not_less() {
    let steps = of(&["2026-01-01 10:00", "2026-01-09 10:00", "2026-01-02 10:00", "2026-01-03 10:00"]);
    assert_eq!(held(&keeping(Bucket::Daily, 4), &steps), [4, 3, 2, 1]);
    let within = Retention { keep_within: "1d".parse().ok(), ..Retention::NEWEST };
    assert_eq!(held(&within, &steps), [4, 3, 2]);
}

#[test]
fn what_a_leap_leaves_behind_is_held_as_firmly_as_before() {
    let within = Retention { keep_within: "3d".parse().ok(), ..Retention::NEWEST };
    let states = of(&["2026-01-01 10:00", "2026-01-06 10:00", "2026-01-07 10:00", "2031-01-07 10:00"]);
    let standing = within.sort(&states);
    assert_eq!((ids(&standing.guaranteed), ids(&standing.forgotten)), (vec![3, 2], vec![1]));
}

#[test]
fn a_pause_costs_nothing_behind_it_either() {
    let before = [10, 11, 19, 31, 40];
    let with = |after: &[i64]| [&before[..], after].concat();
    let held = |days: &[i64]| held(&Retention::default(), &snapshots(days)).len();
    // What was young before the pause grows old by the days on which there were states again.
    let table =
        [(vec![], 5), (vec![170], 6), (vec![170, 171], 5), (vec![170, 171, 172, 173], 7), (vec![170, 171, 175], 6)];
    for (after, count) in table {
        assert_eq!(held(&with(&after)), count, "{after:?}");
    }
    // Two states close together after each of many pauses: those are a habit, and count.
    let pairs: Vec<i64> = (0..8).flat_map(|n| [n * 91, n * 91 + 1]).collect();
    assert_eq!(held(&pairs), 4);
    // And it goes in the end: nothing is young for ever.
    let days: Vec<i64> = (170..240).collect();
    assert_eq!(held(&with(&days)), 31);
}

#[test]
fn within_counts_from_the_newest_on_the_calendar() {
    let states = of(&["2026-02-27 12:00", "2026-02-28 12:00", "2026-03-30 12:00", "2026-03-31 12:00"]);
    let within = |text: &str| Retention { keep_within: text.parse().ok(), ..Retention::NEWEST };
    assert_eq!(held(&within("1m"), &states), [4, 3, 2]);
    assert_eq!(held(&within("24h"), &states), [4, 3]);
    assert_eq!(held(&within("23h"), &states), [4]);
}

#[test]
fn reasons_are_all_named() {
    let mut policy = keeping(Bucket::Daily, 2);
    (policy.keep_last, policy.keep_within) = (2, "7d".parse().ok());
    let said: Vec<String> = policy.decide(&snapshots(&[0, 1]))[1].because.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["last", "within", "daily"]);
}
