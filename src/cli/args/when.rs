//! Points in time as people write them, in their own time zone.

use crate::model::{SnapshotId, Timestamp, When};
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::{Span, ToSpan, Zoned};

/// What is said of a word that means no time.
const HOW: &str =
    "a state is `latest`, a number of `dsb snapshot list`, 2026-01-31, '2026-01-31 14:05', or '3 weeks ago'";

/// Reads which state is meant, as of now.
pub fn when(text: &str) -> Result<When, String> {
    read(text.trim(), &Zoned::now()).ok_or_else(|| HOW.to_owned())
}

fn read(text: &str, now: &Zoned) -> Option<When> {
    if text == "latest" {
        return Some(When::Latest);
    }
    if let Some(number) = text.strip_prefix('#').unwrap_or(text).parse().ok().filter(|number| *number > 0) {
        return Some(When::Number(SnapshotId(number)));
    }
    if let Ok(time) = strtime::parse("%Y-%m-%d_%H-%M-%S", text).and_then(|parsed| parsed.to_datetime()) {
        return Some(When::Named(text.to_owned(), last_of(time, 1.second(), now)?));
    }
    let by = day(text, now).or_else(|| time_of_day(text, now)).or_else(|| ago(text, now));
    by.map(When::By)
}

/// A day: all of it.
fn day(text: &str, now: &Zoned) -> Option<Timestamp> {
    let date = match text {
        "today" => now.date(),
        "yesterday" => now.date().yesterday().ok()?,
        text => strtime::parse("%Y-%m-%d", text).and_then(|parsed| parsed.to_date()).ok()?,
    };
    last_of(date.at(0, 0, 0, 0), 1.day(), now)
}

/// A minute or a second, of a day or of today: all of it.
fn time_of_day(text: &str, now: &Zoned) -> Option<Timestamp> {
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (strtime::parse("%Y-%m-%d", date).and_then(|parsed| parsed.to_date()).ok()?, time),
        None => (now.date(), text),
    };
    let read = |format| strtime::parse(format, time).and_then(|parsed| parsed.to_time()).ok();
    let of = |time: Time, length: Span| last_of(Date::to_datetime(date, time), length, now);
    read("%H:%M:%S").map_or_else(|| of(read("%H:%M")?, 1.minute()), |time| of(time, 1.second()))
}

/// `3 weeks ago`, `a week ago`.
fn ago(text: &str, now: &Zoned) -> Option<Timestamp> {
    let one = text.strip_prefix("a ").or_else(|| text.strip_prefix("an "));
    let text = one.map_or_else(|| text.to_owned(), |unit| format!("1 {unit}"));
    let span: Span = text.parse().ok().filter(|span: &Span| span.is_negative())?;
    stamp(&now.checked_add(span).ok()?)
}

/// The last moment of a time of some length.
fn last_of(begin: DateTime, length: Span, now: &Zoned) -> Option<Timestamp> {
    let end = begin.checked_add(length).ok()?.to_zoned(now.time_zone().clone()).ok()?;
    stamp(&end.checked_sub(1.nanosecond()).ok()?)
}

fn stamp(time: &Zoned) -> Option<Timestamp> {
    i64::try_from(time.timestamp().as_nanosecond()).ok().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(text: &str) -> Option<String> {
        let now: Zoned = "2026-03-29T12:00:00+02:00[Europe/Berlin]".parse().unwrap();
        match read(text, &now)? {
            When::By(time) | When::Named(_, time) => {
                let stamp = jiff::Timestamp::new(time.seconds(), time.nanoseconds() as i32).unwrap();
                Some(stamp.to_zoned(now.time_zone().clone()).datetime().to_string())
            }
            other => Some(format!("{other:?}")),
        }
    }

    #[test]
    fn times_are_read_to_their_end() {
        let table = [
            ("latest", "Latest"),
            ("7", "Number(SnapshotId(7))"),
            ("#7", "Number(SnapshotId(7))"),
            ("2026-01-31", "2026-01-31T23:59:59.999999999"),
            ("today", "2026-03-29T23:59:59.999999999"),
            ("yesterday", "2026-03-28T23:59:59.999999999"),
            ("2026-01-31 14:05", "2026-01-31T14:05:59.999999999"),
            ("2026-01-31T14:05:09", "2026-01-31T14:05:09.999999999"),
            ("2026-01-31_14-05-09", "2026-01-31T14:05:09.999999999"),
            ("14:05", "2026-03-29T14:05:59.999999999"),
            ("3 weeks ago", "2026-03-08T12:00:00"),
            ("1 day ago", "2026-03-28T12:00:00"),
            ("a week ago", "2026-03-22T12:00:00"),
            ("a day ago", "2026-03-28T12:00:00"),
            ("an hour ago", "2026-03-29T11:00:00"),
            ("2h ago", "2026-03-29T10:00:00"),
            ("1 year 2 months ago", "2025-01-29T12:00:00"),
        ];
        for (text, time) in table {
            assert_eq!(by(text).as_deref(), Some(time), "{text}");
        }
        for text in [
            "",
            "a ago",
            "a 3 weeks ago",
            "a week",
            "never",
            "0",
            "-3",
            "2026-13-01",
            "3 weeks",
            "2026-01-31 25:00",
            "99999 years ago",
            "2026-1",
            "é",
        ] {
            assert_eq!(by(text), None, "{text}");
        }
    }
}
