//! Copying and hashing the same bytes in one pass, with holes where they are wanted.

use super::{BUFFER, hash_stream};
use crate::model::{ObjectId, Size};
use crate::os;
use crate::progress::Progress;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

/// A hole begins and ends at a multiple of this: no file system keeps smaller ones.
pub const HOLE: usize = 4096;
static ZEROS: [u8; HOLE] = [0; HOLE];

/// After so many bytes the medium is set to work, so that it does not wait for the barrier.
const WRITE_BACK: u64 = 8 << 20;

/// What ended a copy.
#[derive(Debug)]
pub enum CopyError {
    /// Reading failed.
    Source(io::Error),
    /// Writing failed.
    Target(io::Error),
    /// The person asked to stop.
    Stopped,
}

/// Copies a stream into an empty file. Returns the id and the length of what was written.
///
/// The bytes hashed are the bytes written. With `holes`, blocks of zeros are left out and the
/// file stays sparse. Reads at most `limit` bytes and one more: whoever gets more than `limit`
/// knows that the source grew. Progress is told the bytes, and asked between blocks to stop.
pub fn copy(
    source: &mut impl Read,
    target: &File,
    limit: Size,
    holes: bool,
    progress: &dyn Progress,
) -> Result<(ObjectId, Size), CopyError> {
    // A small file needs no large buffer, and one byte more to see that it ends.
    let mut buffer = vec![0; limit.bytes().saturating_add(1).min(BUFFER as u64) as usize];
    let mut writer = Writer { target, holes, at: 0, written_back: 0 };
    let mut blame: fn(io::Error) -> CopyError = CopyError::Source;
    let copied = hash_stream(source, limit, &mut buffer, |bytes| {
        if progress.stopped() {
            blame = |_| CopyError::Stopped;
            return Err(io::ErrorKind::Interrupted.into());
        }
        progress.advance(0, Size(bytes.len() as u64));
        writer.write(bytes).inspect_err(|_| blame = CopyError::Target)
    });
    let copied = copied.map_err(blame)?;
    writer.finish().map_err(CopyError::Target)?;
    Ok(copied)
}

/// Writes one block after another, leaving out zeros if it may.
struct Writer<'a> {
    target: &'a File,
    holes: bool,
    at: u64,
    written_back: u64,
}

impl Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (zeros, data) = if self.holes { self.split(rest) } else { (0, rest.len()) };
            let (_, tail) = rest.split_at(zeros);
            let (data, tail) = tail.split_at(data);
            self.at += zeros as u64;
            self.target.write_all_at(data, self.at)?;
            self.at += data.len() as u64;
            rest = tail;
        }
        if self.at - self.written_back >= WRITE_BACK {
            self.written_back = self.at;
            os::advise(self.target, os::Advice::DontNeed);
        }
        Ok(())
    }

    /// How many bytes at the front are whole blocks of zeros, and how many behind them are not.
    fn split(&self, bytes: &[u8]) -> (usize, usize) {
        let to_boundary = (HOLE - (self.at % HOLE as u64) as usize) % HOLE;
        let is_zero = |block: &[u8]| block == ZEROS;
        let (head, blocks) = bytes.split_at(to_boundary.min(bytes.len()));
        let zeros = if head.is_empty() { blocks.chunks(HOLE).take_while(|b| is_zero(b)).count() * HOLE } else { 0 };
        let behind = blocks.get(zeros..).unwrap_or_default();
        let data: usize = behind.chunks(HOLE).take_while(|block| !is_zero(block)).map(<[u8]>::len).sum();
        (zeros, head.len() + data)
    }

    /// Gives the file its length, should it end in a hole.
    fn finish(self) -> io::Result<()> {
        if self.holes { self.target.set_len(self.at) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use std::os::fd::AsFd;

    /// Gives at most `step` bytes at a time.
    struct Stutter<'a>(&'a [u8], usize);

    impl Read for Stutter<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let step = self.1.min(buffer.len());
            self.0.read(&mut buffer[..step])
        }
    }

    #[test]
    fn holes_change_nothing_that_can_be_read() {
        let mut bytes = vec![0; 70_000];
        bytes[9_000..9_010].fill(7);
        bytes[40_960..45_056].fill(1);
        for (length, step, holes) in [(70_000, 4096, true), (70_000, 1000, true), (65_536, 70_000, true), (1, 1, true)]
            .into_iter()
            .chain([(70_000, 5000, false), (0, 1, false), (0, 1, true)])
        {
            let file = tempfile::tempfile().unwrap();
            let source = &mut Stutter(&bytes[..length], step);
            let (id, size) = copy(source, &file, Size(length as u64), holes, &Silent).unwrap();
            let mut back = vec![1; length];
            file.read_exact_at(&mut back, 0).unwrap();
            assert_eq!(back, bytes[..length], "{length} {step} {holes}");
            assert_eq!(id.as_bytes(), &openssl::sha::sha256(&back));
            assert_eq!((size.bytes(), file.metadata().unwrap().len()), (length as u64, length as u64));
        }
    }

    #[test]
    fn zeros_take_no_room() {
        let file = tempfile::tempfile().unwrap();
        copy(&mut io::repeat(0).take(3 << 20), &file, Size(3 << 20), true, &Silent).unwrap();
        let stat = os::stat(file.as_fd()).unwrap();
        assert_eq!((stat.size, stat.allocated), (Size(3 << 20), Size::ZERO));
    }

    #[test]
    fn tells_who_failed() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let failed = copy(&mut &b"x"[..], &full, Size(1), false, &Silent);
        assert!(matches!(failed, Err(CopyError::Target(_))));
        let file = tempfile::tempfile().unwrap();
        let mut directory = File::open("/").unwrap();
        assert!(matches!(copy(&mut directory, &file, Size(1), false, &Silent), Err(CopyError::Source(_))));
    }
}
