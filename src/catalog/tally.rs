//! What claims that come, go or are proven change of the sums that stand beside them.

use super::Catalog;
use crate::error::Result;
use crate::model::{Amount, Day, DiskIndex, DiskSet, Footprint, Need, ObjectKey, Size, Standing};
use rusqlite::Row;
use std::collections::BTreeMap;

/// One claim as its row has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) disk: DiskIndex,
    pub(super) session: i64,
    pub(super) proven: Day,
    pub(super) doubt: bool,
}

impl Claim {
    /// From the columns disk, session, proven, doubt, beginning at `at`.
    pub(super) fn of(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        let disk = DiskIndex::new(row.get(at)?).ok_or(rusqlite::Error::InvalidQuery)?;
        Ok(Self { disk, session: row.get(at + 1)?, proven: row.get(at + 2)?, doubt: row.get(at + 3)? })
    }
}

/// Objects, bytes, and bytes that they take on the disk: more or less than there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) objects: i64,
    pub(super) bytes: i64,
    pub(super) taken: i64,
}

impl Change {
    /// What there is, where everything was added to nothing.
    pub(super) fn amount(&self) -> Amount {
        Amount { objects: self.objects.max(0) as u64, bytes: Size(self.bytes.max(0) as u64) }
    }

    fn add(&mut self, sign: i64, size: Size, taken: Size) {
        // The numbers of a stranger's catalog may be any.
        let signed = |size: Size| i64::try_from(size.bytes()).unwrap_or(i64::MAX).saturating_mul(sign);
        self.join(Self { objects: sign, bytes: signed(size), taken: signed(taken) });
    }

    fn join(&mut self, other: Self) {
        self.objects = self.objects.saturating_add(other.objects);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.taken = self.taken.saturating_add(other.taken);
    }
}

/// Changes of the sums, gathered, so that each sum is written once.
#[derive(Debug)]
pub(super) struct Tally {
    /// What objects take on the disk that is changed.
    footprint: Footprint,
    /// By who needs it, and the disks.
    pub(super) holdings: BTreeMap<(Need, DiskSet), Change>,
    /// By disk, session and day.
    pub(super) proofs: BTreeMap<(DiskIndex, i64, Day), Change>,
}

/// What `holding.live` says of a need.
const NEEDS: [Need; 4] = [Need::Orphan, Need::Live, Need::Kept, Need::Guaranteed];

/// The number that `holding.live` has for a need.
pub(super) fn number_of(need: Need) -> i64 {
    NEEDS.iter().position(|known| *known == need).unwrap_or_default() as i64
}

/// The need that a stored number stands for; nobody's, if for none.
pub(super) fn need_of(number: i64) -> Need {
    usize::try_from(number).ok().and_then(|number| NEEDS.get(number).copied()).unwrap_or(Need::Orphan)
}

impl Tally {
    /// No changes yet, of a disk that allocates so.
    pub(super) fn of(footprint: Footprint) -> Self {
        Self { footprint, holdings: BTreeMap::new(), proofs: BTreeMap::new() }
    }

    /// In place of an object's claim on a disk, if there is one, comes this one, or none.
    pub(super) fn replace(&mut self, object: &Summed, disk: DiskIndex, new: Option<Claim>) {
        let (before, old) = (object.disks(), object.on(disk));
        let after = if new.is_some() { before.with(disk) } else { before.without(disk) };
        if after != before {
            self.holding(-1, object.need, before, object.size);
            self.holding(1, object.need, after, object.size);
        }
        let taken = self.footprint.of(object.size, object.data);
        for (sign, claim) in [(-1, old), (1, new)] {
            claim.into_iter().for_each(|claim| self.proof(sign, claim, object.size, taken));
        }
    }

    /// A claim on an object of this length, with so many bytes that are not holes, became another one.
    pub(super) fn proven_again(&mut self, before: Claim, now: Claim, size: Size, data: Size) {
        let taken = self.footprint.of(size, data);
        self.proof(-1, before, size, taken);
        self.proof(1, now, size, taken);
    }

    /// The changes of both.
    pub(super) fn with(mut self, other: Self) -> Self {
        for (key, change) in other.holdings {
            self.holdings.entry(key).or_default().join(change);
        }
        for (key, change) in other.proofs {
            self.proofs.entry(key).or_default().join(change);
        }
        self
    }

    /// An object that these disks hold comes (1) or goes (-1).
    pub(super) fn holding(&mut self, sign: i64, need: Need, disks: DiskSet, size: Size) {
        self.holdings.entry((need, disks)).or_default().add(sign, size, Size::ZERO);
    }

    /// A claim comes (1) or goes (-1).
    pub(super) fn proof(&mut self, sign: i64, claim: Claim, size: Size, taken: Size) {
        self.proofs.entry((claim.disk, claim.session, claim.proven)).or_default().add(sign, size, taken);
    }

    /// Writes what has changed, in the transaction of the claims.
    pub(super) fn write(self, catalog: &Catalog) -> Result<()> {
        let holding = "INSERT INTO holding VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET
                         objects = objects + ?3, bytes = bytes + ?4";
        let proof = "INSERT INTO proof VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET
                       objects = objects + ?4, bytes = bytes + ?5, taken = taken + ?6";
        let mut holding = catalog.connection.prepare_cached(holding)?;
        for ((need, disks), change) in self.holdings {
            holding.execute((number_of(need), disks.0 as i64, change.objects, change.bytes))?;
        }
        let mut proof = catalog.connection.prepare_cached(proof)?;
        for ((disk, session, day), change) in self.proofs {
            proof.execute((disk.get(), session, day, change.objects, change.bytes, change.taken))?;
        }
        Ok(())
    }
}

/// What of an object its sums depend on.
pub(super) struct Summed {
    pub(super) size: Size,
    pub(super) data: Size,
    pub(super) need: Need,
    pub(super) claims: Vec<Claim>,
}

impl Summed {
    pub(super) fn disks(&self) -> DiskSet {
        self.claims.iter().map(|claim| claim.disk).collect()
    }

    pub(super) fn on(&self, disk: DiskIndex) -> Option<Claim> {
        self.claims.iter().find(|claim| claim.disk == disk).copied()
    }
}

impl Catalog {
    /// What an object's sums depend on. Nothing if it is not there.
    pub(super) fn summed(&self, standing: &Standing, key: ObjectKey) -> Result<Option<Summed>> {
        let need = self.class_of(standing, key)?.need();
        let sql = "SELECT disk, session, proven, doubt FROM copy WHERE object = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let claims = super::rows::collect(statement.query_map([key], |row| Claim::of(row, 0))?)?;
        let sql = "SELECT size, coalesce(data, size) FROM object WHERE id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([key])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Summed { size: row.get(0)?, data: row.get(1)?, need, claims }))
    }

    /// How a disk's file system allocates.
    pub(super) fn footprint_of(&self, disk: DiskIndex) -> Result<Footprint> {
        let sql = "SELECT block, keeps_holes FROM disk WHERE id = ?1";
        Ok(self.connection.prepare_cached(sql)?.query_row([disk.get()], |row| {
            Ok(Footprint { block: (row.get::<_, i64>(0)? as u64).max(1), keeps_holes: row.get(1)? })
        })?)
    }
}
