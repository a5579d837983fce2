//! Amounts of bytes.

use bytesize::ByteSize;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;

/// A number of bytes. Adding stops at the largest number and subtracting at zero: a sum of
/// sizes read from a hostile catalog must not crash or wrap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Size(pub u64);

impl Size {
    /// No bytes.
    pub const ZERO: Self = Self(0);
    /// More than any disk has.
    pub const MAX: Self = Self(u64::MAX);

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// Rounded up to whole blocks.
    #[must_use]
    pub const fn round_up(self, block: u64) -> Self {
        match self.0.checked_next_multiple_of(block) {
            Some(bytes) => Self(bytes),
            None => Self::MAX,
        }
    }

    /// So many times as much.
    #[must_use]
    pub const fn times(self, factor: u64) -> Self {
        Self(self.0.saturating_mul(factor))
    }

    /// `part` of a hundred of it.
    #[must_use]
    pub const fn percent(self, part: u64) -> Self {
        Self((self.0 as u128 * part as u128 / 100) as u64)
    }

    /// Writes it to the end of a text, as wide as this at least, in a part of the time that formatting takes.
    pub fn push_right(self, text: &mut String, width: usize) {
        let size = self.text();
        text.extend(std::iter::repeat_n(' ', width.saturating_sub(size.1)));
        text.push_str(size.as_str());
    }

    fn text(self) -> Text {
        if self.0 < 1000 {
            let leading = usize::from(self.0 < 100) + usize::from(self.0 < 10);
            return Text::of(digits(self.0).into_iter().skip(leading).chain(*b" B"));
        }
        // Lists of very many are made of these: floating numbers would take a tenth of their time.
        let mut thousandths = self.0;
        let mut units = ["kB", "MB", "GB", "TB", "PB", "EB"].into_iter();
        let mut unit = units.next().unwrap_or_default();
        while thousandths >= 999_500
            && let Some(larger) = units.next()
        {
            (thousandths, unit) = (thousandths / 1000, larger);
        }
        let (number, whole) = match thousandths {
            ..9_995 => ((thousandths + 5) / 10, 1),
            9_995..99_950 => ((thousandths + 50) / 100, 2),
            _ => ((thousandths + 500) / 1000, 3),
        };
        let (dot, digits) = ((whole < 3).then_some(b'.'), digits(number));
        let number = digits.into_iter().take(whole).chain(dot).chain(digits.into_iter().skip(whole));
        Text::of(number.chain([b' ']).chain(unit.bytes()))
    }
}

impl Add for Size {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Size {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Size {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::ZERO, Add::add)
    }
}

/// A size as text; made so often that no memory is asked for.
struct Text([u8; 8], usize);

impl Text {
    fn of(parts: impl Iterator<Item = u8>) -> Self {
        let mut text = Self([0; 8], 0);
        for (place, byte) in text.0.iter_mut().zip(parts) {
            (*place, text.1) = (byte, text.1 + 1);
        }
        text
    }

    fn as_str(&self) -> &str {
        self.0.get(..self.1).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

/// The last three digits of a number.
fn digits(number: u64) -> [u8; 3] {
    [number / 100, number / 10, number].map(|digit| b'0' + (digit % 10) as u8)
}

impl fmt::Display for Size {
    /// Decimal units with three digits, as disks are sold: `999 B`, `4.10 kB`, `7.40 TB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text().as_str())
    }
}

impl FromStr for Size {
    type Err = NotASize;

    /// Takes what people write: `500`, `7.4T`, `7.4 TB` (decimal), `500GiB`, `500 Gi` (binary), and
    /// commas between thousands: `1,000,000`. A comma elsewhere may mean a fraction and is refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim();
        if !number.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(NotASize);
        }
        let number = without_commas(number).ok_or(NotASize)?;
        let bytes = number.parse::<ByteSize>().map_err(|_| NotASize)?;
        Ok(Self(bytes.as_u64()))
    }
}

/// The text without commas that stand between thousands; none if one stands elsewhere.
fn without_commas(text: &str) -> Option<String> {
    let end = text.find(|c: char| c != ',' && !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let mut groups = digits.split(',');
    let first = groups.next()?;
    let is_grouped = groups.clone().all(|group| group.len() == 3) && first.len() <= 3;
    (!rest.contains(',') && (is_grouped || !digits.contains(','))).then(|| digits.replace(',', "") + rest)
}

/// The text is not a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASize;

impl fmt::Display for NotASize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a size is written like 500GiB, 7.4T or 1000000")
    }
}

impl std::error::Error for NotASize {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let table = [
            ("0", 0),
            ("500", 500),
            ("7.4T", 7_400_000_000_000),
            ("7.4 TB", 7_400_000_000_000),
            ("500GiB", 500 << 30),
            ("500 Gi", 500 << 30),
            ("10k", 10_000),
            (" 1M ", 1_000_000),
            ("12k", 12_000),
            ("12K", 12_000),
            ("12kB", 12_000),
            ("12KiB", 12 << 10),
            ("1.5m", 1_500_000),
            ("2g", 2_000_000_000),
            ("1.5TiB", 3 << 39),
            ("7b", 7),
            ("1,000,000", 1_000_000),
            ("1,500k", 1_500_000),
            ("12,000.5k", 12_000_500),
        ];
        for (text, bytes) in table {
            assert_eq!(text.parse(), Ok(Size(bytes)), "{text}");
        }
        for text in [
            "",
            "-1",
            "T",
            "7.4X",
            "1e99999T ",
            "nan",
            "inf",
            "7,4T",
            "1,00",
            "1000,000",
            "1,0000",
            "1,000,",
            ",5",
            "1.5,000",
        ] {
            assert_eq!(text.parse::<Size>(), Err(NotASize), "{text}");
        }
    }

    #[test]
    fn prints_three_digits() {
        let table = [
            (0, "0 B"),
            (9, "9 B"),
            (10, "10 B"),
            (99, "99 B"),
            (100, "100 B"),
            (999, "999 B"),
            (1000, "1.00 kB"),
            (4096, "4.10 kB"),
            (1_005, "1.01 kB"),
            (9_994, "9.99 kB"),
            (9_995, "10.0 kB"),
            (9_999, "10.0 kB"),
            (99_949, "99.9 kB"),
            (99_950, "100 kB"),
            (999_499, "999 kB"),
            (999_500, "1.00 MB"),
            (999_600, "1.00 MB"),
            (9_994_999_999, "9.99 GB"),
            (9_995_000_000, "10.0 GB"),
            (7_400_000_000_000, "7.40 TB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (bytes, shown) in table {
            assert_eq!(Size(bytes).to_string(), shown);
            let mut text = "a".to_owned();
            Size(bytes).push_right(&mut text, 7);
            assert_eq!(text, format!("a{shown:>7}"));
        }
    }

    #[test]
    fn sums_stop_at_the_ends() {
        assert_eq!(Size::MAX + Size(1), Size::MAX);
        assert_eq!(Size(1) - Size(2), Size::ZERO);
        assert_eq!(Size(4097).round_up(4096), Size(8192));
        assert_eq!(Size::MAX.round_up(4096), Size::MAX);
        assert_eq!(Size::MAX.percent(5), Size(u64::MAX / 20));
    }
}
