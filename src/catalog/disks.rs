//! The shelf.

use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Disk, DiskIndex, Fanout, Footprint, Medium, SessionStamp, Size};
use rusqlite::types::Value;
use rusqlite::{Row, ToSql, params_from_iter};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use uuid::Uuid;

const COLUMNS: &str = "id, uuid, name, path, budget, reserve, reserve_used, block, keeps_holes, label, fs_uuid,
    fs_type, model, serial, size, free, last_seen, last_written, generation, session, nonce, pending_session,
    pending_nonce, closed, same_device, device, group_name, unconfirmed, tree, tree_taken, fanout";

/// Stands where nobody knows what a disk's trees take.
const UNKNOWN: i64 = -1;

/// What no visit changes.
const SET_BY_A_PERSON: [&str; 6] = ["name", "budget", "same_device", "group_name", "tree", "fanout"];

impl Catalog {
    /// All disks, by name.
    pub fn disks(&self) -> Result<Vec<Disk>> {
        let mut statement = self.connection.prepare(&format!("SELECT {COLUMNS} FROM disk ORDER BY name"))?;
        let found = statement.query_map([], disk_of)?;
        rows::collect(found)
    }

    /// Adds a disk, or writes all of it anew.
    pub fn put_disk(&self, disk: &Disk) -> Result<()> {
        self.doubt_what_is_taken(disk)?;
        let values = values(disk)?;
        let marks = vec!["?"; values.len()].join(",");
        let assign: Vec<_> = values.iter().map(|(column, _)| format!("{column} = excluded.{column}")).collect();
        let assign = assign.join(",");
        let sql = format!("INSERT INTO disk ({COLUMNS}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {assign}");
        self.connection.prepare_cached(&sql)?.execute(params_from_iter(values.into_iter().map(|(_, value)| value)))?;
        Ok(())
    }

    /// Writes what a visit changed of a disk. What a person sets stays as it is in the catalog: it
    /// may have been set since the visit began.
    pub fn put_visit(&self, disk: &Disk) -> Result<()> {
        self.doubt_what_is_taken(disk)?;
        self.write_part(disk, |column| !SET_BY_A_PERSON.contains(&column))
    }

    /// Writes what a person set of a disk, and nothing of what a visit under way notes.
    pub fn put_settings(&self, disk: &Disk) -> Result<()> {
        self.write_part(disk, |column| column == "path" || SET_BY_A_PERSON.contains(&column))
    }

    /// What objects take on a disk is summed up by how it allocated: it may be of another kind now.
    fn doubt_what_is_taken(&self, disk: &Disk) -> Result<()> {
        let sql = "UPDATE catalog SET holdings_true = 0 WHERE EXISTS
                     (SELECT 1 FROM disk WHERE id = ?1 AND (block <> ?2 OR keeps_holes <> ?3))";
        let Footprint { block, keeps_holes } = disk.footprint;
        self.connection.execute(sql, (disk.index.get(), block as i64, keeps_holes))?;
        Ok(())
    }

    fn write_part(&self, disk: &Disk, writes: impl Fn(&str) -> bool) -> Result<()> {
        let part: Vec<_> = values(disk)?.into_iter().filter(|(column, _)| writes(column)).collect();
        let assign: Vec<_> = part.iter().map(|(column, _)| format!("{column} = ?")).collect();
        let sql = format!("UPDATE disk SET {} WHERE id = ?", assign.join(","));
        let id = Value::from(i64::from(disk.index.get()));
        let bound = part.into_iter().map(|(_, value)| value).chain([id]);
        self.connection.prepare_cached(&sql)?.execute(params_from_iter(bound))?;
        Ok(())
    }

    /// Notes that what is known of all disks but one, or of all, is from an older state of the catalog:
    /// their copies license no eviction until they were attached.
    pub fn unconfirm_disks(&self, but: Option<DiskIndex>) -> Result<()> {
        let sql = "UPDATE disk SET unconfirmed = 1 WHERE id IS NOT ?1 AND NOT unconfirmed";
        self.connection.execute(sql, [but.map(DiskIndex::get)])?;
        Ok(())
    }

    /// Notes that browsable trees may show what no state has any more: the next backup of each disk holds
    /// them against the catalog.
    pub fn doubt_trees(&self) -> Result<()> {
        let sql = "UPDATE disk SET tree_taken = ?1 WHERE tree OR tree_taken <> 0";
        self.connection.execute(sql, [UNKNOWN])?;
        Ok(())
    }

    /// Forgets what a disk holds; `and_itself`: the disk too. The sums are counted afresh.
    pub fn forget_disk(&self, disk: DiskIndex, and_itself: bool) -> Result<()> {
        self.atomically(|catalog| {
            catalog.forget_copies(disk)?;
            if and_itself {
                catalog.connection.execute("DELETE FROM disk WHERE id = ?1", [disk.get()])?;
            }
            catalog.doubt_holdings()
        })?;
        self.recount_holdings()
    }
}

/// Every column of a disk with its value.
fn values(disk: &Disk) -> Result<Vec<(&'static str, Value)>> {
    let medium = &disk.medium;
    let all: [&dyn ToSql; 31] = [
        &disk.index.get(),
        disk.uuid.as_bytes(),
        &disk.name.as_str(),
        &disk.path.as_os_str().as_bytes(),
        &disk.budget,
        &disk.reserve,
        &disk.reserve_used,
        &(disk.footprint.block as i64),
        &disk.footprint.keeps_holes,
        &medium.label,
        &medium.fs_uuid,
        &medium.fs_type,
        &medium.model,
        &medium.serial,
        &medium.size,
        &medium.free,
        &disk.last_seen,
        &disk.last_written,
        &(disk.generation as i64),
        &(disk.session.number as i64),
        &(disk.session.nonce as i64),
        &disk.pending.map(|stamp| stamp.number as i64),
        &disk.pending.map(|stamp| stamp.nonce as i64),
        &disk.closed,
        &disk.same_device,
        &medium.device,
        &disk.group.as_ref().map_or("", |group| group.as_str()),
        &disk.unconfirmed,
        &disk.tree,
        &disk.tree_taken.map_or(UNKNOWN, |taken| taken.bytes() as i64),
        &disk.fanout.count(),
    ];
    let columns = COLUMNS.split(',').map(str::trim);
    columns.zip(all).map(|(column, value)| Ok((column, rows::value_of(value)?))).collect()
}

fn disk_of(row: &Row<'_>) -> rusqlite::Result<Disk> {
    let text = |at: usize| row.get::<_, String>(at);
    let number = |at: usize| row.get::<_, i64>(at).map(|n| n as u64);
    let pending: (Option<i64>, Option<i64>) = (row.get(21)?, row.get(22)?);
    Ok(Disk {
        index: DiskIndex::new(row.get(0)?).ok_or(rusqlite::Error::InvalidQuery)?,
        uuid: Uuid::from_bytes(row.get(1)?),
        name: text(2)?.parse().map_err(|_| rusqlite::Error::InvalidQuery)?,
        path: PathBuf::from(OsString::from_vec(row.get(3)?)),
        budget: row.get(4)?,
        reserve: row.get(5)?,
        reserve_used: row.get(6)?,
        footprint: Footprint { block: number(7)?.max(1), keeps_holes: row.get(8)? },
        medium: Medium {
            label: text(9)?,
            fs_uuid: text(10)?,
            fs_type: text(11)?,
            model: text(12)?,
            serial: text(13)?,
            size: row.get(14)?,
            device: text(25)?,
            free: row.get(15)?,
        },
        last_seen: row.get(16)?,
        last_written: row.get(17)?,
        generation: number(18)?,
        session: SessionStamp { number: number(19)?, nonce: number(20)? },
        pending: match pending {
            (Some(number), Some(nonce)) => Some(SessionStamp { number: number as u64, nonce: nonce as u64 }),
            _ => None,
        },
        closed: row.get(23)?,
        same_device: row.get(24)?,
        group: text(26)?.parse().ok(),
        unconfirmed: row.get(27)?,
        tree: row.get(28)?,
        tree_taken: u64::try_from(row.get::<_, i64>(29)?).ok().map(Size),
        fanout: row.get::<_, Option<i64>>(30)?.and_then(Fanout::pairs).unwrap_or_default(),
    })
}
