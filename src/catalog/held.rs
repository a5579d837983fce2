//! Which disks hold an object, for a look at very many: of the first few of those that stand together
//! each is asked for, then all of them are read at once, which takes a small part of the time that a
//! question for each would.

use super::Catalog;
use crate::error::Result;
use crate::model::{DiskSet, ObjectKey};
use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Keys that are read at once.
const BLOCK: i64 = 1 << 14;

/// Questions for some of them that cost as much as that.
const WORTH: u32 = 64;

/// Keys kept, at most: two bytes each. Those beyond are asked for one by one.
const MOST: i64 = 1 << 26;

/// The disks that hold objects, doubtful copies not counted. Several threads may ask.
pub struct Held {
    blocks: Vec<Block>,
    questions: Questions,
}

/// Asked again and again, so they say what never came to its end, and join no table for it.
struct Questions {
    one: String,
    many: String,
}

/// Objects that stand together.
#[derive(Default)]
struct Block {
    asked: AtomicU32,
    all: OnceLock<Sets>,
}

/// For each of the keys of a block the number of a set of disks: of those there are few.
struct Sets {
    numbers: Vec<u16>,
    /// The first is that of no disk.
    disks: Vec<DiskSet>,
    known: HashMap<DiskSet, u16>,
    /// Which was asked for last: neighbours are often on the same disks.
    last: (DiskSet, u16),
}

impl Catalog {
    /// To be asked for objects in turn.
    pub fn held(&self) -> Result<Held> {
        let sql = "SELECT coalesce(max(id), 0) FROM object";
        let last: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        let blocks = last.clamp(0, MOST - 1) / BLOCK + 1;
        Ok(Held { blocks: (0..blocks).map(|_| Block::default()).collect(), questions: self.questions()? })
    }

    fn questions(&self) -> Result<Questions> {
        let open = "SELECT coalesce(group_concat(printf(' AND NOT (disk = %d AND session = %d)', id, session), ''), '')
                    FROM disk WHERE NOT closed AND session > 0";
        let open: String = self.connection.query_row(open, [], |row| row.get(0))?;
        let one = format!("SELECT coalesce(sum(1 << disk), 0) FROM copy WHERE object = ?1 AND NOT doubt{open}");
        let order = "ORDER BY object";
        let many = format!("SELECT object, disk FROM copy WHERE object BETWEEN ?1 AND ?2 AND NOT doubt{open} {order}");
        Ok(Questions { one, many })
    }

    fn held_one(&self, questions: &Questions, key: ObjectKey) -> Result<DiskSet> {
        let mut statement = self.connection.prepare_cached(&questions.one)?;
        Ok(DiskSet(statement.query_row([key], |row| row.get::<_, i64>(0))? as u64))
    }

    fn held_from(&self, questions: &Questions, start: i64) -> Result<Sets> {
        let mut statement = self.connection.prepare_cached(&questions.many)?;
        let mut rows = statement.query((start, start + BLOCK - 1))?;
        let (mut sets, mut here, mut disks) = (Sets::new(), start, DiskSet::EMPTY);
        while let Some(row) = rows.next()? {
            let (key, disk): (i64, i64) = (row.get(0)?, row.get(1)?);
            if key != here {
                sets.put((here - start) as usize, disks);
                (here, disks) = (key, DiskSet::EMPTY);
            }
            disks.0 |= u32::try_from(disk).ok().and_then(|disk| 1_u64.checked_shl(disk)).unwrap_or_default();
        }
        sets.put((here - start) as usize, disks);
        // Those behind the last that has a copy have none.
        sets.numbers.resize(BLOCK as usize, 0);
        // Only needed so far.
        sets.known = HashMap::new();
        Ok(sets)
    }
}

impl Held {
    /// The disks that hold an object of this catalog.
    pub fn by(&self, catalog: &Catalog, key: ObjectKey) -> Result<DiskSet> {
        let block = usize::try_from(key.0 / BLOCK).ok().filter(|_| key.0 >= 0).and_then(|at| self.blocks.get(at));
        let known = match block {
            Some(block) => block.set(catalog, &self.questions, key)?,
            None => None,
        };
        known.map_or_else(|| catalog.held_one(&self.questions, key), Ok)
    }
}

impl Block {
    /// What is known of a key.
    fn set(&self, catalog: &Catalog, questions: &Questions, key: ObjectKey) -> Result<Option<DiskSet>> {
        // Others ask one by one while one thread reads all.
        if self.all.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) == WORTH {
            let _ = self.all.set(catalog.held_from(questions, key.0 / BLOCK * BLOCK)?);
        }
        Ok(self.all.get().and_then(|sets| sets.of((key.0 % BLOCK) as usize)))
    }
}

impl Sets {
    fn new() -> Self {
        let none = (DiskSet::EMPTY, 0);
        Self { numbers: Vec::new(), disks: vec![none.0], known: HashMap::from([none]), last: none }
    }

    fn of(&self, at: usize) -> Option<DiskSet> {
        let number = self.numbers.get(at)?;
        self.disks.get(usize::from(*number)).copied()
    }

    fn put(&mut self, at: usize, disks: DiskSet) {
        // Objects passed over have no copy.
        self.numbers.resize(at, 0);
        let number = self.number(disks);
        self.numbers.push(number);
    }

    /// There are at most as many sets as keys in a block, and one more.
    fn number(&mut self, disks: DiskSet) -> u16 {
        if self.last.0 == disks {
            return self.last.1;
        }
        let number = *self.known.entry(disks).or_insert_with(|| {
            self.disks.push(disks);
            (self.disks.len() - 1) as u16
        });
        self.last = (disks, number);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn what_is_read_at_once_is_what_questions_say() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
        catalog.connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let far = MOST * 3;
        let copies = [(1, 0, 0), (1, 63, 0), (2, 0, 1), (3, 0, 1), (3, 1, 0), (9, 2, 0), (10, 2, 0)];
        let copies = copies.into_iter().chain([(11, 0, 0), (11, 63, 0), (BLOCK, 3, 0), (far, 1, 0)]);
        for (key, disk, doubt) in copies {
            catalog.connection.execute("INSERT INTO copy VALUES (?1, ?2, 0, 0, ?3)", (key, disk, doubt)).unwrap();
        }
        let held = Held { blocks: (0..2).map(|_| Block::default()).collect(), ..catalog.held().unwrap() };
        let keys = (0..12).chain([-1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, far, far + 1]).map(ObjectKey);
        for key in keys.cycle().take(WORTH as usize * 19) {
            assert_eq!(held.by(&catalog, key).unwrap(), catalog.held_one(&held.questions, key).unwrap(), "{key:?}");
        }
        assert!(held.blocks.iter().all(|block| block.all.get().is_some()));
    }
}
