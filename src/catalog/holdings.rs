//! Sums beside the claims: what `info` shows without counting. By the exact set of disks that hold an
//! object, by the day of proof, and of entries by kind.

use super::census::Seen;
use super::tally::{Change, Claim, Tally, need_of};
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Amount, DiskIndex, DiskSet, Footprint, Holding, Kind, Need, ObjectKey, Proof, Size, Sums};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// How often sums are counted anew before they are left in doubt, if others change something meanwhile.
const RECOUNTS: u32 = 3;

impl Catalog {
    /// Whether the kept sums are true: not while an update has not come to its end.
    pub fn holdings_are_true(&self) -> Result<bool> {
        Ok(self.connection.query_row("SELECT holdings_true = 1 FROM catalog", [], |row| row.get(0))?)
    }

    /// All sums; counted afresh where the kept ones are not true.
    pub fn sums(&self) -> Result<Sums> {
        if !self.holdings_are_true()? {
            return self.count_sums();
        }
        Ok(Sums { holdings: self.kept_holdings()?, proofs: self.kept_proofs()?, entries: self.kept_entries()? })
    }

    /// The sums by who needs it and where it is.
    pub fn holdings(&self) -> Result<Vec<Holding>> {
        if self.holdings_are_true()? { self.kept_holdings() } else { self.count_holdings() }
    }

    /// How many entries of each kind the newest state has.
    pub fn entries(&self) -> Result<Vec<(Kind, u64)>> {
        if self.holdings_are_true()? { self.kept_entries() } else { self.count_entries() }
    }

    /// The same, counted object by object.
    pub fn count_holdings(&self) -> Result<Vec<Holding>> {
        let counted = self.count_claims()?;
        Ok(counted.holdings())
    }

    /// All sums, counted object by object and entry by entry.
    pub fn count_sums(&self) -> Result<Sums> {
        let counted = self.count_claims()?;
        Ok(Sums { holdings: counted.holdings(), proofs: counted.proofs(), entries: self.count_entries()? })
    }

    fn count_claims(&self) -> Result<Tally> {
        self.halves(self.middle_object()?, |catalog, range| catalog.count_claims_of(&range), Tally::with)
    }

    fn count_claims_of(&self, range: &RangeInclusive<i64>) -> Result<Tally> {
        let mut tally = Tally::of(Footprint::USUAL);
        let rules: Vec<_> = self.disks()?.into_iter().map(|disk| (disk.index, disk.footprint)).collect();
        self.survey(&self.standing()?, range, |seen, claims| {
            let Seen::Object(item) = seen else { return Ok(()) };
            tally.holding(1, item.class.need(), item.disks, item.size);
            for claim in claims {
                if let Some((_, rule)) = rules.iter().find(|(disk, _)| *disk == claim.disk) {
                    tally.proof(1, *claim, item.size, rule.of(item.size, item.data));
                }
            }
            Ok(())
        })?;
        Ok(tally)
    }

    /// The copies in doubt, by object, where there are but few: none of a session that never closed,
    /// and no more than `most`.
    pub fn few_doubtful(&self, proofs: &[Proof], most: u32) -> Result<Option<BTreeMap<ObjectKey, DiskSet>>> {
        let doubts = self.doubts()?;
        let claim =
            |proof: &Proof| Claim { disk: proof.disk, session: proof.session as i64, proven: proof.day, doubt: false };
        if proofs.iter().any(|proof| doubts.of(claim(proof)) == Some(true)) {
            return Ok(None);
        }
        let mut statement = self.connection.prepare("SELECT object, disk FROM copy WHERE doubt LIMIT ?1")?;
        let found = statement.query_map([most.saturating_add(1)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found: Vec<(ObjectKey, i64)> = rows::collect(found)?;
        if found.len() > most as usize {
            return Ok(None);
        }
        let mut doubtful: BTreeMap<_, DiskSet> = BTreeMap::new();
        for (key, disk) in found {
            let disks = doubtful.entry(key).or_default();
            *disks = DiskIndex::new(disk).map_or(*disks, |disk| disks.with(disk));
        }
        Ok(Some(doubtful))
    }

    /// Objects longer than this that no disk holds: key, length, and bytes that are not holes.
    pub fn homeless(&self, longer: Size) -> Result<Vec<(ObjectKey, Size, Size)>> {
        let sql = "SELECT id, size, coalesce(data, size) FROM object o WHERE size > ?1
                     AND NOT EXISTS (SELECT 1 FROM copy c WHERE c.object = o.id)";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([longer], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows::collect(found)
    }

    fn kept_holdings(&self) -> Result<Vec<Holding>> {
        let mut statement = self
            .connection
            .prepare("SELECT live, disks, objects, bytes FROM holding WHERE objects > 0 AND bytes >= 0")?;
        let found = statement.query_map([], |row| {
            let amount = Amount { objects: row.get::<_, i64>(2)? as u64, bytes: row.get(3)? };
            Ok(Holding { need: need_of(row.get(0)?), disks: DiskSet(row.get::<_, i64>(1)? as u64), amount })
        })?;
        rows::collect(found)
    }

    fn kept_proofs(&self) -> Result<Vec<Proof>> {
        let sql = "SELECT disk, session, proven, objects, bytes, taken FROM proof WHERE objects > 0";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([], |row| {
            Ok(Proof {
                disk: DiskIndex::new(row.get(0)?).ok_or(rusqlite::Error::InvalidQuery)?,
                session: row.get::<_, i64>(1)? as u64,
                day: row.get(2)?,
                amount: Amount { objects: row.get::<_, i64>(3)? as u64, bytes: row.get(4)? },
                taken: row.get(5)?,
            })
        })?;
        rows::collect(found)
    }

    fn kept_entries(&self) -> Result<Vec<(Kind, u64)>> {
        let mut statement = self.connection.prepare("SELECT kind, entries FROM entry_count ORDER BY kind")?;
        let found = statement.query_map([], |row| Ok((rows::kind_of(row.get(0)?)?, row.get::<_, i64>(1)? as u64)))?;
        rows::collect(found)
    }

    /// Takes the kept sums for untrue until they are counted afresh.
    pub fn doubt_holdings(&self) -> Result<()> {
        self.connection.execute("UPDATE catalog SET holdings_true = 0", [])?;
        Ok(())
    }

    /// Counts the sums afresh unless they are true. As for [`Catalog::recount_holdings`].
    pub fn sum_up_holdings(&self) -> Result<()> {
        if self.holdings_are_true()? { Ok(()) } else { self.recount_holdings() }
    }

    /// Counts the sums afresh and keeps them. Who calls it holds the lock of the run; others may set
    /// something meanwhile, and then what was counted is not kept.
    pub fn recount_holdings(&self) -> Result<()> {
        for _ in 0..RECOUNTS {
            let before = self.changes_of_others()?;
            let (claims, entries) = (self.count_claims()?, self.count_entries()?);
            if self.atomically(|catalog| catalog.keep_sums(before, claims, &entries))? {
                return Ok(());
            }
        }
        self.doubt_holdings()
    }

    /// Rises with every change that another connection makes.
    fn changes_of_others(&self) -> Result<i64> {
        Ok(self.connection.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    /// Keeps sums that were counted, unless others changed the catalog since.
    fn keep_sums(&self, before: i64, claims: Tally, entries: &[(Kind, u64)]) -> Result<bool> {
        if self.changes_of_others()? != before {
            return Ok(false);
        }
        self.connection.execute_batch("DELETE FROM holding; DELETE FROM proof; DELETE FROM entry_count;")?;
        claims.write(self)?;
        let mut insert = self.connection.prepare("INSERT INTO entry_count VALUES (?1, ?2)")?;
        for (kind, count) in entries {
            insert.execute((rows::kind_number(*kind), *count as i64))?;
        }
        self.connection.execute("UPDATE catalog SET holdings_true = 1", [])?;
        Ok(true)
    }
}

impl Tally {
    fn holdings(&self) -> Vec<Holding> {
        let holding =
            |(&(need, disks), sum): (&(Need, DiskSet), &Change)| Holding { need, disks, amount: sum.amount() };
        self.holdings.iter().map(holding).collect()
    }

    fn proofs(&self) -> Vec<Proof> {
        let proof = |(&(disk, session, day), sum): (&(DiskIndex, i64, _), &Change)| Proof {
            disk,
            session: session as u64,
            day,
            amount: sum.amount(),
            taken: Size(sum.taken.max(0) as u64),
        };
        self.proofs.iter().map(proof).collect()
    }
}
