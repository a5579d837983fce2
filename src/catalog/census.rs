//! Every object once: who needs it and where it is. What planning and summing up begin with.

use super::stream::{COPIES, EVERY, Stream};
use super::tally::Claim;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Class, Day, DirectoryId, DiskIndex, DiskSet, Name, ObjectKey, Size, SnapshotId, Span, Standing};
use rusqlite::Row;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// One object with everything that follows from the rows that refer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CensusItem {
    /// The object.
    pub key: ObjectKey,
    /// Its length.
    pub size: Size,
    /// Bytes of it that are not holes.
    pub data: Size,
    /// Who needs it.
    pub class: Class,
    /// Whether a file of the newest state has it: its bytes are on the source.
    pub present: bool,
    /// The disks that hold it.
    pub disks: DiskSet,
    /// Those of them where it could not be read, or where a session was cut off that wrote it.
    pub doubtful: DiskSet,
    /// Those of them where reading failed after it had gone well: the copy is to be made again.
    pub unreadable: DiskSet,
}

/// What a look at every object comes by.
pub enum Seen<'s> {
    /// A file of the newest state has the next object: its directory and its name there.
    Name(DirectoryId, &'s [u8]),
    /// An object, all its names seen.
    Object(CensusItem),
}

impl Seen<'_> {
    fn object(self) -> Option<CensusItem> {
        match self {
            Self::Name(..) => None,
            Self::Object(item) => Some(item),
        }
    }
}

/// Which copies of a disk that there is count for what.
pub(super) struct Doubts([Option<i64>; DiskIndex::COUNT as usize]);

/// A directory of the newest state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryRow {
    /// Its id.
    pub id: DirectoryId,
    /// The directory it stands in.
    pub parent: DirectoryId,
    /// Its name there.
    pub name: Name,
}

impl Catalog {
    /// What the retention policy makes of the snapshots there are.
    pub fn standing(&self) -> Result<Standing> {
        Ok(self.retention()?.sort(&self.snapshots()?))
    }

    /// Visits every object in the order of the keys.
    pub fn census(&self, standing: &Standing, mut visit: impl FnMut(CensusItem) -> Result<()>) -> Result<()> {
        self.survey(standing, &EVERY, |seen, _| seen.object().map_or(Ok(()), &mut visit))
    }

    /// All objects in the order of the keys, in memory.
    pub fn objects(&self, standing: &Standing) -> Result<Vec<CensusItem>> {
        let half = |catalog: &Self, keys: RangeInclusive<i64>| {
            let mut items = Vec::new();
            catalog.survey(standing, &keys, |seen, _| {
                items.extend(seen.object());
                Ok(())
            })?;
            Ok(items)
        };
        let both = |mut lower: Vec<_>, upper| {
            lower.extend(upper);
            lower
        };
        self.halves(self.middle_object()?, half, both)
    }

    /// Visits every object in the order of the keys, each behind the names that it has in the newest
    /// state.
    pub fn census_by_name(&self, standing: &Standing, mut visit: impl FnMut(Seen<'_>) -> Result<()>) -> Result<()> {
        self.survey(standing, &EVERY, |seen, _| visit(seen))
    }

    /// Every object of a range with its claims: three sorted streams, merged.
    pub(super) fn survey(
        &self,
        standing: &Standing,
        range: &RangeInclusive<i64>,
        mut visit: impl FnMut(Seen<'_>, &[Claim]) -> Result<()>,
    ) -> Result<()> {
        let (suspects, doubts) = (self.suspect_objects()?, self.doubts()?);
        let (first, last) = (range.start(), range.end());
        let objects = "SELECT id, size, data FROM object WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
        let mut objects = self.connection.prepare(objects)?;
        let entries = "SELECT object, first, last, parent, name FROM entry
                       WHERE object IS NOT NULL AND object BETWEEN ?1 AND ?2 ORDER BY object";
        let mut entries = self.connection.prepare(entries)?;
        let mut copies = self.connection.prepare(COPIES)?;
        let (mut entries, mut copies) = (Stream::new(&mut entries, range)?, Stream::new(&mut copies, range)?);
        let mut claims = Vec::new();
        let mut rows = objects.query((first, last))?;
        while let Some(row) = rows.next()? {
            let mut item = CensusItem::of(row)?;
            entries.all_of(item.key, |row| {
                let span = Span { first: SnapshotId(row.get(1)?), last: row.get::<_, Option<i64>>(2)?.map(SnapshotId) };
                item.class = item.class.nearer(standing.class(span));
                item.present |= span.last.is_none();
                match span.last {
                    None => visit(Seen::Name(row.get(3)?, row.get_ref(4)?.as_blob().unwrap_or_default()), &[]),
                    Some(_) => Ok(()),
                }
            })?;
            claims.clear();
            copies.all_of(item.key, |row| {
                let claim = Claim::of(row, 1)?;
                claims.push(claim);
                doubts.note(&mut item, claim);
                Ok(())
            })?;
            if suspects.contains(&item.key) {
                item.class = Class::Live;
            }
            visit(Seen::Object(item), &claims)?;
        }
        Ok(())
    }

    /// About as many objects have smaller keys as have larger ones.
    pub(super) fn middle_object(&self) -> Result<i64> {
        let sql = "SELECT coalesce(max(id), 0) / 2 FROM object";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// Copies of a session that never closed are in doubt until they were looked at again.
    pub(super) fn doubts(&self) -> Result<Doubts> {
        let mut open = [None; DiskIndex::COUNT as usize];
        let mut statement = self.connection.prepare("SELECT id, CASE WHEN closed THEN 0 ELSE session END FROM disk")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(session) = row.get::<_, u8>(0).ok().and_then(|disk| open.get_mut(usize::from(disk))) {
                *session = Some(row.get(1)?);
            }
        }
        Ok(Doubts(open))
    }

    /// Who needs one object.
    pub fn class_of(&self, standing: &Standing, key: ObjectKey) -> Result<Class> {
        let sql = "SELECT 1 FROM suspect WHERE old_object = ?1";
        if self.connection.prepare_cached(sql)?.exists([key])? {
            return Ok(Class::Live);
        }
        let mut statement = self.connection.prepare_cached("SELECT first, last FROM entry WHERE object = ?1")?;
        let spans = statement.query_map([key], Span::of)?;
        Ok(rows::collect(spans)?.into_iter().map(|span| standing.class(span)).fold(Class::Orphan, Class::nearer))
    }

    fn suspect_objects(&self) -> Result<HashSet<ObjectKey>> {
        let mut statement = self.connection.prepare("SELECT old_object FROM suspect")?;
        let found = statement.query_map([], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// All directories of the newest state, in no order.
    pub fn directories(&self) -> Result<Vec<DirectoryRow>> {
        let sql = "SELECT directory, parent, name FROM entry WHERE directory IS NOT NULL AND last IS NULL";
        let mut statement = self.connection.prepare(sql)?;
        let found = statement.query_map([], |row| {
            let name = rows::name_of(row.get_ref(2)?.as_blob()?)?;
            Ok(DirectoryRow { id: row.get(0)?, parent: row.get(1)?, name })
        })?;
        rows::collect(found)
    }

    /// Visits the objects of the newest state as its files refer to them: by directory id, then
    /// by name.
    pub fn references(&self, mut visit: impl FnMut(DirectoryId, &[u8], ObjectKey)) -> Result<()> {
        // The plus keeps SQLite from the index over objects, which it takes even where told not to.
        let sql = "SELECT parent, name, object FROM entry WHERE +object IS NOT NULL AND last IS NULL
                   ORDER BY parent, name, first";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(row.get(0)?, row.get_ref(1)?.as_blob().unwrap_or_default(), row.get(2)?);
        }
        Ok(())
    }
}

impl CensusItem {
    /// From the columns id, size, data: nobody needs it, and it is nowhere.
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let size: Size = row.get(1)?;
        Ok(Self {
            key: row.get(0)?,
            size,
            data: row.get::<_, Option<Size>>(2)?.unwrap_or(size),
            class: Class::Orphan,
            present: false,
            disks: DiskSet::EMPTY,
            doubtful: DiskSet::EMPTY,
            unreadable: DiskSet::EMPTY,
        })
    }
}

impl Doubts {
    /// Whether a claim is one, and whether it is in doubt.
    pub(super) fn of(&self, claim: Claim) -> Option<bool> {
        let open = (*self.0.get(usize::from(claim.disk.get()))?)?;
        Some(claim.doubt || (claim.session > 0 && claim.session == open))
    }

    fn note(&self, item: &mut CensusItem, claim: Claim) {
        let Some(is_doubtful) = self.of(claim) else { return };
        item.disks = item.disks.with(claim.disk);
        if is_doubtful {
            item.doubtful = item.doubtful.with(claim.disk);
        }
        if claim.doubt && claim.proven > Day::NEVER {
            item.unreadable = item.unreadable.with(claim.disk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn files_are_visited_by_name_whatever_was_read_first() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
        catalog.connection.execute_batch("INSERT INTO owner VALUES (1, 0, 0, 0, x'', x'')").unwrap();
        let entry = "INSERT INTO entry VALUES (?1, ?2, 1, NULL, 0, NULL, ?3, 1, 0, 0, NULL, NULL, 0, 1, NULL, NULL,
                     NULL, 0, 1, 0)";
        for (key, (parent, name)) in (1_i64..).zip([(2, b"a"), (1, b"b"), (1, b"a")]) {
            let hash = [key as u8; 32];
            catalog.connection.execute("INSERT INTO object VALUES (?1, ?2, 1, NULL)", (key, hash)).unwrap();
            catalog.connection.execute(entry, (parent, name, key)).unwrap();
        }
        let mut keys = Vec::new();
        catalog.references(|_, _, key| keys.push(key)).unwrap();
        let expected: Vec<ObjectKey> = [3, 2, 1].into_iter().map(ObjectKey).collect();
        assert_eq!(keys, expected);
    }
}
