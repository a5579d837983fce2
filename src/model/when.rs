//! Which state a person means.

use super::{Snapshot, SnapshotId, Timestamp};

/// One of the states there are, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// The newest.
    Latest,
    /// The one with this number.
    Number(SnapshotId),
    /// The one of this name, or, if none is called so, the newest that was taken by then.
    Named(String, Timestamp),
    /// The newest that was taken by then.
    By(Timestamp),
}

impl When {
    /// The state that is meant, of these in the order of their numbers.
    pub fn of<'s>(&self, snapshots: &'s [Snapshot]) -> Option<&'s Snapshot> {
        let by = |time: &Timestamp| snapshots.iter().rev().find(|snapshot| snapshot.taken <= *time);
        match self {
            Self::Latest => snapshots.last(),
            Self::Number(id) => snapshots.iter().find(|snapshot| snapshot.id == *id),
            Self::Named(name, time) => snapshots.iter().rev().find(|s| s.name() == *name).or_else(|| by(time)),
            Self::By(time) => by(time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::retention::samples::of;
    use super::*;

    #[test]
    fn the_newest_that_was_there_by_then() {
        let states = of(&["2026-01-01 10:00", "2026-01-02 10:00+2", "2026-01-02 10:00"]);
        let at = |seconds: i64| Timestamp::new(states[0].taken.seconds() + seconds, 0);
        let table = [
            (When::Latest, Some(3)),
            (When::Number(SnapshotId(2)), Some(2)),
            (When::Number(SnapshotId(9)), None),
            (When::By(at(-1)), None),
            (When::By(at(0)), Some(1)),
            (When::By(at(86_399)), Some(2)),
            (When::Named("2026-01-01_10-00-00".to_owned(), at(900_000)), Some(1)),
            (When::Named("2026-01-02_10-00-00".to_owned(), at(0)), Some(3)),
            (When::Named("2026-01-03_10-00-00".to_owned(), at(900_000)), Some(3)),
        ];
        for (when, meant) in table {
            assert_eq!(when.of(&states).map(|snapshot| snapshot.id.0), meant, "{when:?}");
        }
        assert_eq!(When::Latest.of(&[]), None);
    }
}
