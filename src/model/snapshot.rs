//! A dated state of the whole virtual tree.

use super::{SnapshotId, Timestamp, within::local};
use jiff::civil::DateTime;
use std::collections::HashSet;

/// A dated state of the whole virtual tree, recorded by an update that found a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its number; later states have larger ones.
    pub id: SnapshotId,
    /// When the update began that recorded it.
    pub taken: Timestamp,
    /// Seconds that the clocks were ahead of UTC there and then.
    pub utc_offset: i32,
    /// Whether that update came to its end.
    pub complete: bool,
    /// Files and directories that it could not read.
    pub problems: u64,
    /// Whether a person keeps it, whatever the policy says.
    pub held: bool,
    /// Whether content that only older states needed made way, and some of it is of this one.
    pub given_up: bool,
    /// Words that people put on it, in order.
    pub tags: Vec<String>,
}

impl Snapshot {
    /// When it was taken by the clocks there.
    pub fn local(&self) -> DateTime {
        local(self.taken, self.utc_offset)
    }

    /// `2026-01-31_14-05-09`: what its tree is called on a disk, and what people may call it.
    pub fn name(&self) -> String {
        name_of(self.taken, self.utc_offset)
    }

    /// When a state is said to be taken that was begun at a time, where clocks are so many seconds
    /// ahead of UTC: in the first second from then on that none of these is called by.
    pub fn taken_apart(begun: Timestamp, utc_offset: i32, others: &[Self]) -> Timestamp {
        let taken: HashSet<String> = others.iter().map(Self::name).collect();
        let mut seconds = (0..=others.len() as i64).map(|later| begun.seconds_before(-later));
        seconds.find(|time| !taken.contains(&name_of(*time, utc_offset))).unwrap_or(begun)
    }

    /// Whether the update that recorded it saw everything.
    pub fn is_whole(&self) -> bool {
        self.complete && self.problems == 0
    }
}

fn name_of(taken: Timestamp, utc_offset: i32) -> String {
    local(taken, utc_offset).strftime("%Y-%m-%d_%H-%M-%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::retention::samples::{at, of};
    use super::*;

    #[test]
    fn no_two_are_called_the_same() {
        // The clocks are put back from three to two.
        let others = of(&["2026-10-25 02:30+2", "2026-10-25 02:31+2"]);
        let hour = others[0].taken.seconds() + 3_600;
        let table =
            [(0, 3_600, 1), (-3_600, 7_200, -3_599), (-3_540, 7_200, -3_539), (0, 7_200, 0), (-3_600, 3_600, -3_600)];
        for (begun, utc_offset, expected) in table {
            let taken = Snapshot::taken_apart(Timestamp::new(hour + begun, 5), utc_offset, &others);
            assert_eq!(taken, Timestamp::new(hour + expected, 5), "{begun} {utc_offset}");
        }
        let last = [at(1, i64::MAX / 1_000_000_000, 0)];
        assert_eq!(Snapshot::taken_apart(last[0].taken, 0, &last).seconds(), last[0].taken.seconds());
    }

    #[test]
    fn is_called_by_the_clocks_where_it_was_taken() {
        let table = [
            (0, 0, "1970-01-01_00-00-00"),
            (1_767_225_599, 3_600, "2026-01-01_00-59-59"),
            (0, -1, "1969-12-31_23-59-59"),
        ];
        for (seconds, utc_offset, name) in table {
            let snapshot = at(1, seconds, utc_offset);
            assert_eq!(snapshot.name(), name);
        }
    }
}
