//! Regular files of the walk: gathered, fetched together, and counted.

use super::Run;
use super::fetch::{Fault, Fetched, Fetcher, Outcome, Wanted};
use super::share::Came;
use crate::catalog::TreeRow;
use crate::error::Result;
use crate::model::{Amount, Kind, Problem, Size, Stat, VPath};
use std::io;

/// Files fetched together at most, and their bytes.
const TOGETHER: usize = 512;
const TOGETHER_BYTES: Size = Size(64_000_000);
/// The same where a disk spins: the more there are, the less the head has to go back.
const TOGETHER_SPINNING: usize = 8192;
const TOGETHER_SPINNING_BYTES: Size = Size(2_000_000_000);

impl Run<'_> {
    /// Takes one regular file into account. One with several names is fetched at once: its other
    /// names need it.
    pub(super) fn file(&mut self, path: &VPath, row: TreeRow) -> io::Result<()> {
        if self.link_to_first(path, &row)? {
            return Ok(());
        }
        let wanted = Wanted { path: path.clone(), row };
        if wanted.row.entry.hard_link.is_none() {
            self.gathered_bytes += wanted.row.entry.metadata.size;
            self.gathered.push(wanted);
        } else {
            let fetched = self.fetcher().fetch(path, &wanted.row);
            self.count(&wanted, &fetched);
        }
        Ok(())
    }

    /// Whether enough files have gathered, or directories that wait for them.
    pub(super) fn has_gathered(&self) -> bool {
        let (files, bytes) =
            if self.spins { (TOGETHER_SPINNING, TOGETHER_SPINNING_BYTES) } else { (TOGETHER, TOGETHER_BYTES) };
        self.gathered.len().max(self.waiting.len()) >= files || self.gathered_bytes >= bytes
    }

    /// Fetches what has gathered, then gives the directories that wait for it their metadata.
    pub(super) fn fetch_gathered(&mut self) -> Result<()> {
        let gathered = std::mem::take(&mut self.gathered);
        self.gathered_bytes = Size::ZERO;
        let fetched = self.fetcher().fetch_all(&gathered);
        for (wanted, fetched) in gathered.iter().zip(fetched) {
            self.count(wanted, &fetched);
        }
        self.progress.check()?;
        for frame in std::mem::take(&mut self.waiting) {
            self.finish(&frame);
        }
        Ok(())
    }

    fn fetcher(&self) -> Fetcher<'_> {
        Fetcher {
            disks: self.disks,
            destination: &self.destination,
            options: self.options,
            applying: &self.applying,
            sharing: self.sharing.as_ref(),
            is_plain: self.taken.is_some(),
            spins: self.spins,
            read: crate::os::ReadOnce::default(),
            progress: self.progress,
        }
    }

    /// Whether a file that is there has the right bytes and time.
    pub(super) fn has_bytes(&self, path: &VPath, row: &TreeRow) -> bool {
        let metadata = &row.entry.metadata;
        let alike = |found: Stat| found.kind == Kind::File && found.mtime == metadata.mtime;
        let is_alike = self.destination.look(path).ok().flatten().is_some_and(alike);
        metadata.kind == Kind::File && is_alike && self.fetcher().has_bytes(path, row).unwrap_or(false)
    }

    fn count(&mut self, wanted: &Wanted, fetched: &Fetched) {
        let Wanted { path, row } = wanted;
        let size = row.entry.metadata.size;
        self.report.unheld += fetched.unheld;
        fetched.problems.iter().for_each(|what| self.problem(path, what));
        let came =
            if fetched.outcome == Outcome::Written { "came from another disk" } else { "not restored from there" };
        for Fault { disk, what, is_damage } in &fetched.faults {
            let count = if *is_damage { &mut self.report.bad } else { &mut self.report.unread };
            *count += 1;
            self.report.faulty.insert(*disk);
            self.progress.problem(&Problem::new(path.to_bytes(), format_args!("{what}; {came}")));
        }
        match fetched.outcome {
            Outcome::Written => {
                self.report.written += Amount::one(size);
                match fetched.came {
                    Came::Copied => {}
                    Came::Cloned => self.report.cloned += Amount::one(size),
                    Came::Linked => self.report.linked += Amount::one(size),
                }
                self.first_of_links(path, row);
                self.advance(Size::ZERO);
            }
            Outcome::Present => {
                self.report.present += 1;
                self.first_of_links(path, row);
                self.advance(size);
            }
            Outcome::Differing => self.left(path, row),
            Outcome::Missing => self.report.remaining.add(path, size, self.elsewhere(row)),
            Outcome::Failed => {}
        }
    }
}
