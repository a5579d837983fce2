//! Between scan and reading: renames are recognised, losses are believed or not.

use super::Run;
use super::scan::Source;
use crate::catalog::Renamed;
use crate::error::{Result, reason};
use crate::model::{Content, Problem};
use std::os::unix::ffi::OsStrExt;

/// Fewer losses than this are an ordinary day.
const FEW: u64 = 1_000;
/// A larger part of the known files than this, in percent, is no ordinary day.
const MANY_PERCENT: u64 = 20;

/// Whether so many lost files of so many known ones look like a drive that is not there.
fn is_mass_loss(lost: u64, known: u64) -> bool {
    lost > FEW && lost.saturating_mul(100) > known.saturating_mul(MANY_PERCENT)
}

/// Renames handled in one go.
const CHUNK: u32 = 10_000;

impl Run<'_> {
    /// Records files that are known files under another name: their content is known.
    pub(super) fn adopt_renamed(&mut self, sources: &[Source]) -> Result<()> {
        // The search passes over every known entry: only where there is something to recognise.
        let mut is_more = !self.newcomers.is_empty();
        while is_more {
            let renamed = self.catalog.renamed(&self.newcomers, CHUNK as usize)?;
            is_more = renamed.len() >= CHUNK as usize;
            for renamed in renamed {
                self.progress.check()?;
                self.adopt(&renamed, sources)?;
                self.catalog.remove_pending(&renamed.file)?;
            }
        }
        Ok(())
    }

    fn adopt(&mut self, renamed: &Renamed, sources: &[Source]) -> Result<()> {
        let file = &renamed.file;
        let Some(root) = sources.get(file.source as usize).and_then(|source| source.root.as_ref()) else {
            return Ok(());
        };
        let looked = root.look(&file.path).and_then(|stat| Ok((stat, root.xattrs(&file.path)?)));
        let (stat, xattrs) = match looked {
            Ok(looked) => looked,
            Err(error) => {
                let place = root.real_path(&file.path);
                self.problem(&Problem::new(place.as_os_str().as_bytes(), reason(&error)));
                return Ok(());
            }
        };
        if (stat.inode, stat.size, stat.mtime, stat.birth)
            != (file.stat.inode, file.stat.size, file.stat.mtime, file.stat.birth)
        {
            let place = root.real_path(&file.path);
            self.problem(&Problem::new(place.as_os_str().as_bytes(), "changed while the update ran"));
            return Ok(());
        }
        let mut record = self.record(file.parent, file.name.clone(), stat, file.file_system);
        record.xattrs = xattrs;
        record.content = Content::Object(renamed.object);
        record.hashed = renamed.hashed;
        self.report.renamed += 1;
        self.catalog.add_renamed(file)?;
        self.put_renamed(&record)
    }

    /// Keeps what is known of every map from which suspiciously much would be gone.
    pub(super) fn guard(&mut self, sources: &[Source]) -> Result<()> {
        for (position, source) in (0..).zip(sources) {
            let lost = self.catalog.lost(position)?;
            let gone = lost.vanished + lost.shrunk;
            let known = source.known_files.max(lost.vanished);
            if !is_mass_loss(gone, known) || self.options.accepted.loss.contains(&source.vpath) {
                continue;
            }
            self.catalog.keep_lost(position)?;
            self.replacing.retain(|(source, _)| *source != position);
            let path = &source.vpath;
            let what = format!(
                "{gone} of {known} known files are gone or empty: nothing was taken out of the catalog \
                 (is a drive unmounted? really gone: dsb update --accept-loss {path})"
            );
            self.progress.problem(&Problem::new(path.to_bytes(), what));
            self.report.locked.push(path.clone());
        }
        Ok(())
    }

    /// Takes out of the newest state what is really gone.
    pub(super) fn apply_vanished(&mut self) -> Result<()> {
        loop {
            let vanished = self.catalog.take_vanished(CHUNK)?;
            if vanished.is_empty() {
                break;
            }
            for (parent, name, directory) in vanished {
                self.report.vanished += self.writer.close(parent, &name, directory)?;
                self.tick()?;
            }
        }
        std::mem::take(&mut self.replacing).iter().try_for_each(|(_, record)| self.put(record))
    }
}

#[cfg(test)]
mod tests {
    use super::is_mass_loss;

    #[test]
    fn an_ordinary_day_passes() {
        let table = [
            (0, 0, false),
            (1_000, 1_000, false),
            (1_001, 1_001, true),
            (1_001, 5_005, false),
            (1_002, 5_005, true),
            (10_000, 1_000_000, false),
            (u64::MAX, 10, true),
        ];
        for (lost, known, fires) in table {
            assert_eq!(is_mass_loss(lost, known), fires, "{lost} of {known}");
        }
    }
}
