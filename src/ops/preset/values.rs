//! The values of a section, whatever format they were written in: each key has one or more texts.

use super::defaults::SETS;
use super::{Hooks, Preset};
use crate::model::{Bucket, Filter, History, Name, Retention, tag};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use toml::Value;

/// Keys with their texts.
#[derive(Debug, Default)]
pub(super) struct Values(BTreeMap<String, Vec<String>>);

/// All keys there are, but for those of counts.
const KEYS: [&str; 16] = [
    "source",
    "destination",
    "exclude",
    "exclude_defaults",
    "size",
    "group",
    "same_device",
    "tree",
    "keep_last",
    "keep_within",
    "keep_tag",
    "fill",
    "history",
    "before",
    "after",
    "failed",
];

/// Keys whose values are texts: a number there is a mistake, where the format tells the two apart.
const TEXTS: [&str; 11] = [
    "source",
    "destination",
    "exclude",
    "exclude_defaults",
    "group",
    "keep_within",
    "keep_tag",
    "history",
    "before",
    "after",
    "failed",
];

fn is_known(key: &str) -> bool {
    KEYS.contains(&key) || Bucket::ALL.iter().any(|bucket| key == format!("keep_{bucket}"))
}

/// What was read, or what is wrong with it.
pub type Said<T> = std::result::Result<T, String>;

fn filters(lines: &[String]) -> Said<Vec<Filter>> {
    lines.iter().map(|line| Filter::new(line, false).map_err(|error| format!("exclude: {error}"))).collect()
}

impl Values {
    /// A line of INI; a key may have several, in small letters or large ones.
    pub(super) fn line(&mut self, key: &str, value: String) {
        self.0.entry(key.to_lowercase()).or_default().push(value);
    }

    /// With what is said for all sections, where this one does not say it itself.
    pub(super) fn or(mut self, common: &Self) -> Self {
        for (key, values) in &common.0 {
            self.0.entry(key.clone()).or_insert_with(|| values.clone());
        }
        self
    }

    /// A value of TOML.
    pub(super) fn toml(&mut self, key: &str, value: Value) -> Said<()> {
        let all = match value {
            Value::Array(all) => all,
            one => vec![one],
        };
        let is_text = TEXTS.contains(&key.to_lowercase().as_str());
        for value in all {
            let text = match value {
                Value::String(text) => text,
                _ if is_text => return Err(format!("{key} is a text in quotes, or a list of these")),
                Value::Integer(number) => number.to_string(),
                Value::Boolean(flag) => flag.to_string(),
                _ => return Err(format!("{key} is a text, a number, true or false, or a list of these")),
            };
            self.line(key, text);
        }
        Ok(())
    }

    /// The preset that they are.
    pub(super) fn preset(mut self, name: &str) -> Said<Preset> {
        if Name::new(name.as_bytes()).is_none() {
            return Err(format!("[{name}] is no name for a folder"));
        }
        // First: a word that is spelled wrong is the likely cause of what seems to be missing.
        if let Some(unknown) = self.0.keys().find(|key| !is_known(key)) {
            return Err(format!("{unknown} means nothing in a preset; `dsb run --help` has all words"));
        }
        let preset = Preset {
            name: name.to_owned(),
            sources: self.paths("source")?,
            destinations: self.paths("destination")?,
            exclude_defaults: self.exclude_defaults()?,
            exclude: filters(&self.all("exclude"))?,
            size: self.read("size")?,
            group: self.read("group")?,
            same_device: self.flag("same_device")?.unwrap_or(false),
            tree: self.flag("tree")?,
            retention: self.retention()?,
            hooks: Hooks { before: self.one("before")?, after: self.one("after")?, failed: self.one("failed")? },
        };
        Ok(preset)
    }

    fn all(&mut self, key: &str) -> Vec<String> {
        self.0.remove(key).unwrap_or_default()
    }

    fn one(&mut self, key: &str) -> Said<Option<String>> {
        let mut all = self.all(key);
        if all.len() > 1 { Err(format!("{key} is there more than once")) } else { Ok(all.pop()) }
    }

    fn read<T: FromStr<Err: Display>>(&mut self, key: &str) -> Said<Option<T>> {
        let text = self.one(key)?;
        text.map(|text| text.trim().parse().map_err(|error| format!("{key}: {error}"))).transpose()
    }

    fn flag(&mut self, key: &str) -> Said<Option<bool>> {
        let text = self.one(key)?;
        text.map(|text| match text.trim() {
            "true" | "yes" | "on" | "1" => Ok(true),
            "false" | "no" | "off" | "0" => Ok(false),
            _ => Err(format!("{key} is true or false")),
        })
        .transpose()
    }

    fn paths(&mut self, key: &str) -> Said<Vec<PathBuf>> {
        let paths: Vec<PathBuf> =
            self.all(key).into_iter().filter(|text| !text.is_empty()).map(PathBuf::from).collect();
        if paths.is_empty() { Err(format!("it has no {key}")) } else { Ok(paths) }
    }

    fn exclude_defaults(&mut self) -> Said<Vec<Filter>> {
        let mut lines = Vec::new();
        for word in self.all("exclude_defaults") {
            let Some((_, set)) = SETS.iter().find(|(known, _)| *known == word.trim()) else {
                let known: Vec<_> = SETS.iter().map(|(known, _)| *known).collect();
                return Err(format!("exclude_defaults: {word} is none of {}", known.join(", ")));
            };
            lines.extend(set.iter().map(|line| (*line).to_owned()));
        }
        filters(&lines)
    }

    /// The policy, if anything is said of it.
    fn retention(&mut self) -> Said<Option<Retention>> {
        let (before, names_last) = (self.0.len(), self.0.contains_key("keep_last"));
        let mut policy = Retention::NEWEST;
        policy.keep_last = self.read::<std::num::NonZeroU32>("keep_last")?.map_or(1, u32::from);
        for (bucket, kept) in Bucket::ALL.iter().zip(&mut policy.keep) {
            *kept = self.read(&format!("keep_{bucket}"))?.unwrap_or(0);
        }
        policy.keep_within = self.read("keep_within")?;
        let tags = self.all("keep_tag");
        let tags = tags.iter().map(|text| tag(text.trim()).map_err(|error| format!("keep_tag: {error}")));
        policy.keep_tags = tags.collect::<Said<_>>()?;
        policy.fill = self.flag("fill")?.unwrap_or(false);
        policy.history = match self.one("history")?.as_deref().map(str::trim) {
            None | Some("guaranteed") => History::Guaranteed,
            Some("best-effort") => History::BestEffort,
            Some(other) => return Err(format!("history: {other} is neither guaranteed nor best-effort")),
        };
        let is_said = self.0.len() < before;
        if is_said && !names_last && policy.keeps_the_newest_alone() {
            return Err("nothing says which older states are to be kept (keep_last = 1: none)".to_owned());
        }
        Ok(is_said.then_some(policy))
    }
}
