//! Files, symlinks and content: what is believed of each row.

use super::settings::{PATHS, of_side_file};
use super::{Run, path_of};
use crate::catalog::{Adopted, Adoption, OldFile, OldObject};
use crate::error::Result;
use crate::model::{Amount, DiskIndex, Kind, ObjectId, Owner, Settings, Size, Timestamp, VPath};
use crate::os;

/// What a row of the old catalog comes to.
enum Believed {
    /// A file, with its content if it has any.
    File { path: VPath, size: Size, mtime: Timestamp, content: Option<(ObjectId, Vec<DiskIndex>)> },
    /// A file that nobody has read.
    Unread(Size),
}

impl Run<'_> {
    pub(super) fn take_tree(&mut self, maps: Vec<VPath>) -> Result<()> {
        let mut adoption = Adoption::begin(self.catalog, self.now, maps, &owners())?;
        self.progress.task("files", 0, Size::ZERO);
        let old = self.old;
        old.files(|row| self.take_file(&mut adoption, &row))?;
        old.symlinks(|(path, target)| self.take_symlink(&mut adoption, &path, &target))?;
        self.progress.task("objects", 0, Size::ZERO);
        old.orphans(|row| self.take_orphan(&adoption, &row))?;
        self.note_disks()?;
        self.catalog.set_unhashed(self.report.unhashed)?;
        adoption.finish()
    }

    fn take_file(&mut self, adoption: &mut Adoption<'_>, row: &OldFile) -> Result<()> {
        self.progress.check()?;
        self.progress.advance(1, Size::ZERO);
        let believed = self.believe(row);
        let entered = match &believed {
            Ok(Believed::Unread(size)) => {
                self.report.unhashed += Amount::one(*size);
                false
            }
            Ok(Believed::File { path, size, mtime, content }) => {
                let is_new = self.enter(adoption, row, path, *size, *mtime, content.as_ref())?;
                if !is_new {
                    self.left_out(&row.path, "something else stands there, or on the way to it");
                }
                is_new
            }
            Err(why) => {
                self.left_out(&row.path, why);
                false
            }
        };
        match hash_of(row.hash.as_deref().unwrap_or_default()) {
            Some(id) if !entered => adoption.doubt(id),
            _ => Ok(()),
        }
    }

    fn enter(
        &mut self,
        adoption: &mut Adoption<'_>,
        row: &OldFile,
        path: &VPath,
        size: Size,
        mtime: Timestamp,
        content: Option<&(ObjectId, Vec<DiskIndex>)>,
    ) -> Result<bool> {
        let known = content.map(|(id, _)| self.catalog.find_object(*id)).transpose()?.flatten();
        let new = content.filter(|_| known.is_none());
        let new_key = new.map(|(id, disks)| adoption.put_object(*id, size, disks)).transpose()?;
        let inode = row.inode.unwrap_or_default();
        let file = Adopted { kind: Kind::File, object: known.or(new_key), size, mtime, inode, target: None };
        if !adoption.put(path, &file)? {
            // Content of no file that is known would be removed from the disks.
            new_key.map_or(Ok(()), |key| adoption.take_back(key))?;
            return Ok(false);
        }
        self.report.files += Amount::one(size);
        if let Some((_, disks)) = new {
            self.report.objects += Amount::one(size);
            self.shelf.note(disks, size);
        }
        self.take_side_file(adoption, path, &row.metadata)?;
        Ok(true)
    }

    /// What a side file says of the file that was entered last.
    fn take_side_file(&mut self, adoption: &Adoption<'_>, path: &VPath, metadata: &[u8]) -> Result<()> {
        let Some((taken, _)) = of_side_file(metadata) else { return Ok(()) };
        if self.report.settings >= PATHS {
            self.left_out(&path.to_bytes(), "more paths have settings than dsb takes over");
            return Ok(());
        }
        for lost in &taken.lost {
            self.left_out(&path.to_bytes(), lost);
        }
        if taken.settings == Settings::NONE {
            return Ok(());
        }
        self.report.settings += 1;
        adoption.put_side_setting(path, taken.settings)
    }

    /// What a row says, or why it is not believed.
    fn believe(&mut self, row: &OldFile) -> std::result::Result<Believed, String> {
        let path = path_of(&row.path, false)?;
        let size = row.size.and_then(|size| u64::try_from(size).ok()).map(Size).ok_or("has no length that can be")?;
        let mtime = row.modified.and_then(Timestamp::from_milliseconds).ok_or("has no time that can be")?;
        let content = match row.hash.as_deref() {
            None if size == Size::ZERO => None,
            None => return Err("has a length, but no content".to_owned()),
            Some(b"") => return Ok(Believed::Unread(size)),
            Some(hash) => Some(self.content(row, hash, size)?),
        };
        match content {
            Some((_, disks)) if disks.is_empty() && names_hash(row) => Ok(Believed::Unread(size)),
            content => Ok(Believed::File { path, size, mtime, content }),
        }
    }

    fn content(
        &mut self,
        row: &OldFile,
        hash: &[u8],
        size: Size,
    ) -> std::result::Result<(ObjectId, Vec<DiskIndex>), String> {
        let id = hash_of(hash).ok_or("its hash is none")?;
        if size == Size::ZERO {
            return Err("has content, but no length".to_owned());
        }
        let object = row.object.as_ref().ok_or("its content is not in the old catalog")?;
        if object.size.and_then(|size| u64::try_from(size).ok()) != Some(size.bytes()) {
            return Err("its length is not that of its content: it changed, and is read again".to_owned());
        }
        Ok((id, self.holders(&object.nexus, &row.path)))
    }

    /// The disks that hold something; none if what stands there is no nexus.
    fn holders(&mut self, nexus: &[u8], place: &[u8]) -> Vec<DiskIndex> {
        if let Some((disks, unknown)) = self.shelf.disks_of(nexus) {
            self.report.unplaced += unknown;
            return disks;
        }
        self.left_out(place, "which disks hold it cannot be read; those that do are found when attached");
        Vec::new()
    }

    fn take_symlink(&mut self, adoption: &mut Adoption<'_>, path: &[u8], target: &[u8]) -> Result<()> {
        let found = path_of(path, false).and_then(|found| {
            let is_target = !target.is_empty() && !target.contains(&0);
            if is_target { Ok(found) } else { Err("points nowhere") }
        });
        let put = found.map(|path| {
            let mtime = self.now;
            let size = Size::ZERO;
            adoption
                .put(&path, &Adopted { kind: Kind::Symlink, object: None, size, mtime, inode: 0, target: Some(target) })
        });
        match put {
            Ok(Ok(true)) => self.report.symlinks += 1,
            Ok(Ok(false)) => self.left_out(path, "something else stands there, or on the way to it"),
            Ok(Err(error)) => return Err(error),
            Err(why) => self.left_out(path, why),
        }
        Ok(())
    }

    /// Content that no file has any more. What only files have that were not believed is not
    /// entered: what is not known is not removed from a disk.
    fn take_orphan(&mut self, adoption: &Adoption<'_>, row: &OldObject) -> Result<()> {
        self.progress.check()?;
        if row.hash.is_empty() {
            // What stands for files that nobody has read is no content.
            return Ok(());
        }
        let Some(id) = hash_of(&row.hash) else {
            self.left_out(&row.hash, "its hash is none");
            return Ok(());
        };
        if self.catalog.find_object(id)?.is_some() || adoption.is_doubted(id)? {
            return Ok(());
        }
        let Some(size) = row.size.and_then(|size| u64::try_from(size).ok()).map(Size) else {
            self.left_out(&row.hash, "has no length that can be");
            return Ok(());
        };
        let disks = self.holders(&row.nexus, &row.hash);
        if disks.is_empty() {
            return Ok(());
        }
        self.report.orphans += Amount::one(size);
        self.shelf.note(&disks, size);
        adoption.put_object(id, size, &disks).map(|_| ())
    }
}

/// Whether the hash came from a side file: distbackup believes it until it makes the first copy.
fn names_hash(row: &OldFile) -> bool {
    of_side_file(&row.metadata).is_some_and(|(_, names_hash)| names_hash)
}

fn hash_of(text: &[u8]) -> Option<ObjectId> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Owners of files, directories and symlinks: the old catalog knows none. The first update does.
fn owners() -> [Owner; 3] {
    let (uid, gid) = (os::effective_user(), os::effective_group());
    [0o644, 0o755, 0o777].map(|mode| Owner { mode, uid, gid, user: os::user_name(uid), group: os::group_name(gid) })
}
