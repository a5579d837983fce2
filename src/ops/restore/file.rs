//! One regular file: left, linked, or written and proven.

use super::Run;
use crate::catalog::TreeRow;
use crate::digest::{self, CopyError, Digest};
use crate::error::reason;
use crate::model::{Amount, Kind, ObjectId, Problem, Size, Stat, VPath};
use std::fs::File;
use std::io;

/// What one disk gave.
enum Given {
    /// The file is there, with the right bytes.
    Right,
    /// Other bytes than their name says.
    Wrong,
    /// The object is not on that disk.
    Absent,
}

impl Run<'_> {
    /// Restores one regular file.
    pub(super) fn file(&mut self, path: &VPath, row: &TreeRow) -> io::Result<()> {
        if self.link_to_first(path, row)? {
            return Ok(());
        }
        if let Some(found) = self.destination.look(path)? {
            if self.is_right(path, row, &found)? {
                self.report.present += 1;
                self.first_of_links(path, row);
                self.advance(row.entry.metadata.size);
                return Ok(());
            }
            if !self.options.overwrite || found.kind == Kind::Directory {
                self.left(path, row);
                return Ok(());
            }
        }
        match row.object {
            Some(id) => self.fetch(path, row, id),
            None => self.empty(path, row),
        }
    }

    /// Whether what is there is the file: by size and time, or by its bytes.
    fn is_right(&self, path: &VPath, row: &TreeRow, found: &Stat) -> io::Result<bool> {
        let metadata = &row.entry.metadata;
        if found.kind != Kind::File || found.size != metadata.size {
            return Ok(false);
        }
        if !self.options.checksum {
            return Ok(found.mtime == metadata.mtime);
        }
        let mut file = self.destination.open_file(path)?;
        let mut buffer = vec![0; digest::BUFFER];
        let (id, _) = digest::hash_stream(&mut file, metadata.size, &mut buffer, |_| Ok(()))?;
        Ok(id == row.object.unwrap_or_else(|| Digest::default().finish()))
    }

    fn empty(&mut self, path: &VPath, row: &TreeRow) -> io::Result<()> {
        let partial = self.destination.begin_file(path)?;
        self.report.unheld += partial.finish(&row.entry.metadata, &self.applying, self.options.overwrite)?;
        self.report.written += Amount::one(Size::ZERO);
        self.first_of_links(path, row);
        Ok(())
    }

    fn fetch(&mut self, path: &VPath, row: &TreeRow, id: ObjectId) -> io::Result<()> {
        for disk in self.disks {
            let given = match disk.open_object(id) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Given::Absent,
                Err(error) => {
                    self.problem(
                        path,
                        format_args!("cannot read it on disk {}: {}", disk.path().display(), reason(&error)),
                    );
                    Given::Absent
                }
                Ok(mut object) => self.write(path, row, id, &mut object)?,
            };
            match given {
                Given::Right => {
                    self.report.written += Amount::one(row.entry.metadata.size);
                    self.progress.advance(1, Size::ZERO);
                    self.first_of_links(path, row);
                    return Ok(());
                }
                Given::Wrong => {
                    self.report.bad += 1;
                    let what = format!("its object on {} is damaged; not restored from there", disk.path().display());
                    self.progress.problem(&Problem::new(path.to_bytes(), what));
                }
                Given::Absent => {}
            }
        }
        self.report.remaining.add(path, row.entry.metadata.size, row.disks);
        Ok(())
    }

    fn write(&mut self, path: &VPath, row: &TreeRow, id: ObjectId, object: &mut File) -> io::Result<Given> {
        let metadata = &row.entry.metadata;
        let mut partial = self.destination.begin_file(path)?;
        let unread = match partial.fill(object, metadata.sparse, metadata.size, self.progress) {
            Ok(got) if got == (id, metadata.size) => {
                self.report.unheld += partial.finish(metadata, &self.applying, self.options.overwrite)?;
                return Ok(Given::Right);
            }
            Ok(_) => return Ok(Given::Wrong),
            Err(CopyError::Target(error)) => return Err(error),
            // The walk asks again and ends.
            Err(CopyError::Stopped) => return Ok(Given::Absent),
            Err(CopyError::Source(error)) => error,
        };
        drop(partial);
        self.problem(path, format_args!("cannot be read from the disk: {}", reason(&unread)));
        Ok(Given::Absent)
    }
}
