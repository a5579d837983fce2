//! A home written to a folder.

use super::home::{Entry, Home, Spec, What};
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    pub files: u64,
    pub directories: u64,
    pub symlinks: u64,
    pub bytes: u64,
}

/// Writes a home to a folder, which is made.
pub fn write(spec: &Spec, folder: &Path) -> io::Result<Written> {
    fs::create_dir_all(folder)?;
    let mut written = Written::default();
    for entry in Home::new(spec) {
        put(spec, folder, &entry, &mut written)?;
    }
    date_directories(spec, folder)?;
    Ok(written)
}

fn put(spec: &Spec, home: &Path, entry: &Entry, written: &mut Written) -> io::Result<()> {
    let folder = home.join(&*entry.folder.path);
    let path = folder.join(&entry.name);
    match &entry.what {
        What::Directory(_) => {
            written.directories += 1;
            fs::create_dir(path)
        }
        What::Symlink(target) => {
            written.symlinks += 1;
            symlink(target, path)
        }
        What::File(file) => {
            written.files += 1;
            if let Some(first) = &file.first_name {
                return fs::hard_link(folder.join(first), path);
            }
            let mut made = BufWriter::new(File::create(path)?);
            if let Some(content) = file.content {
                content.write(spec, &mut made)?;
                written.bytes += content.size(spec);
            }
            made.flush()?;
            made.get_ref().set_permissions(Permissions::from_mode(file.mode))?;
            made.get_ref().set_modified(system(entry.mtime))
        }
    }
}

/// Directories change with what is put into them, so their times come last.
fn date_directories(spec: &Spec, home: &Path) -> io::Result<()> {
    for entry in Home::new(spec) {
        if let What::Directory(directory) = entry.what {
            File::open(home.join(&*directory.path))?.set_modified(system(directory.mtime))?;
        }
    }
    Ok(())
}

fn system(nanoseconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_nanos(nanoseconds.unsigned_abs())
}
