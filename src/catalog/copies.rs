//! Which disk holds which object. A claim stands here only while it is true.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, Day, DiskIndex, DiskSet, ObjectId, ObjectKey, Size};
use std::collections::HashSet;

/// An object that gains or loses a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The object.
    pub key: ObjectKey,
    /// Its length.
    pub size: Size,
    /// Whether the newest or a guaranteed snapshot needs it.
    pub live: bool,
}

/// One claim, with what checking it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy {
    /// The object.
    pub key: ObjectKey,
    /// Its hash.
    pub id: ObjectId,
    /// Its length.
    pub size: Size,
    /// The disk's session that wrote it; 0 once it was proven.
    pub session: u64,
    /// The day its bytes were last hashed.
    pub proven: Day,
    /// Whether it could not be read.
    pub doubt: bool,
}

/// What replacing a disk's claims did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Claims that were true.
    pub kept: u64,
    /// Claims that were not.
    pub gone: u64,
}

impl Catalog {
    /// Claims copies that lie wholly and durably on a disk, hashed on this day.
    pub fn claim(&self, disk: DiskIndex, session: u64, day: Day, moved: &[Moved]) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO copy VALUES (?1, ?2, ?3, ?4, 0)";
        for object in moved {
            let before = self.disks_of(object.key)?;
            self.connection.prepare_cached(sql)?.execute((object.key, disk.get(), session as i64, day))?;
            if !before.contains(disk) {
                self.move_holding(object.live, before, before.with(disk), object.size)?;
            }
        }
        Ok(())
    }

    /// Takes claims back: before the objects are unlinked, or because they are not there.
    pub fn unclaim(&self, disk: DiskIndex, moved: &[Moved]) -> Result<()> {
        let sql = "DELETE FROM copy WHERE object = ?1 AND disk = ?2";
        for object in moved {
            let before = self.disks_of(object.key)?;
            if self.connection.prepare_cached(sql)?.execute((object.key, disk.get()))? > 0 {
                self.move_holding(object.live, before, before.without(disk), object.size)?;
            }
        }
        Ok(())
    }

    /// The disks that hold an object, doubtful copies counted.
    pub fn disks_of(&self, key: ObjectKey) -> Result<DiskSet> {
        let mut statement = self.connection.prepare_cached("SELECT disk FROM copy WHERE object = ?1")?;
        let disks = statement.query_map([key], |row| row.get::<_, i64>(0))?;
        Ok(rows::collect(disks)?.into_iter().filter_map(DiskIndex::new).collect())
    }

    /// The claims of an object: the disk, the day it was last proven there, whether it is in doubt.
    pub fn claims_of(&self, key: ObjectKey) -> Result<Vec<(DiskIndex, Day, bool)>> {
        let mut statement = self.connection.prepare_cached("SELECT disk, proven, doubt FROM copy WHERE object = ?1")?;
        let claims = statement.query_map([key], |row| {
            let disk = DiskIndex::new(row.get(0)?).ok_or(rusqlite::Error::InvalidQuery)?;
            Ok((disk, row.get(1)?, row.get(2)?))
        })?;
        rows::collect(claims)
    }

    /// The next claims on a disk behind a hash or the beginning of one, in the order of the hashes.
    pub fn copies_on(&self, disk: DiskIndex, after: &[u8], count: u32) -> Result<Vec<Copy>> {
        let sql = "SELECT o.id, o.hash, o.size, c.session, c.proven, c.doubt
                   FROM object o JOIN copy c ON c.object = o.id AND c.disk = ?1
                   WHERE o.hash > ?2 ORDER BY o.hash LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((disk.get(), after, count), |row| {
            Ok(Copy {
                key: row.get(0)?,
                id: row.get(1)?,
                size: row.get(2)?,
                session: row.get::<_, i64>(3)? as u64,
                proven: row.get(4)?,
                doubt: row.get(5)?,
            })
        })?;
        rows::collect(found)
    }

    /// Notes that a copy was read and hashed right on a day, or that it could not be read.
    pub fn mark_copy(&self, disk: DiskIndex, key: ObjectKey, proof: Option<Day>) -> Result<()> {
        let connection = &self.connection;
        if let Some(day) = proof {
            let sql = "UPDATE copy SET proven = ?3, session = 0, doubt = 0 WHERE object = ?1 AND disk = ?2";
            connection.prepare_cached(sql)?.execute((key, disk.get(), day))?;
        } else {
            let sql = "UPDATE copy SET doubt = 1 WHERE object = ?1 AND disk = ?2";
            connection.prepare_cached(sql)?.execute((key, disk.get()))?;
        }
        Ok(())
    }

    /// Forgets all claims on a disk.
    pub(super) fn forget_copies(&self, disk: DiskIndex) -> Result<()> {
        self.connection.execute("DELETE FROM copy WHERE disk = ?1", [disk.get()])?;
        Ok(())
    }

    /// Replaces all claims on a disk by what was found there by name and size. Claims that were
    /// known stay as proven as they were; new ones are in doubt until their bytes are hashed.
    pub fn replace_copies(&self, disk: DiskIndex, there: &HashSet<ObjectKey>, session: u64) -> Result<Replaced> {
        let mut statement = self.connection.prepare("SELECT object FROM copy WHERE disk = ?1")?;
        let known: Vec<ObjectKey> = rows::collect(statement.query_map([disk.get()], |row| row.get(0))?)?;
        let mut delete = self.connection.prepare("DELETE FROM copy WHERE object = ?1 AND disk = ?2")?;
        let mut gone = 0;
        for key in known.iter().filter(|key| !there.contains(key)) {
            gone += delete.execute((key, disk.get()))? as u64;
        }
        let mut insert = self.connection.prepare("INSERT OR IGNORE INTO copy VALUES (?1, ?2, ?3, 0, 1)")?;
        for key in there {
            insert.execute((key, disk.get(), session as i64))?;
        }
        self.connection.execute("UPDATE catalog SET holdings_true = 0", [])?;
        Ok(Replaced { kept: known.len() as u64 - gone, gone })
    }

    /// How much a disk holds, and the oldest and newest day of proof there.
    pub fn proof_span(&self, disk: DiskIndex) -> Result<Option<(Day, Day)>> {
        let sql = "SELECT min(proven), max(proven) FROM copy WHERE disk = ?1";
        let span = self.connection.query_row(sql, [disk.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(match span {
            (Some(oldest), Some(newest)) => Some((oldest, newest)),
            _ => None,
        })
    }

    /// By disk: what was last proven before that day.
    pub fn unproven(&self, before: Day) -> Result<Vec<(DiskIndex, Amount)>> {
        let sql = "SELECT c.disk, count(*), sum(o.size) FROM copy c CROSS JOIN object o ON o.id = c.object
                   WHERE c.proven < ?1 GROUP BY c.disk";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([before], |row| {
            let index = DiskIndex::new(row.get(0)?).ok_or(rusqlite::Error::InvalidQuery)?;
            Ok((index, Amount { objects: row.get::<_, i64>(1)? as u64, bytes: row.get(2)? }))
        })?;
        rows::collect(found)
    }
}
