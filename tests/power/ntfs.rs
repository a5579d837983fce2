//! What NTFS has in its master file table, whatever its folders list: what `chkdsk` rebuilds them from.

use super::disk_facts::name_of;
use super::image::Image;
use std::collections::{BTreeMap, BTreeSet};

const SECTOR: usize = 512;
/// A folder of many names is kept in blocks of this size, which begin so.
const BLOCK: usize = 4096;
const INDEX: &[u8] = b"INDX";
const FILE_NAME: u32 = 0x30;
const DATA: u32 = 0x80;
const END: u32 = u32::MAX;
/// Flags of a record.
const IN_USE: u16 = 1;
const DIRECTORY: u16 = 2;

/// A file or folder that is there.
struct Record {
    is_directory: bool,
    /// Number and sequence number of the folder, and the name there.
    names: Vec<(u64, String)>,
    bytes: Vec<u8>,
}

/// A volume by its boot sector.
struct Volume<'i> {
    image: &'i Image,
    cluster: u64,
}

/// Where blocks of folders begin in what is written at once.
pub fn folder_blocks(offset: u64, bytes: &[u8]) -> impl Iterator<Item = u64> {
    let blocks = (offset..).step_by(BLOCK).zip(bytes.chunks(BLOCK));
    blocks.filter(|(_, block)| block.starts_with(INDEX)).map(|(at, _)| at)
}

/// Whether a block of a folder is there.
pub fn is_folder_block(image: &Image, at: u64) -> bool {
    image.read(at, INDEX.len()) == INDEX
}

/// Objects whose records are there, with their right names in the right folders and with the right
/// bytes.
pub fn recorded_objects(image: &Image) -> BTreeSet<String> {
    let records = records(image);
    let has_name = |folder: u64, name: &str, above: &dyn Fn(u64) -> bool| {
        let record = records.get(&folder).filter(|record| record.is_directory);
        record.is_some_and(|record| record.names.iter().any(|(parent, own)| own == name && above(*parent)))
    };
    let is_objects = |folder: u64| has_name(folder, "distbackup-objects", &|_| true);
    let is_shard_of = |folder: u64, object: &str| has_name(folder, &object[..3], &is_objects);
    let is_object = |record: &Record, folder: u64, name: &str| {
        name.len() == 64 && is_shard_of(folder, name) && name_of(&record.bytes) == name
    };
    let files = records.values().filter(|record| !record.is_directory);
    let named = files.flat_map(|record| record.names.iter().map(move |(folder, name)| (record, *folder, name)));
    named.filter(|(record, folder, name)| is_object(record, *folder, name)).map(|(.., name)| name.clone()).collect()
}

/// All records in use, by number and sequence number as folders refer to them.
fn records(image: &Image) -> BTreeMap<u64, Record> {
    let boot = image.read(0, SECTOR);
    let cluster = u64::from(u16_at(&boot, 11)) * u64::from(boot[13]);
    let record = match boot[64].cast_signed() {
        clusters @ 1.. => clusters as usize * cluster as usize,
        power => 1 << -power,
    };
    let volume = Volume { image, cluster };
    let first = volume.image.read(u64_at(&boot, 48) * cluster, record);
    let table = mended(first).and_then(|first| volume.data(&first)).unwrap_or_default();
    let numbered = (0..).zip(table.chunks_exact(record));
    numbered.filter_map(|(number, bytes)| volume.read_record(number, bytes.to_vec())).collect()
}

impl Volume<'_> {
    fn read_record(&self, number: u64, bytes: Vec<u8>) -> Option<(u64, Record)> {
        let bytes = mended(bytes)?;
        let flags = u16_at(&bytes, 22);
        // Of a file in several records only the first stands for it.
        if flags & IN_USE == 0 || u64_at(&bytes, 32) != 0 {
            return None;
        }
        let names = attributes(&bytes).filter(|(kind, _)| *kind == FILE_NAME).map(|(_, name)| {
            let name = &name[usize::from(u16_at(name, 20))..];
            let units: Vec<_> = (0..usize::from(name[64])).map(|at| u16_at(name, 66 + 2 * at)).collect();
            (u64_at(name, 0), String::from_utf16_lossy(&units))
        });
        let (names, is_directory) = (names.collect(), flags & DIRECTORY != 0);
        let data = self.data(&bytes).unwrap_or_default();
        Some((number | u64::from(u16_at(&bytes, 16)) << 48, Record { is_directory, names, bytes: data }))
    }

    /// The bytes of a file without a stream's name.
    fn data(&self, record: &[u8]) -> Option<Vec<u8>> {
        let (_, data) = attributes(record).find(|(kind, attribute)| *kind == DATA && attribute[9] == 0)?;
        if data[8] == 0 {
            let (length, from) = (u32_at(data, 16) as usize, usize::from(u16_at(data, 20)));
            return Some(data[from..from + length].to_vec());
        }
        let mut bytes = self.runs(&data[usize::from(u16_at(data, 32))..]);
        bytes.truncate(u64_at(data, 48) as usize);
        Some(bytes)
    }

    /// Clusters as they lie, each run given by its length and how far it is from the one before.
    fn runs(&self, mut list: &[u8]) -> Vec<u8> {
        let (mut bytes, mut at) = (Vec::new(), 0_i64);
        while let Some((sizes, rest)) = list.split_first().filter(|(sizes, _)| **sizes != 0) {
            let (length, rest) = rest.split_at(usize::from(sizes & 15));
            let (offset, rest) = rest.split_at(usize::from(sizes >> 4));
            list = rest;
            let length = (signed(length) as u64 * self.cluster) as usize;
            at += signed(offset);
            match offset {
                [] => bytes.resize(bytes.len() + length, 0),
                _ => bytes.extend(self.image.read(at as u64 * self.cluster, length)),
            }
        }
        bytes
    }
}

/// A record with the last bytes of its sectors put back; nothing if it was written in part, or is none.
fn mended(mut record: Vec<u8>) -> Option<Vec<u8>> {
    if !record.starts_with(b"FILE") {
        return None;
    }
    let (at, count) = (usize::from(u16_at(&record, 4)), usize::from(u16_at(&record, 6)));
    for sector in 1..count {
        let (end, kept) = (sector * SECTOR - 2, at + 2 * sector);
        if record[end..end + 2] != record[at..at + 2] {
            return None;
        }
        record.copy_within(kept..kept + 2, end);
    }
    Some(record)
}

/// The attributes of a record: kind and all their bytes.
fn attributes(record: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = &record[usize::from(u16_at(record, 20))..];
    std::iter::from_fn(move || {
        let kind = u32_at(rest, 0);
        let (attribute, after) = (kind != END).then(|| rest.split_at(u32_at(rest, 4) as usize))?;
        rest = after;
        Some((kind, attribute))
    })
}

/// A number with a sign, of as many bytes as there are.
fn signed(bytes: &[u8]) -> i64 {
    let is_negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut all = [if is_negative { 0xFF } else { 0 }; 8];
    all[..bytes.len()].copy_from_slice(bytes);
    i64::from_le_bytes(all)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().expect("two bytes"))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}
