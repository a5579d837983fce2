//! Numbers, dates and times as people read them.

use crate::error::{Error, Kind as ErrorKind, Result};
use crate::model::{Amount, Day, Disk, DiskSet, Kind, Owner, Timestamp, escape};
use jiff::tz::TimeZone;
use std::fmt::{self, Write};
use std::io::IsTerminal;
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// `1 file`, `2 files`, `12,345 copies`.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = match noun.strip_suffix('y') {
        _ if count == 1 => noun.to_owned(),
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{stem}ies"),
        _ => format!("{noun}s"),
    };
    format!("{} {plural}", number(count))
}

/// With commas between thousands.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1,234 objects, 5.60 GB`.
pub fn amount(amount: Amount) -> String {
    format!("{}, {}", counted(amount.objects, "object"), amount.bytes)
}

/// `1,234 files, 5.60 GB`.
pub fn files(amount: Amount) -> String {
    format!("{}, {}", counted(amount.objects, "file"), amount.bytes)
}

/// `2026-01-31 14:05` in the person's time zone; `never` for none.
pub fn date(time: Option<Timestamp>) -> String {
    let Some(time) = time else { return "never".to_owned() };
    zoned(time).map_or_else(|| "?".to_owned(), |zoned| zoned.strftime("%Y-%m-%d %H:%M").to_string())
}

/// `2026-01-31 14:05:09` in the person's time zone.
pub fn second(time: Timestamp) -> String {
    zoned(time).map_or_else(|| "?".to_owned(), |zoned| zoned.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// `2026-01-31` of a day in UTC; `never` for the day before all proof.
pub fn day(day: Day) -> String {
    if day.0 <= 0 {
        return "never".to_owned();
    }
    let stamp = jiff::Timestamp::from_second(day.start().seconds()).ok();
    stamp.map_or_else(|| "?".to_owned(), |stamp| stamp.strftime("%Y-%m-%d").to_string())
}

/// RFC 3339 in UTC, for programs.
pub fn stamp(time: Option<Timestamp>) -> Option<String> {
    let time = time?;
    jiff::Timestamp::new(time.seconds(), time.nanoseconds() as i32).ok().map(|stamp| stamp.to_string())
}

fn zoned(time: Timestamp) -> Option<jiff::Zoned> {
    let stamp = jiff::Timestamp::new(time.seconds(), time.nanoseconds() as i32).ok()?;
    Some(stamp.to_zoned(TimeZone::system()))
}

/// `-rw-r--r--`, as `ls -l` has it.
pub fn mode(kind: Kind, mode: u32) -> String {
    let special = [(0o4000, 's', 'S'), (0o2000, 's', 'S'), (0o1000, 't', 'T')];
    let mut out = String::from(kind.letter());
    for (shift, (bit, on, off)) in [6, 3, 0].into_iter().zip(special) {
        let bits = mode >> shift;
        out.push(if bits & 4 == 0 { '-' } else { 'r' });
        out.push(if bits & 2 == 0 { '-' } else { 'w' });
        out.push(match (mode & bit != 0, bits & 1 != 0) {
            (true, true) => on,
            (true, false) => off,
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    out
}

/// `me:users`, numbers where the system knew no name.
pub fn owner(owner: &Owner) -> String {
    let shown = |name: &[u8], number: u32| if name.is_empty() { number.to_string() } else { escape(name).into_owned() };
    format!("{}:{}", shown(&owner.user, owner.uid), shown(&owner.group, owner.gid))
}

/// The names of disks in a set.
pub fn names(set: DiskSet, disks: &[Disk]) -> Vec<String> {
    disks.iter().filter(|disk| set.contains(disk.index)).map(|disk| disk.name.to_string()).collect()
}

/// Writes the names of disks in a set, with spaces between them.
pub fn push_names(out: &mut String, set: DiskSet, disks: &[Disk]) {
    let mut between = "";
    for disk in disks.iter().filter(|disk| set.contains(disk.index)) {
        out.push_str(between);
        out.push_str(disk.name.as_str());
        between = " ";
    }
}

/// Writes to the end of a text, as lists of very many do.
pub fn put(out: &mut String, what: fmt::Arguments<'_>) -> Result<()> {
    // A text in memory takes everything.
    out.write_fmt(what).map_err(|_| Error::new(ErrorKind::Failed, "what is listed cannot be written"))
}

/// `40 s`, `5 min`, `3 h 20 min`, `2 days`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5_999 => format!("{} min", seconds / 60),
        6_000..=172_799 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// A message as it goes to standard error: a person reads lines, a program wants one for each.
pub fn told(line: String) -> String {
    if std::io::stderr().is_terminal() { wrapped(&line) } else { line }
}

/// Lines of at most 80 columns, broken at spaces, all but the first a little to the right.
pub fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let here = lines.last().map_or(0, |line| line.width());
        if here > INDENT.len() && here + 1 + word.width() > 80 {
            lines.push(format!("{INDENT}{word}"));
        } else if let Some(line) = lines.last_mut() {
            *line += if here > 0 { " " } else { "" };
            *line += word;
        }
    }
    lines.join("\n")
}

/// What stands before the second line of a message.
const INDENT: &str = "     ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_well() {
        let table = [(0, "file", "0 files"), (1, "file", "1 file"), (1_234_567, "file", "1,234,567 files")];
        for (count, noun, shown) in table {
            assert_eq!(counted(count, noun), shown);
        }
        let plurals = ["directory", "copy", "day"].map(|noun| counted(2, noun));
        assert_eq!(plurals, ["2 directories", "2 copies", "2 days"]);
    }

    #[test]
    fn modes_read_as_ls_has_them() {
        let table = [
            (Kind::File, 0o644, "-rw-r--r--"),
            (Kind::Directory, 0o1777, "drwxrwxrwt"),
            (Kind::File, 0o6750, "-rwsr-s---"),
            (Kind::File, 0o7000, "---S--S--T"),
        ];
        for (kind, bits, shown) in table {
            assert_eq!(mode(kind, bits), shown);
        }
    }

    #[test]
    fn long_messages_are_broken_at_spaces() {
        assert_eq!(wrapped("short"), "short");
        let long = format!("dsb: /{}: {}", "a".repeat(40), "word ".repeat(20).trim_end());
        let lines: Vec<_> = wrapped(&long).lines().map(str::to_owned).collect();
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= 80), "{lines:?}");
        assert_eq!(lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "), long);
        assert_eq!(wrapped(&"x".repeat(100)).lines().count(), 1);
    }

    #[test]
    fn times_read_well() {
        let table = [(5, "5 s"), (300, "5 min"), (12_000, "3 h 20 min"), (200_000, "2 days")];
        for (seconds, shown) in table {
            assert_eq!(duration(Duration::from_secs(seconds)), shown);
        }
        assert_eq!((day(Day(0)), day(Day(20_000))), ("never".into(), "2024-10-04".into()));
        assert_eq!(stamp(Some(Timestamp::new(0, 5))).as_deref(), Some("1970-01-01T00:00:00.000000005Z"));
        assert_eq!(stamp(Some(Timestamp(i64::MAX))).as_deref(), Some("2262-04-11T23:47:16.854775807Z"));
    }
}
