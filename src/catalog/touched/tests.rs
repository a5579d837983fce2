use super::super::{Catalog, FileRecord, TreeWriter};
use crate::model::disk_samples::disk;
use crate::model::{
    Bucket, Content, DirectoryId, Disk, History, Kind, Name, ObjectId, ObjectKey, Owner, Retention, Second, Size, Stat,
    Timestamp,
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

    fn put(&mut self, parent: DirectoryId, name: &str, kind: Kind, directory: Option<DirectoryId>, content: Content) {
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
    let mut world = World { catalog: &catalog, writer: None, directories: BTreeMap::new(), hour: 0, is_summed: false };
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
