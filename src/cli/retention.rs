//! `dsb retention`

use super::args::{HistoryWord, RetentionCommand};
use super::context::Context;
use super::exit::Ending;
use super::table::Table;
use super::words::date;
use crate::error::Result;
use crate::model::{History, Retention, SnapshotId, Standing};
use crate::ops;
use serde_json::json;

/// Runs it.
pub fn run(context: &Context, command: &RetentionCommand) -> Result<Ending> {
    let catalog = context.catalog()?;
    if let RetentionCommand::Set { keep_last, keep_within, history } = command {
        let history = match history {
            HistoryWord::Guaranteed => History::Guaranteed,
            HistoryWord::BestEffort => History::BestEffort,
        };
        ops::set_retention(&catalog, Retention { keep_last: *keep_last, keep_within_days: *keep_within, history })?;
    }
    let (policy, standing, snapshots) = (catalog.retention()?, catalog.standing()?, catalog.snapshots()?);
    let json = || {
        let rows = snapshots.iter().map(|snapshot| {
            json!({
                "snapshot": snapshot.id.0,
                "taken": super::words::stamp(Some(snapshot.taken)),
                "complete": snapshot.complete,
                "problems": snapshot.problems,
                "held": held(&standing, snapshot.id),
            })
        });
        json!({
            "keep_last": policy.keep_last,
            "keep_within_days": policy.keep_within_days,
            "history": history_word(policy.history),
            "snapshots": rows.collect::<Vec<_>>(),
        })
    };
    let words = || {
        let mut table = Table::new(&[">snapshot", "taken", "held"]);
        for snapshot in &snapshots {
            let (id, taken) = (snapshot.id.0.to_string(), date(Some(snapshot.taken)));
            table.row([id, taken, held(&standing, snapshot.id).to_owned()]);
        }
        format!("{}{}", policy_words(policy), table.lines())
    };
    context.show(json, words)?;
    Ok(Ending::Done)
}

fn held(standing: &Standing, id: SnapshotId) -> &'static str {
    if standing.live.contains(&id) {
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

fn policy_words(policy: Retention) -> String {
    let last = match policy.keep_last {
        1 => "Kept: the newest state".to_owned(),
        n => format!("Kept: the {n} newest states"),
    };
    match (policy.keep_within_days, policy.history) {
        (None, _) => format!("{last}.\n"),
        (Some(days), History::Guaranteed) => format!("{last}, and all of the {days} days before the newest.\n"),
        (Some(days), History::BestEffort) => {
            format!("{last}; in free room, those of the {days} days before the newest.\n")
        }
    }
}
