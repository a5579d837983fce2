//! SHA-256 of what passes by: bytes are hashed while they are read or copied, in one pass.

use crate::model::{ObjectId, Size};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read};

mod copy;
mod turn;

pub use copy::{CopyError, HOLE, copy};
pub use turn::{InTurn, Turn};

/// Bytes moved at a time: large enough that the calls cost nothing beside the hashing.
pub const BUFFER: usize = 1 << 20;

/// The running digest of a stream.
#[derive(Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Takes the next bytes of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The id of all bytes taken.
    pub fn finish(self) -> ObjectId {
        ObjectId::new(self.0.finalize().into())
    }
}

/// Reads to the end, handing on every block after it was hashed. Returns the id and the length.
///
/// Reads at most `limit` bytes and one more, so that a file that grows for ever still ends;
/// whoever gets more than `limit` knows that the file grew.
pub fn hash_stream(
    reader: &mut impl Read,
    limit: Size,
    buffer: &mut [u8],
    mut block: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<(ObjectId, Size)> {
    let mut reader = reader.take(limit.bytes().saturating_add(1));
    let mut digest = Digest::default();
    let mut length = Size::ZERO;
    loop {
        let count = match reader.read(buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if count == 0 {
            return Ok((digest.finish(), length));
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        digest.update(bytes);
        length += Size(count as u64);
        block(bytes)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_openssl() {
        for length in [0, 1, 63, 64, 65, 4095, 100_000] {
            let bytes: Vec<u8> = (0..length).map(|n| (n * 7 % 251) as u8).collect();
            let mut buffer = vec![0; 1000];
            let (id, size) = hash_stream(&mut bytes.as_slice(), Size::MAX, &mut buffer, |_| Ok(())).unwrap();
            assert_eq!(id.as_bytes(), &openssl::sha::sha256(&bytes), "{length}");
            assert_eq!(size, Size(length));
        }
    }

    #[test]
    fn an_endless_stream_ends() {
        let mut buffer = vec![0; 64];
        let (_, size) = hash_stream(&mut io::repeat(0), Size(100), &mut buffer, |_| Ok(())).unwrap();
        assert_eq!(size, Size(101));
    }
}
