//! A home entered into a catalog as the first update would enter it, and spread over disks, without
//! any file.

use super::home::{Entry, File, Home, Spec, What};
use super::random::Random;
use dsb::catalog::{Catalog, FileRecord, TreeWriter};
use dsb::error::Result;
use dsb::model::{
    Amount, Content, Day, DirectoryId, Disk, DiskIndex, Fanout, FileSystemId, Footprint, Kind, Medium, Name, ObjectKey,
    Owner, Second, SessionStamp, Size, Stat, Timestamp, VPath,
};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The disks that the content is on.
#[derive(Clone, Copy, Debug)]
pub struct Shelf {
    /// Up to 64.
    pub disks: u8,
    /// Of each object.
    pub copies: u8,
}

/// What was entered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Made {
    pub files: u64,
    pub directories: u64,
    pub symlinks: u64,
    /// Distinct contents.
    pub objects: Amount,
    pub copies: u64,
}

/// How an object gets its name.
pub type Naming = fn(super::content::Content, &Spec) -> dsb::model::ObjectId;

/// Makes a catalog in a folder that has none. `home`: where the tree would be, or is.
pub fn make(spec: &Spec, shelf: Shelf, folder: &Path, home: &Path, naming: Naming) -> Result<Made> {
    std::fs::create_dir_all(folder).expect("the folder of the catalog can be made");
    let now = Timestamp::new(1_767_225_600, 0);
    let catalog = Catalog::create_aside(folder.join(dsb::catalog::FILE_NAME), now)?;
    let vpath: VPath = "/home".parse().expect("a virtual path");
    catalog.map_source(&vpath, home)?;
    let file_system = catalog.file_system_id("uuid:generated", true)?;
    let mut entering = Entering {
        spec,
        shelf,
        naming,
        catalog: &catalog,
        writer: TreeWriter::new(&catalog, now, 0)?,
        file_system,
        now,
        made: Made::default(),
        held: [0; 64],
    };
    entering.disks()?;
    entering.scan()?;
    entering.read()?;
    let (made, snapshot) = (entering.made, entering.writer.snapshot());
    entering.disks()?;
    if let Some(snapshot) = snapshot {
        catalog.finish_snapshot(snapshot, true, 0)?;
    }
    catalog.raise_generation()?;
    catalog.mark_scanned(&vpath, file_system, now)?;
    catalog.commit()?;
    catalog.recount_holdings()?;
    catalog.note_growth(now.day())?;
    Ok(made)
}

struct Entering<'c> {
    spec: &'c Spec,
    shelf: Shelf,
    naming: Naming,
    catalog: &'c Catalog,
    writer: TreeWriter<'c>,
    file_system: FileSystemId,
    now: Timestamp,
    made: Made,
    /// Bytes on each disk.
    held: [u64; 64],
}

impl Entering<'_> {
    /// As the scan of an update does: directories and symlinks, and all of them before any file.
    fn scan(&mut self) -> Result<()> {
        let home = Home::new(self.spec);
        if let Some(root) = home.root() {
            let stat = stat(Kind::Directory, Size::ZERO, root.mtime, 2);
            let record = self.record(DirectoryId::ROOT, "home", stat);
            self.directory(record, root.id)?;
        }
        for entry in home {
            match &entry.what {
                What::Directory(directory) => {
                    let record = self.of(&entry, Kind::Directory, Size::ZERO);
                    self.directory(record, directory.id)?;
                }
                What::Symlink(target) => {
                    self.made.symlinks += 1;
                    let record = self.of(&entry, Kind::Symlink, Size::ZERO);
                    self.writer.put(&FileRecord { target: target.clone().into_bytes(), ..record })?;
                }
                What::File(_) => {}
            }
        }
        Ok(())
    }

    fn directory(&mut self, record: FileRecord, number: u64) -> Result<()> {
        self.made.directories += 1;
        let id = self.writer.new_directory()?;
        assert_eq!(id.0, number as i64, "directories are numbered alike");
        let mut record = FileRecord { directory: Some(id), ..record };
        record.owner.mode = 0o755;
        self.writer.put(&record)?;
        Ok(())
    }

    /// As an update does once all was scanned: the files, about as they lie on a disk.
    fn read(&mut self) -> Result<()> {
        for entry in Home::new(self.spec) {
            let What::File(file) = &entry.what else { continue };
            let size = Size(file.content.map_or(0, |content| content.size(self.spec)));
            let mut record = self.of(&entry, Kind::File, size);
            record.owner.mode = file.mode;
            record.stat.links = file.links;
            record.hashed = self.now.second();
            if let Some(content) = file.content {
                let key = self.catalog.object_key((self.naming)(content, self.spec), size, size)?;
                record.content = Content::Object(key);
                self.back_up(file, key, size, entry.folder.id)?;
            }
            self.writer.put(&record)?;
            self.made.files += 1;
            if self.made.files.is_multiple_of(1_000_000) {
                eprintln!("{} files", self.made.files);
            }
        }
        Ok(())
    }

    /// What stands in one directory mostly goes onto the same disks.
    fn back_up(&mut self, file: &File, key: ObjectKey, size: Size, directory: u64) -> Result<()> {
        if !file.fresh {
            return Ok(());
        }
        self.made.objects += Amount::one(size);
        let disks = usize::from(self.shelf.disks);
        let mut random = Random::new(self.spec.seed ^ (directory / 16) << 8);
        let first = if disks == 0 { 0 } else { random.below(disks) };
        for copy in 0..usize::from(self.shelf.copies).min(disks) {
            let disk = index((first + copy * 5 % disks) % disks);
            let day = Day(self.now.day().0 - i64::from(disk.get()));
            self.catalog.claim(disk, 1, day, &[key])?;
            self.made.copies += 1;
            self.held[usize::from(disk.get())] += Footprint::USUAL.of(size, size).bytes();
        }
        Ok(())
    }

    fn of(&self, entry: &Entry, kind: Kind, size: Size) -> FileRecord {
        let stat = stat(kind, size, entry.mtime, entry.inode);
        self.record(DirectoryId(entry.folder.id as i64), &entry.name, stat)
    }

    fn record(&self, parent: DirectoryId, name: &str, stat: Stat) -> FileRecord {
        let (user, group) = (b"me".to_vec(), b"me".to_vec());
        FileRecord {
            parent,
            name: Name::new(name.as_bytes()).expect("generated names are names"),
            directory: None,
            stat,
            file_system: Some(self.file_system),
            owner: Owner { mode: 0o777, uid: 1000, gid: 1000, user, group },
            xattrs: Vec::new(),
            target: Vec::new(),
            content: Content::None,
            settled: true,
            hashed: Second(0),
        }
    }

    /// All disks, each with room for what it holds and a tenth of that more.
    fn disks(&self) -> Result<()> {
        let disks = (0..self.shelf.disks).zip(self.held);
        let budget = |held: u64| Size(held + held / 10 + (1 << 30)).round_up(4096);
        disks.into_iter().try_for_each(|(number, held)| self.catalog.put_disk(&disk(number, budget(held), self.now)))
    }
}

fn index(number: usize) -> DiskIndex {
    DiskIndex::new(number as i64).expect("at most 64 disks")
}

fn disk(number: u8, budget: Size, now: Timestamp) -> Disk {
    let name = format!("shelf-{:02}", number + 1);
    let uuid = Uuid::from_u128(0x6473_6200_0000_4000_8000_0000_0000_0000 + u128::from(number));
    let fs_type = "ext4".to_owned();
    let size = Size(budget.bytes() + budget.bytes() / 19);
    let free = Size(budget.bytes() / 8);
    let medium = Medium { label: name.clone(), fs_uuid: uuid.to_string(), fs_type, size, free, ..Medium::default() };
    Disk {
        index: index(number.into()),
        uuid,
        path: PathBuf::from(format!("/media/{name}/dsb")),
        name: name.parse().expect("a name of a disk"),
        budget,
        reserve: Size(budget.bytes() / 50),
        reserve_used: Size(budget.bytes() / 100),
        footprint: Footprint::USUAL,
        medium,
        last_seen: Some(now.days_before(number.into())),
        last_written: Some(now.days_before(number.into())),
        generation: 1,
        session: SessionStamp { number: 1, nonce: 1 },
        pending: None,
        closed: true,
        same_device: false,
        group: None,
        tree: false,
        tree_taken: Some(Size::ZERO),
        fanout: Fanout::Three,
        unconfirmed: false,
    }
}

fn stat(kind: Kind, size: Size, mtime: i64, inode: u64) -> Stat {
    // Files come to a new machine all within an hour or two.
    let ctime = Timestamp(1_740_000_000_000_000_000 + inode as i64 * 123_457);
    Stat {
        kind,
        size,
        allocated: size.round_up(4096),
        mtime: Timestamp(mtime),
        ctime,
        birth: Some(Timestamp(ctime.0 - 98_765)),
        inode,
        device: 1,
        mode: 0,
        uid: 1000,
        gid: 1000,
        links: 1,
        node: 0,
    }
}
