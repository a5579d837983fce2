//! How what is to be protected has grown, and when it outgrows the shelf.

use crate::model::{Amount, Class, Day, Footprint, Size};
use crate::ops::shelf::Shelf;
use crate::plan::most;

/// Growth that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// Over so many days, at least one.
    pub days: i64,
    /// So many bytes; negative if it became less.
    pub bytes: i64,
}

/// What the disks have room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    /// If everything has so many copies on disks that fail apart:
    pub copies: u32,
    /// so much content has room,
    pub room: Size,
    /// and from that day on there is more, at the growth seen; none if never, or if none was seen.
    pub day: Option<Day>,
}

/// Growth is looked at over a year at most: what was long ago says little.
const SEEN_DAYS: i64 = 365;

/// Numbers of copies that are reckoned with.
const COPIES: u32 = 3;

/// The growth of the last year, or since the first day noted. What was noted on a day holds until
/// something else was.
pub fn seen(noted: &[(Day, Amount)], today: Day, live: Amount) -> Option<Growth> {
    let start = today.0 - SEEN_DAYS;
    let (day, then) = noted.iter().rfind(|(day, _)| day.0 <= start).or_else(|| noted.first())?;
    let days = today.0 - day.0.max(start);
    let bytes = live.bytes.bytes() as i64 - then.bytes.bytes() as i64;
    (days > 0).then_some(Growth { days, bytes })
}

/// What units of these rooms can hold, and until when.
pub fn full(units: &[u64], shelf: &Shelf, growth: Option<Growth>, today: Day) -> Vec<Full> {
    let live = || shelf.objects.iter().map(|object| &object.census).filter(|census| census.class == Class::Live);
    let bytes: u128 = live().map(|census| u128::from(census.size.bytes())).sum();
    let taken: u128 = live().map(|c| u128::from(Footprint::USUAL.of(c.size, c.data).bytes())).sum();
    let highest = COPIES.min(units.len() as u32);
    let full = |copies| {
        // New content is taken to cost on a disk what the present does.
        let most = most(units, copies);
        let room = (most * bytes).checked_div(taken).unwrap_or(most);
        Full { copies, room: Size(u64::try_from(room).unwrap_or(u64::MAX)), day: day(room, bytes, growth, today) }
    };
    (1..=highest).map(full).collect()
}

fn day(room: u128, bytes: u128, growth: Option<Growth>, today: Day) -> Option<Day> {
    let Some(left) = room.checked_sub(bytes) else { return Some(today) };
    let growth = growth.filter(|growth| growth.bytes > 0)?;
    let days = left.saturating_mul(growth.days.unsigned_abs().into()) / u128::from(growth.bytes.unsigned_abs());
    i64::try_from(days).ok().filter(|days| *days < FAR_DAYS).map(|days| Day(today.0 + days))
}

/// Beyond a hundred years nobody plans.
const FAR_DAYS: i64 = 36_525;

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(bytes: u64) -> Amount {
        Amount { objects: 1, bytes: Size(bytes) }
    }

    #[test]
    fn growth_is_that_of_the_last_year() {
        let noted = [(Day(10), bytes(5)), (Day(900), bytes(100)), (Day(990), bytes(150))];
        assert_eq!(seen(&noted, Day(1000), bytes(200)), Some(Growth { days: 365, bytes: 195 }));
        assert_eq!(seen(&noted[1..], Day(1000), bytes(200)), Some(Growth { days: 100, bytes: 100 }));
        assert_eq!(seen(&noted[1..], Day(1000), bytes(40)), Some(Growth { days: 100, bytes: -60 }));
        // What does not change is noted once.
        assert_eq!(seen(&noted[..1], Day(1000), bytes(5)), Some(Growth { days: 365, bytes: 0 }));
        assert_eq!(seen(&noted[..1], Day(10), bytes(9)), None);
        assert_eq!(seen(&[], Day(10), bytes(9)), None);
    }

    #[test]
    fn the_day_when_it_is_full() {
        let grows = Some(Growth { days: 10, bytes: 5 });
        let table = [
            ((100, 90, grows), Some(Day(1020))),
            ((90, 90, grows), Some(Day(1000))),
            ((80, 90, None), Some(Day(1000))),
            ((100, 90, None), None),
            ((100, 90, Some(Growth { days: 10, bytes: -5 })), None),
            ((u128::MAX, 0, grows), None),
        ];
        for ((room, bytes, growth), expected) in table {
            assert_eq!(day(room, bytes, growth, Day(1000)), expected, "{room} {bytes} {growth:?}");
        }
    }
}
