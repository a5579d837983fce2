//! What was set for paths, in the words of dsb.

use super::{Run, path_of};
use crate::error::Result;
use crate::model::{Handling, Protection, Rule, Settings, VPath, escape};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Paths with settings taken over at most; more would not be a person's.
pub(super) const PATHS: u64 = 100_000;

/// What one text of JSON comes to.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub settings: Settings,
    pub handling: Handling,
    /// What could not be taken over.
    pub lost: Vec<String>,
    /// What never meant anything.
    pub noted: Vec<String>,
}

impl Run<'_> {
    pub(super) fn take_settings(&mut self, maps: &[VPath]) -> Result<()> {
        let mut seen = BTreeSet::new();
        let old = self.old;
        old.settings(|(vpath, config)| {
            if seen.len() as u64 >= PATHS {
                self.left_out(&vpath, "more paths have settings than dsb takes over");
                return Ok(());
            }
            match path_of(&vpath, true) {
                Ok(path) if !maps.iter().any(|map| path.starts_with(map)) => {
                    self.progress.note(&format!("{path}: nothing is mapped there; what is set for it meant nothing"));
                    Ok(())
                }
                Ok(path) if seen.insert(path.clone()) => self.take_setting(&path, &config),
                Ok(_) => {
                    self.left_out(&vpath, "its settings are there twice");
                    Ok(())
                }
                Err(why) => {
                    self.left_out(&vpath, format_args!("{why}; what is set for it is left out"));
                    Ok(())
                }
            }
        })?;
        self.end_inheritance(maps)
    }

    /// In distbackup nothing is inherited from a map into one inside it; in dsb priority and
    /// maxcopies are. What would be is set back there.
    fn end_inheritance(&mut self, maps: &[VPath]) -> Result<()> {
        let set = self.catalog.path_settings()?;
        for map in maps {
            let own = set.iter().find(|(path, _)| path == map).map_or(Settings::NONE, |(_, own)| *own);
            let mut above = set.iter().filter(|(path, _)| path != map && map.starts_with(path)).map(|(_, set)| *set);
            let inherited = above.by_ref().fold(Settings::NONE, Settings::or);
            let settings = Settings {
                priority: own.priority.or(inherited.priority.map(|_| Protection::USUAL.priority)),
                maxcopies: own.maxcopies.or(inherited.maxcopies.map(|_| Protection::USUAL.maxcopies)),
                ..own
            };
            if settings != own {
                self.catalog.put_path_settings(map, settings)?;
            }
        }
        Ok(())
    }

    fn take_setting(&mut self, path: &VPath, config: &[u8]) -> Result<()> {
        let taken = match serde_json::from_slice::<Value>(config) {
            Ok(Value::Object(config)) => of_config(&config),
            // Nobody knows what was to be left out here: nothing may come or go until a person says.
            _ => Taken {
                handling: Handling { locked: true, ..Handling::NONE },
                lost: vec![format!(
                    "what is set for it cannot be read: it is locked; set it anew, then `dsb source unlock {path}`"
                )],
                ..Taken::default()
            },
        };
        self.put_setting(path, &taken)
    }

    pub(super) fn put_setting(&mut self, path: &VPath, taken: &Taken) -> Result<()> {
        for lost in &taken.lost {
            self.left_out(&path.to_bytes(), lost);
        }
        for noted in &taken.noted {
            self.progress.note(&format!("{path}: {noted}"));
        }
        if taken.settings == Settings::NONE && taken.handling == Handling::NONE {
            return Ok(());
        }
        self.report.settings += 1;
        self.catalog.put_path_settings(path, taken.settings)?;
        self.catalog.put_handling(path, &taken.handling)
    }
}

/// The settings of a folder.
fn of_config(config: &Map<String, Value>) -> Taken {
    let mut taken = Taken::default();
    for (key, value) in config {
        match key.as_str() {
            "lock" => taken.handling.locked = is_true(value),
            "hide" => taken.handling.hidden |= is_true(value),
            "follow_symlinks" => taken.handling.follow = is_true(value),
            "noinherit" => taken.handling.inherits = !is_true(value),
            "priority" => taken.priority(value),
            "maxcopies" => taken.maxcopies(value),
            "rules" => taken.rules(value),
            _ if !is_true(value) => {}
            "include" | "exclude" => taken.noted.push(format!("{key} never meant anything to distbackup")),
            other => taken.noted.push(format!("{} never meant anything to distbackup", escape(other.as_bytes()))),
        }
    }
    // After the keys, whatever their order: a rule that is not understood locks.
    taken.handling.locked |= taken.lost.iter().any(|lost| lost.contains(NOT_UNDERSTOOD));
    taken
}

/// The settings in a file's side file.
pub(super) fn of_side_file(metadata: &[u8]) -> Option<(Taken, bool)> {
    let Ok(Value::Object(found)) = serde_json::from_slice::<Value>(metadata) else { return None };
    let mut taken = Taken::default();
    found.get("priority").into_iter().for_each(|value| taken.priority(value));
    match found.get("maxcopies") {
        Some(Value::String(text)) if text == "inf" => taken.settings.maxcopies = Some(u8::MAX),
        value => value.into_iter().for_each(|value| taken.maxcopies(value)),
    }
    let names_hash = found.get("hash").is_some_and(is_true);
    Some((taken, names_hash))
}

const NOT_UNDERSTOOD: &str = "dsb does not understand";

impl Taken {
    fn priority(&mut self, value: &Value) {
        match number(value) {
            None if value.is_null() => {}
            None => self.lost.push(format!("its priority is no number: {}", shown(value))),
            // Of priority 0 is what is not in the set at all.
            Some(0) => self.handling.hidden = true,
            Some(number) => self.settings.priority = Some(self.clamped("priority", number, 0)),
        }
    }

    fn maxcopies(&mut self, value: &Value) {
        match number(value) {
            None if value.is_null() => {}
            None => self.lost.push(format!("its maxcopies is no number: {}", shown(value))),
            Some(number) => self.settings.maxcopies = Some(self.clamped("maxcopies", number, 1)),
        }
    }

    fn clamped(&mut self, what: &str, number: i64, least: u8) -> u8 {
        let clamped = number.clamp(least.into(), u8::MAX.into());
        if clamped != number {
            self.lost.push(format!("{what} {number} is {clamped} now: dsb knows {least} to {}", u8::MAX));
        }
        clamped as u8
    }

    fn rules(&mut self, value: &Value) {
        let Value::Array(rules) = value else {
            if is_true(value) {
                self.lost.push(not_understood(&shown(value)));
            }
            return;
        };
        for rule in rules {
            match rule.as_str().map(|text| Rule::new(text.as_bytes())) {
                Some(Ok(rule)) => self.handling.rules.push(rule),
                Some(Err(error)) => self.lost.push(not_understood(&error.to_string())),
                None => self.lost.push(not_understood(&shown(rule))),
            }
        }
    }
}

fn not_understood(rule: &str) -> String {
    format!(
        "{NOT_UNDERSTOOD} one of its rules ({rule}): it is locked; say the rule in another way \
         (`dsb source set VPATH --ignore PATTERN --append`), then `dsb source unlock VPATH`"
    )
}

/// A whole number, as distbackup compares it.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(flag) => Some(i64::from(*flag)),
        value => value.as_i64().or_else(|| value.as_u64().map(|_| i64::MAX)),
    }
}

/// What counts as said: distbackup asks no more than that.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

fn shown(value: &Value) -> String {
    let text: String = value.to_string().chars().take(60).collect();
    escape(text.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Taken {
        of_config(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn flags_are_what_counts_as_true() {
        let taken = of(r#"{"lock": 1, "hide": "", "follow_symlinks": [0], "noinherit": true}"#);
        let Handling { locked, hidden, follow, inherits, .. } = taken.handling;
        assert_eq!((locked, hidden, follow, inherits), (true, false, true, false));
        assert!(taken.lost.is_empty());
    }

    #[test]
    fn numbers_are_made_to_fit_and_said() {
        let table = [
            (r#"{"priority": 3, "maxcopies": 2}"#, Some(3), Some(2), 0),
            (r#"{"priority": null, "maxcopies": null}"#, None, None, 0),
            (r#"{"priority": 1000, "maxcopies": 256}"#, Some(255), Some(255), 2),
            (r#"{"priority": -1, "maxcopies": 0}"#, Some(0), Some(1), 2),
            (r#"{"priority": "x", "maxcopies": 1.5}"#, None, None, 2),
        ];
        for (text, priority, maxcopies, lost) in table {
            let taken = of(text);
            assert_eq!((taken.settings.priority, taken.settings.maxcopies), (priority, maxcopies), "{text}");
            assert_eq!(taken.lost.len(), lost, "{text}");
        }
        let nothing = of(r#"{"priority": 0}"#);
        assert!(nothing.handling.hidden && nothing.settings == Settings::NONE);
    }

    #[test]
    fn a_rule_that_is_not_understood_locks() {
        let taken = of(r#"{"rules": ["*.tmp", "/(?=a)b", 7], "lock": false}"#);
        assert!(taken.handling.locked && taken.handling.rules.len() == 1 && taken.lost.len() == 2);
        assert!(!of(r#"{"rules": ["!keep", "*.o"]}"#).handling.locked);
        let raw = of(r#"{"rules": ["!!!raw"]}"#);
        assert_eq!(
            (raw.lost.len(), raw.handling.rules.first().map(Rule::class)),
            (0, Some(3)),
            "a priority is taken over"
        );
        assert!(of(r#"{"rules": {"a": 1}}"#).handling.locked);
    }

    #[test]
    fn what_never_meant_anything_is_only_noted() {
        let taken = of(r#"{"include": ["a"], "exclude": [], "odd": 1}"#);
        assert_eq!((taken.noted.len(), taken.lost.len()), (2, 0));
    }

    #[test]
    fn side_files_speak_of_one_file() {
        let (taken, names_hash) = of_side_file(br#"{"priority": 7, "maxcopies": "inf", "hash": "ab"}"#).unwrap();
        assert_eq!((taken.settings.priority, taken.settings.maxcopies), (Some(7), Some(255)));
        assert!(names_hash && of_side_file(b"[]").is_none() && of_side_file(b"").is_none());
    }
}
