//! When copies were last read, which of them are to be read next, and what was found damaged.

use super::copies::Copy;
use super::tally::{Claim, Tally};
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, Chosen, Day, DiskIndex, ObjectId, ObjectKey, Size};
use rusqlite::OptionalExtension;

/// A copy that was found damaged or missing on a disk, and has no good one there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LostCopy {
    /// The object.
    pub key: ObjectKey,
    /// Its hash.
    pub id: ObjectId,
    /// Its length.
    pub size: Size,
    /// Bytes of it that are not holes.
    pub data: Size,
    /// Whether the disk has one all the same, which could not be read.
    pub unreadable: bool,
}

impl Catalog {
    /// Notes, for this connection alone, which copies on a disk are to be read, and in which order:
    /// by their hashes from `start` on, or those first that were read longest ago. How many.
    pub fn choose_copies(&self, disk: DiskIndex, chosen: Chosen, start: &[u8]) -> Result<Amount> {
        let (condition, order, most) = match chosen {
            Chosen::All => ("1", "o.hash", Size::MAX),
            Chosen::New => ("(c.session > 0 OR c.proven = 0)", "o.hash", Size::MAX),
            Chosen::Bad => ("c.doubt", "o.hash", Size::MAX),
            Chosen::Oldest(most) => ("1", "c.proven, o.hash", most),
        };
        self.connection.execute_batch(
            "CREATE TEMP TABLE IF NOT EXISTS chosen (position INTEGER PRIMARY KEY, object INTEGER NOT NULL);
             DELETE FROM temp.chosen;",
        )?;
        // Of what comes in this order, all that begins before so many bytes.
        let sql = format!(
            "INSERT INTO temp.chosen (object) SELECT object FROM
               (SELECT c.object, row_number() OVER w AS position, sum(o.size) OVER w - o.size AS before
                FROM copy c CROSS JOIN object o ON o.id = c.object
                WHERE c.disk = ?1 AND o.hash > ?2 AND {condition}
                WINDOW w AS (ORDER BY {order} ROWS UNBOUNDED PRECEDING))
             WHERE before < ?3 ORDER BY position"
        );
        self.connection.execute(&sql, (disk.get(), start, most))?;
        let sql = "SELECT count(*), coalesce(sum(o.size), 0) FROM temp.chosen t JOIN object o ON o.id = t.object";
        Ok(self
            .connection
            .query_row(sql, [], |row| Ok(Amount { objects: row.get::<_, i64>(0)? as u64, bytes: row.get(1)? }))?)
    }

    /// The next of the chosen copies behind a position, each with its own; claims that went
    /// meanwhile are left out.
    pub fn chosen_copies(&self, disk: DiskIndex, after: i64, count: u32) -> Result<Vec<(i64, Copy)>> {
        let sql = "SELECT o.id, o.hash, o.size, c.session, c.proven, c.doubt, t.position
                   FROM temp.chosen t CROSS JOIN object o ON o.id = t.object
                   CROSS JOIN copy c ON c.object = o.id AND c.disk = ?1
                   WHERE t.position > ?2 ORDER BY t.position LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((disk.get(), after, count), |row| Ok((row.get(6)?, Copy::of(row)?)))?;
        rows::collect(found)
    }

    /// Bytes of all that is claimed on a disk.
    pub fn claimed_bytes(&self, disk: DiskIndex) -> Result<Size> {
        let sql =
            "SELECT coalesce(sum(o.size), 0) FROM copy c CROSS JOIN object o ON o.id = c.object WHERE c.disk = ?1";
        Ok(self.connection.query_row(sql, [disk.get()], |row| row.get(0))?)
    }

    /// Notes that copies were read and hashed right on a day.
    pub fn mark_proven(&self, disk: DiskIndex, keys: impl Iterator<Item = ObjectKey>, day: Day) -> Result<()> {
        let sql = "UPDATE copy SET proven = ?3, session = 0, doubt = 0 WHERE object = ?1 AND disk = ?2";
        let mut update = self.connection.prepare_cached(sql)?;
        // Who needs an object, and which disks hold it, stays as it is: neither is asked.
        let sql = "SELECT c.disk, c.session, c.proven, c.doubt, o.size, coalesce(o.data, o.size)
                   FROM copy c CROSS JOIN object o ON o.id = c.object WHERE c.object = ?1 AND c.disk = ?2";
        let mut before = self.connection.prepare_cached(sql)?;
        let mut tally = Tally::of(self.footprint_of(disk)?);
        let now = Claim { disk, session: 0, proven: day, doubt: false };
        for key in keys {
            let known = before.query_row((key, disk.get()), |row| Ok((Claim::of(row, 0)?, row.get(4)?, row.get(5)?)));
            // A claim that went meanwhile does not come again.
            if let Some((before, size, data)) = known.optional()? {
                update.execute((key, disk.get(), day))?;
                tally.proven_again(before, now, size, data);
            }
        }
        tally.write(self)
    }

    /// Notes that a copy could not be read.
    pub fn mark_unreadable(&self, disk: DiskIndex, key: ObjectKey) -> Result<()> {
        let sql = "UPDATE copy SET doubt = 1 WHERE object = ?1 AND disk = ?2";
        self.connection.prepare_cached(sql)?.execute((key, disk.get()))?;
        Ok(())
    }

    /// Notes that a copy was found damaged or missing; its claim is taken back by itself.
    pub fn note_damage(&self, disk: DiskIndex, key: ObjectKey, day: Day) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO damage VALUES (?1, ?2, ?3)";
        self.connection.prepare_cached(sql)?.execute((key, disk.get(), day))?;
        Ok(())
    }

    /// Forgets that a copy was found damaged: the disk has a good one, or nobody needs it.
    pub fn forget_damage(&self, disk: DiskIndex, key: ObjectKey) -> Result<()> {
        let sql = "DELETE FROM damage WHERE object = ?1 AND disk = ?2";
        self.connection.prepare_cached(sql)?.execute((key, disk.get()))?;
        Ok(())
    }

    /// The next copies of a disk behind a hash that were damaged, missing or unreadable.
    pub fn lost_on(&self, disk: DiskIndex, after: &[u8], count: u32) -> Result<Vec<LostCopy>> {
        let sql = "SELECT o.id, o.hash, o.size, coalesce(o.data, o.size),
                     EXISTS (SELECT 1 FROM copy c WHERE c.object = o.id AND c.disk = ?1)
                   FROM object o WHERE o.hash > ?2 AND o.id IN
                     (SELECT object FROM damage WHERE disk = ?1
                      UNION SELECT object FROM copy WHERE disk = ?1 AND doubt)
                   ORDER BY o.hash LIMIT ?3";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_map((disk.get(), after, count), |row| {
            Ok(LostCopy {
                key: row.get(0)?,
                id: row.get(1)?,
                size: row.get(2)?,
                data: row.get(3)?,
                unreadable: row.get(4)?,
            })
        })?;
        rows::collect(found)
    }

    /// By disk: what was found damaged or missing there, and is not made good yet.
    pub fn damaged(&self) -> Result<Vec<(DiskIndex, Amount)>> {
        self.amounts(
            "SELECT d.disk, count(*), sum(o.size) FROM damage d CROSS JOIN object o ON o.id = d.object
             GROUP BY d.disk ORDER BY d.disk",
            (),
        )
    }

    /// The oldest and the newest day of proof on a disk that holds something.
    pub fn proof_span(&self, disk: DiskIndex) -> Result<Option<(Day, Day)>> {
        let of_sums = "SELECT min(proven), max(proven) FROM proof WHERE disk = ?1 AND objects > 0";
        let of_copies = "SELECT min(proven), max(proven) FROM copy WHERE disk = ?1";
        let sql = if self.holdings_are_true()? { of_sums } else { of_copies };
        let span = self.connection.query_row(sql, [disk.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(match span {
            (Some(oldest), Some(newest)) => Some((oldest, newest)),
            _ => None,
        })
    }

    fn amounts(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<(DiskIndex, Amount)>> {
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map(parameters, |row| {
            let index = DiskIndex::new(row.get(0)?).ok_or(rusqlite::Error::InvalidQuery)?;
            Ok((index, Amount { objects: row.get::<_, i64>(1)? as u64, bytes: row.get(2)? }))
        })?;
        rows::collect(found)
    }
}
