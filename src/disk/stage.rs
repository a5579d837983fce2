//! A folder on this machine that carries objects from one disk to another, where only one can be
//! attached at a time.

use super::CopyError;
use crate::digest::{self, Turn};
use crate::error::{Error, Result};
use crate::model::{Kind, ObjectId, Size};
use crate::os;
use crate::progress::Progress;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Ends the name of an object that is not whole yet.
const UNFINISHED: &str = ".part";

/// The folder, held open.
#[derive(Debug)]
pub struct Stage {
    path: PathBuf,
    root: OwnedFd,
    turn: Turn,
}

impl Stage {
    /// Opens the folder, made if only its parent exists, and removes what a run left unfinished.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |error| Error::io("open", path, &error);
        match std::fs::create_dir(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(Error::io("make", path, &error)),
            _ => {}
        }
        let root = os::open_dir(path).map_err(failed)?;
        let turn = Turn::on(root.as_fd());
        let stage = Self { path: path.to_owned(), root, turn };
        for name in os::names(stage.root.as_fd()).map_err(failed)? {
            let unfinished = name.strip_suffix(UNFINISHED.as_bytes()).and_then(object_of);
            if unfinished.is_some() {
                os::unlink(stage.root.as_fd(), OsStr::from_bytes(&name)).map_err(failed)?;
            }
        }
        Ok(stage)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whose turn it is to read what is in it.
    pub fn turn(&self) -> &Turn {
        &self.turn
    }

    /// Opens an object; whether its bytes are right is for the reader to find out.
    pub fn open_object(&self, id: ObjectId) -> io::Result<File> {
        let file = os::open_file_beneath(self.root.as_fd(), id.to_string().as_bytes())?;
        match os::stat(file.as_fd())?.kind {
            Kind::File => Ok(file),
            kind => Err(io::Error::other(format!("a {} stands in the object's place", kind.word()))),
        }
    }

    /// Whether an object of this length is there.
    pub fn has(&self, id: ObjectId, size: Size) -> bool {
        let found = os::stat_at(self.root.as_fd(), OsStr::new(&id.to_string()));
        found.is_ok_and(|found| found.kind == Kind::File && found.size == size)
    }

    /// Copies an object in, durably and only if its bytes are right; says whether they were.
    pub fn put(
        &self,
        source: &mut File,
        id: ObjectId,
        size: Size,
        progress: &dyn Progress,
    ) -> std::result::Result<bool, CopyError> {
        let (name, unfinished) = (id.to_string(), format!("{id}{UNFINISHED}"));
        let root = self.root.as_fd();
        let copied =
            os::create_beneath(root, unfinished.as_bytes(), 0o600).map_err(CopyError::Disk).and_then(|target| {
                let found = digest::copy(source, &target, size, false, progress)?;
                target.sync_all().map_err(CopyError::Disk)?;
                Ok(found == (id, size))
            });
        if matches!(copied, Ok(true)) {
            os::rename((root, OsStr::new(&unfinished)), (root, OsStr::new(&name)))
                .and_then(|()| os::fsync(root))
                .map_err(CopyError::Disk)?;
        } else {
            // What stays behind is removed when the folder is next opened.
            let _ = os::unlink(root, OsStr::new(&unfinished));
        }
        copied
    }

    /// Removes an object; missing is fine.
    pub fn remove(&self, id: ObjectId) -> Result<()> {
        match os::unlink(self.root.as_fd(), OsStr::new(&id.to_string())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("clean", &self.path, &error)),
            _ => Ok(()),
        }
    }

    /// The objects that are there, with their lengths.
    pub fn objects(&self) -> Result<Vec<(ObjectId, Size)>> {
        let names = os::names(self.root.as_fd()).map_err(|error| Error::io("list", &self.path, &error))?;
        let object = |name: &[u8]| {
            let found = os::stat_at(self.root.as_fd(), OsStr::from_bytes(name)).ok()?;
            (found.kind == Kind::File).then_some((object_of(name)?, found.size))
        };
        Ok(names.iter().filter_map(|name| object(name)).collect())
    }

    /// Bytes that are free for more.
    pub fn free(&self) -> Result<Size> {
        Ok(os::file_system(self.root.as_fd()).map_err(|error| Error::io("ask", &self.path, &error))?.available)
    }
}

fn object_of(name: &[u8]) -> Option<ObjectId> {
    std::str::from_utf8(name).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use std::io::Write;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file.reopen().unwrap()
    }

    #[test]
    fn only_right_bytes_stay() {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::open(&folder.path().join("stage")).unwrap();
        let id = ObjectId::new(openssl::sha::sha256(b"right"));
        for (bytes, right) in [(b"wrong", false), (b"right", true)] {
            assert_eq!(stage.put(&mut file(bytes), id, Size(5), &Silent).unwrap(), right);
            assert_eq!(stage.has(id, Size(5)), right);
        }
        assert_eq!(stage.objects().unwrap(), [(id, Size(5))]);
        stage.remove(id).unwrap();
        stage.remove(id).unwrap();
        assert_eq!(std::fs::read_dir(stage.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_was_left_unfinished_goes_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let id = ObjectId::new([7; 32]);
        for name in [format!("{id}.part"), "holiday.part".to_owned(), "note".to_owned()] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let stage = Stage::open(folder.path()).unwrap();
        assert_eq!((std::fs::read_dir(folder.path()).unwrap().count(), stage.objects().unwrap()), (2, vec![]));
    }
}
