//! The catalog's copies on a disk: two complete ones at rest, whatever happens in between.
//!
//! A copy is complete if its SHA-256 is the one in the file beside it. That file is always put
//! in place first, so a crash between the two leaves a copy that is known to be incomplete.
//!
//! `distbackup.sqlite` is the newest; the numbered ones are older, the highest number last
//! written. Where renaming over a file is not safe all copies are numbered.

use super::Attached;
use super::store::allocated;
use crate::digest::{self, BUFFER};
use crate::error::{self, Error, Result};
use crate::model::{Kind, ObjectId, Size, Stat, escape};
use crate::os;
use std::cmp::Reverse;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// The name of the newest copy.
const NEWEST: &str = "distbackup.sqlite";
/// What the name of a copy's hash file ends with.
const HASH: &str = ".sha256";
/// What distbackup's own catalog on a disk is called once dsb writes there: kept for going back.
const KEPT: &str = "distbackup-1.0.20.sqlite";
/// The first bytes of every SQLite file.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where in such a file its `application_id` stands, and dsb's own: see docs/format.md.
const APPLICATION_AT: usize = 68;
const APPLICATION: &[u8] = b"dsbC";
/// A file of nothing but holes is believed as if it took so much.
const HOLLOW: Size = Size(1 << 20);
/// What tells a person without dsb how to read the disk: the second where somebody else has the first.
const READMES: [&str; 2] = ["README.txt", "README-dsb.txt"];

/// A copy's name, ordered from the newest to the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CopyName {
    Newest,
    Numbered(Reverse<u64>),
}

impl CopyName {
    fn of(name: &[u8]) -> Option<Self> {
        let stem = std::str::from_utf8(name).ok()?.strip_prefix("distbackup.")?;
        if stem == "sqlite" {
            return Some(Self::Newest);
        }
        let digits = stem.strip_suffix(".sqlite").filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
        // A number with zeros in front is not how dsb writes it, and would not be found again.
        let number: u64 = digits.parse().ok()?;
        (number.to_string() == digits).then_some(Self::Numbered(Reverse(number)))
    }

    pub(super) fn file(self) -> String {
        match self {
            Self::Newest => NEWEST.to_owned(),
            Self::Numbered(Reverse(number)) => format!("distbackup.{number}.sqlite"),
        }
    }

    pub(super) fn hash_file(self) -> String {
        self.file() + HASH
    }
}

/// What a look at one copy tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    Complete,
    /// Nothing says what its hash should be: distbackup 1.x wrote it.
    Unhashed,
    Damaged,
}

impl Attached {
    /// Gives distbackup's own catalog another name before dsb's takes its place. It is for going
    /// back, and never written over.
    pub fn keep_distbackup_catalog(&self) -> Result<()> {
        self.keep_foreign().map_err(|error| self.failed("keep the catalog of distbackup on", &error))
    }

    pub(super) fn keep_foreign(&self) -> io::Result<()> {
        if !self.is_foreign()? {
            return Ok(());
        }
        let place = |name: &'static str| (self.root(), OsStr::new(name));
        match os::rename_new(place(NEWEST), place(KEPT)) {
            // The one that is kept came first: a later one goes the way of all copies.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            renamed => renamed.and_then(|()| os::fsync(self.root())),
        }
    }

    /// Whether the catalog in the newest copy's place is a database, but none of dsb.
    fn is_foreign(&self) -> io::Result<bool> {
        let file = match os::open_file_beneath(self.root(), NEWEST.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            file => file?,
        };
        if os::stat(file.as_fd())?.kind != Kind::File {
            return Ok(false);
        }
        let mut head = Vec::new();
        file.take(100).read_to_end(&mut head)?;
        let application = head.get(APPLICATION_AT..APPLICATION_AT + APPLICATION.len());
        Ok(head.starts_with(MAGIC) && application.is_some_and(|found| found != APPLICATION))
    }

    /// Bytes allocated for distbackup's own catalog; what cannot be read counts for nothing.
    pub fn distbackup_catalog_size(&self) -> Size {
        allocated(self.root(), |name| name == KEPT.as_bytes())
    }

    /// The newest complete copy, else the newest that has no hash file, and its hash. Reads no
    /// more copies than it must: they are large.
    pub(super) fn best(&self) -> io::Result<Option<(CopyName, ObjectId)>> {
        let names = self.copy_names()?;
        let hash = |name: CopyName| Some((name, self.hash_copy(name).ok()?));
        let complete = |name: &CopyName| {
            let expected = self.expected_hash(*name).ok()?;
            hash(*name).filter(|(_, found)| *found == expected)
        };
        let unhashed = |name: &CopyName| {
            let error = self.expected_hash(*name).err()?;
            (error.kind() == io::ErrorKind::NotFound).then(|| hash(*name))?
        };
        Ok(names.iter().find_map(complete).or_else(|| names.iter().find_map(unhashed)))
    }

    /// A number that is higher than all there are, `wanted` if it is.
    pub(super) fn free_number(&self, wanted: u64) -> io::Result<CopyName> {
        let numbers = self.copy_names()?.into_iter().map(|name| match name {
            CopyName::Newest => 0,
            CopyName::Numbered(Reverse(number)) => number.saturating_add(1),
        });
        Ok(CopyName::Numbered(Reverse(numbers.max().unwrap_or_default().max(wanted))))
    }

    /// Removes copies with their hash files, the copy first.
    pub(super) fn remove_copies(&self, unwanted: &dyn Fn(CopyName) -> bool) -> io::Result<()> {
        for name in self.copy_names()?.into_iter().filter(|name| unwanted(*name)) {
            match self.remove(&name.file()) {
                // Not ours, whatever its name.
                Err(error) if error.kind() == io::ErrorKind::IsADirectory => {}
                removed => removed.and_then(|()| self.remove(&name.hash_file()))?,
            }
        }
        Ok(())
    }

    /// The names of all copies and of hash files that lost theirs, newest first.
    fn copy_names(&self) -> io::Result<Vec<CopyName>> {
        let names = os::names(self.root())?;
        let of = |name: &[u8]| CopyName::of(name.strip_suffix(HASH.as_bytes()).unwrap_or(name));
        let mut copies: Vec<_> = names.iter().filter_map(|name| of(name)).collect();
        copies.sort_unstable();
        copies.dedup();
        Ok(copies)
    }

    /// All copies with their condition, the best first, the newest of equals first.
    fn copies(&self) -> io::Result<Vec<(CopyName, Condition)>> {
        let names = self.copy_names()?.into_iter();
        let mut copies: Vec<_> = names.map(|name| (name, self.condition(name))).collect();
        copies.sort_by_key(|(name, condition)| (*condition, *name));
        Ok(copies)
    }

    fn condition(&self, name: CopyName) -> Condition {
        match (self.expected_hash(name), self.hash_copy(name)) {
            (Ok(expected), Ok(found)) if expected == found => Condition::Complete,
            (Err(error), Ok(_)) if error.kind() == io::ErrorKind::NotFound => Condition::Unhashed,
            _ => Condition::Damaged,
        }
    }

    fn expected_hash(&self, name: CopyName) -> io::Result<ObjectId> {
        let file = os::open_file_beneath(self.root(), name.hash_file().as_bytes())?;
        let mut text = String::new();
        file.take(1024).read_to_string(&mut text)?;
        let hash = text.split_ascii_whitespace().next().unwrap_or_default();
        hash.parse().map_err(|_| io::ErrorKind::InvalidData.into())
    }

    /// Whether a file is long without being large. No copy is written with holes, and reading
    /// terabytes of nothing would take hours before the next copy is tried.
    fn is_hollow(&self, stat: &Stat) -> io::Result<bool> {
        let most = stat.allocated.max(HOLLOW).times(64);
        Ok(stat.size > os::file_system(self.root())?.size || self.habits.keeps_holes && stat.size > most)
    }

    fn hash_copy(&self, name: CopyName) -> io::Result<ObjectId> {
        let mut file = os::open_file_beneath(self.root(), name.file().as_bytes())?;
        let stat = os::stat(file.as_fd())?;
        if stat.kind != Kind::File || self.is_hollow(&stat)? {
            return Err(io::ErrorKind::InvalidData.into());
        }
        // What was just written proves nothing of the medium.
        os::advise(&file, os::Advice::DontNeed);
        digest::hash_stream(&mut file, Size::MAX, &mut vec![0; BUFFER], |_| Ok(())).map(|(id, _)| id)
    }

    /// Whether there is a copy with its hash; neither is read.
    pub fn has_catalog_copy(&self) -> bool {
        let is_there = |name: &str| os::stat_at(self.root(), OsStr::new(name)).is_ok_and(|stat| stat.size > Size::ZERO);
        let names = self.copy_names().unwrap_or_default();
        names.iter().any(|name| is_there(&name.file()) && is_there(&name.hash_file()))
    }

    /// The names of copies that are not what was written; nothing if the disk has no copy at all.
    pub fn damaged_catalog_copies(&self) -> Result<Option<Vec<String>>> {
        let copies = self.copies().map_err(|error| self.failed("look for catalog copies on", &error))?;
        let is_damaged =
            |(name, condition): &&(CopyName, Condition)| *condition == Condition::Damaged && !self.is_forbidden(*name);
        let damaged = copies.iter().filter(is_damaged);
        let names = damaged.map(|(name, _)| name.file()).collect();
        Ok((!copies.is_empty()).then_some(names))
    }

    /// The paths of the usable catalog copies: those whose SHA-256 matches, newest first, then
    /// those that none was written for (distbackup 1.x).
    pub fn catalog_copies(&self) -> Result<Vec<PathBuf>> {
        let copies = self.copies().map_err(|error| self.failed("look for catalog copies on", &error))?;
        let usable = copies.iter().filter(|(_, condition)| *condition != Condition::Damaged);
        let usable: Vec<_> = usable.map(|(name, _)| self.path().join(name.file())).collect();
        match copies.iter().find(|(name, _)| usable.is_empty() && self.is_forbidden(*name)) {
            Some((name, _)) => {
                let path = self.path().join(name.file());
                let what = format_args!("{} may not be read by this user", escape(path.as_os_str().as_bytes()));
                Err(Error::new(error::Kind::Failed, what)
                    .next("run the same command as root, or as who made the backup"))
            }
            None => Ok(usable),
        }
    }

    fn is_forbidden(&self, name: CopyName) -> bool {
        let opened = os::open_file_beneath(self.root(), name.file().as_bytes());
        opened.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
    }

    /// Bytes allocated for all catalog copies; what cannot be read counts for nothing.
    pub fn catalog_size(&self) -> Size {
        allocated(self.root(), |name| CopyName::of(name.strip_suffix(HASH.as_bytes()).unwrap_or(name)).is_some())
    }

    /// Writes `README.txt`, unless it says the same already; beside one of somebody else, under another
    /// name. Ours is known by how it begins.
    pub fn write_readme(&self, text: &str) -> Result<()> {
        for name in READMES {
            match self.begin_of(name, text.len() as u64 + 1) {
                Ok(present) if present == text.as_bytes() => return Ok(()),
                Ok(present) if !present.starts_with(first_words(text)) => continue,
                Err(error) if error.kind() != io::ErrorKind::NotFound => continue,
                _ => {}
            }
            let failed = |error| Error::io("write", &self.path().join(name), &error);
            return self.put(name, text.as_bytes()).map_err(failed);
        }
        Ok(())
    }

    fn begin_of(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        let mut present = Vec::new();
        os::open_file_beneath(self.root(), name.as_bytes())?.take(limit).read_to_end(&mut present)?;
        Ok(present)
    }
}

/// The first sentence, by which a text is known in all versions of it.
fn first_words(text: &str) -> &[u8] {
    text.split_inclusive('.').next().unwrap_or(text).as_bytes()
}

/// As `sha256sum` writes and checks it.
pub(super) fn hash_text(hash: ObjectId, name: CopyName) -> String {
    format!("{hash}  {}\n", name.file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::attached::tests::{disk, plain_disk};
    use std::fs;
    use std::io::Write;

    fn publish(disk: &Attached, text: &str, generation: u64) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        disk.publish_catalog(&mut file, generation).unwrap();
    }

    /// What the usable copies hold, in order.
    fn texts(disk: &Attached) -> Vec<String> {
        disk.catalog_copies().unwrap().iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    #[test]
    fn two_copies_at_rest() {
        for (_keep, disk) in [disk(), plain_disk()] {
            assert!(texts(&disk).is_empty());
            publish(&disk, "one", 4);
            assert_eq!(texts(&disk), ["one"]);
            for (before, now, generation) in [("one", "two", 5), ("two", "three", 9), ("three", "again", 9)] {
                publish(&disk, now, generation);
                assert_eq!(texts(&disk), [now, before]);
                assert_eq!(disk.copy_names().unwrap().len(), 2);
            }
            assert!(disk.catalog_size() > Size::ZERO);
        }
    }

    #[test]
    fn what_is_mostly_holes_is_no_copy() {
        let (_keep, mut disk) = disk();
        disk.habits.keeps_holes = true;
        publish(&disk, "one", 4);
        publish(&disk, "two", 5);
        let newest = fs::File::options().write(true).open(disk.path().join(NEWEST)).unwrap();
        newest.set_len(1 << 40).unwrap();
        assert_eq!(texts(&disk), ["one"]);
    }

    #[test]
    fn hash_files_are_those_of_sha256sum() {
        let (_keep, disk) = disk();
        publish(&disk, "one", 4);
        publish(&disk, "two", 5);
        for path in disk.catalog_copies().unwrap() {
            let mut hash_file = path.clone().into_os_string();
            hash_file.push(HASH);
            let (text, hash) =
                (fs::read_to_string(hash_file).unwrap(), openssl::sha::sha256(&fs::read(&path).unwrap()));
            let name = path.file_name().unwrap().to_str().unwrap();
            assert_eq!(text, format!("{}  {name}\n", ObjectId::new(hash)));
        }
    }

    #[test]
    fn a_damaged_copy_pushes_no_good_one_out() {
        for (_keep, disk) in [disk(), plain_disk()] {
            publish(&disk, "one", 4);
            publish(&disk, "two", 5);
            let newest = disk.catalog_copies().unwrap().remove(0);
            fs::write(newest, "torn").unwrap();
            assert_eq!(texts(&disk), ["one"]);
            publish(&disk, "three", 6);
            assert_eq!(texts(&disk), ["three", "one"]);
        }
    }

    #[test]
    fn a_copy_without_a_hash_comes_last_and_is_kept_once() {
        for (_keep, disk) in [disk(), plain_disk()] {
            fs::write(disk.path().join(NEWEST), "old").unwrap();
            assert_eq!(texts(&disk), ["old"]);
            publish(&disk, "one", 1);
            assert_eq!(texts(&disk), ["one", "old"]);
            publish(&disk, "two", 2);
            assert_eq!(texts(&disk), ["two", "one"]);
        }
    }

    /// A file that begins as SQLite's do, with this application id.
    fn database(application: [u8; 4], text: &str) -> Vec<u8> {
        let mut bytes = [MAGIC, &[0; 84]].concat();
        bytes[APPLICATION_AT..APPLICATION_AT + 4].copy_from_slice(&application);
        [bytes.as_slice(), text.as_bytes()].concat()
    }

    #[test]
    fn the_catalog_of_distbackup_1_is_kept_under_a_name_of_its_own() {
        for (_keep, disk) in [disk(), plain_disk()] {
            let old = database([0; 4], "old");
            fs::write(disk.path().join(NEWEST), &old).unwrap();
            for (text, generation) in [("one", 1), ("two", 2), ("three", 3)] {
                publish(&disk, text, generation);
                assert_eq!(fs::read(disk.path().join(KEPT)).unwrap(), old);
            }
            assert_eq!(texts(&disk), ["three", "two"]);
            assert!(disk.distbackup_catalog_size() > Size::ZERO);
            // Another one, after going back and coming again, does not take its name.
            fs::write(disk.path().join(NEWEST), database([0; 4], "later")).unwrap();
            publish(&disk, "four", 4);
            assert_eq!(fs::read(disk.path().join(KEPT)).unwrap(), old);
        }
    }

    #[test]
    fn a_copy_of_our_own_is_no_foreign_one() {
        let (_keep, disk) = disk();
        fs::write(disk.path().join(NEWEST), database(*b"dsbC", "own")).unwrap();
        disk.keep_distbackup_catalog().unwrap();
        assert!(disk.path().join(NEWEST).exists() && !disk.path().join(KEPT).exists());
    }

    #[test]
    fn names_of_others_are_left_alone() {
        let (_keep, disk) = disk();
        for name in ["distbackup.01.sqlite", "distbackup.x.sqlite", "distbackup.sqlite-wal", "distbackup.-1.sqlite"] {
            fs::write(disk.path().join(name), "").unwrap();
        }
        fs::create_dir(disk.path().join("distbackup.7.sqlite")).unwrap();
        assert!(texts(&disk).is_empty());
        publish(&disk, "one", 1);
        assert_eq!(texts(&disk), ["one"]);
    }

    #[test]
    fn the_readme_is_written_once() {
        let (_keep, disk) = disk();
        let path = disk.path().join("README.txt");
        let inode = |path: &PathBuf| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
        disk.write_readme("Ours. Hello.").unwrap();
        let first = inode(&path);
        disk.write_readme("Ours. Hello.").unwrap();
        assert_eq!(inode(&path), first);
        disk.write_readme("Ours. Other.").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "Ours. Other.");
    }

    #[test]
    fn the_readme_of_somebody_else_stays() {
        let (_keep, disk) = disk();
        let [theirs, ours] = READMES.map(|name| disk.path().join(name));
        fs::write(&theirs, "My notes.").unwrap();
        for text in ["Ours. Hello.", "Ours. Other."] {
            disk.write_readme(text).unwrap();
            assert_eq!(fs::read_to_string(&ours).unwrap(), text);
        }
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "My notes.");
    }
}
