//! Which older states are kept, as it stands in the document.

use super::text::Text;
use crate::model::{Bucket, History, Retention, Within};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which older states are kept. What is not there is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionConfig {
    /// So many of the newest.
    pub keep_last: u32,
    /// The newest of each of so many hours.
    #[serde(default)]
    pub keep_hourly: u32,
    /// The newest of each of so many days.
    #[serde(default)]
    pub keep_daily: u32,
    /// The newest of each of so many weeks.
    #[serde(default)]
    pub keep_weekly: u32,
    /// The newest of each of so many months.
    #[serde(default)]
    pub keep_monthly: u32,
    /// The newest of each of so many years.
    #[serde(default)]
    pub keep_yearly: u32,
    /// All of so much time before the newest: `2y5m7d3h`.
    #[serde(default)]
    pub keep_within: Option<Text<Within>>,
    /// The same in days, as documents of schema 7 and before have it.
    #[serde(default, skip_serializing)]
    pub keep_within_days: Option<u32>,
    /// All with one of these tags.
    #[serde(default)]
    pub keep_tags: BTreeSet<String>,
    /// How firmly all of these are kept.
    pub history: HistoryText,
    /// Whether all others are kept too, in free room.
    #[serde(default)]
    pub fill: bool,
}

/// How firmly history is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryText {
    /// Never below one copy.
    Guaranteed,
    /// In free room only.
    BestEffort,
}

impl RetentionConfig {
    /// Of a policy.
    pub fn of(policy: Retention) -> Self {
        let history = match policy.history {
            History::Guaranteed => HistoryText::Guaranteed,
            History::BestEffort => HistoryText::BestEffort,
        };
        let [keep_hourly, keep_daily, keep_weekly, keep_monthly, keep_yearly] = policy.keep;
        Self {
            keep_last: policy.keep_last,
            keep_hourly,
            keep_daily,
            keep_weekly,
            keep_monthly,
            keep_yearly,
            keep_within: policy.keep_within.map(Text),
            keep_within_days: None,
            keep_tags: policy.keep_tags,
            history,
            fill: policy.fill,
        }
    }

    /// The policy.
    pub fn policy(&self) -> Retention {
        let history = match self.history {
            HistoryText::Guaranteed => History::Guaranteed,
            HistoryText::BestEffort => History::BestEffort,
        };
        let keep: [u32; Bucket::ALL.len()] =
            [self.keep_hourly, self.keep_daily, self.keep_weekly, self.keep_monthly, self.keep_yearly];
        Retention {
            keep_last: self.keep_last,
            keep,
            keep_within: self.keep_within.as_ref().map(|text| text.0).or(self.keep_within_days.map(Within::days)),
            keep_tags: self.keep_tags.clone(),
            history,
            fill: self.fill,
        }
    }
}
