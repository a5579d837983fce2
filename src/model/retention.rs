//! Which older states of the tree are held, and how firmly. restic's words, with restic's rules: the
//! newest state of each of so many hours, days ... that have one is kept, and the oldest of all as
//! long as such a count is not used up.
//!
//! Everything is reckoned by the clocks where each state was taken, and from the newest state back:
//! never from now. The same snapshots and the same policy are the same answer anywhere, at any time.

use super::{Snapshot, SnapshotId, Standing, Within};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use std::collections::BTreeSet;
use std::fmt;

/// How firmly the policy holds older snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// What only they need is never below one copy, once it has one.
    Guaranteed,
    /// What only they need stays in free room and goes, oldest first, when room is needed.
    BestEffort,
}

/// The retention policy of a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// So many of the newest snapshots, at least 1.
    pub keep_last: u32,
    /// The newest of each of so many hours, days, weeks, months and years that have one.
    pub keep: [u32; Bucket::ALL.len()],
    /// All snapshots of so much time before the newest one, a pause longer than that not counted.
    pub keep_within: Option<Within>,
    /// All snapshots with one of these tags.
    pub keep_tags: BTreeSet<String>,
    /// How firmly all of these are held.
    pub history: History,
    /// Whether all others are held too, in free room, until the first of their content makes way.
    pub fill: bool,
}

/// A unit of the calendar, of which the newest snapshot stands for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// An hour.
    Hourly,
    /// A day.
    Daily,
    /// A week from Monday to Sunday.
    Weekly,
    /// A month.
    Monthly,
    /// A year.
    Yearly,
}

/// Why a snapshot is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// It is the newest.
    Newest,
    /// It is one of the newest.
    Last,
    /// It is the newest of its hour, day ...
    Bucket(Bucket),
    /// It is the oldest of all, and the count of these is not used up.
    Oldest(Bucket),
    /// It is not old enough.
    Within,
    /// It has a tag that is kept.
    Tag(String),
    /// A person keeps it.
    Held,
    /// There is nothing better to do with the room.
    Fill,
}

/// A snapshot and what holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The snapshot.
    pub snapshot: SnapshotId,
    /// All that holds it; nothing: it is to be forgotten.
    pub because: Vec<Because>,
}

impl Default for Retention {
    /// The newest snapshot, and in free room those of the 30 days before it.
    fn default() -> Self {
        Self { keep_within: Some(Within::days(30)), history: History::BestEffort, ..Self::NEWEST }
    }
}

impl Retention {
    /// The newest snapshot alone.
    pub const NEWEST: Self = Self {
        keep_last: 1,
        keep: [0; Bucket::ALL.len()],
        keep_within: None,
        keep_tags: BTreeSet::new(),
        history: History::Guaranteed,
        fill: false,
    };

    /// Whether it holds no older snapshot, whatever there are; but for those that a person keeps.
    pub fn keeps_the_newest_alone(&self) -> bool {
        *self == Self { history: self.history, ..Self::NEWEST }
    }

    /// What holds each snapshot, in any order given: newest first.
    pub fn decide(&self, snapshots: &[Snapshot]) -> Vec<Verdict> {
        let newest_first = newest_first(snapshots);
        let young = self.young(&newest_first);
        let mut counts = Counts { left: self.keep, last: [None; Bucket::ALL.len()] };
        let ranked = newest_first.iter().enumerate();
        let verdict = |(rank, snapshot): (usize, &&Snapshot)| {
            let mut because = self.own_reasons(snapshot, rank, rank < young);
            because.extend(counts.take(snapshot, newest_first.get(rank + 1..).unwrap_or_default()));
            // What was partly given up for newer states is not held only because there was room.
            if because.is_empty() && self.fill && !snapshot.given_up {
                because.push(Because::Fill);
            }
            Verdict { snapshot: snapshot.id, because }
        };
        ranked.map(verdict).collect()
    }

    /// What holds a snapshot whatever others there are of its time.
    fn own_reasons(&self, snapshot: &Snapshot, rank: usize, within: bool) -> Vec<Because> {
        let tags = snapshot.tags.iter().filter(|tag| self.keep_tags.contains(*tag));
        let plain = [
            (rank == 0, Because::Newest),
            (rank > 0 && rank < self.keep_last.max(1) as usize, Because::Last),
            (rank > 0 && within, Because::Within),
            (snapshot.held, Because::Held),
        ];
        let plain = plain.into_iter().filter_map(|(holds, because)| holds.then_some(because));
        plain.chain(tags.cloned().map(Because::Tag)).collect()
    }

    /// Sorts snapshots, given in any order, by how firmly they are held.
    pub fn sort(&self, snapshots: &[Snapshot]) -> Standing {
        let mut standing = Standing::default();
        for Verdict { snapshot, because } in self.decide(snapshots) {
            let place = match because.as_slice() {
                [] => &mut standing.forgotten,
                [Because::Newest, ..] => &mut standing.live,
                all if all.contains(&Because::Held) => &mut standing.guaranteed,
                [Because::Fill] => &mut standing.kept,
                _ if self.history == History::Guaranteed => &mut standing.guaranteed,
                _ => &mut standing.kept,
            };
            place.push(snapshot);
        }
        standing
    }

    /// Whether the newest snapshot lies further from the one before it than the policy reaches:
    /// after a pause, or with a clock gone wrong, nobody should lose all older states at once.
    pub fn is_leap(&self, snapshots: &[Snapshot]) -> bool {
        self.leaps(&newest_first(snapshots))
    }

    fn leaps(&self, newest_first: &[&Snapshot]) -> bool {
        self.keep_within.is_some_and(|within| is_leap(within, newest_first))
    }

    /// How many of the newest are not old enough to go. Clocks are asked for the time between each and
    /// the one before it; the last leap counts as much as the time after it, and so a pause costs nothing.
    /// More than one is a habit too.
    fn young(&self, newest_first: &[&Snapshot]) -> usize {
        let (Some(within), Some(newest)) = (self.keep_within, newest_first.first()) else { return 0 };
        let oldest = within.before(newest.local());
        let (mut reckoned, mut step, mut leaps) = (newest.local(), SignedDuration::ZERO, 0);
        let is_young = |at: &usize| {
            let from = at.checked_sub(1).and_then(|at| newest_first.get(at..));
            let Some(pair @ [newer, older, ..]) = from else { return true };
            let apart = newer.local().duration_since(older.local());
            let leaps_here = is_leap(within, pair);
            leaps += u32::from(leaps_here);
            let counted = if leaps_here && leaps == 1 { step } else { apart };
            if counted.is_positive() {
                step = counted;
                reckoned = reckoned.checked_sub(counted).unwrap_or(DateTime::MIN);
            }
            reckoned >= oldest
        };
        (0..newest_first.len()).take_while(is_young).count()
    }
}

/// Whether the first of these lies further from the second than the policy reaches.
fn is_leap(within: Within, newest_first: &[&Snapshot]) -> bool {
    let [newest, before, older @ ..] = newest_first else { return false };
    let is_far = |one: &Snapshot, from: &Snapshot| one.local() < within.before(from.local());
    // Where states always lie so far apart it is a habit, and nothing would ever be forgotten.
    is_far(before, newest) && older.first().is_none_or(|older| !is_far(older, before))
}

fn newest_first(snapshots: &[Snapshot]) -> Vec<&Snapshot> {
    let mut sorted: Vec<&Snapshot> = snapshots.iter().collect();
    sorted.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.id));
    sorted
}

/// What is left of the counts, on the way from the newest snapshot to the oldest.
struct Counts {
    left: [u32; Bucket::ALL.len()],
    /// The unit of each kind that was counted last.
    last: [Option<i64>; Bucket::ALL.len()],
}

impl Counts {
    /// The units that a snapshot stands for, given those before it. One that was cut off stands for no
    /// unit that has a whole one.
    fn take(&mut self, snapshot: &Snapshot, older: &[&Snapshot]) -> Vec<Because> {
        let mut taken = Vec::new();
        for ((bucket, left), last) in Bucket::ALL.into_iter().zip(&mut self.left).zip(&mut self.last) {
            let of = |snapshot: &Snapshot| bucket.of(snapshot.local());
            let unit = Some(of(snapshot));
            let mut others = older.iter().take_while(|older| Some(of(older)) == unit);
            let is_poor = !snapshot.complete && others.any(|older| older.complete);
            if *left > 0 && !is_poor && (*last != unit || older.is_empty()) {
                taken.push(if *last == unit { Because::Oldest(bucket) } else { Because::Bucket(bucket) });
                (*left, *last) = (*left - 1, unit);
            }
        }
        taken
    }
}

impl Bucket {
    /// All, the shortest first.
    pub const ALL: [Self; 5] = [Self::Hourly, Self::Daily, Self::Weekly, Self::Monthly, Self::Yearly];

    /// A number that all times in one unit share.
    fn of(self, time: DateTime) -> i64 {
        let (year, month, day) = (i64::from(time.year()), i64::from(time.month()), i64::from(time.day()));
        let days = (year * 12 + month) * 31 + day;
        let week = time.date().iso_week_date();
        match self {
            Self::Hourly => days * 24 + i64::from(time.hour()),
            Self::Daily => days,
            Self::Weekly => i64::from(week.year()) * 53 + i64::from(week.week()) - 1,
            Self::Monthly => year * 12 + month,
            Self::Yearly => year,
        }
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Yearly => "yearly",
        })
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest => f.write_str("newest"),
            Self::Last => f.write_str("last"),
            Self::Bucket(bucket) => bucket.fmt(f),
            Self::Oldest(bucket) => write!(f, "oldest {bucket}"),
            Self::Within => f.write_str("within"),
            Self::Tag(tag) => write!(f, "tag {tag}"),
            Self::Held => f.write_str("by hand"),
            Self::Fill => f.write_str("fill"),
        }
    }
}

#[cfg(test)]
pub(super) mod samples {
    use super::super::Timestamp;
    use super::*;

    /// A snapshot of that second, so many seconds east of UTC.
    pub fn at(id: i64, seconds: i64, utc_offset: i32) -> Snapshot {
        let taken = Timestamp::new(seconds, 0);
        let (complete, problems, held, given_up, tags) = (true, 0, false, false, Vec::new());
        Snapshot { id: SnapshotId(id), taken, utc_offset, complete, problems, held, given_up, tags }
    }

    /// Snapshots of these local times, `2026-01-31 14:05+01`, oldest first.
    pub fn of(times: &[&str]) -> Vec<Snapshot> {
        let one = |(time, id): (&&str, i64)| {
            let (local, offset) = time.split_at(time.rfind(['+', '-']).filter(|at| *at > 12).unwrap_or(time.len()));
            let offset = if offset.is_empty() { 0 } else { offset.parse::<i32>().unwrap() * 3_600 };
            let local: DateTime = local.replace(' ', "T").parse().unwrap();
            let stamp = jiff::tz::Offset::from_seconds(offset).unwrap().to_timestamp(local).unwrap();
            at(id, stamp.as_second(), offset)
        };
        times.iter().zip(1..).map(one).collect()
    }
}

#[cfg(test)]
mod tests;
