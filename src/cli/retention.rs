//! `dsb retention`

use super::args::{HistoryWord, RetentionCommand, RetentionSet};
use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::{amount, second, wrapped};
use super::{json, words};
use crate::error::{Error, Kind, Result};
use crate::model::{Because, Bucket, History, Retention, Snapshot, SnapshotId, Standing, Verdict, escape};
use crate::ops::{self, Freed};
use serde_json::{Value, json};

/// The policy and what follows from it.
struct Shown {
    policy: Retention,
    snapshots: Vec<Snapshot>,
    verdicts: Vec<Verdict>,
    standing: Standing,
    freed: Vec<Freed>,
}

/// Runs it.
pub fn run(context: &Context, command: &RetentionCommand) -> Result<Ending> {
    let catalog = context.catalog()?;
    if let RetentionCommand::Set(set) = command {
        ops::set_retention(&catalog, &policy_of(set)?)?;
    }
    let (policy, snapshots) = (catalog.retention()?, catalog.snapshots()?);
    let standing = catalog.standing_with_last_copies()?;
    let freed = ops::freed_by(&catalog, &standing.forgotten)?;
    let shown = Shown { verdicts: policy.decide(&snapshots), policy, snapshots, standing, freed };
    context.show(|| shown.json(), || shown.words())?;
    Ok(Ending::Done)
}

fn policy_of(set: &RetentionSet) -> Result<Retention> {
    let policy = Retention {
        keep_last: set.keep_last.unwrap_or(1),
        keep: [set.keep_hourly, set.keep_daily, set.keep_weekly, set.keep_monthly, set.keep_yearly],
        keep_within: set.keep_within,
        keep_tags: set.keep_tag.iter().cloned().collect(),
        history: match set.history {
            HistoryWord::Guaranteed => History::Guaranteed,
            HistoryWord::BestEffort => History::BestEffort,
        },
        fill: set.fill,
    };
    if set.keep_last.is_none() && policy.keeps_the_newest_alone() {
        return Err(Error::new(Kind::Usage, "nothing says which older states are to be kept; nothing was changed")
            .next("`--keep-last 1` keeps the newest alone; `dsb retention show` shows what is kept now"));
    }
    Ok(policy)
}

impl Shown {
    fn because(&self, id: SnapshotId) -> Vec<String> {
        let verdict = self.verdicts.iter().find(|verdict| verdict.snapshot == id);
        let because = verdict.map_or(&[][..], |verdict| &verdict.because);
        if because.is_empty() && self.standing.kept.contains(&id) {
            return vec!["last copy of what changed since".to_owned()];
        }
        because.iter().map(Because::to_string).collect()
    }

    fn json(&self) -> Value {
        let rows = self.snapshots.iter().map(|snapshot| {
            let mut row = json::snapshot(snapshot);
            row["held"] = held(&self.standing, snapshot.id).into();
            row["because"] = self.because(snapshot.id).into();
            row
        });
        let [hourly, daily, weekly, monthly, yearly] = self.policy.keep;
        json!({
            "keep_last": self.policy.keep_last,
            "keep_hourly": hourly,
            "keep_daily": daily,
            "keep_weekly": weekly,
            "keep_monthly": monthly,
            "keep_yearly": yearly,
            "keep_within": self.policy.keep_within.map(|within| within.to_string()),
            "keep_tags": self.policy.keep_tags,
            "history": history_word(self.policy.history),
            "fill": self.policy.fill,
            "snapshots": rows.collect::<Vec<_>>(),
            "freed": json::freed(&self.freed),
        })
    }

    fn words(&self) -> String {
        let mut table = Table::new(&[">number", "taken", "held", "because"]);
        for snapshot in &self.snapshots {
            let because = self.because(snapshot.id).join(", ");
            let held = held(&self.standing, snapshot.id).to_owned();
            table.row([snapshot.id.0.to_string(), second(snapshot.taken), held, because]);
        }
        policy_words(&self.policy) + &table.lines() + &freed_words(&self.freed)
    }
}

/// What goes from which disk.
pub fn freed_words(freed: &[Freed]) -> String {
    let line = |freed: &Freed| format!("Frees on {}, at its next backup: {}.\n", freed.disk, amount(freed.amount));
    freed.iter().map(line).collect()
}

/// How firmly a snapshot is held.
pub fn held(standing: &Standing, id: SnapshotId) -> &'static str {
    if standing.live.contains(&id) || standing.guaranteed.contains(&id) {
        "guaranteed"
    } else if standing.kept.contains(&id) {
        "in free room"
    } else {
        "until the next update"
    }
}

const fn history_word(history: History) -> &'static str {
    match history {
        History::Guaranteed => "guaranteed",
        History::BestEffort => "best-effort",
    }
}

/// The policy in a sentence or two.
fn policy_words(policy: &Retention) -> String {
    let firmly = match policy.history {
        History::Guaranteed => "guaranteed",
        History::BestEffort => "in free room",
    };
    let mut older = Vec::new();
    if policy.keep_last > 1 {
        older.push(format!("the {} before it", words::counted(u64::from(policy.keep_last) - 1, "state")));
    }
    for (bucket, count) in Bucket::ALL.iter().zip(policy.keep).filter(|(_, count)| *count > 0) {
        older.push(format!("{count} {bucket}"));
    }
    older
        .extend(policy.keep_within.map(|within| format!("all of the {} before it", within_words(&within.to_string()))));
    older.extend(policy.keep_tags.iter().map(|tag| format!("those tagged {}", escape(tag.as_bytes()))));
    let mut out = "Kept: the newest state".to_owned();
    if !older.is_empty() {
        out += &format!("; {firmly}, {}", older.join(", "));
    }
    if policy.fill {
        out += "; in free room, all others, the oldest given up first";
    }
    wrapped(&(out + ".")) + "\n"
}

/// `30 days`; where there is more than days, `2y5m`.
fn within_words(within: &str) -> String {
    let days = within.strip_suffix('d').and_then(|days| days.parse().ok());
    days.map_or_else(|| within.to_owned(), |days| words::counted(days, "day"))
}
