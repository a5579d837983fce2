//! A length of time on the calendar, as people write it for what is to be kept: `90d`, `2y5m7d3h`.

use super::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use std::fmt;
use std::str::FromStr;

/// Years, months, days and hours before a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Within {
    years: u32,
    months: u32,
    days: u32,
    hours: u32,
}

impl Within {
    /// So many days.
    pub const fn days(days: u32) -> Self {
        Self { years: 0, months: 0, days, hours: 0 }
    }

    /// So much before a local time; the earliest time there is where the calendar does not reach as
    /// far. A day of the month that does not occur there becomes its last one.
    pub fn before(self, time: DateTime) -> DateTime {
        let units = [(31_998, self.years), (399_000, self.months), (8_000_000, self.days), (190_000_000, self.hours)];
        let [years, months, days, hours] = units.map(|(most, count)| i64::from(count).min(most));
        let span = jiff::Span::new().try_years(years).and_then(|span| span.try_months(months));
        let span = span.and_then(|span| span.try_days(days)).and_then(|span| span.try_hours(hours));
        span.and_then(|span| time.checked_sub(span)).unwrap_or(DateTime::MIN)
    }

    fn parts(&mut self) -> [(char, &mut u32); 4] {
        [('y', &mut self.years), ('m', &mut self.months), ('d', &mut self.days), ('h', &mut self.hours)]
    }
}

/// The local time of a moment, so many seconds east of UTC.
pub(super) fn local(taken: Timestamp, utc_offset: i32) -> DateTime {
    let stamp = jiff::Timestamp::new(taken.seconds(), taken.nanoseconds() as i32).unwrap_or_default();
    Offset::from_seconds(utc_offset).unwrap_or(Offset::UTC).to_datetime(stamp)
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut copy = *self;
        let said = copy.parts().into_iter().filter(|(_, count)| **count > 0);
        let said: Vec<String> = said.map(|(unit, count)| format!("{count}{unit}")).collect();
        f.write_str(&if said.is_empty() { "0d".to_owned() } else { said.concat() })
    }
}

impl FromStr for Within {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a time is written like 90d, 12w, 6m, 2y or 2y5m7d3h".to_owned();
        let (mut within, mut rest) = (Self::default(), text.trim());
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, behind) = rest.split_at(end);
            let mut letters = behind.chars();
            // A number alone is one of days.
            let unit = letters.next().unwrap_or('d');
            let count: u32 = digits.parse().map_err(|_| wrong())?;
            let (unit, count) =
                if unit == 'w' { ('d', count.checked_mul(7).ok_or_else(wrong)?) } else { (unit, count) };
            let part = within.parts().into_iter().find_map(|(known, part)| (known == unit).then_some(part));
            let part = part.ok_or_else(wrong)?;
            *part = part.checked_add(count).ok_or_else(wrong)?;
            rest = letters.as_str();
        }
        if text.trim().is_empty() { Err(wrong()) } else { Ok(within) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_and_printed() {
        let table =
            [("90d", "90d"), ("2w", "14d"), ("7", "7d"), ("2y5m7d3h", "2y5m7d3h"), ("1w1d", "8d"), ("0d", "0d")];
        for (text, printed) in table {
            assert_eq!(text.parse::<Within>().map(|within| within.to_string()).as_deref(), Ok(printed), "{text}");
        }
        for text in ["", "x", "d", "3x", "-1d", "99999999999y", "4294967295d1d", "700000000w", "1.5d"] {
            assert!(text.parse::<Within>().is_err(), "{text}");
        }
    }

    #[test]
    fn counts_on_the_calendar() {
        let table = [
            ("1m", "2026-03-31T12:00:00", "2026-02-28T12:00:00"),
            ("1y", "2024-02-29T00:00:00", "2023-02-28T00:00:00"),
            ("30d", "2026-01-31T00:00:01", "2026-01-01T00:00:01"),
            ("1y1m1d1h", "2026-03-02T01:00:00", "2025-02-01T00:00:00"),
        ];
        for (within, time, before) in table {
            let within: Within = within.parse().unwrap();
            assert_eq!(within.before(time.parse().unwrap()), before.parse::<DateTime>().unwrap(), "{within}");
        }
        for text in ["4294967295y", "4294967295d", "4294967295h", "12000y"] {
            assert_eq!(text.parse::<Within>().unwrap().before(DateTime::ZERO), DateTime::MIN, "{text}");
        }
    }

    #[test]
    fn times_beyond_the_calendar_are_some_time() {
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            for offset in [i32::MIN, -43_200, 0, 50_400, i32::MAX] {
                local(Timestamp::new(seconds, 0), offset);
            }
        }
    }
}
