//! What an update makes of the sums: counted for the objects that it touches, not for all.
//!
//! While an update writes, the sums are those of the state before it, and are marked so. What an
//! object adds to them is taken away before the first of its rows changes, and added again, as it is
//! by then, in the transaction in which the update ends. A change that somebody else makes meanwhile,
//! an end that never comes and too much to remember leave them in doubt: all is counted afresh then.

use super::tally::Tally;
use super::{Catalog, rows};
use crate::error::Result;
use crate::model::{Footprint, Kind, ObjectKey, SnapshotId, Standing};
use std::collections::HashSet;

/// So many objects are remembered at most; beyond that counting all of them is hardly more work.
const MOST: usize = 1 << 16;

/// The objects whose rows a run changes, and what that makes of the sums so far.
pub(super) struct Touched {
    /// What the policy made of the snapshots before.
    standing: Standing,
    /// The last object that there was before: later ones were no part of the sums.
    newest: ObjectKey,
    objects: HashSet<ObjectKey>,
    tally: Tally,
    entries: [i64; Kind::ALL.len()],
}

impl Touched {
    /// Nothing yet: what the policy makes of the snapshots, and the last object that there is.
    pub(super) fn new(standing: Standing, newest: ObjectKey) -> Self {
        let (objects, tally) = (HashSet::new(), Tally::of(Footprint::USUAL));
        Self { standing, newest, objects, tally, entries: [0; Kind::ALL.len()] }
    }

    /// Whether more was touched than is remembered.
    fn is_too_much(&self) -> bool {
        self.objects.len() > MOST
    }

    /// An object one of whose rows, or which itself, is about to change.
    pub(super) fn object(&mut self, catalog: &Catalog, key: ObjectKey) -> Result<()> {
        if self.is_too_much() || !self.objects.insert(key) || key > self.newest {
            return Ok(());
        }
        if let Some(before) = catalog.summed(&self.standing, key)? {
            self.tally.holding(-1, before.need, before.disks(), before.size);
        }
        Ok(())
    }

    /// Entries of a kind come into the newest state, or leave it (below 0).
    pub(super) fn entries(&mut self, kind: Kind, count: i64) {
        if let Ok(at) = usize::try_from(rows::kind_number(kind))
            && let Some(entries) = self.entries.get_mut(at)
        {
            *entries += count;
        }
    }

    /// Writes what has changed. False if the sums cannot be made true so.
    pub(super) fn write(mut self, catalog: &Catalog) -> Result<bool> {
        let standing = catalog.standing()?;
        for snapshot in self.standing.changed_needs(&standing) {
            let left = MOST.saturating_sub(self.objects.len());
            for key in catalog.objects_behind(snapshot, left)? {
                self.object(catalog, key)?;
            }
        }
        if self.is_too_much() {
            return Ok(false);
        }
        for key in &self.objects {
            if let Some(now) = catalog.summed(&standing, *key)? {
                self.tally.holding(1, now.need, now.disks(), now.size);
            }
        }
        self.tally.write(catalog)?;
        catalog.add_entries(&self.entries)?;
        Ok(true)
    }
}

impl Catalog {
    /// Marks the sums as those of the state before a change that knows what it changes of them. What
    /// is in doubt already, or was marked by a run that never came to its end, is in doubt.
    pub(super) fn begin_changing_sums(&self) -> Result<()> {
        let sql = "UPDATE catalog SET holdings_true = CASE holdings_true WHEN 1 THEN 2 ELSE 0 END";
        self.connection.execute(sql, [])?;
        Ok(())
    }

    /// Makes the sums true again by what a change has touched. Where they are not those of the state
    /// before it any more, because somebody else counted or changed something, they are in doubt.
    pub(super) fn end_changing_sums(&self, touched: Touched) -> Result<()> {
        let sql = "SELECT holdings_true = 2 FROM catalog";
        let is_marked: bool = self.connection.query_row(sql, [], |row| row.get(0))?;
        if !is_marked || !touched.write(self)? || !self.sums_have_all_objects()? {
            return self.doubt_holdings();
        }
        self.connection.execute("UPDATE catalog SET holdings_true = 1", [])?;
        Ok(())
    }

    /// Whether the sums are over as many objects as there are: a look that costs little, and sees
    /// most of what can be wrong with them.
    fn sums_have_all_objects(&self) -> Result<bool> {
        let sql = "SELECT (SELECT coalesce(sum(objects), 0) FROM holding) = (SELECT count(*) FROM object)";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }

    /// Objects of rows that were closed and show a snapshot, one more than asked for at most.
    fn objects_behind(&self, snapshot: SnapshotId, most: usize) -> Result<Vec<ObjectKey>> {
        let sql = "SELECT DISTINCT object FROM entry INDEXED BY entry_closed
                   WHERE last >= ?1 AND first <= ?1 AND object IS NOT NULL LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let found = statement.query_map((snapshot, most), |row| row.get(0))?;
        rows::collect(found)
    }

    fn add_entries(&self, changes: &[i64; Kind::ALL.len()]) -> Result<()> {
        let sql = "INSERT INTO entry_count VALUES (?1, ?2) ON CONFLICT DO UPDATE SET entries = entries + ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        for (kind, change) in Kind::ALL.iter().zip(changes).filter(|(_, change)| **change != 0) {
            statement.execute((rows::kind_number(*kind), change))?;
        }
        self.connection.execute("DELETE FROM entry_count WHERE entries = 0", [])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Catalog, FileRecord, TreeWriter};
    use crate::model::disk_samples::disk;
    use crate::model::{
        Bucket, Content, DirectoryId, Disk, History, Kind, Name, ObjectId, ObjectKey, Owner, Retention, Second, Size,
        Stat, Timestamp,
    };
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    /// What may happen to a tree of three directories with a few names and contents.
    #[derive(Clone, Debug)]
    enum Step {
        /// A file with some content; 0: it is empty.
        File(usize, u8, u8),
        /// What stands there goes.
        Close(usize, u8),
        /// A directory goes with all in it; `true`: a file stands in its place.
        Directory(usize, bool),
        /// A copy of some content comes to some disk.
        Copy(u8, u8),
        /// The update ends; a later one is another state.
        End,
        /// Another policy.
        Policy(u8),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            8 => (0..3_usize, 0..4_u8, 0..6_u8).prop_map(|(directory, name, content)| Step::File(directory, name, content)),
            3 => (0..3_usize, 0..4_u8).prop_map(|(directory, name)| Step::Close(directory, name)),
            1 => (1..3_usize, any::<bool>()).prop_map(|(directory, replaced)| Step::Directory(directory, replaced)),
            1 => (1..6_u8, 0..2_u8).prop_map(|(content, disk)| Step::Copy(content, disk)),
            5 => Just(Step::End),
            1 => (0..5_u8).prop_map(Step::Policy),
        ];
        prop::collection::vec(step, 1..60)
    }

    fn policy(number: u8) -> Retention {
        let daily = |count| {
            let mut keep = [0; Bucket::ALL.len()];
            keep[1] = count;
            Retention { keep, ..Retention::NEWEST }
        };
        match number {
            0 => Retention::default(),
            1 => Retention::NEWEST,
            2 => Retention { keep_last: 3, ..Retention::NEWEST },
            3 => Retention { history: History::BestEffort, ..daily(2) },
            _ => Retention { fill: true, ..daily(2) },
        }
    }

    fn numbered(index: u8) -> Disk {
        let (name, uuid) = (format!("disk-{index}").parse().unwrap(), Uuid::from_u128(u128::from(index)));
        Disk { uuid, name, ..disk(i64::from(index), "", "") }
    }

    struct World<'c> {
        catalog: &'c Catalog,
        writer: Option<TreeWriter<'c>>,
        directories: BTreeMap<usize, DirectoryId>,
        hour: i64,
        is_summed: bool,
    }

    impl<'c> World<'c> {
        fn writer(&mut self) -> &TreeWriter<'c> {
            let now = Timestamp::new(self.hour * 3_600, 0);
            self.writer.get_or_insert_with(|| TreeWriter::new(self.catalog, now, 0).unwrap())
        }

        fn put(
            &mut self,
            parent: DirectoryId,
            name: &str,
            kind: Kind,
            directory: Option<DirectoryId>,
            content: Content,
        ) {
            let stat = Stat {
                kind,
                size: if content == Content::None { Size::ZERO } else { Size(7) },
                allocated: Size::ZERO,
                mtime: Timestamp::new(0, 0),
                ctime: Timestamp::new(0, 0),
                birth: None,
                inode: 1,
                device: 1,
                mode: 0o644,
                uid: 0,
                gid: 0,
                links: 1,
                node: 0,
            };
            let owner = Owner { mode: 0o644, uid: 0, gid: 0, user: Vec::new(), group: Vec::new() };
            let record = FileRecord {
                parent,
                name: Name::new(name.as_bytes()).unwrap(),
                directory,
                stat,
                file_system: None,
                owner,
                xattrs: Vec::new(),
                target: Vec::new(),
                content,
                settled: true,
                hashed: Second(1),
            };
            self.writer().put(&record).unwrap();
        }

        fn object(&mut self, content: u8) -> ObjectKey {
            self.writer();
            self.catalog.begin().unwrap();
            self.catalog.object_key(ObjectId::new([content; 32]), Size(7), Size(7)).unwrap()
        }

        fn directory(&mut self, number: usize) -> DirectoryId {
            if number == 0 {
                return DirectoryId::ROOT;
            }
            if let Some(id) = self.directories.get(&number) {
                return *id;
            }
            let id = self.writer().new_directory().unwrap();
            self.put(DirectoryId::ROOT, &format!("d{number}"), Kind::Directory, Some(id), Content::None);
            self.directories.insert(number, id);
            id
        }

        fn step(&mut self, step: &Step) {
            match *step {
                Step::File(directory, name, content) => {
                    let parent = self.directory(directory);
                    let content = if content == 0 { Content::None } else { Content::Object(self.object(content)) };
                    self.put(parent, &format!("f{name}"), Kind::File, None, content);
                }
                Step::Close(directory, name) => {
                    let parent = self.directory(directory);
                    let name = Name::new(format!("f{name}").as_bytes()).unwrap();
                    self.writer().close(parent, &name, None).unwrap();
                }
                Step::Directory(number, replaced) => {
                    let Some(id) = self.directories.remove(&number) else { return };
                    let name = format!("d{number}");
                    if replaced {
                        self.put(DirectoryId::ROOT, &name, Kind::File, None, Content::None);
                    }
                    let known = (!replaced).then_some(id);
                    self.writer().close(DirectoryId::ROOT, &Name::new(name.as_bytes()).unwrap(), known).unwrap();
                }
                Step::Copy(content, disk) => self.copy(content, disk),
                Step::End => self.end(),
                Step::Policy(number) => {
                    self.end();
                    self.catalog.set_retention(&policy(number)).unwrap();
                    self.is_summed = false;
                }
            }
        }

        fn copy(&mut self, content: u8, disk: u8) {
            self.end();
            if let Some(key) = self.catalog.find_object(ObjectId::new([content; 32])).unwrap() {
                let sql = "INSERT OR IGNORE INTO copy VALUES (?1, ?2, 0, 1, 0)";
                self.catalog.connection.execute(sql, (key, disk)).unwrap();
                self.catalog.recount_holdings().unwrap();
                self.is_summed = true;
            }
        }

        /// As an update ends, and what no policy holds is forgotten.
        fn end(&mut self) {
            self.hour += 13;
            let Some(writer) = self.writer.take() else { return };
            self.catalog.begin().unwrap();
            if let Some(snapshot) = writer.snapshot() {
                self.catalog.finish_snapshot(snapshot, true, 0).unwrap();
            }
            writer.sum_up().unwrap();
            self.catalog.commit().unwrap();
            self.is_true();
            self.catalog.forget(|catalog| Ok(catalog.standing()?.forgotten)).unwrap();
            self.is_true();
            if !self.is_summed {
                self.catalog.recount_holdings().unwrap();
                self.is_summed = true;
            }
        }

        fn is_true(&self) {
            assert_eq!(self.catalog.holdings_are_true().unwrap(), self.is_summed);
            assert_eq!(self.catalog.wrong_sums().unwrap(), 0);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn sums_are_what_counting_gives(steps in steps()) {
            let folder = tempfile::tempdir().unwrap();
            let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
            catalog.connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF").unwrap();
            (0..2).for_each(|index| catalog.put_disk(&numbered(index)).unwrap());
            catalog.recount_holdings().unwrap();
            let directories = BTreeMap::new();
            let mut world = World { catalog: &catalog, writer: None, directories, hour: 0, is_summed: true };
            steps.iter().for_each(|step| world.step(step));
            world.end();
        }
    }

    #[test]
    fn sums_that_somebody_else_doubts_are_not_made_true() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open_or_create(folder.path(), Timestamp::new(0, 0)).unwrap();
        catalog.connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        catalog.recount_holdings().unwrap();
        let mut world =
            World { catalog: &catalog, writer: None, directories: BTreeMap::new(), hour: 0, is_summed: false };
        world.step(&Step::File(0, 1, 1));
        catalog.commit().unwrap();
        assert!(!catalog.holdings_are_true().unwrap());
        catalog.set_retention(&policy(2)).unwrap();
        world.end();
        assert!(catalog.holdings_are_true().unwrap() && catalog.wrong_sums().unwrap() == 0);

        // An update that never came to its end leaves them in doubt for the next one too.
        world.step(&Step::File(0, 2, 2));
        catalog.commit().unwrap();
        world.writer = None;
        world.is_summed = false;
        world.step(&Step::File(0, 3, 3));
        world.end();

        // Somebody else counts in the midst of it.
        world.step(&Step::File(0, 2, 4));
        catalog.commit().unwrap();
        catalog.recount_holdings().unwrap();
        world.step(&Step::File(0, 3, 5));
        world.is_summed = false;
        world.end();
        assert!(catalog.holdings_are_true().unwrap() && catalog.wrong_sums().unwrap() == 0);

        // Sums that were lost are noticed.
        catalog.connection.execute("DELETE FROM holding", []).unwrap();
        world.step(&Step::File(0, 3, 4));
        world.is_summed = false;
        world.end();
        assert_eq!(catalog.wrong_sums().unwrap(), 0);
    }
}
