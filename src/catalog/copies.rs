//! Which disk holds which object. A claim stands here only while it is true.

use super::tally::{Claim, Summed, Tally};
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Day, DiskIndex, DiskSet, Need, ObjectId, ObjectKey, Size, Span};
use rusqlite::{OptionalExtension, Row};
use std::collections::HashSet;

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

impl Copy {
    /// From the columns id, hash, size, session, proven, doubt.
    pub(super) fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            size: row.get(2)?,
            session: row.get::<_, i64>(3)? as u64,
            proven: row.get(4)?,
            doubt: row.get(5)?,
        })
    }
}

impl Catalog {
    /// Claims copies that lie wholly and durably on a disk, hashed on this day.
    pub fn claim(&self, disk: DiskIndex, session: u64, day: Day, keys: &[ObjectKey]) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO copy VALUES (?1, ?2, ?3, ?4, 0)";
        let mut insert = self.connection.prepare_cached(sql)?;
        let claim = Claim { disk, session: session as i64, proven: day, doubt: false };
        self.tally(disk, keys, |key, summed, tally| {
            insert.execute((key, disk.get(), claim.session, day))?;
            self.forget_damage(disk, key)?;
            tally.replace(summed, disk, Some(claim));
            Ok(())
        })
    }

    /// Takes claims back: before the objects are unlinked, or because they are not there.
    pub fn unclaim(&self, disk: DiskIndex, keys: &[ObjectKey]) -> Result<()> {
        let mut delete = self.connection.prepare_cached("DELETE FROM copy WHERE object = ?1 AND disk = ?2")?;
        self.tally(disk, keys, |key, summed, tally| {
            delete.execute((key, disk.get()))?;
            tally.replace(summed, disk, None);
            let is_last = summed.disks() == DiskSet::EMPTY.with(disk);
            if is_last && summed.need == Need::Kept { self.note_given_up(key) } else { Ok(()) }
        })
    }

    /// Notes of the states which need an object that they are not whole any more.
    fn note_given_up(&self, key: ObjectKey) -> Result<()> {
        let mut statement = self.connection.prepare_cached("SELECT first, last FROM entry WHERE object = ?1")?;
        let spans = statement.query_map([key], Span::of)?;
        rows::collect(spans)?.into_iter().try_for_each(|span| self.give_up(span))
    }

    /// Lets each object be changed, and writes what that makes of the sums.
    fn tally(
        &self,
        disk: DiskIndex,
        keys: &[ObjectKey],
        mut change: impl FnMut(ObjectKey, &Summed, &mut Tally) -> Result<()>,
    ) -> Result<()> {
        let (standing, mut tally) = (self.standing()?, Tally::of(self.footprint_of(disk)?));
        for key in keys {
            if let Some(summed) = self.summed(&standing, *key)? {
                change(*key, &summed, &mut tally)?;
            }
        }
        tally.write(self)
    }

    /// The disks that hold an object, doubtful copies counted.
    pub fn disks_of(&self, key: ObjectKey) -> Result<DiskSet> {
        let mut statement = self.connection.prepare_cached("SELECT disk FROM copy WHERE object = ?1")?;
        let disks = statement.query_map([key], |row| row.get::<_, i64>(0))?;
        Ok(rows::collect(disks)?.into_iter().filter_map(DiskIndex::new).collect())
    }

    /// The object with a hash, if it is claimed on a disk.
    pub fn claimed(&self, disk: DiskIndex, id: ObjectId) -> Result<Option<ObjectKey>> {
        let sql = "SELECT o.id FROM object o CROSS JOIN copy c ON c.object = o.id AND c.disk = ?2
                   WHERE substr(o.hash, 1, 4) = substr(?1, 1, 4) AND o.hash = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row((id, disk.get()), |row| row.get(0)).optional()?)
    }

    /// The claims of an object: the disk, the day it was last proven there, whether it is in doubt.
    pub fn claims_of(&self, key: ObjectKey) -> Result<Vec<(DiskIndex, Day, bool)>> {
        let mut statement = self.connection.prepare_cached(concat!(
            "SELECT c.disk, c.proven, d.unconfirmed OR ",
            in_doubt!(),
            " FROM copy c CROSS JOIN disk d ON d.id = c.disk WHERE c.object = ?1"
        ))?;
        let claims = statement.query_map([key], |row| {
            let disk = DiskIndex::new(row.get(0)?).ok_or(rusqlite::Error::InvalidQuery)?;
            Ok((disk, row.get(1)?, row.get(2)?))
        })?;
        rows::collect(claims)
    }

    /// The next claims on a disk behind a hash or the beginning of one, in the order of the hashes.
    pub fn copies_on(&self, disk: DiskIndex, after: &[u8], count: u32) -> Result<Vec<Copy>> {
        // Of no bytes at all SQLite makes NULL.
        let sql = "SELECT o.id, o.hash, o.size, c.session, c.proven, c.doubt
                   FROM object o CROSS JOIN copy c ON c.object = o.id AND c.disk = ?1
                   WHERE substr(o.hash, 1, 4) >= coalesce(substr(?2, 1, 4), x'') AND o.hash > ?2
                   ORDER BY substr(o.hash, 1, 4), o.hash LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((disk.get(), after, count), Copy::of)?;
        rows::collect(found)
    }

    /// Forgets all claims on a disk.
    pub(super) fn forget_copies(&self, disk: DiskIndex) -> Result<()> {
        self.connection.execute("DELETE FROM copy WHERE disk = ?1", [disk.get()])?;
        self.connection.execute("DELETE FROM damage WHERE disk = ?1", [disk.get()])?;
        self.connection.execute("DELETE FROM proof WHERE disk = ?1", [disk.get()])?;
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
        self.doubt_holdings()?;
        Ok(Replaced { kept: known.len() as u64 - gone, gone })
    }
}
