//! What is in the files: a number stands for each content, and all of it follows from the number.

use super::area::{AREAS, Area};
use super::home::Spec;
use super::random::Random;
use dsb::digest::Digest;
use dsb::model::ObjectId;
use std::io::{self, Write};

/// One content; two files with the same number have the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content(u64);

/// What was in files before: those just seen, and a sample of all.
pub struct Contents {
    next: u64,
    last: Vec<Content>,
    sample: Vec<Content>,
}

const REMEMBERED: usize = 4096;

impl Contents {
    pub fn new() -> Self {
        Self { next: 0, last: Vec::new(), sample: Vec::new() }
    }

    /// One that no file has yet.
    pub fn fresh(&mut self, area: usize, random: &mut Random) -> Content {
        let content = Content(self.next * AREAS.len() as u64 + area as u64);
        self.next += 1;
        let place = self.next as usize % REMEMBERED;
        remember(&mut self.last, place, content);
        remember(&mut self.sample, random.below(self.next as usize), content);
        content
    }

    /// One that some file has: as often one near by as any.
    pub fn known(&self, random: &mut Random) -> Option<Content> {
        let from = if random.chance(0.5) { &self.last } else { &self.sample };
        if from.is_empty() { None } else { from.get(random.below(from.len())).copied() }
    }
}

fn remember(list: &mut Vec<Content>, place: usize, content: Content) {
    if let Some(old) = list.get_mut(place) {
        *old = content;
    } else if list.len() < REMEMBERED {
        list.push(content);
    }
}

impl Content {
    fn area(self) -> &'static Area {
        &AREAS[self.0 as usize % AREAS.len()]
    }

    fn random(self, spec: &Spec) -> Random {
        Random::new(spec.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Its length, never 0.
    pub fn size(self, spec: &Spec) -> u64 {
        spec.shrink.of(self.area().size(&mut self.random(spec)))
    }

    /// The hash of its number, for catalogs whose bytes nobody will ever read.
    pub fn name(self, spec: &Spec) -> ObjectId {
        let mut digest = Digest::default();
        [spec.seed, self.0].iter().for_each(|number| digest.update(&number.to_le_bytes()));
        digest.finish()
    }

    /// The hash of its bytes.
    pub fn id(self, spec: &Spec) -> ObjectId {
        let mut hashed = Hashed(Digest::default());
        self.write(spec, &mut hashed).expect("nothing is written anywhere");
        hashed.0.finish()
    }

    /// Writes its bytes.
    pub fn write(self, spec: &Spec, to: &mut impl Write) -> io::Result<()> {
        let (mut random, mut left) = (self.random(spec), self.size(spec) as usize);
        let mut block = [0; 8192];
        while left > 0 {
            let count = left.min(block.len());
            self.fill(&mut random, &mut block);
            to.write_all(&block[..count])?;
            left -= count;
        }
        Ok(())
    }

    /// Text has four random bits in each byte, so that it packs to about half.
    fn fill(self, random: &mut Random, block: &mut [u8]) {
        for eight in block.chunks_mut(8) {
            let bits = random.next();
            let bits = if self.area().text { bits & 0x0f0f_0f0f_0f0f_0f0f | 0x6060_6060_6060_6060 } else { bits };
            eight.copy_from_slice(&bits.to_le_bytes()[..eight.len()]);
        }
    }
}

struct Hashed(Digest);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
