//! Which disks hold an object, for a look at very many: of the first few each is asked for, then all
//! are read in one pass, which takes a small part of the time that a question for each would.

use super::Catalog;
use crate::error::Result;
use crate::model::{DiskSet, ObjectKey};
use rusqlite::CachedStatement;
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// What a question for one object costs as much as in a pass, in objects.
const WORTH: i64 = 32;

/// So few are asked for one by one however small the catalog is.
const FEW: i64 = 4096;

/// Keys kept of each half, at most: two bytes each. Those beyond are asked for one by one.
const MOST: usize = 1 << 25;

/// The disks that hold objects, doubtful copies not counted.
pub struct Held<'c> {
    catalog: &'c Catalog,
    statement: CachedStatement<'c>,
    /// Questions until a pass is worth it.
    left: i64,
    all: Vec<Half>,
}

/// Objects from a key on, each with the number of a set of disks: of those there are few.
#[derive(Default)]
struct Half {
    start: i64,
    numbers: Vec<u16>,
    sets: Vec<DiskSet>,
    known: HashMap<DiskSet, u16>,
}

impl Catalog {
    /// To be asked for objects in turn.
    pub fn held(&self) -> Result<Held<'_>> {
        let sql = "SELECT coalesce(sum(1 << disk), 0) FROM copy WHERE object = ?1 AND NOT doubt";
        let left = (self.middle_object()? * 2 / WORTH).max(FEW);
        Ok(Held { catalog: self, statement: self.connection.prepare_cached(sql)?, left, all: Vec::new() })
    }

    fn half_held(&self, keys: &RangeInclusive<i64>) -> Result<Half> {
        let start = (*keys.start()).max(0);
        let mut half = Half { start, ..Half::default() };
        let sql = "SELECT object, disk FROM copy WHERE object BETWEEN ?1 AND ?2 AND NOT doubt ORDER BY object";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query((start, keys.end()))?;
        let (mut here, mut disks) = (start, DiskSet::EMPTY);
        while let Some(row) = rows.next()? {
            let (key, disk): (i64, i64) = (row.get(0)?, row.get(1)?);
            if key != here {
                half.put(here, disks);
                (here, disks) = (key, DiskSet::EMPTY);
            }
            if half.at(key).is_none() {
                return Ok(half);
            }
            disks.0 |= u32::try_from(disk).ok().and_then(|disk| 1_u64.checked_shl(disk)).unwrap_or_default();
        }
        half.put(here, disks);
        Ok(half)
    }
}

impl Held<'_> {
    /// The disks that hold an object.
    pub fn by(&mut self, key: ObjectKey) -> Result<DiskSet> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            let half = |catalog: &Catalog, keys: RangeInclusive<i64>| Ok(vec![catalog.half_held(&keys)?]);
            let both = |lower: Vec<_>, upper: Vec<_>| lower.into_iter().chain(upper).collect();
            self.all = self.catalog.halves(self.catalog.middle_object()?, half, both)?;
        }
        match self.all.iter().find_map(|half| half.of(key)) {
            Some(disks) => Ok(disks),
            None => Ok(DiskSet(self.statement.query_row([key], |row| row.get::<_, i64>(0))? as u64)),
        }
    }
}

impl Half {
    /// Where a key has its place; nowhere beyond the bound.
    fn at(&self, key: i64) -> Option<usize> {
        key.checked_sub(self.start).and_then(|at| usize::try_from(at).ok()).filter(|at| *at < MOST)
    }

    fn of(&self, key: ObjectKey) -> Option<DiskSet> {
        let number = self.numbers.get(self.at(key.0)?)?;
        self.sets.get(usize::from(*number)).copied()
    }

    fn put(&mut self, key: i64, disks: DiskSet) {
        let Some(at) = self.at(key) else { return };
        // Objects passed over have no copy. A number too many stands for no set, and so is asked for.
        let empty = self.number(DiskSet::EMPTY);
        self.numbers.resize(at, empty);
        let number = self.number(disks);
        self.numbers.push(number);
    }

    fn number(&mut self, disks: DiskSet) -> u16 {
        if let Some(number) = self.known.get(&disks) {
            return *number;
        }
        let number = u16::try_from(self.sets.len()).unwrap_or(u16::MAX);
        if number < u16::MAX {
            self.known.insert(disks, number);
            self.sets.push(disks);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn a_pass_says_what_questions_say() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
        catalog.connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let far = MOST as i64 * 3;
        let copies = [(1, 0, 0), (1, 63, 0), (2, 0, 1), (3, 0, 1), (3, 1, 0), (9, 2, 0), (far, 1, 0)];
        for (key, disk, doubt) in copies {
            catalog.connection.execute("INSERT INTO copy VALUES (?1, ?2, 0, 0, ?3)", (key, disk, doubt)).unwrap();
        }
        for middle in [0, 3, 9, 100] {
            let half = |range: RangeInclusive<i64>| catalog.half_held(&range).unwrap();
            let all = vec![half(i64::MIN..=middle - 1), half(middle..=i64::MAX)];
            assert!(all.iter().any(|half| half.of(ObjectKey(9)) == Some(DiskSet(4))), "{middle}");
            let mut passed = catalog.held().unwrap();
            passed.all = all;
            let mut asked = catalog.held().unwrap();
            for key in (0..12).chain([-1, far, far + 1]).map(ObjectKey) {
                assert_eq!(passed.by(key).unwrap(), asked.by(key).unwrap(), "{key:?} {middle}");
            }
        }
    }
}
