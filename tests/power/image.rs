//! A disk's bytes in memory, holes left out: what is zero takes no room.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

const BLOCK: u64 = 4096;

type Block = [u8; BLOCK as usize];

/// Copies share their blocks until one of them is written.
#[derive(Clone)]
pub struct Image {
    size: u64,
    blocks: BTreeMap<u64, Arc<Block>>,
}

/// What one write touches of one block: which, from where in it, and how much.
struct Part {
    block: u64,
    from: usize,
    length: usize,
}

impl Image {
    /// The bytes of a file.
    pub fn load(path: &Path) -> Self {
        let mut file = File::open(path).expect("no image");
        // Of a device only its end says how long it is.
        let size = file.seek(SeekFrom::End(0)).and_then(|size| file.rewind().map(|()| size));
        let mut image = Self { size: size.expect("no image"), blocks: BTreeMap::new() };
        let mut block = [0; BLOCK as usize];
        for number in 0..image.size / BLOCK {
            file.read_exact(&mut block).expect("an image is made of whole blocks");
            if block.iter().any(|byte| *byte != 0) {
                image.blocks.insert(number, Arc::new(block));
            }
        }
        image
    }

    /// Makes a file of these bytes, with holes where they are zero.
    pub fn store(&self, path: &Path) {
        let file = File::create(path).expect("no room for an image");
        file.set_len(self.size).expect("no room for an image");
        for (number, block) in &self.blocks {
            file.write_all_at(&block[..], number * BLOCK).expect("no room for an image");
        }
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// What is there, cut at the image's end.
    pub fn read(&self, offset: u64, length: usize) -> Vec<u8> {
        let length = (length as u64).min(self.size.saturating_sub(offset)) as usize;
        let mut bytes = Vec::with_capacity(length);
        for part in parts(offset, length as u64) {
            match self.blocks.get(&part.block) {
                Some(block) => bytes.extend_from_slice(&block[part.from..part.from + part.length]),
                None => bytes.resize(bytes.len() + part.length, 0),
            }
        }
        bytes
    }

    pub fn write(&mut self, offset: u64, bytes: &[u8]) {
        let mut rest = bytes;
        for part in parts(offset, bytes.len() as u64) {
            let (now, after) = rest.split_at(part.length);
            rest = after;
            let block = self.blocks.entry(part.block).or_insert_with(|| Arc::new([0; BLOCK as usize]));
            Arc::make_mut(block)[part.from..part.from + part.length].copy_from_slice(now);
        }
    }

    pub fn zero(&mut self, offset: u64, length: u64) {
        for part in parts(offset, length) {
            if part.length as u64 == BLOCK {
                self.blocks.remove(&part.block);
            } else if let Some(block) = self.blocks.get_mut(&part.block) {
                Arc::make_mut(block)[part.from..part.from + part.length].fill(0);
            }
        }
    }

    /// Where these bytes stand, at the beginning of a block.
    pub fn find(&self, bytes: &[u8]) -> Option<u64> {
        let found = self.blocks.iter().find(|(_, block)| block.starts_with(&bytes[..bytes.len().min(BLOCK as usize)]));
        found.map(|(number, _)| number * BLOCK)
    }
}

fn parts(offset: u64, length: u64) -> impl Iterator<Item = Part> {
    let end = offset + length;
    (offset / BLOCK..end.div_ceil(BLOCK)).map(move |block| {
        let from = offset.max(block * BLOCK);
        let until = end.min((block + 1) * BLOCK);
        Part { block, from: (from - block * BLOCK) as usize, length: (until - from) as usize }
    })
}

#[test]
fn an_image_is_the_bytes_that_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("image");
    let mut image = Image { size: 5 * BLOCK, blocks: BTreeMap::new() };
    let mut expected = vec![0; 5 * BLOCK as usize];
    for (offset, length, byte) in [(10, 9000, 1), (4096, 4096, 2), (12_000, 300, 3), (100, 8_000, 0), (20_479, 1, 4)] {
        expected[offset..offset + length].fill(byte);
        match byte {
            0 => image.zero(offset as u64, length as u64),
            byte => image.write(offset as u64, &vec![byte; length]),
        }
        assert_eq!(image.read(0, 1 << 20), expected);
        image.store(&path);
        assert_eq!(std::fs::read(&path).unwrap(), expected);
        assert_eq!(Image::load(&path).read(0, 1 << 20), expected);
    }
}
