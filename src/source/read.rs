//! The bytes of one file, believed only if it held still while they were read.

use super::root::Root;
use crate::digest::{self, Turn};
use crate::model::{ObjectId, Size, Stat, Xattr};
use crate::os::{self, Advice};
use crate::progress::Progress;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

/// A file's content and all that was seen of it at the same moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRead {
    /// How it looked before and after.
    pub stat: Stat,
    /// Its extended attributes.
    pub xattrs: Vec<Xattr>,
    /// The hash of its bytes.
    pub id: ObjectId,
    /// Bytes of it that are not holes.
    pub data: Size,
}

/// Why a file's content is not known.
#[derive(Debug)]
pub enum ReadError {
    /// It is not there any more, or no regular file.
    Gone,
    /// It changed each time while it was read.
    Changing,
    /// The person asked to stop.
    Stopped,
    /// The system refused.
    Io(io::Error),
}

/// How often a file that changes under the reading is tried.
const TRIES: u32 = 3;

/// Hashes a file below a root.
pub fn read_file(
    root: &Root,
    path: &[u8],
    buffer: &mut [u8],
    progress: &dyn Progress,
) -> std::result::Result<FileRead, ReadError> {
    for _ in 0..TRIES {
        let file = root.open_file(path).map_err(gone_or)?;
        if let Some(read) = read_once(&file, root.turn(), buffer, progress)? {
            return Ok(read);
        }
    }
    Err(ReadError::Changing)
}

fn gone_or(error: io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Gone,
        _ => ReadError::Io(error),
    }
}

/// Nothing if the file changed meanwhile.
fn read_once(
    file: &File,
    turn: &Turn,
    buffer: &mut [u8],
    progress: &dyn Progress,
) -> std::result::Result<Option<FileRead>, ReadError> {
    let before = os::stat(file.as_fd()).map_err(ReadError::Io)?;
    if before.kind != crate::model::Kind::File {
        return Err(ReadError::Gone);
    }
    os::advise(file, Advice::Sequential);
    let mut data = Size::ZERO;
    let hashed = digest::hash_stream(&mut turn.reader(file, before.size), before.size, buffer, |block| {
        progress.advance(0, Size(block.len() as u64));
        if before.is_sparse() {
            data += data_in(block);
        }
        if progress.stopped() { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    });
    let (id, length) = match hashed {
        Err(_) if progress.stopped() => return Err(ReadError::Stopped),
        hashed => hashed.map_err(ReadError::Io)?,
    };
    let xattrs = os::xattrs(file).map_err(ReadError::Io)?;
    let after = os::stat(file.as_fd()).map_err(ReadError::Io)?;
    // What was read once is not read again soon: the cache belongs to other programs.
    os::advise(file, Advice::DontNeed);
    let held_still = length == before.size && looks_alike(&before, &after);
    let data = if before.is_sparse() { data } else { length };
    Ok(held_still.then_some(FileRead { stat: after, xattrs, id, data }))
}

fn looks_alike(a: &Stat, b: &Stat) -> bool {
    (a.size, a.mtime, a.ctime, a.inode) == (b.size, b.mtime, b.ctime, b.inode)
}

fn data_in(block: &[u8]) -> Size {
    block
        .chunks(digest::HOLE)
        .filter(|part| part.iter().any(|byte| *byte != 0))
        .map(|part| Size(part.len() as u64))
        .sum()
}
