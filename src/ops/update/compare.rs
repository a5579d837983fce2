//! What was there against what is there: two sorted lists of names, side by side.

use crate::catalog::Known;
use crate::model::{FileSystemId, Kind, Name, Stat};
use crate::source::Child;

/// One name of a directory, as it was and as it is.
#[derive(Debug)]
pub struct Pair {
    /// How the catalog knows it.
    pub known: Option<Known>,
    /// How it looks now.
    pub found: Option<Child>,
}

impl Pair {
    /// Whether it is a directory, or was one if it is not there.
    pub fn is_directory(&self) -> bool {
        let kind = self.found.as_ref().map(|found| found.stat.kind);
        kind.or(self.known.as_ref().map(|known| known.stat.kind)) == Some(Kind::Directory)
    }

    /// The name.
    pub fn name(&self) -> Option<&Name> {
        self.found.as_ref().map(|found| &found.name).or(self.known.as_ref().map(|known| &known.name))
    }
}

/// Pairs two lists that are ordered by name.
pub fn pair(known: Vec<Known>, found: Vec<Child>) -> impl Iterator<Item = Pair> {
    let mut known = known.into_iter().peekable();
    let mut found = found.into_iter().peekable();
    std::iter::from_fn(move || {
        let order = match (known.peek(), found.peek()) {
            (None, None) => return None,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(known), Some(found)) => known.name.cmp(&found.name),
        };
        Some(Pair {
            known: if order.is_le() { known.next() } else { None },
            found: if order.is_ge() { found.next() } else { None },
        })
    })
}

/// What the file system's numbers mean where an entry stands.
#[derive(Clone, Copy, Debug)]
pub struct Trust {
    /// The file system it stands on.
    pub file_system: FileSystemId,
    /// Whether inode numbers and change times mean something there.
    pub stable: bool,
    /// Whether the person said to look past change times.
    pub ignore_ctime: bool,
}

/// What an entry looks like beside what the catalog knows, without looking into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing of it changed.
    Same,
    /// It is the file that distbackup read, as far as that can be told; more is known of it now.
    Adopted,
    /// Its change time alone did, and the person said that this is no change of content.
    Touched,
    /// Its content may have changed.
    Different,
}

/// Compares an entry with what the catalog knows of it.
pub fn look(known: &Known, now: &Stat, trust: Trust) -> Look {
    let was = &known.stat;
    if known.is_adopted() {
        return if is_as_adopted(was, now, trust) { Look::Adopted } else { Look::Different };
    }
    let same = known.settled && was.kind == now.kind && was.size == now.size && was.mtime == now.mtime;
    let same_file = was.inode == now.inode && known.file_system == Some(trust.file_system);
    if !same {
        return Look::Different;
    }
    match (trust.stable, same_file, was.ctime == now.ctime) {
        (false, ..) | (true, true, true) => Look::Same,
        (true, true, false) if trust.ignore_ctime && now.kind == Kind::File => Look::Touched,
        _ => Look::Different,
    }
}

/// Whether a file is the one that distbackup read, by all that it wrote down of it.
fn is_as_adopted(was: &Stat, now: &Stat, trust: Trust) -> bool {
    let is_file = was.kind == Kind::File && now.kind == Kind::File;
    let same_inode = !trust.stable || was.inode == now.inode;
    is_file && same_inode && was.size == now.size && now.mtime.is_of_milliseconds(was.mtime)
}

#[cfg(test)]
mod tests {
    use super::Look::{Adopted, Different, Same, Touched};
    use super::*;
    use crate::model::{Content, Second, Size, Timestamp};

    fn stat() -> Stat {
        Stat {
            kind: Kind::File,
            size: Size(5),
            allocated: Size(5),
            mtime: Timestamp(10),
            ctime: Timestamp(20),
            birth: Some(Timestamp(1)),
            inode: 7,
            device: 1,
            mode: 0o644,
            uid: 0,
            gid: 0,
            links: 1,
            node: 0,
        }
    }

    fn known(name: &str) -> Known {
        let name = Name::new(name.as_bytes()).unwrap();
        Known {
            name,
            directory: None,
            stat: stat(),
            file_system: Some(FileSystemId(1)),
            content: Content::None,
            settled: true,
            hashed: Second(0),
        }
    }

    fn child(name: &str) -> Child {
        Child { name: Name::new(name.as_bytes()).unwrap(), stat: stat() }
    }

    #[test]
    fn pairs_by_name() {
        let known = ["a", "b", "d"].map(known).to_vec();
        let found = ["b", "c", "d", "e"].map(child).to_vec();
        let pairs: Vec<_> = pair(known, found)
            .map(|pair| (pair.name().unwrap().to_string(), pair.known.is_some(), pair.found.is_some()))
            .collect();
        let expected =
            [("a", true, false), ("b", true, true), ("c", false, true), ("d", true, true), ("e", false, true)];
        assert_eq!(pairs, expected.map(|(name, known, found)| (name.to_owned(), known, found)));
    }

    #[test]
    fn every_number_counts() {
        let trust = Trust { file_system: FileSystemId(1), stable: true, ignore_ctime: false };
        let unstable = Trust { stable: false, ..trust };
        let lenient = Trust { ignore_ctime: true, ..trust };
        let table = [
            ("nothing", stat(), [Same, Same, Same]),
            ("size", Stat { size: Size(6), ..stat() }, [Different; 3]),
            ("mtime", Stat { mtime: Timestamp(11), ..stat() }, [Different; 3]),
            ("ctime", Stat { ctime: Timestamp(21), ..stat() }, [Different, Same, Touched]),
            ("inode", Stat { inode: 8, ..stat() }, [Different, Same, Different]),
            ("kind", Stat { kind: Kind::Fifo, ..stat() }, [Different; 3]),
        ];
        for (what, now, expected) in table {
            let answers = [trust, unstable, lenient].map(|trust| look(&known("a"), &now, trust));
            assert_eq!(answers, expected, "{what}");
        }
        let young = Known { settled: false, ..known("a") };
        assert_eq!(look(&young, &stat(), trust), Different);
        let moved = Trust { file_system: FileSystemId(2), ..trust };
        assert_eq!(look(&known("a"), &stat(), moved), Different);
    }

    #[test]
    fn what_distbackup_knew_counts_to_the_millisecond() {
        let trust = Trust { file_system: FileSystemId(1), stable: true, ignore_ctime: false };
        let unstable = Trust { stable: false, ..trust };
        let of = |nanoseconds| Timestamp::new(1_700_000_000, nanoseconds);
        let was = Stat { mtime: of(123_000_000), ctime: Timestamp(0), birth: None, ..stat() };
        let adopted = Known { stat: was, file_system: None, hashed: Second::ADOPTED, ..known("a") };
        let now = Stat { mtime: of(123_456_789), ..stat() };
        let table = [
            ("nothing", now, [Adopted, Adopted]),
            ("ctime", Stat { ctime: Timestamp(21), ..now }, [Adopted, Adopted]),
            ("inode", Stat { inode: 8, ..now }, [Different, Adopted]),
            ("size", Stat { size: Size(6), ..now }, [Different; 2]),
            ("mtime", Stat { mtime: of(124_456_789), ..now }, [Different; 2]),
            ("kind", Stat { kind: Kind::Fifo, ..now }, [Different; 2]),
        ];
        for (what, now, expected) in table {
            assert_eq!([trust, unstable].map(|trust| look(&adopted, &now, trust)), expected, "{what}");
        }
    }
}
