//! What a hook is told, and what becomes of what it says.

use crate::catalog::Catalog;
use crate::cli::context::Context;
use crate::model::{Problem, escape};
use crate::ops::{self, BackupReport, HookFacts, Preset, UpdateReport};
use crate::progress::Progress;

/// The hooks of a preset.
pub struct Around<'r> {
    context: &'r Context,
    catalog: &'r Catalog,
    preset: &'r Preset,
}

impl<'r> Around<'r> {
    /// Those of a preset.
    pub fn new(context: &'r Context, catalog: &'r Catalog, preset: &'r Preset) -> Self {
        Self { context, catalog, preset }
    }

    /// Runs a hook, if there is one, and says whether all is well. One that fails is told and counted.
    pub fn hook(&self, name: &str, line: Option<&str>, facts: &HookFacts, failures: &mut u64) -> bool {
        let Some(line) = line.filter(|_| !self.context.rehearses()) else { return true };
        let terminal = self.context.terminal();
        terminal.log().line(&format!("[{}] {name}: {line}", self.preset.name));
        let ran = match ops::run_hook(line, &self.facts(facts)) {
            Ok(ran) => ran,
            Err(error) => {
                terminal.problem(&Problem::new(format!("[{}]", self.preset.name), format_args!("{name}: {error}")));
                *failures += 1;
                return false;
            }
        };
        let lines: Vec<_> = ran.text.lines().map(|line| escape(line.as_bytes())).collect();
        let said = lines.iter().fold(String::new(), |out, line| out + "    " + line + "\n");
        terminal.log().line(&said);
        if self.context.is_verbose() && !said.is_empty() {
            terminal.note(said.trim_end());
        }
        if !ran.is_ok() {
            let how = ran.code.map_or_else(|| "was ended by a signal".to_owned(), |code| format!("ended with {code}"));
            let last = lines.last().map(|line| format!(": {line}")).unwrap_or_default();
            terminal.problem(&Problem::new(format!("[{}]", self.preset.name), format_args!("{name} {how}{last}")));
            *failures += 1;
        }
        ran.is_ok()
    }

    fn facts(&self, more: &HookFacts) -> HookFacts {
        let disks: Vec<_> = self.preset.destinations.iter().map(|place| place.to_string_lossy().into_owned()).collect();
        let own = [
            ("DSB_PRESET", self.preset.name.clone().into()),
            ("DSB_CATALOG", self.catalog.path().as_os_str().to_owned()),
            ("DSB_DISKS", disks.join(" ").into()),
        ];
        own.into_iter().chain(more.iter().cloned()).collect()
    }
}

/// What updates did one after the other, for a hook; what was left undone is that of the last.
pub fn update_facts(reports: &[&UpdateReport]) -> HookFacts {
    let sum = |of: fn(&UpdateReport) -> u64| reports.iter().map(|report| of(report)).sum::<u64>().to_string().into();
    let snapshot = reports.iter().rev().find_map(|report| report.snapshot);
    let problems = reports.last().map_or(0, |report| report.problems);
    vec![
        ("DSB_SNAPSHOT", snapshot.map_or_else(String::new, |id| id.0.to_string()).into()),
        ("DSB_ADDED", sum(|report| report.added)),
        ("DSB_CHANGED", sum(|report| report.changed)),
        ("DSB_GONE", sum(|report| report.vanished)),
        ("DSB_PROBLEMS", problems.to_string().into()),
    ]
}

/// What backups copied, for a hook.
pub fn backup_facts<'r>(reports: impl Iterator<Item = &'r BackupReport>) -> HookFacts {
    let copied = reports.flat_map(|report| [report.carried.first, report.carried.more]);
    let sum: crate::model::Amount = copied.sum();
    vec![("DSB_OBJECTS", sum.objects.to_string().into()), ("DSB_BYTES", sum.bytes.bytes().to_string().into())]
}
