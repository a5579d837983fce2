//! Between scan and reading: renames are recognised, losses are believed or not.

use super::Run;
use super::scan::Source;
use crate::catalog::{FileRecord, Renamed, Sought};
use crate::error::Result;
use crate::model::{Content, Problem, Stat};
use std::os::unix::ffi::OsStrExt;

/// Fewer losses than this are an ordinary day.
const FEW: u64 = 1_000;
/// A larger part of the known files than this, in percent, is no ordinary day.
const MANY_PERCENT: u64 = 20;

/// Whether so many lost files of so many known ones look like a drive that is not there.
fn is_mass_loss(lost: u64, known: u64) -> bool {
    lost > FEW && lost.saturating_mul(100) > known.saturating_mul(MANY_PERCENT)
}

/// Whether a file is still the one that was seen.
fn is_the_same(now: &Stat, seen: &Stat) -> bool {
    (now.inode, now.size, now.mtime, now.birth) == (seen.inode, seen.size, seen.mtime, seen.birth)
}

/// Renames handled in one go.
const CHUNK: u32 = 10_000;

impl Run<'_> {
    /// Records files that are known files under another name: their content is known.
    pub(super) fn adopt_renamed(&mut self, sources: &[Source]) -> Result<()> {
        let is_new = |source: &Source| source.listed > 0 && source.known_files == 0;
        let sought = if sources.iter().any(is_new) { Sought::Everywhere } else { Sought::AmongTheGone };
        self.catalog.list_renamed(sought)?;
        let mut last = None;
        loop {
            let renamed = self.catalog.renamed_after(last.as_ref(), CHUNK)?;
            for renamed in &renamed {
                self.progress.check()?;
                if !self.adopt(renamed, sources)? {
                    self.catalog.remove_renamed(&renamed.file)?;
                }
                self.catalog.remove_pending(&renamed.file)?;
            }
            match renamed.into_iter().next_back() {
                Some(renamed) => last = Some(renamed.file),
                None => return Ok(()),
            }
        }
    }

    /// Records one of them, unless it is not any more what was seen.
    fn adopt(&mut self, renamed: &Renamed, sources: &[Source]) -> Result<bool> {
        let file = &renamed.file;
        let Some(root) = sources.get(file.source as usize).and_then(|source| source.root.as_ref()) else {
            return Ok(false);
        };
        let place = root.real_path(&file.path);
        match root.look(&file.path).and_then(|stat| Ok((stat, root.xattrs(&file.path)?))) {
            Ok((stat, xattrs)) if is_the_same(&stat, &file.stat) => {
                let record = self.record(file.parent, file.name.clone(), stat, file.file_system);
                let (content, hashed) = (Content::Object(renamed.object), renamed.hashed);
                self.report.renamed += 1;
                self.put_renamed(&FileRecord { xattrs, content, hashed, ..record })?;
                return Ok(true);
            }
            Ok(_) => self.problem(&Problem::new(place.as_os_str().as_bytes(), "changed while the update ran")),
            Err(error) => self.unlooked(&place, &error),
        }
        Ok(false)
    }

    /// Keeps what is known of every map from which suspiciously much would be gone.
    pub(super) fn guard(&mut self, sources: &[Source]) -> Result<()> {
        for (position, source) in (0..).zip(sources) {
            if self.is_doubtful(position, source)? {
                self.catalog.find_moved_before()?;
                break;
            }
        }
        for (position, source) in (0..).zip(sources) {
            if !self.is_doubtful(position, source)? {
                continue;
            }
            let (gone, known) = self.gone(position, source)?;
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

    fn is_doubtful(&self, position: u32, source: &Source) -> Result<bool> {
        let (gone, known) = self.gone(position, source)?;
        Ok(is_mass_loss(gone, known) && !self.options.accepted.loss.contains(&source.vpath))
    }

    /// How many files of a map would be gone, of how many that are known.
    fn gone(&self, position: u32, source: &Source) -> Result<(u64, u64)> {
        let lost = self.catalog.lost(position)?;
        Ok((lost.vanished + lost.shrunk, (source.known_files + lost.inside).max(lost.vanished)))
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
