//! Whether a catalog that was made is what an update records: the same home both ways, side by side.

use super::catalog::{self, Shelf};
use super::content::Content;
use super::home::Spec;
use super::tree;
use dsb::catalog::{Catalog, FileRow};
use dsb::error::Result;
use dsb::model::{DirectoryId, ObjectId, Size, Timestamp, VPath};
use dsb::ops::{UpdateOptions, update};
use dsb::progress::Silent;
use std::path::Path;

/// Makes a home, its catalog, and the catalog of an update over it; how many entries are alike.
pub fn check(spec: &Spec, folder: &Path) -> Result<u64> {
    let home = folder.join("home");
    tree::write(spec, &home).expect("the home can be written");
    catalog::make(spec, Shelf { disks: 0, copies: 0 }, &folder.join("made"), &home, Content::id)?;
    let recorded = Catalog::open_or_create(&folder.join("recorded"), Timestamp::new(0, 0))?;
    recorded.map_source(&"/home".parse::<VPath>().expect("a virtual path"), &home)?;
    update(&recorded, &UpdateOptions::default(), &Silent)?;
    let made = Catalog::open(&folder.join("made"))?;
    same(&made, DirectoryId::ROOT, &recorded, DirectoryId::ROOT)
}

fn same(made: &Catalog, here: DirectoryId, recorded: &Catalog, there: DirectoryId) -> Result<u64> {
    let (left, right) = (made.files_in(here)?, recorded.files_in(there)?);
    assert_eq!(left.len(), right.len(), "as many entries in directory {}", here.0);
    let mut count = 0;
    for (left, right) in left.iter().zip(&right) {
        assert_eq!(shown(made, left)?, shown(recorded, right)?);
        count += 1;
        if let (Some(here), Some(there)) = (left.directory, right.directory) {
            count += same(made, here, recorded, there)?;
        }
    }
    Ok(count)
}

/// What of a row does not depend on who made it, and when.
type Shown = (String, dsb::model::Kind, Size, Option<Timestamp>, Option<u32>, Option<ObjectId>, u64);

fn shown(catalog: &Catalog, row: &FileRow) -> Result<Shown> {
    let object = row.object.map(|key| catalog.object(key)).transpose()?.map(|(id, _)| id);
    let is_file = row.kind == dsb::model::Kind::File;
    let (time, mode) = (is_file.then_some(row.mtime), is_file.then_some(row.owner.mode));
    Ok((row.name.to_string(), row.kind, row.size, time, mode, object, row.names))
}
