//! All that is known of one path, and the hash of a real file.

use super::past::{self, Version};
use super::{Claim, paths_of, whereabouts};
use crate::catalog::{Catalog, FileRow, TreeRow, View};
use crate::digest::{BUFFER, hash_stream};
use crate::error::{Error, Kind, Result};
use crate::model::{Content, DirectoryId, Footprint, ObjectId, Size, VPath};
use crate::progress::Progress;
use std::fs::File;
use std::io;
use std::path::Path;

/// What is known of a path of the newest state.
pub struct PathInfo {
    /// The entry.
    pub row: TreeRow,
    /// The same as sums have it: its inode, its names.
    pub file: FileRow,
    /// What it takes on a disk; nothing without content.
    pub footprint: Size,
    /// Paths of the same content, this one left out; the first of them.
    pub identical: Vec<VPath>,
    /// The disks that have it.
    pub claims: Vec<Claim>,
    /// What was at this path in all states that are kept, the oldest first.
    pub versions: Vec<Version>,
}

/// Identical files named at most.
const NAMED: u32 = 20;

/// All that is known of a path.
pub fn path_info(catalog: &Catalog, path: &VPath) -> Result<PathInfo> {
    let claims = whereabouts(catalog, path)?.claims;
    let parent = path.split_last().map(|(above, _)| above).unwrap_or_default();
    let parent = catalog.look_up(&parent, View::Newest)?.and_then(|row| row.entry.directory);
    let row = catalog.look_up(path, View::Newest)?;
    let rows = catalog.files_in(parent.unwrap_or(DirectoryId::ROOT))?;
    let found = row.and_then(|row| Some((rows.into_iter().find(|file| file.name == row.entry.name)?, row)));
    let (file, row) =
        found.ok_or_else(|| Error::new(Kind::Usage, format_args!("there is no {path} in the catalog")))?;
    let mut identical = match row.entry.content {
        Content::Object(key) => paths_of(catalog, key, NAMED + 1)?,
        Content::None => Vec::new(),
    };
    identical.retain(|other| other != path);
    identical.truncate(NAMED as usize);
    identical.sort();
    let footprint = if file.object.is_some() { Footprint::USUAL.of(file.size, file.data) } else { Size::ZERO };
    Ok(PathInfo { footprint, identical, claims, versions: past::versions(catalog, path)?, row, file })
}

/// The hash that the object of a real file would have, and its length.
pub fn hash_file(path: &Path, progress: &dyn Progress) -> Result<(ObjectId, Size)> {
    let failed = |error: io::Error| Error::io("read", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let hashed = hash_stream(&mut file, Size::MAX, &mut vec![0; BUFFER], |_| {
        if progress.stopped() { Err(io::Error::other("interrupted")) } else { Ok(()) }
    });
    progress.check()?;
    hashed.map_err(failed)
}
