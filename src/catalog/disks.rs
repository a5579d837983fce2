//! The shelf.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Disk, DiskIndex, Footprint, Medium, SessionStamp};
use rusqlite::{Row, params};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use uuid::Uuid;

const COLUMNS: &str = "id, uuid, name, path, budget, reserve, block, keeps_holes, label, fs_uuid, fs_type, model,
    serial, size, free, last_seen, last_written, generation, session, nonce, pending_session, pending_nonce,
    closed, same_device";

/// What no visit changes.
const SET_BY_A_PERSON: [&str; 3] = ["name", "budget", "same_device"];

/// The columns with the number of each.
fn columns() -> impl Iterator<Item = (usize, &'static str)> {
    (1..).zip(COLUMNS.split(',').map(str::trim))
}

impl Catalog {
    /// All disks, by name.
    pub fn disks(&self) -> Result<Vec<Disk>> {
        let mut statement = self.connection.prepare(&format!("SELECT {COLUMNS} FROM disk ORDER BY name"))?;
        let found = statement.query_map([], disk_of)?;
        rows::collect(found)
    }

    /// Adds a disk or writes what changed of it. Whole rows: a disk has few and they belong together.
    pub fn put_disk(&self, disk: &Disk) -> Result<()> {
        let marks: Vec<String> = (1..=24).map(|n| format!("?{n}")).collect();
        let assign: Vec<String> = columns().map(|(_, column)| format!("{column} = excluded.{column}")).collect();
        let (marks, assign) = (marks.join(","), assign.join(","));
        self.write_disk(
            &format!("INSERT INTO disk ({COLUMNS}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {assign}"),
            disk,
        )
    }

    /// Writes what a visit changed of a disk. What a person sets stays as it is in the catalog: it
    /// may have been set since the visit began.
    pub fn put_visit(&self, disk: &Disk) -> Result<()> {
        self.write_part(disk, |column| !SET_BY_A_PERSON.contains(&column))
    }

    /// Writes what a person set of a disk, and nothing of what a visit under way notes.
    pub fn put_settings(&self, disk: &Disk) -> Result<()> {
        self.write_part(disk, |column| column == "path" || SET_BY_A_PERSON.contains(&column))
    }

    fn write_part(&self, disk: &Disk, writes: impl Fn(&str) -> bool) -> Result<()> {
        let part = columns().filter(|(_, column)| writes(column));
        let assign: Vec<String> = part.map(|(number, column)| format!("{column} = ?{number}")).collect();
        // All values are bound, whichever are written.
        let all: Vec<String> = columns().map(|(number, _)| format!("?{number}")).collect();
        let (assign, all) = (assign.join(","), all.join(","));
        self.write_disk(&format!("UPDATE disk SET {assign} WHERE id = ?1 AND coalesce({all}) IS NOT NULL"), disk)
    }

    fn write_disk(&self, sql: &str, disk: &Disk) -> Result<()> {
        self.connection.prepare_cached(sql)?.execute(params![
            disk.index.get(),
            disk.uuid.as_bytes(),
            disk.name.as_str(),
            disk.path.as_os_str().as_bytes(),
            disk.budget,
            disk.reserve,
            disk.footprint.block as i64,
            disk.footprint.keeps_holes,
            disk.medium.label,
            disk.medium.fs_uuid,
            disk.medium.fs_type,
            disk.medium.model,
            disk.medium.serial,
            disk.medium.size,
            disk.medium.free,
            disk.last_seen,
            disk.last_written,
            disk.generation as i64,
            disk.session.number as i64,
            disk.session.nonce as i64,
            disk.pending.map(|stamp| stamp.number as i64),
            disk.pending.map(|stamp| stamp.nonce as i64),
            disk.closed,
            disk.same_device,
        ])?;
        Ok(())
    }

    /// Forgets what a disk holds; `and_itself`: the disk too. The sums are counted afresh.
    pub fn forget_disk(&self, disk: DiskIndex, and_itself: bool) -> Result<()> {
        self.atomically(|catalog| {
            catalog.forget_copies(disk)?;
            if and_itself {
                catalog.connection.execute("DELETE FROM disk WHERE id = ?1", [disk.get()])?;
            }
            catalog.connection.execute("UPDATE catalog SET holdings_true = 0", [])?;
            Ok(())
        })?;
        self.recount_holdings()
    }
}

fn disk_of(row: &Row<'_>) -> rusqlite::Result<Disk> {
    let text = |at: usize| row.get::<_, String>(at);
    let number = |at: usize| row.get::<_, i64>(at).map(|n| n as u64);
    let pending: (Option<i64>, Option<i64>) = (row.get(20)?, row.get(21)?);
    Ok(Disk {
        index: DiskIndex::new(row.get(0)?).ok_or(rusqlite::Error::InvalidQuery)?,
        uuid: Uuid::from_bytes(row.get(1)?),
        name: text(2)?.parse().map_err(|_| rusqlite::Error::InvalidQuery)?,
        path: PathBuf::from(OsString::from_vec(row.get(3)?)),
        budget: row.get(4)?,
        reserve: row.get(5)?,
        footprint: Footprint { block: number(6)?.max(1), keeps_holes: row.get(7)? },
        medium: Medium {
            label: text(8)?,
            fs_uuid: text(9)?,
            fs_type: text(10)?,
            model: text(11)?,
            serial: text(12)?,
            size: row.get(13)?,
            free: row.get(14)?,
        },
        last_seen: row.get(15)?,
        last_written: row.get(16)?,
        generation: number(17)?,
        session: SessionStamp { number: number(18)?, nonce: number(19)? },
        pending: match pending {
            (Some(number), Some(nonce)) => Some(SessionStamp { number: number as u64, nonce: nonce as u64 }),
            _ => None,
        },
        closed: row.get(22)?,
        same_device: row.get(23)?,
    })
}
