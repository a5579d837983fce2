//! Everything that a person set, as one JSON document: exported, imported, edited.
//!
//! The document is distbackup's, with what dsb has beyond it: `path_map`, `path_config`, `disks`,
//! `retention`. A part that is not in it stays as it is; a part that is there is all that holds
//! afterwards. What is wrong in it is refused as a whole, with the line at fault.

mod apply;
mod document;
mod retention;
mod text;

pub use apply::{ConfigChanges, import_config};
pub use document::{DiskConfig, Document, PathConfig};
pub use retention::RetentionConfig;
pub use text::BadDocument;

use crate::catalog::Catalog;
use crate::error::Result;
use crate::model::VPath;

/// The parts of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Source maps.
    Maps,
    /// What is set for paths.
    Paths,
    /// What can be set of disks.
    Disks,
    /// All of it.
    All,
}

/// Writes down what is set; of paths only those at and below `below`, if that is given.
pub fn export_config(catalog: &Catalog, part: Part, below: Option<&VPath>) -> Result<Document> {
    let wants = |own| part == Part::All || part == own;
    let mut document = Document::default();
    if wants(Part::Maps) {
        let maps = catalog.source_maps()?.into_iter().map(|map| (map.vpath.into(), map.path.into()));
        document.path_map = Some(maps.collect());
    }
    if wants(Part::Paths) {
        document.path_prefix = below.map(|below| below.clone().into());
        document.path_config = Some(document::paths(catalog, below)?);
    }
    if wants(Part::Disks) {
        let disks = catalog.disks()?;
        document.disks = Some(disks.iter().map(|disk| (disk.uuid.into(), DiskConfig::of(disk))).collect());
    }
    if part == Part::All {
        document.retention = Some(RetentionConfig::of(catalog.retention()?));
    }
    Ok(document)
}
