//! Between SQLite's values and the words of the model.

use crate::error::{Error, Kind, Result};
use crate::model::{self, Name, ObjectId, Owner, Size, Span, Stat, Timestamp};
use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};

/// A query's rows, collected, the first error ending it.
pub fn collect<T>(rows: impl Iterator<Item = rusqlite::Result<T>>) -> Result<Vec<T>> {
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A query's rows, collected; those whose values mean nothing are left out and counted.
pub fn collect_readable<T>(rows: impl Iterator<Item = rusqlite::Result<T>>) -> Result<(Vec<T>, u64)> {
    let (mut found, mut meaningless) = (Vec::new(), 0);
    for row in rows {
        match row {
            Err(error) if is_meaningless(&error) => meaningless += 1,
            row => found.push(row?),
        }
    }
    Ok((found, meaningless))
}

/// Whether it is a value that no program of ours writes, and not SQLite, that failed.
pub fn is_meaningless(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
    matches!(error, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..))
}

/// A row that no program of ours writes.
pub fn damaged(what: &str) -> Error {
    Error::new(Kind::Damage, format_args!("the catalog holds {what}")).next(super::open::TAKE_A_COPY)
}

/// A value that outlives what it was made from.
pub fn value_of(value: &dyn ToSql) -> rusqlite::Result<Value> {
    Ok(match value.to_sql()? {
        ToSqlOutput::Borrowed(borrowed) => borrowed.try_into().map_err(|_| rusqlite::Error::InvalidQuery)?,
        ToSqlOutput::Owned(owned) => owned,
        _ => Value::Null,
    })
}

/// The number that the catalog stores for a kind.
pub fn kind_number(kind: model::Kind) -> i64 {
    model::Kind::ALL.iter().position(|known| *known == kind).unwrap_or_default() as i64
}

/// The kind that a stored number stands for.
pub fn kind_of(number: i64) -> rusqlite::Result<model::Kind> {
    let kind = usize::try_from(number).ok().and_then(|n| model::Kind::ALL.get(n).copied());
    kind.ok_or(rusqlite::Error::IntegralValueOutOfRange(0, number))
}

impl Span {
    /// From the columns first, last.
    pub(super) fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { first: row.get(0)?, last: row.get(1)? })
    }
}

/// A stored name; a row with one that could climb out of its directory is damaged.
pub fn name_of(bytes: &[u8]) -> rusqlite::Result<Name> {
    Name::new(bytes).ok_or_else(no_name)
}

/// The same where it lies.
pub fn name_in(bytes: &[u8]) -> rusqlite::Result<&[u8]> {
    if Name::is_one(bytes) { Ok(bytes) } else { Err(no_name()) }
}

fn no_name() -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, "no name".into())
}

/// An owner from five columns beginning at `at`.
pub fn owner_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Owner> {
    Ok(Owner {
        mode: row.get::<_, u32>(at)? & 0o7777,
        uid: row.get(at + 1)?,
        gid: row.get(at + 2)?,
        user: row.get(at + 3)?,
        group: row.get(at + 4)?,
    })
}

/// Where a stat's own identity is kept: eight columns beginning at `at`
/// (kind, size, mtime, ctime, birth, inode, linked, sparse), seen under no device.
pub fn stat_of(row: &Row<'_>, at: usize) -> rusqlite::Result<Stat> {
    let size: Size = row.get(at + 1)?;
    let sparse: bool = row.get(at + 7)?;
    Ok(Stat {
        kind: kind_of(row.get(at)?)?,
        size,
        allocated: if sparse { Size::ZERO } else { size },
        mtime: row.get(at + 2)?,
        ctime: row.get(at + 3)?,
        birth: row.get(at + 4)?,
        inode: row.get::<_, i64>(at + 5)? as u64,
        links: 1 + u64::from(row.get::<_, bool>(at + 6)?),
        device: 0,
        mode: 0,
        uid: 0,
        gid: 0,
        node: 0,
    })
}

impl ToSql for Size {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(i64::try_from(self.bytes()).unwrap_or(i64::MAX)))
    }
}

impl FromSql for Size {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        u64::try_from(number).map(Self).map_err(|_| FromSqlError::OutOfRange(number))
    }
}

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0))
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self)
    }
}

impl ToSql for ObjectId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.as_bytes().as_slice()))
    }
}

impl FromSql for ObjectId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::try_from(value.as_blob()?).map_err(|_| FromSqlError::InvalidType)
    }
}

macro_rules! id_column {
    ($($name:ty),*) => {$(
        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.0))
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_i64().map(Self)
            }
        }
    )*};
}

id_column!(model::DirectoryId, model::FileSystemId, model::ObjectKey, model::SnapshotId, model::Day, model::Second);
