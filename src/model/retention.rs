//! Which older states of the tree are held, and how firmly.

use super::{Class, SnapshotId, Timestamp};

/// How firmly the policy holds older snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// What they need is live: it has its copies like the newest state.
    Guaranteed,
    /// What only they need stays in free room and goes, oldest first, when room is needed.
    BestEffort,
}

/// The retention policy of a catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// So many of the newest snapshots, at least 1, guaranteed.
    pub keep_last: u32,
    /// All snapshots of so many days before the newest one; a pause never costs the old ones.
    pub keep_within_days: Option<u32>,
    /// How firmly those of `keep_within_days` are held.
    pub history: History,
}

impl Default for Retention {
    /// The newest snapshot, and in free room those of the 30 days before it.
    fn default() -> Self {
        Self { keep_last: 1, keep_within_days: Some(30), history: History::BestEffort }
    }
}

/// The snapshots between the first and the last that an entry stood in; `last` none: it still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The snapshot that first saw it.
    pub first: SnapshotId,
    /// The last that still did.
    pub last: Option<SnapshotId>,
}

impl Span {
    /// Whether it stood in a snapshot.
    pub fn covers(self, snapshot: SnapshotId) -> bool {
        self.first <= snapshot && self.last.is_none_or(|last| snapshot <= last)
    }
}

/// What a policy makes of the snapshots there are.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Standing {
    /// Guaranteed, newest first.
    pub live: Vec<SnapshotId>,
    /// Held in free room, newest first.
    pub kept: Vec<SnapshotId>,
    /// Held by nothing: to be forgotten.
    pub forgotten: Vec<SnapshotId>,
}

impl Retention {
    /// Sorts snapshots, given with the time each was taken, in any order.
    pub fn sort(self, snapshots: &[(SnapshotId, Timestamp)]) -> Standing {
        let mut newest_first = snapshots.to_vec();
        newest_first.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        let newest = newest_first.first().map_or(Timestamp::default(), |(_, taken)| *taken);
        let mut standing = Standing::default();
        for (rank, (id, taken)) in newest_first.into_iter().enumerate() {
            let within = self.keep_within_days.is_some_and(|days| taken >= newest.days_before(days.into()));
            let place = match (rank < self.keep_last.max(1) as usize, within, self.history) {
                (true, ..) | (_, true, History::Guaranteed) => &mut standing.live,
                (_, true, History::BestEffort) => &mut standing.kept,
                _ => &mut standing.forgotten,
            };
            place.push(id);
        }
        standing
    }
}

impl Retention {
    /// Whether the newest snapshot lies further from the one before it than the policy reaches:
    /// after a pause, or with a clock gone wrong, nobody should lose all older states at once.
    pub fn is_leap(self, snapshots: &[(SnapshotId, Timestamp)]) -> bool {
        let mut newest_first = snapshots.to_vec();
        newest_first.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        match (newest_first.as_slice(), self.keep_within_days) {
            ([(_, newest), (_, before), ..], Some(days)) => *before < newest.days_before(days.into()),
            _ => false,
        }
    }
}

impl Standing {
    /// Who needs what stood in the tree over this span. Until an update without a problem has
    /// forgotten it, what nothing holds stays in free room: the first to go, but no orphan.
    pub fn class(&self, span: Span) -> Class {
        let covered = |ids: &[SnapshotId]| ids.iter().copied().find(|id| span.covers(*id));
        if span.last.is_none() || covered(&self.live).is_some() {
            return Class::Live;
        }
        covered(&self.kept).or_else(|| covered(&self.forgotten)).map_or(Class::Orphan, Class::Kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn snapshots(days: &[i64]) -> Vec<(SnapshotId, Timestamp)> {
        days.iter().zip(1..).map(|(day, id)| (SnapshotId(id), Timestamp::new(day * DAY, 0))).collect()
    }

    fn ids(ids: &[SnapshotId]) -> Vec<i64> {
        ids.iter().map(|id| id.0).collect()
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
        let standing = Retention::default().sort(&snapshots(&[0, 10, 20]));
        assert_eq!(ids(&standing.kept), [2, 1]);
    }

    #[test]
    fn a_clock_set_back_forgets_nothing() {
        let standing = Retention::default().sort(&snapshots(&[100, 101, 5]));
        assert_eq!(ids(&standing.live), [3]);
        assert_eq!(ids(&standing.kept), [2, 1]);
    }

    #[test]
    fn a_leap_is_no_day_to_forget() {
        let table =
            [(&[0, 10][..], false), (&[0, 10, 31], false), (&[0, 10, 41], true), (&[400, 5], false), (&[5], false)];
        for (days, leap) in table {
            assert_eq!(Retention::default().is_leap(&snapshots(days)), leap, "{days:?}");
        }
        let counted = Retention { keep_last: 1, keep_within_days: None, history: History::BestEffort };
        assert!(!counted.is_leap(&snapshots(&[0, 1000])));
    }

    #[test]
    fn keep_last_counts_and_guarantees() {
        let policy = Retention { keep_last: 2, keep_within_days: None, history: History::BestEffort };
        let standing = policy.sort(&snapshots(&[0, 1, 2]));
        assert_eq!((ids(&standing.live), ids(&standing.forgotten)), (vec![3, 2], vec![1]));
    }

    #[test]
    fn an_object_is_what_its_spans_say() {
        let [live, kept, forgotten] =
            [vec![9], vec![7, 5], vec![3]].map(|ids| ids.into_iter().map(SnapshotId).collect());
        let standing = Standing { live, kept, forgotten };
        let span = |first, last: Option<i64>| Span { first: SnapshotId(first), last: last.map(SnapshotId) };
        let table = [
            (span(1, None), Class::Live),
            (span(8, Some(9)), Class::Live),
            (span(4, Some(7)), Class::Kept(SnapshotId(7))),
            (span(5, Some(6)), Class::Kept(SnapshotId(5))),
            (span(6, Some(6)), Class::Orphan),
            (span(1, Some(4)), Class::Kept(SnapshotId(3))),
            (span(1, Some(2)), Class::Orphan),
        ];
        for (span, class) in table {
            assert_eq!(standing.class(span), class, "{span:?}");
        }
    }
}
