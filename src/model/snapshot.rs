//! A dated state of the whole virtual tree.

use super::{SnapshotId, Timestamp, within::local};
use jiff::civil::DateTime;

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
        self.local().strftime("%Y-%m-%d_%H-%M-%S").to_string()
    }

    /// Whether the update that recorded it saw everything.
    pub fn is_whole(&self) -> bool {
        self.complete && self.problems == 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::retention::samples::at;

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
