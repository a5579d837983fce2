//! The backup set as a person assembles it.

use crate::catalog::{Catalog, SourceMap};
use crate::disk::Attached;
use crate::error::{Error, Kind, Result};
use crate::model::{VPath, escape};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Shows a real directory at a virtual path.
pub fn map_source(catalog: &Catalog, vpath: &VPath, path: &Path) -> Result<SourceMap> {
    let shown = escape(path.as_os_str().as_bytes()).into_owned();
    let real = path.canonicalize().map_err(|error| not_found(path, &error))?;
    if !real.is_dir() {
        return Err(
            Error::new(Kind::Usage, format_args!("{shown} is not a folder")).next("map the folder that holds it")
        );
    }
    if let Ok(disk) = Attached::open(&real) {
        let name = escape(disk.marker().name.as_bytes()).into_owned();
        return Err(Error::new(Kind::Refused, format_args!("{shown} is backup disk {name}"))
            .next("map what is to be backed up"));
    }
    let maps = catalog.source_maps()?;
    match maps.into_iter().find(|map| map.vpath == *vpath) {
        Some(map) if map.path == real => Ok(map),
        Some(map) => {
            let taken = escape(map.path.as_os_str().as_bytes()).into_owned();
            Err(Error::new(Kind::Refused, format_args!("{vpath} shows {taken} already"))
                .next(format_args!("`dsb source unmap {vpath}` first, or `dsb source map /OTHER-NAME {shown}`")))
        }
        None => {
            catalog.atomically(|catalog| catalog.raise_generation().and_then(|_| catalog.map_source(vpath, &real)))?;
            Ok(SourceMap { vpath: vpath.clone(), path: real, file_system: None, scanned: None })
        }
    }
}

/// A folder that a person named and that cannot be found.
pub(super) fn not_found(folder: &Path, error: &io::Error) -> Error {
    let failed = Error::io("find the folder", folder, error);
    if error.kind() == io::ErrorKind::NotFound { Error::new(Kind::Usage, failed.what()) } else { failed }
}

/// Takes a map away.
pub fn unmap_source(catalog: &Catalog, vpath: &VPath) -> Result<()> {
    if catalog.unmap_source(vpath)? {
        catalog.raise_generation()?;
        return Ok(());
    }
    Err(Error::new(Kind::Usage, format_args!("nothing is mapped to {vpath}")).next("`dsb source list` shows the maps"))
}
