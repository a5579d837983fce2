//! One preset: hook, update, a backup to each of its disks, hook.

use super::around::{Around, backup_facts, update_facts};
use super::ends_all;
use crate::catalog::Catalog;
use crate::cli::context::Context;
use crate::cli::{backup, disk, exit, update};
use crate::error::Result;
use crate::model::{Problem, VPath, escape};
use crate::ops::{self, BackupOptions, BackupReport, Prepared, Preset, UpdateOptions, UpdateReport};
use crate::progress::Progress;
use serde_json::{Value, json};
use std::fmt::Display;
use std::os::unix::ffi::OsStrExt;

/// What became of a preset.
#[derive(Default)]
pub struct Run {
    name: String,
    /// One, or two where the first saw something change under it; the last says how all of it ended.
    updates: Vec<(UpdateReport, String)>,
    /// Behind each update one for each disk.
    backups: Vec<Vec<BackupReport>>,
    /// Disks that are not attached.
    absent: Vec<String>,
    /// What ended it, or kept a hook from going well; each was told.
    failures: u64,
    /// How many of these are no more than that all its disks lie in their drawer.
    in_drawer: u64,
    /// Whether something before it had problems: then nothing is forgotten, removed or evicted.
    holds_back: bool,
}

/// Runs a preset to its end; where not all before it was sound, it takes nothing away. An error ends
/// all presets.
pub fn run_preset(context: &Context, catalog: &Catalog, preset: &Preset, is_sound: bool) -> Result<Run> {
    let mut run = Run { name: preset.name.clone(), holds_back: !is_sound, ..Run::default() };
    // Beside another run nothing is done, and no hook takes away what that one works with.
    drop(catalog.lock("run")?);
    let around = Around::new(context, catalog, preset);
    let mut ended = Ok(());
    if around.hook("before", preset.hooks.before.as_deref(), &run.facts(), &mut run.failures) {
        ended = run.work(context, catalog, preset);
    }
    // A hook that was interrupted only failed; who interrupted it meant all.
    ended = ended.and_then(|()| context.terminal().check());
    if let Err(error) = &ended {
        // What ends all of it is told at the end of all.
        if ends_all(error) { run.failures += 1 } else { run.failed(context, error) }
    }
    let (name, line) = if run.is_complete() {
        ("after", preset.hooks.after.as_deref())
    } else {
        ("failed", preset.hooks.failed.as_deref())
    };
    let mut facts = run.facts();
    let code = ended.as_ref().err().map_or(if run.is_complete() { 0 } else { 3 }, |error| exit::number(error.kind()));
    facts.push(("DSB_EXIT", code.to_string().into()));
    around.hook(name, line, &facts, &mut run.failures);
    ended.or_else(|error| if ends_all(&error) { Err(error) } else { Ok(()) })?;
    Ok(run)
}

impl Run {
    fn work(&mut self, context: &Context, catalog: &Catalog, preset: &Preset) -> Result<()> {
        let _lock = catalog.lock("run")?;
        let Prepared { maps, targets, missing, new_policy, strangers } = ops::prepare(catalog, preset)?;
        if new_policy {
            let name = escape(self.name.as_bytes());
            context.terminal().note(&format!("[{name}] sets which older states are kept: `dsb retention show`"));
        }
        missing.iter().for_each(|error| self.failed(context, error));
        for map in strangers {
            let (vpath, path) = (&map.vpath, escape(map.path.as_os_str().as_bytes()));
            let what =
                format!("{vpath} is still mapped to {path}, which this preset does not name, and is not looked at");
            self.failed(context, format_args!("{what} (no longer wanted: `dsb source unmap {vpath}`)"));
        }
        for added in targets.iter().filter_map(|target| target.added.as_ref()) {
            disk::tell_warnings(&added.disk.name, &added.warnings);
            context.terminal().note(disk::words_of_added(added).trim_end());
        }
        self.absent = targets.iter().filter(|target| !target.attached).map(|t| t.disk.name.to_string()).collect();
        if !targets.is_empty() && targets.iter().all(|target| !target.attached) {
            self.failed(context, format_args!("none of its disks is attached: {}", self.absent.join(", ")));
            self.in_drawer = 1;
        }
        let attached: Vec<_> =
            targets.iter().filter(|target| target.attached).map(|t| t.disk.name.to_string()).collect();
        self.round(context, catalog, &maps, &attached)?;
        // What vanished or changed under the backup is no failure: it is looked at once more.
        if self.backups.iter().flatten().any(BackupReport::had_passing_problems) {
            self.round(context, catalog, &maps, &attached)?;
        }
        Ok(())
    }

    /// An update, and a backup to each disk.
    fn round(&mut self, context: &Context, catalog: &Catalog, maps: &[VPath], disks: &[String]) -> Result<()> {
        let keeps_all = self.holds_back || self.failures > self.in_drawer;
        let options = UpdateOptions { only: Some(maps.to_vec()), keeps_all, ..UpdateOptions::default() };
        let updated = update::update(context, catalog, &options)?;
        let words = update::words(context, &updated);
        let updated = UpdateReport { unhashed: update::unread(context, &updated), ..updated };
        self.updates.push((updated, words));
        if context.rehearses() {
            return Ok(());
        }
        self.backups.push(Vec::new());
        for disk in disks {
            // A run that had problems deletes nothing.
            let options = BackupOptions::default().after(!self.holds_back && self.is_sound());
            match backup::backup(context, catalog, disk, &options) {
                Ok(report) => self.backups.last_mut().map_or((), |reports| reports.push(report)),
                Err(error) if ends_all(&error) => return Err(error),
                // What is wrong with one disk does not keep the others from their turn.
                Err(error) => self.failed(context, &error),
            }
        }
        Ok(())
    }

    fn failed(&mut self, context: &Context, why: impl Display) {
        self.failures += 1;
        context.terminal().problem(&Problem::new(format!("[{}]", self.name), why));
    }

    /// Whether all of it was done.
    pub fn is_complete(&self) -> bool {
        self.is_sound()
            && self.failures == 0
            && self.backups.last().is_none_or(|last| last.iter().all(BackupReport::is_complete))
    }

    /// Whether nothing had problems. What somebody else has on a disk is none, nor is a disk without room: what makes way on others may be what
    /// gives it some. Nor are disks in their drawer, which is where they are most of the time.
    pub fn is_sound(&self) -> bool {
        let is_updated = self.updates.last().is_some_and(|(report, _)| report.is_complete());
        let reports = self.backups.last().into_iter().flatten();
        is_updated && self.failures == self.in_drawer && !reports.into_iter().any(BackupReport::had_passing_problems)
    }

    fn facts(&self) -> ops::HookFacts {
        let updates: Vec<_> = self.updates.iter().map(|(report, _)| report).collect();
        let update = if updates.is_empty() { Vec::new() } else { update_facts(&updates) };
        update.into_iter().chain(backup_facts(self.backups.iter().flatten())).collect()
    }

    /// As a program reads it.
    pub fn json(&self) -> Value {
        json!({
            "preset": self.name,
            "update": self.updates.last().map(|(report, _)| update::to_json(report)),
            "backups": self.backups.iter().flatten().map(backup::to_json).collect::<Vec<_>>(),
            "not_attached": self.absent,
            "failures": self.failures,
            "complete": self.is_complete(),
        })
    }

    /// As a person reads it.
    pub fn words(&self) -> String {
        let mut out = format!("[{}]\n", self.name);
        for (round, (_, words)) in self.updates.iter().enumerate() {
            out += words;
            out += &self.backups.get(round).into_iter().flatten().map(backup::words).collect::<String>();
        }
        if !self.absent.is_empty() {
            out += &format!("Not attached: {}.\n", self.absent.join(", "));
        }
        out
    }
}
