//! Points in time, as file systems and calendars count them.

/// Nanoseconds since 1970-01-01 UTC; negative before it. Only shown and compared for equality
/// or age: nothing is ordered by it, clocks jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// From whole seconds and nanoseconds, held within what 64 bits can say (years 1677 to 2262).
    pub const fn new(seconds: i64, nanoseconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds))
    }

    /// Whole seconds, rounded towards the past.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// Nanoseconds behind the whole seconds, 0 to 999,999,999.
    pub const fn nanoseconds(self) -> i64 {
        self.0.rem_euclid(1_000_000_000)
    }

    /// The whole second it falls in.
    pub const fn second(self) -> Second {
        Second(self.seconds())
    }

    /// The UTC day it falls on.
    pub const fn day(self) -> Day {
        Day(self.seconds().div_euclid(86_400))
    }

    /// From whole milliseconds; none beyond what nanoseconds in 64 bits can say.
    pub fn from_milliseconds(milliseconds: i64) -> Option<Self> {
        milliseconds.checked_mul(1_000_000).map(Self)
    }

    /// In whole milliseconds, rounded towards the epoch, as distbackup writes times down.
    pub fn as_milliseconds(self) -> i64 {
        ((self.seconds() as f64 + 1e-9 * self.nanoseconds() as f64) * 1000.0) as i64
    }

    /// Whether it is the time that distbackup has written down as so many milliseconds: it reckons
    /// with seconds as a floating-point number, so the last one may be cut off a little early or
    /// late. Some machines round once where others round twice.
    pub fn is_of_milliseconds(self, written: Self) -> bool {
        let (seconds, nanoseconds) = (self.seconds() as f64, self.nanoseconds() as f64);
        let reckoned = [seconds + 1e-9 * nanoseconds, 1e-9_f64.mul_add(nanoseconds, seconds)];
        reckoned.iter().any(|seconds| Self::from_milliseconds((seconds * 1000.0) as i64) == Some(written))
    }

    /// Earlier by so many days.
    #[must_use]
    pub const fn days_before(self, days: i64) -> Self {
        Self(self.0.saturating_sub(days.saturating_mul(86_400_000_000_000)))
    }

    /// Earlier by so many seconds.
    #[must_use]
    pub const fn seconds_before(self, seconds: i64) -> Self {
        Self(self.0.saturating_sub(seconds.saturating_mul(1_000_000_000)))
    }
}

/// Whole seconds since 1970-01-01 UTC: tells one run's reading from another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Second(pub i64);

impl Second {
    /// Before all reading: what the catalog of distbackup said was believed, dsb never read it.
    pub const ADOPTED: Self = Self(-1);
}

/// Days since 1970-01-01 UTC: as exact as a date of proof needs to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i64);

impl Day {
    /// No proof yet.
    pub const NEVER: Self = Self(0);

    /// Its first instant.
    pub const fn start(self) -> Timestamp {
        Timestamp::new(self.0.saturating_mul(86_400), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_before_and_after_the_epoch() {
        let table = [(0, 0, 0), (-5, 0, -1), (-1, 999_999_999, -1), (86_400, 1, 1), (4_294_967_296, 0, 49_710)];
        for (seconds, nanoseconds, day) in table {
            let time = Timestamp::new(seconds, nanoseconds);
            assert_eq!((time.seconds(), time.nanoseconds(), time.day()), (seconds, nanoseconds, Day(day)));
        }
    }

    #[test]
    fn milliseconds_are_those_of_floating_point_seconds() {
        // (seconds, nanoseconds, what Python's int((seconds + 1e-9 * nanoseconds) * 1000) is)
        let table = [
            (1_700_000_000, 123_456_789, 1_700_000_000_123),
            (1_700_000_000, 999_999_999, 1_700_000_001_000),
            (1_700_000_000, 1_000_000, 1_700_000_000_001),
            (0, 999_999, 0),
            (-1, 500_000_000, -500),
        ];
        for (seconds, nanoseconds, expected) in table {
            let written = Timestamp::from_milliseconds(expected).unwrap();
            let time = Timestamp::new(seconds, nanoseconds);
            assert!(time.is_of_milliseconds(written), "first {seconds} {nanoseconds}");
            let other = Timestamp::from_milliseconds(expected + 2).unwrap();
            assert!(!time.is_of_milliseconds(other), "{seconds} {nanoseconds}");
        }
        assert_eq!(Timestamp::from_milliseconds(i64::MAX), None);
    }

    #[test]
    fn the_far_future_stays_the_far_future() {
        assert_eq!(Timestamp::new(i64::MAX, 0), Timestamp(i64::MAX));
        assert_eq!(Timestamp(i64::MIN).days_before(1), Timestamp(i64::MIN));
    }
}
